"""What a run tells its listeners: progress display, journal, tests.

Listeners are called from worker threads too, one at a time, and must not raise.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from codalink.odoo.gateway import DatabaseAddress
from codalink.office.model import Company, Office

Subject = Company | DatabaseAddress
"""For whom something is done."""


@dataclass(frozen=True)
class Event:
    """Something that happened."""


@dataclass(frozen=True)
class StageStarted(Event):
    """A stage of many equal pieces sets off."""

    title: str
    total: int


@dataclass(frozen=True)
class UnderWay(Event):
    """Something is being done for `subject` now, in words for the user; told again with each thing that is done for it."""

    subject: Subject
    doing: str


@dataclass(frozen=True)
class PieceDone(Event):
    """One piece of the running stage is done; `label` says which one.

    Where it was told to be under way, its `subject` no longer is, and `told` says what came of it.
    """

    label: str
    failed: bool = False
    subject: Subject | None = None
    told: str = ""


@dataclass(frozen=True)
class StageEnded(Event):
    """The running stage is over, complete or not."""


@dataclass(frozen=True)
class StepStarted(Event):
    """A single step that takes a while, in words for the user."""

    title: str


@dataclass(frozen=True)
class PasswordKept(Event):
    """The office password is in the keyring, and was read back."""

    office: Office
    company: Company


@dataclass(frozen=True)
class PasswordsLeft(Event):
    """In these companies' databases the office password may stand in a wizard that could not be wiped, until Odoo removes it."""

    companies: tuple[Company, ...]


@dataclass(frozen=True)
class ConsentNeeded(Event):
    """A person has to give the office's consent now. `url` is empty where only MyCodaBox's menu leads there."""

    office: Office
    url: str
    time_limit_s: float


@dataclass(frozen=True)
class ConsentAsked(Event):
    """CodaBox was asked for the consent: not given yet."""

    left_s: float


@dataclass(frozen=True)
class ConsentGiven(Event):
    """The consent is there."""


Listener = Callable[[Event], None]


def nobody(event: Event) -> None:
    """The default listener: silent."""
    del event


def in_turn(*listeners: Listener) -> Listener:
    """A listener that tells all of these, one event at a time, whichever threads events come from."""
    lock = threading.Lock()

    def listen(event: Event) -> None:
        with lock:
            for listener in listeners:
                listener(event)

    return listen
