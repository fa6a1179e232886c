"""Foreign text made harmless, and the two streams."""

import io
import sys
import unicodedata

import pytest
from rich.console import Console
from rich.text import Text

from codalink.render.console import Streams, foreign, harmless, open_streams, plain

HOSTILE = {
    "\x1b[31mred\x1b[0m": "[31mred[0m",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07": "]8;;https://evil.examplelink]8;;",
    "\x9b31mred": "31mred",
    "bell\x07": "bell",
    "back\x08space": "backspace",
    "nul\x00": "nul",
    "two\nlines": "two lines",
    "two\r\nlines": "two lines",
    "over\rwritten": "over written",
    "tab\tbed": "tab bed",
    "vertical\x0btab\x0cfeed": "vertical tab feed",
    "line\u2028and\u2029paragraph": "line and paragraph",
    "next\x85line": "next line",
    "\u202egnp.exe": "gnp.exe",
    "\u2066isolated\u2069": "isolated",
    "\u200bzero\u200dwidth\ufeff": "zerowidth",
    "half\ud83d": "half",
    "private\ue000": "private",
    "  much   room  ": "much room",
    "no\u00a0break": "no break",
    "[bold red]markup[/]": "[bold red]markup[/]",
    "[link=https://evil.example]x[/link]": "[link=https://evil.example]x[/link]",
    ":smile:": ":smile:",
    "Zoë & Söhne 😀 日本": "Zoë & Söhne 😀 日本",
    "": "",
    "\x1b": "",
}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_foreign_text_is_made_harmless(text: str) -> None:
    assert harmless(text) == HOSTILE[text]


def test_no_character_of_unicode_gets_through_that_could_do_harm() -> None:
    numbers = [*range(0x12000), *range(0xE0000, 0xE0200), sys.maxunicode]  # where the harmful ones are
    shown = harmless("".join(f"x{chr(number)}" for number in numbers), longest=sys.maxsize)

    assert {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()


def test_long_text_is_cut() -> None:
    shown = harmless("x" * 10_000)

    assert (len(shown), shown[-1]) == (120, "…")


def test_text_that_just_fits_is_whole() -> None:
    assert harmless("x" * 120) == "x" * 120


def test_ten_thousand_escapes_are_nothing() -> None:
    assert harmless("\x1b" * 10_000) == ""


def shown_on_terminal(part: Text | str) -> str:
    file = io.StringIO()
    Console(file=file, force_terminal=True, width=200, color_system="standard", markup=False).print(part)
    return file.getvalue()


def test_markup_in_a_name_is_shown_as_it_is() -> None:
    assert plain(foreign("[bold red]x[/]"), 80).strip() == "[bold red]x[/]"


def test_name_cannot_style_the_terminal() -> None:
    assert "\x1b" not in shown_on_terminal(foreign("\x1b[31mred"))


def test_link_can_be_clicked() -> None:
    assert "https://odoo.example.be/web?db=a" in shown_on_terminal(foreign("a", link="https://odoo.example.be/web?db=a"))


def test_link_cannot_smuggle_a_style() -> None:
    shown = shown_on_terminal(foreign("a", link="https://odoo.example.be/ bold\x1b[31m"))

    assert "https://odoo.example.be/%20bold[31m" in shown


# --- streams -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A terminal with colours, as far as rich can see."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    return monkeypatch


def bad_on(streams: Streams, capsys: pytest.CaptureFixture[str]) -> str:
    streams.out.print(Text("wrong", style="bad"))
    return capsys.readouterr().out


def test_terminal_has_colours(terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b[31m" in bad_on(open_streams(), capsys)


def test_no_color_switches_colours_off(terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.setenv("NO_COLOR", "1")

    assert "\x1b[31m" not in bad_on(open_streams(), capsys)


def test_pipe_has_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    assert bad_on(open_streams(), capsys) == "wrong\n"


def test_pipe_is_wide() -> None:
    assert open_streams().out.width == 160


def test_columns_win_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")

    assert open_streams().out.width == 90


def test_notice_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    open_streams().notice("a notice")
    shown = capsys.readouterr()

    assert (shown.out, shown.err) == ("", "a notice\n")


def test_quiet_keeps_notices_back(capsys: pytest.CaptureFixture[str]) -> None:
    open_streams(is_quiet=True).notice("a notice")

    assert capsys.readouterr().err == ""


def test_markup_in_a_notice_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    open_streams().notice("[bold]x[/] :smile:")

    assert capsys.readouterr().err == "[bold]x[/] :smile:\n"


def test_pipe_is_not_live() -> None:
    assert not open_streams().is_live
