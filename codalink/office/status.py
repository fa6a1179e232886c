"""Where every company stands: its connection, its bank journals, its last statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from codalink.errors import CodalinkError
from codalink.odoo.codabox.connection import ConsentState, open_settings, refresh
from codalink.odoo.codabox.statements import last_statement_dates, read_journals
from codalink.odoo.gateway import DatabaseAddress
from codalink.office.dossier import Dossier
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.means import Means
from codalink.office.model import Account, Company, DatabaseFailure, Office, server_of
from codalink.office.readiness import obstacle


class Connection(Enum):
    """How a company stands with CodaBox."""

    CONNECTED = "connected"
    CONSENT_MISSING = "consent missing"
    """Only known after a refresh."""
    NOT_CONNECTED = "not connected"
    NOT_CONNECTABLE = "not connectable"


@dataclass(frozen=True)
class CompanyStatus:
    """One company's row. `obstacle` is what stands in the way of its connection, `trouble` what could not be read."""

    company: Company
    connection: Connection
    accounts: tuple[Account, ...] = ()
    obstacle: CodalinkError | None = None
    trouble: CodalinkError | None = None

    @property
    def last_statement(self) -> date | None:
        """The date of the youngest statement on any account."""
        return max((account.last_statement for account in self.accounts if account.last_statement), default=None)


@dataclass(frozen=True)
class OfficeStatus:
    """Every company of the office, and what could not be reached. `is_refreshed`: CodaBox was asked just now."""

    office: Office
    companies: tuple[CompanyStatus, ...]
    failures: tuple[DatabaseFailure, ...]
    is_refreshed: bool


@dataclass(frozen=True)
class _Known:
    """What one database tells of its companies beyond their records."""

    accounts: dict[int, list[Account]] = field(default_factory=dict)
    trouble: CodalinkError | None = None
    consent: dict[int, ConsentState | CodalinkError] = field(default_factory=dict)


def read_status(
    office: Office, companies: Sequence[Company], failures: Sequence[DatabaseFailure], means: Means, *, with_refresh: bool
) -> OfficeStatus:
    """Read journals and last statements: two calls a database, and with a refresh two more a company."""
    together: dict[DatabaseAddress, list[Company]] = defaultdict(list)
    for company in companies:
        together[company.database].append(company)
    known: dict[DatabaseAddress, _Known] = {}
    means.listener(StageStarted("Asking CodaBox" if with_refresh else "Reading journals and statements", len(together)))

    def read_group(group: Sequence[Company]) -> _Known:
        return _read_database(group, office, means, with_refresh=with_refresh)

    for group, found in means.runner.each(list(together.values()), read_group, means.stop, lane=server_of):
        known[group[0].database] = found
        means.listener(PieceDone(group[0].database.name, failed=found.trouble is not None))
    means.listener(StageEnded())
    rows = tuple(_status(company, office, known[company.database]) for company in companies if company.database in known)
    return OfficeStatus(office, rows, tuple(failures), with_refresh)


def _read_database(companies: Sequence[Company], office: Office, means: Means, *, with_refresh: bool) -> _Known:
    gateway = means.gateway(companies[0])
    ids = [company.record.id for company in companies]
    consent = {company.record.id: _refreshed(company, means) for company in companies if with_refresh and _is_ours(company, office)}
    accounts: dict[int, list[Account]] = defaultdict(list)
    try:
        journals = read_journals(gateway, ids)
        dates = last_statement_dates(gateway, ids, [journal.id for journal in journals])
    except CodalinkError as error:
        return _Known(trouble=error, consent=consent)
    for journal in journals:
        accounts[journal.company_id].append(Account(journal, dates.get(journal.id)))
    return _Known(accounts, None, consent)


def _is_ours(company: Company, office: Office) -> bool:
    return company.record.has_module and company.office_vat == office.vat and company.vat is not None


def _refreshed(company: Company, means: Means) -> ConsentState | CodalinkError:
    gateway, company_id = means.gateway(company), company.record.id
    try:
        return refresh(gateway, company_id, open_settings(gateway, company_id))
    except CodalinkError as error:
        return error


def _status(company: Company, office: Office, known: _Known) -> CompanyStatus:
    consent = known.consent.get(company.record.id)
    reason = obstacle(Dossier(company), office)
    accounts = tuple(known.accounts.get(company.record.id, ()))
    trouble = consent if isinstance(consent, CodalinkError) else known.trouble
    return CompanyStatus(company, _connection(company, consent, reason), accounts, reason, trouble)


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
