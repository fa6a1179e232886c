from odoo import fields, models
from odoo.exceptions import UserError

from .. import actions, proxy, texts


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    l10n_be_codabox_is_connected = fields.Boolean(related="company_id.l10n_be_codabox_is_connected", string="CodaBox Is Connected")

    def l10n_be_codabox_open_connection_wizard(self):
        self.ensure_one()
        company = self.company_id
        status = proxy.ask_for_user(self.env, "status", *company._l10n_be_codabox_numbers())
        wizard = self.env["l10n_be_codabox.connection.wizard"].create({"company_id": company.id, **status})
        return wizard._action()

    def l10n_be_codabox_refresh_connection_status(self):
        self.ensure_one()
        is_valid, text = self.company_id._l10n_be_codabox_refresh()
        kind = "success" if is_valid else "danger"
        return actions.notification(kind, text, {"type": "ir.actions.client", "tag": "soft_reload"})

    def l10n_be_codabox_open_soda_mapping(self):
        """Only as far as a client looks: the wizard that is named here doesn't exist in this add-on."""
        self.ensure_one()
        if not self.company_id.account_representative_id:
            raise UserError(texts.NOT_AN_OFFICE)
        wizard = "l10n_be_codabox.soda.account.mapping.wizard"
        action = {"type": "ir.actions.act_window", "name": "SODA Mapping", "res_model": wizard, "res_id": False}
        look = {"view_mode": "form", "views": [[False, "form"]], "target": "new"}
        return {**action, **look, "context": {"default_company_id": self.company_id.id}}
