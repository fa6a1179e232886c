"""Odoo's `ir.module.module`: which modules a database could have, how they stand, and installing them."""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar

from codalink.sandbox.fields import Field, Fields, char
from codalink.sandbox.models import BaseModel, fully_guarded
from codalink.sandbox.odoo_errors import AccessDenied
from codalink.sandbox.users import ADMIN_GROUP
from codalink.sandbox.versions import parse_version

if TYPE_CHECKING:
    from codalink.sandbox.world import Flavour, Row

CODABOX = "l10n_be_codabox"
BRIDGE = "l10n_be_codabox_bridge_wizard"
"""What brings the wizards to 17, where the module itself is older than they are."""
NEEDED = ("l10n_be_coda", "l10n_be_soda")
"""What the module CodaBox depends on, and brings along."""

_BRIDGED = 17
"""The major that has the bridge: on 16 there is none, on 18 none is needed."""
_IDS = {True: 607, False: 651}
"""The id of the module CodaBox, by whether this is 18, as recorded."""


class Module(BaseModel):
    """`ir.module.module`."""

    model_name = "ir.module.module"
    description = "Module"
    order = "name"
    guards = fully_guarded(ADMIN_GROUP)
    fields: ClassVar[Fields] = {
        "name": char("Technical Name", readonly=True, required=True),
        "shortdesc": char("Module Name", readonly=True),
        "state": Field("selection", "Status", readonly=True, checked=False),
        "installed_version": char("Latest Version", readonly=True),
        "latest_version": char("Installed Version", readonly=True),
    }

    def rows(self) -> "dict[int, Row]":
        """Give the few modules that matter here; a version stands there installed or not, as recorded."""
        flavour = self.env.database.flavour
        version = f"{parse_version(flavour.version).series}.1.0"
        first = _IDS[self.env.dialect.is_18]
        ids = {name: first + place for place, name in enumerate(("account", CODABOX, BRIDGE, *NEEDED), -1)}
        return {
            ids[name]: {
                "name": name,
                "shortdesc": name,
                "state": state,
                "installed_version": version,
                "latest_version": False if state == "uninstalled" else version,
            }
            for name, state in _states(flavour).items()
        }

    def button_immediate_install(self) -> dict[str, Any]:
        """Install modules and what they need; what they bring is there from the next call on.

        Odoo guards this button in a way of its own: others than administrators are told AccessDenied, no AccessError.
        """
        if not self.env.user.is_admin:
            raise AccessDenied
        self.check_operation("write")
        database = self.env.database
        before = database.flavour
        database.flavour = _with_modules(before, {record.value("name") for record in self})
        self.env.on_rollback(lambda: setattr(database, "flavour", before))
        return {"type": "ir.actions.client", "tag": "reload"}


def _states(flavour: "Flavour") -> dict[str, str]:
    """Tell how each module stands; those that are not on offer are missing."""
    states = {"account": "installed"}
    if flavour.is_community:
        return states
    state = "installed" if flavour.codabox else "uninstalled"
    states |= dict.fromkeys(NEEDED, state)
    states[CODABOX] = "to upgrade" if flavour.codabox and flavour.awaits_upgrade else state
    if parse_version(flavour.version).major == _BRIDGED:
        states[BRIDGE] = "installed" if flavour.codabox and not flavour.old_module else "uninstalled"
    return states


def _with_modules(flavour: "Flavour", names: AbstractSet[str]) -> "Flavour":
    """Give what a database becomes by installing; on 17 the bridge comes along with a new CodaBox, and 16 has none."""
    if not names & {CODABOX, BRIDGE} or (flavour.codabox and BRIDGE not in names):
        return flavour
    return flavour._replace(codabox=True, old_module=parse_version(flavour.version).major < _BRIDGED)
