"""`codalink demo`: an office to try everything on, without touching anything of the user's."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from codalink.sandbox import Sandbox, small_office
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import clean_command_line, unwrapped

UNDER_A_MINUTE_S = 60


def a_user(folder: Path) -> CommandLine:
    """A user with a home folder, a temporary folder and nothing else: no configuration, no keyring."""
    office = clean_command_line(Sandbox(small_office(1)), folder)
    for name in ("CODALINK_CONFIG", "CODALINK_STATE", "CODALINK_DEMO_KEYRING", "CODALINK_NO_BROWSER", "NO_PROXY"):
        office.environment.pop(name, None)
    office.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    return office


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@dataclass
class Walk:
    user: CommandLine
    done: Done
    seconds: float


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    user = a_user(tmp_path_factory.mktemp("user"))
    begin = time.monotonic()
    done = user.run("demo")
    return Walk(user, done, time.monotonic() - begin)


class TestWalk:
    def test_ends_with_0(self, walk: Walk) -> None:
        assert walk.done.exit_code == 0, walk.done

    def test_takes_less_than_a_minute(self, walk: Walk) -> None:
        assert walk.seconds < UNDER_A_MINUTE_S

    def test_ends_with_the_status_table_on_standard_output(self, walk: Walk) -> None:
        last_table = walk.done.stdout[walk.done.stdout.rindex("Accounts, last statement") :]
        assert "Bakkerij Kruimel BV" in last_table
        assert "connected" in last_table

    def test_connects_every_company_that_can_be(self, walk: Walk) -> None:
        assert "30 connected, 2 failed, 13 skipped, 2 not reached." in walk.done.stderr

    def test_every_other_one_says_why(self, walk: Walk) -> None:
        last_table = unwrapped(walk.done.stdout[walk.done.stdout.rindex("Accounts, last statement") :])
        words = ("No Accounting Firm is set", "not a valid", "not Belgian", "is not installed", "another office")
        assert [one for one in words if not all(word in last_table for word in one.split())] == []

    def test_shows_the_commands_that_it_runs(self, walk: Walk) -> None:
        shown = [line for line in walk.done.stderr.splitlines() if line.startswith("$ codalink ")]
        assert [line.split()[2] for line in shown] == ["setup", "databases", "connect-all", "retrieve", "status"]

    def test_touches_nothing_in_the_home_folder(self, walk: Walk) -> None:
        assert files_in(walk.user.folder / "home") == []

    def test_leaves_no_file_behind(self, walk: Walk) -> None:
        assert files_in(walk.user.folder) == []

    def test_shows_no_secret(self, walk: Walk) -> None:
        assert not re.search(r"--secret-stdin \S*[A-Za-z0-9]{16}", walk.done.stderr)
        assert "Traceback" not in walk.done.stderr


@dataclass
class Served:
    """An office that was served to another terminal, then interrupted."""

    user: CommandLine
    exports: dict[str, str]
    other: Done
    mandates: Done
    exit_code: int
    stderr: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    if os.name != "posix":
        pytest.skip("shells and signals are POSIX's")
    user = a_user(tmp_path_factory.mktemp("user"))
    process = user.start("demo", "--serve", stdin=subprocess.DEVNULL)
    with process:
        try:
            assert process.stdout is not None
            exports = {}
            while "NO_PROXY" not in exports and (line := process.stdout.readline()):
                word, _, setting = line.partition(" ")
                assert word == "export", line
                name, _, value = setting.strip().partition("=")
                exports[name] = shlex.split(value)[0]
            export = Path(exports["CODALINK_CONFIG"]).parent / "mandates.csv"
            other = _in_another_terminal(user, exports, "databases")
            mandates = _in_another_terminal(user, exports, "status", "json", "--mandates", str(export), "--company", "Kruimel")
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=20)
        finally:
            process.kill()
    return Served(user, exports, other, mandates, process.returncode, stderr)


def _in_another_terminal(user: CommandLine, exports: dict[str, str], *command: str) -> Done:
    ran = subprocess.run(
        [sys.executable, "-m", "codalink", *command],
        env=user.environment | exports,
        cwd=user.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(command, ran.returncode, ran.stdout, ran.stderr)


class TestServe:
    def test_prints_exports_with_which_another_process_works(self, served: Served) -> None:
        assert served.other.exit_code == 1, served.other  # the demo's office has its troubles
        assert "Bakkerij Kruimel BV" in served.other.stdout

    def test_says_where_mycodabox_s_export_lies(self, served: Served) -> None:
        export = Path(served.exports["CODALINK_CONFIG"]).parent / "mandates.csv"
        assert f"codalink status --mandates {export}" in served.stderr

    def test_export_is_one_that_status_reads(self, served: Served) -> None:
        account = json.loads(served.mandates.stdout)["rows"][0]["accounts"][0]
        assert account["mandate"] == "active", served.mandates

    def test_brings_a_keyring_of_its_own(self, served: Served) -> None:
        assert served.exports["PYTHON_KEYRING_BACKEND"] == "codalink.sandbox.keyring.DemoKeyring"

    def test_ends_on_interrupt_without_a_traceback(self, served: Served) -> None:
        assert (served.exit_code, "Traceback" in served.stderr) == (130, False), served.stderr

    def test_leaves_no_file_behind(self, served: Served) -> None:
        assert files_in(served.user.folder) == []
        assert not Path(served.exports["CODALINK_CONFIG"]).parent.exists()

    def test_leaves_no_server_behind(self, served: Served) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with pytest.raises(urllib.error.URLError, match="refused"):
            opener.open(served.exports["CODALINK_DEMO_KEYRING"], timeout=5)
