"""Where the office stands with CodaBox: registered or not, consent or not, and whether its password is at hand.

Odoo is the source of truth. The companies that were read tell much already; only where none of them is connected, the proxy is asked
through one of them, and the wizards that may still show a password are looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from codalink.errors import CodalinkError
from codalink.odoo.codabox.connection import FirstConnection, ProxyStatus, ask_proxy, find_first_connection
from codalink.odoo.gateway import DatabaseAddress, Gateways
from codalink.office.fleet import Runner, Stop
from codalink.office.model import Company, Office
from codalink.secrets.passwords import OfficePasswords


class OfficeState(Enum):
    """What the office needs before further companies can be connected."""

    NOT_REGISTERED = "not registered"
    """No company was ever connected: make the first connection."""
    CONSENT_MISSING = "consent missing"
    """Registered and the password is at hand; a person has to give the consent."""
    PASSWORD_MISSING = "password missing"  # noqa: S105  # a state, no password
    """Registered, but the password is neither in the keyring nor still in Odoo."""
    READY = "ready"
    UNKNOWN = "unknown"
    """Nobody could be asked; `Standing.error` says why."""


@dataclass(frozen=True)
class Asked:
    """What Odoo's proxy said, and the company through which it was asked."""

    company: Company
    status: ProxyStatus


@dataclass(frozen=True)
class LivingWizard:
    """A validation wizard that Odoo has not vacuumed yet, and the company whose first connection it shows."""

    company: Company
    shown: FirstConnection


@dataclass(frozen=True)
class Standing:
    """The office's state, and what was found on the way."""

    state: OfficeState
    asked: Company | None = None
    """The company through which the proxy was asked; None where that was not needed."""
    wizard: LivingWizard | None = None
    error: CodalinkError | None = None
    is_starting_over: bool = False
    """A person has revoked the former first connection in MyCodaBox; CodaBox may still count connections of that time."""


def find_standing(
    office: Office, candidates: Sequence[Company], gateways: Gateways, passwords: OfficePasswords, runner: Runner, stop: Stop
) -> Standing:
    """Find out where the office stands. `candidates` are its companies without an obstacle, connected or not.

    No call where one of them is connected or there are none; else three through one company, and one more per database where the office is
    registered already. Raises SecretsError.
    """
    has_password = passwords.find(office.vat.digits) is not None
    if not candidates or any(company.record.is_connected for company in candidates):
        return Standing(OfficeState.READY if has_password or not candidates else OfficeState.PASSWORD_MISSING)
    try:
        asked = ask_someone(candidates, gateways, stop)
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return Standing(OfficeState.UNKNOWN, error=error)
    if asked is None:
        return Standing(OfficeState.UNKNOWN)
    if asked.status.office_connections == 0:
        return Standing(OfficeState.NOT_REGISTERED, asked.company)
    wizard = find_living_wizard(candidates, gateways, runner, stop)
    if not has_password and (wizard is None or wizard.shown.password is None):
        return Standing(OfficeState.PASSWORD_MISSING, asked.company, wizard)
    if wizard is not None and wizard.shown.password is not None:
        return Standing(OfficeState.CONSENT_MISSING, asked.company, wizard)  # even with a consent, the password must be brought home first
    state = OfficeState.READY if asked.status.is_consent_valid else OfficeState.CONSENT_MISSING
    return Standing(state, asked.company, wizard)


def ask_someone(companies: Sequence[Company], gateways: Gateways, stop: Stop) -> Asked | None:
    """Ask the proxy through the first company that can: one broken database must not hide where the office stands.

    None where there is nobody to ask, or the user wants to stop. Raises the last refusal where all refuse.
    """
    refusal: CodalinkError | None = None
    for company in companies:
        if stop.is_requested:
            return None
        try:
            return Asked(company, ask_proxy(gateways.open(company.database), company.record.id))
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            refusal = error
    if refusal is not None:
        raise refusal
    return None


def find_living_wizard(companies: Sequence[Company], gateways: Gateways, runner: Runner, stop: Stop) -> LivingWizard | None:
    """The wizard of the office's first connection, if Odoo still has it: one that shows the password before one that was wiped."""
    by_database: dict[DatabaseAddress, dict[int, Company]] = {}
    for company in companies:
        by_database.setdefault(company.database, {})[company.record.id] = company

    def look(database: DatabaseAddress) -> list[tuple[int, FirstConnection]]:
        try:
            return find_first_connection(gateways.open(database), list(by_database[database]))
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            return []

    found = [
        LivingWizard(by_database[database][company_id], shown)
        for database, wizards in runner.each(list(by_database), look, stop, lane=lambda database: database.server, finish=False)
        for company_id, shown in wizards
        if company_id in by_database[database]
    ]
    return max(found, key=lambda one: (one.shown.password is not None, one.shown.wizard_id), default=None)
