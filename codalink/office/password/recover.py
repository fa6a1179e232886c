"""Finding an office password again that the keyring doesn't have, or that CodaBox refuses; and starting over where it is lost.

Starting over throws away what still works, so it begins only when a person has revoked Odoo's access in MyCodaBox: from then on no
connection delivers anything, and none is lost by being revoked in Odoo as well. Killed anywhere, the next run finds some connections
revoked and some not, and goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from codalink.errors import CodalinkError, ConsentStands, OfficePasswordMissing, OfficePasswordRefused
from codalink.odoo.codabox.connection import ConsentState, open_settings, refresh
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.connecting.first import bring_home
from codalink.office.connecting.revoke import RevocationPlan, revoke
from codalink.office.connecting.standing import find_living_wizard
from codalink.office.events import PieceDone, StageEnded, StageStarted, StepStarted
from codalink.office.means import Means
from codalink.office.model import Company, Office, Survey, by_database, server_of
from codalink.office.password.speaking import Speaker, companies_of, find_speaker


class Recovery(Enum):
    """Where the valid office password was."""

    NOT_LOST = "in the keyring, as it should be"
    SET_ASIDE = "in the keyring, set aside"
    """By an exchange that was interrupted, or because somebody entered another one."""
    IN_ODOO = "in Odoo, which showed it still"
    LOST = "nowhere"


def recover_password(office: Office, survey: Survey, means: Means) -> Recovery:
    """Look for the valid office password wherever it may be, and put it in its place in the keyring.

    About six calls for each password in the keyring, and one a database. Raises NoConnection where the office is not registered, so that
    there is nothing to recover; SecretsError; and what keeps CodaBox from being asked.
    """
    vat, companies = office.vat.digits, companies_of(office, survey)
    with means.leftovers.swept(means):
        speaker = find_speaker(office, companies, means)
        means.listener(StepStarted("Looking for the office password in the keyring"))
        for number, password in enumerate(means.passwords.known(vat)):
            if not speaker.accepts(password):
                continue
            if number == 0 and password == means.passwords.find(vat):
                return Recovery.NOT_LOST
            with announced(means.listener, Change(ChangeKind.STORE_PASSWORD)):
                means.passwords.promote(vat, password)
            return Recovery.SET_ASIDE
        means.listener(StepStarted("Looking for it in Odoo, which shows it for about an hour"))
        wizard = find_living_wizard(companies, means.gateways, means.runner, means.stop)
        if wizard is None or wizard.shown.password is None:
            return Recovery.LOST
        bring_home(office, wizard.company, wizard.shown, means)
    return Recovery.IN_ODOO


@dataclass(frozen=True)
class NotRevoked:
    """A company whose connection could not be revoked in Odoo, and why."""

    company: Company
    error: CodalinkError


def revoke_all(office: Office, survey: Survey, means: Means) -> list[NotRevoked]:
    """Revoke all the office's connections in Odoo, side by side; those that are left. Only after the consent was revoked in MyCodaBox.

    Raises ConsentStands where MyCodaBox still allows the connection, before anything is done.
    """
    companies = companies_of(office, survey)
    speaker = find_speaker(office, companies, means)
    if speaker.asked.status.is_consent_valid:
        raise ConsentStands
    connected = [company for company in companies if company.record.is_connected]
    means.listener(StageStarted("Revoking in Odoo", len(connected)))

    def revoke_database(together: Sequence[Company]) -> list[NotRevoked | None]:
        return [_revoked(office, company, speaker, means) for company in together if not means.stop.is_requested]

    left = []
    for together, results in means.runner.each(by_database(connected), revoke_database, means.stop, lane=server_of):
        for company, result in zip(together, results, strict=False):
            means.listener(PieceDone(company.name, failed=result is not None))
        left += [result for result in results if result is not None]
    means.listener(StageEnded())
    return left


def _revoked(office: Office, company: Company, speaker: Speaker, means: Means) -> NotRevoked | None:
    """Revoke one. A newer module asks for the password that is lost: then Odoo at least writes down that nothing comes any more."""
    gateway, company_id = means.gateway(company), company.record.id
    try:
        try:
            revoke(RevocationPlan(office, company, speaker.asked.status), means)
        except (OfficePasswordMissing, OfficePasswordRefused):
            if refresh(gateway, company_id, open_settings(gateway, company_id)) is ConsentState.VALID:
                raise
    except CodalinkError as error:
        return NotRevoked(company, error)
    return None
