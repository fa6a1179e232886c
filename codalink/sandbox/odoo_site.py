"""One Odoo server on the web: picks the protocol, runs the call, lets faults happen, keeps the log."""

import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from codalink.sandbox import pages
from codalink.sandbox.calls import Call
from codalink.sandbox.dialect import dialect_of
from codalink.sandbox.faults import Fault, FaultKind, instead, spoilt, too_many_requests
from codalink.sandbox.json2 import Json2
from codalink.sandbox.jsonrpc import JsonRpc
from codalink.sandbox.protocols import ProtocolError, WireProtocol
from codalink.sandbox.rpc import dispatch, refuse_secret
from codalink.sandbox.web import HangUpError, Request, Response
from codalink.sandbox.xmlrpc import XmlRpc

if TYPE_CHECKING:
    from codalink.sandbox.servers import Sandbox
    from codalink.sandbox.world import OdooServer

_LOGINS = frozenset({"login", "authenticate"})
_INSTALL = "button_immediate_install"


class OdooSite:
    """Answers the requests to one server; called from many threads at once."""

    def __init__(self, server: "OdooServer", sandbox: "Sandbox") -> None:
        self._server = server
        self._sandbox = sandbox
        self._dialect = dialect_of(server.version)
        self._protocols: tuple[WireProtocol, ...] = (JsonRpc(server), Json2(server), XmlRpc(server))
        self._lock = threading.Lock()
        self._at_work = 0
        self.most_at_once = 0
        """How many calls were worked on at once, at most."""

    def __call__(self, request: Request) -> Response:
        """Answer one request; raises HangUpError where a fault says so."""
        blocked = next((status for path, status in self._server.blocked.items() if request.path.startswith(path)), None)
        if blocked is not None:
            return pages.from_proxy(blocked, HTTPStatus(blocked).phrase)
        for protocol in self._protocols:
            if protocol.handles(request):
                try:
                    call, ticket = protocol.decode(request)
                except ProtocolError as error:
                    return error.response
                return self._answer(protocol, request, call, ticket)
        has_database = request.headers.get("X-Odoo-Database") in self._server.databases
        return pages.not_found(self._dialect, has_database=has_database)

    def _answer(self, protocol: WireProtocol, request: Request, call: Call, ticket: object) -> Response:
        call.at = time.monotonic()
        self._sandbox.calls.add(call)
        try:
            if self._is_one_too_many():
                return too_many_requests(self._server.retry_after_s)
            self._be_slow(call)
            return self._work(protocol, request, call, ticket)
        finally:
            with self._lock:
                self._at_work -= 1

    def _is_one_too_many(self) -> bool:
        """Count this call in, and say whether it is over the server's limit."""
        limit = self._server.max_at_once
        with self._lock:
            self._at_work += 1
            if limit is not None and self._at_work > limit:
                return True
            self.most_at_once = max(self.most_at_once, self._at_work)
            return False

    def _be_slow(self, call: Call) -> None:
        sandbox = self._sandbox
        seconds = sandbox.latency_s
        if sandbox.login_latency_s and call.service == "common" and call.verb in _LOGINS:
            seconds += sandbox.login_latency_s
        if call.method == _INSTALL:
            seconds += sandbox.install_latency_s
        if seconds:
            sandbox.wait(seconds)

    def _work(self, protocol: WireProtocol, request: Request, call: Call, ticket: object) -> Response:
        sandbox = self._sandbox
        if sandbox.before_call is not None:
            sandbox.before_call(call)
        fault = sandbox.faults.take(call)
        try:
            early = instead(fault, sandbox.wait) if fault else None
            response = early or protocol.encode_result(request, self._run(call, fault), ticket)
        except HangUpError:
            raise
        except Exception as error:  # noqa: BLE001 - Odoo, too, tells the client whatever goes wrong in a call
            response = protocol.encode_error(error, ticket)
        return spoilt(fault, response, sandbox.wait) if fault else response

    def _run(self, call: Call, fault: Fault | None) -> Any:  # noqa: ANN401 - whatever the call answers
        if fault is not None and fault.kind is FaultKind.LOGGED_OUT:
            return refuse_secret(call)
        call.has_run = True
        result = dispatch(self._sandbox.world, self._server, call)
        if fault is not None:
            result = fault.result_for(result)
        if self._sandbox.after_call is not None:
            self._sandbox.after_call(call, result)
        return result
