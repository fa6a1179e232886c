"""`codalink password show`."""

from typing import Annotated

import typer

from codalink.cli import options
from codalink.cli.wiring import Session
from codalink.errors import NoTerminal, OfficePasswordMissing


def show(
    force: Annotated[bool, typer.Option("--force", help="Don't ask, and show it even where output is no terminal.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Show the office password, in clear, after asking."""
    with Session("password show", options.common(config, quiet, verbose, debug)) as session:
        office = session.configuration.office
        if not force:
            if not session.streams.out.is_terminal:
                raise NoTerminal("The password would go into a file or another program.", remedy="If you want that, say --force.")
            if not session.confirm(f"Show the CodaBox password of {office.name} on this screen?", otherwise="--force"):
                return
        password = session.passwords.find(office.vat.digits)
        if password is None:
            raise OfficePasswordMissing(f"The keyring has no password for {office.name} ({office.vat}).")
        session.streams.out.file.write(password.reveal() + "\n")
        if session.passwords.candidate(office.vat.digits) is not None:
            session.streams.notice("An exchange of it was interrupted, so another one may be valid: run `codalink password rotate`.")
