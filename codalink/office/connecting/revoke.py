"""Taking one company's connection to CodaBox away: a plan that is shown, asked for, and carried out."""

from dataclasses import dataclass

from codalink.errors import AnswerUnexpected, CodalinkError, NoConnection, OtherOffice
from codalink.errors.menus import CONSENT_IN_MYCODABOX
from codalink.odoo.codabox.companies import is_connected
from codalink.odoo.codabox.connection import ProxyStatus, ask_proxy, open_settings, refresh
from codalink.odoo.codabox.revocation import revoke_connection, wipe_revoke_wizards
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.means import Means
from codalink.office.model import Company, Office
from codalink.secrets.masked import Secret

AFTER_THE_LAST = (
    "No company of the office gets statements through Odoo any more.",
    "The office password opens nothing any more. It stays in the keyring until `codalink password forget`.",
    f"To end it at CodaBox too, revoke Odoo's access in {CONSENT_IN_MYCODABOX}. Without that, no new first connection is possible.",
    "After that, `codalink connect-all` makes a new first connection, with a new password and a new consent.",
)
"""What revoking the last connection means (contract, section 2), in order."""


@dataclass(frozen=True)
class RevocationPlan:
    """What revoking would take away."""

    office: Office
    company: Company
    status: ProxyStatus

    @property
    def has_work(self) -> bool:
        """Whether there is a connection to take away."""
        return self.status.connection_exists or self.company.record.is_connected

    @property
    def is_last(self) -> bool:
        """Whether the office has no other connection: after it, its password opens nothing any more."""
        return self.status.connection_exists and self.status.office_connections <= 1


def plan_revocation(office: Office, company: Company, means: Means) -> RevocationPlan:
    """Ask how the company and its office stand. Three calls. Raises OtherOffice where another office has the connection."""
    if company.office_vat != office.vat:
        raise OtherOffice(remedy="Only the office that made a connection can take it away.")
    return RevocationPlan(office, company, ask_proxy(means.gateway(company), company.record.id))


def revoke(plan: RevocationPlan, means: Means) -> None:
    """Take the connection away, at CodaBox and in Odoo; repeatable. Whatever the button answers, it is looked at what became of it.

    Raises OfficePasswordRefused, OfficePasswordMissing where Odoo asks for the password, and what keeps Odoo from being asked.
    """
    company, gateway = plan.company, means.gateway(plan.company)
    password = means.passwords.find(plan.office.vat.digits)
    with means.leftovers.swept(means), announced(means.listener, Change(ChangeKind.REVOKE, company)):
        doubt: CodalinkError = AnswerUnexpected("Odoo was asked to revoke the connection, and CodaBox still has it.")
        try:
            _press(company, ask_proxy(gateway, company.record.id), password, means)
        except CodalinkError as error:
            if not (error.may_have_happened or isinstance(error, NoConnection)):
                raise
            doubt = error
        if ask_proxy(gateway, company.record.id).connection_exists:
            raise doubt
        if is_connected(gateway, company.record.id):
            refresh(gateway, company.record.id, open_settings(gateway, company.record.id))


def _press(company: Company, status: ProxyStatus, password: Secret | None, means: Means) -> None:
    """Press the button, and leave no password in the wizard that a newer module opens for it."""
    try:
        revoke_connection(means.gateway(company), company.record.id, status.wizard_id, password)
    except CodalinkError as error:
        if error.may_have_happened:
            means.leftovers.note(company, wipe_revoke_wizards, means.now())
        raise
    finally:
        try:
            wipe_revoke_wizards(means.gateway(company), company.record.id)
        except CodalinkError:
            means.leftovers.note(company, wipe_revoke_wizards, means.now())
