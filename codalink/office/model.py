"""The field's nouns: office, company, their numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from stdnum.be import vat as belgian_vat
from stdnum.exceptions import ValidationError

from codalink.errors import CodalinkError, NumberInvalid
from codalink.odoo.codabox.companies import CompanyRecord
from codalink.odoo.codabox.statements import JournalRecord
from codalink.odoo.gateway import DatabaseAddress, OdooProtocol, ServerUrl


@dataclass(frozen=True, order=True)
class Vat:
    """A valid Belgian enterprise or VAT number. Made by `parse`."""

    digits: str
    """Ten digits."""

    @classmethod
    def parse(cls, text: str) -> "Vat":
        """Read a number in any notation (`BE0403.019.261`, `403 019 261`). Raises NumberInvalid."""
        try:
            return cls(belgian_vat.validate(text))
        except (ValidationError, ValueError) as error:  # the second one for thousands of digits
            raise NumberInvalid(f"{text!r} is not a valid Belgian VAT number.") from error

    def __str__(self) -> str:
        return f"BE {self.digits[:4]}.{self.digits[4:7]}.{self.digits[7:]}"


def parsed_or_none(text: str) -> Vat | None:
    """The number in `text`, or None where there is no valid one."""
    try:
        return Vat.parse(text)
    except NumberInvalid:
        return None


@dataclass(frozen=True)
class Office:
    """The accounting office."""

    name: str
    vat: Vat


@dataclass(frozen=True)
class Company:
    """A company in a customer database."""

    database: DatabaseAddress
    record: CompanyRecord

    @property
    def name(self) -> str:
        """As Odoo has it; foreign text."""
        return self.record.name

    @cached_property
    def vat(self) -> Vat | None:
        """The number that Odoo will send to CodaBox; None where it is missing or not valid."""
        return parsed_or_none(self.record.company_number)

    @cached_property
    def office_vat(self) -> Vat | None:
        """The office that Odoo will name to CodaBox; None where it is missing or not valid."""
        return parsed_or_none(self.record.office_number)

    @property
    def path(self) -> str:
        """`database/company`, as `--company` takes it."""
        return f"{self.database.name}/{self.name}"

    @property
    def full_path(self) -> str:
        """`server/database/company`, for two servers that have a database of the same name."""
        return f"{self.database.server}/{self.path}"


@dataclass(frozen=True)
class Account:
    """A bank journal and the date of its last statement."""

    journal: JournalRecord
    last_statement: date | None


def by_database(companies: Iterable[Company]) -> list[list[Company]]:
    """The companies, those of one database together: a gateway is for one thread at a time."""
    groups: dict[DatabaseAddress, list[Company]] = {}
    for company in companies:
        groups.setdefault(company.database, []).append(company)
    return list(groups.values())


def server_of(together: Sequence[Company]) -> ServerUrl:
    """The server of companies that are in one database."""
    return together[0].database.server


@dataclass(frozen=True)
class DatabaseFailure:
    """A database, or a whole source of databases, that could not be read."""

    where: str
    """The database's name, or the address of the source."""
    server: str
    error: CodalinkError
    is_source: bool = False
    """A source of databases, not a single one."""


@dataclass(frozen=True)
class DatabaseFindings:
    """What one database holds."""

    database: DatabaseAddress
    companies: tuple[Company, ...]
    source: str = ""
    """Where it was found, for the user."""
    version: str = ""
    """Such as `18.0`; empty where nobody asked."""
    protocol: OdooProtocol | None = None
    """How codalink speaks with it."""


@dataclass(frozen=True)
class Survey:
    """All customer databases, read once."""

    found: tuple[DatabaseFindings, ...]
    failures: tuple[DatabaseFailure, ...]

    @property
    def companies(self) -> tuple[Company, ...]:
        """All companies of all databases that could be read."""
        return tuple(company for findings in self.found for company in findings.companies)
