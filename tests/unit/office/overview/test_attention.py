"""What needs attention first, and what is old."""

from dataclasses import replace
from datetime import timedelta

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.delivery.statements import CompanyStatements, OfficeStatements
from codalink.office.model import Account, DatabaseFailure
from codalink.office.overview.alarms import Alarm, Raised, raise_alarms
from codalink.office.overview.attention import Attention, accounts_by_attention, by_attention, of_company
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus, with_statements
from codalink.office.readiness.gates import CompanyGates, first_closed, without_journal
from codalink.office.readiness.mandates import Mandate, MandateState
from tests.unit.fakes import OFFICE, company
from tests.unit.render.results import BROKEN, FRESHNESS, WELL, with_gaps

FOREIGN = JournalRecord(15, 1, "Bank", "FR1420041010050500013M02606", "", "l10n_be_codabox")


def named(name: str, row: CompanyStatus = WELL, **fields: object) -> CompanyStatus:
    return replace(row, company=company(name, name), **fields)  # type: ignore[arg-type]  # the tests know


def aged(days: int, *, is_expected: bool = True) -> CompanyStatus:
    one = WELL.accounts[0]
    last = FRESHNESS.today - timedelta(days=days)
    return replace(WELL, accounts=(replace(one, account=Account(one.account.journal, last), is_expected=is_expected),))


def office(*rows: CompanyStatus, failures: tuple[DatabaseFailure, ...] = ()) -> OfficeStatus:
    return OfficeStatus(OFFICE, rows, failures, is_refreshed=True)


def names(*rows: CompanyStatus | DatabaseFailure) -> list[str]:
    return [row.company.name if isinstance(row, CompanyStatus) else row.where for row in rows]


GAPS = with_gaps().companies[0]
WAITING = replace(WELL, connection=Connection.NOT_CONNECTED)
BLOCKED = replace(WELL, connection=Connection.NOT_CONNECTABLE)
UNREAD = replace(WELL, trouble=errors.AnswerTimedOut())


@pytest.mark.parametrize(
    ("row", "attention"),
    [
        (WELL, Attention.NONE),
        (GAPS, Attention.BROKEN),
        (UNREAD, Attention.FAILED),
        (BLOCKED, Attention.BLOCKED),
        (WAITING, Attention.WAITING),
        (replace(WELL, connection=Connection.CONSENT_MISSING), Attention.WAITING),
        (replace(GAPS, connection=Connection.NOT_CONNECTABLE), Attention.BROKEN),
        (replace(WELL, accounts=()), Attention.NONE),
        (replace(WELL, strays=(without_journal(Mandate("BE71096123456769", MandateState.ACTIVE, "Active")),)), Attention.WAITING),
        (replace(WELL, payroll=Mandate("", MandateState.REQUESTED, "Requested")), Attention.WAITING),
        (replace(WELL, payroll=Mandate("", MandateState.ACTIVE, "Active")), Attention.NONE),
        (aged(35), Attention.NONE),
        (aged(36), Attention.WAITING),
    ],
)
def test_company_needs_attention_as_its_worst_part_does(row: CompanyStatus, attention: Attention) -> None:
    assert of_company(row, FRESHNESS) is attention


def test_gate_that_nobody_can_open_needs_nobody() -> None:
    passage = first_closed(FOREIGN, CompanyGates(is_connected=True, is_consented=True))

    assert passage.is_closed
    assert of_company(replace(WELL, accounts=(AccountStatus(Account(FOREIGN, None), passage),)), FRESHNESS) is Attention.NONE


def test_order_is_by_attention_then_by_name_whatever_its_capitals() -> None:
    rows = [named("well"), named("b", WAITING), named("C", WAITING), named("A", WAITING), named("blocked", BLOCKED), named("gaps", GAPS)]

    found = by_attention(office(*rows, failures=(BROKEN,)), FRESHNESS)

    assert names(*found) == ["gaps", "klant-099", "blocked", "A", "b", "C", "well"]


def accounts(status: OfficeStatus) -> list[tuple[str, bool]]:
    """Each row's company or database, and whether its statements were looked at."""
    found = accounts_by_attention(status, FRESHNESS)
    return [(names(row)[0], one is not None and one.check is not None) for row, one in found]


def test_accounts_are_in_the_order_of_their_own_needs() -> None:
    two = replace(GAPS, company=company("A", "A"), accounts=(*WELL.accounts, *GAPS.accounts))

    assert accounts(office(named("B", aged(99)), two)) == [("A", True), ("B", False), ("A", False)]


def test_account_needs_what_its_company_needs() -> None:
    found = accounts(office(named("stale", aged(99)), named("unread", UNREAD), named("well"), named("blocked", BLOCKED)))

    assert [name for name, _ in found] == ["unread", "blocked", "stale", "well"]


def test_what_has_no_account_stands_among_accounts() -> None:
    bare = named("bare", replace(BLOCKED, accounts=()))

    assert accounts(office(named("well"), bare, failures=(BROKEN,))) == [("klant-099", False), ("bare", False), ("well", False)]


@pytest.mark.parametrize("only_problems", [True, False])
def test_problems_leave_out_what_is_well(*, only_problems: bool) -> None:
    status = office(named("well"), named("waits", WAITING), failures=(BROKEN,))

    assert ("well" in names(*by_attention(status, FRESHNESS, only_problems=only_problems))) is not only_problems


# --- alarms --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "alarms"),
    [
        (WELL, []),
        (GAPS, [Alarm.GAPS]),
        (aged(36), [Alarm.STALE]),
        (aged(35), []),
        (aged(99, is_expected=False), []),
        (WAITING, [Alarm.DISCONNECTED]),
        (replace(WELL, connection=Connection.CONSENT_MISSING), [Alarm.DISCONNECTED]),
        (BLOCKED, []),
    ],
)
def test_alarm_is_raised_about_what_it_says(row: CompanyStatus, alarms: list[Alarm]) -> None:
    assert raise_alarms(office(row), list(Alarm), FRESHNESS) == [Raised(alarm, 1) for alarm in alarms]


def test_only_the_alarms_that_were_asked_for_are_raised() -> None:
    assert raise_alarms(office(WAITING, aged(99)), [Alarm.STALE], FRESHNESS) == [Raised(Alarm.STALE, 1)]


def test_statements_that_are_only_doubtful_raise_no_alarm() -> None:
    (check,) = [one.check for one in GAPS.accounts]
    assert check is not None
    doubtful = replace(check, troubles=tuple(replace(one, error=errors.StatementsDoubtful()) for one in check.troubles))
    row = replace(GAPS, accounts=(replace(GAPS.accounts[0], check=doubtful),))

    assert raise_alarms(office(row), list(Alarm), FRESHNESS) == []
    assert of_company(row, FRESHNESS) is Attention.NONE


def test_unread_statements_are_a_trouble_of_their_company() -> None:
    error: CodalinkError = errors.RightsMissing()
    (row,) = with_statements(office(WELL), OfficeStatements((CompanyStatements(WELL.company, error=error),))).companies

    assert row.trouble is error
