"""What came in from CodaBox, for people and for machines: account by account, payroll, and files brought home."""

from collections.abc import Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.text import Text

from codalink.errors import CodalinkError, NoStatementYet
from codalink.odoo.codabox.payroll import EntryRecord
from codalink.office.delivery.originals import CompanyDownload
from codalink.office.delivery.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.readiness.gates import Gate, Passage
from codalink.render import gathered
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Cells, Column, company_cells, company_columns, grid, notes, place, spaced
from codalink.render.machine import Record, company_fields, error_fields, place_fields
from codalink.render.messages import reason, several
from codalink.render.summaries import FOREIGN_EXPORT

_LONGEST_STATE = 30
_SHOWN = 5
"""Statements of one account that are listed one by one; of more, the period is told."""


def table(result: Retrieval, downloads: Sequence[CompanyDownload], width: int) -> RenderableType:
    """A row an account with its new statements, one for payroll; below, what could not be fetched, and where nothing came in."""
    alone, failures = gathered.companies(result.companies, lambda row: row.company, lambda row: row.error)
    failures += gathered.databases(result.failures)
    rows = [cells for row in alone for cells in _company(row, width)]
    rows += [(*place(failure, width)[:-1], "", Text("not reached", style="bad")) for failure in failures]
    pairs = [(foreign(row.company.name), reason(row.error)) for row in alone if row.error is not None]
    pairs += [(foreign(one.company.name), reason(one.error)) for one in downloads if one.error is not None]
    pairs += [(foreign(failure.where), reason(failure.error)) for failure in failures]
    pairs += [(foreign(row.company.name), reason(_silence(account))) for row in result.companies for account in row.silent]
    pairs += [(foreign(row.company.name), reason(passage.reason)) for row in result.companies for passage in row.skipped]
    columns = (*company_columns(width)[:-1], Column("Account"), Column("New", grows=True))
    return Group(grid(columns, rows), notes(pairs))


def _silence(account: AccountRetrieval) -> CodalinkError:
    """Why nothing came in for an account while others of its company have news: its mandate knows, or nobody."""
    if _is_mandate_closed(account) and account.passage and account.passage.reason:
        return account.passage.reason
    return NoStatementYet(f"Nothing came in for {spaced(account.journal.iban)}, while other accounts of the company have news.")


def _is_mandate_closed(account: AccountRetrieval) -> bool:
    return account.passage is not None and account.passage.gate is Gate.MANDATE


def _company(row: CompanyRetrieval, width: int) -> list[Cells]:
    whose = company_cells(row.company, width)[:-1]
    lines: list[Cells] = [(*whose, _account(account.journal.iban, width), _statements(account, width)) for account in row.accounts]
    if row.entries is not None:
        lines.append((*whose, Text("SODA"), _entries(row.entries)))
    lines += [(*whose, _account(_iban(passage), width), Text("files skipped", style="bad")) for passage in row.skipped]
    if row.error is not None:
        lines.append((*whose, "", Text("failed", style="bad")))
    return lines


def _iban(passage: Passage) -> str:
    return passage.mandate.iban if passage.mandate else ""


def _account(iban: str, width: int) -> Text:
    """The IBAN as on paper, in a narrow terminal in two lines; payroll has none."""
    groups = spaced(iban) or "SODA"
    return foreign(groups) if width >= WIDE else Text.assemble(foreign(groups[:9]), "\n", foreign(groups[10:]))


def _statements(account: AccountRetrieval, width: int) -> Text:
    if not account.statements:
        word = account.passage.mandate.word if account.passage and account.passage.mandate else "missing"
        closed = Text.assemble(", mandate ", foreign(word, "waiting", longest=_LONGEST_STATE)) if _is_mandate_closed(account) else Text()
        return Text.assemble(("nothing new", "background"), closed)
    if len(account.statements) <= _SHOWN:
        return Text("\n").join(_statement(statement, width) for statement in account.statements)
    first, last = account.statements[0].record, account.statements[-1].record
    whole = sum(statement.has_coda for statement in account.statements)
    days = " to ".join(record.date.isoformat() if record.date else "no date" for record in (first, last))
    balances = f"{first.balance_start:,.2f} → {last.balance_end:,.2f}"
    return Text(f"{len(account.statements)} statements of {days}  {balances}  {whole} with CODA")


def _statement(statement: NewStatement, width: int) -> Text:
    """In one line, or in a narrow terminal in two, so that no amount is torn apart."""
    record = statement.record
    files = [word for word, is_there in (("CODA", statement.has_coda), ("PDF", statement.has_pdf)) if is_there]
    when = record.date.isoformat() if record.date else "no date"
    balances = f"{record.balance_start:,.2f} → {record.balance_end:,.2f}"
    kept = Text(" ".join(files) or "no files", "good" if files else "waiting")
    named = Text.assemble(f"{when}  ", foreign(record.name), "  ")
    return Text.assemble(named, f"{balances}  ", kept) if width >= WIDE else Text.assemble(named, kept, f"\n  {balances}")


def _entries(entries: Sequence[EntryRecord]) -> Text:
    if not entries:
        return Text("nothing new", style="background")
    drafts = sum(entry.is_draft for entry in entries)
    told = Text(several(len(entries), "payroll entry", "payroll entries"))
    return told.append(f", {drafts} to be posted by you", style="waiting") if drafts else told


def summary(result: Retrieval, downloads: Sequence[CompanyDownload] | None = None) -> str:
    """How much came in, and how many files were brought home; None where that was not asked for."""
    count = sum(row.count for row in result.companies)
    entries = sum(len(row.entries or ()) for row in result.companies)
    told = several(count, "new statement")
    told += f" and {several(entries, 'payroll entry', 'payroll entries')}" if entries else ""
    told += f" for {several(len(result.companies), 'company', 'companies')}."
    told += _skipped(result)
    if downloads is None:
        return told
    fetched, known = sum(one.fetched for one in downloads), sum(one.known for one in downloads)
    told += f" {several(fetched, 'file')} downloaded, {known} there already."
    left = _left(result, downloads)
    return told + (f" Some files are left: run it again with --since {left.isoformat()}." if left else "")


def _skipped(result: Retrieval) -> str:
    """For how many accounts Odoo skips the files, where somebody told of the mandates."""
    count = sum(len(row.skipped) for row in result.companies)
    if count:
        return f" Odoo skips the files of {several(count, 'account')} for which CodaBox has a mandate: no bank journal takes them."
    passages = [account.passage for row in result.companies for account in row.accounts if account.passage]
    return f" {FOREIGN_EXPORT}" if passages and not any(passage.mandate for passage in passages) else ""


def _left(result: Retrieval, downloads: Sequence[CompanyDownload]) -> date | None:
    """The first day of the statements whose files should be here and are not: the next run wouldn't call them new."""
    whole = {one.company for one in downloads if one.is_whole}
    accounts = [account for row in result.companies if row.company not in whole for account in row.accounts]
    new = [one.record.date for account in accounts for one in account.statements]
    return min((day for day in new if day is not None), default=None)


def records(result: Retrieval, downloads: Sequence[CompanyDownload] = ()) -> list[Record]:
    """A row a new statement or payroll entry, one for each account without news, and one for each company or database with an error."""
    rows: list[Record] = []
    for row in result.companies:
        whose = company_fields(row.company)
        rows += [{**whose, **_NOTHING, **fields} for account in row.accounts for fields in _account_rows(account, row)]
        rows += [{**whose, **_NOTHING, **_entry(entry), **error_fields(None)} for entry in row.entries or ()]
        rows += [{**whose, **_NOTHING, **_stopped(passage)} for passage in row.skipped]
        rows += [{**whose, **_NOTHING, **error_fields(row.error)}] if row.error is not None else []
    rows += [{**company_fields(one.company), **_NOTHING, **error_fields(one.error)} for one in downloads if one.error is not None]
    rows += [{**place_fields(one.where, one.server), **_NOTHING, **error_fields(one.error)} for one in result.failures]
    return rows


def _account_rows(account: AccountRetrieval, row: CompanyRetrieval) -> list[Record]:
    mandate = account.passage.mandate if account.passage else None
    known: Record = {"iban": account.journal.iban, "mandate": mandate.word if mandate else None}
    why = _silence(account) if account in row.silent else None
    return [{**known, **_of(statement), **error_fields(None)} for statement in account.statements] or [{**known, **error_fields(why)}]


def _stopped(passage: Passage) -> Record:
    """An account whose files are skipped."""
    kind = "coda" if _iban(passage) else "soda"
    mandate = passage.mandate.word if passage.mandate else None
    return {"kind": kind, "iban": _iban(passage), "mandate": mandate, **error_fields(passage.reason)}


def _of(statement: NewStatement) -> Record:
    record = statement.record
    return {
        "kind": "coda",
        "statement": record.name,
        "date": record.date.isoformat() if record.date else None,
        "balance_start": str(record.balance_start),
        "balance_end": str(record.balance_end),
        "coda": statement.has_coda,
        "pdf": statement.has_pdf,
    }


def _entry(entry: EntryRecord) -> Record:
    return {"kind": "soda", "statement": entry.name, "date": entry.date.isoformat() if entry.date else None, "draft": entry.is_draft}


_NOTHING: Record = {
    "kind": "",
    "iban": "",
    "statement": "",
    "date": None,
    "balance_start": None,
    "balance_end": None,
    "coda": None,
    "pdf": None,
    "draft": None,
    "mandate": None,
}
