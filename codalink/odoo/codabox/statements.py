"""Bank journals, the statements in them, and fetching new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from codalink.errors import AnswerUnexpected, NoFiles
from codalink.odoo import answers
from codalink.odoo.codabox.fetching import fetch
from codalink.odoo.gateway import Gateway, Json, search_read

CODABOX_FEED = "l10n_be_codabox"
"""The bank feed of a journal that CodaBox fills."""


@dataclass(frozen=True)
class JournalRecord:
    """A bank journal. `feed` is Odoo's word: `l10n_be_codabox`, `undefined`, `online_sync`, …; `currency` is "" for the company's own."""

    id: int
    company_id: int
    name: str
    iban: str
    currency: str
    feed: str

    @property
    def takes_codabox(self) -> bool:
        """Whether Odoo puts CodaBox's files here (contract, section 2: feed CodaBox, or none chosen yet)."""
        return self.feed in {CODABOX_FEED, "undefined"}


@dataclass(frozen=True)
class StatementRecord:
    """A bank statement. Balances are in the journal's currency."""

    id: int
    journal_id: int
    name: str
    date: date | None
    balance_start: Decimal
    balance_end: Decimal
    attachment_ids: tuple[int, ...]


def read_journals(gateway: Gateway, company_ids: Sequence[int]) -> list[JournalRecord]:
    """The bank journals of the companies. One call."""
    fields = ["name", "company_id", "bank_acc_number", "currency_id", "bank_statements_source"]
    call = search_read("account.journal", [["type", "=", "bank"], ["company_id", "in", list(company_ids)]], fields, companies=company_ids)
    return [_journal(row) for row in answers.rows(gateway.execute(call), "its bank journals")]


def _journal(row: answers.Row) -> JournalRecord:
    currency = row.get("currency_id")
    return JournalRecord(
        id=answers.own_id(row),
        company_id=answers.reference(row, "company_id") or 0,
        name=answers.text(row, "name"),
        iban=answers.text(row, "bank_acc_number").replace(" ", ""),
        currency=str(currency[1]) if isinstance(currency, list) and len(currency) > 1 else "",
        feed=answers.text(row, "bank_statements_source"),
    )


def fetch_coda(gateway: Gateway, company_id: int, journal_id: int) -> list[int]:
    """Fetch new CODA files for all CodaBox journals of the company; ids of the new statements. One call of up to 15 minutes.

    Safe to repeat: Odoo keeps file by file what it has fetched. Nothing new is an empty list. Raises FetchTimedOut.
    """
    button = "l10n_be_codabox_manually_fetch_coda_transactions"
    try:
        answer = fetch(gateway, button, company_id, journal_id)
    except NoFiles:
        return []
    domain = answers.action(answer, "fetch CODA files").get("domain")
    for term in domain if isinstance(domain, list) else []:
        if isinstance(term, list) and len(term) == 3 and term[0] == "statement_id" and isinstance(term[2], list):
            return [number for number in term[2] if answers.is_id(number)]
    raise AnswerUnexpected("Odoo fetched files, but did not tell which statements are new.")


_STATEMENT_FIELDS = ["journal_id", "name", "date", "balance_start", "balance_end_real", "attachment_ids"]


def read_statements(gateway: Gateway, company_id: int, statement_ids: Sequence[int]) -> list[StatementRecord]:
    """Statements by id, in order of date. One call."""
    call = search_read(
        "account.bank.statement", [["id", "in", list(statement_ids)]], _STATEMENT_FIELDS, order="date, id", companies=[company_id]
    )
    return [statement_record(row) for row in answers.rows(gateway.execute(call), "the statements")]


def last_statement_before(gateway: Gateway, company_id: int, journal_id: int, day: date) -> StatementRecord | None:
    """The journal's last statement of an earlier date. One call."""
    return _nearest(gateway, company_id, [["journal_id", "=", journal_id], ["date", "<", day.isoformat()]], "date desc, id desc")


def first_statement_after(gateway: Gateway, company_id: int, journal_id: int, day: date) -> StatementRecord | None:
    """The journal's first statement of a later date. One call."""
    return _nearest(gateway, company_id, [["journal_id", "=", journal_id], ["date", ">", day.isoformat()]], "date, id")


def _nearest(gateway: Gateway, company_id: int, domain: Sequence[Json], order: str) -> StatementRecord | None:
    call = search_read("account.bank.statement", domain, _STATEMENT_FIELDS, order=order, limit=1, companies=[company_id])
    found = answers.rows(gateway.execute(call), "the statements")
    return statement_record(found[0]) if found else None


def last_statement_dates(gateway: Gateway, company_ids: Sequence[int], journal_ids: Sequence[int]) -> dict[int, date]:
    """Date of each journal's last statement; journals without one are left out.

    One call as a rule: the newest statements first, in pages, each page for the journals that have not shown up yet.
    """
    dates: dict[int, date] = {}
    remaining = list(journal_ids)
    while remaining:
        page = 20 * len(remaining)
        call = search_read(
            "account.bank.statement",
            [["journal_id", "in", remaining]],
            ["journal_id", "date"],
            order="date desc, id desc",
            limit=page,
            companies=company_ids,
        )
        found = answers.rows(gateway.execute(call), "the last statements")
        for row in found:
            journal_id, when = answers.reference(row, "journal_id"), answers.day(row, "date")
            if journal_id is not None and when is not None:
                dates.setdefault(journal_id, when)
        unseen = [journal_id for journal_id in remaining if journal_id not in dates]
        if len(found) < page or len(unseen) == len(remaining):
            break
        remaining = unseen
    return dates


def attachment_names(gateway: Gateway, company_id: int, attachment_ids: Sequence[int]) -> dict[int, str]:
    """Names of attachments, by id. One call, none for an empty list."""
    if not attachment_ids:
        return {}
    call = search_read("ir.attachment", [["id", "in", list(attachment_ids)]], ["name"], companies=[company_id])
    return {answers.own_id(row): answers.text(row, "name") for row in answers.rows(gateway.execute(call), "the attachments")}


def statement_record(row: answers.Row) -> StatementRecord:
    """One row of Odoo's statements as a value; fields that were not asked for are empty. Raises AnswerUnexpected."""
    attachments = row.get("attachment_ids")
    return StatementRecord(
        id=answers.own_id(row),
        journal_id=answers.reference(row, "journal_id") or 0,
        name=answers.text(row, "name"),
        date=answers.day(row, "date"),
        balance_start=_amount(row, "balance_start"),
        balance_end=_amount(row, "balance_end_real"),
        attachment_ids=tuple(number for number in attachments if answers.is_id(number)) if isinstance(attachments, list) else (),
    )


def _amount(row: answers.Row, field: str) -> Decimal:
    """Odoo sends floats; two decimals are what was meant."""
    value = row.get(field)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    try:
        return Decimal(str(value)).quantize(Decimal("0.01")) if is_number else Decimal(0)
    except InvalidOperation as error:  # endless, or larger than any balance
        raise AnswerUnexpected(f"Odoo gives a statement the balance {value}.") from error
