"""The fault matrix (tests/matrix/__init__.py)."""

import gc
import os
import threading
from collections.abc import Iterator, Sequence

import pytest

from tests.conftest import Count
from tests.matrix.cells import SHARE_VARIABLE, chosen, run_cell, troubles
from tests.matrix.commands import COMMANDS
from tests.matrix.inside import PATIENCE_S
from tests.matrix.network import Place
from tests.matrix.troubles import Trouble

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
"""What only reads is left behind at a command's end. A process takes its connections with it; here they wait for the garbage collector."""

PARTS = 4
"""So many tests share the cells of a command, so that they can run side by side."""
ALL = [(row, way) for row in COMMANDS for way in row.ways]
TESTS = [
    pytest.param(number, part, id=f"{row.name}, {way.name}, part {part + 1}")
    for number, (row, way) in enumerate(ALL)
    for part in range(PARTS)
]


@pytest.fixture(autouse=True)
def end_what_was_left_behind() -> Iterator[None]:
    """So that no other test comes upon it."""
    yield
    for thread in [one for one in threading.enumerate() if one.name == "codalink"]:
        thread.join(PATIENCE_S)
    gc.collect()


@pytest.mark.parametrize(("number", "part"), TESTS)
def test_every_cell_ends_well(number: int, part: int, count: Count) -> None:
    row, way = ALL[number]
    everything = troubles(row, way)
    cells = list(chosen(everything, offset=number))[part::PARTS]
    count("cells of the fault matrix", row.name, len(cells))
    count("cells there are", row.name, len(everything) if part == 0 else 0)
    bad = [trouble for place, cell in cells for trouble in run_cell(row, way, cell, place)]
    assert not bad, f"{len(bad)} of {len(cells)} cells\n\n" + "\n\n".join(bad)


@pytest.mark.skipif(SHARE_VARIABLE in os.environ, reason="it is about the rule that holds where nobody asks for more or less")
def test_rule_comes_to_every_call_of_every_command_and_to_every_kind_of_trouble() -> None:
    met, known = set[str](), set[str]()
    for number, (row, way) in enumerate(ALL):
        everything = troubles(row, way)
        run = [cell for _, cell in chosen(everything, offset=number)]
        assert _calls(run) == _calls(everything), row.name
        met |= {_kind(cell) for cell in run}
        known |= {_kind(cell) for cell in everything}
    assert met == known


def _calls(cells: Sequence[Trouble]) -> set[object]:
    return {cell.place for cell in cells if isinstance(cell.place, Place)}


def _kind(cell: Trouble) -> str:
    return cell.name.partition(" at ")[0]
