"""Telling several listeners."""

import threading

from codalink.office.events import Event, PieceDone, in_turn

MOMENT_S = 0.1


def test_every_listener_hears_in_order() -> None:
    heard: list[str] = []
    in_turn(lambda _: heard.append("first"), lambda _: heard.append("second"))(Event())

    assert heard == ["first", "second"]


def test_listeners_are_called_by_one_thread_at_a_time() -> None:
    """Each call waits a moment for another one to come in beside it; none does."""
    inside = threading.Barrier(2)
    met = []

    def listen(event: Event) -> None:
        try:
            inside.wait(MOMENT_S)
        except threading.BrokenBarrierError:
            inside.reset()
            return
        met.append(event)

    both = in_turn(listen)
    threads = [threading.Thread(target=both, args=(PieceDone("x"),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert met == []
