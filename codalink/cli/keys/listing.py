"""`codalink keys list`."""

from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.keys import places
from codalink.cli.keys.changing import changing, today
from codalink.cli.wiring import Session

if TYPE_CHECKING:
    from codalink.office.keys.listing import KeyList
    from codalink.office.model import DatabaseFailure


def show_list(
    shown: options.Shown = options.Format.table,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask Odoo how old the keys are, and until when they last.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Show which databases have an API key of their own, how old it is, and when it expires.

    Nothing of a key is shown. Without --refresh nobody is asked: databases that codalink has not seen yet are missing then.
    """
    with Session("keys list", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.render import keys, machine, summaries

        listing, failures = _refreshed(session) if refresh else (_stored(session), [])
        session.go_on()
        code = exits.of_keys([row.error for row in listing.rows], failures)
        session.show(lambda: machine.keys(listing, failures), lambda width: keys.listing(listing, width), code)
        _tell_failures(session, failures)
        session.streams.notice(summaries.keys(listing))
        session.leave(code)


def _stored(session: Session) -> "KeyList":
    """As far as this computer knows."""
    from codalink.office.keys.listing import list_keys

    return list_keys(places.known(session), session.keys, session.credentials, today())


def _refreshed(session: Session) -> "tuple[KeyList, list[DatabaseFailure]]":
    """The list with what Odoo tells, which is stored too; and the sources that could not be asked."""
    from codalink.office.keys.listing import list_keys, refresh_keys
    from codalink.render.progress import LiveProgress

    with changing(session), LiveProgress(session.streams) as progress:
        databases, failures = places.asked_for(session)
        stored = list_keys(databases, session.keys, session.credentials, today())
        return refresh_keys(stored, session.keys, session.credentials, session.means(progress)), failures


def _tell_failures(session: Session, failures: "list[DatabaseFailure]") -> None:
    from codalink.render.messages import sentence, show_error

    for failure in failures:
        session.streams.notice(sentence(f"{failure.where} on {failure.server}:"))
        show_error(failure.error, session.streams)
