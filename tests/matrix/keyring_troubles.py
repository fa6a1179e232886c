"""What goes wrong at the keyring, at every use that a command makes of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.matrix.commands import Row
from tests.matrix.inside import PATIENCE_S
from tests.matrix.keyrings import KeyringTrouble
from tests.matrix.offices import MatrixOffice
from tests.matrix.troubles import SECRETS, SOME_FAILED, UNREACHABLE

_LIES = frozenset({KeyringTrouble.GARBLES, KeyringTrouble.EMPTY, KeyringTrouble.FORGETS})


@dataclass
class AtKeyring:
    """A trouble from one use of the keyring on, or at that one alone."""

    trouble: KeyringTrouble
    use: str
    number: int
    is_lasting: bool
    is_reminding: bool = False
    _office: MatrixOffice | None = None

    @property
    def name(self) -> str:
        return f"keyring {self.trouble.value}{' for good' if self.is_lasting else ''} at {self.use} #{self.number}"

    @property
    def place(self) -> str:
        return f"{self.use} #{self.number}"

    @property
    def patience_s(self) -> float:
        return PATIENCE_S

    @contextmanager
    def strikes(self, office: MatrixOffice) -> Iterator[None]:
        self._office = office
        office.keyring.trouble(self.trouble, self.number, only=not self.is_lasting)
        yield

    def codes(self, row: Row) -> frozenset[int]:
        """A keyring that fails is told as such. What a lying one gives in place of a login's secret is refused by Odoo."""
        if self.is_reminding:
            return frozenset({row.clean_code})
        if self.trouble in _LIES:
            return frozenset({row.clean_code, SECRETS, SOME_FAILED, UNREACHABLE})
        return frozenset({SECRETS}) if self.is_lasting else frozenset({SECRETS, SOME_FAILED})

    def has_struck(self) -> bool:
        return self._office is not None and len(self._office.keyring.uses) >= self.number


def keyring_troubles(uses: Sequence[str], reminding: int) -> list[AtKeyring]:
    """All that can go wrong at the keyring uses of a clean run, the last of which may be `reminding` only."""
    return [
        AtKeyring(trouble, use, number, is_lasting, is_reminding=number > len(uses) - reminding)
        for number, use in enumerate(uses, start=1)
        for trouble in KeyringTrouble
        for is_lasting in (False, True)
        if _concerns(trouble, use)
    ]


def _concerns(trouble: KeyringTrouble, use: str) -> bool:
    """Whether the trouble is one at this use: reading can't be forgotten, nor what is written be garbled before it is read."""
    is_reading = use.startswith("get ")
    if trouble is KeyringTrouble.FORGETS:
        return not is_reading
    return is_reading or trouble not in _LIES
