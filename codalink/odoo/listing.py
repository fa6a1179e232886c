"""Where databases are found: Odoo's own lists of them (contract, section 4)."""

from codalink.errors import AddressRefused, AnswerUnexpected, FieldMissing, LoginRefused, ModelMissing, OdooError, RightsMissing
from codalink.odoo import answers
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, Gateway, Json, ServerUrl, search_read
from codalink.secrets import credentials

ODOO_COM = "https://www.odoo.com"
ODOO_ONLINE = ServerUrl.parse(credentials.ODOO_ONLINE)
"""Stands for all customer databases on Odoo Online, each of which has a host of its own: one login for all of them is kept under it."""
ODOO_COM_DATABASE = DatabaseName("openerp")

ListedDatabase = tuple[DatabaseAddress, str]
"""A database, and its version as the list tells it ("" where it doesn't)."""


def my_databases(gateway: Gateway, login: str) -> list[ListedDatabase]:
    """The account's "My Databases" on odoo.com. One call. `login` is for the rows without one; rows without address are left out."""
    place = gateway.database
    try:
        answer = gateway.execute(Call("odoo.database", "list"))
    except LoginRefused as error:
        raise LoginRefused(f"{place.server.host} refuses the login of {place.login}.", remedy=_NEW_KEY) from error
    except OdooError as error:
        raise AnswerUnexpected(f"{place.server} doesn't list the account's databases as odoo.com does: {error.cause}") from error
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise AnswerUnexpected(f"{place.server} doesn't list the account's databases as odoo.com does.")
    return [listed for row in answer if (listed := _listed(row, "name", "url", "login", "version", login))]


_NEW_KEY = (
    "The password or key may be wrong, have expired, or belong to another account. Make a new API key on "
    "https://www.odoo.com/my/security?debug=1 (New API Key), and enter it with `codalink setup`."
)


def databases_app(gateway: Gateway, login: str) -> list[ListedDatabase]:
    """The databases in the office's own "Databases" app: projects with a hosting. One call."""
    place = gateway.database
    fields = ["name", "database_name", "database_hosting", "database_url", "database_api_login", "database_version"]
    try:
        answer = gateway.execute(search_read("project.project", [["database_hosting", "!=", False]], fields))
    except (ModelMissing, FieldMissing) as error:
        raise ModelMissing(f'The app "Databases" is not installed in {place}.', remedy=_OTHER_APP) from error
    except RightsMissing as error:
        raise RightsMissing(f'{place.login} may not read the app "Databases" in {place}.', remedy=_APP_RIGHTS) from error
    found = (
        _listed(row, "database_name", "database_url", "database_api_login", "database_version", login)
        for row in answers.rows(answer, "its databases")
    )
    return [listed for listed in found if listed]


_OTHER_APP = "Name the database that has it with `codalink setup --databases-app URL --app-database NAME`, or install it there: menu Apps."
_APP_RIGHTS = "Let the account see the app's projects (Odoo: Settings > Users), or name another one with `codalink setup --login`."


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
