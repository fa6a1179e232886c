"""`codalink retrieve`: fetch new statements and payroll entries now, and bring their files home."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options, seen
from codalink.cli.exported import read_exported
from codalink.cli.wiring import Session
from codalink.errors import UsageError

if TYPE_CHECKING:
    from codalink.office.delivery.originals import CompanyDownload, Period
    from codalink.office.delivery.retrieve import Retrieval
    from codalink.office.events import Listener
    from codalink.office.model import Company, Survey

_DAY = ["%Y-%m-%d"]


def retrieve(
    shown: options.Shown = options.Format.table,
    company: Annotated[
        list[str] | None,
        typer.Option(
            "--company",
            "-c",
            help="A name, a part of one, a VAT number, or database/company. May be said more than once.",
            metavar="COMPANY",
            autocompletion=seen.complete_company,
        ),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="All connected companies.")] = False,
    coda: Annotated[bool, typer.Option("--coda", help="Only bank statements.")] = False,
    soda: Annotated[bool, typer.Option("--soda", help="Only payroll entries.")] = False,
    download: Annotated[
        Path | None, typer.Option("--download", metavar="DIR", help="Bring the original files home, into this folder.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=_DAY, metavar="DATE", help="With --download: all files from this day on."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY, metavar="DATE", help="With --download: and none of later days.")
    ] = None,
    mandates: options.MandatesFile = None,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Fetch new bank statements and payroll entries from CodaBox now, and show what came in.

    Odoo does this by itself once or twice a day; this is its button "Fetch from CodaBox", for some companies or all of them. It may take
    minutes for a company with many files. Nothing new is no error. Payroll entries (SODA) come where the company has a journal for them.

    Files for which Odoo has no bank journal are skipped without a word. MyCodaBox's export of the mandates tells which: with --mandates,
    accounts whose mandate is active and that have no journal are shown too, and why nothing came in for others.

    With --download, the original CODA, PDF and SODA files of what came in are put into a folder, or with --since and --until those of a
    period: a folder for each company and account, and an index of them all. What is there already isn't downloaded again.
    """
    with Session("retrieve", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.office.delivery.originals import Period
        from codalink.office.delivery.retrieve import Wanted
        from codalink.office.delivery.retrieve import retrieve as fetch
        from codalink.office.delivery.skipped import with_mandates
        from codalink.render import retrieval as rendered
        from codalink.render.progress import LiveProgress

        if bool(company) == everyone:
            raise UsageError("Which companies?", remedy="Say either --company COMPANY or --all.")
        period = Period(since.date() if since else None, until.date() if until else None)
        if download is None and not period.is_open:
            raise UsageError("--since and --until are about --download.", remedy="Name the folder as well: --download DIR.")
        known = read_exported(session, mandates) if mandates else None
        wanted = Wanted(coda=coda or not soda, soda=soda or not coda)
        with LiveProgress(session.streams) as progress:
            survey = session.survey(progress)
            failures = survey.failures if everyone else ()
            result = fetch(_chosen(company or [], survey), failures, session.means(progress), wanted)
            if known is not None:
                result = with_mandates(result, known, session.configuration.office, survey.companies)
            downloads = _downloaded(session, result, period, download, progress) if download is not None else None
        code = exits.of_retrieval(result, downloads or ())
        session.show(lambda: rendered.records(result, downloads or ()), lambda width: rendered.table(result, downloads or (), width), code)
        session.streams.notice(rendered.summary(result, downloads))
        session.leave(code)


def _chosen(wanted: "list[str]", survey: "Survey") -> "list[Company]":
    """The companies that the user named, each once; all connected ones where none was named."""
    from codalink.office.selection import find_surveyed

    if not wanted:
        return [one for one in survey.companies if one.record.is_connected]
    return list(dict.fromkeys(find_surveyed(name, survey) for name in wanted))


def _downloaded(session: Session, result: "Retrieval", period: "Period", root: Path, listener: "Listener") -> "list[CompanyDownload]":
    """The files of what came in, also of companies for which not all could be fetched. Raises FileRefused."""
    from codalink.downloads import Folder
    from codalink.office.delivery.originals import download_originals

    connected = [row for row in result.companies if row.company.record.is_connected]
    with Folder(root) as folder:
        return download_originals(connected, period, folder, session.means(listener))
