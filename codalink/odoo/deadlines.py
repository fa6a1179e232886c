"""A time limit for the whole of an answer, its headers included.

httpx's own limit is for each piece that arrives: a server that sends a byte now and then, or no end of "100 Continue", would hold a
worker for ever. So every connection's reads end at the time that the worker's request must be answered.
"""

import math
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from codalink.odoo.keepalive import keep_alive


class Deadline(threading.local):
    """When the request that this thread is waiting for must be answered, by `time.monotonic`."""

    def __init__(self) -> None:
        self._end_s = math.inf

    @contextmanager
    def within(self, limit_s: float) -> Iterator[None]:
        """Give what happens inside so much time."""
        self._end_s = time.monotonic() + limit_s
        try:
            yield
        finally:
            self._end_s = math.inf

    def extend(self, by_s: float) -> None:
        """Give the request more time."""
        self._end_s += by_s

    def left_s(self) -> float:
        """How many seconds are left; none or fewer where it is over."""
        return self._end_s - time.monotonic()


def keep(client: httpx.Client, deadline: Deadline) -> None:
    """Let the connections that `client` makes from now on keep the deadline.

    httpx has no public way to this, though httpcore below it has; tests/attackers/test_answers_without_end.py notices where that changes.
    """
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
        if isinstance(transport, httpx.HTTPTransport):
            pool = transport._pool  # noqa: SLF001
            pool._network_backend = _Backend(pool._network_backend, deadline)  # noqa: SLF001


class _Backend(httpcore.NetworkBackend):
    """Makes connections, to servers and proxies, that keep the deadline, and don't fall silent while they wait for it."""

    def __init__(self, inner: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        connection = stream.get_extra_info("socket")
        if isinstance(connection, socket.socket):
            keep_alive(connection)
        return _Stream(stream, self._deadline)


class _Stream(httpcore.NetworkStream):
    """A connection whose reads end with the deadline of the thread that reads."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left_s = self._deadline.left_s()
        if left_s <= 0:
            raise httpcore.ReadTimeout("the whole answer takes too long")
        return self._inner.read(max_bytes, left_s if timeout is None else min(timeout, left_s))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # the base class's type
        return self._inner.get_extra_info(info)
