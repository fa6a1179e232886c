"""What can be put into a world beside its servers: www.odoo.com, the office's "Databases" app, test copies."""

import copy
import secrets

from codalink.sandbox.offices import OFFICE_VAT, accountant
from codalink.sandbox.users import User
from codalink.sandbox.world import Company, CustomerDatabase, Flavour, OdooServer, World, make_database

ODOO_COM_DATABASE = "openerp"
PLAIN_PROJECTS = ("Jaarrekeningen", "Verhuis naar nieuw kantoor")

_ODOO_COM_VERSION = "saas~19.1+e"
_ACCOUNT_UID = 7


def add_odoo_com(world: World) -> OdooServer:
    """Add www.odoo.com with the office's account: the accountant's login, a password and an API key of its own.

    `account_of_odoo_com` tells them. Its list has all databases on servers whose hosting is ``saas`` or ``paas``, but
    for hidden ones.
    """
    server = OdooServer("odoo.com", _ODOO_COM_VERSION, list_db=False)
    account = User(_ACCOUNT_UID, world.login, secrets.token_urlsafe(12), (secrets.token_hex(20),), frozenset())
    flavour = Flavour(_ODOO_COM_VERSION, codabox=False, is_odoo_com=True)
    server.add(make_database(ODOO_COM_DATABASE, _ODOO_COM_VERSION, (), account, flavour))
    world.odoo_com = server
    return server


def account_of_odoo_com(world: World) -> tuple[str, str, str]:
    """Give login, password and API key of the office's account on www.odoo.com; the world must have one."""
    if world.odoo_com is None:
        raise LookupError("this world has no odoo.com")
    account = world.odoo_com.databases[ODOO_COM_DATABASE].users[_ACCOUNT_UID]
    return account.login, account.password, next(iter(account.api_keys))


def add_databases_app(world: World, server: OdooServer, name: str = "kantoor-demo") -> CustomerDatabase:
    """Add the office's own database with Odoo's "Databases" app, which knows all others; CodaBox is not installed there."""
    flavour = Flavour(server.version, codabox=False, databases_app=True)
    office = Company(world.office_name, f"BE{OFFICE_VAT}")
    database = server.add(make_database(name, server.version, (office,), accountant(world), flavour))
    for project in PLAIN_PROJECTS:
        database.table("project.project").insert({"name": project})
    return database


def add_test_copy(world: World, name: str, number: int = 2) -> CustomerDatabase:
    """Add a duplicate for testing beside a database, as odoo.com keeps them for 15 days: the same companies and VATs."""
    server = next(server for server in world.servers.values() if name in server.databases)
    original = server.databases[name]
    duplicate = CustomerDatabase(f"{name}-test-{number}", original.flavour)
    duplicate.users = copy.deepcopy(original.users)
    duplicate.tables = copy.deepcopy(original.tables)
    return server.add(duplicate)
