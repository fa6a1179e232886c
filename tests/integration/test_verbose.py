"""`--verbose` explains a run step by step, `--debug` call by call; neither tells a secret, and no foreign name can do anything in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, small_office
from tests.integration.office import CommandLine
from tests.integration.terminal import ready_office

CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
CREATE = "l10n_be_codabox_create_connection"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(small_office(databases=3), tmp_path) as office:
        yield office


def log_of(office: CommandLine, *command: str) -> list[str]:
    """The lines of the log, without their times."""
    lines = office.run(*command).stderr.splitlines()
    return [found[1] for line in lines if (found := re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} (.*)", line))]


def has(log: list[str], pattern: str) -> bool:
    return any(re.search(pattern, line) for line in log)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^Configuration: .*codalink\.toml, as --config or CODALINK_CONFIG says; 1 places to look",
        r"^Keyring: codalink\.sandbox\.keyring\.DemoKeyring$",
        r"^Reading databases: 3 to do$",
        r"^The office Kantoor Demo: not registered$",
        r"^Plan for http://.*/klant-001/Klant 001: first connection$",
        r"^Plan for http://.*/klant-002/Klant 002: connect$",
        r"^http://.*/klant-002/Klant 002: connect: begun$",
        r"^http://.*/klant-002/Klant 002: connect: done in \d+\.\d s$",
        r"^this computer: store password|/Klant 001: store password: done",
    ],
)
def test_verbose_run_tells_its_steps(pattern: str, office: CommandLine) -> None:
    log = log_of(office, *CONNECT_ALL, "--verbose")

    assert has(log, pattern), log


def test_verbose_run_tells_no_call(office: CommandLine) -> None:
    assert not has(log_of(office, *CONNECT_ALL, "--verbose"), r"res\.company\.")


def test_debug_tells_every_call_with_database_protocol_and_time(office: CommandLine) -> None:
    log = log_of(office, "status", "--refresh", "--debug")
    calls = [call for call in office.sandbox.calls if call.model]

    told = [
        line
        for line in log
        if re.search(r"^klant-\d+ on http://\S+: \S+ over json-rpc in \d+\.\d{3} s: ", re.sub(r", companies \d+", "", line))
    ]
    assert len(told) == len(calls) > 3, log


def test_repetition_is_told_with_its_reason(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.SERVER_ERROR, database="klant-002", method="search_read", times=1)

    assert has(log_of(office, "databases", "--verbose"), r"^Asking again in \d+\.\d s \(try 2 of at most 6\), because: .+")


def test_refusal_is_told_with_its_reason(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-002", method=CREATE, text="No way, José.")

    assert has(log_of(office, *CONNECT_ALL, "--verbose"), r"/Klant 002: connect: refused in .* s: odoo-refused: .*No way, José\.")


def test_database_that_is_not_reached_is_told_with_its_reason(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-003", model="res.company", text="Out of order.")

    assert has(log_of(office, "databases", "--verbose"), r"^klant-003 on http://.*: not reached, because: .*Out of order")


@pytest.mark.parametrize("option", ["--verbose", "--debug"])
def test_hostile_text_is_one_harmless_line(option: str, office: CommandLine) -> None:
    hostile = "gone\n12:00:00.000 klant-009: connect: done\x1b[2J\x1b]0;title\x07\u202eevil\r"
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-002", method=CREATE, text=hostile)
    done = office.run(*CONNECT_ALL, option)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", done.stderr), done
    assert not re.search(r"(?m)^12:00:00", done.stderr), done


def test_hostile_text_in_a_traceback_is_harmless(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, model="res.company", text="\x1b[2Jgone\x07")
    done = office.run("retrieve", "--company", "Klant \x1b[2J", "--debug")

    assert "Traceback" in done.stderr, done
    assert "\x1b" not in done.stderr, done


def test_rotation_of_keys_tells_its_steps(tmp_path: Path) -> None:
    with ready_office(small_office(databases=1, versions=("19.0",)), tmp_path) as office:
        world, url = office.sandbox.world, office.sandbox.url_of("klant-001")
        key = world.database("klant-001").users[2].add_key()
        office.run("keys", "import", "-", stdin=f"url,database,login,key\n{url},klant-001,{world.login},{key}\n")
        log = log_of(office, "keys", "rotate", "--all", "--verbose")

    steps = [found[1] for line in log if (found := re.search(r"klant-001 on \S+: ([a-z ]+?)(?: \(.*\))?: done in ", line))]
    assert steps == ["make key", "store key", "revoke key"], log
