"""Setting up a connection so that it is not forgotten: whatever the system offers, and no harm where it offers nothing."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from codalink.odoo import keepalive
from codalink.odoo.keepalive import keep_alive

CONNECTED = "connection.connect_tcp.complete"


@dataclass
class Stream:
    """What the HTTP library tells of a connection."""

    connection: object

    def get_extra_info(self, name: str) -> object:
        return self.connection if name == "socket" else None


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    with socket.socket() as made:
        yield made


def is_kept_alive(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))


@pytest.mark.parametrize("event", [CONNECTED, "socks.connect_tcp.complete"])
def test_connection_is_set_up_when_it_is_made(connection: socket.socket, event: str) -> None:
    keep_alive(event, {"return_value": Stream(connection)})

    assert is_kept_alive(connection)


def test_nothing_else_of_a_request_touches_it(connection: socket.socket) -> None:
    for event in ("connection.connect_tcp.started", "connection.start_tls.complete", "http11.receive_response_body.complete"):
        keep_alive(event, {"return_value": Stream(connection)})

    assert not is_kept_alive(connection)


@pytest.mark.parametrize("told", [{}, {"return_value": None}, {"return_value": Stream(None)}], ids=["nothing", "none", "no socket"])
def test_connection_that_is_not_shown_is_left_as_it_is(told: dict[str, object]) -> None:
    keep_alive(CONNECTED, told)


def test_system_without_the_finer_options_keeps_it_alive_in_its_own_time(
    connection: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepalive, "_OPTIONS", {"TCP_NO_SUCH_THING": 1})
    keep_alive(CONNECTED, {"return_value": Stream(connection)})

    assert is_kept_alive(connection)


def test_system_that_refuses_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def setsockopt(self, *arguments: object) -> None:
            raise OSError(f"not here: {arguments}")

    with Refusing() as connection:
        keep_alive(CONNECTED, {"return_value": Stream(connection)})
