"""What goes wrong on the way to Odoo: one failure is one row, and nothing that may have happened is done twice."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from codalink.sandbox import Company, Fault, FaultKind, small_office
from codalink.sandbox.demo_office import connect
from codalink.sandbox.offices import accountant
from codalink.sandbox.web import HttpServer, Request, Response
from codalink.sandbox.world import make_database
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done, connected_companies, readable_passwords
from tests.integration.terminal import Row, connections_made, envelope, hasty, ready_office, repeated_blindly, rows_by, unwrapped

CREATE = "l10n_be_codabox_create_connection"


def impatient_with(database: str, method: str) -> tuple[str, str]:
    """Let codalink wait a second, not a minute, for these calls in databases named like this; for all others, as ever."""
    return (
        "-c",
        f"""
from codalink.odoo.http import HttpPool
patient = HttpPool.post_json
def impatient(pool, server, path, body, *, answer_limit_s):
    is_meant = b'"{database}' in body and b'"{method}"' in body
    return patient(pool, server, path, body, answer_limit_s=1.0 if is_meant else answer_limit_s)
HttpPool.post_json = impatient
from codalink.cli.app import main
main()
""",
    )


# --- reading: every database has a trouble of its own -------------------------------------------------------------------------------------

READ = "search_read"
MOON = "De maan staat in de weg: probeer het bij eb."
BAD_ANSWERS: dict[str, tuple[Fault, str, str]] = {
    "reset-before": (Fault(kind=FaultKind.RESET_BEFORE, method=READ), "answer-lost", "broke before the answer was complete"),
    "reset-after": (Fault(kind=FaultKind.RESET_AFTER, method=READ), "answer-lost", "broke before the answer was complete"),
    "reset-at-login": (Fault(kind=FaultKind.RESET_BEFORE, method="login"), "answer-lost", "broke before the answer was complete"),
    "cut-body": (Fault(kind=FaultKind.CUT_BODY, method=READ), "answer-lost", "broke before the answer was complete"),
    "stall": (Fault(kind=FaultKind.STALL, method=READ), "answer-timed-out", "did not answer in time"),
    "too-many": (Fault(kind=FaultKind.TOO_MANY_REQUESTS, method=READ, seconds=0), "too-many-requests", "HTTP 429"),
    "server-error": (Fault(kind=FaultKind.SERVER_ERROR, method=READ), "server-trouble", "HTTP 500"),
    "bad-gateway": (Fault(kind=FaultKind.BAD_GATEWAY, method=READ), "server-trouble", "HTTP 502"),
    "login-page": (Fault(kind=FaultKind.LOGIN_PAGE, method=READ), "not-odoo", "not Odoo's"),
    "truncated": (Fault(kind=FaultKind.TRUNCATED_JSON, method=READ), "not-odoo", "not Odoo's"),
    "huge": (Fault(kind=FaultKind.HUGE_ANSWER, method=READ), "answer-unexpected", "something else"),
    "beyond-measure": (Fault(kind=FaultKind.HUGE_ANSWER, method=READ, size=68_000_000), "not-odoo", "larger than 64 MiB"),
    "unknown-error": (Fault(kind=FaultKind.ODOO_ERROR, method=READ, text=MOON), "odoo-refused", MOON),
    "redirect": (Fault(kind=FaultKind.REDIRECT), "redirect-refused", "/elsewhere"),
}
WRONG_RESULTS = [42, "text", None, {"id": 1}, [1, 2], [{"name": "no id"}], [{"id": "one"}], [{"id": True}], [{"id": -1}]]
WRONG_TYPES = {
    f"wrong-type-{number}": (Fault(kind=FaultKind.WRONG_RESULT, method=READ, value=value), "answer-unexpected", "something else")
    for number, value in enumerate(WRONG_RESULTS)
}
ODD_FIELDS = [{"id": 1, "name": 5, "vat": ["BE"], "country_code": None, "l10n_be_codabox_is_connected": "yes"}]
HARMLESS = {
    "klant-001": None,
    "klant-002": None,
    "mislabelled": Fault(kind=FaultKind.WRONG_CONTENT_TYPE),
    "odd-fields": Fault(kind=FaultKind.WRONG_RESULT, method=READ, value=ODD_FIELDS),
}
ALL_BAD = BAD_ANSWERS | WRONG_TYPES
TRANSIENT = {
    *("reset-before", "reset-after", "reset-at-login", "cut-body", "stall"),
    *("too-many", "server-error", "bad-gateway"),
}
TRIES = 6
"""How often a call that only reads is made where its answers stay away."""
TIME_OUTS = 2
"""The same where codalink waits for the answer as long as it has patience."""


@dataclass
class Reading:
    """One listing of an office where nearly every database answers badly."""

    office: CommandLine
    done: Done
    visitors: list[Request]
    """Whoever came to the address that the redirect names."""

    def row(self, database: str) -> Row:
        return rows_by(self.done, "database")[database]


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    world = small_office(2)
    server = world.servers["odoo18"]
    for name in [*ALL_BAD, *HARMLESS]:
        if name not in server.databases:
            server.add(make_database(name, server.version, [Company(name)], accountant(world)))
    visitors: list[Request] = []

    def elsewhere(request: Request) -> Response:
        visitors.append(request)
        return Response(200, b"{}")

    site = HttpServer(elsewhere)
    site.listen()
    try:
        with ready_office(world, tmp_path_factory.mktemp("reading")) as office:
            for name, fault in {**{name: fault for name, (fault, _, _) in ALL_BAD.items()}, **HARMLESS}.items():
                if fault is not None:
                    office.sandbox.faults.add(replace(fault, database=name, location=f"{site.url}/elsewhere"))
            yield Reading(office, office.run("databases", "json", program=impatient_with("stall", READ)), visitors)
    finally:
        site.stop()


class TestReading:
    @pytest.mark.parametrize("database", ALL_BAD)
    def test_a_bad_answer_is_one_row_that_says_what_happened(self, reading: Reading, database: str) -> None:
        _, error, words = ALL_BAD[database]
        row = reading.row(database)
        assert (row["error"], words in row["cause"]) == (error, True), row

    def test_every_row_says_what_to_do(self, reading: Reading) -> None:
        assert all(reading.row(database)["remedy"] for database in ALL_BAD)

    @pytest.mark.parametrize("database", HARMLESS)
    def test_the_others_are_fine(self, reading: Reading, database: str) -> None:
        assert reading.row(database)["error"] == ""

    def test_an_error_that_nobody_knows_is_shown_as_odoo_says_it(self, reading: Reading) -> None:
        assert reading.row("unknown-error")["cause"] == MOON

    def test_fields_of_the_wrong_type_are_taken_as_empty(self, reading: Reading) -> None:
        assert (reading.row("odd-fields")["company"], reading.row("odd-fields")["vat"]) == ("", "")

    def test_a_redirect_is_not_followed(self, reading: Reading) -> None:
        assert reading.visitors == []

    def test_some_that_failed_make_the_exit_code_1(self, reading: Reading) -> None:
        assert reading.done.exit_code == envelope(reading.done)["exit_code"] == 1

    def test_only_what_may_do_better_a_moment_later_is_asked_again_and_not_for_ever(self, reading: Reading) -> None:
        asked = Counter((call.database, call.method) for call in reading.office.sandbox.calls if call.database)
        again = {database: count for (database, _), count in asked.items() if count > 1}
        assert again.keys() == TRANSIENT
        assert again.pop("stall") == TIME_OUTS
        assert max(again.values()) == TRIES  # fewer where the server is left alone in the meantime


@pytest.mark.parametrize("jobs", ["1", "16"])
def test_database_that_hangs_is_one_row_and_its_server_s_others_are_read(tmp_path: Path, jobs: str) -> None:
    with ready_office(small_office(8), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.STALL, database="klant-001", method=READ)
        done = office.run("databases", "json", "--jobs", jobs, program=impatient_with("klant-001", READ))

        errors = {name: row["error"] for name, row in rows_by(done, "database").items()}
        assert errors == {"klant-001": "answer-timed-out", **{f"klant-{number:03d}": "" for number in range(2, 9)}}


def test_databases_that_are_slow_once_at_the_same_time_are_read_all_the_same(tmp_path: Path) -> None:
    with ready_office(small_office(4), tmp_path) as office:
        for number in range(1, 5):
            office.sandbox.faults.add(FaultKind.STALL, database=f"klant-{number:03d}", method=READ, times=1)
        done = office.run("databases", "json", program=impatient_with("klant-", READ))

        assert {row["error"] for row in envelope(done)["rows"]} == {""}


def test_server_that_refuses_connections_is_one_row(tmp_path: Path) -> None:
    with ready_office(small_office(3, versions=("18.0", "19.0")), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.REFUSE, server="odoo19")
        done = office.run("databases", "json")

        assert {name: row["error"] for name, row in rows_by(done, "database").items()} == {
            "klant-001": "",
            "klant-002": "unreachable",
            "klant-003": "",
        }


# --- a host that keeps failing -----------------------------------------------------------------------------------------------------------

HASTY = hasty(1.0)
MOST_AT_ONCE = 8
"""How many databases of one host are worked on at the same time."""
HOST_FAILS = {
    FaultKind.REFUSE: "can't be reached",
    FaultKind.STALL: "did not answer in time",
    FaultKind.RESET_BEFORE: "broke before the answer was complete",
    FaultKind.BAD_GATEWAY: "HTTP 502",
    FaultKind.TOO_MANY_REQUESTS: "HTTP 429",
}


@contextmanager
def office_with_broken_host(folder: Path, kind: FaultKind) -> Iterator[CommandLine]:
    """An office on two hosts, thirty databases each; all calls to one of them fail in one way."""
    world = small_office(60, versions=("18.0", "19.0"))
    connect(world, world.database("klant-001"))
    with ready_office(world, folder) as office:
        office.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, office.office.vat] = office.office.password
        office.sandbox.faults.add(kind, server="odoo19", seconds=60 if kind is FaultKind.STALL else 0)
        yield office


@pytest.mark.parametrize("kind", HOST_FAILS)
def test_broken_host_is_one_message_and_asked_for_few_of_its_databases(tmp_path: Path, kind: FaultKind) -> None:
    with office_with_broken_host(tmp_path, kind) as office:
        done = office.run("databases", program=HASTY)
        shown = unwrapped(done.stdout)

        assert done.exit_code == 1, done
        assert (shown.count(HOST_FAILS[kind]), shown.count("30 databases"), shown.count("Klant ")) == (1, 1, 30), done
        asked = {call.database for call in office.sandbox.calls if call.server == "odoo19"}
        assert len(asked) <= MOST_AT_ONCE + 2  # two more begin when the first two have failed


@pytest.mark.parametrize("command", ["databases", "status", "retrieve --all", "connect-all --yes --quiet"])
def test_every_command_tells_of_a_broken_host_once(tmp_path: Path, command: str) -> None:
    with office_with_broken_host(tmp_path, FaultKind.REFUSE) as office:
        shown = unwrapped(office.run(*command.split()).stdout)

        assert (shown.count("can't be reached"), "30 databases" in shown) == (1, True), shown


def test_broken_host_is_an_entry_for_each_database_for_machines(tmp_path: Path) -> None:
    with office_with_broken_host(tmp_path, FaultKind.REFUSE) as office:
        rows = envelope(office.run("databases", "json"))["rows"]

        assert Counter(row["reachable"] for row in rows) == {True: 30, False: 30}


def test_host_that_hangs_does_not_hold_up_the_other_one(tmp_path: Path) -> None:
    patience_s = 5.0
    with office_with_broken_host(tmp_path, FaultKind.STALL) as office:
        done = office.run("databases", "json", program=hasty(patience_s))
        begun = {host: [call.at for call in office.sandbox.calls if call.server == host] for host in ("odoo18", "odoo19")}

        assert Counter(row["error"] for row in envelope(done)["rows"])[""] == 30
        assert max(begun["odoo18"]) < min(begun["odoo19"]) + patience_s  # all before the first call to the other one was given up


def test_each_host_is_asked_politely_few_questions_at_a_time(tmp_path: Path) -> None:
    with ready_office(small_office(60, versions=("18.0", "19.0")), tmp_path) as office:
        office.sandbox.latency_s = 0.1
        office.sandbox.reset_counts()
        done = office.run("databases", "json", "--jobs", "32")

        assert done.exit_code == 0, done
        at_once = [site.most_at_once for site in office.sandbox.sites.values()]
        assert max(at_once) <= MOST_AT_ONCE < sum(at_once)


def test_host_that_dies_while_companies_are_connected_holds_nobody_up(tmp_path: Path) -> None:
    world = small_office(20, versions=("18.0", "19.0"))
    connect(world, world.database("klant-001"))
    with ready_office(world, tmp_path) as office:
        office.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, office.office.vat] = office.office.password
        office.sandbox.faults.add(FaultKind.STALL, server="odoo19", model="l10n_be_codabox.connection.wizard", seconds=60)
        done = office.run("connect-all", "--yes", program=HASTY)

        assert done.exit_code == 1, done
        on_the_other = {f"klant-{number:03d}/1" for number in range(1, 21, 2)}
        assert {path for path, is_connected in connected_companies(world).items() if is_connected} == on_the_other
        assert unwrapped(done.stdout).count("10 companies") == 1
        proving, *others = connections_made(office.sandbox)
        assert proving == "klant-003"
        assert len(others) == 8


def test_balance_beyond_reason_is_one_row(tmp_path: Path) -> None:
    world = small_office(2)
    for database in world.databases():
        connect(world, database)
    with ready_office(world, tmp_path) as office:
        statement = {"id": 1, "journal_id": [1, "Bank"], "date": "2026-01-05", "balance_end_real": 1e30, "attachment_ids": []}
        office.sandbox.faults.add(FaultKind.WRONG_RESULT, database="klant-002", model="account.bank.statement", value=[statement])
        done = office.run("retrieve", "--all", "json")

        assert "does not know" not in done.stderr, done
        assert [row["error"] for row in envelope(done)["rows"] if row["database"] == "klant-001"] == ["", ""]


# --- connecting a further company --------------------------------------------------------------------------------------------------------

HAPPENED = {
    "klant-003": FaultKind.RESET_AFTER,
    "klant-004": FaultKind.CUT_BODY,
    "klant-005": FaultKind.TRUNCATED_JSON,
    "klant-006": FaultKind.HUGE_ANSWER,
    "klant-007": FaultKind.STALL_AFTER,
}
"""Odoo connected the company, and codalink got no usable answer."""
DID_NOT_HAPPEN = {
    "klant-008": (FaultKind.RESET_BEFORE, "answer-lost"),
    "klant-009": (FaultKind.SERVER_ERROR, "server-trouble"),
    "klant-010": (FaultKind.LOGIN_PAGE, "not-odoo"),
    "klant-011": (FaultKind.ODOO_ERROR, "odoo-refused"),
    "klant-012": (FaultKind.REDIRECT, "redirect-refused"),
}
REPEATED = {"klant-008", "klant-009"}
"""What broke on the way; the others are answers, of which there is nothing to hope for."""


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Done]]:
    """Twelve databases: one connected long ago, one that goes well, and ten whose connection goes wrong, each in its way."""
    world = small_office(12)
    connect(world, world.database("klant-001"))
    with ready_office(world, tmp_path_factory.mktemp("further")) as office:
        office.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, office.office.vat] = office.office.password
        for database, kind in {**HAPPENED, **{name: kind for name, (kind, _) in DID_NOT_HAPPEN.items()}}.items():
            office.sandbox.faults.add(kind, database=database, method=CREATE)
        yield office, office.run("connect-all", "--yes", "json", program=impatient_with("klant-007", CREATE))


class TestFurtherCompany:
    @pytest.mark.parametrize("database", HAPPENED)
    def test_that_odoo_connected_without_an_answer_ends_connected(self, further: tuple[CommandLine, Done], database: str) -> None:
        assert rows_by(further[1], "database")[database]["result"] == "connected"

    @pytest.mark.parametrize("database", DID_NOT_HAPPEN)
    def test_that_was_not_connected_says_why(self, further: tuple[CommandLine, Done], database: str) -> None:
        row = rows_by(further[1], "database")[database]
        assert (row["result"], row["error"]) == ("failed", DID_NOT_HAPPEN[database][1])

    def test_is_never_sent_twice_without_a_look(self, further: tuple[CommandLine, Done]) -> None:
        assert repeated_blindly(further[0].sandbox, sent=True) == []

    def test_is_sent_again_only_where_it_surely_did_not_happen_and_may_yet(self, further: tuple[CommandLine, Done]) -> None:
        made = Counter(connections_made(further[0].sandbox))
        once = {f"klant-{number:03d}": 1 for number in range(2, 13)}
        assert made == once | dict.fromkeys(REPEATED, 3)

    def test_that_goes_well_is_not_held_up(self, further: tuple[CommandLine, Done]) -> None:
        assert rows_by(further[1], "database")["klant-002"]["result"] == "connected"

    def test_failures_make_the_exit_code_1(self, further: tuple[CommandLine, Done]) -> None:
        assert further[1].exit_code == envelope(further[1])["exit_code"] == 1

    def test_what_is_told_is_what_odoo_has(self, further: tuple[CommandLine, Done]) -> None:
        told = {f"{name}/1": row["result"] != "failed" for name, row in rows_by(further[1], "database").items()}
        assert connected_companies(further[0].sandbox.world) == told

    def test_leaves_no_password_in_odoo(self, further: tuple[CommandLine, Done]) -> None:
        assert readable_passwords(further[0].sandbox.world) == []

    def test_is_connected_by_the_next_run(self, further: tuple[CommandLine, Done]) -> None:
        """Comes last: it takes the faults out."""
        further[0].sandbox.faults.clear()
        done = further[0].run("connect-all", "--yes", "json")
        assert done.exit_code == 0, done
        assert all(connected_companies(further[0].sandbox.world).values())


# --- the first connection ----------------------------------------------------------------------------------------------------------------


def password_of(office: CommandLine) -> str | None:
    return office.sandbox.keyring.items.get((OFFICE_PASSWORD_SERVICE, office.office.vat))


@pytest.mark.parametrize(
    ("kind", "model", "method"),
    [
        (FaultKind.RESET_AFTER, "*", CREATE),
        (FaultKind.TRUNCATED_JSON, "*", CREATE),
        (FaultKind.RESET_BEFORE, "l10n_be_codabox.validation.wizard", "read"),
        (FaultKind.RESET_AFTER, "*", "validate_connection"),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, FaultKind) else value.rpartition(".")[2],
)
def test_first_connection_survives_a_lost_answer(tmp_path: Path, kind: FaultKind, model: str, method: str) -> None:
    with ready_office(small_office(2), tmp_path) as office:
        office.sandbox.faults.add(kind, model=model, method=method, times=1)
        done = office.run("connect-all", "--yes", "json")

        assert done.exit_code == 0, done
        assert (office.office.first_connections, password_of(office)) == (1, office.office.password)
        assert all(connected_companies(office.sandbox.world).values())


def test_first_connection_whose_password_can_t_be_read_is_recovered_by_the_next_run(tmp_path: Path) -> None:
    with ready_office(small_office(2), tmp_path) as office:
        lost = office.sandbox.faults.add(FaultKind.RESET_AFTER, method=CREATE)
        blind = office.sandbox.faults.add(FaultKind.BAD_GATEWAY, model="l10n_be_codabox.validation.wizard")
        first = office.run("connect-all", "--yes", "json")
        for fault in (lost, blind):
            office.sandbox.faults.remove(fault)
        done = office.run("connect-all", "--yes", "json")

        assert [row["result"] for row in envelope(first)["rows"]] == ["failed", "not tried"]
        assert done.exit_code == 0, done
        assert (office.office.first_connections, password_of(office)) == (1, office.office.password)


def test_first_connection_that_odoo_refuses_stops_the_run_with_odoo_s_words(tmp_path: Path) -> None:
    with ready_office(small_office(3), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.ODOO_ERROR, method=CREATE, text="Vandaag niet.")
        done = office.run("connect-all", "--yes", "json")

        assert [row["result"] for row in envelope(done)["rows"]] == ["failed", "not tried", "not tried"]
        assert "Vandaag niet." in done.stderr
        assert len(connections_made(office.sandbox)) == 1


# --- behind Odoo -------------------------------------------------------------------------------------------------------------------------


def test_proxy_that_is_down_is_told_and_nothing_is_tried(tmp_path: Path) -> None:
    with ready_office(small_office(3), tmp_path) as office:
        office.sandbox.proxy.is_down = True
        done = office.run("connect-all", "--yes", "json")

        assert {row["error"] for row in envelope(done)["rows"]} == {"proxy-down"}
        assert done.exit_code == 1, done
        assert connections_made(office.sandbox) == []


def test_office_without_contract_stops_the_run(tmp_path: Path) -> None:
    with ready_office(small_office(3), tmp_path) as office:
        contract = office.sandbox.proxy.offices.pop(office.sandbox.world.office_vat)
        done = office.run("connect-all", "--yes", "json")
        office.sandbox.proxy.add_office(contract)

        assert [row["error"] for row in envelope(done)["rows"]] == ["office-unknown"] * 3
        assert len(connections_made(office.sandbox)) == 1


def test_no_failure_shows_a_secret(tmp_path: Path) -> None:
    with ready_office(small_office(1), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.ODOO_ERROR, method=READ, text=f"Odoo repeats {office.sandbox.world.password}.")
        done = office.run("databases", "json", "--debug")

        assert re.search("Odoo repeats •+", done.stdout)
        assert office.sandbox.world.password not in done.stdout + done.stderr
