"""Taking a company's connection away (contract, section 2; recordings revoke, company_revoked, revoke_again)."""

from contextlib import suppress

from codalink.errors import ModelMissing, OfficePasswordMissing
from codalink.odoo.codabox.wizards import CONNECTION_WIZARD, opened_record, wipe_wizards
from codalink.odoo.gateway import Gateway, press, write
from codalink.secrets.masked import Secret

_WIZARD = "l10n_be_codabox.revoke.wizard"
_BUTTON = "l10n_be_codabox_revoke"


def revoke_connection(gateway: Gateway, company_id: int, connection_wizard_id: int, password: Secret | None) -> None:
    """Revoke the company's connection. One call, and two more where a newer module asks for the office password.

    What the button answers is not known of every version, so that only the wizard it may open is looked for. Raises NoConnection where
    there is none (any more), OfficePasswordRefused, and OfficePasswordMissing where one is asked for and `password` is None. Until its
    button is carried out, or `wipe_revoke_wizards` has been there, the password can be read in that wizard.
    """
    answer = gateway.execute(press(CONNECTION_WIZARD, _BUTTON, connection_wizard_id, companies=[company_id]))
    wizard_id = opened_record(answer, _WIZARD)
    if wizard_id is None:
        return
    if password is None:
        raise OfficePasswordMissing("Odoo asks for the office password before it revokes a connection, and the keyring doesn't have it.")
    gateway.execute(write(_WIZARD, [wizard_id], {"fidu_password": password}, companies=[company_id]))  # not repeated, as it may come late
    gateway.execute(press(_WIZARD, _BUTTON, wizard_id, companies=[company_id]))


def wipe_revoke_wizards(gateway: Gateway, company_id: int) -> None:
    """Take the office password out of all such wizards of the company; older modules have none. One or two calls."""
    with suppress(ModelMissing):
        wipe_wizards(gateway, company_id, _WIZARD, ["fidu_password"])
