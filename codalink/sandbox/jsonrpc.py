"""JSON-RPC: `/jsonrpc`, the JSON routes for version and list of databases, and the version pages of 19.

Turns requests into calls and results into answers; what a call does is not its business.
"""

import json
import secrets
from typing import TYPE_CHECKING, Any

from codalink.sandbox import pages
from codalink.sandbox.calls import Call, decode_call
from codalink.sandbox.dialect import Dialect, dialect_of
from codalink.sandbox.odoo_errors import describe
from codalink.sandbox.protocols import NO_SNIFFING, ProtocolError
from codalink.sandbox.web import JSON, Request, Response

if TYPE_CHECKING:
    from codalink.sandbox.world import OdooServer

_ROUTES = {"/web/database/list": ("db", "list"), "/web/webclient/version_info": ("common", "version")}
_VERSION_PAGES = frozenset({"/web/version", "/json/version"})


class JsonRpc:
    """The protocol, for one server. The ticket is the id that the answer must bear."""

    def __init__(self, server: "OdooServer") -> None:
        self._server = server
        self._dialect = dialect_of(server.version)

    def handles(self, request: Request) -> bool:
        """Say whether this path is this protocol's; the web client's routes stay where `/jsonrpc` is gone."""
        path = request.path
        if path == "/jsonrpc":
            return self._server.speaks("jsonrpc")
        if path == "/web/database/list":
            return self._server.has_db_service
        return path in _ROUTES or (not self._dialect.is_18 and path in _VERSION_PAGES)

    def decode(self, request: Request) -> tuple[Call, Any]:
        """Read a call, and the id its answer must bear; raises ProtocolError."""
        if request.path in _VERSION_PAGES:
            return self._version_page(request), None
        if request.content_type != "application/json":
            raise ProtocolError(pages.wrong_type(self._dialect, request))
        message = _parse(request.body)
        service, verb = _ROUTES.get(request.path, ("", ""))
        if service:
            return decode_call(self._server.name, service, verb, []), message.get("id")
        return self._call(message), message.get("id")

    def _version_page(self, request: Request) -> Call:
        if request.method != "GET":
            raise ProtocolError(pages.redirect("/web/database/selector"))
        return decode_call(self._server.name, "common", "version", [])

    def _call(self, message: dict[str, Any]) -> Call:
        params = message.get("params") or {}
        missing = [name for name in ("service", "method", "args") if name not in params]
        if missing:
            raise ProtocolError(self.encode_error(_missing_params(self._dialect, missing), message.get("id")))
        args = params["args"]
        return decode_call(self._server.name, str(params["service"]), str(params["method"]), args if isinstance(args, list) else [args])

    def encode_result(self, request: Request, result: object, request_id: object) -> Response:
        """Write the answer; a result of None leaves its key out, as recorded (`none_result`)."""
        if request.path in _VERSION_PAGES and isinstance(result, dict):
            page = {"version_info": result["server_version_info"], "version": result["server_version"]}
            return _response(page, (NO_SNIFFING, _new_session()))
        answer = {"jsonrpc": "2.0", "id": request_id}
        headers = (NO_SNIFFING, _new_session()) if request.path in _ROUTES else (NO_SNIFFING,)
        return _response(answer if result is None else answer | {"result": result}, headers)

    def encode_error(self, error: Exception, request_id: object) -> Response:
        """Write an error of the application: HTTP says 200 all the same."""
        name, message, debug = describe(error, hides_denials=not self._dialect.is_18)
        data = {"name": name, "debug": debug, "message": message, "arguments": [message], "context": {}}
        told = {"code": self._dialect.error_code, "message": "Odoo Server Error", "data": data}
        return _response({"jsonrpc": "2.0", "id": request_id, "error": told}, ())


def _parse(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise ProtocolError(Response(400, b"Invalid JSON data", headers=(NO_SNIFFING,))) from None
    if not isinstance(message, dict):
        raise ProtocolError(Response(400, b"Invalid JSON-RPC data", headers=(NO_SNIFFING,)))
    return message


def _missing_params(dialect: Dialect, names: list[str]) -> TypeError:
    quoted = [f"'{name}'" for name in names]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])}{',' * (len(quoted) > 2)} and {quoted[-1]}"
    plural = "s" if len(names) > 1 else ""
    controller = "RPC" if dialect.is_18 else "JSONRPC"
    return TypeError(f"{controller}.jsonrpc() missing {len(names)} required positional argument{plural}: {listed}")


def _response(content: object, headers: tuple[tuple[str, str], ...]) -> Response:
    return Response(200, json.dumps(content).encode(), JSON, headers)


def _new_session() -> tuple[str, str]:
    return "Set-Cookie", f"session_id={secrets.token_hex(20)}; Max-Age=604800; HttpOnly; Path=/"
