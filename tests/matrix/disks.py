"""What goes wrong when codalink writes: the disk is full, read-only or broken, at every step of putting a file in its place."""

import errno
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from unittest import mock

from codalink.journal import database as journal
from tests.matrix.commands import Row
from tests.matrix.inside import PATIENCE_S
from tests.matrix.offices import MatrixOffice
from tests.matrix.troubles import SECRETS, SOME_FAILED, WRONG_USAGE

_OPENED = (".lock", ".sqlite")
"""What is opened to be written where it lies; all else goes by way of a temporary file."""


class DiskTrouble(Enum):
    """How a disk fails."""

    FULL = errno.ENOSPC
    READ_ONLY = errno.EROFS
    BROKEN = errno.EIO


_SQLITE_FAILS: dict[DiskTrouble | None, str] = {
    DiskTrouble.FULL: "PRAGMA max_page_count = 1",
    DiskTrouble.READ_ONLY: "PRAGMA query_only = on",
    DiskTrouble.BROKEN: "this is no SQL",
}
"""SQLite's own ways to meet such a disk, as it writes without Python."""


class Disk:
    """Stands between codalink and the disk: counts what is written in `folder`, and fails from one step on, or at that one alone."""

    def __init__(self, folder: Path, trouble: DiskTrouble | None = None, number: int = 0, *, only: bool = False) -> None:
        self.steps: list[str] = []
        self.has_failed = False
        self._folder = str(folder)
        self._trouble, self._number, self._only = trouble, number, only
        self._lock = threading.Lock()

    @contextmanager
    def watched(self) -> Iterator["Disk"]:
        """While codalink works."""
        with ExitStack() as patched:
            self._surround(patched, tempfile, "mkstemp", lambda **how: str(how["dir"]))
            self._surround(patched, os, "fsync", self._path_of)
            self._surround(patched, Path, "replace", lambda path, _target: str(path))
            self._surround(patched, Path, "mkdir", lambda path, *_mode, **_more: "" if path.is_dir() else str(path))
            self._surround(patched, os, "open", lambda path, *_flags, **_more: str(path) if str(path).endswith(_OPENED) else "")
            inner = journal._connect

            def connect(path: Path, mode: str) -> sqlite3.Connection:
                connection = inner(path, mode)
                if self._step("journal", str(path)):
                    connection.execute(_SQLITE_FAILS[self._trouble])
                return connection

            patched.enter_context(mock.patch.object(journal, "_connect", connect))
            yield self

    def _surround(self, patched: ExitStack, kind: object, name: str, place: Callable[..., str]) -> None:
        inner = getattr(kind, name)

        def called(*arguments: object, **named: object) -> object:
            where = place(*arguments, **named)
            if self._step(name, where):
                assert self._trouble is not None
                number = self._trouble.value
                raise OSError(number, os.strerror(number), where)
            return inner(*arguments, **named)

        patched.enter_context(mock.patch.object(kind, name, called))

    def _path_of(self, handle: int) -> str:
        """The file behind a handle, as far as the system tells."""
        try:
            return str(Path(f"/proc/self/fd/{handle}").readlink())
        except OSError:
            return self._folder

    def _step(self, name: str, where: str) -> bool:
        """Count a step in the folder; whether it fails."""
        if not where.startswith(self._folder):
            return False
        with self._lock:
            self.steps.append(f"{name} {_shortened(where)}")
            number = len(self.steps)
        fails = self._trouble is not None and (number == self._number if self._only else number >= self._number)
        self.has_failed |= fails
        return fails


def _shortened(where: str) -> str:
    """A file's name without what is random in it."""
    name = Path(where).name
    return name if not name.startswith(".") else name.rpartition(".")[0] or name.partition("-")[0]


@dataclass
class AtDisk:
    """A trouble from one step on, or at that one alone."""

    trouble: DiskTrouble
    step: str
    number: int
    is_lasting: bool
    _disk: Disk | None = None

    @property
    def name(self) -> str:
        return f"disk {self.trouble.name.lower()}{' for good' if self.is_lasting else ''} at {self.step} #{self.number}"

    @property
    def place(self) -> str:
        return f"{self.step} #{self.number}"

    @property
    def patience_s(self) -> float:
        return PATIENCE_S

    @contextmanager
    def strikes(self, office: MatrixOffice) -> Iterator[None]:
        self._disk = Disk(office.folder, self.trouble, self.number, only=not self.is_lasting)
        with self._disk.watched():
            yield

    def codes(self, row: Row) -> frozenset[int]:
        """What can't be remembered or noted in the trail is no reason to fail; a result, a configuration or a key that can't be kept is."""
        return frozenset({row.clean_code, SOME_FAILED, WRONG_USAGE, SECRETS})

    def has_struck(self) -> bool:
        return self._disk is not None and self._disk.has_failed


def disk_troubles(steps: Sequence[str]) -> list[AtDisk]:
    """All that can go wrong at the steps of a clean run. Those that come again count for the first and the last time."""
    alike: dict[str, list[int]] = {}
    for number, step in enumerate(steps, start=1):
        alike.setdefault(step, []).append(number)
    kept = sorted({number for numbers in alike.values() for number in (numbers[0], numbers[-1])})
    return [
        AtDisk(trouble, steps[number - 1], number, is_lasting) for number in kept for trouble in DiskTrouble for is_lasting in (False, True)
    ]
