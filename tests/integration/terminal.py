"""A real terminal for codalink (a pty, so POSIX only), and offices that are ready without having run `codalink setup`."""

import json
import os
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from codalink.sandbox import Sandbox, World
from codalink.sandbox.calls import Call
from tests import conftest
from tests.integration.office import CODALINK, CommandLine, Done, Processes, make_command_line

needs_terminal = pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals here")


class Hidden(str):
    """An answer that is typed only once the terminal has stopped echoing, as a person would who sees the question first."""

    __slots__ = ()


Answer = tuple[str, str]
"""A part of the question to wait for, and what is typed then (Enter is added)."""

_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
"""Titles and links (OSC), colours and cursor (CSI), and the short ones."""
_MOVES = re.compile(r"\r|\n|\x1b\[[0-9;]*[A-HJKf]")

# The new session has no terminal yet: the first one it opens becomes its own, so that passwords are asked for on /dev/tty.
_OWN_TERMINAL = 'tty=$1; shift; exec <"$tty"; exec "$@"'


@dataclass(frozen=True)
class Shown:
    """What a terminal showed until the process ended; `raw` has all escape sequences."""

    exit_code: int
    raw: str

    @property
    def text(self) -> str:
        """What can be read, without escape sequences."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    @property
    def widest_line(self) -> str:
        """The line with the most columns, wherever the cursor was moved to write it."""
        pieces = [_ESCAPES.sub("", piece) for piece in _MOVES.split(self.raw)]
        return max((piece.rstrip() for piece in pieces), key=cell_len)


def run_in_terminal(
    office: CommandLine, *arguments: str, columns: int = 80, answers: Sequence[Answer] = (), timeout_s: float = 60
) -> Shown:
    """Run codalink in a terminal of its own, answering its questions in their order."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    command = ["sh", "-c", _OWN_TERMINAL, "sh", os.ttyname(theirs), sys.executable, *CODALINK, *arguments]
    environment = {**office.environment, "TERM": "xterm-256color"}
    process = subprocess.Popen(
        command, env=environment, cwd=office.folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    with process:
        try:
            raw = _converse(ours, list(answers), time.monotonic() + timeout_s)
            return Shown(process.wait(timeout_s), raw)
        finally:
            process.kill()
            os.close(ours)


def _converse(terminal: int, answers: list[Answer], end: float) -> str:
    """Everything the terminal shows until the process leaves it. Each question is looked for in what came since the last answer."""
    shown, asked_from = b"", 0
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.02)[0]:
            try:
                more = os.read(terminal, 65536)
            except OSError:  # how Linux says that nobody is left at the other end
                break
            if not more:
                break
            shown += more
        if answers and answers[0][0].encode() in shown[asked_from:] and _is_ready_for(answers[0][1], terminal):
            asked_from = len(shown)
            os.write(terminal, f"{answers.pop(0)[1]}\n".encode())
    else:
        pytest.fail(f"the terminal still waits for {[question for question, _ in answers]}:\n{shown.decode(errors='replace')}")
    assert not answers, f"never asked for {[question for question, _ in answers]}:\n{shown.decode(errors='replace')}"
    return shown.decode()


def _is_ready_for(answer: str, terminal: int) -> bool:
    import termios

    return not isinstance(answer, Hidden) or not termios.tcgetattr(terminal)[3] & termios.ECHO


# --- offices ready to work with ----------------------------------------------------------------------------------------------------------


@contextmanager
def ready_office(
    world: World, folder: Path, *, consent_after_s: float | None = 0.0, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> Iterator[CommandLine]:
    """As `running_office`, but configuration and keyring are written here as setup leaves them, which saves half a second.

    test_setup.py proves that setup leaves just this. May be used by fixtures that outlive a test.
    """
    with Sandbox(world, consent_after_s=consent_after_s) as sandbox:
        office = clean_command_line(sandbox, folder)
        rows = [f"{sandbox.url_of(database.name)},{database.name}" for database in world.databases()]
        listed = folder / "databases.csv"
        listed.write_text("\n".join(["url,database", *rows, ""]), encoding="utf-8")
        office.config.write_text(configuration(world, f'file = "{listed.name}"', include, exclude), encoding="utf-8")
        sandbox.keyring.items.update(login_secrets(sandbox))
        yield office


def clean_command_line(sandbox: Sandbox, folder: Path) -> CommandLine:
    """A command line without the user in it, also where conftest.py has not cleaned this process: in fixtures of a whole module.

    No browser is opened, whatever this computer has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    office = make_command_line(sandbox, folder)
    clean(office)
    return office


def clean(office: Processes) -> None:
    """Take the user out of an environment, and browsers too."""
    kept = {"CODALINK_CONFIG", "CODALINK_STATE", "CODALINK_DEMO_KEYRING", "PYTHON_KEYRING_BACKEND", "NO_PROXY"}
    for name in [name for name in office.environment if name not in kept and (conftest.PERSONAL.fullmatch(name) or name == "BROWSER")]:
        del office.environment[name]
    home = office.folder / "home"
    home.mkdir(exist_ok=True)
    office.environment |= dict.fromkeys(conftest.FOLDERS, str(home))
    office.environment["CODALINK_NO_BROWSER"] = "1"


def configuration(world: World, source: str, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> str:
    """The text of a configuration with one source, given as its line of TOML."""
    return (
        f"[office]\nname = {json.dumps(world.office_name)}\nvat = {json.dumps(world.office_vat)}\n"
        f"[selection]\ninclude = {json.dumps(list(include))}\nexclude = {json.dumps(list(exclude))}\n"
        f"[[source]]\n{source}\nlogin = {json.dumps(world.login)}\n"
    )


def login_secrets(sandbox: Sandbox) -> dict[tuple[str, str], str]:
    """The keyring's items for the accountant's password on every server."""
    world = sandbox.world
    return {("codalink Odoo login", f"{world.login} @ {server.url}"): world.password for server in sandbox.servers.values()}


def keyring_with_api_key(office: CommandLine) -> None:
    """Put the accountant's API key in the keyring, in the place of the password, for every server."""
    sandbox = office.sandbox
    sandbox.keyring.items.update(dict.fromkeys(login_secrets(sandbox), sandbox.world.api_key))


def hasty(patience_s: float) -> tuple[str, str]:
    """A program to run: codalink with so much patience for everything, and as little for what it gave up."""
    return (
        "-c",
        f"""
from codalink.odoo.gateway import Patience
from codalink.office import leftovers
for patience in Patience:
    patience._value_ = {patience_s}
leftovers.SETTLING_S = {patience_s}
from codalink.cli.app import main
main()
""",
    )


def with_patience(**limits_s: float) -> tuple[str, str]:
    """A program to run: codalink with other limits for some kinds of calls, by the names in `Patience`."""
    return (
        "-c",
        f"""
from codalink.odoo.gateway import Patience
for name, limit_s in {limits_s}.items():
    Patience[name]._value_ = limit_s
from codalink.cli.app import main
main()
""",
    )


BOUND_BY_RIGHTS = (
    "-c",
    """
import os, sys
if sys.platform == "linux":
    import ctypes
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: without them even root is bound by the rights of files
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP, which counts from the next program on
os.execv(sys.executable, [sys.executable, "-m", "codalink", *sys.argv[1:]])
""",
)
"""Runs codalink as somebody whom a read-only folder stops, whoever runs the tests."""


# --- reading what came out ---------------------------------------------------------------------------------------------------------------


Row = dict[str, Any]


def envelope(done: Done) -> dict[str, Any]:
    """The JSON document on standard output."""
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def rows_by(done: Done, key: str) -> dict[str, Row]:
    """The document's rows by one of their fields; those of databases that were not reached by the database's name."""
    return {row[key] or row["database"]: row for row in envelope(done)["rows"]}


def unwrapped(text: str) -> str:
    """A text that a table may have broken into lines, in one line."""
    return " ".join(text.split())


# --- what a run did to Odoo --------------------------------------------------------------------------------------------------------------


READING = frozenset({"login", "list", "version", "search_read", "read", "fields_get"})
"""Methods that change nothing, not even a passing record."""
PROXY_BUTTONS = frozenset(
    {
        "l10n_be_codabox_open_connection_wizard",
        "l10n_be_codabox_refresh_connection_status",
        "l10n_be_codabox_create_connection",
        "refresh_connection_status",
    }
)
"""Methods for which Odoo asks its proxy."""


def changing(sandbox: Sandbox) -> list[Call]:
    """The calls so far that changed something, if only a passing record."""
    return [call for call in sandbox.calls if call.method not in READING]


def connections_made(sandbox: Sandbox) -> list[str]:
    """The databases in which a connection was made or tried, a name a call."""
    return [call.database for call in sandbox.calls.of("l10n_be_codabox_create_connection")]


LOOKS = frozenset(
    {
        ("res.company", "read"),
        ("res.company", "search_read"),
        ("res.config.settings", "l10n_be_codabox_refresh_connection_status"),
        ("l10n_be_codabox.connection.wizard", "refresh_connection_status"),
        ("l10n_be_codabox.validation.wizard", "search_read"),
    }
)
"""What tells whether a company is connected, or whether the office's first connection was made."""


LOOKS_FOR_WIZARDS = frozenset({("l10n_be_codabox.connection.wizard", "search_read")})
"""What tells whether a connection wizard was made."""


def repeated_blindly(sandbox: Sandbox, *, sent: bool = False) -> list[str]:
    """The databases in which a connection was made although one had been made before, and nobody had looked what had become of it.

    Counted are calls that Odoo carried out; with `sent` those that never came as far as Odoo too. For databases with one company.
    """
    calls = [(call, call.method == "l10n_be_codabox_create_connection") for call in sandbox.calls if sent or call.has_run]
    return _again_without_look(calls, LOOKS)


def wizards_made_blindly(sandbox: Sandbox) -> list[str]:
    """The same for connection wizards with the office password in them."""
    calls = [(call, call.method == "create" and "fidu_password" in str(call.args or call.kwargs)) for call in sandbox.calls if call.has_run]
    return _again_without_look(calls, LOOKS_FOR_WIZARDS)


def _again_without_look(calls: Sequence[tuple[Call, bool]], looks: Collection[tuple[str, str]]) -> list[str]:
    """The databases in which one of the marked calls came again, without one of the `looks` in between that Odoo carried out."""
    found: list[str] = []
    unsure: set[str] = set()
    for call, is_meant in calls:
        if is_meant:
            found += [call.database] if call.database in unsure else []
            unsure.add(call.database)
        elif call.has_run and (call.model, call.method) in looks:
            unsure.discard(call.database)
    return found
