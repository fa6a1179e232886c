"""Offices for the report: companies whose accounts have a year of statements, whole or damaged, of any size."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from codalink import errors
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.delivery.continuity import Link
from codalink.office.delivery.statements import AccountCheck, check_account
from codalink.office.model import Account, DatabaseFailure
from codalink.office.overview.attention import Freshness
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus
from codalink.office.readiness.gates import CompanyGates, first_closed
from codalink.office.readiness.mandates import Mandate, Mandates, MandateState
from tests.unit.fakes import OFFICE, company

TODAY = date(2026, 3, 31)
FRESHNESS = Freshness(TODAY, timedelta(days=35))
IBAN, OTHER_IBAN = "BE68539007547034", "BE71096123456769"
_SATURDAY = 5


def checked(*, iban: str = IBAN, days: int = 300, until: date = TODAY, left_out: Iterable[int] = ()) -> AccountCheck:
    """An account with a statement each working day of the last `days` before `until`, but for those `left_out` (0 is the first)."""
    dates = [day for day in (until - timedelta(days=days - 1 - back) for back in range(days)) if day.weekday() < _SATURDAY]
    links = [Link(day, Decimal(10 * number), Decimal(10 * number + 10)) for number, day in enumerate(dates)]
    out = set(left_out)
    return check_account(iban, "", [link for number, link in enumerate(links) if number not in out], TODAY, FRESHNESS.stale_after)


def account(check: AccountCheck | None, *, state: MandateState = MandateState.ACTIVE, is_connected: bool = True) -> AccountStatus:
    """An account of a company that is connected, unless told otherwise, with a mandate in this state."""
    iban = check.account if check else IBAN
    journal = JournalRecord(1, 1, "Bank", iban, "", "l10n_be_codabox")
    gates = CompanyGates(is_connected, is_connected or None)
    passage = first_closed(journal, gates, Mandates((Mandate(iban, state, state.value),)))
    return AccountStatus(Account(journal, check.last if check else None), passage, is_expected=is_connected, check=check)


def row(name: str, *accounts: AccountStatus, connection: Connection = Connection.CONNECTED, database: str = "klant-001") -> CompanyStatus:
    """A company's status."""
    return CompanyStatus(company(name, database), connection, accounts)


def office(*rows: CompanyStatus, failures: tuple[DatabaseFailure, ...] = ()) -> OfficeStatus:
    """An office about which everything is known."""
    return OfficeStatus(OFFICE, rows, failures, is_refreshed=True, has_mandates=True, has_statements=True)


def large_office(companies: int) -> OfficeStatus:
    """An office of so many companies, with every kind of trouble among them."""
    return office(*(_nth(number) for number in range(companies)))


_WHOLE, _HOLED = checked(days=371), checked(iban=OTHER_IBAN, days=371, left_out=range(120, 131))
_DOTTED = checked(days=371, left_out=[*range(30, 31), *range(200, 202)])
_SILENT, _YOUNG = checked(until=TODAY - timedelta(days=60)), checked(days=90)


def _nth(number: int) -> CompanyStatus:
    name, database = f"{_TRADES[number % len(_TRADES)]} {number:04}", f"klant-{number:04}"
    match number % 20:
        case 0:
            return row(name, account(_WHOLE), account(_HOLED), database=database)
        case 1:
            return row(name, account(_DOTTED), database=database)
        case 2:
            return row(name, account(_SILENT), database=database)
        case 3 | 4:
            return row(name, account(checked(days=1), state=MandateState.AWAITING_SIGNATURE), database=database)
        case 5:
            return row(name, account(None, is_connected=False), connection=Connection.NOT_CONNECTED, database=database)
        case 6:
            return replace(row(name, connection=Connection.NOT_CONNECTABLE, database=database), obstacle=errors.NumberMissing())
        case 7:
            return row(name, account(_YOUNG, state=MandateState.BANK_PROCEDURE), database=database)
        case _:
            return row(name, account(_WHOLE), database=database)


_TRADES = ("Bakkerij", "Garage", "Hôtel", "Slagerij", "Brouwerij", "Apotheek", "Librairie")
