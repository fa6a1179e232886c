"""Forked processes are like those that were started from scratch, as far as a test can tell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.forked import CAN_FORK, ForkedProcess, may_be_forked

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this system's processes are all started from scratch")

PROGRAMS = {
    "says": "print('é', '€'); import sys; print('ü', file=sys.stderr)",
    "reads": "import sys; print(sys.stdin.read().upper())",
    "reads nothing": "print(1)",
    "a line": "print(input())",
    "exits": "import sys; sys.exit(3)",
    "exits with words": "import sys; sys.exit('no, and €')",
    "exits with nothing": "raise SystemExit",
    "fails": "def f(): raise ValueError('ouch')\nf()",
    "arguments": "import sys; print(sys.argv)",
    "environment": "import os; print(sorted(name for name in os.environ if name.startswith('T_')), os.environ['T_ONE'])",
    "folder": "import os, sys; print(os.getcwd() == os.environ['T_FOLDER'], sys.path[0])",
    "killed": "import os, signal; print('gone', flush=True); os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "at the end": "import atexit; atexit.register(print, 'bye')",
    "threads": "import threading; threading.Timer(0.1, print, ['late']).start()",
    "no terminal": "import sys; print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors)",
    "much": "print('x' * 300_000)",
    "executes": "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'print(7)'])",
    "main": "print(__name__)",
    "signals": "import signal; print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGPIPE))",
    "codalink": "import sys; sys.argv = ['codalink', '--version']; from codalink.cli.app import main; main()",
}
STDIN = "one line, é\nand another\n"


def environment(folder: Path) -> dict[str, str]:
    checkout = str(Path(__file__).parents[2])
    return {**os.environ, "T_ONE": "1", "T_FOLDER": str(folder), "PYTHONPATH": checkout, "PYTHONUTF8": "1"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_fork_does_what_a_process_from_scratch_does(tmp_path: Path, program: str) -> None:
    arguments = ["-c", PROGRAMS[program], "with", "ärguments"]
    command = [sys.executable, *arguments]
    started = subprocess.run(
        command, env=environment(tmp_path), cwd=tmp_path, input=STDIN, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    forked = ForkedProcess(arguments, environment(tmp_path), tmp_path)
    stdout, stderr = forked.communicate(STDIN, 60)

    assert (stdout, forked.returncode) == (started.stdout, started.returncode)
    assert stderr.splitlines()[-1:] == started.stderr.splitlines()[-1:]


def test_one_that_does_not_end_can_be_killed(tmp_path: Path) -> None:
    forked = ForkedProcess(["-c", "import time; time.sleep(60)"], environment(tmp_path), tmp_path)
    with pytest.raises(subprocess.TimeoutExpired):
        forked.communicate("", 0.2)
    forked.kill()


@pytest.mark.parametrize(
    ("program", "more", "may"),
    [
        (("-m", "codalink"), {}, True),
        (("-X", "importtime", "-m", "codalink"), {}, False),
        (("-m", "codalink"), {"PYTHONIOENCODING": "ascii"}, False),
        (("-m", "codalink"), {"PYTHONPATH": "elsewhere"}, False),
        (("-m", "codalink"), {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}, True),
    ],
)
def test_what_is_about_the_start_is_started_from_scratch(tmp_path: Path, program: tuple[str, ...], more: dict[str, str], may: bool) -> None:
    assert may_be_forked(program, environment(tmp_path) | more) is may
