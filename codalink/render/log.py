"""The trail for people and for machines."""

from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from codalink.office.changes import ChangeResult
from codalink.office.model import parsed_or_none
from codalink.office.trail import Trail, TrailEntry
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Column, grid
from codalink.render.machine import Record
from codalink.render.messages import sentence

_STYLES = {
    ChangeResult.DONE: "good",
    ChangeResult.REFUSED: "bad",
    ChangeResult.FAILED: "bad",
    ChangeResult.UNKNOWN: "waiting",
    ChangeResult.TRIED: "waiting",
}
_SECOND_MS = 1000
_NO_END = "Its end was not written down: codalink was ended in between, or is still at work."


def table(trail: Trail, width: int) -> RenderableType:
    """A row a change, the newest at the bottom. In a narrow terminal, what was done and to whom stand below each other."""
    when, result = Column("When, who, run", is_whole=True), Column("Result", is_whole=True)
    if width >= WIDE:
        wide = (when, Column("What", is_whole=True), Column("Company, database", grows=True), result)
        return grid(wide, [(_when(entry), _what(entry), _lines(*_whom(entry)), _result(entry)) for entry in trail.entries])
    narrow = (when, Column("What, company, database", grows=True), result)
    return grid(narrow, [(_when(entry), _lines(_what(entry), *_whom(entry)), _result(entry)) for entry in trail.entries])


def _when(entry: TrailEntry) -> Text:
    who = foreign(f"{entry.run.person}, {entry.run.id}", "background", longest=30)
    return _lines(Text(f"{_local(entry.at):%Y-%m-%d %H:%M:%S}"), who)


def _what(entry: TrailEntry) -> Text:
    return foreign(entry.what, "strong")  # a newer codalink may have written it, or somebody else


def _whom(entry: TrailEntry) -> tuple[Text, ...]:
    """To whom and where it was done, as which login, and what there is to say of it; what is not known is left out."""
    place = f"{entry.database} on {entry.server}" if entry.database else ""
    why = entry.cause or (_NO_END if entry.result is ChangeResult.TRIED else "")
    return (
        foreign(" ".join(filter(None, (entry.company, str(parsed_or_none(entry.company_vat) or entry.company_vat))))),
        foreign(place, "background", longest=200),
        foreign(f"as {entry.login}" if entry.login else "", "background", longest=200),
        foreign(entry.detail, "background", longest=200),
        sentence(why, _STYLES[entry.result]),
    )


def _result(entry: TrailEntry) -> Text:
    return _lines(Text(entry.result.value, style=_STYLES[entry.result]), Text(_duration(entry.took_ms), style="background"))


def _duration(ms: int | None) -> str:
    if ms is None:
        return ""
    return f"{ms} ms" if ms < _SECOND_MS else f"{ms / _SECOND_MS:.1f} s"


def _lines(*lines: Text) -> Text:
    return Text("\n").join(line for line in lines if line)


def _local(at: datetime) -> datetime:
    """In this computer's zone, as people remember it."""
    return at.astimezone()


def summary(trail: Trail) -> str:
    """How much was found, and since when there is anything to find."""
    if trail.begins is None:
        return "Nothing is written down yet: codalink has not changed anything from this computer."
    since = f"The trail has {trail.total} changes since {_local(trail.begins).date().isoformat()}."
    return f"{len(trail.entries)} shown. {since}" if trail.entries else f"Nothing like this was found. {since}"


def records(trail: Trail) -> list[Record]:
    """A row a change, the newest last. `result` is one of done, refused, failed, unknown, tried."""
    return [
        {
            "at": _local(entry.at).isoformat(timespec="milliseconds"),
            "what": entry.what,
            "detail": entry.detail,
            "result": entry.result.value,
            "company": entry.company,
            "company_id": entry.company_id,
            "vat": entry.company_vat,
            "database": entry.database,
            "server": entry.server,
            "login": entry.login,
            "office_vat": entry.run.office_vat,
            "person": entry.run.person,
            "run": entry.run.id,
            "command": entry.run.command,
            "version": entry.run.version,
            "took_ms": entry.took_ms,
            "error": entry.error,
            "cause": entry.cause,
        }
        for entry in trail.entries
    ]
