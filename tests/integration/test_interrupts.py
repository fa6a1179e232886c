"""Ctrl-C, two runs at once, and a consent that comes late: what is done is told, and the next run goes on from there."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, World, small_office
from codalink.sandbox.calls import Call
from tests.integration.office import CommandLine, connected_companies, readable_passwords, running_office
from tests.integration.terminal import ready_office

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that reaches one other process alone")

CONNECT_ALL = ("connect-all", "json", "--yes", "--no-browser")
CREATE = "l10n_be_codabox_create_connection"
CONSENT_PAGE = "/mycodabox/consent/"
MENU = "Administration > CodaBox Connect"
AT_ONCE_S = 10.0
"""Generous for a slow machine, and far from every time limit in the tests."""
SOON_S = 5.0
"""It takes about one."""
MORE_THAN_AN_HOUR_S = 4000.0


@contextmanager
def waiting_for_consent(office: CommandLine) -> "Iterator[subprocess.Popen[str]]":
    """A run that has told the user to give the consent, and waits."""
    with office.start(*CONNECT_ALL) as process:
        try:
            assert process.stderr is not None
            said = []
            for line in process.stderr:
                said.append(line)
                if "waits up to" in line:
                    break
            else:
                pytest.fail("".join(said))
            yield process
        finally:
            process.kill()


def results(stdout: str) -> dict[str, str]:
    """What the JSON says became of each company, by its name."""
    return {row["company"]: row["result"] for row in json.loads(stdout)["rows"]}


def connected_names(world: World) -> set[str]:
    """The names of the companies that Odoo counts as connected; small_office has one in each database."""
    return {path.partition("/")[0].replace("klant-", "Klant ") for path, is_connected in connected_companies(world).items() if is_connected}


def assert_completed_by_the_next_run(office: CommandLine) -> None:
    done = office.run(*CONNECT_ALL)
    assert done.exit_code == 0, done
    assert all(connected_companies(office.sandbox.world).values())
    assert office.office.first_connections == 1
    assert not readable_passwords(office.sandbox.world, "validation")


def interrupt_at(office: CommandLine, process: "subprocess.Popen[str]", method: str, nth: int) -> threading.Event:
    """Send Ctrl-C while Odoo works on the n-th call of `method`; the event is set once it was sent."""
    sent, lock, seen = threading.Event(), threading.Lock(), Counter[str]()

    def before(call: Call) -> None:
        with lock:
            seen[call.method] += 1
            is_now = call.method == method and seen[method] == nth
        if is_now:
            process.send_signal(signal.SIGINT)
            sent.set()

    office.sandbox.before_call = before
    return sent


def test_interrupted_run_finishes_what_is_in_flight_and_tells_what_was_not_tried(tmp_path: Path) -> None:
    with running_office(small_office(databases=12), tmp_path, latency_s=0.15) as office:
        with office.start(*CONNECT_ALL, "--jobs", "2") as process:
            sent = interrupt_at(office, process, CREATE, nth=5)
            stdout, stderr = process.communicate(timeout=60)

        assert sent.is_set()
        assert process.returncode == 130, stderr
        told = results(stdout)
        assert Counter(told.values()).keys() == {"connected", "not tried"}
        assert {name for name, result in told.items() if result == "connected"} == connected_names(office.sandbox.world)
        assert len(told) == 12
        assert 5 <= len(connected_names(office.sandbox.world)) <= 8  # the one in flight and its neighbour; the signal takes its time
        assert len(office.sandbox.proxy.connected_companies(office.office.vat)) == len(connected_names(office.sandbox.world))
        assert "finished first" in stderr
        office.sandbox.before_call = None
        office.sandbox.latency_s = 0.0
        assert_completed_by_the_next_run(office)


def test_interrupted_while_it_looks_around_it_begins_nothing(tmp_path: Path) -> None:
    with running_office(small_office(databases=12), tmp_path, latency_s=0.15) as office:
        with office.start(*CONNECT_ALL, "--jobs", "2") as process:
            sent = interrupt_at(office, process, "search_read", nth=2)
            _, stderr = process.communicate(timeout=60)

        assert sent.is_set()
        assert process.returncode == 130, stderr
        assert len({call.database for call in office.sandbox.calls.of("search_read")}) < 12
        assert office.office.first_connections == 0


def test_interrupted_first_connection_still_brings_the_password_home(tmp_path: Path) -> None:
    with running_office(small_office(), tmp_path, latency_s=0.1) as office:
        with office.start(*CONNECT_ALL) as process:
            sent = interrupt_at(office, process, CREATE, nth=1)
            stdout, stderr = process.communicate(timeout=60)

        assert sent.is_set()
        assert process.returncode == 130, stdout + stderr
        assert office.office.password in office.sandbox.keyring.items.values()
        assert not readable_passwords(office.sandbox.world)
        office.sandbox.before_call = None
        assert_completed_by_the_next_run(office)


READING_COMMANDS = [("databases", "json"), ("status", "json"), ("connect-all", "json", "--yes"), ("retrieve", "json", "--all")]


def seconds_to_end(office: CommandLine, command: tuple[str, ...], method: str) -> float:
    """How long a command takes to end after Ctrl-C, pressed while Odoo works on the first call of `method`, or soon after."""
    with office.start(*command) as process:
        sent = interrupt_at(office, process, method, nth=1)
        assert sent.wait(60)
        pressed = time.monotonic()
        try:
            _, stderr = process.communicate(timeout=60)
        finally:
            process.kill()
    office.sandbox.before_call = None
    assert process.returncode == 130, stderr
    return time.monotonic() - pressed


@pytest.mark.parametrize("command", READING_COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY_REQUESTS, FaultKind.SERVICE_UNAVAILABLE])
def test_interrupt_ends_a_pause_that_the_server_asked_for(tmp_path: Path, command: tuple[str, ...], kind: FaultKind) -> None:
    with ready_office(small_office(databases=12), tmp_path) as office:
        office.sandbox.faults.add(kind, method="search_read", seconds=60)

        assert seconds_to_end(office, command, "search_read") < SOON_S


@pytest.mark.parametrize("command", READING_COMMANDS, ids=lambda command: command[0])
def test_interrupt_does_not_wait_for_a_database_that_hangs_while_it_is_only_read(tmp_path: Path, command: tuple[str, ...]) -> None:
    with ready_office(small_office(databases=3), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.STALL, method="search_read", seconds=60)

        assert seconds_to_end(office, command, "search_read") < SOON_S


def test_interrupt_does_not_wait_for_a_server_that_hangs_over_the_list_of_its_databases(tmp_path: Path) -> None:
    with running_office(small_office(databases=3), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.STALL, method="list", seconds=60)

        assert seconds_to_end(office, ("databases", "json"), "list") < SOON_S


@pytest.mark.parametrize("nth", [1, 3], ids=["first connection", "further one"])
def test_interrupt_ends_a_pause_before_a_connection_is_tried_again(tmp_path: Path, nth: int) -> None:
    with ready_office(small_office(databases=6), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.TOO_MANY_REQUESTS, method=CREATE, nth=nth, seconds=60)

        assert seconds_to_end(office, CONNECT_ALL, CREATE) < SOON_S
        office.sandbox.faults.clear()
        assert_completed_by_the_next_run(office)


def test_second_interrupt_leaves_at_once(tmp_path: Path) -> None:
    with running_office(small_office(databases=6), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.STALL, method=CREATE, nth=3, seconds=60)

        with office.start(*CONNECT_ALL) as process:
            assert interrupt_at(office, process, CREATE, nth=3).wait(60)
            assert process.stderr is not None
            assert any("finished first" in line for line in process.stderr)
            second = time.monotonic()
            process.send_signal(signal.SIGINT)
            try:
                process.wait(AT_ONCE_S)
            except subprocess.TimeoutExpired:
                pytest.fail(f"It still ran {AT_ONCE_S} s after the second Ctrl-C.")
            finally:
                process.kill()

        assert process.returncode == 130
        assert time.monotonic() - second < AT_ONCE_S
        office.sandbox.faults.clear()
        office.sandbox.before_call = None
        assert_completed_by_the_next_run(office)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_waiting_for_the_consent_it_resumes_later(tmp_path: Path, number: signal.Signals) -> None:
    with running_office(small_office(), tmp_path, consent_after_s=None) as office:
        with waiting_for_consent(office) as process:
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=AT_ONCE_S)

        assert process.returncode == 130, stderr
        assert "connected" not in results(stdout).values()
        assert office.office.password in office.sandbox.keyring.items.values()
        office.sandbox.proxy.give_consent(office.office.vat)
        assert_completed_by_the_next_run(office)


def test_second_run_for_the_same_office_says_that_it_is_busy(tmp_path: Path) -> None:
    with running_office(small_office(), tmp_path, consent_after_s=None) as office:
        with waiting_for_consent(office) as process:
            calls = len(office.sandbox.calls.of(CREATE))
            second = office.run(*CONNECT_ALL)

            assert second.exit_code == 2, second
            assert "Another codalink run" in second.stderr
            assert [error["code"] for error in json.loads(second.stdout)["errors"]] == ["office-busy"]
            assert len(office.sandbox.calls.of(CREATE)) == calls

            office.sandbox.proxy.give_consent(office.office.vat)
            stdout, stderr = process.communicate(timeout=60)

        assert process.returncode == 0, stderr
        assert set(results(stdout).values()) == {"connected"}


def test_consent_that_comes_late_is_taken_up_by_the_same_command(tmp_path: Path) -> None:
    with running_office(small_office(), tmp_path, consent_after_s=None) as office:
        late = office.run(*CONNECT_ALL, "--consent-timeout", "0")
        assert late.exit_code == 3, late
        assert CONSENT_PAGE in late.stderr
        assert set(results(late.stdout).values()) == {"waiting for consent"}

        office.sandbox.proxy.give_consent(office.office.vat)
        assert_completed_by_the_next_run(office)


def test_waiting_again_shows_the_same_page_as_long_as_odoo_knows_it(tmp_path: Path) -> None:
    with running_office(small_office(), tmp_path, consent_after_s=None) as office:
        runs = [office.run(*CONNECT_ALL, "--consent-timeout", "0") for _ in range(2)]

        assert [run.exit_code for run in runs] == [3, 3]
        assert all(office.sandbox.proxy.consent_url(office.office) in run.stderr for run in runs)


def test_without_the_wizard_the_way_through_mycodaboxs_menu_is_told(tmp_path: Path) -> None:
    with running_office(small_office(), tmp_path, consent_after_s=None) as office:
        assert office.run(*CONNECT_ALL, "--consent-timeout", "0").exit_code == 3
        office.sandbox.world.clock = lambda: time.time() + MORE_THAN_AN_HOUR_S

        done = office.run(*CONNECT_ALL, "--consent-timeout", "0")

        assert done.exit_code == 3, done
        assert CONSENT_PAGE not in done.stdout + done.stderr
        assert f"MyCodaBox > {MENU}\n" in done.stderr
        office.sandbox.proxy.give_consent(office.office.vat)
        assert_completed_by_the_next_run(office)
