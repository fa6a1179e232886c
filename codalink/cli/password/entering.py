"""`codalink password set`."""

import sys
from typing import Annotated

import typer

from codalink.cli import options
from codalink.cli.wiring import Session
from codalink.errors import NoTerminal, UsageError
from codalink.secrets.masked import Secret


def set_password(
    secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read it from the first line of standard input.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Enter the office password that Odoo showed at the first connection."""
    with Session("password set", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.changes import Change, ChangeKind, announced

        office = session.configuration.office
        password = Secret(sys.stdin.readline().strip("\r\n")) if secret_stdin else _ask(session, office.name)
        if not password:
            raise UsageError("The password is empty.", remedy="Enter the password that Odoo showed at the office's first connection.")
        with announced(session.journal, Change(ChangeKind.STORE_PASSWORD)):
            session.passwords.keep(office.vat.digits, password)
        session.streams.notice(f"The password of {office.name} ({office.vat}) is in the keyring.")


def _ask(session: Session, office: str) -> Secret:
    if not session.can_ask():
        raise NoTerminal("The password has to be entered.", remedy="Run it in a terminal, or hand it over with --secret-stdin.")
    return Secret(typer.prompt(f"CodaBox password of {office}", hide_input=True, confirmation_prompt=True, err=True))
