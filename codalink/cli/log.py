"""`codalink log`: what codalink changed, when, and for whom."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from codalink.cli import exits, options, seen
from codalink.cli.wiring import Session
from codalink.errors import UsageError

_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
_LONGEST_DAYS = 36_500


def log(
    shown: options.Shown = options.Format.table,
    company: options.OneCompany = "",
    database: Annotated[
        str,
        typer.Option("--database", "-d", help="Its name, or server/name.", metavar="DATABASE", autocompletion=seen.complete_database),
    ] = "",
    what: Annotated[
        str, typer.Option("--what", metavar="WORD", help="Only what is called like this: connect, retrieve, key, password, …")
    ] = "",
    run: Annotated[str, typer.Option("--run", metavar="RUN", help="Only what this run did.")] = "",
    since: Annotated[datetime | None, typer.Option("--since", formats=_DAY_FORMATS, metavar="DATE", help="From this day on.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=_DAY_FORMATS, metavar="DATE", help="To the end of this day.")] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=_LONGEST_DAYS, help="Only the last so many days, today included.")
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what is not known to be done.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the newest so many.")] = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Show what codalink changed or tried to, when, in whose name, and how it ended; the newest at the bottom.

    Every change is written down on this computer before it is tried. "Tried" means that its end was not written down: codalink was ended in
    between, or is still at work. Nobody is asked, and nothing is changed. Who connected a company, and when? The first example tells.
    """
    with Session("log", options.common(config, quiet, verbose, debug), shown) as session:
        from codalink.journal.database import damaged_before
        from codalink.journal.reader import read_trail
        from codalink.office.trail import TrailFilter
        from codalink.render import log as rendered

        wanted = TrailFilter(company, database, _kind(what), run, *_period(since, until, days), only_failed=failed)
        journal = seen.journal_file()
        trail = read_trail(journal, wanted, limit)
        session.show(lambda: rendered.records(trail), lambda width: rendered.table(trail, width), exits.Exit.DONE)
        session.streams.notice(rendered.summary(trail))
        for damaged in damaged_before(journal):
            session.streams.notice(f"A damaged journal was set aside before: {damaged}")
        session.leave(exits.Exit.DONE)


def _kind(what: str) -> str:
    """A part of what changes are called. Raises UsageError where nothing is: an empty answer would say that nobody did it."""
    from codalink.office.changes import ChangeKind

    kinds = [kind.value for kind in ChangeKind]
    if not any(what.casefold() in kind for kind in kinds):
        raise UsageError(
            f"Nothing that codalink does is called {what!r}.", remedy=f"Say one of these, or a part of it: {', '.join(kinds)}."
        )
    return what


def _period(since: datetime | None, until: datetime | None, days: int | None) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day to the end of the last one, by this computer's clock. Raises UsageError."""
    if days is not None and since is not None:
        raise UsageError("--days and --since both say where to begin.", remedy="Say one of them.")
    if days is not None:
        since = datetime.now() - timedelta(days=days - 1)  # noqa: DTZ005  # midnight is a matter of this computer's zone, as in --since
    try:
        return _midnight(since, 0), _midnight(until, 1)
    except (OverflowError, ValueError) as error:
        raise UsageError("That day is too far away.", remedy="Say a day of the last years.") from error


def _midnight(day: datetime | None, later: int) -> datetime | None:
    """The beginning of the day so many days later."""
    if day is None:
        return None
    return (day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=later)).astimezone()
