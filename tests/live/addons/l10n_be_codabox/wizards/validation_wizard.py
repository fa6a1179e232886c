from odoo import fields, models


class ValidationWizard(models.TransientModel):
    _name = "l10n_be_codabox.validation.wizard"
    _description = "CodaBox Validation Wizard"

    company_id = fields.Many2one("res.company", required=True)
    fidu_password = fields.Char(string="Accounting Firm Password", groups="base.group_system")
    confirmation_url = fields.Char()
    l10n_be_codabox_is_connected = fields.Boolean(related="company_id.l10n_be_codabox_is_connected")

    def validate_connection(self):
        """Wipe the password and lead to the consent page."""
        self.ensure_one()
        self.fidu_password = False
        return {"type": "ir.actions.act_url", "url": self.confirmation_url, "target": "self"}
