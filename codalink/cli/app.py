"""The Typer application: every command, the global options, and the outermost border."""

import sys
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated

import typer

from codalink import __version__
from codalink.cli import exits
from codalink.cli.check import check
from codalink.cli.connect import connect, connect_all
from codalink.cli.databases import databases
from codalink.cli.demo import demo
from codalink.cli.explain import explain
from codalink.cli.interrupts import leave_at_once
from codalink.cli.keys import app as keys
from codalink.cli.letter import letter
from codalink.cli.log import log
from codalink.cli.options import help_text
from codalink.cli.password import app as password
from codalink.cli.retrieve import retrieve
from codalink.cli.setup import setup
from codalink.cli.statements import app as statements
from codalink.cli.status import status

app = typer.Typer(
    name="codalink",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # main() says it in a sentence, and never with local variables
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Connect all companies of a Belgian accounting office on Odoo to CodaBox.",
)

_COMMANDS: tuple[tuple[str, Callable[..., None], tuple[str, ...]], ...] = (
    (
        "setup",
        setup,
        (
            "codalink setup",
            "codalink setup --server https://odoo.example.be --login me@example.be",
            "codalink setup --odoo-com me@example.be --databases-file others.csv",
        ),
    ),
    ("databases", databases, ("codalink databases", "codalink databases csv > databases.csv")),
    (
        "check",
        check,
        ("codalink check", "codalink check --company kruimel", "codalink check --mandates mandates.xlsx", "codalink check --fix"),
    ),
    (
        "connect-all",
        connect_all,
        ("codalink connect-all --dry-run", "codalink connect-all", "codalink connect-all --only 'bakkerij*' --yes json"),
    ),
    ("connect", connect, ("codalink connect --company 0477472701", "codalink connect -c klant_db/Bakkerij")),
    (
        "status",
        status,
        (
            "codalink status",
            "codalink status --refresh --mandates mandates.xlsx",
            "codalink status --accounts --gaps --problems",
            "codalink status csv --output status.csv",
            "codalink status --quiet --fail-on gaps,stale,disconnected",
            "codalink status --watch --every 300",
        ),
    ),
    ("retrieve", retrieve, ("codalink retrieve --company bakkerij", "codalink retrieve --all --quiet")),
    (
        "log",
        log,
        ("codalink log --company kruimel --what connect", "codalink log --days 7 --failed", "codalink log csv --run 3fa94c21d0 > run.csv"),
    ),
    (
        "letter",
        letter,
        (
            "codalink letter mandate --company kruimel",
            "codalink letter connected --all --eml --output letters",
            "codalink letter missing -c kruimel --from 2026-03-02 --until 2026-03-06 --number 41 --number 42 --lang nl",
        ),
    ),
    (
        "explain",
        explain,
        (
            "codalink explain",
            "codalink explain awaiting signature",
            'codalink explain "CodaBox consent is not valid. Please reconnect."',
            "codalink explain --company kruimel",
            "codalink explain situation",
        ),
    ),
    ("demo", demo, ("codalink demo", "codalink demo --interactive", "codalink demo --serve")),
)
for _name, _function, _examples in _COMMANDS:
    app.command(_name, help=help_text(_function, _examples), epilog=exits.WORDS)(_function)
app.add_typer(password, name="password")
app.add_typer(keys, name="keys")
app.add_typer(statements, name="statements")


def _show_version(wanted: bool) -> None:  # as Typer calls it
    if wanted:
        typer.echo(f"codalink {__version__}")
        raise typer.Exit


@app.callback(epilog="New here? Run codalink demo: an office of your own to try everything, with nothing installed.")
def everywhere(
    version: Annotated[bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Connect all companies of a Belgian accounting office on Odoo to CodaBox."""
    del version


def main() -> None:
    """Run the command line, and let no traceback reach a user who didn't ask for one."""
    leave_at_once()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without accents loses letters, not the run
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left: nothing to say, and nobody to say it to
        sys.exit(exits.Exit.DONE)
    except Exception as error:  # noqa: BLE001  # the outermost border: whatever was forgotten becomes a sentence here
        from codalink.secrets.masked import redact

        if "--debug" in sys.argv:
            sys.stderr.write(redact("".join(traceback.format_exception(error))))
        sys.stderr.write(redact(f"Error: codalink met something that it does not know: {type(error).__name__}: {error}\n"))
        sys.stderr.write("What to do: run the command again with --debug, and report what it says.\n")
        sys.exit(exits.Exit.SOME_FAILED)
