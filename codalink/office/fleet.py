"""Many pieces of work side by side: the only file that knows threads.

Ctrl-C is a `Stop` that the command line sets: what is in flight is finished, nothing queued starts any more.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_BLINK_S = 0.5
"""How long to wait at a stretch: a waiting main thread must come up for signals on Windows."""


class Stop:
    """A wish to stop, set once by whoever has a reason: the user, or an error that concerns everyone.

    A stop with a `parent` is for a part of the run: it is requested when its parent is, not the other way round.
    """

    def __init__(self, parent: "Stop | None" = None) -> None:
        self._event = threading.Event()
        self._parent = parent

    def request(self) -> None:
        """Ask for the end; may be called from a signal handler and more than once."""
        self._event.set()

    @property
    def is_requested(self) -> bool:
        """Whether somebody asked for the end."""
        return self._event.is_set() or (self._parent is not None and self._parent.is_requested)

    def pause(self, seconds: float) -> None:
        """The same, where nobody asks how it ended."""
        self.sleep(seconds)

    def sleep(self, seconds: float) -> bool:
        """Wait, but not longer than until a stop is requested; True where it was."""
        end = time.monotonic() + seconds
        while not self.is_requested and (left := end - time.monotonic()) > 0:
            self._event.wait(min(left, _BLINK_S))
        return self.is_requested


class Runner(Protocol):
    """Does the same work for many items."""

    def each(
        self, items: Sequence[Item], work: Callable[[Item], Result], stop: Stop, *, lane: Callable[[Item], Hashable] = id
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, as they come; after a stop the items that were not started are left out.

        `lane` tells what an item burdens, such as its server: few items of one lane are at work at a time, and a slow lane doesn't hold up
        the others. `work` is called from worker threads and returns its failures as values: what it raises is raised here.
        """


class Fleet:
    """A Runner with up to `jobs` threads, and up to `jobs_per_lane` of them on one lane."""

    def __init__(self, jobs: int, jobs_per_lane: int | None = None) -> None:
        self._jobs = max(1, jobs)
        self._jobs_per_lane = min(self._jobs, jobs_per_lane or self._jobs)

    def each(
        self, items: Sequence[Item], work: Callable[[Item], Result], stop: Stop, *, lane: Callable[[Item], Hashable] = id
    ) -> Iterator[tuple[Item, Result]]:
        """See Runner."""
        queue = _Lanes(items, lane, self._jobs_per_lane)
        with ThreadPoolExecutor(self._jobs, thread_name_prefix="codalink") as pool:
            running: dict[Future[Result], Item] = {}
            while True:
                while len(running) < self._jobs and not stop.is_requested and (taken := queue.take()):
                    running[pool.submit(work, taken[0])] = taken[0]
                if not running:
                    return
                done, _ = wait(running, timeout=_BLINK_S, return_when=FIRST_COMPLETED)
                for future in done:
                    item = running.pop(future)
                    queue.give_back(item)
                    yield item, future.result()


class _Lanes(Generic[Item]):
    """Items waiting, by lane; taken from the lanes in turn, as long as the lane has room."""

    def __init__(self, items: Sequence[Item], lane: Callable[[Item], Hashable], room: int) -> None:
        self._lane = lane
        self._room = room
        self._busy: Counter[Hashable] = Counter()
        self._waiting: dict[Hashable, deque[Item]] = {}
        for item in items:
            self._waiting.setdefault(lane(item), deque()).append(item)
        self._turns = deque(self._waiting)

    def take(self) -> tuple[Item] | None:
        """The next item whose lane has room; None where there is none at the moment."""
        for _ in range(len(self._turns)):
            name = self._turns[0]
            self._turns.rotate(-1)
            if self._busy[name] < self._room:
                self._busy[name] += 1
                item = self._waiting[name].popleft()
                if not self._waiting[name]:
                    self._turns.pop()  # it was just turned to the end
                return (item,)
        return None

    def give_back(self, item: Item) -> None:
        """An item is done: its lane has room again."""
        self._busy[self._lane(item)] -= 1


class OneByOne:
    """A Runner without threads: for tests, and wherever order matters."""

    def each(
        self, items: Sequence[Item], work: Callable[[Item], Result], stop: Stop, *, lane: Callable[[Item], Hashable] = id
    ) -> Iterator[tuple[Item, Result]]:
        """See Runner."""
        del lane
        for item in items:
            if stop.is_requested:
                return
            yield item, work(item)
