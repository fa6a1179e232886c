"""The bank behind an account number, and what it asks for beyond a signature on the mandate (facts: coda-and-codabox.md, section 4)."""

from dataclasses import dataclass
from enum import Enum

from stdnum import iban as any_iban
from stdnum.be import iban as belgian_iban


class SpecialStep(Enum):
    """What a bank asks of its customer, or tells him, before CODA files come; the value is its name in letter templates."""

    LINK_SOFTWARE = "link-software"
    """A second act: linking CodaBox as external software, in the bank's own web application."""
    SIGN_DIGITALLY = "sign-digitally"
    """No signature on paper, and a monthly fee for the customer."""
    MATCH_DATA = "match-data"
    """Mandate and bank must have the same data of the customer; some accounts get no CODA at all."""


@dataclass(frozen=True)
class Bank:
    """A Belgian bank. `name` is its brand where it has a special step, else what the National Bank's list says, in any language."""

    name: str
    step: SpecialStep | None = None


_SPECIAL = {
    "KREDBEBB": Bank("KBC", SpecialStep.LINK_SOFTWARE),
    "CREGBEBB": Bank("CBC", SpecialStep.LINK_SOFTWARE),
    "GKCCBEBB": Bank("Belfius", SpecialStep.SIGN_DIGITALLY),
    "BBRUBEBB": Bank("ING", SpecialStep.MATCH_DATA),
}
"""By BIC, which is the same for all of a bank's ranges of numbers."""


def bank_of(iban: str) -> Bank | None:
    """The bank of an account; None where the number isn't valid, isn't Belgian, or belongs to no bank in the list."""
    if not any_iban.is_valid(iban, check_country=False) or not any_iban.compact(iban).startswith("BE"):
        return None  # the list would name a Belgian bank all the same
    told = belgian_iban.info(iban)
    return _SPECIAL.get(told.get("bic", "")) or (Bank(told["bank"]) if told.get("bank") else None)
