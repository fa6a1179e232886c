"""What hit many databases for their server's sake is one row; what is a database's own keeps its name."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.office.connecting.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.delivery.retrieve import CompanyRetrieval, Retrieval
from codalink.office.model import Company, DatabaseFailure
from codalink.office.overview.status import CompanyStatus, Connection, OfficeStatus
from codalink.render import gathered, machine, retrieval, status, tables
from codalink.render.console import plain
from tests.unit.fakes import OFFICE, company, surveyed
from tests.unit.render.results import FRESHNESS

SERVER, OTHER = "https://odoo.example.be", "https://other.example.be"
DOWN = errors.Unreachable("It is down.")
LEFT_ALONE = errors.ServerLeftAlone("It is down. It was not asked any more.")


def failed(*reasons: CodalinkError, server: str = SERVER) -> list[DatabaseFailure]:
    return [DatabaseFailure(f"klant-{number:03}", server, error) for number, error in enumerate(reasons, start=1)]


def rows(failures: list[DatabaseFailure]) -> list[tuple[str, str]]:
    return [(failure.where, failure.error.code) for failure in gathered.databases(failures)]


@pytest.mark.parametrize(
    "kind", [errors.Unreachable, errors.CertificateRejected, errors.RedirectRefused, errors.ProtocolMissing, errors.ServerLeftAlone]
)
def test_databases_that_share_their_servers_failure_are_one_row(kind: type[CodalinkError]) -> None:
    assert rows(failed(kind("x"), kind("x"), kind("x"))) == [("3 databases", kind().code)]


def test_what_led_to_leaving_a_server_alone_is_in_the_same_row() -> None:
    hung, lost, busy = errors.AnswerTimedOut("x"), errors.AnswerLost("y"), errors.ServerTrouble("z")

    assert rows(failed(hung, lost, busy, LEFT_ALONE, LEFT_ALONE)) == [("5 databases", "server-left-alone")]


def test_different_last_words_of_a_server_left_alone_are_one_row() -> None:
    assert rows(failed(LEFT_ALONE, errors.ServerLeftAlone("Otherwise."))) == [("2 databases", "server-left-alone")]


@pytest.mark.parametrize(
    "error", [errors.LoginRefused("x"), errors.DatabaseMissing("x"), errors.NotOdoo("x"), errors.AnswerUnexpected("x")]
)
def test_database_with_a_trouble_of_its_own_keeps_its_row(error: CodalinkError) -> None:
    assert rows(failed(error, error, LEFT_ALONE, LEFT_ALONE)) == [
        ("klant-001", error.code),
        ("klant-002", error.code),
        ("2 databases", "server-left-alone"),
    ]


def test_databases_that_hang_on_a_server_that_answers_keep_their_rows() -> None:
    assert [name for name, _ in rows(failed(errors.AnswerTimedOut("x"), errors.AnswerTimedOut("x")))] == ["klant-001", "klant-002"]


def test_single_database_is_named() -> None:
    assert rows(failed(DOWN)) == [("klant-001", "unreachable")]


def test_each_server_has_its_row() -> None:
    assert rows([*failed(DOWN, DOWN), *failed(DOWN, DOWN, DOWN, server=OTHER)]) == [
        ("2 databases", "unreachable"),
        ("3 databases", "unreachable"),
    ]


def test_source_that_could_not_be_asked_keeps_its_row() -> None:
    source = DatabaseFailure("(all databases)", SERVER, DOWN, is_source=True)

    assert gathered.databases([source, *failed(DOWN, DOWN)])[0] is source


# --- in the tables -------------------------------------------------------------------------------------------------------------------

MANY = 50
HOSTS = [company(f"Klant {number:03}", f"klant-{number:03}") for number in range(1, MANY + 1)]
FINE = company("Bakkerij", "klant-999")
FAILURES = tuple(failed(*[DOWN] * 3, *[LEFT_ALONE] * (MANY - 3)))


def outcome_of(one: Company) -> CompanyOutcome:
    return CompanyOutcome(one, Result.CONNECTED) if one is FINE else CompanyOutcome(one, Result.FAILED, LEFT_ALONE)


def shown(width: int) -> dict[str, str]:
    """Each table of an office with one server that is fine, and one that is down."""
    everybody = [*HOSTS, FINE]
    tables_by_name = {
        "databases": tables.databases(surveyed(FINE, failures=FAILURES), width),
        "connect-all": tables.outcome(RunOutcome((outcome_of(FINE),), FAILURES), width),
        "connect-all, connecting": tables.outcome(RunOutcome(tuple(map(outcome_of, everybody))), width),
        "status": status.office(
            OfficeStatus(OFFICE, (CompanyStatus(FINE, Connection.CONNECTED),), FAILURES, is_refreshed=False), width, FRESHNESS
        ),
        "retrieve": retrieval.table(Retrieval((CompanyRetrieval(FINE),), FAILURES), (), width),
        "retrieve, fetching": retrieval.table(
            Retrieval(tuple(CompanyRetrieval(one, error=None if one is FINE else LEFT_ALONE) for one in everybody)), (), width
        ),
    }
    return {name: plain(table, width) for name, table in tables_by_name.items()}


@pytest.mark.parametrize("width", [80, 120, 160, 240])
@pytest.mark.parametrize("name", shown(160))
def test_server_that_is_down_is_one_message_with_the_number_of_its_databases(name: str, width: int) -> None:
    text = " ".join(shown(width)[name].split())

    assert text.count("It was not asked any more.") == 1
    assert f"{MANY} companies" in text if "ing" in name.partition(",")[2] else f"{MANY} databases" in text
    assert "klant-007" not in text


def test_companies_with_another_result_keep_their_rows() -> None:
    waiting = [CompanyOutcome(one, Result.NOT_TRIED, LEFT_ALONE) for one in HOSTS[:3]]

    assert all(one.company.name in plain(tables.outcome(RunOutcome(tuple(waiting)), 160), 160) for one in waiting)


def test_machines_get_one_entry_for_each_database() -> None:
    assert len(machine.databases(surveyed(FINE, failures=FAILURES))) == MANY + 1


def test_accounts_that_could_not_be_read_are_not_told_to_be_missing() -> None:
    row = CompanyStatus(FINE, Connection.CONNECTED, trouble=errors.AnswerTimedOut("It did not answer."))
    text = plain(status.office(OfficeStatus(OFFICE, (row,), (), is_refreshed=False), 160, FRESHNESS), 160)

    assert "could not be read" in text
    assert "no bank journal" not in text
