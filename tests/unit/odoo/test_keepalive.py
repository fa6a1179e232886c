"""Setting up a connection so that it is not forgotten: whatever the system offers, and no harm where it offers nothing."""

import socket
from collections.abc import Iterator

import pytest

from codalink.odoo import keepalive
from codalink.odoo.keepalive import keep_alive


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    with socket.socket() as made:
        yield made


def is_kept_alive(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))


def test_connection_is_kept_alive(connection: socket.socket) -> None:
    keep_alive(connection)

    assert is_kept_alive(connection)


def test_system_without_the_finer_options_keeps_it_alive_in_its_own_time(
    connection: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keepalive, "_OPTIONS", {"TCP_NO_SUCH_THING": 1})
    keep_alive(connection)

    assert is_kept_alive(connection)


def test_system_that_refuses_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def setsockopt(self, *arguments: object) -> None:
            raise OSError(f"not here: {arguments}")

    with Refusing() as connection:
        keep_alive(connection)
