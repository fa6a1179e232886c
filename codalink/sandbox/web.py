"""HTTP on loopback: requests in, answers out, and the ways in which an answer can go wrong on the line.

Keeps connections open, sends each answer in one write without delay, and counts connections. Knows nothing of Odoo.
"""

import _thread
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import responses
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs

_HOST = "127.0.0.1"
# As Odoo's web library writes them; those of a proxy in front stay as they are.
_REASONS = {
    303: "SEE OTHER",
    400: "BAD REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT FOUND",
    405: "METHOD NOT ALLOWED",
    415: "UNSUPPORTED MEDIA TYPE",
    422: "UNPROCESSABLE ENTITY",
    500: "INTERNAL SERVER ERROR",
}
_RESET_ON_CLOSE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_POLL_S = 0.02
_LONGEST_LINE = 65_536
_END_OF_HEADERS = frozenset({b"\r\n", b"\n", b""})

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


class Headers:
    """A request's headers, found by name in any case."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values = {name.lower(): value for name, value in pairs}

    def get(self, name: str) -> str:
        """Give one header; ``""`` where it is missing."""
        return self._values.get(name.lower(), "")


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Headers
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in small letters; ``""`` where none is given."""
        return self.headers.get("Content-Type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `promised` is a Content-Length larger than what is sent, after which the line is closed."""

    status: int
    body: bytes
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    promised: int = 0
    reason: str = ""
    """Other words for the status than Odoo's."""

    def head(self) -> bytes:
        """Write status line and headers."""
        reason = self.reason or _REASONS.get(self.status) or responses.get(self.status, "")
        lines = [f"HTTP/1.1 {self.status} {reason}", "Server: codalink-sandbox", f"Content-Type: {self.content_type}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append(f"Content-Length: {self.promised or len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class HangUpError(Exception):
    """Raised by a site that wants the connection reset instead of an answer."""


Site = Callable[[Request], Response]


class _Handler(StreamRequestHandler):
    """Answers one connection's requests, one after the other.

    Python's own `BaseHTTPRequestHandler` reads headers as an e-mail's, which costs more than a whole simulated call.
    """

    disable_nagle_algorithm = True
    server: "_Listener"

    def handle(self) -> None:
        while self._answer_one():
            pass

    def _answer_one(self) -> bool:
        """Answer one request; says whether another one may follow."""
        line = self.rfile.readline(_LONGEST_LINE).decode("latin-1").split()
        if len(line) != 3:
            return False  # the end, or no HTTP
        method, target, version = line
        headers = self._read_headers()
        if headers.get("Expect").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(int(headers.get("Content-Length") or 0))
        path, _, query = target.partition("?")
        try:
            response = self.server.site(Request(method, path, parse_qs(query) if query else {}, headers, body))
        except HangUpError:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.server.to_reset.add(self.connection)
            return False
        self.wfile.write(response.head() if method == "HEAD" else response.head() + response.body)
        return not response.promised and version == "HTTP/1.1" and headers.get("Connection").lower() != "close"

    def _read_headers(self) -> Headers:
        pairs = []
        while (line := self.rfile.readline(_LONGEST_LINE)) not in _END_OF_HEADERS:
            name, _, value = line.decode("latin-1").partition(":")
            pairs.append((name, value.strip()))
        return Headers(pairs)


class _Listener(ThreadingTCPServer):
    block_on_close = False
    request_queue_size = 256
    # Windows would let another process take the port over.
    allow_reuse_address = os.name != "nt"

    def __init__(self, site: Site, address: tuple[str, int], on_connection: Callable[[], None]) -> None:
        self.site = site
        self.to_reset: set[socket.socket] = set()
        self.connections: set[socket.socket] = set()
        self._on_connection = on_connection
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.add(connection)
        self._on_connection()
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's types
        # A `threading.Thread` waits until it has begun, which under load costs more than a simulated call.
        _thread.start_new_thread(self.process_request_thread, (request, client_address))

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - the base class's type
        self.connections.discard(request)
        if request in self.to_reset:
            self.to_reset.discard(request)
            request.close()  # without the polite goodbye, which would come before the reset
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's types
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@dataclass(slots=True)
class HttpServer:
    """One site on a free port of 127.0.0.1, unless told another host. The port stays the same when it stops listening and starts again."""

    site: Site
    port: int = 0
    connection_count: int = 0
    """How many TCP connections were made so far."""
    host: str = _HOST
    """Where it listens. Beyond this computer only inside a container of its own."""
    _listener: _Listener | None = None
    _reserved: socket.socket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{self.host}:{self.port}"

    @property
    def is_listening(self) -> bool:
        """Whether a client would be let in."""
        return self._listener is not None

    def listen(self) -> None:
        """Begin to answer; does nothing where it does so already."""
        if self._listener is not None:
            return
        self._release()
        listener = self._listener = _Listener(self.site, (self.host, self.port), self._count)
        self.port = listener.server_address[1]
        name = f"sandbox-{self.port}"
        threading.Thread(target=listener.serve_forever, args=(_POLL_S,), name=name, daemon=True).start()

    def refuse(self) -> None:
        """Refuse connections, dropping those there are, and keep the port from being given to others."""
        self.stop()
        self._reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":
            self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind((self.host, self.port))
        self.port = self._reserved.getsockname()[1]

    def stop(self) -> None:
        """Stop for good, or until `listen`."""
        self._release()
        listener, self._listener = self._listener, None
        if listener is None:
            return
        listener.shutdown()
        for connection in list(listener.connections):
            _shut(connection)
        listener.server_close()

    def _release(self) -> None:
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def _count(self) -> None:
        with self._lock:
            self.connection_count += 1


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker
