"""`codalink connect-all` and `codalink connect`: whole runs against the simulated office, and what is left in Odoo after them."""

import csv
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from filelock import FileLock

from codalink.sandbox import Consent, World, demo_office, small_office
from codalink.sandbox.belgium import vat_number
from codalink.sandbox.calls import Call
from codalink.sandbox.demo_office import OTHER_OFFICE_VAT, connect
from tests.flows.consent import give_browser
from tests.flows.refused_password import RefusedPassword, RefusedPasswordClaims, with_wrong_password
from tests.integration.flow_office import SandboxOffice
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done, connected_companies, readable_passwords
from tests.integration.terminal import Row, changing, connections_made, envelope, needs_terminal, ready_office, rows_by, run_in_terminal

# What stands in the way in the demo's office: company (or database) → the error's stable name, and what is said about it.
TROUBLES = {
    "Optiek Brilduif BV": (
        "office-not-set",
        "No Accounting Firm is set, so connecting would register this customer as an accounting office of its own.",
    ),
    "Slagerij Hakmes BV": ("number-not-valid", "The company's number 0498765432 is not a valid Belgian one."),
    "Épicerie Frontalière SARL": (
        "not-belgian",
        "The company is not Belgian (country FR). CodaBox delivers for Belgian companies only.",
    ),
    "Fleuriste Tournesol SRL": ("number-missing", "The company has no VAT or company number in Odoo."),
    "Viswinkel Graatje BV": (
        "office-not-set",
        "No Accounting Firm is set, so connecting would register this customer as an accounting office of its own.",
    ),
    "Schreinerei Holzwurm GmbH": (
        "firm-without-number",
        "The Accounting Firm has no VAT number of its own, so Odoo would register this customer as an accounting office.",
    ),
    "Coiffure Ciseaux SRL": (
        "firm-without-number",
        "The Accounting Firm has no VAT number of its own, so Odoo would register this customer as an accounting office.",
    ),
    "Lingerie Zijdelings BV": ("number-not-valid", "The Accounting Firm's VAT number 0771234529 is not a valid Belgian one."),
    "Taxi Lantaarn BV": ("module-missing", "The module CodaBox is not installed in database taxi-lantaarn."),
    "Camping De Haring BV": ("module-missing", "The module CodaBox is not installed in database camping-de-haring."),
    "Fromagerie de la Meule SRL": (
        "other-office",
        "The company's Accounting Firm is another office (BE 0772.345.672), not Kantoor Demo (BE 0771.234.528).",
    ),
    "Meule Distribution SRL": (
        "other-office",
        "The company's Accounting Firm is another office (BE 0772.345.672), not Kantoor Demo (BE 0771.234.528).",
    ),
    "schrijnwerken-zaagsel": ("unreachable", "{down} can't be reached: connection refused."),
    "wasserij-zeepbel": ("login-refused", "Odoo refuses the login codalink@kantoor-demo.example in database wasserij-zeepbel."),
}
NEVER_TOUCHED = {
    "camping-de-haring",
    "coiffure-ciseaux",
    "epicerie-frontaliere",
    "fleuriste-tournesol",
    "fromagerie-meule",
    "lingerie-zijdelings",
    "optiek-brilduif",
    "schreinerei-holzwurm",
    "slagerij-hakmes",
    "taxi-lantaarn",
    "viswinkel-graatje",
    "wasserij-zeepbel",
}
WITHOUT_MODULE = {"camping-de-haring", "taxi-lantaarn"}
LEFT_ASIDE = [
    "bloemen-vergeetmijniet",  # rights and versions are known to `codalink check`, and not to a plan
    "klusbedrijf-schroefje",
    "tuinen-groenhart-test-2",  # its company has the original's name: see test_sources
]


@dataclass
class Run:
    """One run, the calls that it made, and the connections to Odoo that it opened."""

    done: Done
    calls: list[Call]
    connections: int

    @property
    def rows(self) -> dict[str, Row]:
        return rows_by(self.done, "company")

    @property
    def logins(self) -> list[str]:
        return [call.database for call in self.calls if call.method == "login"]

    def calls_of(self, database: str) -> list[str]:
        return [call.method for call in self.calls if call.database == database]


def run_watched(office: CommandLine, *arguments: str) -> Run:
    office.sandbox.calls.clear()
    before = office.sandbox.connection_count
    done = office.run(*arguments)
    return Run(done, list(office.sandbox.calls), office.sandbox.connection_count - before)


def connected_office(databases: int, connected: int) -> World:
    """An office whose first databases were connected long ago, consent included."""
    world = small_office(databases)
    for number in range(1, connected + 1):
        connect(world, world.database(f"klant-{number:03d}"))
    return world


def keep_password(office: CommandLine, password: str) -> None:
    office.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, office.office.vat] = password


def kept_password(office: CommandLine) -> str | None:
    return office.sandbox.keyring.items.get((OFFICE_PASSWORD_SERVICE, office.office.vat))


# --- the whole office --------------------------------------------------------------------------------------------------------------------


@dataclass
class Story:
    """The demo's office, connected twice, without the databases in LEFT_ASIDE."""

    office: CommandLine
    dry: Run
    keyring_before: dict[tuple[str, str], str]
    keyring_after_dry: dict[tuple[str, str], str]
    connected_after_dry: dict[str, bool]
    first: Run
    again: Run


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with ready_office(demo_office(), tmp_path_factory.mktemp("demo"), exclude=LEFT_ASIDE) as office:
        keyring = office.sandbox.keyring
        before = dict(keyring.items)
        dry = run_watched(office, "connect-all", "--dry-run", "json")
        after_dry, connected_after_dry = dict(keyring.items), connected_companies(office.sandbox.world)
        first = run_watched(office, "connect-all", "--yes", "json")
        again = run_watched(office, "connect-all", "--yes", "csv")
        yield Story(office, dry, before, after_dry, connected_after_dry, first, again)


@pytest.fixture(scope="module")
def troubles(story: Story) -> dict[str, tuple[str, str]]:
    down = story.office.sandbox.servers["odoo-down"].url
    return {name: (code, cause.format(down=down)) for name, (code, cause) in TROUBLES.items()}


class TestWholeOffice:
    def test_every_company_that_can_be_connected_is(self, story: Story) -> None:
        assert {row["result"] for name, row in story.first.rows.items() if name not in TROUBLES} == {"connected"}

    def test_odoo_agrees_with_what_was_told(self, story: Story) -> None:
        told = [row["company"] for row in story.first.rows.values() if row["result"] == "connected"]
        connected = connected_companies(story.office.sandbox.world)
        assert len(told) == sum(connected.values()) - 1  # and one that another office connected long ago

    def test_every_other_one_says_why(self, story: Story, troubles: dict[str, tuple[str, str]]) -> None:
        told = {name: (row["error"], row["cause"]) for name, row in story.first.rows.items() if row["result"] != "connected"}
        assert told == troubles

    def test_every_reason_comes_with_what_to_do(self, story: Story) -> None:
        assert all(story.first.rows[name]["remedy"] for name in TROUBLES)

    def test_companies_left_out_make_the_exit_code_1(self, story: Story) -> None:
        assert story.first.done.exit_code == 1

    def test_the_office_made_exactly_one_first_connection(self, story: Story) -> None:
        assert story.office.office.first_connections == 1

    def test_the_password_is_in_the_keyring(self, story: Story) -> None:
        assert kept_password(story.office) == story.office.office.password

    def test_the_password_is_wiped_in_every_database(self, story: Story) -> None:
        assert readable_passwords(story.office.sandbox.world) == []

    def test_further_companies_reuse_the_password(self, story: Story) -> None:
        wizards = [call for call in story.first.calls if (call.model, call.method) == ("l10n_be_codabox.connection.wizard", "create")]
        passwords = {values["fidu_password"] for call in wizards for values in call.args[0]}
        assert (len(wizards), passwords) == (29, {story.office.office.password})

    def test_the_first_connection_is_sent_without_a_password(self, story: Story) -> None:
        sent = [call for call in story.first.calls if call.model == "l10n_be_codabox.connection.wizard" and call.method != "read"]
        planned = next(row["database"] for row in story.dry.rows.values() if row["plan"] == "first connection")
        assert (sent[0].method, sent[0].database) == ("l10n_be_codabox_create_connection", planned)

    def test_companies_that_are_not_the_office_s_are_never_connected(self, story: Story) -> None:
        tried = {call.database for call in story.first.calls if call.method == "l10n_be_codabox_create_connection"}
        assert tried.isdisjoint(NEVER_TOUCHED)

    def test_companies_that_are_not_the_office_s_are_only_read(self, story: Story) -> None:
        touched = [call.method for call in changing_in(story.first.calls) if call.database in NEVER_TOUCHED]
        assert touched == []

    def test_the_other_office_has_what_it_had(self, story: Story) -> None:
        assert len(story.office.sandbox.proxy.connected_companies(OTHER_OFFICE_VAT)) == 1

    def test_each_database_is_logged_in_to_once(self, story: Story) -> None:
        assert len(story.first.logins) == len(set(story.first.logins)) == 37

    def test_connections_are_kept(self, story: Story) -> None:
        assert story.first.connections * 3 < len(story.first.calls)


def changing_in(calls: list[Call]) -> list[Call]:
    return [call for call in calls if call.method not in {"login", "search_read", "read", "fields_get"}]


class TestSecondRun:
    def test_changes_nothing(self, story: Story) -> None:
        assert changing_in(story.again.calls) == []

    def test_needs_three_calls_a_database_at_most(self, story: Story) -> None:
        asked = {name: len(story.again.calls_of(name)) for name in story.again.logins if name not in WITHOUT_MODULE}
        assert max(asked.values()) <= 3, asked

    def test_logs_in_to_each_database_once(self, story: Story) -> None:
        assert len(story.again.logins) == len(set(story.again.logins))

    def test_tells_in_csv_what_stands(self, story: Story) -> None:
        rows = list(csv.DictReader(StringIO(story.again.done.stdout)))
        assert {row["result"] for row in rows if row["company"] not in TROUBLES and row["database"] not in TROUBLES} == {
            "already connected"
        }

    def test_has_the_same_fields_in_csv_as_in_json(self, story: Story) -> None:
        header = story.again.done.stdout.splitlines()[0].split(",")
        assert header == list(envelope(story.first.done)["rows"][0])


class TestDryRun:
    def test_makes_no_connection(self, story: Story) -> None:
        buttons = {call.method for call in changing_in(story.dry.calls)}
        assert buttons <= {"create", "l10n_be_codabox_open_connection_wizard"}  # passing records, to ask how the office stands
        assert not any(connected for name, connected in story.connected_after_dry.items() if not name.startswith("fromagerie"))

    def test_leaves_the_keyring_alone(self, story: Story) -> None:
        assert story.keyring_after_dry == story.keyring_before

    def test_plans_what_the_run_then_does(self, story: Story) -> None:
        planned = {name for name, row in story.dry.rows.items() if row["plan"] in {"first connection", "connect"}}
        assert planned == {name for name, row in story.first.rows.items() if row["result"] == "connected"}

    def test_plans_one_first_connection(self, story: Story) -> None:
        assert [row["plan"] for row in story.dry.rows.values()].count("first connection") == 1

    def test_gives_the_reasons_of_the_run(self, story: Story, troubles: dict[str, tuple[str, str]]) -> None:
        told = {name: (row["error"], row["cause"]) for name, row in story.dry.rows.items() if row["error"]}
        assert told == troubles

    def test_asks_nothing(self, story: Story) -> None:
        assert (story.dry.done.exit_code, "Go ahead" in story.dry.done.stderr) == (0, False)


class TestEnvelope:
    def test_names_version_and_command(self, story: Story) -> None:
        document = envelope(story.first.done)
        assert (document["codalink"], document["command"]) == (1, "connect-all")

    def test_has_these_fields_and_no_others(self, story: Story) -> None:
        assert list(envelope(story.first.done)) == ["codalink", "command", "status", "exit_code", "rows", "errors"]

    def test_tells_the_exit_code_of_the_process(self, story: Story) -> None:
        for run in (story.dry, story.first):
            assert envelope(run.done)["exit_code"] == run.done.exit_code

    def test_says_in_a_word_how_it_went(self, story: Story) -> None:
        assert [envelope(run.done)["status"] for run in (story.dry, story.first)] == ["ok", "partial"]


# --- how many calls ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with ready_office(small_office(6), tmp_path_factory.mktemp("lean")) as office:
        yield run_watched(office, "connect-all", "--yes", "--jobs", "1", "json")


def test_a_further_company_takes_six_calls_at_most(lean: Run) -> None:
    asked = {name: lean.calls_of(name) for name in lean.logins if name != "klant-001"}
    assert len(asked) == 5
    assert max(map(len, asked.values())) <= 6, asked


def test_one_connection_serves_a_run_that_works_one_by_one(lean: Run) -> None:
    assert lean.connections == 1


def test_calls_speak_english_whatever_the_accountant_speaks(lean: Run) -> None:
    assert {call.kwargs["context"]["lang"] for call in lean.calls if call.model} == {"en_US"}


# --- which companies ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """Twelve databases that stay as they are: nothing here is carried out."""
    with ready_office(small_office(12), tmp_path_factory.mktemp("fresh")) as office:
        yield office
        assert connections_made(office.sandbox) == []


def plan_of(office: CommandLine, *arguments: str) -> dict[str, str]:
    done = office.run(*arguments, "--dry-run", "json")
    assert done.exit_code == 0, done
    return {name: row["plan"] for name, row in rows_by(done, "database").items()}


def test_only_takes_patterns_of_names_and_databases(fresh: CommandLine) -> None:
    plan = plan_of(fresh, "connect-all", "--only", "KLANT-001", "--only", "klant-002", "--only", "klant-01?")
    assert list(plan) == ["klant-001", "klant-002", "klant-010", "klant-011", "klant-012"]


def test_exclude_wins_over_only(fresh: CommandLine) -> None:
    assert list(plan_of(fresh, "connect-all", "--only", "klant-01*", "--exclude", "klant-011")) == ["klant-010", "klant-012"]


def test_first_chooses_the_first_connection(fresh: CommandLine) -> None:
    plan = plan_of(fresh, "connect-all", "--first", "klant-007/Klant 007")
    assert [name for name, step in plan.items() if step == "first connection"] == ["klant-007"]


def test_first_must_be_among_the_chosen(fresh: CommandLine) -> None:
    done = fresh.run("connect-all", "--dry-run", "--only", "klant-001", "--first", "klant-002")
    assert done.exit_code == 2, done
    assert "No company matches 'klant-002'" in done.stderr


def test_connect_plans_one_company_by_its_number(fresh: CommandLine) -> None:
    assert plan_of(fresh, "connect", "--company", "BE 0401.306.420") == {"klant-002": "first connection"}


def test_without_terminal_the_plan_is_not_carried_out(fresh: CommandLine) -> None:
    done = fresh.run("connect-all")
    assert done.exit_code == 2, done
    assert "--yes" in done.stderr
    assert "first connection" in done.stderr  # the plan was shown


@needs_terminal
def test_no_at_the_question_ends_it(fresh: CommandLine) -> None:
    shown = run_in_terminal(fresh, "connect-all", answers=[("Go ahead?", "n")])
    assert shown.exit_code == 0, shown.text


def test_another_run_for_the_same_office_is_told_to_wait(fresh: CommandLine) -> None:
    fresh.state.mkdir(exist_ok=True)
    with FileLock(fresh.state / f"office-{fresh.office.vat}.lock"):
        done = fresh.run("connect-all", "--yes")
    assert done.exit_code == 2, done
    assert "Another codalink run" in done.stderr


def test_connect_begins_with_its_company_and_connects_no_other(tmp_path: Path) -> None:
    with ready_office(small_office(3), tmp_path) as office:
        done = office.run("connect", "--company", "klant-002", "--yes", "json")

        assert done.exit_code == 0, done
        assert connected_companies(office.sandbox.world) == {"klant-001/1": False, "klant-002/1": True, "klant-003/1": False}


@needs_terminal
def test_yes_at_the_question_starts_it(tmp_path: Path) -> None:
    with ready_office(small_office(2), tmp_path) as office:
        shown = run_in_terminal(office, "connect-all", answers=[("Go ahead?", "y")])

        assert shown.exit_code == 0, shown.text
        assert all(connected_companies(office.sandbox.world).values())


# --- the office password -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="class")
def without_password(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Run]]:
    with ready_office(connected_office(3, 1), tmp_path_factory.mktemp("without")) as office:
        yield office, run_watched(office, "connect-all", "--yes", "json")


class TestConnectedOfficeWithoutPassword:
    def test_ends_with_4(self, without_password: tuple[CommandLine, Run]) -> None:
        assert without_password[1].done.exit_code == 4

    def test_says_at_each_open_company_that_the_password_is_missing(self, without_password: tuple[CommandLine, Run]) -> None:
        rows = without_password[1].rows
        assert [row["result"] for row in rows.values()] == ["already connected", "skipped", "skipped"]
        assert [row["error"] for row in rows.values()] == ["", "office-password-missing", "office-password-missing"]

    def test_offers_both_ways_out(self, without_password: tuple[CommandLine, Run]) -> None:
        remedy = without_password[1].rows["Klant 002"]["remedy"]
        assert "codalink password set" in remedy
        assert "codalink password recover" in remedy

    def test_changes_nothing(self, without_password: tuple[CommandLine, Run]) -> None:
        office, run = without_password
        assert changing_in(run.calls) == []
        assert office.office.first_connections == 1


def test_office_connected_in_databases_unknown_to_us_makes_no_first_connection(tmp_path: Path) -> None:
    with ready_office(small_office(2), tmp_path) as office:
        office.sandbox.proxy.connect_first(vat_number(4_999_999), office.office.vat)
        done = office.run("connect-all", "--yes", "json")

        assert done.exit_code == 4, done
        assert connections_made(office.sandbox) == []


@pytest.fixture(scope="class")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RefusedPassword]:
    with ready_office(connected_office(6, 1), tmp_path_factory.mktemp("refused")) as office:
        yield with_wrong_password(SandboxOffice(office))


class TestRefusedPassword(RefusedPasswordClaims):
    def test_is_sent_once(self, refused: RefusedPassword) -> None:
        assert isinstance(refused.office, SandboxOffice)
        assert connections_made(refused.office.line.sandbox) == ["klant-002"]


# --- the consent -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="class")
def clicked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Done, Path]]:
    with ready_office(small_office(2), tmp_path_factory.mktemp("clicked"), consent_after_s=None) as office:
        record = give_browser(office)
        yield office, office.run("connect-all", "--yes", "--consent-timeout", "30", "json"), record


class TestBrowser:
    def test_is_opened_once_on_the_consent_page(self, clicked: tuple[CommandLine, Done, Path]) -> None:
        office, _, record = clicked
        assert record.read_text(encoding="utf-8").split() == [office.sandbox.proxy.consent_url(office.office)]

    def test_is_not_the_only_way_the_address_is_printed_too(self, clicked: tuple[CommandLine, Done, Path]) -> None:
        office, done, _ = clicked
        assert office.sandbox.proxy.consent_url(office.office) in done.stderr

    def test_click_on_allow_lets_the_run_go_on(self, clicked: tuple[CommandLine, Done, Path]) -> None:
        office, done, _ = clicked
        assert done.exit_code == 0, done
        assert all(connected_companies(office.sandbox.world).values())


def test_no_browser_prints_the_address_and_opens_nothing(tmp_path: Path) -> None:
    with ready_office(small_office(1), tmp_path, consent_after_s=None) as office:
        record = give_browser(office)
        done = office.run("connect-all", "--yes", "--no-browser", "--consent-timeout", "0")

        assert office.sandbox.proxy.consent_url(office.office) in done.stderr
        assert not record.exists()


@pytest.fixture(scope="class", params=["https://evil.example", "https://codabox.com.evil.example", "http://www.codabox.com"])
def strange_page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Done, Path]]:
    with ready_office(small_office(1), tmp_path_factory.mktemp("strange"), consent_after_s=None) as office:
        record = give_browser(office)
        office.sandbox.proxy.mycodabox_url = request.param
        yield request.param, office.run("connect-all", "--yes", "--consent-timeout", "0"), record


class TestUnexpectedConsentPage:
    def test_is_not_opened(self, strange_page: tuple[str, Done, Path]) -> None:
        assert not strange_page[2].exists()

    def test_is_not_shown(self, strange_page: tuple[str, Done, Path]) -> None:
        host, done, _ = strange_page
        assert host not in done.stdout + done.stderr

    def test_gives_way_to_the_menu_of_mycodabox(self, strange_page: tuple[str, Done, Path]) -> None:
        _, done, _ = strange_page
        assert done.exit_code == 3, done
        assert "Administration > CodaBox Connect" in done.stderr


@dataclass
class Waiting:
    """An office whose consent comes late."""

    office: CommandLine
    first: Run
    denied: Run
    an_hour_later: Run
    given: Run


@pytest.fixture(scope="class")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Waiting]:
    with ready_office(small_office(3), tmp_path_factory.mktemp("waiting"), consent_after_s=None) as office:
        command = ("connect-all", "--yes", "--consent-timeout", "0", "json")
        proxy, vat = office.sandbox.proxy, office.office.vat
        first = run_watched(office, *command)
        proxy.give_consent(vat, Consent.DENIED)
        denied = run_watched(office, *command)
        office.sandbox.world.clock = lambda: time.time() + 7200.0  # Odoo has vacuumed its wizards since
        later = run_watched(office, *command)
        proxy.give_consent(vat)
        yield Waiting(office, first, denied, later, run_watched(office, *command))


class TestConsentThatComesLate:
    def test_ends_with_3(self, waiting: Waiting) -> None:
        assert waiting.first.done.exit_code == 3, waiting.first.done

    def test_calls_itself_waiting_in_the_envelope(self, waiting: Waiting) -> None:
        document = envelope(waiting.first.done)
        assert (document["status"], document["exit_code"]) == ("waiting", 3)

    def test_makes_every_company_wait(self, waiting: Waiting) -> None:
        assert {(row["result"], row["error"]) for row in waiting.first.rows.values()} == {("waiting for consent", "consent-invalid")}

    def test_has_the_password_at_home_already(self, waiting: Waiting) -> None:
        assert kept_password(waiting.office) == waiting.office.office.password

    def test_denied_goes_on_waiting(self, waiting: Waiting) -> None:
        assert waiting.denied.done.exit_code == 3, waiting.denied.done

    def test_shows_the_same_address_again_while_the_wizard_lives(self, waiting: Waiting) -> None:
        address = waiting.office.sandbox.proxy.consent_url(waiting.office.office)
        assert address in waiting.first.done.stderr
        assert address in waiting.denied.done.stderr

    def test_shows_the_way_through_the_menu_afterwards(self, waiting: Waiting) -> None:
        assert "/mycodabox/consent/" not in waiting.an_hour_later.done.stderr
        assert "Administration > CodaBox Connect" in waiting.an_hour_later.done.stderr

    def test_once_given_the_same_command_connects_everybody(self, waiting: Waiting) -> None:
        assert waiting.given.done.exit_code == 0, waiting.given.done
        assert {row["result"] for row in waiting.given.rows.values()} == {"connected"}

    def test_leads_to_one_first_connection(self, waiting: Waiting) -> None:
        assert waiting.office.office.first_connections == 1


def test_revoked_consent_lets_the_open_company_wait(tmp_path: Path) -> None:
    with ready_office(connected_office(2, 1), tmp_path) as office:
        keep_password(office, office.office.password)
        office.sandbox.proxy.give_consent(office.office.vat, Consent.CANCELLED)
        done = office.run("connect-all", "--yes", "--consent-timeout", "0", "json")

        assert done.exit_code == 3, done
        assert [row["result"] for row in envelope(done)["rows"]] == ["already connected", "waiting for consent"]


def test_revoked_consent_is_asked_from_one_company_not_from_all_in_turn(tmp_path: Path) -> None:
    with ready_office(connected_office(6, 1), tmp_path) as office:
        keep_password(office, office.office.password)
        office.sandbox.proxy.give_consent(office.office.vat, Consent.CANCELLED)
        office.run("connect-all", "--yes", "--consent-timeout", "0", "json")

        assert len(connections_made(office.sandbox)) == 1


def test_revoked_consent_that_odoo_knows_of_starts_no_second_first_connection(tmp_path: Path) -> None:
    with ready_office(connected_office(2, 2), tmp_path) as office:
        keep_password(office, office.office.password)
        office.sandbox.proxy.give_consent(office.office.vat, Consent.CANCELLED)
        for database in office.sandbox.world.databases():
            database.row("res.company", 1)["l10n_be_codabox_is_connected"] = False  # as a refresh leaves it
        done = office.run("connect-all", "--yes", "--consent-timeout", "0", "json")

        assert done.exit_code == 3, done
        assert connections_made(office.sandbox) == []
        assert [call.method for call in changing(office.sandbox)] != []  # the proxy was asked how it stands


def test_address_of_the_page_answers_a_person_who_opens_it_by_hand(tmp_path: Path) -> None:
    """With --no-browser the printed address is all there is: it must be whole, on one line, and lead to the page."""
    with ready_office(small_office(1), tmp_path, consent_after_s=None) as office:
        done = office.run("connect-all", "--yes", "--no-browser", "--consent-timeout", "0")
        address = next(line.strip() for line in done.stderr.splitlines() if "/mycodabox/consent/" in line)

        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as page:
            assert b"Allow" in page.read()
