"""A listener that shows what is going on: bars and a countdown on a terminal, a few plain lines elsewhere, on standard error."""

import threading
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from codalink.office import events
from codalink.render.console import Streams, foreign, harmless

_MENU = "MyCodaBox > Administration > CodaBox Connect"


class LiveProgress:
    """The listener; a context manager, since it draws. Never asks and never fails a run."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._lock = threading.Lock()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=streams.err,
            transient=True,
            disable=not streams.is_live,
        )
        self._task: TaskID | None = None
        self._failed = 0
        self._title = ""

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def __call__(self, event: events.Event) -> None:
        """Show the event."""
        with self._lock:
            self._show(event)

    def _show(self, event: events.Event) -> None:
        match event:
            case events.StageStarted(title, total):
                self._begin(title, total)
            case events.PieceDone(_, failed):
                self._failed += failed
                self._advance()
            case events.StageEnded() | events.ConsentGiven():
                self._end(event)
            case events.StepStarted(title):
                self._say(foreign(title))
            case events.PasswordKept():
                self._say(Text("The office password is in the keyring.", style="good"))
            case events.ConsentNeeded():
                self._ask_for_consent(event)
            case events.ConsentAsked(left_s):
                self._count_down(left_s)
            case _:
                pass

    def _begin(self, title: str, total: int | None) -> None:
        self._end(None)
        self._title, self._failed = title, 0
        self._task = self._progress.add_task(harmless(title), total=total)

    def _advance(self) -> None:
        if self._task is not None:
            failed = f" ({self._failed} failed)" if self._failed else ""
            self._progress.update(self._task, advance=1, description=harmless(self._title + failed))

    def _end(self, event: events.Event | None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        if isinstance(event, events.ConsentGiven):
            self._say(Text("The consent is given.", style="good"))

    def _ask_for_consent(self, event: events.ConsentNeeded) -> None:
        minutes = timedelta(seconds=round(event.time_limit_s))
        self._say(Text("Now it is your turn: give the office's consent in MyCodaBox (sign in, read the terms, allow).", style="strong"))
        self._say(Text.assemble("  ", foreign(event.url, "waiting", link=event.url, longest=2000)) if event.url else Text(f"  {_MENU}"))
        self._say(Text(f"codalink goes on by itself when the consent is there, and waits up to {minutes}."))
        self._begin("Waiting for the consent", None)

    def _count_down(self, left_s: float) -> None:
        if self._task is not None:
            left = timedelta(seconds=round(left_s))
            self._progress.update(self._task, description=f"Waiting for the consent, {left} left")

    def _say(self, line: Text) -> None:
        """A line that stays, above whatever is drawn."""
        self._streams.notice(line)
