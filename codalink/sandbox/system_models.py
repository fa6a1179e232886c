"""Odoo's models about itself: users, their keys, modules, scheduled actions, parameters."""

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from codalink.sandbox.fields import Field, Fields, boolean, char, many2one
from codalink.sandbox.models import BaseModel, model_method
from codalink.sandbox.odoo_errors import AccessDenied, UserError
from codalink.sandbox.world import User

if TYPE_CHECKING:
    from codalink.sandbox.world import Row


class Users(BaseModel):
    """`res.users`."""

    model_name = "res.users"
    description = "User"
    order = "login"
    fields: ClassVar[Fields] = {
        "name": char("Name", required=True),
        "login": char("Login", required=True),
        "lang": char("Language"),
        "active": boolean("Active", compute=lambda _record: True),
        "company_id": many2one("res.company", "Company"),
        "company_ids": Field("many2many", "Companies", relation="res.company"),
    }

    def rows(self) -> "dict[int, Row]":
        """Give the users as rows, without their secrets."""
        companies = self.env.database.company_ids()
        return {
            uid: {
                "name": user.login,
                "login": user.login,
                "lang": user.lang,
                "company_id": companies[0] if companies else False,
                "company_ids": companies,
            }
            for uid, user in self.env.database.users.items()
        }

    @model_method
    def context_get(self) -> dict[str, Any]:
        """Tell who is asking, and in which language."""
        return {"lang": self.env.user.lang, "tz": False, "uid": self.env.user.uid}

    def has_group(self, group_ext_id: str) -> bool:
        """Say whether these users (or the one who asks) are in a group."""
        users = [self.env.database.users[uid] for uid in self.ids] or [self.env.user]
        return all(group_ext_id in user.groups for user in users)


class ApiKeys(BaseModel):
    """`res.users.apikeys`: keys made and revoked over RPC, as Odoo allows from 2026 on."""

    model_name = "res.users.apikeys"
    description = "Users API Keys"
    fields: ClassVar[Fields] = {"name": char("Description", required=True), "scope": char("Scope")}

    @model_method
    def generate(self, key: str, scope: str | None, name: str, expiration_date: str | None = None) -> str:
        """Make a new key; the old one must be shown."""
        user = self._holder(key)
        if len(user.api_keys) >= 10:
            raise UserError("You cannot create more than 10 API keys.")
        made = secrets.token_hex(20)
        user.api_keys.add(made)
        user.key_names[made] = f"{name} ({scope or 'rpc'}, {expiration_date or 'no end'})"
        return made

    @model_method
    def revoke(self, key: str) -> None:
        """Take a key away."""
        self._holder(key).api_keys.discard(key)

    def _holder(self, key: str) -> User:
        user = self.env.user
        if key not in user.api_keys:
            raise AccessDenied
        return user


class Module(BaseModel):
    """`ir.module.module`."""

    model_name = "ir.module.module"
    description = "Module"
    order = "name"
    fields: ClassVar[Fields] = {
        "name": char("Technical Name", readonly=True, required=True),
        "shortdesc": char("Module Name", readonly=True),
        "state": Field("selection", "Status", readonly=True, checked=False),
        "installed_version": char("Latest Version", readonly=True),
        "latest_version": char("Installed Version", readonly=True),
    }

    def rows(self) -> "dict[int, Row]":
        """Give the two modules that matter here; a version stands there installed or not, as recorded."""
        flavour = self.env.database.flavour
        first = 607 if self.env.dialect.is_18 else 651
        names = {first: ("l10n_be_codabox", flavour.codabox), first - 1: ("account", True)}
        version = f"{flavour.version}.1.0"
        return {
            key: {
                "name": name,
                "shortdesc": name,
                "state": "installed" if is_installed else "uninstalled",
                "installed_version": version,
                "latest_version": version if is_installed else False,
            }
            for key, (name, is_installed) in names.items()
        }

    def button_immediate_install(self) -> dict[str, Any]:
        """Install modules; what they bring is there from the next call on."""
        self.check_operation("write")
        database = self.env.database
        before = database.flavour
        if any(record.value("name") == "l10n_be_codabox" for record in self):
            database.flavour = before._replace(codabox=True, old_module=False)
            self.env.on_rollback(lambda: setattr(database, "flavour", before))
        return {"type": "ir.actions.client", "tag": "reload"}


class IrModel(BaseModel):
    """`ir.model`: which models this database has."""

    model_name = "ir.model"
    description = "Models"
    order = "model"
    fields: ClassVar[Fields] = {"name": char("Model Description"), "model": char("Model", required=True), "transient": boolean("Transient")}

    def rows(self) -> "dict[int, Row]":
        """Give the registry as rows."""
        models = enumerate(self.env.registry.values(), 1)
        return {number: {"name": model.description, "model": model.model_name, "transient": model.is_transient} for number, model in models}


class Cron(BaseModel):
    """`ir.cron`."""

    model_name = "ir.cron"
    description = "Scheduled Actions"
    fields: ClassVar[Fields] = {
        "name": char("Name"),
        "active": boolean("Active"),
        "lastcall": Field("datetime", "Last Execution Date"),
        "nextcall": Field("datetime", "Next Execution Date", required=True),
        "interval_number": Field("integer", "Interval Number"),
        "interval_type": Field("selection", "Interval Unit", selection=(("hours", "Hours"), ("days", "Days"))),
    }

    def rows(self) -> "dict[int, Row]":
        """Give the one action the module schedules, where it is installed."""
        if not self.env.database.flavour.codabox:
            return {}
        action: Row = {
            "name": "CodaBox: Fetch CODA files",
            "active": True,
            "nextcall": self.env.now(),
            "interval_number": 12,
            "interval_type": "hours",
        }
        return {20 if self.env.dialect.is_18 else 18: action}


class ConfigParameter(BaseModel):
    """`ir.config_parameter`."""

    model_name = "ir.config_parameter"
    description = "System Parameter"
    order = "key"
    fields: ClassVar[Fields] = {"key": char("Key", required=True), "value": Field("text", "Value", required=True)}
    admins_only = frozenset({"read", "create", "write", "unlink"})

    @model_method
    def get_param(self, key: str, default: str | bool = False) -> Any:  # noqa: ANN401 - Odoo's own
        """Read one parameter."""
        self.check_operation("read")
        return next((row["value"] for row in self.rows().values() if row["key"] == key), default)

    @model_method
    def set_param(self, key: str, value: str) -> Any:  # noqa: ANN401
        """Set one parameter; answers the value it had."""
        before = self.get_param(key)
        found = tuple(self.search([["key", "=", key]]))
        if found:
            ConfigParameter(self.env, found).write({"value": value})
        else:
            self.create({"key": key, "value": value})
        return before
