"""Finding the customer databases, and reading the companies in them."""

from dataclasses import dataclass, field

from codalink.errors import CodalinkError
from codalink.odoo.codabox.companies import read_companies
from codalink.odoo.gateway import DatabaseAddress, Gateways, ServerUrl
from codalink.office.events import Listener, PieceDone, StageEnded, StageStarted, nobody
from codalink.office.fleet import Runner, Stop
from codalink.office.model import Company, DatabaseFailure, DatabaseFindings, Survey
from codalink.office.selection import Patterns


@dataclass(frozen=True)
class ServerList:
    """A source: all databases that a server tells of, with one login for all."""

    server: ServerUrl
    login: str


@dataclass(frozen=True)
class Sources:
    """Where the office's databases are, and which of them count."""

    databases: tuple[DatabaseAddress, ...] = ()
    server_lists: tuple[ServerList, ...] = ()
    patterns: Patterns = field(default_factory=Patterns)


def survey(
    sources: Sources, gateways: Gateways, runner: Runner, stop: Stop, listener: Listener = nobody, *, with_versions: bool = False
) -> Survey:
    """Read every company of every database, side by side. One broken database or source costs its own row and nobody else's.

    `with_versions` asks each server once for its version. Errors that concern everyone (the keyring) are raised.
    """
    databases, failures = find_databases(sources, gateways)

    found: list[DatabaseFindings] = []
    listener(StageStarted("Reading databases", len(databases)))
    for database, result in runner.each(databases, lambda one: read_database(one, gateways, with_version=with_versions), stop):
        listener(PieceDone(database.name, failed=isinstance(result, DatabaseFailure)))
        if isinstance(result, DatabaseFailure):
            failures.append(result)
        else:
            found.append(result)
    listener(StageEnded())
    return Survey(
        tuple(sorted(found, key=lambda one: (one.database.name, one.database))),
        tuple(sorted(failures, key=lambda one: (one.server, one.where))),
    )


def find_databases(sources: Sources, gateways: Gateways) -> tuple[list[DatabaseAddress], list[DatabaseFailure]]:
    """All databases of all sources that the patterns let through, each once, and the sources that could not be asked."""
    found, failures = list(sources.databases), []
    for source in sources.server_lists:
        try:
            names = gateways.database_names(source.server)
        except CodalinkError as error:
            failures.append(DatabaseFailure("(all databases)", str(source.server), error))
            continue
        found += [DatabaseAddress(source.server, name, source.login) for name in names]
    kept = {(database.server, database.name): database for database in reversed(found) if sources.patterns.admit(database.name)}
    return sorted(kept.values()), failures


def read_database(database: DatabaseAddress, gateways: Gateways, *, with_version: bool = False) -> DatabaseFindings | DatabaseFailure:
    """The companies of one database, or why they can't be read. Two calls: logging in, and reading; errors for everyone are raised."""
    try:
        records = read_companies(gateways.open(database))
        version = gateways.version(database.server) if with_version else ""
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return DatabaseFailure(database.name, str(database.server), error)
    return DatabaseFindings(database, tuple(Company(database, record) for record in records), version)
