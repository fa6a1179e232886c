"""Where every account stands, for people: its gate, whose turn it is, and what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from codalink import errors
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.model import Account
from codalink.office.overview.alarms import Alarm, Raised
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus
from codalink.office.readiness.gates import CompanyGates, first_closed, without_journal
from codalink.office.readiness.mandates import Mandate, MandateKind, Mandates, MandateState
from codalink.render import status, summaries
from codalink.render.console import plain
from codalink.render.screen import redraw
from tests.unit.fakes import OFFICE, company
from tests.unit.render.results import BROKEN, FRESHNESS, STATUS, WELL, with_gaps

IBAN, OTHER = "BE68539007547034", "BE71096123456769"
HOSTILE = "\x1b[31m[bold]x[/]\n\u202ey"


def mandate(state: MandateState | None = MandateState.ACTIVE, iban: str = IBAN, **fields: str) -> Mandate:
    return replace(Mandate(iban, state, state.value if state else "Blocked"), **fields)  # type: ignore[arg-type]  # the tests know


def row(
    name: str = "Bakkerij",
    *mandates: Mandate,
    feed: str = "l10n_be_codabox",
    iban: str = IBAN,
    is_connected: bool = True,
    is_consented: bool | None = True,
    journal: str = "Bank",
    last: date | None = None,
) -> CompanyStatus:
    gates = CompanyGates(is_connected, is_consented if is_connected else None)
    record = JournalRecord(1, 1, journal, iban, "", feed)
    passage = first_closed(record, gates, Mandates(mandates) if mandates else None)
    connection = Connection.CONNECTED if is_connected else Connection.NOT_CONNECTED
    return CompanyStatus(company(name), connection, (AccountStatus(Account(record, last), passage),))


def office(*rows: CompanyStatus, strays: tuple[Mandate, ...] = (), is_refreshed: bool = True) -> OfficeStatus:
    return OfficeStatus(OFFICE, rows, (), is_refreshed, has_mandates=True, strays=tuple(map(without_journal, strays)))


def shown(found: OfficeStatus, width: int = 160) -> str:
    return plain(status.office(found, width, FRESHNESS), width)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (row("A", mandate()), "BE68 5390 0754 7034 none yet  open"),
        (row("A"), "open as far as known"),
        (row("A", is_connected=False), "connection: your turn"),
        (row("A", is_consented=False), "consent: your turn"),
        (row("A", mandate(MandateState.AWAITING_SIGNATURE)), "mandate: the customer's turn"),
        (row("A", mandate(MandateState.BANK_PROCEDURE)), "mandate: the bank's turn"),
        (row("A", mandate(MandateState.SIGNED)), "mandate: CodaBox's turn"),
        (row("A", mandate(MandateState.PROBLEM)), "mandate: your turn"),
        (row("A", iban=""), "Bank none yet  journal: your turn"),
        (row("A", iban="FR1420041010050500013M02606"), "journal: nothing to do"),
        (row("A", feed="online_sync"), "other feed: online_sync"),
        (row("A", mandate(), feed="undefined"), "none yet  open  no feed chosen"),
    ],
)
def test_account_shows_its_gate_and_whose_turn_it_is(one: CompanyStatus, words: str) -> None:
    assert words in shown(office(one))


@pytest.mark.parametrize("width", [80, 120, 140])
def test_gate_stands_below_its_account_where_room_is_scarce(width: int) -> None:
    lines = [line.strip() for line in shown(office(row("A", mandate(MandateState.AWAITING_SIGNATURE))), width).splitlines()]
    (number,) = [number for number, line in enumerate(lines) if line.endswith("BE68 5390 0754 7034 none yet")]

    assert lines[number + 1].endswith("mandate: the customer's turn")


@pytest.mark.parametrize("length", range(28, 48))
def test_account_is_not_broken_for_the_sake_of_a_long_name(length: int) -> None:
    long = row("x" * length, mandate(MandateState.AWAITING_SIGNATURE), last=date(2026, 1, 31))
    garage = replace(row("Garage", feed="undefined"), connection=Connection.NOT_CONNECTABLE)
    text = shown(office(long, garage), 80)

    assert "BE68 5390 0754 7034 2026-01-31" in text
    assert "mandate: the customer's turn" in text


def test_what_to_do_is_told_once_for_all_that_it_concerns() -> None:
    unsigned = mandate(MandateState.AWAITING_SIGNATURE)
    text = shown(office(row("Bakkerij", unsigned), row("Garage", unsigned)))

    assert "Bakkerij, Garage\n  The customer has not signed the mandate yet." in text
    assert text.count("has not signed") == 1


def test_company_that_is_not_connected_is_not_told_twice() -> None:
    assert shown(office(row("A", is_connected=False))).count("connect-all") == 1


@pytest.mark.parametrize(("mandates", "is_told"), [((), False), ((mandate(),), True)])
@pytest.mark.parametrize("draw", [status.office, status.accounts])
def test_another_feed_is_worth_a_word_where_codabox_delivers_too(
    draw: Callable[..., RenderableType], mandates: tuple[Mandate, ...], *, is_told: bool
) -> None:
    text = plain(draw(office(row("A", *mandates, feed="online_sync")), 160, FRESHNESS), 160)

    assert ("stop the other feed first" in text) is ("CodaBox has a mandate for it too" in text) is is_told


def test_unknown_state_is_shown_as_exported() -> None:
    assert '"Blocked"' in shown(office(row("A", mandate(None))))


def test_account_without_journal_is_shown_with_its_company() -> None:
    one = replace(row("A", mandate()), strays=(without_journal(mandate(iban=OTHER)),))

    assert "BE71 0961 2345 6769 no journal  journal: your turn" in shown(office(one))


def test_payroll_is_shown_with_its_company() -> None:
    one = replace(row("A", mandate()), payroll=mandate(MandateState.REQUESTED, "", kind=MandateKind.SODA))  # type: ignore[arg-type]

    assert "SODA requested, CodaBox's turn" in shown(office(one))


def test_mandates_of_strangers_stand_below() -> None:
    text = shown(office(row("A", mandate()), strays=(mandate(iban=OTHER, company="Nowhere BV"),)))

    assert "none of the databases that were read:" in text
    assert "Nowhere BV" in text
    assert "BE71 0961 2345 6769" in text


def test_strangers_may_be_in_what_was_not_reached() -> None:
    assert "that were read (1 were not reached):" in shown(STATUS)


@pytest.mark.parametrize("width", [80, 160, 200])
def test_words_of_an_export_are_shown_harmless(width: int) -> None:
    told = row("A", mandate(MandateState.PROBLEM, reason=HOSTILE, text=HOSTILE), journal=HOSTILE)
    text = shown(office(told, strays=(mandate(None, OTHER, company=HOSTILE, text=HOSTILE),)), width)

    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_endless_words_fit(width: int) -> None:
    endless = "x" * 5000
    told = row("A", mandate(MandateState.PROBLEM, reason=endless), journal=endless, iban="", feed=endless)
    text = shown(office(told, strays=(mandate(None, OTHER, company=endless, text=endless),)), width)

    assert max(cell_len(line) for line in text.splitlines()) <= width


# --- age, gaps, and a row an account ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 160])
def test_last_statement_has_its_age(width: int) -> None:
    assert "2026-01-05 10 d" in shown(office(row("A", last=date(2026, 1, 5))), width)


@pytest.mark.parametrize("draw", [status.office, status.accounts])
@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_findings_are_shown_with_their_account(draw: Callable[..., RenderableType], width: int) -> None:
    text = " ".join(plain(draw(with_gaps(), width, FRESHNESS), width).split())

    assert "duplicate, gap" in text or "gap, duplicate" in text
    assert "+30" in text


def test_account_without_findings_is_complete() -> None:
    (well,) = with_gaps().companies
    (check,) = [one.check for one in well.accounts]
    assert check is not None
    whole = replace(well, accounts=(replace(well.accounts[0], check=replace(check, troubles=())),))

    assert "complete" in shown(replace(office(whole), has_statements=True))


@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_every_account_has_a_row(width: int) -> None:
    text = plain(status.accounts(office(row("Bakkerij"), row("Garage", iban=OTHER)), width, FRESHNESS), width)
    lines = text.splitlines()

    assert sum("BE68 5390 0754 7034" in line for line in lines) == sum("BE71 0961 2345 6769" in line for line in lines) == 1


@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_what_has_no_account_has_a_row_among_accounts(width: int) -> None:
    text = plain(status.accounts(STATUS, width, FRESHNESS), width)

    assert all(word in text for word in ("Slagerij", "no bank journal", "klant-099", "Odoo refuses the login.", "Nowhere BV"))


def test_account_without_journal_has_a_row_among_accounts() -> None:
    one = replace(row("A", mandate()), strays=(without_journal(mandate(iban=OTHER)),))

    assert "BE71 0961 2345 6769 no journal" in plain(status.accounts(office(one), 160, FRESHNESS), 160)


@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_endless_words_fit_among_accounts(width: int) -> None:
    endless = "x" * 5000
    told = row("A", mandate(MandateState.PROBLEM, reason=endless), journal=endless, iban="", feed=endless)
    text = plain(status.accounts(office(told), width, FRESHNESS), width)

    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_problems_leave_out_what_is_well() -> None:
    text = plain(status.office(office(WELL, row("Garage", is_connected=False)), 160, FRESHNESS, only_problems=True), 160)

    assert ("Garage" in text, "Well BV" in text) == (True, False)


# --- a screen that is redrawn ----------------------------------------------------------------------------------------------------------


def drawn(height: int) -> list[str]:
    console = Console(file=StringIO(), width=80, height=height, force_terminal=True, color_system=None)
    redraw(console, *(Text(f"line {number}") for number in range(20)), now=datetime(2026, 1, 5, 12, 30, tzinfo=UTC), every_s=60)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_screen_shows_the_top_and_says_what_does_not_fit() -> None:
    lines = drawn(height=12)

    assert lines[0].endswith("line 0")
    assert lines[1:10] == [f"line {number}" for number in range(1, 10)]
    assert lines[10] == "10 more lines don't fit. As of 12:30:00, read again every 60 s. Ctrl-C ends."
    assert len(lines) == 11


def test_screen_that_is_large_enough_shows_all() -> None:
    assert drawn(height=30)[-1] == "As of 12:30:00, read again every 60 s. Ctrl-C ends."


# --- summaries -----------------------------------------------------------------------------------------------------------------------


def test_summary_counts_accounts_by_whose_turn_it_is() -> None:
    unsigned, problem = mandate(MandateState.AWAITING_SIGNATURE), mandate(MandateState.PROBLEM)
    rows = [row("A", unsigned), row("B", unsigned), row("C", problem), row("D", mandate()), row("E", is_connected=False)]
    others = [row("F", iban="FR1420041010050500013M02606"), row("G", feed="online_sync"), row("H")]

    assert summaries.status(office(*rows, *others))[1] == (
        "8 accounts: 2 waiting for you (1 connection, 1 mandate), 2 waiting for the customer (mandate), 1 without CODA (journal), "
        "1 open, 1 open as far as known, 1 other feed."
    )


def test_summary_counts_accounts_without_journal() -> None:
    one = replace(row("A", mandate()), strays=(without_journal(mandate(iban=OTHER)),))

    assert summaries.status(office(one, strays=(mandate(iban=OTHER),)))[1] == "3 accounts: 2 waiting for you (journal), 1 open."


def test_summary_of_no_accounts_counts_none() -> None:
    assert summaries.status(replace(office(), has_mandates=False))[0] == "No companies."


def test_summary_says_that_nobody_was_asked() -> None:
    lines = summaries.status(replace(STATUS, has_mandates=False))

    assert lines[-2:] == [
        "This is what the databases have written down; --refresh asks CodaBox.",
        "Mandates are known to MyCodaBox only: --mandates FILE reads its export.",
    ]


def test_summary_doubts_an_export_that_knows_no_account() -> None:
    assert summaries.status(office(row("A", mandate(iban=OTHER))))[-1].startswith("The export has none of these accounts")
    assert "export" not in summaries.status(office(row("A", mandate())))[-1]


def test_summary_tells_gaps_where_somebody_has_looked() -> None:
    assert "1 of 1 accounts have gaps or other breaks in their statements: see `codalink statements check`." in summaries.status(
        with_gaps()
    )
    assert not any("breaks" in line for line in summaries.status(office(row("A"))))


def test_alarms_are_told_with_their_numbers() -> None:
    assert summaries.alarms([Raised(Alarm.GAPS, 2), Raised(Alarm.STALE, 3)], FRESHNESS) == [
        "gaps: 2 (accounts whose statements don't follow each other)",
        "stale: 3 (accounts without a statement for more than 35 days)",
    ]


def test_rows_that_were_left_out_are_told_a_few_at_a_time() -> None:
    lines = summaries.left_out(Mandates((), tuple(f"Line {number} is bad." for number in range(8))))

    assert [line.plain for line in lines] == [*(f"Line {number} is bad." for number in range(5)), "3 more rows were left out."]


def test_failure_of_a_database_has_its_row() -> None:
    text = shown(replace(office(), failures=(replace(BROKEN, error=errors.Unreachable("It is down.")),)))

    assert "klant-099" in text
    assert "It is down." in text
