"""What the three protocols have in common: requests become calls, results and errors become answers.

What a call does is not a protocol's business; see `rpc`.
"""

from typing import Any, Protocol

from codalink.sandbox.calls import Call
from codalink.sandbox.web import Request, Response

NO_SNIFFING = ("X-Content-Type-Options", "nosniff")


class ProtocolError(Exception):
    """The request is no call; `response` says so in HTTP."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class WireProtocol(Protocol):
    """One protocol, for one server. The ticket is what `decode` wants to know again when it answers."""

    def handles(self, request: Request) -> bool:
        """Say whether this request is this protocol's."""
        ...

    def decode(self, request: Request) -> tuple[Call, Any]:
        """Read a call, and the ticket for its answer; raises ProtocolError."""
        ...

    def encode_result(self, request: Request, result: object, ticket: Any) -> Response:  # noqa: ANN401 - the protocol's own
        """Write the answer to a call that has run; may raise what the protocol cannot write, for `encode_error` to tell."""
        ...

    def encode_error(self, error: Exception, ticket: Any) -> Response:  # noqa: ANN401
        """Write what went wrong in a call."""
        ...
