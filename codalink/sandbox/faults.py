"""Things that go wrong between a client and Odoo, to be dialled in: each fault says what, where and how often."""

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from codalink.sandbox import pages
from codalink.sandbox.calls import Call
from codalink.sandbox.odoo_errors import OdooError, UserError
from codalink.sandbox.random_faults import RandomFaults
from codalink.sandbox.web import HTML, HangUpError, Response


class FaultKind(Enum):
    """What goes wrong. Those up to `ODOO_ERROR` come before the call has run, the others after."""

    REFUSE = "the server's port refuses connections while the fault is there"
    GO_DOWN = "hangs up, and from then on the ports of the servers that it is for refuse connections; the call has not run"
    RESET_BEFORE = "hangs up; the call has not run"
    STALL = "waits, then runs and answers as usual"
    TOO_MANY_REQUESTS = "429 with Retry-After"
    SERVER_ERROR = "500 in HTML"
    BAD_GATEWAY = "502 in HTML"
    SERVICE_UNAVAILABLE = "503 in HTML, with Retry-After"
    REDIRECT = "303 to another address"
    LOGIN_PAGE = "200 with a login page in HTML"
    LOGGED_OUT = "Odoo doesn't know the password or key any more, as when it was revoked or has expired"
    ODOO_ERROR = "an error in Odoo's form"
    RESET_AFTER = "runs and commits, then hangs up without an answer"
    STALL_AFTER = "runs and commits, then waits before it answers"
    CUT_BODY = "sends half of what Content-Length promises, then closes"
    TRUNCATED_JSON = "a complete HTTP answer around half of the JSON"
    WRONG_CONTENT_TYPE = "the right JSON, called HTML"
    HUGE_ANSWER = "a result that is one enormous string"
    WRONG_RESULT = "another result than the real one"


_AFTER = frozenset(
    {
        FaultKind.RESET_AFTER,
        FaultKind.STALL_AFTER,
        FaultKind.CUT_BODY,
        FaultKind.TRUNCATED_JSON,
        FaultKind.WRONG_CONTENT_TYPE,
        FaultKind.HUGE_ANSWER,
        FaultKind.WRONG_RESULT,
    }
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault. Patterns are globs; it fires from the `nth` matching call on (1 is the first), `times` times."""

    kind: FaultKind
    server: str = "*"
    database: str = "*"
    model: str = "*"
    method: str = "*"
    nth: int = 1
    times: int | None = None
    seconds: float = 30.0
    """How long to stall, or what Retry-After says."""
    text: str = "Something went wrong."
    error: type[OdooError] = UserError
    location: str = "http://elsewhere.invalid/web/login"
    size: int = 20_000_000
    """How many bytes a huge answer has."""
    value: Any = None
    """The result to give instead of the real one."""
    seen: int = 0
    fired: int = 0

    @property
    def comes_after(self) -> bool:
        """Whether the call has run when this goes wrong."""
        return self.kind in _AFTER

    @property
    def is_down(self) -> bool:
        """Whether its servers refuse connections now."""
        return self.kind is FaultKind.REFUSE or (self.kind is FaultKind.GO_DOWN and self.fired > 0)

    def result_for(self, result: object) -> object:
        """Answer the real result, or what this fault puts in its place; the protocol wraps it as usual."""
        if self.kind is FaultKind.WRONG_RESULT:
            return self.value
        return "x" * self.size if self.kind is FaultKind.HUGE_ANSWER else result

    def matches(self, call: Call) -> bool:
        """Say whether this call is meant."""
        return (
            fnmatchcase(call.server, self.server)
            and fnmatchcase(call.database, self.database)
            and fnmatchcase(call.model, self.model)
            and fnmatchcase(call.method, self.method)
        )


class Faults:
    """The faults dialled in. Thread safe."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._random: list[RandomFaults] = []
        self._on_change = on_change

    def add(self, fault: Fault | FaultKind, **options: Any) -> Fault:  # noqa: ANN401 - options are Fault's own
        """Dial a fault in, given whole or as a kind with options; answers it, so that its counts can be read."""
        added = fault if isinstance(fault, Fault) else Fault(kind=fault, **options)
        with self._lock:
            self._faults.append(added)
        self._on_change()
        return added

    def add_random(
        self,
        kinds: Iterable[FaultKind],
        share: float = 0.1,
        *,
        seed: int | str,
        most_in_a_row: int = 2,
        **options: Any,  # noqa: ANN401 - options are Fault's own
    ) -> RandomFaults:
        """Let a share of all calls go wrong in these ways (neither `REFUSE` nor `GO_DOWN`: ValueError), the same ones for the same seed.

        Faults dialled in one by one go first. Answers what counts the hits.
        """
        chosen = list(kinds)
        if {FaultKind.REFUSE, FaultKind.GO_DOWN} & set(chosen):
            raise ValueError("a port refuses all calls or none")
        added = RandomFaults([Fault(kind=kind, **options) for kind in chosen], share, seed, most_in_a_row)
        with self._lock:
            self._random.append(added)
        return added

    def remove(self, fault: Fault) -> None:
        """Take one fault out."""
        with self._lock:
            self._faults.remove(fault)
        self._on_change()

    def clear(self) -> None:
        """Take all faults out."""
        with self._lock:
            self._faults.clear()
            self._random.clear()
        self._on_change()

    def is_refused(self, server: str) -> bool:
        """Say whether a server shall refuse connections."""
        with self._lock:
            return any(fault.is_down and fnmatchcase(server, fault.server) for fault in self._faults)

    def take(self, call: Call) -> Fault | None:
        """Find the first fault that hits this call, and count it."""
        if not self._faults and not self._random:
            return None
        taken = self._take_dialled(call) or next(filter(None, (each.take(call) for each in list(self._random))), None)
        if taken is not None and taken.kind is FaultKind.GO_DOWN:
            self._on_change()
        return taken

    def _take_dialled(self, call: Call) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.kind is FaultKind.REFUSE or not fault.matches(call):
                    continue
                fault.seen += 1
                if fault.seen >= fault.nth and (fault.times is None or fault.fired < fault.times):
                    fault.fired += 1
                    return fault
        return None


def instead(fault: Fault, wait: Callable[[float], None]) -> Response | None:
    """Do what goes wrong before a call; None lets the call run. Raises HangUpError, or the error for Odoo to tell."""
    match fault.kind:
        case FaultKind.RESET_BEFORE | FaultKind.GO_DOWN:
            raise HangUpError
        case FaultKind.STALL:
            wait(fault.seconds)
        case FaultKind.ODOO_ERROR:
            raise fault.error(fault.text)
        case FaultKind.TOO_MANY_REQUESTS:
            return too_many_requests(fault.seconds)
        case FaultKind.SERVER_ERROR:
            return pages.page(500, "Internal Server Error", "The server could not complete your request.")
        case FaultKind.BAD_GATEWAY:
            return pages.from_proxy(502, "Bad Gateway")
        case FaultKind.SERVICE_UNAVAILABLE:
            return pages.from_proxy(503, "Service Temporarily Unavailable", _retry_after(fault.seconds))
        case FaultKind.REDIRECT:
            return pages.redirect(fault.location)
        case FaultKind.LOGIN_PAGE:
            return Response(200, pages.LOGIN_PAGE.encode())
        case _:
            pass
    return None


def too_many_requests(retry_after_s: float) -> Response:
    """Ask the client to wait."""
    return Response(429, b"Too Many Requests", headers=_retry_after(retry_after_s))


def _retry_after(seconds: float) -> tuple[tuple[str, str], ...]:
    """Write the header; HTTP knows whole seconds only."""
    return (("Retry-After", str(math.ceil(seconds))),)


def spoilt(fault: Fault, response: Response, wait: Callable[[float], None]) -> Response:
    """Do what goes wrong after a call; raises HangUpError."""
    body = response.body
    match fault.kind:
        case FaultKind.RESET_AFTER:
            raise HangUpError
        case FaultKind.STALL_AFTER:
            wait(fault.seconds)
        case FaultKind.CUT_BODY:
            return Response(response.status, body[: len(body) // 2], response.content_type, promised=len(body))
        case FaultKind.TRUNCATED_JSON:
            return Response(response.status, body[: len(body) // 2], response.content_type)
        case FaultKind.WRONG_CONTENT_TYPE:
            return Response(response.status, body, HTML)
        case _:
            pass
    return response
