"""`codalink status`: where every company stands."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from codalink.cli import exits, options
from codalink.cli.exported import read_exported
from codalink.cli.wiring import Session
from codalink.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from codalink.office.delivery.statements import StatementsRequest
    from codalink.office.events import Listener
    from codalink.office.overview.alarms import Alarm
    from codalink.office.overview.attention import Freshness
    from codalink.office.overview.status import OfficeStatus
    from codalink.office.readiness.mandates import Mandates
    from codalink.render.machine import Record

_STALE_DAYS = 35
_EVERY_S = 60


@dataclass(frozen=True)
class _View:
    """What of a status is shown."""

    freshness: "Freshness"
    only_problems: bool
    by_account: bool

    def records(self, office: "OfficeStatus") -> "list[Record]":
        from codalink.render import machine

        rows = machine.status_accounts if self.by_account else machine.status
        return rows(office, self.freshness, only_problems=self.only_problems)

    def table(self, office: "OfficeStatus", width: int) -> "RenderableType":
        from codalink.render import status as tables

        draw = tables.accounts if self.by_account else tables.office
        return draw(office, width, self.freshness, only_problems=self.only_problems)


def status(
    shown: options.StatusShown = options.StatusFormat.table,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask CodaBox, through Odoo, how each connection stands now.")] = False,
    mandates: options.MandatesFile = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="Read every statement, and tell gaps between them. Takes longer.")] = False,
    company: options.OneCompany = "",
    accounts: Annotated[bool, typer.Option("--accounts", help="A row for each bank account, instead of each company.")] = False,
    problems: Annotated[bool, typer.Option("--problems", help="Only what needs somebody's attention.")] = False,
    stale_days: Annotated[
        int, typer.Option("--stale-after", min=1, metavar="DAYS", help="From when on a last statement counts as old.")
    ] = _STALE_DAYS,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            envvar="CODALINK_FAIL_ON",
            metavar="WORDS",
            help="End with 1 where any of these is found: gaps, stale, disconnected; several with commas. For schedulers.",
        ),
    ] = "",
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Show it again and again, until Ctrl-C.")] = False,
    every_s: Annotated[int, typer.Option("--every", min=1, metavar="SECONDS", help="With --watch: how often.")] = _EVERY_S,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", metavar="FILE")] = None,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Show where every company stands: connection, bank accounts, last statement, and what still keeps statements out.

    What needs attention comes first: broken statements, what could not be read, what can't be connected, what waits for somebody.

    A statement passes four gates: the company's connection, the office's consent, the account's mandate, a bank journal with its number.
    The first one that is closed is shown for each account, and whose turn it is to open it.

    Shows what the databases have written down, in a few calls each. With --refresh, CodaBox is asked for each connection; with --gaps,
    years of statements are read to tell where some are missing. Both take longer. Mandates are known to MyCodaBox only: with --mandates,
    its export of CODA mandates and bank accounts is read, CSV or Excel.

    `codalink status html --output report.html` makes a page for the browser: what stands where, a year of statements for each account in
    which a gap is seen at once, and what to do. It needs no network, and reads that year of statements.

    With --fail-on, a scheduler is told by the exit code: gaps (implies --gaps), stale (an account that CodaBox should fill has had no
    statement for more than --stale-after days), disconnected (a company could be connected and is not, or the consent is missing).
    """
    with Session("status", options.common(config, quiet, verbose, debug), shown.plain, jobs) as session:
        from codalink.office.overview.alarms import Alarm, raise_alarms
        from codalink.office.overview.attention import Freshness
        from codalink.render import summaries
        from codalink.render.progress import LiveProgress

        alarms = _alarms(fail_on)
        if watch:
            _can_watch(session, shown, output, fail_on)
        known = read_exported(session, mandates) if mandates else None
        freshness = Freshness(datetime.now().astimezone().date(), timedelta(days=stale_days))
        view = _View(freshness, problems, accounts)
        request = _statements(shown, freshness, is_whole=gaps or Alarm.GAPS in alarms)

        def read(listener: "Listener") -> "OfficeStatus":
            return _read(session, company, listener, with_refresh=refresh, mandates=known, statements=request)

        with LiveProgress(session.streams) as progress:
            office = read(progress)
        session.go_on()
        if watch:
            _watch(session, office, read, view, every_s)
        raised = raise_alarms(office, alarms, freshness)
        code = exits.Exit.SOME_FAILED if raised else exits.of_status(office)
        if shown is options.StatusFormat.html:
            _put_page(session, view, office, output)
        else:
            session.show(lambda: view.records(office), lambda width: view.table(office, width), code, output)
        for sentence in summaries.status(office):
            session.streams.notice(sentence)
        for sentence in summaries.alarms(raised, freshness):
            session.streams.warn(sentence)
        session.leave(code)


def _statements(shown: options.StatusFormat, freshness: "Freshness", *, is_whole: bool) -> "StatementsRequest | None":
    """Which statements are to be read: all of them, those of a page's timelines, or none."""
    from codalink.office.delivery.statements import StatementsRequest
    from codalink.render.timeline import first_day

    if is_whole:
        return StatementsRequest(freshness.today, freshness.stale_after)
    if shown is options.StatusFormat.html:
        return StatementsRequest(freshness.today, freshness.stale_after, first_day(freshness.today))
    return None


def _put_page(session: Session, view: _View, office: "OfficeStatus", output: Path | None) -> None:
    from codalink.render.report import page

    session.put(page(office, view.freshness, only_problems=view.only_problems), output)
    if output is not None:
        session.streams.notice(f"The report lies in {output.absolute()}: open it in a browser.")


def _alarms(text: str) -> "frozenset[Alarm]":
    """The words of --fail-on. Raises UsageError."""
    from codalink.office.overview.alarms import Alarm

    known = {alarm.value: alarm for alarm in Alarm}
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise UsageError(f'--fail-on doesn\'t know "{word}".', remedy=f"It knows {', '.join(known)}; several with commas between.")
    return frozenset(known[word] for word in words)


def _read(
    session: Session,
    company: str,
    listener: "Listener",
    *,
    with_refresh: bool,
    mandates: "Mandates | None",
    statements: "StatementsRequest | None",
) -> "OfficeStatus":
    """The status, with the `statements` that were asked for. Raises what find_surveyed raises."""
    from codalink.office.delivery.statements import check_statements
    from codalink.office.overview.status import read_status, with_statements
    from codalink.office.readiness.duplicates import find_duplicates
    from codalink.office.selection import find_surveyed

    survey = session.survey(listener)
    companies = [find_surveyed(company, survey)] if company else survey.companies
    failures = () if company else survey.failures
    means = session.means(listener)
    office = read_status(
        session.configuration.office,
        companies,
        failures,
        means,
        with_refresh=with_refresh,
        mandates=mandates,
        duplicates=find_duplicates(survey.companies),
        is_whole=not company,
    )
    return with_statements(office, check_statements(statements, companies, failures, means)) if statements else office


def _can_watch(session: Session, shown: options.StatusFormat, output: Path | None, fail_on: str) -> None:
    """Raises UsageError where there is nothing to redraw."""
    if shown is not options.StatusFormat.table or output is not None or fail_on:
        raise UsageError(
            "--watch shows a table, and ends with Ctrl-C only.", remedy="Leave out --watch, or the format, --output and --fail-on."
        )
    if not session.streams.out.is_terminal:
        raise UsageError("--watch draws on a terminal, and standard output is none.", remedy="Run it in a terminal, or leave out --watch.")


def _watch(session: Session, office: "OfficeStatus", read: "Callable[[Listener], OfficeStatus]", view: _View, every_s: int) -> NoReturn:
    """Show the status again and again, until somebody asks for the end."""
    from codalink.office.events import nobody
    from codalink.render import summaries
    from codalink.render.screen import redraw

    out = session.streams.out
    while True:
        now = datetime.now().astimezone()
        current = replace(view, freshness=replace(view.freshness, today=now.date()))  # it may be watched past midnight
        redraw(out, *summaries.status(office), current.table(office, out.width), now=now, every_s=every_s)
        if session.stop.sleep(every_s):
            session.leave(exits.Exit.INTERRUPTED)
        office = read(nobody)
        session.go_on()
