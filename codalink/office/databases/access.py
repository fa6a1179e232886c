"""Which passwords and API keys it takes to find the office's databases, and to open them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from codalink.errors import LoginSecretMissing
from codalink.odoo.gateway import DatabaseAddress, ServerUrl
from codalink.odoo.listing import ODOO_ONLINE
from codalink.office.databases.discover import DatabasesApp, FoundDatabase, MyDatabases, Named, ServerList, Source
from codalink.secrets.credentials import Credentials, is_odoo_online


@dataclass(frozen=True)
class NeededSecret:
    """A login whose password or API key is needed on a server; ODOO_ONLINE stands for all hosts of Odoo Online.

    `opens_source`: without it nobody knows which databases there are. Other ones may be missing: each database may have a key of its own.
    """

    server: ServerUrl
    login: str
    opens_source: bool = False


def needed_secrets(sources: Iterable[Source]) -> list[NeededSecret]:
    """Every server with every login that is used there, as far as the sources tell without being asked."""
    return _each_once([one for source in sources for one in _needed(source)])


def missing_secrets(databases: Iterable[DatabaseAddress], asked: Sequence[NeededSecret]) -> list[NeededSecret]:
    """What these databases need, but for what the user was `asked` already."""
    needed = [*asked, *(NeededSecret(address.server, address.login) for address in databases)]
    return [one for one in _each_once(needed) if one not in asked]


def locked_databases(found: Iterable[FoundDatabase], credentials: Credentials) -> list[DatabaseAddress]:
    """The databases that have neither an API key of their own nor a secret of their login. Raises what Credentials.find raises else."""
    return [database.address for database in found if not _can_open(database.address, credentials)]


def secret_place(server: ServerUrl) -> ServerUrl:
    """The server that a secret counts for: ODOO_ONLINE for each of its hosts."""
    return ODOO_ONLINE if is_odoo_online(str(server)) else server


def _can_open(database: DatabaseAddress, credentials: Credentials) -> bool:
    try:
        credentials.find(str(database.server), database.name, database.login)
    except LoginSecretMissing:
        return False
    return True


def _needed(source: Source) -> list[NeededSecret]:
    match source:
        case Named(databases=databases):
            return [NeededSecret(address.server, address.login) for address in databases]
        case ServerList(server=server, login=login):
            return [NeededSecret(server, login)]
        case MyDatabases(account=account, login=login):
            return [NeededSecret(account.server, account.login, opens_source=True), NeededSecret(ODOO_ONLINE, login)]
        case DatabasesApp(app=app):
            return [NeededSecret(app.server, app.login, opens_source=True)]


def _each_once(needed: Sequence[NeededSecret]) -> list[NeededSecret]:
    """Each server and login once, in their order; several hosts of Odoo Online with the same login are one."""
    opening = {(one.server, one.login) for one in needed if one.opens_source}
    marked = [replace(one, opens_source=(one.server, one.login) in opening) for one in needed]
    hosts = Counter(one.login for one in set(marked) if _is_online(one))
    return list(dict.fromkeys(replace(one, server=ODOO_ONLINE) if _is_online(one) and hosts[one.login] > 1 else one for one in marked))


def _is_online(one: NeededSecret) -> bool:
    return not one.opens_source and secret_place(one.server) == ODOO_ONLINE
