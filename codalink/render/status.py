"""Where every company stands, for people: its connection, and how far the statements of each account get."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.text import Text

from codalink.errors import Turn
from codalink.office.delivery.statements import Trouble
from codalink.office.model import DatabaseFailure
from codalink.office.overview.attention import Freshness, accounts_by_attention, by_attention
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus
from codalink.office.readiness.gates import Gate, Passage
from codalink.office.readiness.mandates import Mandate
from codalink.render import gathered
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Cells, Column, company_cells, company_columns, grid, notes, place, spaced, with_reasons
from codalink.render.messages import reason
from codalink.render.statements import findings

_WIDE_ACCOUNTS = 160
"""From this many columns on, an account and its gate stand in one line."""
_VERY_WIDE = 200
"""From this many columns on, there is room for reasons beside the accounts."""

_LONGEST = 24
"""So much of a foreign word is shown beside an account, whose lines are never broken."""

_STYLES = {
    Connection.CONNECTED: "good",
    Connection.CONSENT_MISSING: "waiting",
    Connection.NOT_CONNECTED: "waiting",
    Connection.NOT_CONNECTABLE: "bad",
}
_TURNS = {
    Turn.OFFICE: "your turn",
    Turn.CUSTOMER: "the customer's turn",
    Turn.BANK: "the bank's turn",
    Turn.CODABOX: "CodaBox's turn",
    Turn.ODOO: "Odoo's turn",
    Turn.NOBODY: "nothing to do",
}


def office(status: OfficeStatus, width: int, freshness: Freshness, *, only_problems: bool = False) -> RenderableType:
    """A row a company, a line an account; below, what to do, and the mandates of companies that were not found."""
    found = by_attention(_gathered(status), freshness, only_problems=only_problems)
    identity = company_columns(width) if width >= WIDE else (Column("Company"),)
    columns = (*identity, Column("Connection"), Column("Accounts, last statement, gate", is_whole=True))
    rows = [(_cells(row, width, freshness), _reasons(row)) for row in found]
    strangers = [_strangers(status)] if status.strays else []
    if width >= _VERY_WIDE:
        told = [(*cells, Text("\n").join(why)) for cells, why in rows]
        return Group(grid((*columns, Column("What to do", grows=True)), told), *strangers)
    pairs = [(name, why) for (name, *_), reasons in rows for why in reasons if isinstance(name, Text)]
    return Group(grid(columns, [cells for cells, _ in rows]), notes(pairs), *strangers)


def accounts(status: OfficeStatus, width: int, freshness: Freshness, *, only_problems: bool = False) -> RenderableType:
    """A row an account; then a row for what has none, and what to do."""
    found = accounts_by_attention(_gathered(status), freshness, only_problems=only_problems)
    rows = [_account_row(row, one, width, freshness) for row, one in found]
    rows += [_stray_row(row, passage, width) for row in status.companies for passage in row.strays]
    identity = (Column("Company"), Column("Account", is_whole=True)) if width >= _WIDE_ACCOUNTS else (Column("Company, account"),)
    columns = (*identity, Column("Last statement", is_whole=True), Column("Gate", is_whole=True))
    columns += (Column("Statements"),) if status.has_statements else ()
    rows = [(*cells[: len(columns)], cells[-1]) for cells in rows]
    strangers = [_strangers(status)] if status.strays else []
    return Group(with_reasons((*columns, Column("What to do", grows=True)), rows, width, wide=_VERY_WIDE), *strangers)


def _gathered(status: OfficeStatus) -> OfficeStatus:
    """With one failure for all databases of a server that failed for its sake."""
    return replace(status, failures=tuple(gathered.databases(status.failures)))


def _account_row(row: CompanyStatus | DatabaseFailure, one: AccountStatus | None, width: int, freshness: Freshness) -> Cells:
    if isinstance(row, DatabaseFailure):
        identity = _account_identity(foreign(row.where, "bad"), Text(), width)
        return (*identity, Text(), Text("not reached", style="bad"), Text(), reason(row.error))
    if one is None:
        identity = _account_identity(foreign(row.company.name), _no_accounts(row), width)
        return (*identity, Text(), _connection(row), Text(), Text("\n").join(_reasons(row)))
    return (
        *_account_identity(foreign(row.company.name), _number(one), width),
        _last(one, freshness),
        _gate(one.passage, one.account.journal.feed),
        findings(one.check.troubles) if one.check and one.check.count else Text(),
        Text("\n").join(_account_reasons(one)),
    )


def _account_reasons(one: AccountStatus) -> list[Text]:
    is_silent = one.passage.gate is Gate.OTHER_FEED and one.passage.mandate is None  # somebody's choice
    reasons = [*(reason(trouble.error) for trouble in _proven(one)), reason(None if is_silent else one.passage.reason)]
    return [why for why in reasons if why]


def _stray_row(row: CompanyStatus, passage: Passage, width: int) -> Cells:
    number = Text(f"{spaced(passage.mandate.iban)} no journal" if passage.mandate else "")
    return (*_account_identity(foreign(row.company.name), number, width), Text(), _gate(passage), Text(), reason(passage.reason))


def _account_identity(name: Text, number: Text, width: int) -> Cells:
    return (name, number) if width >= _WIDE_ACCOUNTS else (Text.assemble(name, "\n", number),)


def _cells(row: CompanyStatus | DatabaseFailure, width: int, freshness: Freshness) -> Cells:
    if isinstance(row, DatabaseFailure):
        return (*_stacked(place(row, width)), Text("unknown", style="bad"), "")
    return (*_stacked(company_cells(row.company, width)), _connection(row), _accounts(row, width, freshness))


def _connection(row: CompanyStatus) -> Text:
    return Text(row.connection.value, style=_STYLES[row.connection])


def _stacked(identity: Cells) -> Cells:
    """In a narrow terminal, the number below company and database too: the accounts need the room."""
    match identity:
        case (Text() as where, Text() as number):
            return (Text.assemble(where, "\n", number),)
        case (Text() as where, _):
            return (where,)
        case _:
            return identity


def _accounts(row: CompanyStatus, width: int, freshness: Freshness) -> Text:
    """A line per bank journal: its account, its last statement and its age, its first closed gate; then what is about no journal."""
    between = Text("  " if width >= _WIDE_ACCOUNTS else "\n  ")
    lines = [between.join(_account(one, freshness)) for one in row.accounts] or [_no_accounts(row)]
    lines += [between.join([Text(f"{spaced(one.mandate.iban)} no journal"), _gate(one)]) for one in row.strays if one.mandate]
    lines += [_payroll(row.payroll)] if row.payroll else []
    return Text("\n").join(lines)


def _no_accounts(row: CompanyStatus) -> Text:
    return Text("could not be read" if row.trouble else "no bank journal", style="background")


def _account(one: AccountStatus, freshness: Freshness) -> list[Text]:
    account = Text.assemble(_number(one), " ", _last(one, freshness))
    parts = [account, _gate(one.passage, one.account.journal.feed)]
    parts += [findings(one.check.troubles)] if one.check and one.check.count else []
    has_none = one.account.journal.feed in {"", "undefined"}
    return [*parts, *([Text("no feed chosen", style="waiting")] if has_none else [])]


def _number(one: AccountStatus) -> Text:
    journal = one.account.journal
    return foreign(spaced(journal.iban) or journal.name, longest=_LONGEST if not journal.iban else 2 * _LONGEST)


def _last(one: AccountStatus, freshness: Freshness) -> Text:
    """The day of the last statement and its age; yellow where it is too old."""
    last = one.account.last_statement
    if last is None:
        return Text("none yet", style="background")
    style = "waiting" if freshness.is_stale(one) else "background"
    return Text.assemble(last.isoformat(), (f" {freshness.age_days(last)} d", style))


def _gate(passage: Passage, feed: str = "") -> Text:
    if passage.gate is Gate.OPEN:
        return Text(passage.word, style="background" if passage.unknown else "good")
    if passage.gate is Gate.OTHER_FEED:
        return Text.assemble(f"{passage.word}: ", foreign(feed, longest=_LONGEST), style="waiting")
    is_urgent = passage.turn is Turn.OFFICE and passage.gate in {Gate.MANDATE, Gate.JOURNAL}
    return Text(f"{passage.word}: {_TURNS[passage.turn]}", style="bad" if is_urgent else "waiting")


def _payroll(mandate: Mandate) -> Text:
    turn = "" if mandate.turn is Turn.NOBODY else f", {_TURNS[mandate.turn]}"
    return Text.assemble(("SODA ", "background"), foreign(mandate.word, longest=_LONGEST), turn)


def _reasons(row: CompanyStatus | DatabaseFailure) -> list[Text]:
    """What is to be done for the company, then for its accounts, each thing once."""
    if isinstance(row, DatabaseFailure):
        return [reason(row.error)]
    broken = (reason(trouble.error) for one in row.accounts for trouble in _proven(one))
    parts = (_company_reason(row), *broken, *(reason(passage.reason) for passage in _to_tell(row)))
    return list({part.plain: part for part in parts if part}.values())


def _proven(one: AccountStatus) -> list[Trouble]:
    return [trouble for trouble in one.check.troubles if not trouble.is_hint] if one.check else []


def _company_reason(row: CompanyStatus) -> Text:
    if row.connection is Connection.CONNECTED:
        return reason(row.trouble or row.obstacle)
    if row.connection is Connection.CONSENT_MISSING:
        return Text("Allow the connection in MyCodaBox: Administration > CodaBox Connect.")
    return reason(row.obstacle or row.trouble) or Text("Run `codalink connect-all`.", style="background")


def _to_tell(row: CompanyStatus) -> Iterator[Passage]:
    """What the company's own reason doesn't say: of another feed only that CodaBox has a mandate beside it."""
    for passage in (*(one.passage for one in row.accounts), *row.strays):
        if passage.gate in {Gate.MANDATE, Gate.JOURNAL, Gate.OPEN} or (passage.gate is Gate.OTHER_FEED and passage.mandate):
            yield passage


def _strangers(status: OfficeStatus) -> RenderableType:
    """Mandates of companies that none of the databases has."""
    unread = f" ({len(status.failures)} were not reached)" if status.failures else ""
    heading = Text(f"Mandates of companies that are in none of the databases that were read{unread}:")
    rows: Sequence[Cells] = [
        (foreign(one.company), str(one.number or ""), spaced(one.iban), foreign(one.word))
        for one in (passage.mandate for passage in status.strays)
        if one is not None
    ]
    return Group(heading, grid((Column("Company"), Column("VAT"), Column("Account"), Column("Mandate", grows=True)), rows))
