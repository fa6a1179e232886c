"""`codalink revoke`."""

from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import options
from codalink.cli.wiring import Session
from codalink.errors import NoTerminal

if TYPE_CHECKING:
    from codalink.office.connecting.revoke import RevocationPlan


def revoke(
    company: options.OneCompany,
    yes: Annotated[bool, typer.Option("--yes", "-y", envvar="CODALINK_YES", help="Don't ask, unless it is the office's last one.")] = False,
    last: Annotated[bool, typer.Option("--last", help="With --yes: also where it is the office's last connection.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Take one company's connection to CodaBox away.

    No statements come for it from then on; those that are in Odoo stay. `codalink connect` connects it again, as long as the office has
    another connection. With the last one the office's registration ends, and what that means is said before you are asked.
    """
    with Session("revoke", options.common(config, quiet, verbose, debug), jobs=jobs) as session:
        from codalink.office.connecting import revoke as use_case
        from codalink.office.selection import find_surveyed
        from codalink.render.explanations import numbered
        from codalink.render.messages import sentence
        from codalink.render.progress import LiveProgress

        office = session.configuration.office
        with LiveProgress(session.streams) as progress:
            wanted = find_surveyed(company, session.survey(progress))
            plan = use_case.plan_revocation(office, wanted, session.means(progress))
        session.go_on()
        if not plan.has_work:
            session.streams.notice(sentence(f"{wanted.path} is not connected to CodaBox: nothing to take away."))
            return
        if plan.is_last:
            session.streams.warn(sentence(f"This is the last connection of {office.name}. When it is gone:"))
            session.streams.warn(numbered(use_case.AFTER_THE_LAST))
        if not _is_wanted(session, plan, yes=yes, last=last):
            return
        with session.office_lock(), LiveProgress(session.streams) as progress:
            use_case.revoke(plan, session.means(progress))
        session.streams.notice(sentence(f"The connection of {wanted.path} is revoked."))
        if plan.is_last:
            session.streams.notice("Now revoke Odoo's access in MyCodaBox too (Administration > CodaBox Connect).")


def _is_wanted(session: Session, plan: "RevocationPlan", *, yes: bool, last: bool) -> bool:
    """Ask, unless the options have answered; for the last connection, --yes alone is no answer."""
    if yes and (last or not plan.is_last):
        return True
    if yes and not session.can_ask():
        raise NoTerminal("It is the office's last connection.", remedy="If you want that, say --last as well.")
    what = "the office's last connection" if plan.is_last else "the connection"
    return session.confirm(f"Revoke {what}, of {plan.company.path}?", otherwise="--yes --last" if plan.is_last else "--yes")
