"""JSON-2: `POST /json/2/<model>/<method>`, Odoo 19 and later. The status of HTTP tells the error."""

import json
from typing import TYPE_CHECKING, Any

from codalink.sandbox import pages
from codalink.sandbox.calls import Call
from codalink.sandbox.dialect import dialect_of
from codalink.sandbox.odoo_errors import (
    AccessDenied,
    AccessError,
    MissingError,
    NoDatabaseError,
    UserError,
    ValidationError,
    WebError,
    describe,
)
from codalink.sandbox.protocols import NO_SNIFFING, ProtocolError
from codalink.sandbox.web import JSON, Request, Response

if TYPE_CHECKING:
    from codalink.sandbox.world import OdooServer

_ROOT = "/json/2"
_ROUTE = "/json/2/<__model__>/<__method__>"
_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (AccessDenied, 403),
    (AccessError, 403),
    (MissingError, 404),
    (ValidationError, 422),
    (UserError, 422),
)


class Json2:
    """The protocol, for one server."""

    def __init__(self, server: "OdooServer") -> None:
        self._server = server
        self._dialect = dialect_of(server.version)

    def handles(self, request: Request) -> bool:
        """Say whether this path is this protocol's; before 19 it is nobody's."""
        if not self._server.speaks("json2"):
            return False
        return request.path.startswith(f"{_ROOT}/") or request.path == _ROOT

    def decode(self, request: Request) -> tuple[Call, Any]:
        """Read a call. Without a header the server's only database is meant; where there are more, none is."""
        database = request.headers.get("X-Odoo-Database") or self._only_database()
        parts = request.path.removeprefix(f"{_ROOT}/").split("/")
        if database not in self._server.databases:  # found out before anything else, and told when the call is run
            return Call(self._server.name, "object", parts[-1], [database, ""], database, protocol="json2"), None
        if request.method != "POST" or len(parts) != 2:
            raise ProtocolError(self.encode_error(WebError(404, "Did you mean POST /json/2/<model>/<method>?"), None))
        if request.body and request.content_type != "application/json":
            raise ProtocolError(pages.wrong_type_19(["http"], _ROUTE, "json2"))
        named = self._parse(request.body)
        ids = [named.pop("ids")] if "ids" in named else []
        params = [database, _bearer_key(request)]
        return Call(self._server.name, "object", parts[1], params, database, parts[0], ids, named, "json2", "json2"), None

    def encode_result(self, request: Request, result: object, ticket: Any) -> Response:  # noqa: ANN401 - there is none
        """Write the answer, which is the bare result."""
        del request, ticket
        return Response(200, json.dumps(result).encode(), JSON, (NO_SNIFFING,))

    def encode_error(self, error: Exception, ticket: Any) -> Response:  # noqa: ANN401 - there is none
        """Write an error; its kind gives the status, as recorded."""
        del ticket
        if isinstance(error, NoDatabaseError):
            return pages.no_database()
        name, message, debug = describe(error, hides_denials=True)
        status = error.status if isinstance(error, WebError) else _status_of(error)
        arguments: list[Any] = [message, status] if isinstance(error, WebError) else [message]
        told: dict[str, Any] = {"name": name, "message": message, "arguments": arguments, "context": {}, "debug": debug}
        headers = (("WWW-Authenticate", "Bearer "),) if status == 401 else ()
        return Response(status, json.dumps(told).encode(), JSON, headers)

    def _only_database(self) -> str:
        return next(iter(self._server.databases)) if len(self._server.databases) == 1 else ""

    def _parse(self, body: bytes) -> dict[str, Any]:
        """Read the named arguments; anything but an object counts as empty, as recorded (`body_list`)."""
        try:
            found = json.loads(body) if body else {}
        except ValueError as error:
            refusal = WebError(400, f"could not parse the body as json: {error}")
            raise ProtocolError(self.encode_error(refusal, None)) from None
        return found if isinstance(found, dict) else {}


def _bearer_key(request: Request) -> str:
    kind, _, key = request.headers.get("Authorization").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def _status_of(error: Exception) -> int:
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
