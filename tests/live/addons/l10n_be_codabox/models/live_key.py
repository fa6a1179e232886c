import inspect

from odoo import api, models
from odoo.exceptions import AccessError


class LiveKey(models.AbstractModel):
    """What the real module has nothing of: an API key for whoever prepares a test server.

    Odoo gives the first key to a person at a screen only, and JSON-2 takes nothing else.
    """

    _name = "codalink.live.key"
    _description = "API Keys for codalink's Tests"

    @api.model
    def make(self, name):
        """Make an administrator's key for RPC, and answer it."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError("Only administrators make keys.")
        generate = self.env["res.users.apikeys"]._generate
        takes_expiration = "expiration_date" in inspect.signature(generate).parameters  # from 18 on
        return generate("rpc", name, *([None] if takes_expiration else []))
