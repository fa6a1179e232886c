"""Files that Odoo skips without a word because no journal takes them, as far as MyCodaBox's export of mandates can tell."""

from collections.abc import Sequence
from dataclasses import replace

from codalink.errors.statements import NoSodaJournal
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.delivery.retrieve import CompanyRetrieval, Retrieval
from codalink.office.model import Company, Office
from codalink.office.readiness.gates import CompanyGates, Gate, Passage, first_closed, of_number, without_journals
from codalink.office.readiness.mandates import Mandates

_FETCHED = CompanyGates(is_connected=True, is_consented=True)
"""How a company stands for which files could be fetched."""


def with_mandates(result: Retrieval, mandates: Mandates, office: Office, surveyed: Sequence[Company]) -> Retrieval:
    """The retrieval with how the mandate of each account stands, and with the accounts whose files Odoo skips.

    Nothing is said of another office's companies, which are not in this one's export. `surveyed` are all companies: where one of them has
    the same number and its journals were not read, an account that seems to have no journal may have one there.
    """
    ours = [row for row in result.companies if row.journals is not None and row.company.office_vat == office.vat]
    read = {row.company for row in ours}
    unsure = {one.vat for one in surveyed if one not in read}
    strays = without_journals(mandates, [journal.iban for row in ours for journal in row.journals or ()])

    def judged(row: CompanyRetrieval) -> CompanyRetrieval:
        if row.company not in read:
            return row
        passages = [(journal, first_closed(journal, _FETCHED, mandates)) for journal in row.journals or ()]
        skipped = _closed_journals(passages)
        skipped += of_number(strays, row.company.vat) if row.company.vat not in unsure else ()
        skipped += _payroll(row.company, mandates)
        found = {journal.id: passage for journal, passage in passages}
        accounts = tuple(replace(account, passage=found.get(account.journal.id)) for account in row.accounts)
        return replace(row, accounts=accounts, skipped=tuple(one for one in skipped if _is_delivered(one)))

    return replace(result, companies=tuple(judged(row) for row in result.companies))


def _is_delivered(passage: Passage) -> bool:
    """Whether its mandate brings files, as soon as there are any."""
    return passage.mandate is not None and passage.mandate.trouble is None


def _closed_journals(passages: Sequence[tuple[JournalRecord, Passage]]) -> list[Passage]:
    """Of the journals that take no files; unless another journal takes those of the same account."""
    taken = {journal.iban for journal, passage in passages if passage.gate is Gate.OPEN}
    return [passage for journal, passage in passages if journal.iban not in taken]


def _payroll(company: Company, mandates: Mandates) -> list[Passage]:
    """Of payroll files, which need a journal that somebody has chosen."""
    mandate = mandates.payroll_of(company.vat) if company.record.soda_journal_id is None else None
    return [Passage(Gate.JOURNAL, NoSodaJournal(), mandate=mandate)] if mandate else []
