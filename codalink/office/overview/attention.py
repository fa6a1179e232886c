"""What needs attention first: the order of a status, and what is old. Pure judgement of what was read."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from codalink.errors import Turn
from codalink.office.model import DatabaseFailure
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus


class Attention(IntEnum):
    """How much a row needs somebody, the most first."""

    BROKEN = 1
    """Statements don't follow each other."""
    FAILED = 2
    """Something could not be read."""
    BLOCKED = 3
    """The company can't be connected."""
    WAITING = 4
    """It is somebody's turn, or the last statement is old."""
    NONE = 5


@dataclass(frozen=True)
class Freshness:
    """How old a last statement is, and from when on that is worth a look."""

    today: date
    stale_after: timedelta

    def age_days(self, last: date | None) -> int | None:
        """The age in days; None where there is no statement."""
        return None if last is None else (self.today - last).days

    def is_stale(self, one: AccountStatus) -> bool:
        """Whether the last statement is too old for an account that CodaBox should fill. One that never had any is not stale."""
        last = one.account.last_statement
        return one.is_expected and last is not None and self.today - last > self.stale_after


Row = CompanyStatus | DatabaseFailure


def by_attention(status: OfficeStatus, freshness: Freshness, *, only_problems: bool = False) -> list[Row]:
    """Companies and what could not be read, those that need attention first, then by name; with `only_problems`, the rest is left out."""
    rows: list[Row] = [*status.companies, *status.failures]
    ranked = [(_of_row(row, freshness), _name(row), row) for row in rows]
    ranked.sort(key=lambda one: one[:2])
    return [row for rank, _, row in ranked if rank is not Attention.NONE or not only_problems]


def accounts_by_attention(
    status: OfficeStatus, freshness: Freshness, *, only_problems: bool = False
) -> list[tuple[Row, AccountStatus | None]]:
    """Every account with its company, in the same order. None with what has no account: a company without any, a database not reached."""
    pairs: list[tuple[Row, AccountStatus | None]] = [(row, one) for row in status.companies for one in row.accounts]
    pairs += [(row, None) for row in status.companies if not row.accounts]
    pairs += [(failure, None) for failure in status.failures]
    ranked = [(_of_pair(row, one, freshness), _name(row), (row, one)) for row, one in pairs]
    ranked.sort(key=lambda one: one[:2])
    return [pair for rank, _, pair in ranked if rank is not Attention.NONE or not only_problems]


def of_company(row: CompanyStatus, freshness: Freshness) -> Attention:
    """How much a company needs somebody: as much as its worst part."""
    waits = row.connection is not Connection.CONNECTED or row.strays or (row.payroll and row.payroll.turn is not Turn.NOBODY)
    accounts = (_of_account(one, freshness) for one in row.accounts)
    return min(*accounts, _standing(row), Attention.WAITING if waits else Attention.NONE, Attention.NONE)


def _of_account(one: AccountStatus, freshness: Freshness) -> Attention:
    """What nobody can open, such as CodaBox for a foreign account, needs nobody."""
    if one.check is not None and not one.check.is_complete:
        return Attention.BROKEN
    return Attention.WAITING if one.passage.turn is not Turn.NOBODY or freshness.is_stale(one) else Attention.NONE


def _standing(row: CompanyStatus) -> Attention:
    """What is wrong with the whole company, and so with each of its accounts."""
    if row.trouble is not None:
        return Attention.FAILED
    return Attention.BLOCKED if row.connection is Connection.NOT_CONNECTABLE else Attention.NONE


def _of_pair(row: Row, one: AccountStatus | None, freshness: Freshness) -> Attention:
    if one is None or isinstance(row, DatabaseFailure):
        return _of_row(row, freshness)
    return min(_of_account(one, freshness), _standing(row))


def _of_row(row: Row, freshness: Freshness) -> Attention:
    return of_company(row, freshness) if isinstance(row, CompanyStatus) else Attention.FAILED


def _name(row: Row) -> str:
    return (row.company.name if isinstance(row, CompanyStatus) else row.where).casefold()
