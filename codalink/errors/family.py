"""The root of the family: what every error tells people and code."""

import re
from enum import Enum
from typing import ClassVar


class Turn(Enum):
    """Whose turn it is to do something."""

    OFFICE = "office"
    CUSTOMER = "customer"
    BANK = "bank"
    CODABOX = "CodaBox"
    ODOO = "Odoo"
    NOBODY = "nobody"
    """Nothing to do, or it passes by itself."""


class CodalinkError(Exception):
    """Root of the family.

    `cause` and `remedy` are whole sentences for the user. They may contain text that came from a server: whoever shows them makes it
    harmless first (render/console.py). The class variables are the error's page in the catalogue: `codalink explain`, the tables and the
    README are made from them, so that a new error is one class in one place.
    """

    default_cause: ClassVar[str] = "Something went wrong."
    """What it means."""
    default_remedy: ClassVar[str] = "Run the command again with --debug and read what it says."
    """What to do, in a line for tables."""
    steps: ClassVar[tuple[str, ...]] = ()
    """What to do, in order and with menu paths, where the remedy is not all there is to say."""
    next_command: ClassVar[str] = ""
    """What to run after that; empty for the same command again."""
    turn: ClassVar[Turn] = Turn.OFFICE
    """Whose turn it is."""

    wordings: ClassVar[tuple[str, ...]] = ()
    """How Odoo and its CodaBox module word it: regular expressions of stable parts of the English text, which must not fit the text of
    another kind. They decide what an answer of Odoo becomes (odoo/faults.py). Without alternatives, so that `catalogue.readable` can show
    them to people."""
    other_wordings: ClassVar[tuple[str, ...]] = ()
    """What else it is known by: codalink's own sentences beside `default_cause`, and what people call it. Only to find what was pasted."""
    guesses: ClassVar[tuple[str, ...]] = ()
    """Dutch and French words that make it likely. Odoo's translations change, so these are good for a guess only."""

    is_repeatable: ClassVar[bool] = False
    """The same call may well succeed a moment later."""
    may_have_happened: ClassVar[bool] = False
    """No answer came, so the server may have done it: look before trying again."""
    concerns_everyone: ClassVar[bool] = False
    """It would hit every other company too: stop the run."""

    def __init__(self, cause: str = "", *, remedy: str = "") -> None:
        self.cause = cause or self.default_cause
        self.remedy = remedy or self.default_remedy
        super().__init__(self.cause)

    @property
    def code(self) -> str:
        """Stable name for machines, such as `office-password-refused`."""
        return code_of(type(self))


def code_of(kind: type[CodalinkError]) -> str:
    """The code of all errors of this kind."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()
