"""How banks number their statements: each has a habit of its own, and none of them counts what a reader would expect."""

from datetime import date
from enum import Enum

_LAST = 999
"""A CODA file has three digits for it."""


class Numbering(Enum):
    """A bank's habit."""

    YEARLY = "counts statements, and begins again every year"
    FROM_FIRST_FILE = "counts files from the first one on, as Belfius does"
    DAY_OF_YEAR = "the day of the year, as at Argenta"
    WEEKLY = "the paper statement's number, one a week, as at Crelan"
    MONTHLY = "the paper statement's number, one a month"
    NONE = "always 000, as in historical files"

    def after(self, number: int, last_day: date, day: date) -> int:
        """Give the number of the statement of `day`, where the one before it had this number, on that day."""
        match self:
            case Numbering.YEARLY:
                return number % _LAST + 1 if day.year == last_day.year else 1
            case Numbering.FROM_FIRST_FILE:
                return number % _LAST + 1
            case Numbering.DAY_OF_YEAR:
                return day.timetuple().tm_yday
            case Numbering.WEEKLY:
                return day.isocalendar().week
            case Numbering.MONTHLY:
                return day.month
            case Numbering.NONE:
                return 0
