"""Letters as values: their kinds, their languages, and the facts that go into one. Imports little, so that --help is instant."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from codalink.odoo.codabox.statements import StatementRecord
    from codalink.office.model import Vat


class LetterKind(Enum):
    """What there is to write; the value is what the user types, and begins the template's name."""

    MANDATE = "mandate"
    """Office to customer: please sign the CODA mandate."""
    INITIATE = "initiate"
    """Customer to its accountant: please initiate the connection."""
    SYNCTOOL = "synctool"
    """Office to a customer with a CodaBox contract of its own: the SyncTool, and what it means."""
    ENVIRONMENT = "environment"
    """Office to CodaBox: an Odoo environment, please."""
    CONNECTED = "connected"
    """Office to customer: the connection is there."""
    MISSING = "missing"
    """Office to CodaBox's helpdesk: statements are missing."""


class Language(Enum):
    """The languages that letters are written in."""

    DUTCH = "nl"
    FRENCH = "fr"
    GERMAN = "de"
    ENGLISH = "en"

    @classmethod
    def of(cls, code: str) -> "Language | None":
        """The language behind Odoo's code, such as `nl_BE`; None where letters don't speak it."""
        return next((language for language in cls if language.value == code.partition("_")[0]), None)


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*")


def addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses in a text as people fill it in: one or several on a line, some with a name. What isn't a plain one is left out.

    Domains with umlauts come in the form that mail programs send.
    """
    words = re.split(r"[\s,;<>\"()]+", "".join(text.strip().splitlines()[:1]))
    return tuple(dict.fromkeys(ascii_form for word in words if (ascii_form := _ascii(word)) and _ADDRESS.fullmatch(ascii_form)))


def _ascii(word: str) -> str:
    local, at, domain = word.rpartition("@")
    try:
        return local + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@dataclass(frozen=True)
class Party:
    """Somebody in a letter. Shown as name and number; the name is foreign text."""

    name: str
    vat: "Vat | None" = None
    emails: tuple[str, ...] = ()
    language: Language | None = None

    @property
    def number(self) -> str:
        """The enterprise number as on paper, without country: `0477.472.701`; empty where it is missing or not valid."""
        return str(self.vat).removeprefix("BE ") if self.vat else ""

    def __str__(self) -> str:
        return f"{self.name} ({self.vat})" if self.vat else self.name


@dataclass(frozen=True)
class MissingStatements:
    """Which statements of an account are missing, as far as is known, and what came in before and after them."""

    account: str = ""
    """IBAN without blanks."""
    since: "date | None" = None
    until: "date | None" = None
    numbers: tuple[str, ...] = ()
    currency: str = "EUR"
    before: "StatementRecord | None" = None
    after: "StatementRecord | None" = None


@dataclass(frozen=True)
class Letter:
    """Everything that one letter says. `company` is None where it is about the office alone, `missing` where nothing is."""

    kind: LetterKind
    language: Language
    writer: Party
    recipient: Party
    office: Party
    company: Party | None = None
    accounts: tuple[str, ...] = ()
    """Belgian IBANs without blanks."""
    missing: MissingStatements | None = None
