"""XML-RPC: `/xmlrpc/2/<service>`, and the older `/xmlrpc/<service>` whose fault codes are texts.

HTTP always says 200. A result of None can't be written and comes back as a fault although the method has run.
"""

import re
import xmlrpc.client
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from codalink.sandbox import pages
from codalink.sandbox.calls import Call, decode_call
from codalink.sandbox.odoo_errors import AccessDenied, AccessError, MissingError, OdooError, UserError, ValidationError, describe
from codalink.sandbox.protocols import NO_SNIFFING, ProtocolError
from codalink.sandbox.web import Request, Response

if TYPE_CHECKING:
    from codalink.sandbox.world import OdooServer

XML = "text/xml; charset=utf-8"

_PATH = re.compile(r"/xmlrpc/(2/)?([^/]+)")
_CODES: tuple[tuple[type[Exception], int], ...] = (
    (AccessDenied, 3),
    (AccessError, 4),
    (UserError, 2),
    (ValidationError, 2),
    (MissingError, 2),
)
# XML has no way to write these; Odoo leaves them out.
_CONTROL_CHARACTERS = {code: None for code in range(32) if code not in (9, 10, 13)}


class XmlRpc:
    """The protocol, for one server. The ticket says whether fault codes are texts."""

    def __init__(self, server: "OdooServer") -> None:
        self._server = server

    def handles(self, request: Request) -> bool:
        """Say whether this path is this protocol's."""
        return self._server.speaks("xmlrpc") and request.path.startswith("/xmlrpc/") and _PATH.fullmatch(request.path) is not None

    def decode(self, request: Request) -> tuple[Call, Any]:
        """Read a call; raises ProtocolError."""
        if request.method != "POST":
            raise ProtocolError(pages.not_allowed("OPTIONS, POST"))
        found = _PATH.fullmatch(request.path)
        codes_are_texts = found is not None and found[1] is None
        service = found[2] if found else ""
        try:
            params, verb = xmlrpc.client.loads(request.body.decode("utf-8", "replace"), use_builtin_types=True)
        except (ExpatError, xmlrpc.client.ResponseError) as error:
            raise ProtocolError(self.encode_error(error, codes_are_texts)) from None
        call = decode_call(self._server.name, service, verb or "", list(params))
        call.protocol = "xmlrpc"
        return call, codes_are_texts

    def encode_result(self, request: Request, result: object, ticket: Any) -> Response:  # noqa: ANN401 - yes or no
        """Write the answer; raises TypeError for None and OverflowError for integers over 32 bits."""
        del request, ticket
        text = xmlrpc.client.dumps((result,), methodresponse=True)  # type: ignore[arg-type]  # any value, refused if it can't be written
        return _response(text)

    def encode_error(self, error: Exception, ticket: Any) -> Response:  # noqa: ANN401 - yes or no
        """Write a fault."""
        fault = _fault_with_text(error) if ticket else _fault_with_number(error)
        return _response(xmlrpc.client.dumps(fault))


def _fault_with_number(error: Exception) -> xmlrpc.client.Fault:
    code = next((code for kind, code in _CODES if isinstance(error, kind)), 1)
    name, message, debug = describe(error)
    del name
    return xmlrpc.client.Fault(code, _writable(message if code > 1 else debug))


def _fault_with_text(error: Exception) -> xmlrpc.client.Fault:
    name, message, debug = describe(error)
    if isinstance(error, AccessDenied):
        head, text = "AccessDenied", message
    elif isinstance(error, OdooError):
        head, text = f"warning -- {name.rpartition('.')[2]}\n\n{message}", ""
    else:
        head, text = message, debug
    return xmlrpc.client.Fault(_writable(head), _writable(text))  # type: ignore[arg-type]  # the old end point's codes are texts


def _writable(text: str) -> str:
    return text.translate(_CONTROL_CHARACTERS)


def _response(text: str) -> Response:
    return Response(200, f'<?xml version="1.0"?>\n{text.removeprefix(_PROLOGUE)}'.encode(), XML, (NO_SNIFFING,))


_PROLOGUE = "<?xml version='1.0'?>\n"
