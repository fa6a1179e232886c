"""Results as tables that fit the terminal: pure functions of a result and a width in columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from codalink.odoo.gateway import DatabaseAddress
from codalink.office.model import Company, DatabaseFailure, Survey
from codalink.office.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.plan import Plan, Step
from codalink.office.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.status import Account, CompanyStatus, Connection, OfficeStatus
from codalink.render.console import foreign
from codalink.render.messages import reason

_WIDE = 120
"""From this many columns on, the database has a column of its own; below, it stands under the company."""

_STYLES: dict[Step | Result | Connection, str] = {
    Step.FIRST_CONNECTION: "strong",
    Step.AWAIT_CONSENT: "waiting",
    Step.CONNECT: "",
    Step.ALREADY_CONNECTED: "good",
    Step.CANNOT: "bad",
    Result.CONNECTED: "good",
    Result.ALREADY_CONNECTED: "good",
    Result.WAITING_FOR_CONSENT: "waiting",
    Result.FAILED: "bad",
    Result.SKIPPED: "bad",
    Result.NOT_TRIED: "waiting",
    Connection.CONNECTED: "good",
    Connection.CONSENT_MISSING: "waiting",
    Connection.NOT_CONNECTED: "waiting",
    Connection.NOT_CONNECTABLE: "bad",
}
_FEEDS = {"l10n_be_codabox": "CodaBox", "undefined": "no feed chosen", "": "no feed chosen"}

Cells = tuple[RenderableType, ...]


def databases(survey: Survey, width: int) -> Table:
    """What was found: databases with server and version, and the companies in them."""
    rows: list[Cells] = []
    for found in survey.found:
        companies = Text("\n").join(_company_line(company) for company in found.companies) or Text("none", style="background")
        rows.append((*_database(found.database, found.version, width), companies))
    rows += [(*_place(failure, width)[:-1], reason(failure.error)) for failure in survey.failures]
    columns = (_Column("Server"), _Column("Database")) if width >= _WIDE else (_Column("Database"),)
    return _table((*columns, _Column("Companies", grows=True)), rows)


def _database(database: DatabaseAddress, version: str, width: int) -> Cells:
    name = foreign(database.name, link=database.link)
    server = foreign(f"{database.server}  {version}", "background")
    return (server, name) if width >= _WIDE else (Text.assemble(name, "\n", server),)


def _company_line(company: Company) -> Text:
    return Text.assemble(foreign(company.name), "  ", _number(company))


def plan(planned: Plan, width: int) -> Table:
    """What a run would do."""
    rows = [
        (*_identity(row.company, width), _word(row.step), reason(row.error) if row.step is Step.CANNOT else Text(""))
        for row in planned.companies
    ]
    return _table((*_identity_columns(width), _Column("Plan"), _Column("Reason", grows=True)), rows + _failed(planned.failures, width))


def outcome(run: RunOutcome, width: int) -> Table:
    """What a run did: one row a company, with reason and next step."""
    rows = [(*_identity(row.company, width), _word(row.result), _next_step(row)) for row in run.companies]
    columns = (*_identity_columns(width), _Column("Result"), _Column("Reason and next step", grows=True))
    return _table(columns, rows + _failed(run.failures, width))


def _next_step(row: CompanyOutcome) -> Text:
    is_done = row.result in {Result.CONNECTED, Result.ALREADY_CONNECTED}
    return Text("") if is_done else reason(row.error)


def status(office: OfficeStatus, width: int) -> Table:
    """Where every company stands."""
    rows = [(*_identity(row.company, width), _word(row.connection), _accounts(row.accounts), _attention(row)) for row in office.companies]
    accounts = _Column("Accounts, last statement", is_whole=width >= _WIDE)
    columns = (*_identity_columns(width), _Column("Connection"), accounts, _Column("What to do", grows=True))
    failures = [(*_place(failure, width), Text("unknown", style="bad"), "", reason(failure.error)) for failure in office.failures]
    return _table(columns, rows + failures)


def _accounts(accounts: Sequence[Account]) -> Text:
    """A line per bank journal: its account, its feed where it isn't CodaBox, its last statement."""
    lines = []
    for account in accounts:
        feed = account.journal.feed
        last = account.last_statement.isoformat() if account.last_statement else "none yet"
        line = Text.assemble(
            foreign(_spaced(account.journal.iban) or account.journal.name), " ", (last, "" if account.last_statement else "background")
        )
        if feed != "l10n_be_codabox":
            line.append_text(Text.assemble(" (", foreign(_FEEDS.get(feed, feed)), ")", style="waiting"))
        lines.append(line)
    return Text("\n").join(lines) or Text("no bank journal", style="background")


def _attention(row: CompanyStatus) -> Text:
    if row.connection is Connection.CONNECTED:
        return reason(row.trouble or row.obstacle)
    if row.connection is Connection.CONSENT_MISSING:
        return Text("Allow the connection in MyCodaBox: Administration > CodaBox Connect.")
    return reason(row.obstacle or row.trouble) or Text("Run `codalink connect-all`.", style="background")


def retrieval(result: Retrieval, width: int) -> Table:
    """What came in, account by account."""
    rows = [cells for row in result.companies for cells in _retrieved(row, width)]
    columns = (*_identity_columns(width)[:-1], _Column("Account"), _Column("Statements", grows=True))
    failures = [(*_place(failure, width)[:-1], "", reason(failure.error)) for failure in result.failures]
    return _table(columns, rows + failures)


def _retrieved(row: CompanyRetrieval, width: int) -> list[Cells]:
    identity = _identity(row.company, width)[:-1]
    if row.error is not None:
        return [(*identity, "", reason(row.error))]
    return [(*identity, foreign(_spaced(account.journal.iban)), _statements(account)) for account in row.accounts]


def _statements(account: AccountRetrieval) -> RenderableType:
    if not account.statements:
        return Text("nothing new", style="background")
    return Text("\n").join(_statement_line(statement) for statement in account.statements)


def _statement_line(statement: NewStatement) -> Text:
    record = statement.record
    files = [word for word, is_there in (("CODA", statement.has_coda), ("PDF", statement.has_pdf)) if is_there]
    when = record.date.isoformat() if record.date else "no date"
    balances = f"{record.balance_start:,.2f} → {record.balance_end:,.2f}"
    return Text.assemble(
        f"{when}  ", foreign(record.name), f"  {balances}  ", (" ".join(files) or "no files", "good" if files else "waiting")
    )


# --- cells and columns ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Column:
    """A column; one that `grows` takes the room that is left and breaks its lines, one that `is_whole` never does."""

    title: str
    grows: bool = False
    is_whole: bool = False


def _table(columns: Sequence[_Column], rows: Iterable[Cells]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="strong")
    for column in columns:
        table.add_column(column.title, overflow="fold", ratio=1 if column.grows else None, no_wrap=column.is_whole)
    for cells in rows:
        table.add_row(*cells)
    return table


def _identity_columns(width: int) -> tuple[_Column, ...]:
    return (_Column("Company"), _Column("Database"), _Column("VAT")) if width >= _WIDE else (_Column("Company"), _Column("VAT"))


def _identity(company: Company, width: int) -> Cells:
    """Company, database and number; in a narrow terminal the database stands under the company."""
    database = foreign(company.database.name, "background", link=company.database.link)
    if width >= _WIDE:
        return foreign(company.name), database, _number(company)
    return Text.assemble(foreign(company.name), "\n", database), _number(company)


def _place(failure: DatabaseFailure, width: int) -> Cells:
    """The same columns for a database that could not be read."""
    where = foreign(failure.where, "bad")
    if width >= _WIDE:
        return foreign(failure.server, "background"), where, ""
    return Text.assemble(where, "\n", foreign(failure.server, "background")), ""


def _failed(failures: Iterable[DatabaseFailure], width: int) -> list[Cells]:
    return [(*_place(failure, width), Text("not reached", style="bad"), reason(failure.error)) for failure in failures]


def _number(company: Company) -> Text:
    """The company's number; nothing where it has none."""
    return Text(str(company.vat)) if company.vat else foreign(company.record.company_number, "bad")


def _word(value: Step | Result | Connection) -> Text:
    return Text(value.value, style=_STYLES[value])


def _spaced(iban: str) -> str:
    """An IBAN in groups of four, as on paper."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
