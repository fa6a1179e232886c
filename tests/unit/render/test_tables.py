"""Tables fit the terminal, and every company is there."""

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from rich.console import RenderableType

from codalink import errors
from codalink.office.connecting.plan import Plan, PlannedCompany, Step
from codalink.office.connecting.standing import OfficeState, Standing
from codalink.office.model import DatabaseFailure
from codalink.render import retrieval, status, summaries, tables
from codalink.render.console import plain
from tests.unit.fakes import OFFICE, company
from tests.unit.render.results import COMPANIES, FRESHNESS, LONG, OUTCOME, PLAN, RETRIEVAL, STATUS, SURVEY

TABLES: dict[str, Callable[[int], RenderableType]] = {
    "databases": lambda width: tables.databases(SURVEY, width),
    "plan": lambda width: tables.plan(PLAN, width),
    "outcome": lambda width: tables.outcome(OUTCOME, width),
    "status": lambda width: status.office(STATUS, width, FRESHNESS),
    "retrieval": lambda width: retrieval.table(RETRIEVAL, (), width),
}
every_table = pytest.mark.parametrize("kind", TABLES)
every_width = pytest.mark.parametrize("width", [80, 100, 119, 120, 160, 200, 240])


def shown(kind: str, width: int) -> str:
    return plain(TABLES[kind](width), width)


@every_table
@every_width
def test_no_line_is_longer_than_the_terminal(kind: str, width: int) -> None:
    assert max(cell_len(line) for line in shown(kind, width).splitlines()) <= width


@every_table
@every_width
@pytest.mark.parametrize("name", [one.name for one in COMPANIES if one.name != LONG])
def test_every_company_is_there(kind: str, width: int, name: str) -> None:
    text = shown(kind, width)

    assert all(word in text for word in name.split())


@every_table
@every_width
def test_long_name_is_there_word_by_word(kind: str, width: int) -> None:
    text = shown(kind, width)

    assert all(word in text for word in LONG.replace(",", "").split() if len(word) < 10)


@every_table
@every_width
def test_unreached_database_is_there_with_its_reason(kind: str, width: int) -> None:
    text = " ".join(shown(kind, width).split())

    assert "klant-099" in text
    assert "refuses" in text


@pytest.mark.parametrize("kind", ["plan", "outcome", "status"])
@every_width
def test_every_state_is_there(kind: str, width: int) -> None:
    states = {
        "plan": [row.step.value for row in PLAN.companies],
        "outcome": [row.result.value for row in OUTCOME.companies],
        "status": [row.connection.value for row in STATUS.companies],
    }[kind]
    text = shown(kind, width)

    assert all(word in text for state in states for word in state.split())


def test_colours_are_not_in_the_plain_text() -> None:
    assert "\x1b" not in shown("status", 160)


def test_statement_has_date_balances_and_files() -> None:
    assert "2026-01-05  2026/001  10,000.00 → -250.50  CODA" in shown("retrieval", 160)


def test_account_has_its_number_in_groups_and_its_feed() -> None:
    text = shown("status", 200)

    assert "BE56 5390 0180 0388 2026-01-05" in text
    assert "BE68 5390 0754 7034 none yet  other feed: online_sync" in text


HOSTILE = "\x1b[31m[bold]x[/]\n\u202ey"


@pytest.mark.parametrize("width", [80, 160])
def test_hostile_names_are_shown_harmless(width: int) -> None:
    failure = DatabaseFailure(HOSTILE, HOSTILE, errors.OdooRefused(HOSTILE))
    rows = (PlannedCompany(company(HOSTILE, HOSTILE, number=HOSTILE), Step.CANNOT, errors.OdooRefused(HOSTILE)),)
    text = plain(tables.plan(Plan(OFFICE, Standing(OfficeState.READY), rows, (failure,)), width), width)

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[31m[bold]x[/] y" in text


@pytest.mark.parametrize("width", [80, 160])
def test_endless_name_fits(width: int) -> None:
    rows = (PlannedCompany(company("x" * 10_000, "y" * 10_000), Step.CONNECT),)
    text = plain(tables.plan(Plan(OFFICE, Standing(OfficeState.READY), rows), width), width)

    assert max(len(line) for line in text.splitlines()) <= width
    assert len(text) < 10_000


# --- summaries -----------------------------------------------------------------------------------------------------------------------


def test_summary_of_a_plan_says_where_the_office_stands() -> None:
    assert summaries.plan(PLAN) == (
        "Kantoor Testmans is not registered with CodaBox Connect yet. "
        "1 first connection, 1 await the consent, 2 connect, 1 already connected, 1 cannot, 1 not reached."
    )


@pytest.mark.parametrize("state", list(OfficeState))
def test_every_standing_has_words(state: OfficeState) -> None:
    assert summaries.plan(Plan(OFFICE, Standing(state), ())).endswith("No companies.")


def test_summary_of_a_run_counts() -> None:
    assert summaries.outcome(OUTCOME) == (
        "1 connected, 1 already connected, 1 waiting for consent, 1 failed, 1 skipped, 1 not tried, 1 not reached."
    )


def test_waiting_is_told_where_somebody_waits() -> None:
    assert "MyCodaBox" in summaries.waiting(OUTCOME)


def test_nothing_is_said_of_waiting_where_nobody_waits() -> None:
    assert summaries.waiting(type(OUTCOME)(())) == ""
