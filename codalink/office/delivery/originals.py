"""Bringing home the original files of statements and payroll entries: which ones there are, which are here already, and fetching the rest.

What a place on disk is, only the shelf knows (downloads.py). A file is put there whole or not at all, under a name of our own making.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from codalink.errors import CodalinkError, FileDiffers
from codalink.odoo.codabox.history import read_history
from codalink.odoo.codabox.originals import AttachmentRecord, list_attachments, read_contents
from codalink.odoo.codabox.payroll import EntryRecord, read_journal_entries
from codalink.odoo.codabox.statements import JournalRecord, StatementRecord, read_journals
from codalink.odoo.gateway import Gateway
from codalink.office.delivery.retrieve import CompanyRetrieval
from codalink.office.events import PieceDone, StageEnded, StageStarted, UnderWay
from codalink.office.means import Means
from codalink.office.model import Company, server_of


class OriginalKind(Enum):
    """What a file is; the value is the ending of its name."""

    CODA = "coda"
    PDF = "pdf"
    SODA = "xml"


@dataclass(frozen=True)
class Original:
    """One file that Odoo keeps. `account` is the IBAN with its currency where that is not the company's own, or `SODA`."""

    company: Company
    account: str
    day: date | None
    number: str
    kind: OriginalKind
    attachment_id: int
    size: int


class Shelf(Protocol):
    """Where files are put. Safe for several threads."""

    def has(self, original: Original) -> bool:
        """Whether this very file is there already, from this run or an earlier one."""

    def put(self, original: Original, content: bytes) -> None:
        """Keep the file. Raises FileRefused where something else has its name, or the disk doesn't take it."""


@dataclass(frozen=True)
class Period:
    """From which day to which one; None for no limit. With no limit at all, only what came in just now is meant."""

    since: date | None = None
    until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether neither end is set."""
        return self.since is None and self.until is None

    def has(self, day: date | None) -> bool:
        """Whether the day lies in it."""
        return day is not None and (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class CompanyDownload:
    """What was brought home for one company: files that are new here, and how many were here already.

    `is_whole` says whether none is left to fetch; if not, because of `error`, or as the run was interrupted.
    """

    company: Company
    fetched: int = 0
    known: int = 0
    error: CodalinkError | None = None
    is_whole: bool = True


def download_originals(rows: Sequence[CompanyRetrieval], period: Period, shelf: Shelf, means: Means) -> list[CompanyDownload]:
    """Bring home the files of what came in, or of the period, company by company, side by side; repeatable.

    Three calls a company where all files are here already, two more for payroll, and one for every twenty files that are not here.
    """
    together: dict[object, list[CompanyRetrieval]] = defaultdict(list)
    for row in rows:
        together[row.company.database].append(row)
    means.listener(StageStarted("Downloading files", len(rows)))

    def bring(group: Sequence[CompanyRetrieval]) -> list[CompanyDownload]:
        return [_downloaded(row, period, shelf, means) for row in group if not means.stop.is_requested]

    done: list[CompanyDownload] = []
    for _, found in means.runner.each(list(together.values()), bring, means.stop, lane=_server):
        done += found
    means.listener(StageEnded())
    order = {row.company: number for number, row in enumerate(rows)}
    return sorted(done, key=lambda one: order[one.company])


def _server(group: Sequence[CompanyRetrieval]) -> object:
    return server_of([row.company for row in group])


def _downloaded(row: CompanyRetrieval, period: Period, shelf: Shelf, means: Means) -> CompanyDownload:
    found = _download_company(row, period, shelf, means)
    told = f"{found.fetched} downloaded" if found.fetched else "nothing new"
    means.listener(PieceDone(row.company.name, failed=found.error is not None, subject=row.company, told=told))
    return found


def _download_company(row: CompanyRetrieval, period: Period, shelf: Shelf, means: Means) -> CompanyDownload:
    fetched = known = 0
    trouble: CodalinkError | None = None
    means.listener(UnderWay(row.company, "looking which files there are"))
    try:
        gateway = means.gateway(row.company)
        originals = {one.attachment_id: one for one in _originals(row, period, gateway)}
        missing = [number for number, one in originals.items() if not shelf.has(one)]
        known = len(originals) - len(missing)
        if missing:
            means.listener(UnderWay(row.company, f"downloading {len(missing)} files"))
        for turn, (number, content) in enumerate(read_contents(gateway, row.company.record.id, missing), start=1):
            means.listener(UnderWay(row.company, f"downloading {turn} of {len(missing)}"))
            try:
                shelf.put(originals[number], content)
                fetched += 1
            except FileDiffers as error:  # the others can be kept all the same
                trouble = error
            if means.stop.is_requested:
                return CompanyDownload(row.company, fetched, known, trouble, is_whole=False)
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        trouble = error
    return CompanyDownload(row.company, fetched, known, trouble, is_whole=trouble is None)


def _originals(row: CompanyRetrieval, period: Period, gateway: Gateway) -> list[Original]:
    statements, journals = _statements(row, period, gateway)
    company_id = row.company.record.id
    files = list_attachments(gateway, company_id, "account.bank.statement", list(statements)) if statements else []
    found = [_of_statement(row.company, file, statements[file.owner_id], journals) for file in files if file.owner_id in statements]
    entries = {entry.id: entry for entry in _entries(row, period, gateway)}
    payroll = list_attachments(gateway, company_id, "account.move", list(entries)) if entries else []
    found += [_of_entry(row.company, file, entries[file.owner_id]) for file in payroll if file.owner_id in entries]
    return [original for original in found if original is not None]


def _statements(row: CompanyRetrieval, period: Period, gateway: Gateway) -> tuple[dict[int, StatementRecord], Mapping[int, JournalRecord]]:
    """The statements that are meant, by id, and their journals: those that came in, or those of the period."""
    if period.is_open:
        journals = {account.journal.id: account.journal for account in row.accounts}
        return {one.record.id: one.record for account in row.accounts for one in account.statements}, journals
    company_id = row.company.record.id
    journals = {one.id: one for one in read_journals(gateway, [company_id]) if one.takes_codabox}
    pages = read_history(gateway, [company_id], list(journals), period.since)
    return {record.id: record for page in pages for record in page if period.has(record.date)}, journals


def _entries(row: CompanyRetrieval, period: Period, gateway: Gateway) -> Sequence[EntryRecord]:
    """The payroll entries that are meant; none where payroll was not asked for."""
    journal_id = row.company.record.soda_journal_id
    if row.entries is None or period.is_open or journal_id is None:
        return row.entries or ()
    found = read_journal_entries(gateway, row.company.record.id, journal_id, period.since)
    return [entry for entry in found if period.has(entry.date)]


def _of_statement(
    company: Company, file: AttachmentRecord, statement: StatementRecord, journals: Mapping[int, JournalRecord]
) -> Original | None:
    """The file as one of ours; None for what somebody else has attached."""
    kind = _kind(file.name, (OriginalKind.CODA, OriginalKind.PDF))
    journal = journals.get(statement.journal_id)
    if kind is None or journal is None:
        return None
    account = " ".join(part for part in (journal.iban or journal.name, journal.currency) if part)
    return Original(company, account, statement.date, statement.name, kind, file.id, file.size)


def _of_entry(company: Company, file: AttachmentRecord, entry: EntryRecord) -> Original | None:
    kind = _kind(file.name, (OriginalKind.SODA,))
    return Original(company, "SODA", entry.date, entry.name, kind, file.id, file.size) if kind else None


def _kind(name: str, kinds: Iterable[OriginalKind]) -> OriginalKind | None:
    return next((kind for kind in kinds if name.lower().endswith(f".{kind.value}")), None)
