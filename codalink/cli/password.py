"""`codalink password`: the office password in the keyring."""

import sys
from typing import Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.wiring import Session
from codalink.errors import NoTerminal, OfficePasswordMissing, UsageError
from codalink.secrets.masked import Secret

app = typer.Typer(
    no_args_is_help=True,
    help="Show, enter or forget the office password.",
)


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


def set_password(
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from the first line of standard input.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Enter the office password that Odoo showed at the first connection."""
    with Session("password set", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.changes import Change, ChangeKind, announced

        office = session.configuration.office
        password = _read_line() if stdin else _ask(session, office.name)
        if not password:
            raise UsageError("The password is empty.", remedy="Enter the password that Odoo showed at the office's first connection.")
        with announced(session.journal, Change(ChangeKind.STORE_PASSWORD)):
            session.passwords.keep(office.vat.digits, password)
        session.streams.notice(f"The password of {office.name} ({office.vat}) is in the keyring.")


def _read_line() -> Secret:
    return Secret(sys.stdin.readline().strip("\r\n"))


def _ask(session: Session, office: str) -> Secret:
    if not session.can_ask():
        raise NoTerminal("The password has to be entered.", remedy="Run it in a terminal, or hand it over with --stdin.")
    return Secret(typer.prompt(f"CodaBox password of {office}", hide_input=True, confirmation_prompt=True, err=True))


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


for _name, _function, _examples in (
    ("show", show, ("codalink password show",)),
    ("set", set_password, ("codalink password set", "some-password-manager | codalink password set --stdin")),
    ("forget", forget, ("codalink password forget",)),
):
    app.command(_name, help=options.help_text(_function, _examples), epilog=exits.WORDS)(_function)
