"""Faults that hit a share of all calls, by chance that a seed repeats."""

import threading
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from codalink.sandbox.calls import Call

if TYPE_CHECKING:
    from codalink.sandbox.faults import Fault

_SIZE = 2.0**64


class RandomFaults:
    """Picks a fault for some calls.

    Chance looks at server, database, model and method, and at how many such calls came before; so the same client on
    the same world meets the same faults, in whatever order its threads run. A call that is repeated (the same arguments
    too) is never hit more than `most_in_a_row` times running.
    """

    def __init__(self, faults: "Iterable[Fault]", share: float, seed: int | str, most_in_a_row: int) -> None:
        self.faults = tuple(faults)
        self.share = share
        self.seed = seed
        self.most_in_a_row = most_in_a_row
        self.seen = 0
        self._came_before: Counter[tuple[str, ...]] = Counter()
        self._in_a_row: Counter[int] = Counter()
        self._lock = threading.Lock()

    @property
    def fired(self) -> int:
        """How many calls were hit; each fault in `faults` counts its own."""
        return sum(fault.fired for fault in self.faults)

    def take(self, call: Call) -> "Fault | None":
        """Find out whether this call is hit, and by what."""
        kind = (call.server, call.database, call.service, call.model, call.method)
        same = hash((kind, repr(call.args), repr(call.kwargs)))
        with self._lock:
            self.seen += 1
            self._came_before[kind] += 1
            fault = self._chosen(kind, self._came_before[kind])
            if fault is None or self._in_a_row[same] >= self.most_in_a_row:
                del self._in_a_row[same]
                return None
            self._in_a_row[same] += 1
            fault.seen += 1
            fault.fired += 1
            return fault

    def _chosen(self, kind: tuple[str, ...], number: int) -> "Fault | None":
        """Roll the dice: two numbers from 0 to 1, one for whether, one for which."""
        rolled = blake2b(repr((self.seed, kind, number)).encode(), digest_size=16).digest()
        whether, which = (int.from_bytes(half, "big") / _SIZE for half in (rolled[:8], rolled[8:]))
        return self.faults[int(which * len(self.faults))] if whether < self.share else None
