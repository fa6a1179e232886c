"""Odoo's models about itself: users, models, scheduled actions, parameters. Its modules are in `modules`."""

from typing import TYPE_CHECKING, Any, ClassVar

from codalink.sandbox.fields import Field, Fields, boolean, char, many2one
from codalink.sandbox.models import BaseModel, fully_guarded, model_method
from codalink.sandbox.users import ADMIN_GROUP

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
    guards = fully_guarded(ADMIN_GROUP)
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
    guards = fully_guarded(ADMIN_GROUP)

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
