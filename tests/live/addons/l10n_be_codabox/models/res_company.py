from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import proxy, texts

OFFICE_PARAMETER = "l10n_be_codabox.codabox_contract"


def _digits(text) -> str:
    return "".join(character for character in text or "" if character.isdigit())


class ResCompany(models.Model):
    _inherit = "res.company"

    account_representative_id = fields.Many2one("res.partner", string="Accounting Firm")
    l10n_be_codabox_company_vat = fields.Char(compute="_compute_l10n_be_codabox_company_vat")
    l10n_be_codabox_fiduciary_vat = fields.Char(compute="_compute_l10n_be_codabox_fiduciary_vat")
    l10n_be_codabox_iap_token = fields.Char(groups="base.group_system")
    l10n_be_codabox_is_connected = fields.Boolean(string="CodaBox Is Connected")
    l10n_be_codabox_soda_journal = fields.Many2one("account.journal", string="SODA Journal")

    @api.depends("vat", "company_registry")
    def _compute_l10n_be_codabox_company_vat(self):
        for company in self:
            has_vat = company.vat and company.vat != "/"
            company.l10n_be_codabox_company_vat = _digits(company.vat if has_vat else company.company_registry)

    @api.depends("account_representative_id.vat", "l10n_be_codabox_company_vat")
    def _compute_l10n_be_codabox_fiduciary_vat(self):
        contract = _digits(self.env["ir.config_parameter"].sudo().get_param(OFFICE_PARAMETER))
        for company in self:
            # The last one is what makes a customer claim to be an office of its own.
            firm = _digits(company.account_representative_id.vat)
            company.l10n_be_codabox_fiduciary_vat = contract or firm or company.l10n_be_codabox_company_vat

    def _l10n_be_codabox_numbers(self) -> list:
        """The company's number and the office's; UserError where one is missing."""
        self.ensure_one()
        if not self.l10n_be_codabox_company_vat:
            raise UserError(texts.VAT_NOT_SET)
        if not self.l10n_be_codabox_fiduciary_vat:
            raise UserError(texts.NOT_CONFIGURED)
        return [self.l10n_be_codabox_company_vat, self.l10n_be_codabox_fiduciary_vat]

    def _l10n_be_codabox_connection(self) -> list:
        """Both numbers and the token. Whoever may press a button may use the token, without seeing it."""
        return [*self._l10n_be_codabox_numbers(), self.sudo().l10n_be_codabox_iap_token or ""]

    def _l10n_be_codabox_refresh(self) -> tuple:
        """Ask the proxy whether the connection is valid, and keep that; answers it with a text for a person.

        While the proxy can't be asked, what is stored stays.
        """
        try:
            proxy.ask(self.env, "refresh", *self._l10n_be_codabox_connection())
        except UserError as error:
            return False, error.args[0]
        except proxy.Refused as refused:
            if not refused.is_temporary:
                self.sudo().l10n_be_codabox_is_connected = False
            return False, refused.text
        self.sudo().l10n_be_codabox_is_connected = True
        return True, texts.CONNECTION_VALID

    def _l10n_be_codabox_take_away(self, password=None):
        """Revoke the connection at the proxy and here; with the password where a wizard has asked for it."""
        proxy.ask_for_user(self.env, "revoke", *self._l10n_be_codabox_connection(), password)
        self.sudo().write({"l10n_be_codabox_iap_token": False, "l10n_be_codabox_is_connected": False})
