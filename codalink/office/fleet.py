"""Many pieces of work side by side: the only file that knows threads.

Ctrl-C is a `Stop` that the command line sets: what is in flight is finished, nothing queued starts any more.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

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

    def sleep(self, seconds: float) -> bool:
        """Wait, but not longer than until a stop is requested; True where it was."""
        end = time.monotonic() + seconds
        while not self.is_requested and (left := end - time.monotonic()) > 0:
            self._event.wait(min(left, _BLINK_S))
        return self.is_requested


class Runner(Protocol):
    """Does the same work for many items."""

    def each(self, items: Sequence[Item], work: Callable[[Item], Result], stop: Stop) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, as they come; after a stop the items that were not started are left out.

        `work` is called from worker threads and returns its failures as values: what it raises is raised here, once the rest is done.
        """


class Fleet:
    """A Runner with up to `jobs` threads."""

    def __init__(self, jobs: int) -> None:
        self._jobs = max(1, jobs)

    def each(self, items: Sequence[Item], work: Callable[[Item], Result], stop: Stop) -> Iterator[tuple[Item, Result]]:
        """See Runner."""
        queue = iter(items)
        with ThreadPoolExecutor(self._jobs, thread_name_prefix="codalink") as pool:
            running: dict[Future[Result], Item] = {}
            while True:
                while len(running) < self._jobs and not stop.is_requested and (item := next(queue, None)) is not None:
                    running[pool.submit(work, item)] = item
                if not running:
                    return
                done, _ = wait(running, timeout=_BLINK_S, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()


class OneByOne:
    """A Runner without threads: for tests, and wherever order matters."""

    def each(self, items: Sequence[Item], work: Callable[[Item], Result], stop: Stop) -> Iterator[tuple[Item, Result]]:
        """See Runner."""
        for item in items:
            if stop.is_requested:
                return
            yield item, work(item)
