"""Results as tables that fit the terminal: pure functions of a result and a width in columns.

In a wide terminal, reasons and next steps have a column of their own. In a narrow one they stand below the table, over the whole width,
each with its company.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from codalink.errors import DuplicateCompany
from codalink.office.duplicates import find_duplicates
from codalink.office.keys import KeyList, KeyRow, KeyState
from codalink.office.model import Account, Company, DatabaseFailure, DatabaseFindings, Survey
from codalink.office.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.plan import Plan, Step
from codalink.office.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.status import CompanyStatus, Connection, OfficeStatus
from codalink.render.console import foreign
from codalink.render.messages import reason, sentence

_WIDE = 120
"""From this many columns on, database and reason have columns of their own."""
_VERY_WIDE = 200
"""The same for reasons beside the accounts, which take much room."""

_NAMED = 4
"""How many companies with the same reason are named before the rest is counted."""

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


def databases(survey: Survey, width: int) -> RenderableType:
    """What was found: databases with server, version and protocol, where they were found, and the companies in them."""
    duplicates = find_duplicates(survey.companies)
    rows: list[Cells] = []
    for found in survey.found:
        lines = [_company_line(company, duplicates.get(company)) for company in found.companies]
        rows.append((*_database(found, width), Text("\n").join(lines) or Text("none", style="background")))
    rows += [(*_place(failure, width)[:-1], reason(failure.error)) for failure in survey.failures]
    columns = (_Column("Database"), _Column("Server")) if width >= _WIDE else (_Column("Database"),)
    return _table((*columns, _Column("Companies", grows=True)), rows)


def _database(found: DatabaseFindings, width: int) -> Cells:
    name = foreign(found.database.name, link=found.database.link)
    protocol = found.protocol.value if found.protocol else ""
    parts = [str(found.database.server), found.version, protocol]
    if found.source != str(found.database.server):
        parts.append(f"({found.source})")
    server = foreign("  ".join(part for part in parts if part), "background")
    return (name, server) if width >= _WIDE else (Text.assemble(name, "\n", server),)


def _company_line(company: Company, duplicate: DuplicateCompany | None) -> Text:
    line = Text.assemble(foreign(company.name), "  ", _number(company))
    return Text.assemble(line, "\n  ", sentence(duplicate.cause, "waiting")) if duplicate else line


def plan(planned: Plan, width: int) -> RenderableType:
    """What a run would do."""
    rows = [
        (*_identity(row.company, width), _word(row.step), reason(row.error) if row.step is Step.CANNOT else Text(""))
        for row in planned.companies
    ]
    columns = (*_identity_columns(width), _Column("Plan"), _Column("Reason", grows=True))
    return _with_reasons(columns, rows + _failed(planned.failures, width), width)


def outcome(run: RunOutcome, width: int) -> RenderableType:
    """What a run did: one row a company, with reason and next step."""
    rows = [(*_identity(row.company, width), _word(row.result), _next_step(row)) for row in run.companies]
    columns = (*_identity_columns(width), _Column("Result"), _Column("Reason and next step", grows=True))
    return _with_reasons(columns, rows + _failed(run.failures, width), width)


def _next_step(row: CompanyOutcome) -> Text:
    is_done = row.result in {Result.CONNECTED, Result.ALREADY_CONNECTED}
    return Text("") if is_done else reason(row.error)


def status(office: OfficeStatus, width: int) -> RenderableType:
    """Where every company stands."""
    rows = [
        (*_stacked(_identity(row.company, width)), _word(row.connection), _accounts(row.accounts), _attention(row))
        for row in office.companies
    ]
    rows += [(*_stacked(_place(failure, width)), Text("unknown", style="bad"), "", reason(failure.error)) for failure in office.failures]
    identity = _identity_columns(width) if width >= _WIDE else (_Column("Company"),)
    accounts = _Column("Accounts, last statement", is_whole=width >= _WIDE)
    return _with_reasons((*identity, _Column("Connection"), accounts, _Column("What to do", grows=True)), rows, width, wide=_VERY_WIDE)


def _stacked(identity: Cells) -> Cells:
    """In a narrow terminal, the number below company and database too: the accounts need the room."""
    match identity:
        case (Text() as place, Text() as number):
            return (Text.assemble(place, "\n", number),)
        case (Text() as place, _):
            return (place,)
        case _:
            return identity


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


def retrieval(result: Retrieval, width: int) -> RenderableType:
    """What came in, account by account."""
    rows = [cells for row in result.companies for cells in _retrieved(row, width)]
    rows += [(*_place(failure, width)[:-1], "", reason(failure.error)) for failure in result.failures]
    return _table((*_identity_columns(width)[:-1], _Column("Account"), _Column("New statements", grows=True)), rows)


def _retrieved(row: CompanyRetrieval, width: int) -> list[Cells]:
    identity = _identity(row.company, width)[:-1]
    if row.error is not None:
        return [(*identity, "", reason(row.error))]
    return [(*identity, _account(account.journal.iban, width), _statements(account)) for account in row.accounts]


def _account(iban: str, width: int) -> Text:
    """The IBAN as on paper; in a narrow terminal in two lines."""
    spaced = _spaced(iban)
    return foreign(spaced) if width >= _WIDE else Text.assemble(foreign(spaced[:9]), "\n", foreign(spaced[10:]))


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


def keys(listing: KeyList, width: int) -> RenderableType:
    """What opens each database, how old it is and how long it lasts. Nothing of a key is shown."""
    rows = [(*_key_place(row, width), *_key_days(row, listing.today), _key_note(row)) for row in listing.rows]
    place = (_Column("Database"), _Column("Server"), _Column("Login")) if width >= _WIDE else (_Column("Database"),)
    return _with_reasons((*place, _Column("Key"), _Column("Age"), _Column("Expires"), _Column("Note", grows=True)), rows, width)


_KEY_STYLES = {KeyState.OWN: "good", KeyState.LOGIN: "", KeyState.NONE: "bad"}
_EXPIRES_SOON_DAYS = 14


def _key_place(row: KeyRow, width: int) -> Cells:
    name = foreign(row.database.name, link=row.database.link)
    server, login = foreign(str(row.database.server), "background"), foreign(row.database.login, "background")
    state = Text(row.state.value, style=_KEY_STYLES[row.state])
    return (name, server, login, state) if width >= _WIDE else (Text.assemble(name, "\n", server, "\n", login), state)


def _key_days(row: KeyRow, today: date) -> Cells:
    """Age and expiry: red where it has expired, yellow where it soon will."""
    age, left = row.age_days(today), row.days_left(today)
    style = "bad" if left is not None and left <= 0 else "waiting" if left is not None and left <= _EXPIRES_SOON_DAYS else ""
    return Text("" if age is None else f"{age} d"), Text(row.expires.isoformat() if row.expires else "", style=style)


def _key_note(row: KeyRow) -> Text:
    if row.error is not None:
        return reason(row.error)
    if row.is_unfinished:
        return Text("An exchange of keys was interrupted: run `codalink keys rotate`.", style="waiting")
    if row.state is KeyState.NONE:
        return Text("Run `codalink keys set` or `codalink keys import`.", style="background")
    return sentence(row.doubt, "background")


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


def _with_reasons(columns: Sequence[_Column], rows: Sequence[Cells], width: int, *, wide: int = _WIDE) -> RenderableType:
    """A table whose last column holds reasons; in less than `wide` columns they go below, with the first line of the row's first cell."""
    if width >= wide:
        return _table(columns, rows)
    notes: dict[str, tuple[Text, list[Text]]] = {}
    for first, *_, why in rows:
        if isinstance(first, Text) and isinstance(why, Text) and why:
            notes.setdefault(why.plain, (why, []))[1].append(first.split("\n")[0])
    shown = [part for why, names in notes.values() for part in (_joined(names), Padding(why, (0, 0, 0, 2)))]
    return Group(_table(columns[:-1], [cells[:-1] for cells in rows]), *shown)


def _joined(names: Sequence[Text]) -> Text:
    """Names in one line, the first ones where there are many."""
    shown = Text(", ").join(Text(name.plain, style="strong") for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else Text.assemble(shown, f" and {len(names) - _NAMED} more")


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
        return where, foreign(failure.server, "background"), ""
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
