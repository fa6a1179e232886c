"""A listener that shows what is going on: a bar, who is under way, and a countdown on a terminal; a few plain lines elsewhere.

All of it on standard error.
"""

import threading
from collections.abc import Iterable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from codalink.office import events
from codalink.office.model import Company
from codalink.render.console import Streams, foreign, harmless
from codalink.render.underway import UnderWay

_LONGEST_LIST = 500
_MENU = "MyCodaBox > Administration > CodaBox Connect"


class LiveProgress:
    """The listener; a context manager, since it draws. Never asks and never fails a run."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._lock = threading.Lock()
        self._drawn: tuple[_Drawn, TaskID] | None = None
        self._failed = 0
        self._title = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def __call__(self, event: events.Event) -> None:
        """Show the event."""
        with self._lock:
            self._show(event)

    def _show(self, event: events.Event) -> None:
        match event:
            case events.StageStarted(title, total):
                self._title, self._failed = title, 0
                self._draw(title, total, _stage(self._streams.err.width))
            case events.UnderWay() | events.PieceDone():
                self._advance(event)
            case events.StageEnded():
                self._end()
            case events.StepStarted(title):
                self._streams.notice(foreign(title))
            case events.PasswordKept():
                self._streams.notice(Text("The office password is in the keyring.", style="good"))
            case events.PasswordsLeft(companies):
                self._streams.notice(_left_behind(companies))
            case events.ConsentNeeded():
                self._ask_for_consent(event)
            case events.ConsentGiven():
                self._end()
                self._streams.notice(Text("The consent is given.", style="good"))
            case _:
                pass

    def _draw(self, title: str, total: float, columns: tuple[ProgressColumn, ...]) -> None:
        """Begin a line that is drawn again and again, where the terminal can."""
        self._end()
        if self._streams.is_live:
            progress = _Drawn(*columns, console=self._streams.err, transient=True)
            self._drawn = progress, progress.add_task(harmless(title), total=total)
            progress.start()

    def _advance(self, event: events.UnderWay | events.PieceDone) -> None:
        if self._drawn is None:
            return
        progress, task = self._drawn
        if isinstance(event, events.UnderWay):
            progress.under_way.tell(event.subject, event.doing)
            return
        self._failed += event.failed
        failed = f" ({self._failed} failed)" if self._failed else ""
        progress.update(task, advance=1, description=harmless(self._title + failed))
        if event.subject is not None:
            progress.under_way.end(event.subject, event.told, failed=event.failed)

    def _end(self) -> None:
        if self._drawn is not None:
            self._drawn[0].stop()
            self._drawn = None

    def _ask_for_consent(self, event: events.ConsentNeeded) -> None:
        notice = self._streams.notice
        notice(Text("Now it is your turn: give the office's consent in MyCodaBox (sign in, read the terms, allow).", style="strong"))
        notice(Text.assemble("  ", foreign(event.url, "waiting", link=event.url, longest=2000) if event.url else _MENU))
        limit = timedelta(seconds=round(event.time_limit_s))
        notice(f"codalink goes on by itself when the consent is there, and waits up to {limit}.")
        self._draw("Waiting for the consent", event.time_limit_s, _COUNTDOWN)


def _left_behind(companies: Sequence[Company]) -> Text:
    names = foreign(", ".join(company.path for company in companies), longest=_LONGEST_LIST)
    told = "For about an hour a wizard in Odoo may show the office password to administrators of these databases; it could not be wiped: "
    return Text.assemble(told, names, style="waiting")


class _Drawn(Progress):
    """A bar, and below it who is under way."""

    def __init__(self, *columns: ProgressColumn, console: Console, transient: bool) -> None:
        self.under_way = UnderWay()  # first, since a bar draws itself while it is made
        super().__init__(*columns, console=console, transient=transient)

    def get_renderables(self) -> Iterable[RenderableType]:
        """See Progress."""
        yield from super().get_renderables()
        yield self.under_way


class _TimeLeft(ProgressColumn):
    """Counts down from the task's total, which is its time limit in seconds."""

    def render(self, task: Task) -> Text:
        left = max(0, round((task.total or 0) - (task.elapsed or 0)))
        return Text(f"{timedelta(seconds=left)} left", style="waiting")


def _words() -> TextColumn:
    return TextColumn("{task.description}", markup=False)


_WIDE, _MEDIUM = 100, 75
"""From so many columns on, a stage's longest title and a count of thousands have all of it beside them, or some of it."""


def _stage(width: int) -> tuple[ProgressColumn, ...]:
    """What fits: numbers that are cut say something else than they should."""
    if width >= _WIDE:
        return SpinnerColumn(), _words(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    if width >= _MEDIUM:
        return SpinnerColumn(), _words(), BarColumn(bar_width=12), MofNCompleteColumn(), TimeElapsedColumn()
    return SpinnerColumn(), _words(), MofNCompleteColumn()


_COUNTDOWN = (SpinnerColumn(), _words(), _TimeLeft())
