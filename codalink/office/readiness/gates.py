"""The gates between a bank account and a statement in Odoo: the first closed one, and whose turn it is to open it.

Pure judgement, no calls. What nobody has looked at is said to be unknown, never guessed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from codalink.errors import (
    CodalinkError,
    ConsentInvalid,
    CurrencyDiffers,
    JournalMissing,
    MandateMissing,
    MandateStateUnknown,
    NotYetConnected,
    OtherFeed,
    Turn,
)
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.model import Vat
from codalink.office.readiness.journals import OWN_CURRENCY, account_trouble, feed_trouble
from codalink.office.readiness.mandates import Mandate, Mandates


class Gate(Enum):
    """What stands before an account's statements, in order; the value is its name for the user."""

    CONNECTION = "connection"
    CONSENT = "consent"
    MANDATE = "mandate"
    JOURNAL = "journal"
    OTHER_FEED = "other feed"
    """None of CodaBox's gates matters: another feed fills the journal."""
    OPEN = "open"
    """None of them is closed, as far as is known."""


@dataclass(frozen=True)
class CompanyGates:
    """How a company stands before the gates that all of its accounts share.

    `is_consented` is None where CodaBox was not asked; `obstacle` is why the company can't be connected, if anything.
    """

    is_connected: bool
    is_consented: bool | None = None
    obstacle: CodalinkError | None = None


@dataclass(frozen=True)
class Passage:
    """How far one account's files get. `reason` is why its gate is closed, or what is to be said where none is."""

    gate: Gate
    reason: CodalinkError | None = None
    unknown: tuple[Gate, ...] = ()
    """The gates that nobody could look at."""
    mandate: Mandate | None = None

    @property
    def is_closed(self) -> bool:
        """Whether something keeps CodaBox's files out that should come in."""
        return self.gate not in {Gate.OPEN, Gate.OTHER_FEED}

    @property
    def word(self) -> str:
        """The first closed gate for the user, or how sure it is that none is."""
        return f"{Gate.OPEN.value} as far as known" if self.gate is Gate.OPEN and self.unknown else self.gate.value

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        return self.reason.turn if self.is_closed and self.reason else Turn.NOBODY


def first_closed(journal: JournalRecord, company: CompanyGates, mandates: Mandates | None = None) -> Passage:
    """Where the files of a journal's account stop. Without `mandates`, nothing is said about the mandate."""
    mandate = mandates.find(journal.iban, journal.currency or OWN_CURRENCY) if mandates else None
    feed = feed_trouble(journal)
    if isinstance(feed, OtherFeed):
        return Passage(Gate.OTHER_FEED, _beside(feed, mandate), mandate=mandate)
    unusable = account_trouble(journal)
    is_mandate_known = mandates is not None and unusable is None
    closed = {
        Gate.CONNECTION: None if company.is_connected else company.obstacle or NotYetConnected(),
        Gate.CONSENT: ConsentInvalid() if company.is_consented is False else None,
        Gate.MANDATE: _mandate_trouble(mandate) if is_mandate_known else None,
        Gate.JOURNAL: unusable or _currency_trouble(journal, mandate),
    }
    unknown = [Gate.CONSENT] if company.is_consented is None else []
    unknown += [] if is_mandate_known and not isinstance(closed[Gate.MANDATE], MandateStateUnknown) else [Gate.MANDATE]
    gate = next((gate for gate, trouble in closed.items() if trouble and gate not in unknown), Gate.OPEN)
    reason = closed.get(gate) or closed[Gate.MANDATE]  # where no gate is closed, that may be a state that nobody knows
    return Passage(gate, reason, tuple(unknown), mandate)


def without_journals(mandates: Mandates, ibans: Collection[str]) -> list[Passage]:
    """Where the files of accounts stop that have a mandate, but none of the bank journals in Odoo, whose account numbers are `ibans`."""
    return [without_journal(mandate) for mandate in mandates.without_journal(ibans)]


def of_number(passages: Iterable[Passage], number: Vat | None) -> tuple[Passage, ...]:
    """Those whose mandate belongs to the company of this number; none where it has none."""
    return tuple(one for one in passages if number is not None and one.mandate is not None and one.mandate.number == number)


def without_journal(mandate: Mandate) -> Passage:
    """Where the files of one such account stop."""
    cause = f"CodaBox has a mandate for {mandate.iban} ({mandate.word}), but no bank journal in Odoo has this account number."
    return Passage(Gate.JOURNAL, JournalMissing(cause), mandate=mandate)


def _beside(feed: OtherFeed, mandate: Mandate | None) -> OtherFeed:
    """Say of the other feed that CodaBox would deliver too."""
    return OtherFeed(f"{feed.cause} CodaBox has a mandate for it too ({mandate.word}).") if mandate else feed


def _mandate_trouble(mandate: Mandate | None) -> CodalinkError | None:
    return mandate.trouble if mandate else MandateMissing()


def _currency_trouble(journal: JournalRecord, mandate: Mandate | None) -> CodalinkError | None:
    own = journal.currency or OWN_CURRENCY
    if mandate is None or mandate.currency in {"", own}:
        return None
    return CurrencyDiffers(f"CodaBox delivers {mandate.iban} in {mandate.currency}, and the bank journal {journal.name} is in {own}.")
