"""`codalink keys forget`."""

from typing import Annotated

import typer

from codalink.cli import options
from codalink.cli.keys import places
from codalink.cli.keys.changing import changing
from codalink.cli.wiring import Session


def forget(
    database: places.OneDatabase,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Remove the API key of one database from this computer. In Odoo it stays valid until it expires or is removed there."""
    with Session("keys forget", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.changes import Change, ChangeKind, announced
        from codalink.office.databases.known_databases import address_of, find_database

        address = find_database(database, [address_of(key) for key in session.keys.all()])
        question = f"Forget the API key of {address.name} on {address.server}? Odoo can't show it again."
        if not yes and not session.confirm(question, otherwise="--yes"):
            return
        with changing(session), announced(session.journal, Change(ChangeKind.FORGET_KEY, address)):
            session.keys.forget(str(address.server), address.name)
        session.streams.notice("Forgotten. In Odoo the key stays valid until it expires or is removed there.")
