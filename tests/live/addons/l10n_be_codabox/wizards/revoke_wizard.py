from odoo import fields, models


class RevokeWizard(models.TransientModel):
    _name = "l10n_be_codabox.revoke.wizard"
    _description = "CodaBox Revoke Wizard"

    company_id = fields.Many2one("res.company", required=True)
    company_vat = fields.Char(related="company_id.l10n_be_codabox_company_vat")
    fidu_password = fields.Char(string="Accounting Firm Password", groups="base.group_system")
    nb_connections = fields.Integer()

    def l10n_be_codabox_revoke(self):
        """Take the connection away. The password is wiped, whatever comes."""
        self.ensure_one()
        password = self.fidu_password or ""
        self.fidu_password = False
        self.env.cr.commit()
        self.company_id._l10n_be_codabox_take_away(password)
        return {"type": "ir.actions.act_window_close"}
