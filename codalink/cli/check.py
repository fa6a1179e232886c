"""`codalink check`: what stands between each company and its connection, and putting in order what can be."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.exported import read_exported
from codalink.cli.wiring import Session
from codalink.errors import UsageError

if TYPE_CHECKING:
    from codalink.office.events import Listener
    from codalink.office.readiness.check import OfficeCheck
    from codalink.office.readiness.mandates import Mandates
    from codalink.office.readiness.repair import LeftAlone, RepairOutcome, RepairPlan

_ROUNDS = 3
"""Installing a module lets Odoo tell more of a company: so often is looked again."""


def check(
    shown: options.Shown = options.Format.table,
    mandates: options.MandatesFile = None,
    company: options.OneCompany = "",
    problems: Annotated[bool, typer.Option("--problems", help="Only the companies with open points.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Show what can be put in order, ask, and do it.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="With --fix: stop after showing it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", envvar="CODALINK_YES", help="With --fix: don't ask.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Check what stands between each company and its statements.

    Looks at the database, the rights, the module CodaBox, the company's number, its accounting firm, bank journals, connection, consent and
    last statement, and changes nothing. For one company (--company), every condition is listed. Mandates are known to MyCodaBox only: with
    --mandates, its export of CODA mandates and bank accounts is read, CSV or Excel.

    With --fix, codalink shows what it can put in order, asks, and does only that: install the module CodaBox, set your office as accounting
    firm where none is set, choose CodaBox as bank feed where none is chosen, set the country of companies with a Belgian number. What
    somebody has chosen is never changed.
    """
    with Session("check", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.render import checks, machine, summaries
        from codalink.render.progress import LiveProgress

        if (dry_run or yes) and not fix:
            raise UsageError("--dry-run and --yes are about --fix.", remedy="Say --fix as well, or neither of them.")
        known = read_exported(session, mandates) if mandates else None
        with LiveProgress(session.streams) as progress:
            checked = checked_companies(session, company, progress, known)
        session.go_on()
        repaired: list[RepairOutcome] = []
        left: Sequence[LeftAlone] = ()
        if fix:
            repaired, left, checked = _fixed(session, company, checked, known, dry_run=dry_run, yes=yes)
        code = _code(checked, repaired, left)
        session.show(
            lambda: machine.check(checked, repaired),
            lambda width: checks.company(checked.companies[0]) if company else checks.office(checked, width, only_problems=problems),
            code,
        )
        for line in summaries.check(checked, is_fixed=fix and not dry_run):
            session.streams.notice(line)
        session.leave(code)


def _code(checked: "OfficeCheck", repaired: "list[RepairOutcome]", left: "Sequence[LeftAlone]") -> exits.Exit:
    """The check's own, unless something could not be repaired, or not even looked at."""
    code = exits.of_check(checked)
    is_failed = any(outcome.error is not None for outcome in repaired) or any(not one.is_for_a_person for one in left)
    return exits.Exit.SOME_FAILED if code is exits.Exit.DONE and is_failed else code


def checked_companies(session: Session, company: str, listener: "Listener", mandates: "Mandates | None" = None) -> "OfficeCheck":
    """Check the company that is named, or all of them. Raises what find_surveyed raises."""
    from codalink.office.readiness.check import check_companies
    from codalink.office.selection import find_surveyed

    survey = session.survey(listener, with_versions=True)
    companies = [find_surveyed(company, survey)] if company else survey.companies
    today = datetime.now().astimezone().date()
    return check_companies(
        session.configuration.office, survey, companies, session.means(listener), today, is_whole=not company, mandates=mandates
    )


def _fixed(
    session: Session, company: str, checked: "OfficeCheck", mandates: "Mandates | None", *, dry_run: bool, yes: bool
) -> "tuple[list[RepairOutcome], Sequence[LeftAlone], OfficeCheck]":
    """Put in order what can be, in rounds, each shown and asked for; what was done and what was left, and the check after it."""
    from codalink.office.readiness.repair import carry_out_repairs
    from codalink.render import checks, summaries
    from codalink.render.progress import LiveProgress

    outcomes: list[RepairOutcome] = []
    for _ in range(_ROUNDS):
        plan = _planned(session, checked)
        done_before = {outcome.repair for outcome in outcomes}
        if not set(plan.repairs) - done_before:
            session.streams.notice("Nothing more to put in order." if outcomes else "There is nothing that codalink could put in order.")
            session.streams.notice(checks.left_alone(plan)) if plan.left else None
            break
        session.streams.notice(checks.repairs(plan, session.streams.err.width))
        session.streams.notice(summaries.repairs(plan))
        if dry_run or not (yes or session.confirm("Go ahead?", otherwise="--yes")):
            break
        with session.office_lock(), LiveProgress(session.streams) as progress:
            done = carry_out_repairs(plan, session.means(progress))
        outcomes += done
        session.streams.notice(checks.repaired(done, session.streams.err.width))
        session.streams.notice(summaries.repaired(done))
        session.go_on()
        with LiveProgress(session.streams) as progress:
            checked = checked_companies(session, company, progress, mandates)
        session.go_on()
    return outcomes, plan.left, checked


def _planned(session: Session, checked: "OfficeCheck") -> "RepairPlan":
    from codalink.office.readiness.repair import plan_repairs
    from codalink.render.progress import LiveProgress

    with LiveProgress(session.streams) as progress:
        plan = plan_repairs(checked, session.means(progress))
    session.go_on()
    return plan
