"""The databases that codalink knows without asking anybody, and the one of them that is meant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from codalink.errors import AddressRefused, DatabaseAmbiguous, DatabaseUnknown
from codalink.odoo.gateway import DatabaseAddress, DatabaseName, ServerUrl
from codalink.office.databases.discover import DatabasesApp, MyDatabases, Named, ServerList, Source, Sources
from codalink.secrets.credentials import is_odoo_online
from codalink.secrets.keys import StoredKey


def known_databases(sources: Sources, seen: Iterable[str], stored: Sequence[StoredKey]) -> list[DatabaseAddress]:
    """The databases that codalink knows without asking anybody: named in files, seen last time, or with a key of their own.

    `seen` are those of last time, as `server/name`; they count where one of the sources may still lead to them. The login is the one of the
    database's own key, if it has one.
    """
    found: dict[tuple[str, str], DatabaseAddress] = {}
    for address in (*_named(sources), *_seen(sources, seen), *map(address_of, stored)):
        found.setdefault((str(address.server), address.name), address)
    logins = {key.place: key.login for key in stored}
    addresses = (replace(address, login=logins.get(place, address.login)) for place, address in found.items())
    return sorted(addresses, key=lambda one: (one.name, one))


def address_of(stored: StoredKey) -> DatabaseAddress:
    """The address of the database that a stored key belongs to."""
    return DatabaseAddress(ServerUrl.parse(stored.origin), DatabaseName(stored.database), stored.login)


def _named(sources: Sources) -> Iterator[DatabaseAddress]:
    for source in sources.places:
        if isinstance(source, Named):
            yield from (address for address in source.databases if sources.patterns.admit(address.name))


def _seen(sources: Sources, seen: Iterable[str]) -> Iterator[DatabaseAddress]:
    for place in seen:
        origin, _, name = place.rpartition("/")
        try:
            server = ServerUrl.parse(origin)
        except AddressRefused:
            continue
        source = next((one for one in sources.places if _may_lead_to(one, server)), None)
        if source is not None and not isinstance(source, Named) and sources.patterns.admit(name):
            yield DatabaseAddress(server, DatabaseName(name), source.login, source.protocol)


def _may_lead_to(source: Source, server: ServerUrl) -> bool:
    match source:
        case ServerList(server=listed):
            return listed == server
        case MyDatabases():
            return is_odoo_online(str(server))
        case DatabasesApp():
            return True
        case Named():
            return False


def find_database(wanted: str, databases: Sequence[DatabaseAddress]) -> DatabaseAddress:
    """The one database that `wanted` names: by its name, or as server/name, where the server is an address or just its host.

    Raises DatabaseUnknown, DatabaseAmbiguous (which lists the matches).
    """
    text = wanted.strip().casefold()
    matches = [address for address in databases if text in _names(address)]
    if not matches:
        raise DatabaseUnknown(f"No database matches {wanted!r}.")
    if len(matches) > 1:
        raise DatabaseAmbiguous(f"{wanted!r} matches {len(matches)} databases: {', '.join(f'{one.server}/{one.name}' for one in matches)}.")
    return matches[0]


def _names(address: DatabaseAddress) -> set[str]:
    places = ("", f"{address.server}/", f"{address.server.host}/", f"{address.server.host}:{address.server.port}/")
    return {f"{place}{address.name}".casefold() for place in places}
