"""All cells, and which of them are run: every one, or by a fixed rule a share of them."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codalink.sandbox.calls import Call
from tests.integration.office import Done
from tests.matrix.commands import Row
from tests.matrix.disks import Disk, disk_troubles
from tests.matrix.inside import in_haste
from tests.matrix.keyring_troubles import keyring_troubles
from tests.matrix.network import network_troubles
from tests.matrix.offices import MatrixOffice, Way, running
from tests.matrix.troubles import Trouble
from tests.matrix.verdict import troubles_of_next_run, troubles_of_run

SHOWN = ("json", "table")
SHARE = 23
"""One cell of so many is run where nobody asks for more."""
SHARE_VARIABLE, CELL_VARIABLE = "MATRIX_SHARE", "MATRIX_CELL"


@dataclass(frozen=True)
class Clean:
    """A command's run in which nothing goes wrong."""

    done: Done
    calls: tuple[Call, ...]
    keyring_uses: tuple[str, ...]
    disk_steps: tuple[str, ...]


@cache
def clean_run(row: Row, way: Way) -> Clean:
    """Run once, with nothing wrong; the places are taken from it."""
    with tempfile.TemporaryDirectory() as folder, in_haste(), _office(row, way, Path(folder)) as office:
        office.sandbox.calls.clear()
        office.keyring.uses.clear()
        with Disk(office.folder).watched() as disk:
            done = office.run(row.typed(office, "json"), row.stdin(office))
        calls, uses = tuple(office.sandbox.calls), tuple(office.keyring.uses)
        assert done.exit_code == row.clean_code, done
        assert not list(row.judge(office)), done
        return Clean(done, calls, uses, tuple(disk.steps))


def troubles(row: Row, way: Way) -> list[Trouble]:
    """All that can go wrong with a command."""
    clean = clean_run(row, way)
    return [*network_troubles(clean.calls), *keyring_troubles(clean.keyring_uses, row.reminding), *disk_troubles(clean.disk_steps)]


def chosen(cells: Sequence[Trouble], offset: int) -> Iterator[tuple[int, Trouble]]:
    """The cells to run, with their numbers: every one of SHARE, all where that is 1.

    The cells of one place stand together, in the same order of kinds everywhere, and SHARE divides no place's: so the rule walks through
    places and kinds askew, comes to every place, and meets every kind in every command.
    """
    share = int(os.environ.get(SHARE_VARIABLE, SHARE))
    wanted = os.environ.get(CELL_VARIABLE, "")
    for number, trouble in enumerate(cells):
        if wanted in trouble.name and (wanted or (number + offset) % share == 0):
            yield number, trouble


def run_cell(row: Row, way: Way, trouble: Trouble, number: int) -> list[str]:
    """Run one cell; what is not right about it, with all that codalink said."""
    shown = SHOWN[number % len(SHOWN)]
    clean = clean_run(row, way).done
    with tempfile.TemporaryDirectory() as folder, _office(row, way, Path(folder)) as office:
        with in_haste(trouble.patience_s), trouble.strikes(office):
            done = office.run(row.typed(office, shown), row.stdin(office))
        office.keyring.heal()
        found = list(troubles_of_run(row, trouble, done, office, clean, shown=shown))
        if not trouble.has_struck():
            found.append("never came to it")
        with in_haste():
            again = office.run(row.typed(office, "json"), row.stdin(office))
        found += troubles_of_next_run(row, again, office)
    return [f"{row.name}, {way.name}, {trouble.name}: {'; '.join(found)}\n{done}\n--- the next run\n{again}"] if found else []


def _office(row: Row, way: Way, folder: Path) -> "_Prepared":
    return _Prepared(row, way, folder)


class _Prepared:
    """The row's office, ready for the command."""

    def __init__(self, row: Row, way: Way, folder: Path) -> None:
        self._row = row
        self._running = running(row.world(way), way, folder / "office")

    def __enter__(self) -> MatrixOffice:
        office = self._running.__enter__()
        if self._row.is_set_up:
            office.set_up()
        self._row.prepare(office)
        return office

    def __exit__(self, *error: object) -> None:
        self._running.__exit__(None, None, None)
