"""What stands around every gateway, with the same interface: repeating, and leaving a broken server alone.

Only what surely did not happen, or changes nothing, is repeated; everything else is the use case's to look at first.
"""

import threading
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from codalink.errors import AnswerTimedOut, CodalinkError, ServerError, ServerLeftAlone, TooManyRequests, Unreachable
from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json, ServerUrl

TRIES = 6
_LONGEST_PAUSE_S = 20.0
_FAILURES_IN_A_ROW = 3


class PatientGateway:
    """Repeats what can be repeated, after growing, jittered pauses that honour the server's Retry-After.

    `sleep` gets seconds, and may end early and raise to end the repeating, as Stop does.
    """

    def __init__(self, inner: Gateway, sleep: Callable[[float], None]) -> None:
        self._inner = inner
        self._sleep = sleep

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._inner.database

    def execute(self, call: Call) -> Json:
        """See Gateway."""
        retrying = Retrying(
            retry=retry_if_exception(lambda error: _is_worth_repeating(call, error)),
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        answer: Json = retrying(self._inner.execute, call)
        return answer


def _is_worth_repeating(call: Call, error: BaseException) -> bool:
    if not isinstance(error, ServerError) or not error.is_repeatable or isinstance(error, Unreachable):
        return False  # a server that can't be reached is tried again by the next command, not by this one
    return not call.changes or not error.may_have_happened


_growing = wait_random_exponential(multiplier=0.25, max=_LONGEST_PAUSE_S)


def _pause(state: RetryCallState) -> float:
    """Seconds: what the server asked for, or a random time in a range that grows."""
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.pause_s if isinstance(error, TooManyRequests) else None
    return _growing(state) if asked_for is None else asked_for


class ServerHealth:
    """Counts, for each server, the databases that failed since its last answer; after some, it is left alone for the rest of the run.

    One hanging database doesn't condemn its server. Safe for several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: dict[ServerUrl, set[str]] = {}

    def is_left_alone(self, server: ServerUrl) -> bool:
        """Whether asking this server has no point any more."""
        with self._lock:
            return len(self._failures.get(server, ())) >= _FAILURES_IN_A_ROW

    def record(self, server: ServerUrl, database: str, *, failed: bool) -> None:
        """Count a failure, or forget the former ones."""
        with self._lock:
            if failed:
                self._failures.setdefault(server, set()).add(database)
            else:
                self._failures.pop(server, None)


class GuardedGateway:
    """Doesn't ask a server that could not be reached several times in a row: it would cost each of its databases a time limit."""

    def __init__(self, inner: Gateway, health: ServerHealth) -> None:
        self._inner = inner
        self._health = health

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._inner.database

    def execute(self, call: Call) -> Json:
        """See Gateway. Raises ServerLeftAlone."""
        server = self.database.server
        if self._health.is_left_alone(server):
            raise ServerLeftAlone(f"{server} could not be reached several times, so it was not asked any more.")
        try:
            answer = self._inner.execute(call)
        except CodalinkError as error:
            self._health.record(server, self.database.name, failed=isinstance(error, (Unreachable, AnswerTimedOut)))
            raise
        self._health.record(server, self.database.name, failed=False)
        return answer
