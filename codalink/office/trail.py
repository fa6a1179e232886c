"""The trail of what codalink changed: what the journal keeps, and how people look for something in it."""

from dataclasses import dataclass
from datetime import datetime

from codalink.office.changes import ChangeResult


@dataclass(frozen=True)
class Run:
    """One run of one command."""

    id: str
    """Random, ten hexadecimal digits."""
    command: str
    version: str
    """codalink's own."""
    person: str
    """The account on this computer."""
    office_vat: str
    """Ten digits; empty where no office was known."""


@dataclass(frozen=True)
class TrailEntry:
    """One change as it was written down. Texts are empty, and `company_id` and `took_ms` None, where there was nothing to write."""

    run: Run
    at: datetime
    """With its zone."""
    what: str
    """A ChangeKind's value; of an older or newer codalink perhaps one that this one doesn't know."""
    detail: str
    server: str
    database: str
    login: str
    company: str
    company_id: int | None
    company_vat: str
    """Ten digits, or what Odoo had there."""
    result: ChangeResult
    error: str
    """An error's stable name."""
    cause: str
    took_ms: int | None


@dataclass(frozen=True)
class TrailFilter:
    """Which entries are wanted; what is empty, None or False lets everything through.

    `company` is a name, a part of one, a number in any notation, or database/company; `database` a name or server/name; `what` a part of
    what was done; `run` the beginning of a run's id. `since` is included, `until` is not; both have a zone.
    """

    company: str = ""
    database: str = ""
    what: str = ""
    run: str = ""
    since: datetime | None = None
    until: datetime | None = None
    only_failed: bool = False
    """All that is not known to be done."""


@dataclass(frozen=True)
class Trail:
    """What was found, the newest last; how many entries there are in all, and when the first one was written."""

    entries: tuple[TrailEntry, ...] = ()
    total: int = 0
    begins: datetime | None = None
