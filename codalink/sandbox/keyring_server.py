"""The demo's keyring, server side: passwords in the sandbox's memory, gone when it stops."""

import json
import secrets
import threading
from collections.abc import Callable
from typing import Any

from codalink.sandbox.web import JSON, Request, Response


class KeyringServer:
    """Keeps items by (service, username). The switches make it misbehave as real keyrings do."""

    def __init__(self, wait: Callable[[float], None]) -> None:
        self.path = f"/keyring/{secrets.token_urlsafe(24)}"
        self.items: dict[tuple[str, str], str] = {}
        self.is_locked = False
        """Hangs, as a locked keyring with a prompt that nobody sees."""
        self.is_gone = False
        """Answers with an error only."""
        self.forgets = False
        """Takes a password and keeps nothing."""
        self.garbles = False
        """Gives back something else than what was stored."""
        self.lock_stalls_s = 3600.0
        self._wait = wait
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        """Answer ``{"action": "get"|"set"|"delete", "service": …, "username": …, "password": …}``."""
        if self.is_locked:
            self._wait(self.lock_stalls_s)
        if self.is_gone:
            return _answer(503, {"error": "The keyring is not available."})
        asked = json.loads(request.body)
        with self._lock:
            return self._act(asked["action"], (asked["service"], asked["username"]), asked.get("password") or "")

    def _act(self, action: str, key: tuple[str, str], password: str) -> Response:
        if action == "set":
            if not self.forgets:
                self.items[key] = password
        elif action == "delete":
            if self.items.pop(key, None) is None:
                return _answer(404, {"error": "Password not found"})
        elif action == "get":
            found = self.items.get(key)
            return _answer(200, {"password": found[::-1] + "?" if found and self.garbles else found})
        return _answer(200, {})


def _answer(status: int, content: dict[str, Any]) -> Response:
    return Response(status, json.dumps(content).encode(), JSON, (("Cache-Control", "no-store"),))
