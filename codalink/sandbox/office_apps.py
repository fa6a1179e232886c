"""Where an office reads which databases it has: odoo.com's `odoo.database`, and its own "Databases" app."""

from typing import TYPE_CHECKING, Any, ClassVar

from codalink.sandbox.fields import Field, Fields, boolean, char
from codalink.sandbox.models import BaseModel, model_method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codalink.sandbox.world import CustomerDatabase, OdooServer, Row, World

_FIRST_DATABASE_ID = 1000


class OdooDatabase(BaseModel):
    """`odoo.database` on www.odoo.com: one method, no records to read."""

    model_name = "odoo.database"
    description = "Database"

    @model_method
    def list(self) -> "list[dict[str, Any]]":
        """List what Odoo hosts for the account, in the shape of the contract's section 4; hidden ones are missing."""
        world = self.env.world
        return [
            {"name": database.name, "url": server.url, "login": world.login, "version": enterprise(server.version)}
            for server, database in _all_databases(world)
            if server.hosting in ("saas", "paas") and not database.is_hidden
        ]


class Project(BaseModel):
    """`project.project` with the "Databases" app: plain projects are stored, each database is one more."""

    model_name = "project.project"
    description = "Project"
    order = "name"
    fields: ClassVar[Fields] = {
        "name": char("Name", required=True),
        "active": boolean("Active", compute=lambda _record: True),
        "database_name": char("Database Name"),
        "database_hosting": Field(
            "selection",
            "Database Hosting",
            selection=(("saas", "Odoo Online"), ("paas", "Odoo.sh"), ("premise", "On Premise"), ("other", "Other")),
        ),
        "database_url": char("Database URL"),
        "database_api_login": char("Database API Login"),
        "database_version": char("Database Version"),
    }

    def rows(self) -> "dict[int, Row]":
        """Give the stored projects, and one for each database of the world but this one."""
        made = self.env.computed.get(self.model_name)
        if made is None:
            world = self.env.world
            others = (pair for pair in _all_databases(world) if pair[1] is not self.env.database)
            databases = enumerate(others, _FIRST_DATABASE_ID)
            made = super().rows() | {number: _project_row(world, *pair) for number, pair in databases}
            self.env.computed[self.model_name] = made
        return made


def enterprise(version: str) -> str:
    """Write a version as Odoo Enterprise does: ``19.0`` becomes ``19.0+e``."""
    return version if version.endswith("+e") else f"{version}+e"


def _all_databases(world: "World") -> "Iterator[tuple[OdooServer, CustomerDatabase]]":
    return ((server, database) for server in world.servers.values() for database in server.databases.values())


def _project_row(world: "World", server: "OdooServer", database: "CustomerDatabase") -> "Row":
    return {
        "name": database.name.replace("-", " ").capitalize(),
        "database_name": database.name,
        "database_hosting": server.hosting,
        "database_url": server.url,
        "database_api_login": world.login,
        "database_version": enterprise(server.version),
    }
