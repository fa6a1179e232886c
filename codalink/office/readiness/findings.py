"""What a check says: conditions between a company and its statements, and how each of them stands."""

from dataclasses import dataclass
from enum import Enum

from codalink.errors import CodalinkError


class Condition(Enum):
    """What must be in order, in the order in which one opens the way to the next; the value is its name for the user."""

    SERVER = "server reached"
    VERSION = "Odoo version"
    LOGIN = "login"
    MODULE = "module CodaBox"
    RIGHTS = "rights"
    COUNTRY = "country"
    NUMBER = "company number"
    FIRM = "accounting firm"
    OFFICE = "your office"
    ORIGINAL = "no test copy"
    ACCOUNT = "bank account"
    FEED = "bank feed"
    SODA = "SODA journal"
    CONNECTION = "connection"
    CONSENT = "consent"
    MANDATE = "mandate"
    STATEMENT = "last statement"


class Grade(Enum):
    """How a condition stands."""

    PASS = "pass"  # noqa: S105  # a grade
    WARN = "warn"
    """Worth a look; nothing is stopped by it."""
    FAIL = "fail"
    UNKNOWN = "unknown"
    """Can't be told, because something before it fails or nobody could be asked."""


@dataclass(frozen=True)
class Finding:
    """How one condition stands. `error` has cause and remedy where the grade is WARN or FAIL."""

    condition: Condition
    grade: Grade
    error: CodalinkError | None = None
    account: str = ""
    """The IBAN, or the journal's name where it has none, for what concerns a single bank account."""
    note: str = ""
    """Why nothing can be told, or what is worth knowing though all is in order."""
