"""MyCodaBox's export of mandates, for the commands that take it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codalink.cli.wiring import Session
    from codalink.office.readiness.mandates import Mandates


def read_exported(session: "Session", file: Path) -> "Mandates":
    """The mandates in it; rows that can't be used are told. Raises FileRefused, UsageError."""
    from codalink.mycodabox import read_mandates
    from codalink.render.summaries import left_out

    mandates = read_mandates(file)
    for line in left_out(mandates):
        session.streams.notice(line)
    return mandates
