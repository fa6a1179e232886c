"""What a support pack holds, as values: numbers, times, codalink's own words, and stand-ins for everything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from codalink.office.changes import ChangeResult
from codalink.office.trail import Trail


class Part(Enum):
    """What a text stands for. The value is what its stand-in is called, as in `server-1`."""

    OFFICE = "office"
    VAT = "vat"
    SERVER = "server"
    DATABASE = "database"
    COMPANY = "company"
    LOGIN = "login"
    PERSON = "person"
    EMAIL = "email"
    FILE = "file"
    PATTERN = "pattern"
    RUN = "run"
    OWN = "own"
    """One of codalink's own words, told as it is where it is known."""


@dataclass(frozen=True)
class Setting:
    """One value of the configuration: in which table, under which key, and what its text stands for.

    `table` and `key` are codalink's own words. In a pack, `text` is a stand-in, and `remark` says what may be told of it.
    """

    table: str
    key: str
    part: Part
    text: str
    remark: str = ""


@dataclass(frozen=True)
class Machine:
    """This computer and this codalink, in words that name nobody: facts with their headings, libraries with their versions, and names of
    environment variables that are set."""

    facts: tuple[tuple[str, str], ...] = ()
    libraries: tuple[tuple[str, str], ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Something that could not be read for the pack; `part` says what, in codalink's own words, `error` is an error's code."""

    part: str
    error: str


@dataclass(frozen=True)
class Gathered:
    """What codalink knows, with all names in it: what a pack is made from.

    `counts` are numbers with their headings, `commands` the names of codalink's commands. `names` is what else is personal here and is
    searched for in the finished pack: companies, databases, accounts, this computer.
    """

    machine: Machine
    settings: tuple[Setting, ...] = ()
    trail: Trail = field(default_factory=Trail)
    counts: tuple[tuple[str, int], ...] = ()
    commands: frozenset[str] = frozenset()
    troubles: tuple[Trouble, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PackedEntry:
    """A change from the trail. `what` and `error` are codalink's own words, `meaning` is codalink's own sentence for the error; the rest
    are stand-ins, or empty."""

    run: str
    at: datetime
    what: str
    result: ChangeResult
    error: str
    meaning: str
    took_ms: int | None
    server: str
    database: str
    login: str
    company: str


@dataclass(frozen=True)
class PackedRun:
    """A run of which entries are in the pack, and how many of them ended in which way."""

    name: str
    began: datetime
    command: str
    version: str
    person: str
    office: str
    results: Mapping[ChangeResult, int]


@dataclass(frozen=True)
class SupportPack:
    """All that is sent: disguised, and ready to be written down."""

    machine: Machine
    settings: tuple[Setting, ...]
    runs: tuple[PackedRun, ...]
    entries: tuple[PackedEntry, ...]
    counts: tuple[tuple[str, int], ...]
    troubles: tuple[tuple[Trouble, str], ...]
    """Each with codalink's own sentence for it."""
