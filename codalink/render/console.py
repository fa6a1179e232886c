"""The two streams, their colours and width, and foreign text made harmless.

Data goes to standard output, everything else to standard error. Colours: green is good, yellow waits for somebody, red needs somebody,
dim is background. `NO_COLOR` and pipes switch them off (rich does).
"""

import os
import unicodedata
from dataclasses import dataclass
from io import StringIO

from rich.console import Console, RenderableType
from rich.text import Text
from rich.theme import Theme

_THEME = Theme({"good": "green", "waiting": "yellow", "bad": "red", "background": "dim", "strong": "bold"})
_PIPE_WIDTH = 160
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Streams:
    """Standard output and standard error.

    With `is_quiet`, notices are kept back; errors and data are not. With `is_logged`, log lines come too, and nothing is drawn.
    """

    out: Console
    err: Console
    is_quiet: bool = False
    is_logged: bool = False

    @property
    def is_live(self) -> bool:
        """Whether progress can be drawn."""
        return self.err.is_terminal and not self.is_quiet and not self.is_logged

    def notice(self, *parts: RenderableType) -> None:
        """A line for the user that is not data."""
        if not self.is_quiet:
            self.warn(*parts)

    def warn(self, *parts: RenderableType) -> None:
        """A line that even a quiet run tells."""
        is_text = all(isinstance(part, (str, Text)) for part in parts)  # lines of a table would be cut
        self.err.print(*parts, highlight=False, soft_wrap=is_text and not self.err.is_terminal)


def open_streams(*, is_quiet: bool = False, is_logged: bool = False) -> Streams:
    """The streams of this process."""
    return Streams(_console(stderr=False), _console(stderr=True), is_quiet, is_logged)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, theme=_THEME, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PIPE_WIDTH
    return console


def harmless(text: str, longest: int = _LONGEST_NAME) -> str:
    """Foreign text as one line that can't style the terminal, move its cursor or turn its direction; cut where it is too long."""
    plain = "".join(" " if character.isspace() else character for character in text)
    plain = "".join(character for character in plain if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    plain = " ".join(plain.split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def harmless_lines(text: str) -> str:
    """The same for a text of several lines, such as a traceback, which keep their indentation; whole, and ending with a line's end."""
    lines = ((line, len(line) - len(line.lstrip(" "))) for line in text.splitlines())
    return "".join(f"{' ' * indented}{harmless(line, len(line) + 1)}\n" for line, indented in lines)


def foreign(text: str, style: str = "", *, link: str = "", longest: int = _LONGEST_NAME) -> Text:
    """Foreign text, ready for a table; with `link` something to click on where the terminal can."""
    shown = Text(harmless(text, longest), style=style)
    if link:
        shown.stylize(f"link {harmless(link, 2000).replace(' ', '%20')}")
    return shown


def plain(shown: RenderableType, width: int) -> str:
    """What `shown` looks like in this width, as text without colours."""
    text = StringIO()
    Console(file=text, width=width, theme=_THEME, color_system=None, markup=False, emoji=False, highlight=False).print(shown)
    return text.getvalue()
