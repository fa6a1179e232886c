"""Results as tables that fit the terminal: pure functions of a result and a width in columns."""

from collections.abc import Sequence
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from codalink.errors import DuplicateCompany
from codalink.office.duplicates import find_duplicates
from codalink.office.keys import KeyList, KeyRow, KeyState
from codalink.office.model import Account, Company, DatabaseFindings, Survey
from codalink.office.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.plan import Plan, Step
from codalink.office.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.status import CompanyStatus, Connection, OfficeStatus
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Cells, Column, company_cells, company_columns, failed, grid, number, place, spaced, with_reasons
from codalink.render.messages import reason, sentence

_VERY_WIDE = 200
"""The same for reasons beside the accounts, which take much room."""

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


def databases(survey: Survey, width: int) -> RenderableType:
    """What was found: databases with server, version and protocol, where they were found, and the companies in them."""
    duplicates = find_duplicates(survey.companies)
    rows: list[Cells] = []
    for found in survey.found:
        lines = [_company_line(company, duplicates.get(company)) for company in found.companies]
        rows.append((*_database(found, width), Text("\n").join(lines) or Text("none", style="background")))
    rows += [(*place(failure, width)[:-1], reason(failure.error)) for failure in survey.failures]
    columns = (Column("Database"), Column("Server")) if width >= WIDE else (Column("Database"),)
    return grid((*columns, Column("Companies", grows=True)), rows)


def _database(found: DatabaseFindings, width: int) -> Cells:
    name = foreign(found.database.name, link=found.database.link)
    protocol = found.protocol.value if found.protocol else ""
    parts = [str(found.database.server), found.version, protocol]
    if found.source != str(found.database.server):
        parts.append(f"({found.source})")
    server = foreign("  ".join(part for part in parts if part), "background")
    return (name, server) if width >= WIDE else (Text.assemble(name, "\n", server),)


def _company_line(company: Company, duplicate: DuplicateCompany | None) -> Text:
    line = Text.assemble(foreign(company.name), "  ", number(company))
    return Text.assemble(line, "\n  ", sentence(duplicate.cause, "waiting")) if duplicate else line


def plan(planned: Plan, width: int) -> RenderableType:
    """What a run would do."""
    rows = [
        (*company_cells(row.company, width), _word(row.step), reason(row.error) if row.step is Step.CANNOT else Text(""))
        for row in planned.companies
    ]
    columns = (*company_columns(width), Column("Plan"), Column("Reason", grows=True))
    return with_reasons(columns, rows + failed(planned.failures, width), width)


def outcome(run: RunOutcome, width: int) -> RenderableType:
    """What a run did: one row a company, with reason and next step."""
    rows = [(*company_cells(row.company, width), _word(row.result), _next_step(row)) for row in run.companies]
    columns = (*company_columns(width), Column("Result"), Column("Reason and next step", grows=True))
    return with_reasons(columns, rows + failed(run.failures, width), width)


def _next_step(row: CompanyOutcome) -> Text:
    is_done = row.result in {Result.CONNECTED, Result.ALREADY_CONNECTED}
    return Text("") if is_done else reason(row.error)


def status(office: OfficeStatus, width: int) -> RenderableType:
    """Where every company stands."""
    rows = [
        (*_stacked(company_cells(row.company, width)), _word(row.connection), _accounts(row.accounts), _attention(row))
        for row in office.companies
    ]
    rows += [(*_stacked(place(failure, width)), Text("unknown", style="bad"), "", reason(failure.error)) for failure in office.failures]
    identity = company_columns(width) if width >= WIDE else (Column("Company"),)
    accounts = Column("Accounts, last statement", is_whole=width >= WIDE)
    return with_reasons((*identity, Column("Connection"), accounts, Column("What to do", grows=True)), rows, width, wide=_VERY_WIDE)


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
            foreign(spaced(account.journal.iban) or account.journal.name), " ", (last, "" if account.last_statement else "background")
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
    rows += [(*place(failure, width)[:-1], "", reason(failure.error)) for failure in result.failures]
    return grid((*company_columns(width)[:-1], Column("Account"), Column("New statements", grows=True)), rows)


def _retrieved(row: CompanyRetrieval, width: int) -> list[Cells]:
    identity = company_cells(row.company, width)[:-1]
    if row.error is not None:
        return [(*identity, "", reason(row.error))]
    return [(*identity, _account(account.journal.iban, width), _statements(account)) for account in row.accounts]


def _account(iban: str, width: int) -> Text:
    """The IBAN as on paper; in a narrow terminal in two lines."""
    groups = spaced(iban)
    return foreign(groups) if width >= WIDE else Text.assemble(foreign(groups[:9]), "\n", foreign(groups[10:]))


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
    place = (Column("Database"), Column("Server"), Column("Login")) if width >= WIDE else (Column("Database"),)
    return with_reasons((*place, Column("Key"), Column("Age"), Column("Expires"), Column("Note", grows=True)), rows, width)


_KEY_STYLES = {KeyState.OWN: "good", KeyState.LOGIN: "", KeyState.NONE: "bad"}
_EXPIRES_SOON_DAYS = 14


def _key_place(row: KeyRow, width: int) -> Cells:
    name = foreign(row.database.name, link=row.database.link)
    server, login = foreign(str(row.database.server), "background"), foreign(row.database.login, "background")
    state = Text(row.state.value, style=_KEY_STYLES[row.state])
    return (name, server, login, state) if width >= WIDE else (Text.assemble(name, "\n", server, "\n", login), state)


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


def _word(value: Step | Result | Connection) -> Text:
    return Text(value.value, style=_STYLES[value])
