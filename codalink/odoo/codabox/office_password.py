"""Changing the office password, through the wizard of any connected company (recordings open_change_password, change_password)."""

from codalink.errors import AnswerUnexpected
from codalink.odoo import answers
from codalink.odoo.codabox.wizards import CONNECTION_WIZARD, opened_record, wipe_wizards
from codalink.odoo.faults import odoo_error
from codalink.odoo.gateway import Gateway, Json, press, write
from codalink.secrets.masked import Secret

_WIZARD = "l10n_be_codabox.change.password.wizard"
_TYPED = ("current_fidu_password", "new_fidu_password", "confirm_fidu_password")


def open_change_wizard(gateway: Gateway, company_id: int, connection_wizard_id: int) -> int:
    """Open the wizard that changes the office password, from a connection wizard; its id. One call."""
    button = "l10n_be_codabox_open_change_password_wizard"
    answer = gateway.execute(press(CONNECTION_WIZARD, button, connection_wizard_id, companies=[company_id], changes=False))
    wizard_id = opened_record(answer, _WIZARD)
    if wizard_id is None:
        raise AnswerUnexpected("Odoo did not open the wizard that changes the office password.")
    return wizard_id


def change_password(gateway: Gateway, company_id: int, wizard_id: int, current: Secret, new: Secret) -> None:
    """Let CodaBox replace the office password; where `new` is `current`, that only tests it. Two calls.

    Raises OfficePasswordRefused where `current` is not the valid one. The passwords can be read in the wizard until its button is carried
    out, or `wipe_change_wizards` has been there.
    """
    typed: dict[str, Json] = dict(zip(_TYPED, (current, new, new), strict=True))
    gateway.execute(write(_WIZARD, [wizard_id], typed, companies=[company_id]))  # not repeated: a late one would show them after the wiping
    answer = gateway.execute(press(_WIZARD, "l10n_be_codabox_change_password", wizard_id, companies=[company_id]))
    shown = answer.get("params") if isinstance(answer, dict) else None
    if isinstance(shown, dict) and shown.get("type") == "danger":
        raise odoo_error("odoo.exceptions.UserError", answers.text(shown, "message"), gateway.database)


def wipe_change_wizards(gateway: Gateway, company_id: int) -> None:
    """Take the passwords out of all such wizards of the company. One call, and another one where there is any."""
    wipe_wizards(gateway, company_id, _WIZARD, _TYPED)
