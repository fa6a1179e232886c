"""The mandates behind bank accounts, as MyCodaBox has them. Odoo doesn't know them; a person exports them.

States: facts, coda-and-codabox.md, section 4, and CodaBox's help on the states of mandates and of bank accounts.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from stdnum import iban as any_iban

from codalink.errors import (
    AccountUnlinked,
    CodalinkError,
    DeliveryNotSet,
    MandateArchived,
    MandateAtBank,
    MandateInCheck,
    MandateInPreparation,
    MandateProblem,
    MandateStateUnknown,
    MandateUnsigned,
    PayrollPending,
    Turn,
)
from codalink.office.model import Vat
from codalink.office.readiness.banks import SpecialStep, bank_of


class MandateKind(Enum):
    """What a mandate is for."""

    CODA = "CODA"
    """Bank statements: one mandate an account, or several accounts of one bank."""
    SODA = "SODA"
    """Payroll entries: a mandate belongs to a company, not to an account."""


class MandateState(Enum):
    """How far a mandate has come, in this order; the value is MyCodaBox's English word.

    Some are states of a single account, which MyCodaBox shows beside those of its mandate and which say more.
    """

    ARCHIVED = "archived"
    PROBLEM = "problem"
    REGISTERED = "registered"
    IN_PREPARATION = "in preparation"
    NOT_SIGNED = "not signed"
    """SODA: the CODA mandate is missing."""
    AWAITING_SIGNATURE = "awaiting signature"
    SIGNED = "signed"
    BANK_PROCEDURE = "bank procedure"
    PENDING_CLIENT = "pending activation by client"
    """An account's: at KBC and CBC, the customer has to link it."""
    REQUESTED = "requested"
    """SODA: asked for at the social secretariat."""
    DELAYED = "delayed"
    """SODA: CodaBox reminds the social secretariat every week."""
    PENDING_DELIVERY = "pending delivery"
    """An account's: files reach CodaBox, which doesn't know yet where to deliver them."""
    PENDING_FIRST_FILE = "pending first file"
    """An account's: the bank has activated it, and nothing has moved on it since."""
    CONFIRMED = "confirmed"
    """SODA: the social secretariat will deliver; no file has come yet."""
    ACTIVE = "active"

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        trouble = _TROUBLES.get(self)
        return trouble.turn if trouble else Turn.NOBODY


_TROUBLES: Mapping[MandateState, type[CodalinkError]] = {
    MandateState.ARCHIVED: MandateArchived,
    MandateState.PROBLEM: MandateProblem,
    MandateState.REGISTERED: MandateInPreparation,
    MandateState.IN_PREPARATION: MandateInPreparation,
    MandateState.NOT_SIGNED: MandateUnsigned,
    MandateState.AWAITING_SIGNATURE: MandateUnsigned,
    MandateState.SIGNED: MandateInCheck,
    MandateState.BANK_PROCEDURE: MandateAtBank,
    MandateState.PENDING_CLIENT: AccountUnlinked,
    MandateState.REQUESTED: PayrollPending,
    MandateState.DELAYED: PayrollPending,
    MandateState.PENDING_DELIVERY: DeliveryNotSet,
}
"""In the other states, files come as soon as there is something in them."""

_LINK_TOO = {
    MandateUnsigned: " At {bank}, the customer has to link CodaBox in KBC Touch or Business Dashboard as well.",
    MandateAtBank: " At {bank}, this mostly means that the customer has yet to link CodaBox in KBC Touch or Business Dashboard.",
}


@dataclass(frozen=True)
class Mandate:
    """A row of MyCodaBox's export, for one account. `state` is None where codalink has no word for `text`, which is as exported."""

    iban: str
    """Without blanks, valid; "" for a SODA mandate."""
    state: MandateState | None
    text: str
    kind: MandateKind = MandateKind.CODA
    company: str = ""
    """The company's name, as exported."""
    number: Vat | None = None
    """The company's number; None where the export has none, or no valid one."""
    currency: str = ""
    """Such as EUR; "" where the export doesn't say."""
    reason: str = ""
    since: date | None = None
    """The date of the state."""

    @property
    def word(self) -> str:
        """The state for the user: codalink's word, or the export's where it has none."""
        return self.state.value if self.state else self.text or "no state"

    @property
    def turn(self) -> Turn:
        """Whose turn it is; the office's where the state is unknown: somebody has to look."""
        return self.state.turn if self.state else Turn.OFFICE

    @property
    def trouble(self) -> CodalinkError | None:
        """Why no files come on this mandate, or that nobody can tell; None where they come."""
        if self.state is None:
            return MandateStateUnknown(f'The export gives the mandate the state "{self.text}", which codalink doesn\'t know.')
        kind = _TROUBLES.get(self.state)
        if kind is None:
            return None
        bank = bank_of(self.iban) if self.iban else None
        must_link = bank is not None and bank.step is SpecialStep.LINK_SOFTWARE
        more = _LINK_TOO[kind].format(bank=bank.name) if bank and must_link and kind in _LINK_TOO else ""
        return kind(self._cause(kind), remedy=kind.default_remedy + more)

    @property
    def rank(self) -> tuple[int, date]:
        """For choosing among several: what is furthest, then what is newest. An unknown state is worth more than a stopped mandate."""
        furthest = _ORDER[self.state] if self.state else _ORDER[MandateState.PROBLEM]
        return furthest, self.since or date.min

    def _cause(self, kind: type[CodalinkError]) -> str:
        return f"{kind.default_cause.rstrip('.')}: {self.reason.rstrip('.')}." if self.reason else kind.default_cause


_ORDER = {state: number for number, state in enumerate(MandateState)}


@dataclass(frozen=True)
class Mandates:
    """What an export says. `left_out` are sentences about its rows that could not be used."""

    rows: tuple[Mandate, ...]
    left_out: tuple[str, ...] = ()

    def find(self, iban: str, currency: str = "") -> Mandate | None:
        """The mandate that counts for an account, of several the one that is furthest, then the newest; None where there is none.

        Spaces and capitals don't matter. Where the export tells currencies, one in the account's `currency` (such as EUR) goes first.
        """
        rows = self._by_iban.get(any_iban.compact(iban), [])
        same = [row for row in rows if currency in {"", row.currency} or not row.currency]
        return max(same or rows, key=lambda row: row.rank, default=None)

    def payroll_of(self, number: Vat | None) -> Mandate | None:
        """The company's SODA mandate; of several, one for each social secretariat, the one that is furthest."""
        rows = [row for row in self.rows if row.kind is MandateKind.SODA and row.number == number] if number else []
        return max(rows, key=lambda row: row.rank, default=None)

    def without_journal(self, ibans: Collection[str]) -> list[Mandate]:
        """The mandates of accounts that are not among `ibans`, in the export's order; those that were stopped are left out."""
        known = {any_iban.compact(iban) for iban in ibans}
        found = [self.find(iban) for iban in self._by_iban if iban not in known]
        return [mandate for mandate in found if mandate is not None and mandate.state is not MandateState.ARCHIVED]

    @cached_property
    def _by_iban(self) -> dict[str, list[Mandate]]:
        rows: dict[str, list[Mandate]] = defaultdict(list)
        for row in self.rows:
            if row.iban:
                rows[row.iban].append(row)
        return rows
