"""The listener that writes down every change: before it is tried, and when it is over."""

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from codalink.errors import CodalinkError, FileRefused
from codalink.journal.database import as_written, is_damage, open_to_write, set_aside
from codalink.office.changes import Change, ChangeEnded, ChangeStarted
from codalink.office.events import Event
from codalink.office.trail import Run
from codalink.secrets.masked import redact

_LONGEST = 2000


def _utc() -> datetime:
    return datetime.now(UTC)


class Journal:
    """Writes the changes of one run into the file at `path`, which is opened when the first one is tried.

    No run ends because its journal can't be written: `notice` is told once, in a sentence, and the rest of the run goes unwritten. `now`
    tells the time in UTC, `clock` counts seconds from anywhere.
    """

    def __init__(
        self,
        path: Path,
        run: Run,
        notice: Callable[[str], None],
        now: Callable[[], datetime] = _utc,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._run = run
        self._notice = notice
        self._now = now
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._has_given_up = False
        self._tried: dict[Change, tuple[int, float]] = {}
        """The changes under way: their numbers, and when they began."""

    def __call__(self, event: Event) -> None:
        """Write the event down, if it is about a change."""
        if self._has_given_up or not isinstance(event, (ChangeStarted, ChangeEnded)):
            return
        try:
            self._write(event)
        except (OSError, sqlite3.Error, FileRefused) as error:
            self._give_up(error)

    def close(self) -> None:
        """End it; what was not said to have ended stays as tried."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_up(self, error: Exception) -> None:
        self._has_given_up = True
        self.close()
        why = error.cause if isinstance(error, CodalinkError) else f"{self._path} can't be written: {_reason(error)}."
        self._notice(f"What this run changes is not written down in the trail. {why} The run itself goes on.")

    def _write(self, event: ChangeStarted | ChangeEnded) -> None:
        try:
            self._insert(event)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._begin_anew()
            self._insert(event)

    def _insert(self, event: ChangeStarted | ChangeEnded) -> None:
        connection = self._opened()
        if isinstance(event, ChangeStarted):
            columns = (self._run.id, as_written(self._now()), *_described(event.change))
            number = connection.execute(f"INSERT INTO change VALUES (NULL, {_places(columns)})", columns).lastrowid  # noqa: S608  # question marks
            self._tried[event.change] = (number or 0, self._clock())
        elif event.change in self._tried:
            number, began = self._tried.pop(event.change)
            error, cause = (event.error.code, _clean(event.error.cause)) if event.error else ("", "")
            took_ms = round((self._clock() - began) * 1000)
            connection.execute("INSERT INTO ending VALUES (?, ?, ?, ?, ?)", (number, event.result.value, error, cause, took_ms))

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_to_write(self._path)
            run = self._run
            columns = [_clean(text) for text in (run.id, run.command, run.version, run.person, run.office_vat)]
            self._connection.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?)", columns)
        return self._connection

    def _begin_anew(self) -> None:
        """Put the damaged file aside; changes under way have their numbers in there, so their ends go unwritten."""
        self.close()
        self._tried.clear()
        aside = set_aside(self._path, self._now())
        if aside is not None:
            self._notice(f"The trail was damaged. It is kept as {aside}, and codalink has begun a new one.")


def _described(change: Change) -> tuple[str, ...]:
    """What is changed, where, in the order of the columns."""
    database, company = change.database, change.company
    where = (str(database.server), database.name, database.login) if database else ("", "", "")
    who = (
        (company.name, str(company.record.id), company.vat.digits if company.vat else company.record.company_number)
        if company
        else ("", "", "")
    )
    return tuple(_clean(text) for text in (change.kind.value, change.detail, *where, *who))


def _places(columns: tuple[str, ...]) -> str:
    return ", ".join("?" * len(columns))


def _clean(text: str) -> str:
    """Foreign text without a secret, not endless, and without halves of characters, which SQLite doesn't take."""
    return redact(text)[:_LONGEST].encode("utf-8", "replace").decode("utf-8")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error)
