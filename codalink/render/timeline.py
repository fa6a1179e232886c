"""A year of an account's statements as a drawing: the days that have one, and what is wrong between them. A unit is a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from codalink.errors import CodalinkError
from codalink.office.delivery.continuity import Breach, Discontinuity
from codalink.office.delivery.statements import AccountCheck

WEEKS = 53
DAYS = 7 * WEEKS


@dataclass(frozen=True)
class Mark:
    """A stretch of days that something is wrong with, counted from the left end. `is_proven`: statements are surely missing or wrong."""

    x: int
    width: int
    error: CodalinkError
    is_proven: bool


@dataclass(frozen=True)
class Month:
    """Where a month begins, from the left end: in days, and in percent of the whole."""

    name: str
    x: int

    @property
    def percent(self) -> str:
        """For where the drawing has no days."""
        return f"{100 * self.x / DAYS:.2f}%"


@dataclass(frozen=True)
class Timeline:
    """One account's year. `path` has a stroke for each run of days with statements, `days` says how many days those are."""

    path: str
    days: int
    marks: tuple[Mark, ...]

    @property
    def gaps(self) -> int:
        """How many places have surely something wrong."""
        return sum(mark.is_proven for mark in self.marks)


def first_day(today: date) -> date:
    """The left end, where `today` is the right one."""
    return today - timedelta(days=DAYS - 1)


def draw(check: AccountCheck | None, today: date) -> Timeline:
    """The timeline of an account; an empty one where nobody has read its statements."""
    if check is None:
        return Timeline("", 0, ())
    begin = first_day(today)
    days = [(day - begin).days for day in check.days if begin <= day <= today]
    return Timeline(_path(days), len(days), tuple(_marks(check, begin, today)))


def months(today: date) -> tuple[Month, ...]:
    """The months that begin on the timeline."""
    begin = first_day(today)
    days = (begin + timedelta(days=position) for position in range(DAYS))
    return tuple(Month(f"{day:%b}", (day - begin).days) for day in days if day.day == 1)


def _path(days: Sequence[int]) -> str:
    """An SVG path along the middle: days that follow each other are one stroke, which keeps the pages of large offices small."""
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] == day:
            runs[-1] = (runs[-1][0], day + 1)
        else:
            runs.append((day, day + 1))
    return "".join(f"M{begin} 6H{end}" for begin, end in runs)


def _marks(check: AccountCheck, begin: date, today: date) -> Iterator[Mark]:
    for trouble in check.troubles:
        stretch = _stretch(trouble.place, today) if trouble.place else None
        if stretch is None or stretch[1] <= begin:
            continue
        left = max((stretch[0] - begin).days, 0)
        right = min((stretch[1] - begin).days, DAYS)
        yield Mark(left, max(right - left, 1), trouble.error, not trouble.is_hint)


def _stretch(place: Discontinuity, today: date) -> tuple[date, date] | None:
    """The first day that is concerned, and the first one that isn't any more."""
    if place.before is None:
        return None
    after_last = place.before.closed + timedelta(days=1)
    if place.after is None:
        return after_last, today + timedelta(days=1)
    if place.breach in {Breach.GAP, Breach.AMBIGUOUS} and after_last < place.after.closed:
        return after_last, place.after.closed
    return place.after.closed, place.after.closed + timedelta(days=1)
