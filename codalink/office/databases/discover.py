"""Finding the customer databases, and reading the companies in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from codalink.errors import CodalinkError, LoginSecretMissing
from codalink.odoo.codabox.companies import KnownFields, read_companies
from codalink.odoo.gateway import DatabaseAddress, Gateway, Gateways, OdooProtocol, ServerUrl
from codalink.odoo.listing import ListedDatabase, databases_app, my_databases
from codalink.office.events import Listener, PieceDone, StageEnded, StageStarted, nobody
from codalink.office.fleet import OneByOne, Runner, Stop
from codalink.office.model import Company, DatabaseFailure, DatabaseFindings, Survey
from codalink.office.selection import Patterns


@dataclass(frozen=True)
class Named:
    """A source: databases that the office names itself, in the file `origin`."""

    origin: str
    databases: tuple[DatabaseAddress, ...]


@dataclass(frozen=True)
class ServerList:
    """A source: all databases that a server tells of, with one login for all."""

    server: ServerUrl
    login: str
    protocol: OdooProtocol | None = None


@dataclass(frozen=True)
class MyDatabases:
    """A source: "My Databases" of an account on odoo.com. `account` is odoo.com's own database and the account's login there.

    `login` is the login in the databases, where the list doesn't name one.
    """

    account: DatabaseAddress
    login: str
    protocol: OdooProtocol | None = None


@dataclass(frozen=True)
class DatabasesApp:
    """A source: the "Databases" app in the office's own Odoo. `login` is for databases that the app has none for."""

    app: DatabaseAddress
    login: str
    protocol: OdooProtocol | None = None


Source = Named | ServerList | MyDatabases | DatabasesApp


@dataclass(frozen=True)
class Sources:
    """Where the office's databases are, and which of them count."""

    places: tuple[Source, ...] = ()
    patterns: Patterns = field(default_factory=Patterns)


@dataclass(frozen=True)
class FoundDatabase:
    """A database, the source that told of it, and its version where the source knows that."""

    address: DatabaseAddress
    source: str
    version: str = ""


def survey(
    sources: Sources,
    gateways: Gateways,
    runner: Runner,
    stop: Stop,
    listener: Listener = nobody,
    *,
    with_versions: bool = False,
    is_enough: Callable[[Company], bool] | None = None,
) -> Survey:
    """Read every company of every database, side by side. One broken database or source costs its own row and nobody else's.

    `with_versions` asks each server once for its version, where its source doesn't know. Who looks for a certain company says when it
    `is_enough`: no more databases are begun then. Errors for everyone (the keyring) are raised.
    """
    databases, failures = find_databases(sources, gateways, runner, stop)
    found: list[DatabaseFindings] = []
    known = KnownFields()
    listener(StageStarted("Reading databases", len(databases)))

    def read_one(database: FoundDatabase) -> DatabaseFindings | DatabaseFailure:
        return read_database(database, gateways, known, with_version=with_versions)

    enough = Stop(parent=stop)
    for database, result in runner.each(databases, read_one, enough, lane=lambda database: database.address.server, finish=False):
        listener(PieceDone(database.address.name, failed=isinstance(result, DatabaseFailure)))
        if isinstance(result, DatabaseFailure):
            failures.append(result)
            continue
        found.append(result)
        if is_enough is not None and any(is_enough(company) for company in result.companies):
            enough.request()
    listener(StageEnded())
    in_order = sorted(found, key=lambda one: (one.database.name, one.database))
    return Survey(tuple(in_order), tuple(sorted(failures, key=lambda one: (one.server, one.where))))


def find_databases(
    sources: Sources, gateways: Gateways, runner: Runner | None = None, stop: Stop | None = None
) -> tuple[list[FoundDatabase], list[DatabaseFailure]]:
    """All databases of all sources that the patterns let through, each once, and the sources that could not be asked.

    The sources are asked side by side where there is a runner; of a database that several of them tell of, the first one counts.
    """

    def list_one(source: Source) -> Sequence[ListedDatabase] | CodalinkError:
        try:
            return _listed(source, gateways)
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            return error

    asked = (runner or OneByOne()).each(
        range(len(sources.places)), lambda number: list_one(sources.places[number]), stop or Stop(), finish=False
    )
    found: dict[tuple[ServerUrl, str], FoundDatabase] = {}
    failures: list[DatabaseFailure] = []
    for number, listed in sorted(asked, key=itemgetter(0)):
        origin = _origin(sources.places[number])
        if isinstance(listed, CodalinkError):
            failures.append(DatabaseFailure("(all databases)", origin, listed, is_source=True))
            continue
        for address, version in listed:
            if sources.patterns.admit(address.name):
                found.setdefault((address.server, address.name), FoundDatabase(address, origin, version))
    return sorted(found.values(), key=lambda one: one.address), failures


def _origin(source: Source) -> str:
    """The source's name for the user."""
    match source:
        case Named(origin=origin):
            return origin
        case ServerList(server=server):
            return str(server)
        case MyDatabases(account=account):
            return account.server.host
        case DatabasesApp(app=app):
            return f"Databases app of {app.name}"


def _listed(source: Source, gateways: Gateways) -> Sequence[ListedDatabase]:
    match source:
        case Named(databases=databases):
            return [(address, "") for address in databases]
        case ServerList(server=server, login=login, protocol=protocol):
            return [(DatabaseAddress(server, name, login, protocol), "") for name in gateways.database_names(server)]
        case MyDatabases(account=account, login=login, protocol=protocol):
            return _in_protocol(my_databases(_opened(account, gateways), login), protocol)
        case DatabasesApp(app=app, login=login, protocol=protocol):
            return _in_protocol(databases_app(_opened(app, gateways), login), protocol)


def _opened(account: DatabaseAddress, gateways: Gateways) -> Gateway:
    try:
        return gateways.open(account)
    except LoginSecretMissing as error:
        raise LoginSecretMissing(
            f"No password or API key is stored for {account.login} on {account.server}, which lists databases."
        ) from error


def _in_protocol(listed: Sequence[ListedDatabase], protocol: OdooProtocol | None) -> list[ListedDatabase]:
    return [(replace(address, protocol=protocol), version) for address, version in listed]


def read_database(
    found: FoundDatabase, gateways: Gateways, known: KnownFields | None = None, *, with_version: bool = False
) -> DatabaseFindings | DatabaseFailure:
    """The companies of one database, or why they can't be read; errors for everyone are raised.

    Two calls, logging in and reading; with JSON-2 one. `known` is what other databases of the run have taught.
    """
    database = found.address
    try:
        records = read_companies(gateways.open(database), known, found.version or database.server)
        version = found.version or (gateways.version(database.server) if with_version else "")
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return DatabaseFailure(database.name, str(database.server), error)
    companies = tuple(Company(database, record) for record in records)
    return DatabaseFindings(database, companies, found.source, version, gateways.protocol(database))
