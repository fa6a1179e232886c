"""Where databases are found: Odoo's own lists of them (contract, section 4)."""

from codalink.errors import AddressRefused, AnswerUnexpected
from codalink.odoo import answers
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, Gateway, Json, ServerUrl, search_read

ODOO_COM = "https://www.odoo.com"
ODOO_ONLINE = ServerUrl("https", "*.odoo.com", 443)
"""Stands for all customer databases on Odoo Online, each of which has a host of its own: one login for all of them is kept under it."""
ODOO_COM_DATABASE = DatabaseName("openerp")

ListedDatabase = tuple[DatabaseAddress, str]
"""A database, and its version as the list tells it ("" where it doesn't)."""


def my_databases(gateway: Gateway, login: str) -> list[ListedDatabase]:
    """The account's "My Databases" on odoo.com. One call. `login` is for the rows without one; rows without address are left out."""
    answer = gateway.execute(Call("odoo.database", "list"))
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise AnswerUnexpected(f"{gateway.database.server} doesn't list the account's databases as odoo.com does.")
    return [listed for row in answer if (listed := _listed(row, "name", "url", "login", "version", login))]


def databases_app(gateway: Gateway, login: str) -> list[ListedDatabase]:
    """The databases in the office's own "Databases" app: projects with a hosting. One call."""
    fields = ["name", "database_name", "database_hosting", "database_url", "database_api_login", "database_version"]
    rows = answers.rows(gateway.execute(search_read("project.project", [["database_hosting", "!=", False]], fields)), "its databases")
    found = (_listed(row, "database_name", "database_url", "database_api_login", "database_version", login) for row in rows)
    return [listed for listed in found if listed]


def _listed(row: answers.Row, name: str, url: str, login: str, version: str, default_login: str) -> ListedDatabase | None:
    address: Json = row.get(url)
    database = answers.text(row, name)
    if not isinstance(address, str) or not address or not database:
        return None
    try:
        server = ServerUrl.parse(address)
    except AddressRefused:
        return None
    return DatabaseAddress(server, DatabaseName(database), answers.text(row, login) or default_login), answers.text(row, version)
