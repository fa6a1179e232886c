"""`codalink statements`: are the statements complete?"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.wiring import Session
from codalink.errors import UsageError

if TYPE_CHECKING:
    from codalink.office.delivery.statements import OfficeStatements, StatementsRequest
    from codalink.office.events import Listener

app = typer.Typer(no_args_is_help=True, help="Are the bank statements complete?")

_DEFAULT_SILENT_DAYS = 35


def check(
    shown: options.Shown = options.Format.table,
    company: options.OneCompany = "",
    files: Annotated[
        Path | None,
        typer.Option("--files", metavar="DIR", help="Check the CODA files in this folder too, and whether Odoo has booked what they say."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="With --files: don't ask Odoo.")] = False,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], metavar="DATE", help="From this day on.")] = None,
    silent_days: Annotated[
        int, typer.Option("--silent-after", min=1, metavar="DAYS", help="From when on an account without statements is told.")
    ] = _DEFAULT_SILENT_DAYS,
    problems: Annotated[bool, typer.Option("--problems", help="Only the accounts with something to tell.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Check that each bank account's statements follow each other without a gap.

    The balance is the proof: each statement has to begin with the balance with which the one before it ended. Told are gaps with the days
    and the amount that is missing, statements that are there twice, overlaps, and accounts that have been silent for long. Nothing is
    changed.

    With --files, the CODA files of a folder are read too: each is checked inside, and compared with what Odoo has booked.
    """
    with Session("statements check", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.coda import check_files, links_by_account, read_folder
        from codalink.office.delivery.statements import FilesCheck, OfficeStatements, StatementsRequest
        from codalink.render import statements as rendered
        from codalink.render.progress import LiveProgress

        if offline and files is None:
            raise UsageError("Without Odoo and without files there is nothing to check.", remedy="Name the files' folder: --files DIR.")
        today = datetime.now().astimezone().date()
        read = read_folder(files) if files is not None else []
        in_files = check_files(read, today) if read else FilesCheck()
        booked = links_by_account(read) if files is not None else None
        request = StatementsRequest(today, timedelta(days=silent_days), since.date() if since else None, booked)
        found = OfficeStatements()
        if not offline:
            with LiveProgress(session.streams) as progress:
                found = _read(session, request, company, progress)
            session.go_on()
        code = exits.of_statements(found, in_files)
        session.show(
            lambda: rendered.records(found, in_files),
            lambda width: rendered.table(found, in_files, width, only_problems=problems),
            code,
        )
        session.streams.notice(rendered.summary(found, in_files))
        session.leave(code)


def _read(session: Session, request: "StatementsRequest", company: str, listener: "Listener") -> "OfficeStatements":
    from codalink.office.delivery.statements import check_statements
    from codalink.office.selection import find_surveyed

    survey = session.survey(listener)
    companies = [find_surveyed(company, survey)] if company else survey.companies
    return check_statements(request, companies, () if company else survey.failures, session.means(listener))


app.command(
    "check",
    help=options.help_text(
        check,
        (
            "codalink statements check",
            "codalink statements check --company kruimel --since 2026-01-01",
            "codalink statements check --files coda --offline",
            "codalink statements check json --problems",
        ),
    ),
    epilog=exits.WORDS,
)(check)
