"""`codalink databases`: what there is."""

from codalink.cli import exits, options, seen
from codalink.cli.wiring import Session


def databases(
    shown: options.Shown = options.Format.table,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """List the customer databases and the companies in them.

    Reads every database that the configuration leads to, and says which ones can't be reached, and why. Changes nothing.
    """
    with Session("databases", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.render import machine, summaries, tables
        from codalink.render.progress import LiveProgress

        with LiveProgress(session.streams) as progress:
            survey = session.survey(progress, with_versions=True)
        session.go_on()
        code = exits.of_survey(survey)
        session.show(lambda: machine.databases(survey), lambda width: tables.databases(survey, width), code)
        for line in summaries.databases(survey, *seen.changes(survey, session.configuration.office.vat.digits)):
            session.streams.notice(line)
        session.leave(code)
