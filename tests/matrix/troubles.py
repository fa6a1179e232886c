"""What a trouble is: something that goes wrong at one place of a run, and what a run may end with then."""

from contextlib import AbstractContextManager
from typing import Protocol

from tests.matrix.commands import Row
from tests.matrix.inside import PATIENCE_S
from tests.matrix.offices import MatrixOffice

SOME_FAILED, WRONG_USAGE, SECRETS, UNREACHABLE = 1, 2, 4, 5


class Trouble(Protocol):
    """One thing that goes wrong, at one place."""

    @property
    def name(self) -> str:
        """What, where, and whether it passes."""

    @property
    def place(self) -> object:
        """Where; equal for all that goes wrong at the same place."""

    @property
    def patience_s(self) -> float:
        """How long codalink waits for answers meanwhile."""
        return PATIENCE_S

    def strikes(self, office: MatrixOffice) -> AbstractContextManager[object]:
        """Let it go wrong within the block."""

    def codes(self, row: Row) -> frozenset[int]:
        """With what the run may end."""

    def has_struck(self) -> bool:
        """Whether the place was reached, so that it did go wrong."""
