"""A fetch takes up to a quarter of an hour: it is waited for, it may be given up or interrupted, and the next run goes on from there.

No test takes that long: codalink's limits are made shorter, all in the same proportion, or only the one for fetching.
"""

import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from typing import Any

import pytest

from codalink.errors import ServerError
from codalink.odoo.gateway import Patience, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.sandbox import FaultKind, World, small_office
from codalink.sandbox.calls import Call
from codalink.sandbox.demo_office import connect
from codalink.sandbox.web import HttpServer, Response
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import envelope, ready_office, rows_by, with_patience

FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"
RETRIEVE = ("retrieve", "--all", "json")
LOOK_S = 3.0
SHORTER = with_patience(**{patience.name: LOOK_S * patience.value / Patience.LOOK.value for patience in Patience})
"""Twenty times less of every patience: 3 seconds for a look, 48 for a fetch."""
LONGER_THAN_A_LOOK_S = 4.5
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that reaches one other process alone")


def three_connected() -> World:
    """Three databases with a connected company each, for which two statements wait."""
    world = small_office(3)
    for database in world.databases():
        connect(world, database)
    return world


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(three_connected(), tmp_path) as office:
        yield office


def statements_of(office: CommandLine) -> dict[str, int]:
    """How many statements each database has."""
    return {one.name: len(one.table("account.bank.statement").rows) for one in office.sandbox.world.databases()}


def new_in(done: Done) -> dict[str, int]:
    """How many new statements are told for each database."""
    rows = envelope(done)["rows"]
    return {name: sum(bool(row["statement"]) for row in rows if row["database"] == name) for name in rows_by(done, "database")}


# --- its time is its own -----------------------------------------------------------------------------------------------------------------


def test_fetch_is_waited_for_longer_than_any_other_call(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.STALL, method=FETCH, seconds=LONGER_THAN_A_LOOK_S)
    done = office.run(*RETRIEVE, program=SHORTER)

    assert done.exit_code == 0, done
    assert new_in(done) == {"klant-001": 2, "klant-002": 2, "klant-003": 2}


def test_call_that_only_looks_is_not_waited_for_that_long(office: CommandLine) -> None:
    office.sandbox.faults.add(
        FaultKind.STALL, database="klant-002", model="account.bank.statement", method="search_read", seconds=LONGER_THAN_A_LOOK_S
    )
    done = office.run(*RETRIEVE, program=SHORTER)

    errors = {name: row["error"] for name, row in rows_by(done, "database").items()}
    assert errors == {"klant-001": "", "klant-002": "answer-timed-out", "klant-003": ""}


# --- longer than that --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def given_up(office: CommandLine) -> tuple[CommandLine, Done]:
    """Odoo has fetched for one company, and did not say so in time."""
    office.sandbox.faults.add(FaultKind.STALL_AFTER, database="klant-002", method=FETCH, times=1, seconds=60)
    return office, office.run(*RETRIEVE, program=with_patience(RETRIEVE=2.0))


def test_fetch_beyond_the_limit_is_told_with_what_to_do(given_up: tuple[CommandLine, Done]) -> None:
    row = rows_by(given_up[1], "database")["klant-002"]

    assert row["error"] == "fetch-timed-out"
    assert "still fetching" in row["cause"]
    assert "Run the command again" in row["remedy"]
    assert "keeps each file" in row["remedy"]


def test_fetch_beyond_the_limit_costs_nobody_else_anything(given_up: tuple[CommandLine, Done]) -> None:
    assert new_in(given_up[1]) == {"klant-001": 2, "klant-002": 0, "klant-003": 2}
    assert given_up[1].exit_code == 1


def test_fetch_beyond_the_limit_is_not_begun_a_second_time_beside_the_first(given_up: tuple[CommandLine, Done]) -> None:
    assert [call.database for call in given_up[0].sandbox.calls.of(FETCH)].count("klant-002") == 1


def test_next_run_completes_what_was_given_up(given_up: tuple[CommandLine, Done]) -> None:
    office, _ = given_up
    again = office.run(*RETRIEVE)

    assert again.exit_code == 0, again
    assert statements_of(office) == {"klant-001": 2, "klant-002": 2, "klant-003": 2}


def test_files_that_came_in_unseen_are_brought_home_as_the_error_says(given_up: tuple[CommandLine, Done]) -> None:
    office, _ = given_up
    done = office.run("retrieve", "--company", "klant-002/", "--download", "files", "--since", "2000-01-01")

    assert done.exit_code == 0, done
    assert len(list((office.folder / "files").rglob("*.coda"))) == 2


# --- Ctrl-C ------------------------------------------------------------------------------------------------------------------------------


def interrupt_while_fetching(office: CommandLine, times: int, *arguments: str) -> Done:
    """Press Ctrl-C while Odoo fetches for the first company, and so often again when codalink has said what it does about it."""
    under_way = threading.Event()

    def before(call: Call) -> None:
        if call.method == FETCH:
            under_way.set()

    office.sandbox.before_call = before
    with office.start(*RETRIEVE, *arguments) as process:
        try:
            assert under_way.wait(60)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            said = process.stderr.readline()
            for _ in range(times - 1):
                process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=60)
        finally:
            process.kill()
    office.sandbox.before_call = None
    return Done(RETRIEVE, process.returncode, stdout, said + stderr)


@needs_signals
def test_interrupt_lets_the_fetch_that_is_under_way_end_and_tells_what_it_brought(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.STALL, method=FETCH, seconds=2, times=1)
    done = interrupt_while_fetching(office, 1, "--jobs", "1")

    assert done.exit_code == 130, done
    assert "finished first" in done.stderr
    assert new_in(done) == {"klant-001": 2}
    assert statements_of(office) == {"klant-001": 2, "klant-002": 0, "klant-003": 0}


@needs_signals
def test_second_interrupt_does_not_wait_for_the_fetch_and_the_next_run_completes(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.STALL_AFTER, database="klant-001", method=FETCH, seconds=120, times=1)
    done = interrupt_while_fetching(office, 2, "--jobs", "1")

    assert (done.exit_code, done.stdout) == (130, ""), done
    again = office.run(*RETRIEVE)
    assert again.exit_code == 0, again
    assert new_in(again) == {"klant-001": 0, "klant-002": 2, "klant-003": 2}
    assert statements_of(office) == {"klant-001": 2, "klant-002": 2, "klant-003": 2}


# --- a line on which nothing moves -------------------------------------------------------------------------------------------------------


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Every connection that this process makes."""
    made: list[socket.socket] = []
    dial = socket.create_connection

    def remembered(*arguments: Any, **options: Any) -> socket.socket:  # noqa: ANN401  # whatever the library says
        made.append(dial(*arguments, **options))
        return made[-1]

    monkeypatch.setattr(socket, "create_connection", remembered)
    return made


def is_kept_alive(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))


def test_silent_connection_gives_signs_of_life(dialled: list[socket.socket]) -> None:
    server = HttpServer(lambda _: Response(200, b"{}"))
    server.listen()
    try:
        with HttpPool() as pool:
            assert pool.get(ServerUrl.parse(server.url), "/", answer_limit_s=10).is_success
            (connection,) = dialled
            assert is_kept_alive(connection)
            if sys.platform == "linux":
                assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 60
                assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 30
                assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 8
    finally:
        server.stop()


def test_silent_connection_to_a_proxy_does_too(dialled: list[socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    kept_alive: list[bool] = []

    class Proxy(BaseRequestHandler):
        def handle(self) -> None:
            assert self.request.recv(1000).startswith(b"CONNECT odoo.example.be:443")
            kept_alive.append(is_kept_alive(dialled[0]))

    with TCPServer(("127.0.0.1", 0), Proxy) as proxy:
        worker = threading.Thread(target=proxy.handle_request)
        worker.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.server_address[1]}")
        with HttpPool() as pool, pytest.raises(ServerError):
            pool.get(ServerUrl.parse("https://odoo.example.be"), "/", answer_limit_s=10)
        worker.join()

    assert kept_alive == [True]
