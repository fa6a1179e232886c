"""Journals to write and read in tests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from codalink.errors import CodalinkError
from codalink.journal.writer import Journal
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.trail import Run
from tests.unit.fakes import OFFICE_VAT, company

RUN = Run("3fa94c21d0", "connect-all", "1.2.3", "jan", OFFICE_VAT)
BEGIN = datetime(2026, 5, 19, 12, 0, tzinfo=UTC)
COMPANY = company("Bakkerij Peeters", "klant-001")


def minutes() -> Callable[[], datetime]:
    """A clock that is a minute later each time."""
    times: Iterator[datetime] = (BEGIN + timedelta(minutes=number) for number in count())
    return lambda: next(times)


def journal(path: Path, notices: list[str] | None = None, run: Run = RUN) -> Journal:
    """A journal whose clock stands still while a change is tried."""
    told: list[str] = [] if notices is None else notices
    return Journal(path, run, told.append, minutes(), lambda: 0.0)


def write(listener: Journal, *changes: Change, error: CodalinkError | None = None) -> None:
    """Changes, one after the other, that end well or with the error."""
    for change in changes or (Change(ChangeKind.CONNECT, COMPANY),):
        try:
            with announced(listener, change):
                if error is not None:
                    raise error
        except CodalinkError:
            continue
