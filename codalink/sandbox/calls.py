"""What a client asked for, whatever the protocol: the log's entry, and what faults are matched against."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Call:
    """One remote call as it arrived.

    `service` and `method` name what was asked: ``common``/``login``, ``db``/``list``, ``object``/``search_read``. For
    calls on a model, `model`, `method`, `args` and `kwargs` are the model's; `params` are the service's own arguments,
    secrets included, as this is a test tool. JSON-2 has no service: there `params` are database and key, `args` holds
    the ids where some are given, and `kwargs` the other named arguments.
    """

    server: str
    service: str
    method: str
    params: list[Any]
    database: str = ""
    model: str = ""
    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)
    verb: str = ""
    """The service's own method: ``execute_kw``, ``execute``, ``login``, …; ``json2`` for a call that names no service."""
    protocol: str = "jsonrpc"
    """``jsonrpc``, ``json2`` or ``xmlrpc``."""
    at: float = 0.0
    """When, in seconds of `time.monotonic`."""
    has_run: bool = False
    """Whether it came as far as Odoo; a fault or a limit may have kept it from there."""


class CallLog:
    """The calls so far, oldest first. Thread safe; iterating walks over a copy."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """Write a call down."""
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._calls.clear()

    def of(self, method: str = "", *, model: str = "", database: str = "") -> list[Call]:
        """Find calls by method, model and database; ``""`` is any."""
        return [call for call in self if method in ("", call.method) and model in ("", call.model) and database in ("", call.database)]

    def __iter__(self) -> Iterator[Call]:
        with self._lock:
            return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)


def decode_call(server: str, service: str, verb: str, params: list[Any]) -> Call:
    """Read the arguments of Odoo's RPC services as far as they make sense; odd ones are left to the service."""
    call = Call(server, service, verb, params, verb=verb)
    if params and isinstance(params[0], str) and service in ("common", "object", "db"):
        call.database = params[0]
    if service == "object" and verb in ("execute", "execute_kw") and len(params) >= 5:
        call.model, call.method = str(params[3]), str(params[4])
        if verb == "execute":
            call.args = list(params[5:])
        else:
            call.args = list(params[5]) if len(params) > 5 else []
            call.kwargs = dict(params[6]) if len(params) > 6 else {}
    return call
