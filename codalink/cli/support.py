"""`codalink support`: what a bug report needs, in one file, without a secret and without a name."""

import platform
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from codalink.cli import options, seen
from codalink.cli.wiring import Session
from codalink.errors import CodalinkError, FileRefused

if TYPE_CHECKING:
    from codalink.odoo.gateway import DatabaseAddress
    from codalink.office.support.pack import Gathered, Setting, Trouble
    from codalink.office.trail import TrailEntry

Found = TypeVar("Found")

_ENTRIES = 500
"""How many of the newest changes go in: weeks of a small office, the last runs of a large one."""


def support(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; else in this folder. Never overwrites.")
    ] = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Pack what a bug report needs into one file: versions, configuration and trail, without secrets and without names.

    Offices, customers, databases, servers, logins, numbers and people are replaced by stand-ins such as database-7, the same ones
    throughout. Nothing is sent, nobody is asked, and the keyring is not read. Works with a broken configuration or trail too. Look into the
    file before you send it.
    """
    with Session("support", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.support.checking import refuse_unclean
        from codalink.office.support.packing import pack_up, personal, specimen
        from codalink.render import support as rendered

        gathered = _gathered(session, context.find_root().command)
        files = rendered.files(pack_up(gathered))
        refuse_unclean(files, rendered.files(pack_up(specimen(gathered))), personal(gathered))
        now = datetime.now().astimezone()
        path = output or Path(f"codalink-support-{now:%Y%m%d-%H%M%S}.zip")
        _write(path, rendered.archive(files, now))
        session.streams.notice(rendered.contents(files))
        session.streams.notice("Names have stand-ins, and no secret was read. Nothing was sent: look into the file before you send it.")
        session.put(f"{path}\n", None)


def _write(path: Path, content: bytes) -> None:
    from codalink.files import write_new

    try:
        write_new(path, content)
    except FileExistsError as error:
        raise FileRefused(f"{path} is there already.", remedy="Say another name with --output, or move that file away.") from error
    except OSError as error:
        raise FileRefused(f"{path} can't be written: {error.strerror or error}.") from error


# --- what there is -------------------------------------------------------------------------------------------------------------------


def _gathered(session: Session, root: object) -> "Gathered":
    """Everything that can be read; what can't be is told in it."""
    from codalink.cli.support_machine import machine
    from codalink.journal.database import damaged_before
    from codalink.journal.reader import names_in, read_trail
    from codalink.office.support.pack import Gathered
    from codalink.office.trail import Trail, TrailFilter

    troubles: list[Trouble] = []
    journal = seen.journal_file()
    trail = _or_trouble("trail", troubles, lambda: read_trail(journal, TrailFilter(), _ENTRIES), Trail())
    connects = _or_trouble("trail", troubles, lambda: read_trail(journal, TrailFilter(what="connect")), Trail()).entries
    nothing: set[str] = set()
    names = _or_trouble("trail", troubles, lambda: names_in(journal), nothing)
    configured, settings = _configured(session, troubles)
    places, companies = seen.places(), seen.companies()
    counts = (
        ("databases seen last time", len(places)),
        ("companies seen last time", len(companies)),
        ("companies that codalink connected, as the trail has it", len(set(_connected(connects)))),
        ("databases in files", len(configured)),
        ("changes in the trail", trail.total),
        ("damaged trails that were set aside", len(damaged_before(journal))),
        ("file of API keys", int(seen.keys_file().exists())),
    )
    return Gathered(
        machine(session.streams, _variables(root)),
        tuple(settings),
        trail,
        counts,
        frozenset(_commands(root)),
        tuple(dict.fromkeys(troubles)),
        frozenset({*names, *configured, *places, *(text for company in companies for text in company), *_of_this_computer()}),
    )


def _or_trouble(part: str, troubles: "list[Trouble]", read: Callable[[], Found], otherwise: Found) -> Found:
    from codalink.office.support.pack import Trouble

    try:
        return read()
    except CodalinkError as error:
        troubles.append(Trouble(part, error.code))
        return otherwise


def _configured(session: Session, troubles: "list[Trouble]") -> "tuple[set[str], list[Setting]]":
    """The names of databases that files of the configuration have, and the configuration's values."""
    from codalink.config import listed, settings

    configuration = _or_trouble("configuration", troubles, lambda: session.configuration, None)
    if configuration is None:
        return set(), []
    names: set[str] = set()
    nothing: list[DatabaseAddress] = []
    for number, entry in enumerate(configuration.sources, start=1):
        found = _or_trouble(f"source {number}", troubles, partial(listed, entry, session.config_path.parent), nothing)
        names |= {f"{one.server}/{one.name}" for one in found}
    return names, list(settings(configuration))


def _connected(entries: "tuple[TrailEntry, ...]") -> Iterator[tuple[str, str, int | None]]:
    from codalink.office.changes import ChangeResult

    for entry in entries:
        if entry.result is ChangeResult.DONE:
            yield entry.server, entry.database, entry.company_id


def _of_this_computer() -> set[str]:
    """What it and its user are called."""
    from codalink.journal.runs import begin_run

    return {platform.node(), begin_run("", "").person, str(Path.home())}


# --- codalink's own words ------------------------------------------------------------------------------------------------------------


def _commands(command: object, path: str = "") -> Iterator[str]:
    """The names of all commands, as in `keys rotate`."""
    for name, below in _below(command).items():
        yield f"{path}{name}"
        yield from _commands(below, f"{path}{name} ")


def _variables(command: object) -> Iterator[str]:
    """The environment variables of all options."""
    for below in _below(command).values():
        yield from _variables(below)
    if isinstance(command, TyperCommand):
        for parameter in command.params:
            yield from [parameter.envvar] if isinstance(parameter.envvar, str) else parameter.envvar or ()


def _below(command: object) -> Mapping[str, object]:
    return command.commands if isinstance(command, TyperGroup) else {}
