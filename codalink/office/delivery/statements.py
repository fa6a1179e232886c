"""Are the statements in Odoo complete? Years of them, account by account, in pages; and do files on disk say the same?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from codalink.errors.family import CodalinkError
from codalink.errors.statements import (
    AccountSilent,
    BookedOtherwise,
    CodaOdd,
    NotBooked,
    StatementsDisordered,
    StatementsDoubtful,
    StatementsMissing,
    StatementsOverlap,
    StatementTrouble,
    StatementTwice,
)
from codalink.odoo.codabox.history import read_history
from codalink.odoo.codabox.statements import JournalRecord, StatementRecord, read_journals
from codalink.office.delivery.continuity import Breach, Discontinuity, Link, check_chain
from codalink.office.events import PieceDone, StageEnded, StageStarted, UnderWay
from codalink.office.means import Means
from codalink.office.model import Company, DatabaseFailure, by_database, server_of
from codalink.office.readiness.journals import OWN_CURRENCY

FileLinks = Mapping[tuple[str, str], Sequence[Link]]
"""What files on disk say, by IBAN and currency."""

_KINDS: dict[Breach, type[StatementTrouble]] = {
    Breach.GAP: StatementsMissing,
    Breach.DUPLICATE: StatementTwice,
    Breach.OVERLAP: StatementsOverlap,
    Breach.OUT_OF_ORDER: StatementsDisordered,
    Breach.AMBIGUOUS: StatementsDoubtful,
    Breach.SILENT: AccountSilent,
}
_HINTS = (StatementsDoubtful, AccountSilent, CodaOdd)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with an account's statements. `place` is None where it is not between statements."""

    error: StatementTrouble
    place: Discontinuity | None = None

    @property
    def is_hint(self) -> bool:
        """Whether it proves nothing."""
        return isinstance(self.error, _HINTS)

    @property
    def is_gap(self) -> bool:
        """Whether statements are missing."""
        return isinstance(self.error, StatementsMissing)


@dataclass(frozen=True)
class AccountCheck:
    """One bank account: how many statements there are, from when to when, and what is wrong with them."""

    account: str
    """The IBAN, or the journal's name where it has none."""
    currency: str
    """Empty for the company's own."""
    count: int
    first: date | None
    last: date | None
    troubles: tuple[Trouble, ...]
    days: tuple[date, ...] = ()
    """The dates of its statements, in order, each once."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is proven to be wrong."""
        return all(trouble.is_hint for trouble in self.troubles)


@dataclass(frozen=True)
class CompanyStatements:
    """One company's accounts, or why they can't be read."""

    company: Company
    accounts: tuple[AccountCheck, ...] = ()
    error: CodalinkError | None = None


@dataclass(frozen=True)
class FilesCheck:
    """The files on disk, account by account, and what is wrong inside of them."""

    accounts: tuple[AccountCheck, ...] = ()
    faults: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class OfficeStatements:
    """Every company's statements, and what was not reached."""

    companies: tuple[CompanyStatements, ...] = ()
    failures: tuple[DatabaseFailure, ...] = ()

    @property
    def accounts(self) -> list[AccountCheck]:
        """All accounts of all companies."""
        return [account for row in self.companies for account in row.accounts]


@dataclass(frozen=True)
class StatementsRequest:
    """What to look at: from when on, when an account counts as silent, and what files say."""

    today: date
    silent_after: timedelta
    since: date | None = None
    files: FileLinks | None = None


def check_statements(
    request: StatementsRequest, companies: Sequence[Company], failures: Sequence[DatabaseFailure], means: Means
) -> OfficeStatements:
    """Check every bank journal of these companies: one call a database for the journals, and one a page of statements.

    What was read of a database is let go when it is judged, so that memory doesn't grow with the office. Raises SecretsError.
    """
    together = by_database(companies)
    means.listener(StageStarted("Reading statements", len(together)))

    def read(group: Sequence[Company]) -> list[CompanyStatements]:
        return _checked(group, request, means)

    rows: dict[Company, CompanyStatements] = {}
    for group, found in means.runner.each(together, read, means.stop, lane=server_of):
        rows |= {row.company: row for row in found}
        database = group[0].database
        means.listener(PieceDone(database.name, failed=any(row.error for row in found), subject=database, told="read"))
    means.listener(StageEnded())
    return OfficeStatements(tuple(rows[company] for company in companies if company in rows), tuple(failures))


def _checked(companies: Sequence[Company], request: StatementsRequest, means: Means) -> list[CompanyStatements]:
    means.listener(UnderWay(companies[0].database, "reading statements"))
    try:
        gateway = means.gateway(companies[0])
        ids = [company.record.id for company in companies]
        journals = read_journals(gateway, ids)
        links: dict[int, list[Link]] = defaultdict(list)
        count = 0
        for page in read_history(gateway, ids, [journal.id for journal in journals], request.since):
            count += len(page)
            means.listener(UnderWay(companies[0].database, f"{count:,} statements so far"))
            for record in page:
                if record.date is not None:
                    links[record.journal_id].append(_link(record, record.date))
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return [CompanyStatements(company, error=error) for company in companies]
    return [
        CompanyStatements(
            company, tuple(_account(journal, links[journal.id], request) for journal in journals if journal.company_id == company.record.id)
        )
        for company in companies
    ]


def _link(record: StatementRecord, day: date) -> Link:
    """A statement of Odoo as a link: its last group of digits is its number, as in `2026/012` or `BNK1/2026/012`."""
    digits = re.findall(r"\d+", record.name)
    number = int(digits[-1]) if len(digits) > 1 and len(digits[-1]) < len("1234567") else 0
    return Link(day, record.balance_start, record.balance_end, number=number, label=record.name)


def _account(journal: JournalRecord, links: Sequence[Link], request: StatementsRequest) -> AccountCheck:
    silent_after = request.silent_after if journal.takes_codabox else None
    checked = check_account(journal.iban or journal.name, journal.currency, links, request.today, silent_after)
    if request.files is None:
        return checked
    differing = compare(links, _files_of(journal, request.files), request.since)
    return replace(checked, troubles=(*checked.troubles, *differing))


def check_account(account: str, currency: str, links: Sequence[Link], today: date, silent_after: timedelta | None) -> AccountCheck:
    """One account's statements, wherever they are from. Without `silent_after`, no silence is told."""
    troubles = tuple(trouble_of(one) for one in check_chain(links, today=today, silent_after=silent_after))
    days = tuple(sorted({link.closed for link in links}))
    return AccountCheck(account, currency, len(links), days[0] if days else None, days[-1] if days else None, troubles, days)


def _files_of(journal: JournalRecord, files: FileLinks) -> Sequence[Link]:
    """What the files say of the journal's account. A journal without a currency has the company's own, the euro for Belgian ones."""
    return files.get((journal.iban.upper(), journal.currency or OWN_CURRENCY), ())


def trouble_of(place: Discontinuity) -> Trouble:
    """A finding in the user's words, with its dates, amounts and numbers."""
    return Trouble(_KINDS[place.breach](_cause(place)), place)


def _cause(place: Discontinuity) -> str:
    before, after = place.before, place.after
    if before is None or after is None:
        return f"The last statement is of {before.closed.isoformat()}." if before else ""
    days = f"{before.closed.isoformat()} and {after.closed.isoformat()}"
    match place.breach:
        case Breach.GAP:
            numbers = _numbers(place)
            return f"Between {days} the balance goes from {before.new} to {after.old}: {place.missing:+} is missing{numbers}."
        case Breach.DUPLICATE:
            told = f"The statement of {after.closed.isoformat()} ({after.old} to {after.new})"
            is_named_apart = before.label and after.label and before.label != after.label
            return f"{told} is there more than once" + (f": {before.label} and {after.label}." if is_named_apart else ".")
        case Breach.OVERLAP:
            began = f"The statement of {after.closed.isoformat()} begins on {after.began.isoformat()}"
            return f"{began}, before the one before it has ended on {before.closed.isoformat()}."
        case Breach.OUT_OF_ORDER:
            return f"The statements after {before.closed.isoformat()} would fit the other way round."
        case _:
            return f"Between {days} the balance stays {before.new}, but the bank's numbers jump{_numbers(place)}."


def _numbers(place: Discontinuity) -> str:
    if place.numbers is None:
        return ""
    first, last = place.numbers
    return f", probably number {first}" if first == last else f", probably numbers {first} to {last}"


def compare(booked: Iterable[Link], files: Iterable[Link], since: date | None = None) -> list[Trouble]:
    """What files say and Odoo doesn't: statements that are not booked, and those that were booked with other balances."""
    in_odoo: dict[date, set[tuple[object, object]]] = defaultdict(set)
    for link in booked:
        in_odoo[link.closed].add((link.old, link.new))
    troubles: list[Trouble] = []
    for link in files:
        balances = in_odoo.get(link.closed, set())
        if (link.old, link.new) in balances or (since is not None and link.closed < since):
            continue
        told = f"The statement of {link.closed.isoformat()} ({link.old} to {link.new}, {link.label})"
        is_other = any(old == link.old or new == link.new for old, new in balances)
        troubles.append(
            Trouble(BookedOtherwise(f"{told} has other balances in Odoo.") if is_other else NotBooked(f"{told} is not in Odoo."))
        )
    return troubles
