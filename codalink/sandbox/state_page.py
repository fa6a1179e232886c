"""What a benchmark asks of a sandbox in another process: who was called how often, and what has become of it."""

import json
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

from codalink.sandbox.web import JSON, Request, Response

if TYPE_CHECKING:
    from codalink.sandbox.servers import Sandbox


class StatePage:
    """Answers GET with the state; POST does so, too, and then begins to count anew. The address is a secret."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.path = f"/sandbox/{secrets.token_urlsafe(24)}/state"
        self._sandbox = sandbox

    def __call__(self, request: Request) -> Response:
        """Answer the state as JSON."""
        body = json.dumps(self._state()).encode()
        if request.method == "POST":
            self._sandbox.reset_counts()
        return Response(200, body, JSON, (("Cache-Control", "no-store"),))

    def _state(self) -> dict[str, Any]:
        """Tell calls by database and method (``"model.method"``, ``"common.login"``), connections and what is connected."""
        sandbox = self._sandbox
        calls: dict[str, Counter[str]] = {}
        total = 0
        for call in sandbox.calls:
            total += 1
            calls.setdefault(call.database, Counter())[f"{call.model or call.service}.{call.method}"] += 1
        offices = list(sandbox.proxy.offices.values())
        return {
            "calls": calls,
            "calls_total": total,
            "tcp_connections": {name: server.connection_count for name, server in sandbox.servers.items()},
            "tcp_connections_total": sandbox.connection_count,
            "most_at_once": {name: site.most_at_once for name, site in sandbox.sites.items()},
            "first_connections": {office.vat: office.first_connections for office in offices},
            "connected_companies": {office.vat: sandbox.proxy.connected_companies(office.vat) for office in offices},
        }
