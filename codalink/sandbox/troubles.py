"""The troubles of real life that a world may have planted in it, in the sandbox's own words."""

from dataclasses import dataclass
from enum import Enum


class Trouble(Enum):
    """What can be wrong with a database, a company or a bank journal."""

    SERVER_DOWN = "nobody listens at the server's address"
    ODOO_TOO_OLD = "Odoo is older than its CodaBox module still works with"
    LOGIN_REFUSED = "the database has another password than the office was told"
    NO_SETTINGS_RIGHT = "the account may not change settings"
    NO_ACCOUNTING_RIGHT = "the account may not see journals"
    MODULE_NOT_INSTALLED = "the module CodaBox is not installed"
    MODULE_NOT_ON_OFFER = "the module CodaBox is not among those that could be installed"
    MODULE_TOO_OLD = "the module CodaBox is from before the connection wizard"
    COUNTRY_MISSING = "the company has a Belgian number and no country"
    COUNTRY_FOREIGN = "the company is not Belgian"
    NUMBER_MISSING = "the company has no number"
    NUMBER_INVALID = "the company's number fails the check"
    FIRM_MISSING = "no accounting firm is set"
    FIRM_AMBIGUOUS = "no accounting firm is set, and two contacts have the office's number"
    FIRM_WITHOUT_NUMBER = "the accounting firm has no number"
    FIRM_NUMBER_INVALID = "the accounting firm's number fails the check"
    FIRM_IS_CUSTOMER = "the company is its own accounting firm"
    OTHER_OFFICE = "the accounting firm is another office"
    TEST_COPY = "the database is a test copy of another one"
    NO_BANK_JOURNAL = "the company has no bank journal"
    IBAN_MISSING = "a bank journal has no account number"
    IBAN_INVALID = "a bank journal's account number fails the check"
    IBAN_FOREIGN = "a bank journal is of a foreign account"
    IBAN_TWICE = "two bank journals have the same account number"
    FEED_UNDEFINED = "no bank feed is chosen for a bank journal"
    OTHER_FEED = "a bank journal is filled by another feed"
    STATEMENTS_OLD = "a bank journal's last statement is old, and no new ones come"
    NO_STATEMENT = "no statements come for a bank journal"
    STATEMENTS_MISSING = "statements are missing between others of a bank journal"
    STATEMENT_TWICE = "a bank journal has a statement twice"

    @property
    def shows_when_connected(self) -> bool:
        """Whether it shows only once the company is connected and its statements were fetched."""
        return self in {Trouble.STATEMENTS_OLD, Trouble.NO_STATEMENT}

    @property
    def shows_in_statements(self) -> bool:
        """Whether it shows only to those who read every statement."""
        return self in {Trouble.STATEMENTS_MISSING, Trouble.STATEMENT_TWICE}


@dataclass(frozen=True, slots=True)
class Planted:
    """A trouble, and where it is: in a database, in one of its companies, in one of that one's bank journals."""

    trouble: Trouble
    database: str
    company: str = ""
    """The company's name; ``""`` where the whole database is out of reach."""
    account: str = ""
    """The IBAN without spaces, or the journal's name where it has none; ``""`` where no journal is meant."""
