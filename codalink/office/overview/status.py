"""Where every company stands: its connection, its bank accounts with the first gate that is closed to each, its last statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from codalink.errors import CodalinkError, NotConnectable
from codalink.odoo.codabox.connection import ConsentState, open_settings, refresh
from codalink.odoo.codabox.statements import JournalRecord
from codalink.odoo.gateway import DatabaseAddress
from codalink.office.delivery.statements import AccountCheck, CompanyStatements, OfficeStatements
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.means import Means
from codalink.office.model import Account, Company, DatabaseFailure, Office, by_database, server_of
from codalink.office.readiness.accounts import read_accounts
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.duplicates import find_duplicates
from codalink.office.readiness.gates import CompanyGates, Passage, first_closed, of_number, without_journals
from codalink.office.readiness.judgement import obstacle
from codalink.office.readiness.mandates import Mandate, Mandates


class Connection(Enum):
    """How a company stands with CodaBox."""

    CONNECTED = "connected"
    CONSENT_MISSING = "consent missing"
    """Only known after a refresh."""
    NOT_CONNECTED = "not connected"
    NOT_CONNECTABLE = "not connectable"


@dataclass(frozen=True)
class AccountStatus:
    """A bank account, and how far its statements get."""

    account: Account
    passage: Passage
    is_expected: bool = True
    """Whether CodaBox should fill it: the office has connected its company, and no other feed was chosen."""
    check: AccountCheck | None = None
    """Its statements one by one, where somebody has asked for them."""


@dataclass(frozen=True)
class CompanyStatus:
    """One company's row. `obstacle` is what stands in the way of its connection, `trouble` what could not be read."""

    company: Company
    connection: Connection
    accounts: tuple[AccountStatus, ...] = ()
    obstacle: CodalinkError | None = None
    trouble: CodalinkError | None = None
    strays: tuple[Passage, ...] = ()
    """Of its accounts that have a mandate, and no bank journal."""
    payroll: Mandate | None = None
    """Its SODA mandate, where the export has one."""

    @property
    def last_statement(self) -> date | None:
        """The date of the youngest statement on any account."""
        return max((one.account.last_statement for one in self.accounts if one.account.last_statement), default=None)


@dataclass(frozen=True)
class OfficeStatus:
    """Every company of the office, and what could not be reached. `is_refreshed`: CodaBox was asked just now."""

    office: Office
    companies: tuple[CompanyStatus, ...]
    failures: tuple[DatabaseFailure, ...]
    is_refreshed: bool
    has_mandates: bool = False
    """Whether somebody told of the mandates."""
    has_statements: bool = False
    """Whether statements were read one by one."""
    strays: tuple[Passage, ...] = ()
    """Of accounts that have a mandate and no bank journal, and whose company is in none of the databases that were read."""


@dataclass(frozen=True)
class _Known:
    """What one database tells of its companies beyond their records."""

    accounts: Mapping[int, list[Account]] = field(default_factory=dict)
    trouble: CodalinkError | None = None
    consent: dict[int, ConsentState | CodalinkError] = field(default_factory=dict)


def read_status(
    office: Office,
    companies: Sequence[Company],
    failures: Sequence[DatabaseFailure],
    means: Means,
    *,
    with_refresh: bool,
    mandates: Mandates | None = None,
    duplicates: Mapping[Company, NotConnectable] | None = None,
    is_whole: bool = True,
) -> OfficeStatus:
    """Read journals and last statements: two calls a database, and with a refresh two more a company.

    `mandates` are those of MyCodaBox, where a person has exported them. Where these are not all companies (`is_whole`), nothing is
    said of mandates that belong to others, and `duplicates` is what find_duplicates says of all.
    """
    together = by_database(companies)
    known: dict[DatabaseAddress, _Known] = {}
    means.listener(StageStarted("Asking CodaBox" if with_refresh else "Reading journals and statements", len(together)))

    def read_group(group: Sequence[Company]) -> _Known:
        return _read_database(group, office, means, with_refresh=with_refresh)

    for group, found in means.runner.each(together, read_group, means.stop, lane=server_of, finish=False):
        known[group[0].database] = found
        means.listener(PieceDone(group[0].database.name, failed=found.trouble is not None))
    means.listener(StageEnded())
    twice = find_duplicates(companies) if duplicates is None else duplicates
    rows = [
        _status(Dossier(company, duplicate=twice.get(company)), office, known[company.database], mandates)
        for company in companies
        if company.database in known
    ]
    status = OfficeStatus(office, tuple(rows), tuple(failures), with_refresh, has_mandates=mandates is not None)
    return _with_strays(status, mandates, is_whole=is_whole) if mandates else status


def with_statements(status: OfficeStatus, statements: OfficeStatements) -> OfficeStatus:
    """The status with what a look at every single statement has found."""
    found = {row.company: row for row in statements.companies}
    return replace(status, companies=tuple(_with_checks(row, found.get(row.company)) for row in status.companies), has_statements=True)


def _key(journal: JournalRecord) -> tuple[str, str]:
    return journal.iban or journal.name, journal.currency


def _with_checks(row: CompanyStatus, statements: CompanyStatements | None) -> CompanyStatus:
    if statements is None:
        return row
    checks = {(check.account, check.currency): check for check in statements.accounts}
    accounts = (replace(one, check=checks.get(_key(one.account.journal))) for one in row.accounts)
    return replace(row, accounts=tuple(accounts), trouble=row.trouble or statements.error)


def _read_database(companies: Sequence[Company], office: Office, means: Means, *, with_refresh: bool) -> _Known:
    gateway = means.gateway(companies[0])
    consent = {company.record.id: _refreshed(company, means) for company in companies if with_refresh and _is_ours(company, office)}
    try:
        return _Known(read_accounts(gateway, companies), None, consent)
    except CodalinkError as error:
        return _Known(trouble=error, consent=consent)


def _is_ours(company: Company, office: Office) -> bool:
    return company.record.has_module and company.office_vat == office.vat and company.vat is not None


def _refreshed(company: Company, means: Means) -> ConsentState | CodalinkError:
    gateway, company_id = means.gateway(company), company.record.id
    try:
        return refresh(gateway, company_id, open_settings(gateway, company_id))
    except CodalinkError as error:
        return error


def _status(dossier: Dossier, office: Office, known: _Known, mandates: Mandates | None) -> CompanyStatus:
    company = dossier.company
    consent = known.consent.get(company.record.id)
    reason = obstacle(dossier, office)
    connection = _connection(company, consent, reason)
    gates = _gates(connection, consent, reason)
    ours = mandates if company.office_vat == office.vat else None  # another office's mandates are not in this one's export
    is_expected = gates.is_connected and company.office_vat == office.vat
    accounts = (
        AccountStatus(one, first_closed(one.journal, gates, ours), is_expected=is_expected and one.journal.takes_codabox)
        for one in known.accounts.get(company.record.id, ())
    )
    trouble = consent if isinstance(consent, CodalinkError) else known.trouble
    payroll = mandates.payroll_of(company.vat) if mandates else None
    return CompanyStatus(company, connection, tuple(accounts), reason, trouble, payroll=payroll)


_CONSENTED = {ConsentState.VALID: True, ConsentState.NO_CONSENT: False}


def _gates(connection: Connection, consent: ConsentState | CodalinkError | None, reason: CodalinkError | None) -> CompanyGates:
    is_connected = connection in {Connection.CONNECTED, Connection.CONSENT_MISSING}
    is_consented = _CONSENTED.get(consent) if isinstance(consent, ConsentState) else None
    return CompanyGates(is_connected, is_consented, reason)


def _with_strays(status: OfficeStatus, mandates: Mandates, *, is_whole: bool) -> OfficeStatus:
    """The status with every mandate that no journal has, under its company where that was read, else on its own."""
    strays = without_journals(mandates, {one.account.journal.iban for row in status.companies for one in row.accounts})
    rows = tuple(replace(row, strays=_of_company(row, strays)) for row in status.companies)
    known = {row.company.vat for row in status.companies} - {None}
    others = tuple(one for one in strays if one.mandate is None or one.mandate.number not in known)
    return replace(status, companies=rows, strays=others if is_whole else ())


def _of_company(row: CompanyStatus, strays: Iterable[Passage]) -> tuple[Passage, ...]:
    """None where its journals could not be read: the account may well be among them."""
    return of_number(strays, row.company.vat) if row.trouble is None else ()


def _connection(company: Company, consent: ConsentState | CodalinkError | None, reason: CodalinkError | None) -> Connection:
    """What CodaBox said just now wins over what the database has written down."""
    if isinstance(consent, ConsentState):
        return {
            ConsentState.VALID: Connection.CONNECTED,
            ConsentState.NO_CONSENT: Connection.CONSENT_MISSING,
            ConsentState.NO_CONNECTION: Connection.NOT_CONNECTED,
        }[consent]
    if company.record.is_connected:
        return Connection.CONNECTED
    return Connection.NOT_CONNECTED if reason is None else Connection.NOT_CONNECTABLE
