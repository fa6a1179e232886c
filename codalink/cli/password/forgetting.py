"""`codalink password forget`."""

from typing import Annotated

import typer

from codalink.cli import options
from codalink.cli.wiring import Session


def forget(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Remove the office password from the keyring. CodaBox and Odoo can't show it again."""
    with Session("password forget", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.changes import Change, ChangeKind, announced

        office = session.configuration.office
        question = f"Forget the CodaBox password of {office.name}? Nobody can show it again: without a copy, the office has to start over."
        if not yes and not session.confirm(question, otherwise="--yes"):
            return
        with announced(session.journal, Change(ChangeKind.FORGET_PASSWORD)):
            was_there = session.passwords.forget(office.vat.digits)
        session.streams.notice("Forgotten." if was_there else "The keyring had no password for this office.")
