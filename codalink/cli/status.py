"""`codalink status`: where every company stands."""

from pathlib import Path
from typing import Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.wiring import Session


def status(
    shown: options.Shown = options.Format.table,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask CodaBox, through Odoo, how each connection stands now.")] = False,
    company: options.OneCompany = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", metavar="FILE")] = None,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Show where every company stands: connection, bank accounts, last statement.

    Shows what the databases have written down. With --refresh, CodaBox is asked for each connection, which takes longer.
    """
    with Session("status", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.office.duplicates import find_duplicates
        from codalink.office.selection import find_surveyed
        from codalink.office.status import read_status
        from codalink.render import machine, summaries, tables
        from codalink.render.progress import LiveProgress

        with LiveProgress(session.streams) as progress:
            survey = session.survey(progress)
            companies = [find_surveyed(company, survey)] if company else survey.companies
            failures = () if company else survey.failures
            office = read_status(
                session.configuration.office,
                companies,
                failures,
                session.means(progress),
                with_refresh=refresh,
                duplicates=find_duplicates(survey.companies),
            )
        session.go_on()
        code = exits.of_status(office)
        session.show(lambda: machine.status(office), lambda width: tables.status(office, width), code, output)
        session.streams.notice(summaries.status(office))
        session.leave(code)
