"""Offices whose servers differ in version, in what they speak, and in where their databases are listed."""

from codalink.sandbox.listings import add_databases_app, add_odoo_com, add_test_copy
from codalink.sandbox.offices import new_world, spread
from codalink.sandbox.world import ALL_PROTOCOLS, OdooServer, World

HIDDEN = "klant-002"
COPIED = "klant-001"


def mixed_office(databases: int = 12, companies: int = 1) -> World:
    """Make an office whose databases `klant-001`… take turns on servers that differ in what they speak.

    ``odoo17``, ``odoo18`` and ``odoo19`` speak all that their version does; ``odoo-online`` is between two majors;
    ``odoo-json2`` knows nothing but JSON-2, as from Odoo 22 on; ``odoo-xmlrpc`` has a proxy in front that refuses
    `/jsonrpc`.
    """
    world = new_world()
    for version in ("17.0", "18.0", "19.0"):
        world.add(OdooServer(f"odoo{version[:2]}", version, hosting="premise"))
    world.add(OdooServer("odoo-online", "saas~18.2+e"))
    world.add(OdooServer("odoo-json2", "22.0", protocols=frozenset({"json2"}), has_db_service=False))
    world.add(OdooServer("odoo-xmlrpc", "18.0", protocols=ALL_PROTOCOLS - {"jsonrpc"}, blocked={"/jsonrpc": 403}, hosting="premise"))
    spread(world, databases, companies)
    return world


def online_office(databases: int = 6, companies: int = 1) -> World:
    """Make an office on Odoo Online, listed by www.odoo.com and by the office's own "Databases" app (`kantoor-demo`).

    `klant-002` is hidden in the database manager, and `klant-001` has a test copy, `klant-001-test-2`.
    """
    world = new_world()
    world.add(OdooServer("online18", "saas~18.2+e", list_db=False))
    world.add(OdooServer("online19", "19.0+e", list_db=False))
    spread(world, databases, companies)
    world.database(HIDDEN).is_hidden = True
    add_test_copy(world, COPIED)
    add_odoo_com(world)
    add_databases_app(world, world.servers["online19"])
    return world
