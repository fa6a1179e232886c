"""The progress display: a few plain lines where nothing can be drawn."""

import re

import pytest

from codalink.office import events
from codalink.office.changes import Change, ChangeEnded, ChangeKind, ChangeResult, ChangeStarted
from codalink.render.console import open_streams
from codalink.render.progress import LiveProgress
from tests.unit.fakes import CONSENT_URL, OFFICE, company

CHANGE = Change(ChangeKind.CONNECT, company())
ALL: list[events.Event] = [
    events.StageStarted("Reading databases", 2),
    events.PieceDone("a"),
    events.UnderWay(company(), "fetching CODA"),
    events.PieceDone("b", failed=True, subject=company(), told="nothing new"),
    events.StageEnded(),
    events.StepStarted("First connection"),
    events.PasswordKept(OFFICE, company()),
    events.PasswordsLeft((company("Bakkerij", "klant-007"),)),
    events.ConsentNeeded(OFFICE, CONSENT_URL, 600),
    events.ConsentAsked(300),
    events.ConsentGiven(),
    ChangeStarted(CHANGE),
    ChangeEnded(CHANGE, ChangeResult.DONE),
]


LEFT_BEHIND = "For about an hour a wizard in Odoo may show the office password to administrators of these databases; it could not be wiped"


def told(*heard: events.Event, is_quiet: bool = False) -> None:
    with LiveProgress(open_streams(is_quiet=is_quiet)) as progress:
        for event in heard:
            progress(event)


def test_every_event_is_in_the_list() -> None:
    assert {type(event) for event in ALL} == set(events.Event.__subclasses__())


def test_pipe_gets_the_lines_that_matter(capsys: pytest.CaptureFixture[str]) -> None:
    told(*ALL)
    shown = capsys.readouterr()

    assert shown.out == ""
    assert shown.err.splitlines() == [
        "First connection",
        "The office password is in the keyring.",
        f"{LEFT_BEHIND}: klant-007/Bakkerij",
        "Now it is your turn: give the office's consent in MyCodaBox (sign in, read the terms, allow).",
        f"  {CONSENT_URL}",
        "codalink goes on by itself when the consent is there, and waits up to 0:10:00.",
        "The consent is given.",
    ]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told(*ALL, is_quiet=True)

    assert capsys.readouterr().err == ""


def test_menu_is_told_where_there_is_no_page(capsys: pytest.CaptureFixture[str]) -> None:
    told(events.ConsentNeeded(OFFICE, "", 60))

    assert "MyCodaBox > Administration > CodaBox Connect" in capsys.readouterr().err


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_any_event_alone_is_no_failure_on_a_terminal(event: events.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    streams = open_streams()
    assert streams.is_live

    with LiveProgress(streams) as progress:
        progress(event)
        progress(event)


# --- on a terminal -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    return monkeypatch


WORK = (events.StageStarted("Reading journals and statements", 1200), events.UnderWay(company("Bakkerij Kruimel"), "fetching CODA"))


def unstyled(capsys: pytest.CaptureFixture[str]) -> str:
    """All that was drawn, one picture after the other, without escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", capsys.readouterr().err)


def test_terminal_shows_below_the_bar_who_is_under_way(terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told(*WORK)

    shown = unstyled(capsys)
    assert re.search(r"Reading journals and statements .*\n  Bakkerij Kruimel  fetching CODA  00:00", shown)


def test_terminal_shows_what_came_of_it(terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told(*WORK, events.PieceDone("Bakkerij Kruimel", subject=company("Bakkerij Kruimel"), told="2 new"))

    assert "Bakkerij Kruimel  2 new" in unstyled(capsys)


def test_next_stage_begins_without_those_of_the_one_before(terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told(*WORK, events.StageStarted("Downloading files", 3))

    assert "Bakkerij" not in unstyled(capsys).rpartition("Downloading files")[2]


@pytest.mark.parametrize("columns", [56, 75, 80, 100, 160])
def test_no_number_is_cut_on_a_terminal(terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int) -> None:
    terminal.setenv("COLUMNS", str(columns))
    told(*WORK, *[events.PieceDone("x", failed=number < 12) for number in range(1200)])

    shown = unstyled(capsys)
    assert "(12 failed)" in shown
    assert "1200/1200" in shown
    assert "…" not in shown.rpartition("Reading")[2]
