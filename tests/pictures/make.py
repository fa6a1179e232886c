"""Make the README's pictures: run codalink on the demo's office in a terminal of a given width, and draw what the screen shows.

    python -m tests.pictures.make

The screen is a real terminal emulator's (pyte), fed with what the program writes; rich draws it as SVG. POSIX only, since it needs a
pseudo-terminal. The report's picture is Chromium's.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pyte
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

from tests.pictures import report

HERE = Path(__file__).parent
ROWS = 400
NO_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
NAMES = {"brown": "yellow", "default": "default"}

COMMANDS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("plan", 80, ("connect-all", "--dry-run", "--only", "*bakkerij*", "--only", "*slagerij*", "--only", "optiek*", "--only", "ch*")),
    ("connect-all", 80, ("connect-all", "--yes", "--no-browser", "--only", "b*", "--only", "slagerij*", "--only", "optiek*")),
    ("databases", 160, ("databases",)),
    ("retrieve", 80, ("retrieve", "--company", "Bakkerij Kruimel")),
    ("", 80, ("connect-all", "--yes")),  # the rest of the office, for the last picture
    ("status", 160, ("status",)),
)


def main() -> None:
    """Make all pictures, in order, on one office."""
    with _office() as environment:
        for name, width, arguments in COMMANDS:
            screen = _screen(arguments, width, environment)
            if not name:
                continue
            svg = _drawn(f"codalink {' '.join(arguments)}", screen, width)
            (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
            sys.stdout.write(f"{name}.svg: {width} columns\n")
    report.draw(HERE / "report.png")
    sys.stdout.write("report.png\n")


@contextmanager
def _office() -> Iterator[dict[str, str]]:
    """A demo's office that keeps running, with consent given by itself, and the environment to reach it."""
    from codalink.cli.demo import running_office

    with running_office(consent_after_s=0.5) as environment:
        yield {**os.environ, **environment, "TERM": "xterm-256color"}


def _screen(arguments: Sequence[str], width: int, environment: Mapping[str, str]) -> pyte.Screen:
    """Run one command to its end in a terminal, and give back the terminal's screen."""
    screen = pyte.Screen(width, ROWS)
    stream = pyte.ByteStream(screen)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, width, 0, 0))
    command = [sys.executable, "-m", "codalink", *arguments]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment), close_fds=True)
    os.close(theirs)
    while process.poll() is None or select.select([ours], [], [], 0)[0]:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                stream.feed(os.read(ours, 65536))
            except OSError:  # the other side is closed
                break
    process.wait()
    os.close(ours)
    return screen


def _drawn(title: str, screen: pyte.Screen, width: int) -> str:
    lines = [_line(screen, row, width) for row in range(ROWS)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    console = Console(record=True, width=width, file=open(os.devnull, "w", encoding="utf-8"), force_terminal=True)  # noqa: SIM115, PTH123
    for line in lines:
        console.print(line, no_wrap=True, overflow="crop")
    svg = console.export_svg(title=title, theme=MONOKAI, unique_id=f"codalink-{title.split()[1]}")
    return NO_FONTS.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def _line(screen: pyte.Screen, row: int, width: int) -> Text:
    line = Text()
    cells = [screen.buffer[row][column] for column in range(width)]
    for (colour, bold), run in groupby(cells, key=lambda cell: (NAMES.get(cell.fg, cell.fg), cell.bold)):
        style = Style(color=None if colour == "default" else Color.parse(colour), bold=bold)
        line.append("".join(cell.data for cell in run), style)
    line.rstrip()
    return line


if __name__ == "__main__":
    main()
