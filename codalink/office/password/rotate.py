"""Exchanging the office password for a new one, without ever being without the valid one.

The order of writes, and what the next run finds if the process dies after each of them:

1. The keyring is proven, and the new password is stored beside the old one and read back. Nothing was sent: the old one is valid.
2. Odoo is asked to replace the one with the other. Whatever becomes of that, both are in the keyring.
3. CodaBox accepts the new one as the valid one. Only now it takes the old one's place, and the old one is dropped.

The next run asks for the same exchange once more, with the new password that it finds, never with another one: a request whose answer was
lost may be carried out much later, and must not make a password valid that nobody has any more. If the exchange was carried out already,
CodaBox refuses the old password, and step 3 finds out why.
"""

from collections.abc import Callable
from enum import Enum

from codalink.errors import CodalinkError, OdooRefused, OfficePasswordMissing, OfficePasswordRefused, SecretsError
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.events import StepStarted
from codalink.office.means import Means
from codalink.office.model import Office, Survey
from codalink.office.password.speaking import Speaker, companies_of, find_speaker
from codalink.secrets.masked import Secret

_LOOKS_AFTER_A_LOST_ANSWER = 3
_FIRST_PAUSE_S = 2.0
_TRY_AGAIN = "Both passwords are in the keyring. Run `codalink password rotate` again: it finds out which one is valid, and goes on."


class Rotation(Enum):
    """What became of the office password."""

    EXCHANGED = "exchanged"
    FINISHED = "interrupted exchange finished"


def rotate_password(office: Office, survey: Survey, make_password: Callable[[], Secret], means: Means) -> Rotation:
    """Exchange the office password; about fifteen calls. Call it under the office's lock.

    Raises OfficePasswordMissing, OfficePasswordRefused (CodaBox accepts neither; both stay), other SecretsErrors, NoConnection where the
    office is not registered, and what keeps CodaBox from being asked. Run again after any error or interruption, it goes on from there.
    """
    vat = office.vat.digits
    current, candidate = means.passwords.find(vat), means.passwords.candidate(vat)
    if current is None:
        raise OfficePasswordMissing(f"The keyring has no password for {office.name} ({office.vat}).")
    with means.leftovers.swept(means):
        speaker = find_speaker(office, companies_of(office, survey), means)
        new = candidate or _staged(vat, make_password(), means)
        doubt = _exchange(speaker, current, new, means)
        if not _is_proven(new, doubt, speaker, means):
            if isinstance(doubt, OfficePasswordRefused) and candidate is None:
                means.passwords.unstage(vat)  # no other run can have sent it
            raise doubt or OfficePasswordRefused("CodaBox changed the office password, and refuses the new one.", remedy=_TRY_AGAIN)
        _promote(vat, new, speaker, means)
    return Rotation.FINISHED if isinstance(doubt, OfficePasswordRefused) else Rotation.EXCHANGED


def _staged(vat: str, new: Secret, means: Means) -> Secret:
    """Step 1."""
    means.prove_keyring()
    means.passwords.stage(vat, new)
    return new


def _exchange(speaker: Speaker, current: Secret, new: Secret, means: Means) -> CodalinkError | None:
    """Step 2; the error that leaves in doubt what became of it. Raises what surely kept it from being done."""
    means.listener(StepStarted(f"Exchanging the office password, through {speaker.company.name}"))
    try:
        with announced(means.listener, Change(ChangeKind.CHANGE_PASSWORD, speaker.company)):
            speaker.change(current, new)
    except OfficePasswordRefused as error:
        return error
    except CodalinkError as error:
        if not error.may_have_happened:
            raise
        return type(error)(error.cause, remedy=_TRY_AGAIN)
    return None


def _is_proven(new: Secret, doubt: CodalinkError | None, speaker: Speaker, means: Means) -> bool:
    """Whether CodaBox takes the new password for the valid one; after a lost answer it may come to that a little later.

    Where CodaBox has said that the exchange is done, and refuses to be asked once more for a reason of its own, its word is proof enough.
    """
    means.listener(StepStarted("Proving the new office password"))
    looks = _LOOKS_AFTER_A_LOST_ANSWER if doubt is not None and doubt.may_have_happened else 1
    for look in range(looks):
        if look and means.stop.sleep(_FIRST_PAUSE_S * look):
            break
        try:
            if speaker.accepts(new):
                return True
        except CodalinkError as error:
            if doubt is None and isinstance(error, OdooRefused):
                return True
            raise type(error)(error.cause, remedy=_TRY_AGAIN) from error
    return False


def _promote(vat: str, new: Secret, speaker: Speaker, means: Means) -> None:
    """The end of step 3."""
    try:
        with announced(means.listener, Change(ChangeKind.STORE_PASSWORD, speaker.company)):
            means.passwords.promote(vat, new)
    except SecretsError as error:
        raise type(error)(
            f"{error.cause} CodaBox has the new office password, and the keyring has it beside the old one.",
            remedy="Repair the keyring, then run `codalink password rotate` again: it finishes the exchange.",
        ) from error
