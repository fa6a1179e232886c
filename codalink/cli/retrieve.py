"""`codalink retrieve`: fetch new statements now."""

from typing import Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.wiring import Session
from codalink.errors import UsageError


def retrieve(
    shown: options.Shown = options.Format.table,
    company: options.OneCompany = "",
    everyone: Annotated[bool, typer.Option("--all", help="All connected companies.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Fetch new bank statements from CodaBox now, and show what came in.

    Odoo does this by itself once or twice a day; this is its button "Fetch from CodaBox", for one company or all of them. It may take
    minutes for a company with many files. Nothing new is no error.
    """
    with Session("retrieve", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.office.retrieve import retrieve as fetch
        from codalink.office.selection import find_surveyed
        from codalink.render import machine, tables
        from codalink.render.progress import LiveProgress

        if bool(company) == everyone:
            raise UsageError("Which companies?", remedy="Say either --company COMPANY or --all.")
        with LiveProgress(session.streams) as progress:
            survey = session.survey(progress)
            wanted = [find_surveyed(company, survey)] if company else [one for one in survey.companies if one.record.is_connected]
            result = fetch(wanted, survey.failures if everyone else (), session.means(progress))
        code = exits.of_retrieval(result)
        session.show(lambda: machine.retrieval(result), lambda width: tables.retrieval(result, width), code)
        session.streams.notice(f"{sum(one.count for one in result.companies)} new statements for {len(result.companies)} companies.")
        session.leave(code)
