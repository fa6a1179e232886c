"""Many pieces of work side by side: the only file that knows threads.

Ctrl-C is a `Stop` that the command line sets: nothing queued starts any more; what is in flight is finished, or left behind where it only
reads.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_NAP_S = 0.05
"""How long a pause lasts before it looks whether somebody asked for the end."""

_BLINK_S = 0.5
"""How long to wait at a stretch: a waiting main thread must come up for signals on Windows."""


class Stop:
    """A wish to stop, set once by whoever has a reason: the user, or an error that concerns everyone.

    A stop with a `parent` is for a part of the run: it is requested when its parent is, not the other way round.
    """

    def __init__(self, parent: "Stop | None" = None) -> None:
        self._is_requested = False
        self._parent = parent

    def request(self) -> None:
        """Ask for the end; may be called from a signal handler and more than once.

        A plain flag: setting a `threading.Event` in a handler can wait for ever for the lock that the interrupted thread holds.
        """
        self._is_requested = True

    @property
    def is_requested(self) -> bool:
        """Whether somebody asked for the end."""
        return self._is_requested or (self._parent is not None and self._parent.is_requested)

    def sleep(self, seconds: float) -> bool:
        """Wait, but not longer than until a stop is requested; True where it was."""
        end = time.monotonic() + seconds
        while not self.is_requested and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _NAP_S))
        return self.is_requested


class Runner(Protocol):
    """Does the same work for many items."""

    def each(
        self,
        items: Sequence[Item],
        work: Callable[[Item], Result],
        stop: Stop,
        *,
        lane: Callable[[Item], Hashable] = id,
        finish: bool = True,
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, as they come; after a stop the items that were not started are left out.

        `lane` tells what an item burdens, such as its server: few items of one lane are at work at a time, and a slow lane doesn't hold up
        the others. `work` is called from worker threads and returns its failures as values: what it raises is raised here. Work that only
        reads need not be waited for at the end: `finish` false leaves it behind.
        """


class Fleet:
    """A Runner with up to `jobs` threads, and up to `jobs_per_lane` of them on one lane."""

    def __init__(self, jobs: int, jobs_per_lane: int | None = None) -> None:
        self._jobs = max(1, jobs)
        self._jobs_per_lane = min(self._jobs, jobs_per_lane or self._jobs)

    def each(
        self,
        items: Sequence[Item],
        work: Callable[[Item], Result],
        stop: Stop,
        *,
        lane: Callable[[Item], Hashable] = id,
        finish: bool = True,
    ) -> Iterator[tuple[Item, Result]]:
        """See Runner."""
        queue = _Lanes(items, lane, self._jobs_per_lane)
        crew = _Crew(work)
        try:
            while True:
                while crew.at_work < self._jobs and not stop.is_requested and (taken := queue.take()):
                    crew.begin(taken[0])
                if not crew.at_work or (stop.is_requested and not finish):
                    return
                for item, future in crew.ended():
                    queue.give_back(item)
                    yield item, future.result()
        finally:
            while finish and crew.at_work:
                crew.ended()


class _Crew(Generic[Item, Result]):
    """Threads, each with one item. They don't keep the process alive: one that hangs can be left behind."""

    def __init__(self, work: Callable[[Item], Result]) -> None:
        self._work = work
        self._ended: SimpleQueue[tuple[Item, Future[Result]]] = SimpleQueue()
        self.at_work = 0

    def begin(self, item: Item) -> None:
        """Start working on one more item."""
        threading.Thread(target=self._do, args=(item,), name="codalink", daemon=True).start()
        self.at_work += 1

    def _do(self, item: Item) -> None:
        future: Future[Result] = Future()
        try:
            future.set_result(self._work(item))
        except BaseException as error:  # noqa: BLE001  # raised again where the result is taken
            future.set_exception(error)
        self._ended.put((item, future))

    def ended(self) -> list[tuple[Item, "Future[Result]"]]:
        """What has ended: one item, or none after a short wait."""
        try:
            ended = self._ended.get(timeout=_BLINK_S)
        except Empty:
            return []
        self.at_work -= 1
        return [ended]


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
        self,
        items: Sequence[Item],
        work: Callable[[Item], Result],
        stop: Stop,
        *,
        lane: Callable[[Item], Hashable] = id,
        finish: bool = True,
    ) -> Iterator[tuple[Item, Result]]:
        """See Runner."""
        del lane, finish
        for item in items:
            if stop.is_requested:
                return
            yield item, work(item)
