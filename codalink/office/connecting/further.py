"""Connecting a further company, with the office password: what is tried, looked at, tried again, and cleaned up."""

from codalink.errors import AlreadyRegistered, CodaBoxError, CodalinkError, ConsentInvalid, NoConnection, OfficePasswordRefused
from codalink.odoo.codabox.companies import is_connected
from codalink.odoo.codabox.connection import (
    ConsentState,
    connect_further,
    fill_in_password,
    open_settings,
    refresh,
    wipe_connection_wizards,
)
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.connecting.outcome import CompanyOutcome, Result
from codalink.office.means import Means
from codalink.office.model import Company
from codalink.secrets.masked import Secret

_TRIES = 3
"""How often connecting a company is tried where the answers are lost on the way."""


def connect_company(company: Company, password: Secret, means: Means) -> CompanyOutcome:
    """Connect one further company; three calls where all goes well. Its failure is its outcome.

    Where Odoo's answer was lost, or the connection turns out to exist, CodaBox is asked how the company stands; what was surely not done
    is tried again.
    """
    try:
        with announced(means.listener, Change(ChangeKind.CONNECT, company)):
            _connect(company, password, means)
    except CodalinkError as error:
        result = Result.WAITING_FOR_CONSENT if isinstance(error, ConsentInvalid) else Result.FAILED
        return CompanyOutcome(company, result, error)
    return CompanyOutcome(company, Result.CONNECTED)


def _connect(company: Company, password: Secret, means: Means) -> None:
    """Connect the company, or raise what keeps it from being connected."""
    state, doubt = _try_to_connect(company, password, means)
    for _ in range(_TRIES - 1):
        is_to_repeat = state is ConsentState.NO_CONNECTION and doubt is not None and doubt.is_repeatable
        if not is_to_repeat or means.stop.is_requested:
            break
        state, doubt = _try_to_connect(company, password, means)
    if state is ConsentState.NO_CONSENT:
        raise ConsentInvalid
    if state is ConsentState.NO_CONNECTION:
        raise doubt or NoConnection()


def _try_to_connect(company: Company, password: Secret, means: Means) -> tuple[ConsentState, CodalinkError | None]:
    """One try, and how the company stands after it; with the error that left it in doubt whether the try was carried out."""
    gateway, company_id = means.gateway(company), company.record.id
    try:
        wizard_id = fill_in_password(gateway, company_id, password)
    except CodalinkError as error:
        if not error.may_have_happened:
            raise
        means.leftovers.note(company, wipe_connection_wizards, means.now())  # Odoo may come to making it only after this wiping
        wipe_connection_wizards(gateway, company_id)
        return ConsentState.NO_CONNECTION, error  # a wizard alone connects nothing
    doubt: CodalinkError | None = None
    try:
        _press(company, wizard_id, means)
    except CodalinkError as error:
        if not (error.may_have_happened or isinstance(error, AlreadyRegistered)):
            raise
        doubt = error
    if is_connected(gateway, company_id):
        return ConsentState.VALID, None
    return refresh(gateway, company_id, open_settings(gateway, company_id)), doubt


def _press(company: Company, wizard_id: int, means: Means) -> None:
    """Press the wizard's button. Where it may not have been carried out, which wipes the password, that is done by hand."""
    gateway, company_id = means.gateway(company), company.record.id
    try:
        connect_further(gateway, company_id, wizard_id)
    except (CodaBoxError, OfficePasswordRefused):
        raise
    except CodalinkError:
        try:
            wipe_connection_wizards(gateway, company_id)
        except CodalinkError:
            means.leftovers.note(company, wipe_connection_wizards, means.now())
        raise
