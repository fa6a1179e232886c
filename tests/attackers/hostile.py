"""A server on loopback that answers as it likes, byte by byte, over http or https, and remembers what it was sent."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket], None]
"""Writes an answer to a request that was read; the connection is closed then."""

_END_OF_HEADERS = b"\r\n\r\n"
_HTTPS_BEGINS = b"\x16\x03"
_STOPPED_S = 0.05


@dataclass
class HostileServer:
    """Where it listens, and every request it was sent so far, headers and body."""

    port: int
    scheme: str
    stop: threading.Event = field(default_factory=threading.Event)
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def saw(self, secret: str) -> bool:
        """Whether the secret came here, in whatever request."""
        return any(secret.encode() in request for request in self.requests)


@contextmanager
def hostile_server(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
    """Run a server that answers every request with `answer`, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.settimeout(_STOPPED_S)
        server = HostileServer(listener.getsockname()[1], "https" if tls else "http")
        thread = threading.Thread(target=_listen, args=(listener, server, answer, tls), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            thread.join()


def _listen(listener: socket.socket, server: HostileServer, answer: Answer, tls: ssl.SSLContext | None) -> None:
    while not server.stop.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            connection.settimeout(30)
            threading.Thread(target=_serve, args=(connection, server, answer, tls), daemon=True).start()


def _serve(connection: socket.socket, server: HostileServer, answer: Answer, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError), connection:
        if tls is not None:
            try:
                connection = tls.wrap_socket(connection, server_side=True)
            except OSError:  # the client wants none of this certificate
                return
        with connection:
            server.requests.append(read_request(connection))
            answer(connection)


def read_request(connection: socket.socket) -> bytes:
    """One whole request, headers and body; or what somebody says who wants to speak https."""
    received = _more(connection)
    if received.startswith(_HTTPS_BEGINS):
        return received
    while _END_OF_HEADERS not in received:
        received += _more(connection)
    head, _, body = received.partition(_END_OF_HEADERS)
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _more(connection)
    return head + _END_OF_HEADERS + body


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise ConnectionResetError
    return piece


# --- answers ---------------------------------------------------------------------------------------------------------------------------


def saying(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """A plain answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    content = "\r\n".join(lines).encode("latin-1") + _END_OF_HEADERS + body
    return lambda connection: connection.sendall(content)


def endless(piece: bytes, *headers: str, pause_s: float = 0.0) -> Answer:
    """A body that goes on until the client leaves: `piece` again and again, after each a pause."""
    return _pouring("\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode("latin-1"), piece, pause_s)


def endless_head(line: bytes, *, pause_s: float = 0.0, status: str = "200 OK") -> Answer:
    """Headers, or whole preliminary answers, that go on until the client leaves."""
    return _pouring(f"HTTP/1.1 {status}\r\n".encode() if status else b"", line, pause_s)


def _pouring(first: bytes, piece: bytes, pause_s: float) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.sendall(first)
        waiting = threading.Event()
        while True:  # ends with the connection
            connection.sendall(piece)
            waiting.wait(pause_s)

    return answer
