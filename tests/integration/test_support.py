"""`codalink support`: one file for a bug report, whatever is broken, and nobody's name in it."""

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from codalink.sandbox import FaultKind, demo_office, small_office
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import ready_office, run_in_terminal
from tests.leaks import files_in, leaks

CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
FILES = ["README.txt", "versions.txt", "configuration.txt", "state.txt", "runs.csv", "log.csv"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(small_office(databases=3), tmp_path) as office:
        yield office


def pack_of(done: Done, folder: Path) -> dict[str, str]:
    """The files of the pack that a run has written into the folder in which it ran."""
    assert done.exit_code == 0, done
    with ZipFile(folder / done.stdout.strip()) as packed:
        return {name.removeprefix("codalink-support/"): packed.read(name).decode() for name in packed.namelist()}


def packed(office: CommandLine, *program: str) -> dict[str, str]:
    done = office.run("support", program=program) if program else office.run("support")
    return pack_of(done, office.folder)


# --- what is in it ---------------------------------------------------------------------------------------------------------------------


def test_pack_is_written_into_the_current_folder_and_named_on_standard_output(office: CommandLine) -> None:
    done = office.run("support")

    assert re.fullmatch(r"codalink-support-\d{8}-\d{6}\.zip\n", done.stdout), done
    assert list(pack_of(done, office.folder)) == FILES


def test_user_is_shown_what_is_in_it_and_told_to_look(office: CommandLine) -> None:
    done = office.run("support")
    pack = pack_of(done, office.folder)

    for name, text in pack.items():
        assert re.search(rf"{re.escape(name)} +{len(text.encode())} ", done.stderr), done
    assert "look into the file before you send it" in done.stderr


def test_runs_and_changes_are_in_it_and_can_be_related(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-002", method="l10n_be_codabox_create_connection", text="No, Kruimel.")
    office.run(*CONNECT_ALL)
    pack = packed(office)

    assert "run-1" in pack["runs.csv"]
    assert "connect-all" in pack["runs.csv"]
    assert pack["log.csv"].count("run-1") == len(pack["log.csv"].splitlines()) - 1
    assert "odoo-refused" in pack["log.csv"]
    assert "Kruimel" not in pack["log.csv"]


def test_counts_are_of_what_was_seen_last(office: CommandLine) -> None:
    office.run(*CONNECT_ALL)
    state = packed(office)["state.txt"]

    assert "databases seen last time: 3\n" in state
    assert "companies that codalink connected, as the trail has it: 3\n" in state


def test_names_of_variables_are_told_and_their_values_are_not(office: CommandLine) -> None:
    office.environment |= {"HTTPS_PROXY": "http://jan:geheim@proxy.kruimel.be", "CODALINK_JOBS": "7", "KRUIMEL_SECRET": "x"}
    versions = packed(office)["versions.txt"]

    assert "  CODALINK_JOBS\n" in versions
    assert "  HTTPS_PROXY\n" in versions
    assert "kruimel" not in versions.casefold()


@pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals here")
def test_terminal_is_told(office: CommandLine) -> None:
    run_in_terminal(office, "support", "--output", "pack.zip", columns=93)
    with ZipFile(office.folder / "pack.zip") as packed:
        versions = packed.read("codalink-support/versions.txt").decode()

    assert "standard output: terminal, 93 columns, utf-8, colours: 256" in versions


# --- what isn't ------------------------------------------------------------------------------------------------------------------------


def test_pack_of_the_demo_office_names_nobody(tmp_path: Path) -> None:
    world = demo_office()
    with ready_office(world, tmp_path, exclude=("geheim*",)) as office:
        office.run(*CONNECT_ALL, "--consent-timeout", "5")
        pack = packed(office)
        seen = json.loads((office.state / "seen.json").read_text(encoding="utf-8"))
        servers = [server.url for server in office.sandbox.servers.values()]
    names = {*seen["databases"], *(text for company in seen["companies"] for text in company if text), *servers}
    names |= {world.office_name, world.office_vat, world.login, "geheim", str(Path.home()), str(tmp_path)}

    assert len(names) > 100
    assert not leaks({name: text.encode() for name, text in pack.items()}, dict(zip(names, names, strict=True)))


def test_nothing_is_sent_and_the_keyring_is_not_read(office: CommandLine) -> None:
    calls, office.environment["CODALINK_DEMO_KEYRING"] = len(office.sandbox.calls), "http://127.0.0.1:9/keyring/gone"
    pack = packed(office)

    assert len(office.sandbox.calls) == calls
    assert "keyring: codalink.sandbox.keyring.DemoKeyring\n" in pack["versions.txt"]


HANGING = (
    "-c",
    """
import threading
import keyring
keyring.get_keyring = lambda: threading.Event().wait()
from codalink.cli import support_machine
support_machine.KEYRING_PATIENCE_S = 0.2
from codalink.cli.app import main
main()
""",
)


def test_keyring_that_hangs_is_told_and_not_waited_for(office: CommandLine) -> None:
    assert "keyring: not usable: keyring-silent\n" in packed(office, *HANGING)["versions.txt"]


def test_keyring_that_is_missing_is_told(office: CommandLine) -> None:
    office.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

    assert "keyring: not usable: keyring-missing\n" in packed(office)["versions.txt"]


CARELESS = (
    "-c",
    """
from codalink.render import support
careful = support.files
calls = []
def files(pack):
    calls.append(pack)
    return careful(pack) | ({"state.txt": "The database klant-002 is odd.\\n"} if len(calls) == 1 else {})
support.files = files
from codalink.cli.app import main
main()
""",
)


def test_pack_with_a_name_in_it_is_not_written(office: CommandLine) -> None:
    """A renderer that forgot itself is stopped by the check of the finished pack."""
    office.run("databases")
    done = office.run("support", "--output", "pack.zip", program=CARELESS)

    assert done.exit_code == 2, done
    assert "line 1 of its state.txt could tell who somebody is" in done.stderr
    assert "klant-002" not in done.stderr
    assert not (office.folder / "pack.zip").exists()


# --- when something is broken ------------------------------------------------------------------------------------------------------------


def without_configuration(office: CommandLine) -> None:
    office.config.unlink()


def with_broken_configuration(office: CommandLine) -> None:
    office.config.write_text("[office]\nname = Kantoor Kruimel\n", encoding="utf-8")


def without_list_of_databases(office: CommandLine) -> None:
    (office.folder / "databases.csv").unlink()


def with_damaged_trail(office: CommandLine) -> None:
    office.state.mkdir(exist_ok=True)
    (office.state / "journal.sqlite").write_bytes(b"Kantoor Kruimel" * 400)


def with_seen_nonsense(office: CommandLine) -> None:
    office.state.mkdir(exist_ok=True)
    (office.state / "seen.json").write_text('{"companies": [["x", {"y": "Kantoor Kruimel"}], 7], "places": "Kruimel"}', encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without_configuration, "not read: configuration: configuration-missing"),
        (with_broken_configuration, "not read: configuration: configuration-invalid"),
        (without_list_of_databases, "not read: source 1: file-refused"),
        (with_damaged_trail, "not read: trail: file-refused"),
        (with_seen_nonsense, "Everything could be read"),
    ],
)
def test_pack_is_made_all_the_same_and_says_what_is_broken(spoil: Callable[[CommandLine], None], told: str, office: CommandLine) -> None:
    spoil(office)
    pack = packed(office)

    assert told in pack["state.txt"]
    assert "Kruimel" not in "".join(pack.values())


# --- the file ----------------------------------------------------------------------------------------------------------------------------


def test_file_that_is_there_is_not_overwritten(office: CommandLine) -> None:
    (office.folder / "pack.zip").write_text("mine", encoding="utf-8")
    done = office.run("support", "--output", "pack.zip")

    assert done.exit_code == 2, done
    assert "pack.zip is there already" in done.stderr
    assert (office.folder / "pack.zip").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_file_is_private(office: CommandLine) -> None:
    office.run("support", "--output", "pack.zip")

    assert stat.S_IMODE((office.folder / "pack.zip").stat().st_mode) == 0o600


def test_folder_that_is_missing_is_told(office: CommandLine) -> None:
    done = office.run("support", "--output", "nowhere/pack.zip")

    assert done.exit_code == 2, done
    assert "nowhere/pack.zip can't be written" in done.stderr.replace("\\", "/")


def test_quiet_run_says_only_where_it_is(office: CommandLine) -> None:
    done = office.run("support", "--quiet", "--output", "pack.zip")

    assert (done.stdout, done.stderr) == ("pack.zip\n", "")


def test_archive_is_unpacked_by_the_search_for_leaks(office: CommandLine) -> None:
    office.run("support", "--output", "pack.zip")

    assert any(where.endswith("pack.zip > codalink-support/README.txt") for where in files_in(office.folder))
