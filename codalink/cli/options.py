"""Options that several commands share, each said once."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from codalink.cli import seen


class Format(str, Enum):  # noqa: UP042  # Typer shows a str enum's values
    """How results are shown."""

    table = "table"
    json = "json"
    csv = "csv"


class StatusFormat(str, Enum):  # noqa: UP042  # as above
    """How a status is shown: as other results are, or as a page."""

    table = Format.table.value
    json = Format.json.value
    csv = Format.csv.value
    html = "html"

    @property
    def plain(self) -> Format:
        """The same among those of other results; a table where it is none of them."""
        return Format.table if self is StatusFormat.html else Format(self.value)


@dataclass(frozen=True)
class Common:
    """What every command takes."""

    config: Path | None
    is_quiet: bool
    is_verbose: bool
    is_debug: bool


def common(config: Path | None, quiet: bool, verbose: bool, debug: bool) -> Common:  # as Typer hands them over
    """The shared options of one command."""
    return Common(config, quiet, verbose, debug)


_GENERAL = "General"

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="CODALINK_CONFIG", help="Another configuration file.", metavar="FILE", rich_help_panel=_GENERAL),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", envvar="CODALINK_QUIET", help="Only results and errors.", rich_help_panel=_GENERAL)]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", envvar="CODALINK_VERBOSE", help="Tell what is done, step by step.", rich_help_panel=_GENERAL)
]
Debug = Annotated[
    bool, typer.Option("--debug", envvar="CODALINK_DEBUG", help="Tell every call, and where an error arose.", rich_help_panel=_GENERAL)
]

Shown = Annotated[Format, typer.Argument(envvar="CODALINK_FORMAT", help="How to show the results.", metavar="FORMAT")]
StatusShown = Annotated[
    StatusFormat,
    typer.Argument(envvar="CODALINK_FORMAT", help="How to show the results; html is a page for the browser.", metavar="FORMAT"),
]
OneCompany = Annotated[
    str,
    typer.Option(
        "--company",
        "-c",
        envvar="CODALINK_COMPANY",
        help="A name, a part of one, a VAT number, or database/company.",
        metavar="COMPANY",
        autocompletion=seen.complete_company,
    ),
]
MandatesFile = Annotated[
    Path | None,
    typer.Option(
        "--mandates",
        "-m",
        envvar="CODALINK_MANDATES",
        help="MyCodaBox's export of CODA mandates and bank accounts, CSV or Excel.",
        metavar="FILE",
    ),
]
DEFAULT_JOBS = 16
JOBS_PER_SERVER = 8
"""Politely few at a time for one host; `--jobs` is for all of them together."""
_JOBS_HELP = f"How many databases side by side; at most {JOBS_PER_SERVER} of one server."
Jobs = Annotated[int, typer.Option("--jobs", "-j", envvar="CODALINK_JOBS", min=1, max=64, help=_JOBS_HELP)]


def help_text(function: Callable[..., None], examples: Sequence[str]) -> str:
    """A command's docstring as Typer shows it best, with examples to copy: each paragraph one line, so that the terminal breaks it."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(function.__doc__ or "").split("\n\n")]
    return "\n\n".join([*paragraphs, "Examples:\n" + "\n".join(f"  {example}" for example in examples)])
