"""A screen that is drawn again and again: the top of what there is to see, never more than fits."""

from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text


def redraw(console: Console, *parts: RenderableType, now: datetime, every_s: int) -> None:
    """Clear the terminal and show the parts, cut at its lower edge; the last line says how old it is, and how to leave."""
    lines = console.render_lines(Group(*parts), pad=False)
    room = max(1, console.height - 2)
    more = f"{len(lines) - room} more lines don't fit. " if len(lines) > room else ""
    below = Text(
        f"{more}As of {now:%H:%M:%S}, read again every {every_s} s. Ctrl-C ends.", style="background", no_wrap=True, overflow="crop"
    )
    with console:  # all at once, so that it doesn't flicker
        console.clear()
        console.print(Segments(segment for line in lines[:room] for segment in (*line, Segment.line())), end="")
        console.print(below)
