"""`codalink keys import`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import options, seen
from codalink.cli.keys import places
from codalink.cli.keys.changing import changing, today
from codalink.cli.wiring import Session
from codalink.errors import ConfigurationMissing, FileRefused

if TYPE_CHECKING:
    from codalink.secrets.keys import StoredKey

_NAMED = 4


def import_keys(
    file: Annotated[str, typer.Argument(help="A CSV file: url,database,login,key and maybe expires. - is standard input.", metavar="FILE")],
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Take over the API keys of many databases from a CSV file, all or none of them.

    The file's first line is url,database,login,key,expires (the last one may be missing), with commas or semicolons. It holds the keys in
    clear, so delete it afterwards.
    """
    with Session("keys import", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.changes import Change, ChangeKind, announced
        from codalink.office.databases.known_databases import address_of
        from codalink.office.keys.key_csv import read_keys
        from codalink.office.keys.new_keys import compare
        from codalink.render.messages import sentence

        read = read_keys(_text_of(file), "standard input" if file == "-" else file, today())
        with changing(session):
            found = compare(read, session.keys)
            changed = (*found.new, *found.changed)
            with announced(session.journal, *(Change(ChangeKind.STORE_KEY, address_of(key)) for key in changed)):
                session.keys.keep(changed)
        notice = session.streams.notice
        notice(f"{len(found.new)} new keys, {len(found.changed)} changed, {len(found.same)} the same.")
        strangers = _strangers(session, read)
        if strangers:
            notice(sentence(f"For databases that codalink has not seen so far: {_joined(strangers)}."))
        if file != "-":
            notice(f"Delete {file} now: it holds the keys in clear.")


def _text_of(file: str) -> str:
    """The file's text. Raises FileRefused, without anything of the content."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).expanduser().read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise FileRefused(f"{file} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise FileRefused(f"{file} is not a text in UTF-8.", remedy="Save it as CSV UTF-8.") from None


def _strangers(session: Session, read: "Sequence[StoredKey]") -> list[str]:
    """Databases that have a key now, and nobody else knows: mistyped perhaps."""
    from codalink.office.databases.known_databases import known_databases

    try:
        known = {(str(one.server), one.name) for one in known_databases(places.sources(session), seen.places(), ())}
    except ConfigurationMissing:
        return []
    return [f"{key.origin}/{key.database}" for key in read if key.place not in known]


def _joined(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
