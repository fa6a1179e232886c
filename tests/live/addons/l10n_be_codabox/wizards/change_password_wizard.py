from odoo import fields, models
from odoo.exceptions import UserError

from .. import actions, proxy, texts


class ChangePasswordWizard(models.TransientModel):
    _name = "l10n_be_codabox.change.password.wizard"
    _description = "CodaBox Change Password Wizard"

    company_id = fields.Many2one("res.company", required=True)
    current_fidu_password = fields.Char(string="Current Password", groups="base.group_system")
    new_fidu_password = fields.Char(string="New Password", groups="base.group_system")
    confirm_fidu_password = fields.Char(string="Confirm Password", groups="base.group_system")

    def l10n_be_codabox_change_password(self):
        """Change the office password. The three that were typed are wiped, whatever comes."""
        self.ensure_one()
        current, new, confirmed = self.current_fidu_password or "", self.new_fidu_password, self.confirm_fidu_password
        self.write({"current_fidu_password": False, "new_fidu_password": False, "confirm_fidu_password": False})
        self.env.cr.commit()
        if not new or new != confirmed:
            raise UserError(texts.PASSWORDS_DIFFER)
        proxy.ask_for_user(self.env, "change_password", *self.company_id._l10n_be_codabox_numbers(), current, new)
        return actions.notification("success", texts.PASSWORD_CHANGED, {"type": "ir.actions.act_window_close"})
