"""Which databases a command about keys is for."""

from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import seen
from codalink.cli.wiring import Session
from codalink.errors import DatabaseUnknown, UsageError

if TYPE_CHECKING:
    from codalink.odoo.gateway import DatabaseAddress
    from codalink.office.databases.discover import Sources
    from codalink.office.model import DatabaseFailure

OneDatabase = Annotated[
    str,
    typer.Option(
        "--database", "-d", help="Its name, or server/name.", metavar="DATABASE", autocompletion=seen.complete_database, show_default=False
    ),
]


def known(session: Session) -> "list[DatabaseAddress]":
    """The databases known without asking anybody."""
    from codalink.office.databases.known_databases import known_databases

    return known_databases(sources(session), seen.places(), session.keys.all())


def sources(session: Session) -> "Sources":
    """Where the configuration says that databases are."""
    from codalink.config import sources as configured

    return configured(session.configuration, session.config_path)


def asked_for(session: Session) -> "tuple[list[DatabaseAddress], list[DatabaseFailure]]":
    """The known databases and those that the sources tell of now, and the sources that could not be asked."""
    from codalink.office.databases.discover import find_databases

    there = known(session)
    places = {(address.server, address.name) for address in there}
    found, failures = find_databases(sources(session), session.gateways)
    new = [one.address for one in found if (one.address.server, one.address.name) not in places]
    return sorted([*there, *new], key=lambda one: (one.name, one)), failures


def find(session: Session, wanted: str) -> "DatabaseAddress":
    """The database that is meant; the sources are asked only where it isn't known. Raises DatabaseUnknown, DatabaseAmbiguous."""
    from codalink.office.databases.known_databases import find_database

    try:
        return find_database(wanted, known(session))
    except DatabaseUnknown as unknown:
        databases, failures = asked_for(session)
        try:
            return find_database(wanted, databases)
        except DatabaseUnknown:
            if failures:  # it may well be there
                raise failures[0].error from unknown
            raise


def with_own_key(session: Session) -> "list[DatabaseAddress]":
    """The databases that have a key of their own. Raises UsageError where there are none."""
    places = {key.place for key in session.keys.all()}
    own = [address for address in known(session) if (str(address.server), address.name) in places]
    if not own:
        raise UsageError(
            "No database has an API key of its own.", remedy="Enter keys first: `codalink keys set` or `codalink keys import`."
        )
    return own
