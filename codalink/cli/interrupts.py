"""Ctrl-C: finish what is in flight the first time, leave at once the second time."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from codalink.cli.exits import Exit

if TYPE_CHECKING:
    from codalink.office.fleet import Stop
    from codalink.render.console import Streams


def leave_at_once() -> None:
    """Outside a run, Ctrl-C and a request to terminate end the process quietly, with the exit code that says so."""

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        sys.exit(Exit.INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)


def _leave_without_waiting(streams: "Streams") -> NoReturn:
    """End the process although calls are in flight: an ordinary exit would wait for them."""
    for console in (streams.out, streams.err):
        console.show_cursor()
        console.file.flush()
    os._exit(Exit.INTERRUPTED)


@contextmanager
def finishing_first(stop: "Stop", streams: "Streams") -> Iterator[None]:
    """Within a run, the first interrupt requests the stop, and the next one leaves."""

    def request(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_requested:
            _leave_without_waiting(streams)
        stop.request()
        streams.notice("Stopping: what is under way is finished first. Press Ctrl-C again to leave at once.")

    former = {number: signal.signal(number, request) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
