"""What stands around every gateway, with the same interface: repeating, and leaving a broken server alone.

Only what surely did not happen, or changes nothing, is repeated; everything else is the use case's to look at first.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from codalink.errors import AnswerTimedOut, CodalinkError, ServerError, ServerLeftAlone, ServerTrouble, Unreachable
from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json, OdooProtocol, ServerUrl

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)

Sleep = Callable[[float], bool]
"""Waits so many seconds, or less, and says whether that is the end: asking again has no point, or nobody wants it any more."""

TRIES = 6
TIME_OUTS = 2
"""How often an answer is waited for in vain: each time costs the whole patience, and a server that is only busy has time to catch up."""
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 20.0
_FAILURES_IN_A_ROW = 3


def patiently(ask: Callable[[], Answer], sleep: Sleep, *, changes: bool = False) -> Answer:
    """Ask until there is an answer, as often as makes sense, with growing, jittered pauses that honour the server's Retry-After.

    Raises the last error. What `changes` something is asked again only where it surely was not carried out.
    """
    failed: list[ServerError] = []
    while True:
        try:
            return ask()
        except ServerError as error:
            failed.append(error)
            if not _is_worth_repeating(failed, changes=changes):
                raise
            pause_s = _pause_s(failed)
            logger.info("Asking again in %.1f s (try %s of at most %s), because: %s", pause_s, len(failed) + 1, TRIES, error.cause)
            if sleep(pause_s):
                raise


def _is_worth_repeating(failed: Sequence[ServerError], *, changes: bool) -> bool:
    error = failed[-1]
    if not error.is_repeatable or isinstance(error, Unreachable):
        return False  # a server that can't be reached is tried again by the next command, not by this one
    if len(failed) == TRIES or sum(isinstance(one, AnswerTimedOut) for one in failed) == TIME_OUTS:
        return False
    return not changes or not error.may_have_happened


def _pause_s(failed: Sequence[ServerError]) -> float:
    """Seconds: what the server asked for, or a random time in a range that grows, so that not all come back at once."""
    error = failed[-1]
    if isinstance(error, ServerTrouble) and error.pause_s is not None:
        return error.pause_s
    return random.uniform(0.0, min(_FIRST_PAUSE_S * 2 ** (len(failed) - 1), _LONGEST_PAUSE_S))  # noqa: S311  # no secret depends on it


class LoggedGateway:
    """Tells every call in a line of the log: to which database, as which protocol, how it went and how long it took; no argument of it."""

    def __init__(self, inner: Gateway, protocol: Callable[[], OdooProtocol | None]) -> None:
        self._inner = inner
        self._protocol = protocol

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._inner.database

    def execute(self, call: Call) -> Json:
        """See Gateway."""
        began, ended = time.monotonic(), "cut off"
        try:
            answer = self._inner.execute(call)
            ended = f"{len(answer)} rows" if isinstance(answer, list) else "answered"
        except CodalinkError as error:
            ended = f"{error.code}: {error.cause}"
            raise
        else:
            return answer
        finally:
            protocol, took_s = self._protocol(), time.monotonic() - began
            way = protocol.value if protocol else "no protocol yet"
            about = f", companies {', '.join(map(str, call.companies))}" if call.companies else ""
            logger.debug("%s: %s.%s%s over %s in %.3f s: %s", self.database, call.model, call.method, about, way, took_s, ended)


class PatientGateway:
    """Repeats what can be repeated."""

    def __init__(self, inner: Gateway, sleep: Sleep) -> None:
        self._inner = inner
        self._sleep = sleep

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._inner.database

    def execute(self, call: Call) -> Json:
        """See Gateway."""
        return patiently(lambda: self._inner.execute(call), self._sleep, changes=call.changes)


class ServerHealth:
    """Counts, for each server, the databases that failed since its last answer; after some, it is left alone for the rest of the run.

    One hanging database doesn't condemn its server. Safe for several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[ServerUrl, dict[str, CodalinkError]] = {}

    def refusal(self, server: ServerUrl) -> ServerLeftAlone | None:
        """Why asking this server has no point any more; None where it has."""
        with self._lock:
            failed = list(self._failed.get(server, {}).values())
        if len(failed) < _FAILURES_IN_A_ROW:
            return None
        return ServerLeftAlone(f"{failed[-1].cause} This happened several times, so it was not asked any more.", remedy=failed[-1].remedy)

    def record(self, database: DatabaseAddress, error: CodalinkError) -> None:
        """A call failed for good, for a reason that may be the server's."""
        with self._lock:
            failed = self._failed.setdefault(database.server, {})
            failed[database.name] = error
            if len(failed) == _FAILURES_IN_A_ROW:
                logger.info("%s is left alone for the rest of this run: %s databases failed in a row", database.server, len(failed))

    def forget(self, server: ServerUrl) -> None:
        """It answered."""
        with self._lock:
            self._failed.pop(server, None)


class GuardedGateway:
    """Doesn't ask a server that failed several times in a row: it would cost each of its databases time limits and pauses."""

    def __init__(self, inner: Gateway, health: ServerHealth) -> None:
        self._inner = inner
        self._health = health

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._inner.database

    def execute(self, call: Call) -> Json:
        """See Gateway. Raises ServerLeftAlone."""
        if (refusal := self._health.refusal(self.database.server)) is not None:
            raise refusal
        try:
            answer = self._inner.execute(call)
        except CodalinkError as error:
            if not (isinstance(error, ServerError) and error.is_repeatable):
                self._health.forget(self.database.server)  # a refusal is an answer
            elif isinstance(error, (Unreachable, AnswerTimedOut)) or not call.changes:  # what changes something had one try only
                self._health.record(self.database, error)
            raise
        self._health.forget(self.database.server)
        return answer
