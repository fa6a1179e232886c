"""codalink inside this very process: its own `main`, real HTTP, and little patience. A process for each run would cost half a second."""

import io
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from unittest import mock

import keyring
from keyring.backend import KeyringBackend

from codalink.cli.app import main
from codalink.odoo import body, wrappers
from codalink.odoo.gateway import Patience
from codalink.office import leftovers
from codalink.office.connecting import first
from codalink.office.password import rotate
from tests.integration.office import Done

KEYRING_TIMEOUT_S = 0.3
"""How long codalink waits for the keyring here."""
PATIENCE_S = 20.0
"""How long codalink waits for answers here, unless told: longer than a busy machine takes."""
ANSWER_LIMIT_BYTES = 400_000
"""From how many bytes on an answer is too large here; sending 64 MiB each time would take all the time there is."""


def run_inside(environment: Mapping[str, str], back_end: KeyringBackend, arguments: tuple[str, ...], stdin: str = "") -> Done:
    """Run one command to its end, in this thread, which is the main one. Nobody is there to answer but `stdin`."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with _as_a_process_of_its_own(environment, arguments, stdin), redirect_stdout(out), redirect_stderr(err):
        keyring.set_keyring(back_end)
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(("codalink", *arguments), code, out.getvalue(), err.getvalue())


@contextmanager
def _as_a_process_of_its_own(environment: Mapping[str, str], arguments: tuple[str, ...], stdin: str) -> Iterator[None]:
    """Environment, arguments and standard input of its own; signals and log as they were before when it is over."""
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers, logging.root.handlers = logging.root.handlers, []
    back_end = keyring.get_keyring()
    try:
        with (
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch.object(sys, "argv", ["codalink", *arguments]),
            mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        ):
            yield
    finally:
        keyring.set_keyring(back_end)
        logging.root.handlers = handlers
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def in_haste(patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Let codalink wait as long as this for answers, and for a moment only before it asks again.

    With a short patience, what was given up gets the same time once more until codalink looks what became of it.
    """
    with ExitStack() as patched:
        for patience in Patience:
            patched.enter_context(mock.patch.object(patience, "_value_", patience_s))
        patched.enter_context(mock.patch.object(leftovers, "SETTLING_S", patience_s if patience_s < PATIENCE_S else 0.0))
        patched.enter_context(mock.patch.object(wrappers, "_FIRST_PAUSE_S", 0.001))
        patched.enter_context(mock.patch.object(first, "_FIRST_PAUSE_S", 0.001))
        patched.enter_context(mock.patch.object(rotate, "_FIRST_PAUSE_S", 0.001))
        patched.enter_context(mock.patch.object(body, "LIMIT_BYTES", ANSWER_LIMIT_BYTES))
        yield
