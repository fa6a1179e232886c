"""Who is under way: a line each, as many as fit, and none that jumps about."""

from dataclasses import dataclass
from io import StringIO

from rich.cells import cell_len
from rich.console import Console

from codalink.render.underway import UnderWay
from tests.unit.fakes import address, company

BAKERY, BUTCHER, FLORIST = (company(name, f"k-{name}") for name in ("Bakkerij", "Slagerij", "Bloemen"))
HOSTILE = company("\x1b[31mRood\x1b]0;titel\x07 \u202e[bold]omgekeerd\nregel")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def drawn(lines: UnderWay, width: int = 80, height: int = 24) -> list[str]:
    """What the lines look like on a terminal of this size."""
    text = StringIO()
    Console(file=text, width=width, height=height, color_system=None).print(lines)
    return [line.rstrip() for line in text.getvalue().splitlines()]


def names(shown: list[str]) -> list[str]:
    return [line.split()[0] for line in shown]


def test_nobody_under_way_is_no_line() -> None:
    assert drawn(UnderWay()) == []


def test_line_says_who_what_and_for_how_long() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    lines.tell(BAKERY, "fetching CODA")
    clock.seconds = 754

    assert drawn(lines) == ["  Bakkerij  fetching CODA  12:34"]


def test_hours_are_told_where_there_are_any() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    lines.tell(BAKERY, "fetching CODA")
    clock.seconds = 3_661

    assert drawn(lines)[0].endswith("1:01:01")


def test_next_step_stands_in_the_same_line_and_the_time_goes_on() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    lines.tell(BAKERY, "fetching CODA")
    lines.tell(BUTCHER, "fetching CODA")
    clock.seconds = 5
    lines.tell(BAKERY, "fetching SODA")

    assert drawn(lines) == ["  Bakkerij  fetching SODA  00:05", "  Slagerij  fetching CODA  00:05"]


def test_database_is_under_way_by_its_name() -> None:
    lines = UnderWay()
    lines.tell(address("klant-001"), "reading statements")

    assert names(drawn(lines)) == ["klant-001"]


def test_what_has_ended_stays_a_moment_with_its_result_and_its_time() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    lines.tell(BAKERY, "fetching CODA")
    clock.seconds = 60
    lines.end(BAKERY, "2 new", failed=False)
    clock.seconds = 62

    assert drawn(lines) == ["  Bakkerij  2 new  01:00"]


def test_what_has_ended_leaves() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    lines.tell(BAKERY, "fetching CODA")
    lines.tell(BUTCHER, "fetching CODA")
    lines.end(BAKERY, "2 new", failed=False)
    clock.seconds = 60

    assert names(drawn(lines)) == ["Slagerij"]


def test_failure_is_told_as_such() -> None:
    lines = UnderWay()
    lines.tell(BAKERY, "fetching CODA")
    lines.end(BAKERY, "nothing new", failed=True)

    assert "failed" in drawn(lines)[0]
    assert "nothing new" not in drawn(lines)[0]


def test_next_one_takes_the_line_of_the_one_that_ended_first() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    for one in (BAKERY, BUTCHER):
        lines.tell(one, "fetching CODA")
    for clock.seconds, one in ((1.0, BUTCHER), (2.0, BAKERY)):
        lines.end(one, "nothing new", failed=False)
    lines.tell(FLORIST, "fetching CODA")

    assert names(drawn(lines)) == ["Bakkerij", "Bloemen"]


def test_somebody_who_comes_again_has_a_time_of_its_own() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    lines.tell(BAKERY, "fetching CODA")
    lines.end(BAKERY, "2 new", failed=False)
    clock.seconds = 2
    lines.tell(BAKERY, "downloading 2 files")

    assert drawn(lines) == ["  Bakkerij  downloading 2 files  00:00"]


def test_end_of_somebody_who_was_never_under_way_is_nothing() -> None:
    lines = UnderWay()
    lines.end(BAKERY, "2 new", failed=False)

    assert drawn(lines) == []


def test_lines_fit_the_terminal_s_height_with_the_bar_above() -> None:
    lines = UnderWay()
    for number in range(20):
        lines.tell(company(f"Klant-{number:02}"), "fetching CODA")

    shown = drawn(lines, height=10)
    assert len(shown) == 10 - 3
    assert shown[-1] == "  and 14 more"


def test_where_not_all_fit_those_that_take_longest_are_shown() -> None:
    clock = Clock()
    lines = UnderWay(clock)
    for number in range(20):
        clock.seconds += 1
        lines.tell(company(f"Klant-{number:02}"), "fetching CODA")
    lines.end(company("Klant-00"), "2 new", failed=False)

    assert names(drawn(lines, height=6)) == ["Klant-01", "Klant-02", "and"]


def test_lines_fit_a_narrow_terminal_and_keep_what_matters() -> None:
    lines = UnderWay()
    lines.tell(company("Groothandel in zuivel en aanverwante producten Janssens-Peeters en Zonen"), "looking which files there are")

    (line,) = drawn(lines, width=50)
    assert cell_len(line) <= 50
    assert line.startswith("  Groothandel in z")
    assert line.endswith("00:00")


def test_hostile_name_is_harmless_and_one_line() -> None:
    lines = UnderWay()
    lines.tell(HOSTILE, "fetching CODA")

    (line,) = drawn(lines)
    assert line == "  [31mRood]0;titel [bold]omgekeer…  fetching CODA  00:00"
