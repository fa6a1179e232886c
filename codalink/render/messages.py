"""Errors and their remedies as lines for the user."""

from rich.text import Text

from codalink.errors import CodalinkError
from codalink.render.console import Streams, foreign
from codalink.secrets.masked import redact

_LONGEST_SENTENCE = 600


def sentence(text: str, style: str = "") -> Text:
    """A sentence that may contain foreign text; secrets that this process knows are masked, whatever their way in."""
    return foreign(redact(text), style, longest=_LONGEST_SENTENCE)


def show_error(error: CodalinkError, streams: Streams) -> None:
    """What is wrong and what to do, on standard error, quiet or not."""
    streams.err.print(Text("Error: ", style="bad"), sentence(error.cause), sep="", soft_wrap=not streams.err.is_terminal)
    streams.err.print(Text("What to do: ", style="strong"), sentence(error.remedy), sep="", soft_wrap=not streams.err.is_terminal)


def reason(error: CodalinkError | None) -> Text:
    """Cause and remedy for a table's cell."""
    if error is None:
        return Text("")
    return Text.assemble(sentence(error.cause), "\n", remedy(error))


def remedy(error: CodalinkError) -> Text:
    """What to do, as it stands below a cause."""
    return Text.assemble(("→ ", "background"), sentence(error.remedy, "background"))


def several(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 statement`, `2 statements`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
