"""Is the office password in the keyring still the valid one?"""

from codalink.errors import OfficePasswordMissing, OfficePasswordRefused
from codalink.office.connecting.standing import Asked
from codalink.office.events import StepStarted
from codalink.office.means import Means
from codalink.office.model import Office, Survey
from codalink.office.password.speaking import Speaker, companies_of, find_speaker


def verify_password(office: Office, survey: Survey, means: Means) -> Asked:
    """Ask CodaBox whether the password is valid; gives through whom, and how the office stands. Changes nothing, here and there.

    About nine calls. Raises OfficePasswordMissing; OfficePasswordRefused, which says where another one in the keyring is the valid one;
    NoConnection where the office is not registered; and what keeps CodaBox from being asked.
    """
    vat = office.vat.digits
    password = means.passwords.find(vat)
    if password is None:
        raise OfficePasswordMissing(f"The keyring has no password for {office.name} ({office.vat}).")
    with means.leftovers.swept(means):
        speaker = find_speaker(office, companies_of(office, survey), means)
        means.listener(StepStarted(f"Testing the office password, through {speaker.company.name}"))
        if not speaker.accepts(password):
            raise _refused(vat, speaker, means)
        return speaker.asked


def _refused(vat: str, speaker: Speaker, means: Means) -> OfficePasswordRefused:
    """The refusal, with the way on that fits what else the keyring has."""
    candidate = means.passwords.candidate(vat)
    if candidate is not None and speaker.accepts(candidate):
        return OfficePasswordRefused(
            "An exchange of the office password was interrupted: CodaBox has taken over the new one already.",
            remedy="Run `codalink password rotate`: it finishes the exchange. The new password is in the keyring.",
        )
    if any(speaker.accepts(other) for other in means.passwords.known(vat)[1:] if other != candidate):
        return OfficePasswordRefused(
            "CodaBox refuses the office password in the keyring, and accepts the one that was there before.",
            remedy="Run `codalink password recover`: it puts that one back.",
        )
    return OfficePasswordRefused()
