"""One Odoo server on the web: picks the protocol, runs the call, lets faults happen, keeps the log."""

import time
from typing import TYPE_CHECKING, Any

from codalink.sandbox import pages
from codalink.sandbox.calls import Call
from codalink.sandbox.dialect import dialect_of
from codalink.sandbox.faults import Fault, instead, spoilt
from codalink.sandbox.jsonrpc import JsonRpc, ProtocolError
from codalink.sandbox.rpc import dispatch
from codalink.sandbox.web import HangUpError, Request, Response

if TYPE_CHECKING:
    from codalink.sandbox.servers import Sandbox
    from codalink.sandbox.world import OdooServer


class OdooSite:
    """Answers the requests to one server; called from many threads at once."""

    def __init__(self, server: "OdooServer", sandbox: "Sandbox") -> None:
        self._server = server
        self._sandbox = sandbox
        self._dialect = dialect_of(server.version)
        self._protocols = [JsonRpc(server.name, self._dialect)]

    def __call__(self, request: Request) -> Response:
        """Answer one request; raises HangUpError where a fault says so."""
        for protocol in self._protocols:
            if protocol.handles(request.path):
                try:
                    call, request_id = protocol.decode(request)
                except ProtocolError as error:
                    return error.response
                return self._answer(protocol, request, call, request_id)
        return pages.not_found(self._dialect)

    def _answer(self, protocol: JsonRpc, request: Request, call: Call, request_id: object) -> Response:
        call.at = time.monotonic()
        sandbox = self._sandbox
        sandbox.calls.add(call)
        if sandbox.latency_s:
            sandbox.wait(sandbox.latency_s)
        if sandbox.before_call is not None:
            sandbox.before_call(call)
        fault = sandbox.faults.take(call)
        try:
            early = instead(fault, sandbox.wait) if fault else None
            response = early or protocol.encode_result(request, self._run(call, fault), request_id)
        except HangUpError:
            raise
        except Exception as error:  # noqa: BLE001 - Odoo, too, tells the client whatever goes wrong in a call
            response = protocol.encode_error(error, request_id)
        return spoilt(fault, response, sandbox.wait) if fault else response

    def _run(self, call: Call, fault: Fault | None) -> Any:  # noqa: ANN401 - whatever the call answers
        result = dispatch(self._sandbox.world, self._server, call)
        if fault is not None:
            result = fault.result_for(result)
        if self._sandbox.after_call is not None:
            self._sandbox.after_call(call, result)
        return result
