"""The office's first connection, and bringing its password home.

The order of writes, and what the next run finds if the process dies after each of them:

1. The keyring is proven. Nothing has happened.
2. Odoo makes the first connection. The password stands in Odoo's validation wizard for about an hour: standing.py finds it there.
3. The password is stored in the keyring and read back. It stands in both places: storing it again does no harm.
4. Odoo wipes it (`validate_connection`). It stands in the keyring; the wizard still knows the consent page.
5. A person gives the consent; refreshing tells Odoo. From here on the company counts as connected.

No step is begun before the one above is known to be done.
"""

from functools import partial

from codalink.errors import AlreadyRegistered, AnswerUnexpected, CodalinkError, OdooError, SecretsError
from codalink.odoo.codabox.connection import (
    ConsentState,
    FirstConnection,
    ask_proxy,
    find_first_connection,
    make_first_connection,
    open_settings,
    refresh,
    wipe_password,
)
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.connecting.consent import is_expected_page
from codalink.office.events import ConsentAsked, ConsentGiven, ConsentNeeded, PasswordKept, StepStarted
from codalink.office.means import Means
from codalink.office.model import Company, Office

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 15.0
_PAUSE_GROWTH = 1.5
_LOOKS_AFTER_A_LOST_ANSWER = 3
_STILL_REGISTERED = "The office has no connection any more, but MyCodaBox still has the one of its last registration."
_REVOKE_THERE = "Sign in to MyCodaBox, open Administration > CodaBox Connect, revoke Odoo's access, and run the command again."
_KEEP_LATER = "Repair the keyring, and run the command again within the hour: it fetches the password from Odoo."


def register_office(office: Office, company: Company, means: Means, *, is_starting_over: bool = False) -> str:
    """Steps 1 to 4: make the first connection with this company, and bring the password home. Gives the consent page's address.

    Where it is starting over, connections that CodaBox still counts are those of the time before; Odoo itself refuses a second first one.
    Raises AlreadyRegistered where the office turns out to be registered; SecretsError before anything was sent where the keyring fails.
    """
    means.listener(StepStarted(f"First connection of {office.name}, with {company.name}"))
    means.prove_keyring()
    gateway = means.gateway(company)
    status = ask_proxy(gateway, company.record.id)
    if status.office_connections and not is_starting_over:
        raise AlreadyRegistered("The office was registered in the meantime.", remedy="Run the command again: it goes on from there.")
    with announced(means.listener, Change(ChangeKind.FIRST_CONNECTION, company)):
        try:
            shown = make_first_connection(gateway, company.record.id, status.wizard_id)
        except CodalinkError as error:
            if isinstance(error, AlreadyRegistered):
                raise AlreadyRegistered(_STILL_REGISTERED, remedy=_REVOKE_THERE) from error
            if isinstance(error, OdooError) and not error.may_have_happened:
                raise
            shown = _look_what_happened(company, means, error)
    return bring_home(office, company, shown, means)


def _look_what_happened(company: Company, means: Means, error: CodalinkError) -> FirstConnection:
    """After a lost answer: the password may stand in Odoo all the same. Raises `error` where it doesn't."""
    for look in range(_LOOKS_AFTER_A_LOST_ANSWER):
        if look:
            means.stop.sleep(_FIRST_PAUSE_S * look)
        try:
            found = find_first_connection(means.gateway(company), [company.record.id])
        except CodalinkError:
            continue
        with_password = [shown for company_id, shown in found if company_id == company.record.id and shown.password is not None]
        if with_password:
            return with_password[0]
    raise error


def bring_home(office: Office, company: Company, shown: FirstConnection, means: Means) -> str:
    """Steps 3 and 4, repeatable: store the password that Odoo shows, then let Odoo wipe it. Gives the consent page's address."""
    if shown.password is None:
        if means.passwords.find(office.vat.digits) is None:
            raise AnswerUnexpected("Odoo made the first connection, but did not show the office password.")
        return shown.consent_url
    try:
        with announced(means.listener, Change(ChangeKind.STORE_PASSWORD, company)):
            means.passwords.keep(office.vat.digits, shown.password)
    except SecretsError as error:
        raise type(error)(
            f"{error.cause} The office is registered, and Odoo shows its password for about an hour.", remedy=_KEEP_LATER
        ) from error
    means.listener(PasswordKept(office, company))
    try:
        with announced(means.listener, Change(ChangeKind.WIPE_PASSWORD, company)):
            return wipe_password(means.gateway(company), company.record.id, shown.wizard_id) or shown.consent_url
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        means.leftovers.note(company, partial(wipe_password, validation_id=shown.wizard_id), means.now())
        return shown.consent_url  # the password is safe at home; wiping it in Odoo is tried again when the run ends


def await_consent(office: Office, company: Company, url: str, time_limit_s: float, means: Means) -> bool:
    """Step 5: ask CodaBox at growing intervals until a person has given the consent; True where it is there.

    Asks at least once, so that a run after the consent goes on at once. Errors that pass by themselves don't end the waiting; one that is
    still there when the time is over is raised, since nobody knows then whether the consent was given.
    """
    gateway, company_id = means.gateway(company), company.record.id
    end, pause, is_told = means.now() + time_limit_s, _FIRST_PAUSE_S, False
    while True:
        failed: CodalinkError | None = None
        try:
            status = ask_proxy(gateway, company_id)
            if status.is_consent_valid:
                break
        except CodalinkError as error:
            if not error.is_repeatable:
                raise
            failed = error
        if not is_told:
            shown_url = url if is_expected_page(url, company.database.server) else ""
            means.listener(ConsentNeeded(office, shown_url, time_limit_s))
            is_told = True
        left = end - means.now()
        means.listener(ConsentAsked(max(left, 0.0)))
        if left <= 0 and failed is not None:
            raise failed
        if left <= 0 or means.stop.sleep(min(pause, left)):
            return False
        pause = min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE_S)
    means.listener(ConsentGiven())
    with announced(means.listener, Change(ChangeKind.CONSENT, company)):
        if status.connection_exists:
            return refresh(gateway, company_id, open_settings(gateway, company_id)) is ConsentState.VALID
    return True
