"""The office's report: one page that opens from disk, without network, for screens, paper and screen readers."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from codalink import __version__
from codalink.errors import CodalinkError, ConsentInvalid, NotYetConnected, Turn
from codalink.office.model import Company, DatabaseFailure
from codalink.office.overview.attention import Attention, Freshness, by_attention, of_company
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus
from codalink.office.readiness.gates import Gate, Passage
from codalink.office.readiness.mandates import Mandate
from codalink.render.console import harmless
from codalink.render.layout import spaced
from codalink.render.statements import findings
from codalink.render.timeline import DAYS, WEEKS, Mark, Month, draw, months
from codalink.secrets.masked import redact
from codalink.shipped import template

_LONGEST_SENTENCE = 600

_TONES = {
    Connection.CONNECTED: "good",
    Connection.CONSENT_MISSING: "waiting",
    Connection.NOT_CONNECTED: "waiting",
    Connection.NOT_CONNECTABLE: "bad",
}
_NEEDS = {
    Attention.BROKEN: ("incomplete", "bad"),
    Attention.FAILED: ("not read", "bad"),
    Attention.BLOCKED: ("can't be connected", "bad"),
    Attention.WAITING: ("waiting", "waiting"),
    Attention.NONE: ("in order", "good"),
}
_WHO = {
    Turn.OFFICE: "your office",
    Turn.CUSTOMER: "the customer",
    Turn.BANK: "the bank",
    Turn.CODABOX: "CodaBox",
    Turn.ODOO: "Odoo",
}


@dataclass(frozen=True)
class Tile:
    """A number at a glance."""

    count: int
    words: str
    tone: str = ""


@dataclass(frozen=True)
class Reason:
    """What is wrong, with which accounts (none where it is the whole company), and what to do."""

    cause: str
    remedy: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """What is wrong on a timeline, in days from its left end."""

    x: int
    width: int
    words: str
    tone: str


@dataclass(frozen=True)
class AccountLine:
    """An account's line: its timeline as an SVG path, the same in words, and what is closed or found."""

    number: str
    path: str
    places: tuple[Place, ...]
    spoken: str
    gate: str
    tone: str
    found: str = ""
    """What is wrong with its statements, in a word."""
    found_tone: str = ""


@dataclass(frozen=True)
class Row:
    """A company, or a database that was not reached. `rank` says how much attention it needs, the most first."""

    name: str
    database: str
    number: str
    link: str
    rank: int
    need: str
    need_tone: str
    connection: str
    tone: str
    turns: tuple[str, ...]
    last: str
    age: str
    is_old: bool
    accounts: tuple[AccountLine, ...]
    no_accounts: str
    """Why there are none."""
    no_statement: str
    """Why there is no last one."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Stranger:
    """A mandate of a company that is in none of the databases."""

    company: str
    number: str
    account: str
    state: str


@dataclass(frozen=True)
class Report:
    """All that the page shows."""

    office: str
    number: str
    today: str
    tiles: tuple[Tile, ...]
    rows: tuple[Row, ...]
    turns: tuple[str, ...]
    strangers: tuple[Stranger, ...]
    notes: tuple[str, ...]
    months: tuple[Month, ...]
    in_order: int = Attention.NONE
    weeks: int = WEEKS
    days: int = DAYS
    version: str = __version__


def page(status: OfficeStatus, freshness: Freshness, *, only_problems: bool = False) -> str:
    """The report as HTML, with what `status` knows of the statements in the weeks of its timelines.

    Everything that came from a server is escaped. The page is ASCII, so that no pipe or mail program can spoil its letters.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(template), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = template("report/report.css"), template("report/report.js")
    text = environment.get_template("report/report.html").render(
        report=_report(status, freshness, only_problems=only_problems),
        style=style,
        script=script,
        style_hash=_fingerprint(style),
        script_hash=_fingerprint(script),
    )
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _fingerprint(text: str) -> str:
    """What the page's security policy knows its own style and script by; nothing else runs in it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _report(status: OfficeStatus, freshness: Freshness, *, only_problems: bool) -> Report:
    found = by_attention(status, freshness, only_problems=only_problems)
    rows = tuple(_unread(row) if isinstance(row, DatabaseFailure) else _row(row, freshness) for row in found)
    waited_for = {turn for row in rows for turn in row.turns}
    return Report(
        office=harmless(status.office.name),
        number=str(status.office.vat),
        today=freshness.today.isoformat(),
        tiles=tuple(_tiles(status, freshness)),
        rows=rows,
        turns=tuple(who for who in _WHO.values() if who in waited_for),
        strangers=tuple(_stranger(passage.mandate) for passage in status.strays if passage.mandate),
        notes=tuple(_notes(status)),
        months=months(freshness.today),
    )


# --- at a glance ---------------------------------------------------------------------------------------------------------------------


def _tiles(status: OfficeStatus, freshness: Freshness) -> Iterator[Tile]:
    connections = Counter(row.connection for row in status.companies)
    yield Tile(connections[Connection.CONNECTED], f"of {_counted(len(status.companies), 'company', 'companies')} connected", "good")
    for connection, words in _NOT_CONNECTED.items():
        if connections[connection]:
            yield Tile(connections[connection], words, _TONES[connection])
    accounts = [one for row in status.companies for one in row.accounts]
    if broken := sum(one.check is not None and not one.check.is_complete for one in accounts):
        yield Tile(broken, f"{_plural(broken, 'account')} incomplete", "bad")
    elif any(one.check is not None for one in accounts):
        yield Tile(0, "accounts incomplete", "good")
    if stale := sum(freshness.is_stale(one) for one in accounts):
        yield Tile(stale, f"{_plural(stale, 'account')} without a statement for {freshness.stale_after.days} days", "waiting")
    turns = Counter(passage.turn for passage in _passages(status))
    for turn, who in _WHO.items():
        if number := turns[turn]:
            yield Tile(number, f"{_plural(number, 'account')} {'waits' if number == 1 else 'wait'} for {who}", "waiting")
    if failures := len(status.failures):
        yield Tile(failures, f"{_plural(failures, 'database')} not reached", "bad")


_NOT_CONNECTED = {
    Connection.CONSENT_MISSING: "without consent in MyCodaBox",
    Connection.NOT_CONNECTED: "ready to be connected",
    Connection.NOT_CONNECTABLE: "can't be connected yet",
}


def _passages(status: OfficeStatus) -> Iterator[Passage]:
    for row in status.companies:
        yield from (one.passage for one in row.accounts)
        yield from row.strays
    yield from status.strays


def _notes(status: OfficeStatus) -> Iterator[str]:
    """What the page can't know, and how it could."""
    if not status.is_refreshed:
        yield "Connections are as the databases have them written down; with --refresh, CodaBox is asked."
    if not status.has_mandates:
        yield "Mandates are known to MyCodaBox only; with --mandates FILE, its export is read."


def _stranger(mandate: Mandate) -> Stranger:
    return Stranger(harmless(mandate.company), str(mandate.number or ""), spaced(mandate.iban), harmless(mandate.word))


# --- a row ---------------------------------------------------------------------------------------------------------------------------


def _unread(failure: DatabaseFailure) -> Row:
    need, tone = _NEEDS[Attention.FAILED]
    return Row(
        name=harmless(failure.where),
        database=harmless(failure.server),
        number="",
        link="",
        rank=Attention.FAILED,
        need=need,
        need_tone=tone,
        connection="unknown",
        tone=tone,
        turns=tuple(_turns([failure.error])),
        last="",
        age="",
        is_old=False,
        accounts=(),
        no_accounts="database not reached",
        no_statement="unknown",
        reasons=tuple(_reasons([("", failure.error)])),
    )


def _row(row: CompanyStatus, freshness: Freshness) -> Row:
    attention = of_company(row, freshness)
    need, need_tone = _NEEDS[attention]
    errors = list(_errors(row))
    lines = [_line(one, freshness.today) for one in row.accounts]
    lines += [_stray(passage) for passage in row.strays]
    return Row(
        name=harmless(row.company.name),
        database=harmless(row.company.database.name),
        number=_number(row.company),
        link=row.company.database.link,
        rank=attention,
        need=need,
        need_tone=need_tone,
        connection=row.connection.value,
        tone=_TONES[row.connection],
        turns=tuple(_turns(error for _, error in errors)),
        last=row.last_statement.isoformat() if row.last_statement else "",
        age=_age(freshness.age_days(row.last_statement)),
        is_old=any(freshness.is_stale(one) for one in row.accounts),
        accounts=(*lines, *([_payroll(row.payroll)] if row.payroll else ())),
        no_accounts="accounts could not be read" if row.trouble else "no bank journal",
        no_statement="unknown" if row.trouble and not row.accounts else "none yet",
        reasons=tuple(_reasons(errors)),
    )


def _number(company: Company) -> str:
    return str(company.vat) if company.vat else harmless(company.record.company_number)


def _age(days: int | None) -> str:
    return "" if days is None else "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def _turns(errors: Iterable[CodalinkError]) -> list[str]:
    """Whose turn it is, as far as anything is to be done."""
    turns = {error.turn for error in errors}
    return [who for turn, who in _WHO.items() if turn in turns]


def _errors(row: CompanyStatus) -> Iterator[tuple[str, CodalinkError]]:
    """What is wrong with the company, then with each of its accounts; what the company's own reason says is not said again of accounts."""
    own = [error for error in (row.obstacle, row.trouble) if error is not None]
    if row.connection is Connection.CONSENT_MISSING:
        own = [ConsentInvalid(), *own]
    elif row.connection is Connection.NOT_CONNECTED and not own:
        own = [NotYetConnected()]
    yield from (("", error) for error in own)
    for one in row.accounts:
        where = _account_number(one)
        yield from ((where, trouble.error) for trouble in (one.check.troubles if one.check else ()))
        if one.passage.reason is not None and one.passage.gate not in {Gate.CONNECTION, Gate.CONSENT}:
            yield where, one.passage.reason
    yield from ((spaced(one.mandate.iban), one.reason) for one in row.strays if one.reason is not None and one.mandate)
    if row.payroll and row.payroll.trouble and row.payroll.turn is not Turn.NOBODY:
        yield "SODA", row.payroll.trouble


def _reasons(errors: Iterable[tuple[str, CodalinkError]]) -> Iterator[Reason]:
    """Each thing once, with all the accounts that it concerns."""
    gathered: dict[tuple[str, str], list[str]] = {}
    for where, error in errors:
        gathered.setdefault((_told(error.cause), _told(error.remedy)), []).append(where)
    for (cause, remedy), places in gathered.items():
        yield Reason(cause, remedy, tuple(dict.fromkeys(place for place in places if place)))


def _told(text: str) -> str:
    return harmless(redact(text), _LONGEST_SENTENCE)


# --- an account ----------------------------------------------------------------------------------------------------------------------


def _account_number(one: AccountStatus) -> str:
    journal = one.account.journal
    return harmless(f"{spaced(journal.iban) or journal.name} {journal.currency}".rstrip())


def _line(one: AccountStatus, today: date) -> AccountLine:
    timeline = draw(one.check, today)
    return AccountLine(
        number=_account_number(one),
        path=timeline.path,
        places=tuple(_place(mark) for mark in timeline.marks),
        spoken=_spoken(one, timeline.days, timeline.gaps),
        gate=_gate(one.passage),
        tone="waiting" if one.passage.is_closed and one.passage.turn is not Turn.NOBODY else "" if one.passage.unknown else "good",
        found=findings(one.check.troubles).plain if one.check and one.check.troubles else "",
        found_tone="bad" if timeline.gaps else "waiting",
    )


def _place(mark: Mark) -> Place:
    return Place(mark.x, mark.width, _told(mark.error.cause), "bad" if mark.is_proven else "doubt")


def _spoken(one: AccountStatus, days: int, gaps: int) -> str:
    """What the timeline shows, for those who can't see it."""
    if one.check is None:
        return "Statements were not read."
    faults = _counted(gaps, "place") if gaps else "no place"
    return f"{_counted(days, 'day')} with statements in {WEEKS} weeks, {faults} with statements missing or wrong."


def _gate(passage: Passage) -> str:
    """The gate, and who opens it."""
    who = _WHO.get(passage.turn)
    return f"{passage.word}: {who}" if who else passage.word


def _stray(passage: Passage) -> AccountLine:
    number = spaced(passage.mandate.iban) if passage.mandate else ""
    return AccountLine(f"{number} no journal", "", (), "There is no bank journal.", _gate(passage), "waiting")


def _payroll(mandate: Mandate) -> AccountLine:
    who = _WHO.get(mandate.turn)
    words = harmless(mandate.word)
    return AccountLine("SODA", "", (), "", f"{words}: {who}" if who else words, "waiting" if who else "good")


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number} {_plural(number, one, several)}"


def _plural(number: int, one: str, several: str = "") -> str:
    return one if number == 1 else several or f"{one}s"
