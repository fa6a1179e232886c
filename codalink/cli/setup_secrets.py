"""Taking in the passwords and API keys that setup needs, from standard input or from the user."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from codalink.cli.wiring import Session
from codalink.errors import LoginSecretMissing, NoTerminal, UsageError
from codalink.secrets.masked import Secret

if TYPE_CHECKING:
    from codalink.odoo.gateway import DatabaseAddress
    from codalink.office.databases.access import NeededSecret
    from codalink.office.databases.discover import FoundDatabase

_ASKED_AT_MOST = 10
"""More servers than these are not asked for one by one."""


def keep_secrets(session: Session, needed: "Sequence[NeededSecret]", *, from_stdin: bool) -> None:
    """One secret for each server and login, entered once and kept for that server only. Raises UsageError, NoTerminal, SecretsError."""
    for one in needed if from_stdin else _bearable(session, needed):
        if from_stdin:
            _keep(session, one, _next_line(session, one))
        else:
            _keep(session, one, _answer(session, one))


def keep_missing(
    session: Session, databases: "Sequence[FoundDatabase]", asked: "Sequence[NeededSecret]", *, from_stdin: bool
) -> "set[DatabaseAddress]":
    """Secrets for servers that came out only when the sources were asked; answers the databases for which nothing is stored all the same.

    A script need not know them all: where standard input has no more lines, the others stay locked.
    """
    from codalink.office.databases.access import missing_secrets

    missing = missing_secrets(_locked(session, databases), asked)
    if missing and from_stdin:
        for one, line in zip(missing, sys.stdin, strict=False):
            _keep(session, one, Secret(line.strip("\r\n")))
    elif missing and session.can_ask():
        session.streams.notice("There are databases on servers that no password or API key is stored for.")
        keep_secrets(session, missing, from_stdin=False)
    return set(_locked(session, databases))


def _locked(session: Session, databases: "Sequence[FoundDatabase]") -> "list[DatabaseAddress]":
    """Looked up anew each time: the session's own credentials remember what was missing."""
    from codalink.office.databases.access import locked_databases
    from codalink.secrets.credentials import Credentials

    return locked_databases(databases, Credentials(session.keys, session.logins))


def _keep(session: Session, one: "NeededSecret", secret: Secret | None) -> None:
    from codalink.office.changes import Change, ChangeKind, announced

    if secret:
        with announced(session.journal, Change(ChangeKind.STORE_LOGIN, detail=f"{one.login} on {one.server}")):
            session.logins.keep(str(one.server), one.login, secret)


def _next_line(session: Session, one: "NeededSecret") -> Secret:
    """The next line; empty where the one in the keyring stays, or where the databases do without."""
    line = sys.stdin.readline()
    secret = Secret(line.strip("\r\n"))
    if not line or (not secret and one.opens_source and not _is_known(session, one)):
        raise UsageError(
            f"Standard input has no line for {one.login} on {one.server}.",
            remedy="Hand over one line for each server and login, in their order.",
        )
    return secret


def _bearable(session: Session, needed: "Sequence[NeededSecret]") -> "Sequence[NeededSecret]":
    """Those that somebody can be bothered with: what opens sources, and the others unless they are many."""
    for_databases = [one for one in needed if not one.opens_source]
    if not session.can_ask() or len(for_databases) <= _ASKED_AT_MOST:
        return needed
    session.streams.notice(
        f"The databases are on {len(for_databases)} servers, too many to ask for each. Take in their API keys with "
        "`codalink keys import`, or hand over the servers' passwords with --secret-stdin."
    )
    return [one for one in needed if one.opens_source]


def _answer(session: Session, one: "NeededSecret") -> Secret | None:
    """The secret that was entered; None where the one in the keyring stays, or where the databases do without."""
    is_known = _is_known(session, one)
    if not session.can_ask():
        if is_known:
            return None
        raise NoTerminal(
            f"The password or API key of {one.login} on {one.server} has to be entered.", remedy="Hand it over with --secret-stdin."
        )
    hint = _ENTER_KEEPS if is_known else "" if one.opens_source else _ENTER_SKIPS
    while True:
        answer = typer.prompt(
            f"Password or API key of {one.login} on {one.server}{hint}", hide_input=True, default="", show_default=False, err=True
        )
        if answer or hint:
            return Secret(answer) if answer else None


_ENTER_KEEPS = " (Enter keeps the one in the keyring)"
_ENTER_SKIPS = " (Enter where each database has its own API key)"


def _is_known(session: Session, one: "NeededSecret") -> bool:
    try:
        session.logins.get(str(one.server), one.login)
    except LoginSecretMissing:
        return False
    return True
