"""Where a passphrase comes from: standard input, or somebody at the terminal, who doesn't see it."""

import sys
from collections.abc import Callable

import typer

from codalink.cli.wiring import Session
from codalink.errors import NoTerminal, PassphraseWeak
from codalink.secrets.masked import Secret
from codalink.secrets.passphrase import SHORTEST, as_typed

_HOW = (
    f"Choose a passphrase for the backup: {SHORTEST} characters at least. Five or six words at random are good, and can be written down: "
    "whoever finds the file may guess as long as they like."
)


def chosen(session: Session, *, from_stdin: bool, check: Callable[[Secret], None]) -> Secret:
    """A new one, typed twice, and again where `check` raises PassphraseWeak. Raises that for one from standard input; NoTerminal."""
    if from_stdin:
        return _checked(_first_line(), check)
    _need_somebody(session)
    session.streams.notice(_HOW)
    while True:
        try:
            return _checked(as_typed(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)), check)
        except PassphraseWeak as weak:
            session.streams.warn(weak.cause)


def entered(session: Session, *, from_stdin: bool) -> Secret:
    """The one of a backup that is there. Raises NoTerminal."""
    if from_stdin:
        return _first_line()
    _need_somebody(session)
    return as_typed(typer.prompt("Passphrase of the backup", hide_input=True, err=True))


def _checked(passphrase: Secret, check: Callable[[Secret], None]) -> Secret:
    check(passphrase)
    return passphrase


def _first_line() -> Secret:
    return as_typed(sys.stdin.readline())


def _need_somebody(session: Session) -> None:
    if not session.can_ask():
        raise NoTerminal("The passphrase has to be entered.", remedy="Run it in a terminal, or hand it over with --secret-stdin.")
