"""Keeping a silent connection alive: a fetch may take a quarter of an hour, in which not a byte is sent.

Routers and firewalls forget a connection that is silent for some minutes, and neither side is told: without a sign of life the answer
would be waited for in vain. So the operating system sends one each minute (TCP keep-alive); a peer that is gone is noticed that way too.
"""

import contextlib
import socket

_OPTIONS = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 8}
"""Seconds of silence before the first sign of life, in the words of Linux and Windows, and of macOS; seconds between signs that nobody
answers, and how many of those there are before the connection is given up: four minutes, so that a short break of the network does no
harm."""


def keep_alive(connection: socket.socket) -> None:
    """Let the system give signs of life on a connection while it is silent; a system that can't, does without."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _OPTIONS.items():
            if (option := getattr(socket, name, None)) is not None:
                connection.setsockopt(socket.IPPROTO_TCP, option, value)
