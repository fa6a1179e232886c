"""`codalink keys rotate`."""

from datetime import timedelta
from typing import Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.keys import places
from codalink.cli.keys.changing import changing, today
from codalink.cli.wiring import Session
from codalink.errors import UsageError

_LONGEST_LIFE_DAYS = 90
"""Odoo gives keys of other accounts than administrators' three months at most."""


def rotate(
    shown: options.Shown = options.Format.table,
    database: places.OneDatabase = "",
    everyone: Annotated[bool, typer.Option("--all", help="All databases that have a key of their own.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How long the new keys last.")] = _LONGEST_LIFE_DAYS,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Let Odoo make new API keys in place of the stored ones, and revoke the old ones.

    An old key is revoked only when the new one is stored and has proved to work. Interrupted anywhere, run it again: it goes on from there.
    Needs an Odoo of 2026 or later, and an account with the right Administration: Settings. Nothing of a key is shown.
    """
    with Session("keys rotate", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.office.databases.known_databases import find_database
        from codalink.office.keys.rotation import KeyExchange
        from codalink.render import keys, machine, summaries
        from codalink.render.progress import LiveProgress

        if bool(database) == everyone:
            raise UsageError("Which keys?", remedy="Say either --database DATABASE or --all.")
        with changing(session), LiveProgress(session.streams) as progress:
            own = places.with_own_key(session)
            wanted = own if everyone else [find_database(database, own)]
            exchange = KeyExchange(session.keys, session.gateways.open_with, _new_name, today(), today() + timedelta(days=days))
            done = exchange.rotate_all(wanted, session.means(progress))
        code = exits.Exit.INTERRUPTED if session.stop.is_requested else exits.of_keys([one.error for one in done])
        session.show(lambda: machine.rotations(done), lambda width: keys.rotations(done, width), code)
        session.streams.notice(summaries.rotations(done))
        session.leave(code)


def _new_name() -> str:
    """What Odoo lists a new key as."""
    from secrets import token_hex

    return f"codalink {today().isoformat()} {token_hex(3)}"
