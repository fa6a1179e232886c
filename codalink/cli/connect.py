"""`codalink connect-all` and `codalink connect`: show the plan, then carry it out."""

import os
import sys
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options, seen
from codalink.cli.wiring import Session
from codalink.errors import ConsentInvalid

if TYPE_CHECKING:
    from codalink.office.connecting.plan import Choice, Plan
    from codalink.office.events import Event, Listener

DEFAULT_CONSENT_TIMEOUT_S = 600.0

DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Stop after showing the plan.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", envvar="CODALINK_YES", help="Don't ask before starting.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", envvar="CODALINK_NO_BROWSER", help="Only print the consent page's address.")]
ConsentTimeout = Annotated[
    float,
    typer.Option("--consent-timeout", envvar="CODALINK_CONSENT_TIMEOUT", min=0, metavar="SECONDS", help="How long to wait for it."),
]


def connect_all(
    shown: options.Shown = options.Format.table,
    dry_run: DryRun = False,
    yes: Yes = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            envvar="CODALINK_ONLY",
            metavar="PATTERN",
            help="Only companies or databases like this, with * and ?.",
            autocompletion=seen.complete_database,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            envvar="CODALINK_EXCLUDE",
            metavar="PATTERN",
            help="None like this.",
            autocompletion=seen.complete_database,
        ),
    ] = None,
    first: Annotated[
        str,
        typer.Option(
            "--first",
            metavar="COMPANY",
            help="With which company the office makes its first connection.",
            autocompletion=seen.complete_company,
        ),
    ] = "",
    jobs: options.Jobs = options.DEFAULT_JOBS,
    no_browser: NoBrowser = False,
    consent_timeout: ConsentTimeout = DEFAULT_CONSENT_TIMEOUT_S,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Connect every company of the office to CodaBox.

    Shows the plan and asks. The office's first connection brings a password, which goes into the keyring, and a page of MyCodaBox on which
    you give the office's consent; then every further company is connected with that password. Run it again whenever you like: it does only
    what is missing.
    """
    from codalink.office.connecting.plan import Choice
    from codalink.office.selection import Patterns

    choice = Choice(Patterns(tuple(only or ()), tuple(exclude or ())), first=first)
    with Session("connect-all", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        _connect(session, choice, dry_run=dry_run, yes=yes, no_browser=no_browser, consent_timeout=consent_timeout)


def connect(
    company: options.OneCompany,
    shown: options.Shown = options.Format.table,
    dry_run: DryRun = False,
    yes: Yes = False,
    no_browser: NoBrowser = False,
    consent_timeout: ConsentTimeout = DEFAULT_CONSENT_TIMEOUT_S,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Connect one company to CodaBox, as connect-all does with all of them."""
    from codalink.office.connecting.plan import Choice

    with Session("connect", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        choice = Choice(company=company)
        _connect(session, choice, dry_run=dry_run, yes=yes, no_browser=no_browser, consent_timeout=consent_timeout)


def _connect(session: Session, choice: "Choice", *, dry_run: bool, yes: bool, no_browser: bool, consent_timeout: float) -> None:
    from codalink.render import machine, summaries, tables
    from codalink.render.progress import LiveProgress

    with LiveProgress(session.streams) as progress:
        plan = _planned(session, choice, progress)
    session.go_on()
    if dry_run:
        code = exits.of_plan(plan)
        session.show(lambda: machine.plan(plan), lambda width: tables.plan(plan, width), code)
        session.streams.notice(summaries.plan(plan))
        session.leave(code)
    ask_and_carry_out(session, plan, yes=yes, no_browser=no_browser, consent_timeout=consent_timeout)


def ask_and_carry_out(session: Session, plan: "Plan", *, yes: bool, no_browser: bool, consent_timeout: float) -> None:
    """Show the plan, ask, carry it out, show what became of it, and leave."""
    from codalink.office.connecting.connect import carry_out
    from codalink.render import machine, summaries, tables
    from codalink.render.progress import LiveProgress

    if plan.has_work:
        session.streams.notice(tables.plan(plan, session.streams.err.width))
        session.streams.notice(summaries.plan(plan))
        if not yes and not session.confirm("Go ahead?", otherwise="--yes"):
            session.leave(exits.Exit.DONE)
    with session.office_lock(), LiveProgress(session.streams) as progress:
        run = carry_out(plan, consent_timeout, session.means(progress if no_browser else _with_browser(progress)))
    code = exits.of_run(run)
    session.show(lambda: machine.outcome(run), lambda width: tables.outcome(run, width), code)
    for line in (summaries.outcome(run), summaries.waiting(run)):
        session.streams.notice(line) if line else None
    if run.stopped_by is not None and not isinstance(run.stopped_by, ConsentInvalid):
        from codalink.render.messages import show_error

        show_error(run.stopped_by, session.streams)
    session.leave(code)


def _planned(session: Session, choice: "Choice", listener: "Listener") -> "Plan":
    from codalink.office.connecting.plan import candidates, make_plan
    from codalink.office.connecting.standing import find_standing

    office, means = session.configuration.office, session.means(listener)
    survey = session.survey(listener)
    standing = find_standing(office, candidates(survey, office, choice), means.gateways, means.passwords, means.runner, means.stop)
    return make_plan(survey, office, standing, choice)


def _with_browser(listener: "Listener") -> "Listener":
    """The listener, and besides, the consent page opened in the user's browser."""
    from codalink.office.events import ConsentNeeded

    def listen(event: "Event") -> None:
        listener(event)
        if isinstance(event, ConsentNeeded) and event.url and _has_browser():
            webbrowser.open(event.url)

    return listen


def _has_browser() -> bool:
    """Whether a window can open. On a bare Linux console `webbrowser` would start a text browser over our own output."""
    return sys.platform in {"win32", "darwin"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
