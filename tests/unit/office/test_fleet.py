"""Many pieces of work side by side."""

import threading
import time

import pytest

from codalink.errors import KeyringSilent
from codalink.office.fleet import Fleet, OneByOne, Runner, Stop

both = pytest.mark.parametrize("runner", [Fleet(3), Fleet(1), OneByOne()], ids=["three", "one", "without threads"])
TIME_LIMIT_S = 10


@both
def test_every_item_comes_back_with_its_result(runner: Runner) -> None:
    assert sorted(runner.each([1, 2, 3, 4, 5], lambda number: number * 10, Stop())) == [(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)]


@both
def test_nothing_to_do_is_nothing_done(runner: Runner) -> None:
    assert list(runner.each([], lambda item: item, Stop())) == []


@both
def test_stop_starts_nothing(runner: Runner) -> None:
    stop, started = Stop(), list[int]()
    stop.request()

    assert list(runner.each([1, 2, 3], started.append, stop)) == []
    assert started == []


@both
def test_what_work_raises_is_raised(runner: Runner) -> None:
    def work(number: int) -> int:
        raise KeyringSilent

    with pytest.raises(KeyringSilent):
        list(runner.each([1], work, Stop()))


def test_results_come_as_they_are_done() -> None:
    slow_may_end = threading.Event()

    def work(name: str) -> str:
        if name == "slow":
            assert slow_may_end.wait(TIME_LIMIT_S)
        return name

    found = Fleet(2).each(["slow", "quick"], work, Stop())
    assert next(found)[0] == "quick"
    slow_may_end.set()
    assert next(found)[0] == "slow"


def test_work_is_done_side_by_side() -> None:
    together = threading.Barrier(4, timeout=TIME_LIMIT_S)

    assert len(list(Fleet(4).each(range(8), lambda _: together.wait(), Stop()))) == 8


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_never_more_at_once_than_jobs(jobs: int) -> None:
    lock, running, most = threading.Lock(), [0], [0]

    def work(number: int) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.002)
        with lock:
            running[0] -= 1

    list(Fleet(jobs).each(range(30), work, Stop()))

    assert most[0] <= jobs


def test_no_jobs_at_all_is_one() -> None:
    assert list(Fleet(0).each([1], lambda number: number, Stop())) == [(1, 1)]


def test_stop_finishes_what_is_in_flight_and_starts_nothing_new() -> None:
    stop, started = Stop(), list[int]()

    def work(number: int) -> int:
        started.append(number)
        stop.request()
        return number

    done = [number for number, _ in Fleet(2).each(range(100), work, stop)]

    assert sorted(done) == sorted(started)
    assert len(started) <= 2


def test_error_starts_nothing_new() -> None:
    started: list[int] = []

    def work(number: int) -> int:
        started.append(number)
        raise KeyringSilent

    with pytest.raises(KeyringSilent):
        list(Fleet(2).each(range(100), work, Stop()))

    assert len(started) <= 2


def test_error_is_raised_once_the_rest_is_done() -> None:
    ended: list[str] = []
    has_begun = threading.Event()

    def work(name: str) -> None:
        if name == "bad":
            assert has_begun.wait(TIME_LIMIT_S)
            raise KeyringSilent
        has_begun.set()
        time.sleep(0.05)
        ended.append(name)

    with pytest.raises(KeyringSilent):
        list(Fleet(2).each(["bad", "good"], work, Stop()))

    assert ended == ["good"]


def test_work_that_only_reads_is_left_behind_by_a_stop() -> None:
    stop, may_end = Stop(), threading.Event()

    def hang(number: int) -> None:
        stop.request()
        assert may_end.wait(TIME_LIMIT_S)

    began = time.monotonic()
    done = list(Fleet(2).each([1, 2], hang, stop, finish=False))
    may_end.set()

    assert done == []
    assert time.monotonic() - began < TIME_LIMIT_S / 2


def test_work_that_only_reads_is_not_waited_for_where_other_work_raised() -> None:
    may_end = threading.Event()

    def work(name: str) -> None:
        if name == "bad":
            raise KeyringSilent
        assert may_end.wait(TIME_LIMIT_S)

    began = time.monotonic()
    with pytest.raises(KeyringSilent):
        list(Fleet(2).each(["slow", "bad"], work, Stop(), finish=False))
    may_end.set()

    assert time.monotonic() - began < TIME_LIMIT_S / 2


def test_leaving_early_starts_nothing_new() -> None:
    started: list[int] = []
    found = Fleet(1).each(range(100), started.append, Stop())
    next(found)
    found.close()  # type: ignore[attr-defined]  # it is a generator

    assert len(started) <= 2


# --- stops ---------------------------------------------------------------------------------------------------------------------------


def test_stop_is_not_requested_at_first() -> None:
    assert not Stop().is_requested


def test_stop_may_be_requested_twice() -> None:
    stop = Stop()
    stop.request()
    stop.request()

    assert stop.is_requested


def test_stop_of_the_whole_stops_the_part() -> None:
    whole = Stop()
    part = Stop(parent=whole)
    whole.request()

    assert part.is_requested


def test_stop_of_the_part_leaves_the_whole() -> None:
    whole = Stop()
    Stop(parent=whole).request()

    assert not whole.is_requested


def test_sleep_ends_by_itself() -> None:
    assert not Stop().sleep(0.01)


@pytest.mark.parametrize("seconds", [0, -1])
def test_sleep_of_no_time_ends_at_once(seconds: float) -> None:
    assert not Stop().sleep(seconds)


def test_sleep_is_cut_short_by_a_stop() -> None:
    stop, began = Stop(), time.monotonic()
    threading.Timer(0.02, stop.request).start()

    assert stop.sleep(30)
    assert time.monotonic() - began < TIME_LIMIT_S


def test_sleep_is_cut_short_by_the_stop_of_the_whole() -> None:
    whole, began = Stop(), time.monotonic()
    threading.Timer(0.02, whole.request).start()

    assert Stop(parent=whole).sleep(30)
    assert time.monotonic() - began < TIME_LIMIT_S


# --- lanes ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("jobs", "room"), [(4, 1), (8, 2), (8, 3), (2, 8)])
def test_never_more_at_once_on_a_lane_than_it_has_room(jobs: int, room: int) -> None:
    lock, running, most = threading.Lock(), dict.fromkeys("abc", 0), dict.fromkeys("abc", 0)

    def work(item: str) -> None:
        with lock:
            running[item[0]] += 1
            most[item[0]] = max(most[item[0]], running[item[0]])
        time.sleep(0.002)
        with lock:
            running[item[0]] -= 1

    items = [f"{lane}{number}" for lane in "abc" for number in range(12)]
    done = [item for item, _ in Fleet(jobs, room).each(items, work, Stop(), lane=lambda item: item[0])]

    assert sorted(done) == sorted(items)
    assert max(most.values()) <= min(jobs, room)


def test_full_lane_does_not_hold_up_the_others() -> None:
    """A server that hangs keeps its own databases waiting, and no others."""
    may_end = threading.Event()

    def work(item: str) -> str:
        if item.startswith("slow"):
            assert may_end.wait(TIME_LIMIT_S)
        return item

    items = [*(f"slow {number}" for number in range(10)), *(f"quick {number}" for number in range(10))]
    found = Fleet(3, 2).each(items, work, Stop(), lane=lambda item: item.split()[0])
    first = [next(found)[0] for _ in range(10)]
    may_end.set()

    assert all(item.startswith("quick") for item in first)
    assert sorted(first + [item for item, _ in found]) == sorted(items)


def test_lanes_take_turns() -> None:
    items = ["a1", "a2", "a3", "b1", "b2", "c1"]

    assert [item for item, _ in Fleet(1).each(items, str, Stop(), lane=lambda item: item[0])] == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_stop_leaves_out_what_waits_on_its_lane() -> None:
    stop = Stop()

    assert len(list(Fleet(4, 1).each(range(10), lambda _: stop.request(), stop, lane=lambda _: "one"))) == 1
