"""Good manners: help, version, completion, a quick start, and no traceback for anybody who didn't ask."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import codalink
from codalink.sandbox import demo_office, small_office
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import ready_office, unwrapped

COMMANDS = (
    ("setup",),
    ("databases",),
    ("check",),
    ("connect-all",),
    ("connect",),
    ("status",),
    ("retrieve",),
    ("revoke",),
    ("statements", "check"),
    ("letter",),
    ("log",),
    ("explain",),
    ("support",),
    ("demo",),
    ("password", "show"),
    ("password", "set"),
    ("password", "verify"),
    ("password", "rotate"),
    ("password", "recover"),
    ("password", "forget"),
    ("keys", "list"),
    ("keys", "set"),
    ("keys", "import"),
    ("keys", "rotate"),
    ("keys", "forget"),
)
UNFORESEEN = (
    "-c",
    """
import codalink.office.databases.discover
def fail(*arguments, **options):
    raise RuntimeError("the unforeseen, and the secret is top-secret-0815")
codalink.office.databases.discover.survey = fail
from codalink.secrets.masked import Secret
Secret("top-secret-0815")
from codalink.cli.app import main
main()
""",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with ready_office(small_office(3), tmp_path_factory.mktemp("manners")) as office:
        yield office


def test_version_is_the_package_s(office: CommandLine) -> None:
    assert office.run("--version").stdout == f"codalink {codalink.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_examples_and_exit_codes(office: CommandLine, command: tuple[str, ...]) -> None:
    done = office.run(*command, "--help")
    shown = unwrapped(done.stdout)

    assert done.exit_code == 0, done
    assert f"codalink {' '.join(command)}" in shown[shown.index("Examples") :], done
    assert "Exit codes: 0 done" in shown


def test_every_command_is_in_the_list_above(office: CommandLine) -> None:
    shown = office.run("--help").stdout
    listed = set(re.findall(r"^│ ([a-z-]+) +[A-Z]", shown[shown.index("Commands") :], re.MULTILINE))
    assert listed == {command[0] for command in COMMANDS}


def test_h_helps_too(office: CommandLine) -> None:
    assert office.run("status", "-h").stdout == office.run("status", "--help").stdout


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["connect-all", "--help"]], ids=" ".join)
def test_help_loads_neither_http_nor_odoo_nor_keyring(office: CommandLine, arguments: list[str]) -> None:
    done = office.run(*arguments, program=("-X", "importtime", "-m", "codalink"))
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}

    assert "typer" in loaded
    assert loaded & {"httpx", "odoorpc", "keyring", "jinja2", "babel"} == set()
    assert "hmac" not in loaded or arguments[0] == "connect-all"  # a command's help loads it, by way of Typer


# --- completion --------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """An office whose companies codalink has seen, and whose servers are gone since."""
    with ready_office(demo_office(), tmp_path_factory.mktemp("seen")) as office:
        office.run("databases", "--quiet")
    return office


def completed(office: CommandLine, line: str, shell: str = "bash") -> str:
    """What a shell is told when Tab is pressed at the end of the line. The program must bear its own name, as shells know it by that."""
    program = Path(sys.executable).with_name("codalink.exe" if os.name == "nt" else "codalink")
    asked = {
        "bash": {"_CODALINK_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))},
        "zsh": {"_CODALINK_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line},
    }
    done = subprocess.run([program], env=office.environment | asked[shell], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def test_completion_proposes_companies_seen_last_time(seen: CommandLine) -> None:
    assert len(completed(seen, "codalink status --company ").split()) >= 30


def test_completion_goes_on_from_a_number(seen: CommandLine) -> None:
    assert completed(seen, "codalink connect --company 0402").split() != []


def test_completion_goes_on_from_the_beginning_of_a_name(seen: CommandLine) -> None:
    assert completed(seen, "codalink connect --company bakk").split() != []


def test_completion_in_zsh_shows_names_beside(seen: CommandLine) -> None:
    assert "Bakkerij Kruimel BV" in completed(seen, "codalink retrieve --company ", "zsh")


def test_completion_knows_commands(seen: CommandLine) -> None:
    assert completed(seen, "codalink connect-").split() == ["connect-all"]


def test_completion_where_nothing_was_seen_is_silent(office: CommandLine, tmp_path: Path) -> None:
    office.environment |= {"CODALINK_STATE": str(tmp_path)}
    try:
        assert completed(office, "codalink status --company x").split() == []
    finally:
        office.environment |= {"CODALINK_STATE": str(office.state)}


# --- what nobody foresaw -----------------------------------------------------------------------------------------------------------------


def test_unforeseen_error_is_a_sentence(office: CommandLine) -> None:
    done = office.run("databases", program=UNFORESEEN)

    assert done.exit_code == 1, done
    assert "RuntimeError: the unforeseen" in done.stderr
    assert "What to do: " in done.stderr
    assert "Traceback" not in done.stderr


def test_unforeseen_error_has_its_traceback_for_debug_without_secrets(office: CommandLine) -> None:
    done = office.run("databases", "--debug", program=UNFORESEEN)

    assert "Traceback" in done.stderr
    assert "top-secret-0815" not in done.stderr


def test_unforeseen_error_shows_no_secret(office: CommandLine) -> None:
    assert "top-secret-0815" not in office.run("databases", program=UNFORESEEN).stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes break otherwise here")
@pytest.mark.parametrize("shown", ["table", "json", "csv"])
def test_reader_that_has_left_makes_no_noise(office: CommandLine, shown: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "codalink", "status", shown, "--quiet"]
    with subprocess.Popen(command, env=office.environment, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8") as process:
        os.close(writer)
        _, stderr = process.communicate(timeout=60)

    assert stderr == "", Done(tuple(command), process.returncode, "", stderr)
