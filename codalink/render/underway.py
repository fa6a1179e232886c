"""Who is under way: a live line for each company or database, with what is done for it and for how long already.

What has ended stays in its line for a moment, with what came of it, until that line is needed: so there are never more lines than were
under way at once, and none of them jumps about.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from codalink.office.events import Subject
from codalink.render.console import foreign

_LINGERS_S = 3.0
_OTHER_LINES = 3
"""Of the terminal's height: the bar, which may break, and where the cursor stands."""
_MOST_OF_A_NAME = 2 / 5
"""Of the terminal's width."""


@dataclass(frozen=True)
class _Line:
    subject: Subject
    told: str
    since: float
    until: float | None = None
    style: str = ""


class UnderWay:
    """The lines, ready to be drawn again and again. `now` counts seconds from anywhere.

    Lines are told from one thread at a time and drawn from any, also in the middle of telling (a signal's handler prints): so they are
    changed as a whole, and no lock is needed.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lines: tuple[_Line, ...] = ()

    def tell(self, subject: Subject, doing: str) -> None:
        """Something is being done for somebody, who gets a line if there is none yet."""
        known = self._index(subject)
        if known is not None:
            self._put(known, replace(self._lines[known], told=doing))
            return
        free = [number for number, line in enumerate(self._lines) if line.until is not None]
        line = _Line(subject, doing, self._now())
        if free:
            self._put(min(free, key=lambda number: self._lines[number].until or 0), line)
        else:
            self._lines = (*self._lines, line)

    def end(self, subject: Subject, told: str, *, failed: bool) -> None:
        """Nothing more is done for somebody; without a line, nothing is to be said of it."""
        known = self._index(subject)
        if known is not None:
            words, style = ("failed", "bad") if failed else (told, "background")
            self._put(known, replace(self._lines[known], told=words, until=self._now(), style=style))

    def _index(self, subject: Subject) -> int | None:
        running = (number for number, line in enumerate(self._lines) if line.until is None and line.subject == subject)
        return next(running, None)

    def _put(self, number: int, line: _Line) -> None:
        self._lines = (*self._lines[:number], line, *self._lines[number + 1 :])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As many lines as fit on the terminal; what is under way longest goes first where they don't."""
        now = self._now()
        lines = [line for line in self._lines if line.until is None or now - line.until < _LINGERS_S]
        room = max(1, console.height - _OTHER_LINES)
        shown = lines if len(lines) <= room else _first(lines, room - 1)
        table = Table.grid(padding=(0, 2))
        table.add_column(max_width=max(8, int(options.max_width * _MOST_OF_A_NAME)))
        table.add_column()
        table.add_column(no_wrap=True, justify="right")
        for line in shown:
            ended = now if line.until is None else line.until
            table.add_row(_cut(foreign(line.subject.name)), _cut(Text(line.told, line.style)), _time(ended - line.since))
        if table.row_count:
            yield Padding(table, (0, 0, 0, 2))
        if len(shown) < len(lines):
            yield Text(f"  and {len(lines) - len(shown)} more", style="background", no_wrap=True, overflow="ellipsis")


def _first(lines: list[_Line], count: int) -> list[_Line]:
    """Those that are under way, the longest first, then those that have just ended; in the order in which they stand."""
    urgent = sorted(lines, key=lambda line: (line.until is not None, line.since))[:count]
    return [line for line in lines if line in urgent]


def _cut(text: Text) -> Text:
    """A text that gives way where there is no room for all, instead of becoming several lines."""
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def _time(seconds: float) -> Text:
    """Minutes and seconds; hours only where there are any."""
    told = str(timedelta(seconds=int(seconds)))
    return Text(told.removeprefix("0:"), style="background")
