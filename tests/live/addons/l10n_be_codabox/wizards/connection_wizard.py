from odoo import fields, models

from .. import actions, proxy

REVOKING_ASKS = "l10n_be_codabox.revoking_asks_for_password"


class ConnectionWizard(models.TransientModel):
    _name = "l10n_be_codabox.connection.wizard"
    _description = "CodaBox Connection Wizard"

    company_id = fields.Many2one("res.company", required=True)
    company_vat = fields.Char(related="company_id.l10n_be_codabox_company_vat")
    fiduciary_vat = fields.Char(related="company_id.l10n_be_codabox_fiduciary_vat")
    l10n_be_codabox_is_connected = fields.Boolean(related="company_id.l10n_be_codabox_is_connected")
    fidu_password = fields.Char(string="Accounting Firm Password", groups="base.group_system")
    show_fidu_password = fields.Boolean()
    nb_connections = fields.Integer()
    connection_exists = fields.Boolean()
    is_fidu_consent_valid = fields.Boolean()

    def l10n_be_codabox_create_connection(self):
        """Connect the company: the office's first one without a password, further ones with it."""
        self.ensure_one()
        password = self.fidu_password
        self.fidu_password = False
        self.env.cr.commit()  # wiped whatever comes: a refusal takes back the rest of this call only
        if password:
            return self._connect_further(password)
        return self._connect_first()

    def _connect_first(self):
        company = self.company_id
        first = proxy.ask_for_user(self.env, "connect_first", *company._l10n_be_codabox_numbers())
        company.sudo().write({"l10n_be_codabox_iap_token": first["token"], "l10n_be_codabox_is_connected": False})
        values = {"company_id": company.id, "fidu_password": first["office_password"], "confirmation_url": first["consent_url"]}
        wizard = self.env["l10n_be_codabox.validation.wizard"].create(values)
        return actions.window("CodaBox Connection", wizard)

    def _connect_further(self, password):
        company = self.company_id
        further = proxy.ask_for_user(self.env, "connect_further", *company._l10n_be_codabox_numbers(), password)
        company.sudo().write({"l10n_be_codabox_iap_token": further["token"], "l10n_be_codabox_is_connected": further["is_consent_valid"]})
        return self._action()

    def refresh_connection_status(self):
        self.ensure_one()
        self.company_id._l10n_be_codabox_refresh()
        return self._refreshed()

    def l10n_be_codabox_revoke(self):
        """Revoke at once, as recorded; where the system parameter says so, ask for the office password first, as newer versions do."""
        self.ensure_one()
        if self.env["ir.config_parameter"].sudo().get_param(REVOKING_ASKS):
            values = {"company_id": self.company_id.id, "nb_connections": self.nb_connections}
            return actions.window("Revoke Connection", self.env["l10n_be_codabox.revoke.wizard"].create(values))
        self.company_id._l10n_be_codabox_take_away()
        return self._refreshed()

    def l10n_be_codabox_open_change_password_wizard(self):
        self.ensure_one()
        wizard = self.env["l10n_be_codabox.change.password.wizard"].create({"company_id": self.company_id.id})
        return actions.window("Change CodaBox Password", wizard)

    def _refreshed(self):
        self.write(proxy.ask_for_user(self.env, "status", *self.company_id._l10n_be_codabox_numbers()))
        return self._action()

    def _action(self):
        return actions.window("Manage Connection", self, {**self.env.context, "default_company_id": self.company_id.id})
