"""`codalink check` on the demo's office: every planted trouble and nothing else; `--fix`, then `connect-all`, and who must do the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, World, demo_office
from codalink.sandbox.calls import Call
from codalink.sandbox.troubles import Planted, Trouble
from tests.integration.office import CommandLine, Done, connected_companies
from tests.integration.terminal import READING, changing, envelope, keyring_with_api_key, ready_office, unwrapped
from tests.integration.test_protocols import WAYS

CODES = {
    Trouble.SERVER_DOWN: "unreachable",
    Trouble.ODOO_TOO_OLD: "odoo-too-old",
    Trouble.LOGIN_REFUSED: "login-refused",
    Trouble.NO_SETTINGS_RIGHT: "rights-missing",
    Trouble.NO_ACCOUNTING_RIGHT: "rights-missing",
    Trouble.MODULE_NOT_INSTALLED: "module-missing",
    Trouble.MODULE_NOT_ON_OFFER: "module-unavailable",
    Trouble.MODULE_TOO_OLD: "module-too-old",
    Trouble.COUNTRY_MISSING: "country-missing",
    Trouble.COUNTRY_FOREIGN: "not-belgian",
    Trouble.NUMBER_MISSING: "number-missing",
    Trouble.NUMBER_INVALID: "number-not-valid",
    Trouble.FIRM_MISSING: "office-not-set",
    Trouble.FIRM_AMBIGUOUS: "office-not-set",
    Trouble.FIRM_WITHOUT_NUMBER: "firm-without-number",
    Trouble.FIRM_NUMBER_INVALID: "number-not-valid",
    Trouble.FIRM_IS_CUSTOMER: "firm-without-number",
    Trouble.OTHER_OFFICE: "other-office",
    Trouble.TEST_COPY: "duplicate-company",
    Trouble.NO_BANK_JOURNAL: "no-coda-box-journal",
    Trouble.IBAN_MISSING: "iban-missing",
    Trouble.IBAN_INVALID: "iban-invalid",
    Trouble.IBAN_FOREIGN: "account-foreign",
    Trouble.IBAN_TWICE: "account-twice",
    Trouble.FEED_UNDEFINED: "feed-undefined",
    Trouble.OTHER_FEED: "other-feed",
    Trouble.STATEMENTS_OLD: "statements-stale",
    Trouble.NO_STATEMENT: "no-statement-yet",
}
"""What codalink calls each of the sandbox's troubles."""
REPAIRED = {
    ("taxi-lantaarn", "install module"),
    ("taxi-lantaarn", "set bank feed"),
    ("optiek-brilduif", "set accounting firm"),
    ("rijschool-achteruit", "set country"),
    ("frituur-puntzak", "set bank feed"),
}
NOT_TROUBLES = {"not-yet-connected"}
"""What is said of companies that only wait for `connect-all`."""


def troubles(done: Done) -> set[tuple[str, str, str]]:
    """Database, company and error of every finding that is not in order."""
    rows = envelope(done)["rows"]
    found = {(row["database"], row["company"], finding["error"]) for row in rows for finding in row["findings"] if finding["error"]}
    return {one for one in found if one[2] not in NOT_TROUBLES}


def planted(world: World, *, when_connected: bool = False) -> set[tuple[str, str, str]]:
    shown = [one for one in world.planted if not one.trouble.shows_in_statements]
    return {_told(one) for one in shown if when_connected or not one.trouble.shows_when_connected}


def _told(one: Planted) -> tuple[str, str, str]:
    return one.database, one.company, CODES[one.trouble]


def repairs(done: Done) -> set[tuple[str, str]]:
    return {(row["database"], repair["what"]) for row in envelope(done)["rows"] for repair in row["repairs"]}


@dataclass
class Checked:
    """The demo's office: checked, repaired twice, connected, fetched, and checked again."""

    office: CommandLine
    world: World
    before: Done
    calls: list[Call]
    table: Done
    one: Done
    dry: Done
    unasked: Done
    fixed: Done
    again: Done
    changed_again: list[str]
    connected: Done
    after: Done
    log: Done


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    world = demo_office()
    with ready_office(world, tmp_path_factory.mktemp("check")) as office:
        before = office.run("check", "json")
        calls = changing(office.sandbox)
        table = office.run("check")
        one = office.run("check", "--company", "optiek-brilduif/Optiek Brilduif BV")
        dry = office.run("check", "--fix", "--dry-run")
        unasked = office.run("check", "--fix")
        fixed = office.run("check", "--fix", "--yes", "json")
        office.sandbox.calls.clear()
        again = office.run("check", "--fix", "--yes", "json")
        changed_again = [call.method for call in office.sandbox.calls if call.method in {"write", "button_immediate_install"}]
        changed_again += [call.method for call in office.sandbox.calls if call.method == "create" and call.model == "res.partner"]
        connected = office.run("connect-all", "--yes", "json")
        office.run("retrieve", "--all", "--quiet")
        after = office.run("check", "json")
        log = office.run("log", "json")
        yield Checked(office, world, before, calls, table, one, dry, unasked, fixed, again, changed_again, connected, after, log)


class TestCheck:
    def test_finds_every_planted_trouble_and_nothing_else(self, checked: Checked) -> None:
        assert troubles(checked.before) == planted(checked.world)

    def test_every_finding_has_cause_and_remedy(self, checked: Checked) -> None:
        findings = [finding for row in envelope(checked.before)["rows"] for finding in row["findings"]]

        assert all(finding["cause"] and finding["remedy"] for finding in findings if finding["grade"] in {"warn", "fail"})
        assert not any(finding["error"] for finding in findings if finding["grade"] in {"pass", "unknown"})

    def test_changes_nothing(self, checked: Checked) -> None:
        """The consent is asked for through passing records of the settings, once for the office."""
        assert {(call.model, call.method) for call in checked.calls} == {
            ("res.config.settings", "create"),
            ("res.config.settings", "l10n_be_codabox_open_connection_wizard"),
        }
        assert len(checked.calls) == 2

    def test_ends_with_how_many_are_ready_what_helps_most_and_what_comes_next(self, checked: Checked) -> None:
        said = unwrapped(checked.table.stderr)

        assert checked.table.exit_code == 1
        assert "companies are ready, 0 of them connected." in said
        assert "What would free most of the others" in said
        assert "Next: `codalink check --fix`" in said

    def test_one_company_is_a_checklist(self, checked: Checked) -> None:
        shown = unwrapped(checked.one.stdout)

        assert all(
            word in shown for word in ("Odoo version", "module CodaBox", "rights", "country", "company number", "bank feed", "consent")
        )
        assert "No Accounting Firm is set" in shown


class TestFix:
    def test_dry_run_shows_what_it_would_change_and_changes_nothing(self, checked: Checked) -> None:
        shown = unwrapped(checked.dry.stderr)

        assert all(words in shown for words in ("install the module CodaBox", "set the accounting firm", "set the country to Belgium"))
        assert "Kantoor Demo (BE 0771.234.528)" in shown

    def test_nobody_there_to_ask_is_told(self, checked: Checked) -> None:
        assert checked.unasked.exit_code == 2
        assert "--yes" in checked.unasked.stderr

    def test_repairs_what_is_not_ambiguous_and_nothing_else(self, checked: Checked) -> None:
        assert repairs(checked.fixed) == REPAIRED

    def test_what_somebody_chose_is_left(self, checked: Checked) -> None:
        database = checked.world.database("hotel-de-draaideur")
        assert "online_sync" in {row.get("bank_statements_source") for row in database.table("account.journal").rows.values()}

    def test_second_fix_changes_nothing(self, checked: Checked) -> None:
        assert repairs(checked.again) == set()
        assert checked.changed_again == []

    def test_each_change_is_told_by_the_log(self, checked: Checked) -> None:
        told = {(row["database"], row["what"]) for row in envelope(checked.log)["rows"] if row["result"] == "done"}

        assert told >= REPAIRED


class TestAfterwards:
    def test_connect_all_connects_all_that_check_calls_ready(self, checked: Checked) -> None:
        ready = {(row["database"], row["company"]) for row in envelope(checked.again)["rows"] if row["ready"]}
        connected = {(row["database"], row["company"]) for row in envelope(checked.connected)["rows"] if row["result"] == "connected"}
        shared = {(row["database"], row["company"]) for row in envelope(checked.connected)["rows"] if row["error"] == "shared-connection"}

        assert ready == connected | shared

    def test_everybody_else_is_told_what_to_do(self, checked: Checked) -> None:
        others = [row for row in envelope(checked.connected)["rows"] if row["result"] not in {"connected", "already connected"}]

        assert others
        assert all(row["cause"] and row["remedy"] for row in others)

    def test_troubles_with_statements_show_when_connected(self, checked: Checked) -> None:
        fixed = {("taxi-lantaarn", "module-missing"), ("taxi-lantaarn", "feed-undefined"), ("optiek-brilduif", "office-not-set")}
        fixed |= {("rijschool-achteruit", "country-missing"), ("frituur-puntzak", "feed-undefined")}
        expected = {one for one in planted(checked.world, when_connected=True) if (one[0], one[2]) not in fixed}

        assert troubles(checked.after) == expected

    def test_consent_and_connection_pass(self, checked: Checked) -> None:
        row = next(row for row in envelope(checked.after)["rows"] if row["company"] == "Bakkerij Kruimel BV")
        grades = {finding["condition"]: finding["grade"] for finding in row["findings"]}

        assert (grades["connection"], grades["consent"]) == ("pass", "pass")


# --- calls ---------------------------------------------------------------------------------------------------------------------------

MOST_CALLS = {"json-2": 4, "json-rpc": 5, "xml-rpc": 5}
"""A database, with the login of the older protocols; the office's consent takes three more, once."""


@pytest.mark.parametrize("way", ["json-2", "json-rpc", "xml-rpc"])
def test_database_is_checked_in_few_calls(tmp_path: Path, way: str) -> None:
    with ready_office(WAYS[way].make(), tmp_path) as office:
        if WAYS[way].has_key:
            keyring_with_api_key(office)
        done = office.run("check", "json")
        own = [call for call in office.sandbox.calls if call.database and call.method in READING | {"authenticate"}]

    assert done.exit_code == 0, done
    counts = sorted(sum(call.database == name for call in own) for name in {call.database for call in own})
    assert counts[:2] == [MOST_CALLS[way]] * 2
    assert counts[2] <= MOST_CALLS[way] + 1  # through which the consent was asked for


def test_nothing_is_connected_by_checking(tmp_path: Path) -> None:
    with ready_office(WAYS["json-2"].make(), tmp_path) as office:
        office.run("check", "--fix", "--yes")

        assert not any(connected_companies(office.sandbox.world).values())


def test_what_could_not_be_looked_at_is_told_and_is_not_in_order(tmp_path: Path) -> None:
    world = WAYS["json-2"].make()
    world.database("klant-001").row("account.journal", 1)["bank_statements_source"] = "undefined"
    with ready_office(world, tmp_path) as office:
        keyring_with_api_key(office)
        office.sandbox.faults.add(FaultKind.ODOO_ERROR, model="account.journal", method="fields_get", text="Vandaag niet.")
        done = office.run("check", "--fix", "--yes")

    assert done.exit_code == 1, done
    assert "Vandaag niet." in done.stderr
