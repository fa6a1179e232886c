"""Fetching new statements and payroll entries from CodaBox, now."""

from collections.abc import Sequence
from dataclasses import dataclass

from codalink.errors import CodalinkError, NoCodaBoxJournal, NoConnection
from codalink.errors.statements import NoSodaJournal
from codalink.odoo.codabox.payroll import EntryRecord, fetch_soda, read_entries
from codalink.odoo.codabox.statements import (
    CODABOX_FEED,
    JournalRecord,
    StatementRecord,
    attachment_names,
    fetch_coda,
    read_journals,
    read_statements,
)
from codalink.odoo.gateway import Gateway
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.events import PieceDone, StageEnded, StageStarted, UnderWay
from codalink.office.means import Means
from codalink.office.model import Company, DatabaseFailure, by_database, server_of
from codalink.office.readiness.gates import Passage


@dataclass(frozen=True)
class Wanted:
    """What to fetch: bank statements, payroll entries, or both. Payroll comes only where the company has a SODA journal."""

    coda: bool = True
    soda: bool = True


EVERYTHING = Wanted()


@dataclass(frozen=True)
class NewStatement:
    """A statement that came in."""

    record: StatementRecord
    has_coda: bool
    has_pdf: bool


@dataclass(frozen=True)
class AccountRetrieval:
    """What came in on one bank account; nothing new is an empty `statements`."""

    journal: JournalRecord
    statements: tuple[NewStatement, ...]
    passage: Passage | None = None
    """How far its files get, its mandate included; None where nobody told of the mandates."""


@dataclass(frozen=True)
class CompanyRetrieval:
    """What came in for one company, or why nothing could. `error` may stand beside what came in before it."""

    company: Company
    accounts: tuple[AccountRetrieval, ...] = ()
    entries: tuple[EntryRecord, ...] | None = None
    """New payroll entries; None where they were not asked for."""
    error: CodalinkError | None = None
    journals: tuple[JournalRecord, ...] | None = None
    """All its bank journals; None where nobody has looked."""
    skipped: tuple[Passage, ...] = ()
    """Where files stop that its mandates bring and no journal takes, as far as somebody told of the mandates."""

    @property
    def count(self) -> int:
        """How many statements came in."""
        return sum(len(account.statements) for account in self.accounts)

    @property
    def silent(self) -> tuple[AccountRetrieval, ...]:
        """The accounts without news beside others that have some: perhaps their files find no journal, or their mandate is not active.

        There is no CODA for foreign accounts (facts, section 4), so these are not missed.
        """
        silent = (account for account in self.accounts if not account.statements and account.journal.iban.upper().startswith("BE"))
        return tuple(silent) if self.count else ()


@dataclass(frozen=True)
class Retrieval:
    """What a run of `retrieve` brought. `was_interrupted`: companies that were not asked any more are left out."""

    companies: tuple[CompanyRetrieval, ...]
    failures: tuple[DatabaseFailure, ...] = ()
    was_interrupted: bool = False


def retrieve(companies: Sequence[Company], failures: Sequence[DatabaseFailure], means: Means, wanted: Wanted = EVERYTHING) -> Retrieval:
    """Let Odoo fetch the new files of these companies, side by side; repeatable, since Odoo keeps what it has fetched."""
    together = by_database(companies)
    done: list[CompanyRetrieval] = []
    means.listener(StageStarted("Fetching from CodaBox", len(companies)))

    def fetch_group(group: Sequence[Company]) -> list[CompanyRetrieval]:
        return [_fetched(company, means, wanted) for company in group if not means.stop.is_requested]

    for _, found in means.runner.each(together, fetch_group, means.stop, lane=server_of):
        done += found
    means.listener(StageEnded())
    order = {company: number for number, company in enumerate(companies)}
    return Retrieval(tuple(sorted(done, key=lambda one: order[one.company])), tuple(failures), means.stop.is_requested)


def _fetched(company: Company, means: Means, wanted: Wanted) -> CompanyRetrieval:
    found = retrieve_company(company, means, wanted)
    came_in = found.count + len(found.entries or ())
    told = f"{came_in} new" if came_in else "nothing new"
    means.listener(PieceDone(company.name, failed=found.error is not None, subject=company, told=told))
    return found


def retrieve_company(company: Company, means: Means, wanted: Wanted = EVERYTHING) -> CompanyRetrieval:
    """Fetch one company's files: two calls for statements and one for payroll, and two and one more where something came in.

    Its failure is its result; what came in before it is told all the same.
    """
    if not company.record.is_connected:
        return CompanyRetrieval(company, error=NoConnection("The company is not connected to CodaBox."))
    accounts: tuple[AccountRetrieval, ...] = ()
    entries: tuple[EntryRecord, ...] | None = None
    journals: tuple[JournalRecord, ...] | None = None
    means.listener(UnderWay(company, "looking for its bank journals"))
    try:
        gateway = means.gateway(company)
        if wanted.coda:
            journals = tuple(read_journals(gateway, [company.record.id]))
            accounts = _statements(company, journals, gateway, means)
        if wanted.soda and company.record.soda_journal_id is not None:
            entries = _payroll(company, company.record.soda_journal_id, gateway, means)
        elif not wanted.coda:
            raise NoSodaJournal
    except CodalinkError as error:
        return CompanyRetrieval(company, accounts, entries, error, journals)
    return CompanyRetrieval(company, accounts, entries, None, journals)


def _statements(company: Company, known: Sequence[JournalRecord], gateway: Gateway, means: Means) -> tuple[AccountRetrieval, ...]:
    company_id = company.record.id
    journals = [journal for journal in known if journal.takes_codabox and journal.iban]
    if not journals:
        raise NoCodaBoxJournal
    button = min(journals, key=lambda journal: journal.feed != CODABOX_FEED)  # Odoo shows it on CodaBox's own journals
    means.listener(UnderWay(company, "fetching CODA"))
    with announced(means.listener, Change(ChangeKind.RETRIEVE, company)):
        new_ids = fetch_coda(gateway, company_id, button.id)
    if new_ids:
        means.listener(UnderWay(company, f"reading statements, {len(new_ids)} new"))
    statements = read_statements(gateway, company_id, new_ids) if new_ids else []
    names = attachment_names(gateway, company_id, [number for one in statements for number in one.attachment_ids])
    return tuple(AccountRetrieval(journal, _new_in(journal, statements, names)) for journal in journals)


def _payroll(company: Company, journal_id: int, gateway: Gateway, means: Means) -> tuple[EntryRecord, ...]:
    company_id = company.record.id
    means.listener(UnderWay(company, "fetching SODA"))
    with announced(means.listener, Change(ChangeKind.RETRIEVE, company, "SODA")):
        new_ids = fetch_soda(gateway, company_id, journal_id)
    return tuple(read_entries(gateway, company_id, new_ids))


def _new_in(journal: JournalRecord, statements: Sequence[StatementRecord], names: dict[int, str]) -> tuple[NewStatement, ...]:
    def has(statement: StatementRecord, ending: str) -> bool:
        return any(names.get(number, "").lower().endswith(ending) for number in statement.attachment_ids)

    return tuple(NewStatement(one, has(one, ".coda"), has(one, ".pdf")) for one in statements if one.journal_id == journal.id)
