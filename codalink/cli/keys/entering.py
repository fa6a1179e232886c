"""`codalink keys set`."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import options
from codalink.cli.keys import places
from codalink.cli.keys.changing import changing, today
from codalink.cli.wiring import Session
from codalink.errors import NoTerminal, UsageError
from codalink.secrets.masked import Secret

if TYPE_CHECKING:
    from codalink.odoo.gateway import DatabaseAddress


def set_key(
    database: places.OneDatabase,
    login: Annotated[str, typer.Option("--login", help="The account that the key belongs to, if not the one in the configuration.")] = "",
    secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read it from the first line of standard input.")] = False,
    no_try: Annotated[bool, typer.Option("--no-try", help="Don't log in with it before it is stored.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Enter the API key of one database. It is tried first, then stored; a former one is replaced.

    Make it in Odoo: your name at the top right > Preferences > Account Security > New API Key.
    """
    with Session("keys set", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.changes import Change, ChangeKind, announced
        from codalink.office.keys.new_keys import renewed
        from codalink.secrets.keys import ApiKey, StoredKey

        address = places.find(session, database)
        address = replace(address, login=login) if login else address
        secret = _read_line() if secret_stdin else _ask(session, address)
        if not secret:
            raise UsageError("The key is empty.", remedy="Enter the API key that Odoo showed when it was made.")
        if not no_try:
            _prove(session, address, secret)
        entered = StoredKey(str(address.server), address.name, address.login, ApiKey(secret, today()))
        with changing(session), announced(session.journal, Change(ChangeKind.STORE_KEY, address)):
            session.keys.keep([renewed(session.keys.find(*entered.place), entered)])
        tried = "It was not tried." if no_try else "Odoo accepts it."
        session.streams.notice(f"The API key of {address.name} on {address.server} is stored, encrypted. {tried}")


def _read_line() -> Secret:
    return Secret(sys.stdin.readline().strip())


def _ask(session: Session, address: "DatabaseAddress") -> Secret:
    if not session.can_ask():
        raise NoTerminal("The key has to be entered.", remedy="Run it in a terminal, or hand it over with --secret-stdin.")
    question = f"API key of {address.login} in {address.name} on {address.server}"
    return Secret(typer.prompt(question, hide_input=True, err=True).strip())


def _prove(session: Session, address: "DatabaseAddress", secret: Secret) -> None:
    """Raises LoginRefused where Odoo doesn't accept the key, UsageError where it is somebody else's."""
    from codalink.odoo.apikeys import own_login
    from codalink.secrets.credentials import Credential

    holder = own_login(session.gateways.open_with(address, Credential(address.login, secret, is_own=True)))
    if holder and holder != address.login:
        raise UsageError(f"The key belongs to {holder}, not to {address.login}.", remedy=f"If that is right, say --login {holder}.")
