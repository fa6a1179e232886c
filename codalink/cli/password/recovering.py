"""`codalink password recover`."""

from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options, seen
from codalink.cli.connect import DEFAULT_CONSENT_TIMEOUT_S, ConsentTimeout, NoBrowser, Yes, ask_and_carry_out
from codalink.cli.wiring import Session
from codalink.errors import OfficePasswordLost

if TYPE_CHECKING:
    from codalink.office.connecting.plan import Plan
    from codalink.office.password.recover import NotRevoked


def recover(
    revoked: Annotated[bool, typer.Option("--revoked", help="Odoo's access is revoked in MyCodaBox: start over where it is lost.")] = False,
    yes: Yes = False,
    first: Annotated[
        str,
        typer.Option(
            "--first", metavar="COMPANY", help="With which company to make the new first connection.", autocompletion=seen.complete_company
        ),
    ] = "",
    no_browser: NoBrowser = False,
    consent_timeout: ConsentTimeout = DEFAULT_CONSENT_TIMEOUT_S,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Find the office password again, or start over where it is lost.

    Looks for it in the keyring, where an interrupted exchange may have left it, and in Odoo, which shows it for about an hour after the
    first connection. Where it is lost, the way leads through MyCodaBox: you revoke Odoo's access there, then codalink revokes in Odoo,
    makes a new first connection, and connects every company again.
    """
    with Session("password recover", options.common(config, quiet, verbose, debug), jobs=jobs) as session:
        if not _is_lost(session):
            return
        _explain(session)
        if not revoked and not _has_revoked(session):
            session.leave(exits.Exit.WAITING)
        plan = _start_over(session, first)
        ask_and_carry_out(session, plan, yes=yes, no_browser=no_browser, consent_timeout=consent_timeout)


def _is_lost(session: Session) -> bool:
    """Look for it; whether it is nowhere."""
    from codalink.office.password.recover import Recovery, recover_password
    from codalink.render.progress import LiveProgress

    office = session.configuration.office
    with session.office_lock(), LiveProgress(session.streams) as progress:
        found = recover_password(office, session.survey(progress), session.means(progress))
    session.go_on()
    if found is not Recovery.LOST:
        said = {
            Recovery.NOT_LOST: "Nothing is lost: the office password in the keyring is the valid one.",
            Recovery.SET_ASIDE: "Found: the valid office password had been set aside in the keyring. It is back in its place.",
            Recovery.IN_ODOO: "Found: Odoo still showed the office password. It is in the keyring now. Go on with `codalink connect-all`.",
        }
        session.streams.notice(said[found])
    return found is Recovery.LOST


def _explain(session: Session) -> None:
    """What a lost password means, and the way out, step by step."""
    from codalink.render.explanations import numbered

    session.streams.warn(OfficePasswordLost.default_cause)
    session.streams.warn(numbered(OfficePasswordLost.steps))


def _has_revoked(session: Session) -> bool:
    if not session.can_ask():
        raise OfficePasswordLost
    question = "Have you revoked Odoo's access in MyCodaBox? From then on no files come until the new consent is given."
    return session.confirm(question, otherwise="--revoked")


def _start_over(session: Session, first: str) -> "Plan":
    """Revoke what is left in Odoo, look again, and plan the new beginning."""
    from codalink.office.connecting.plan import Choice, make_plan
    from codalink.office.connecting.standing import OfficeState, Standing
    from codalink.office.password.recover import revoke_all
    from codalink.render.progress import LiveProgress

    office = session.configuration.office
    with session.office_lock(), LiveProgress(session.streams) as progress:
        left = revoke_all(office, session.survey(progress), session.means(progress))
        session.go_on()
        survey = session.survey(progress)
    _tell(session, left)
    return make_plan(survey, office, Standing(OfficeState.NOT_REGISTERED, is_starting_over=True), Choice(first=first))


def _tell(session: Session, left: "list[NotRevoked]") -> None:
    from codalink.render.messages import reason, sentence

    for one in left:
        session.streams.notice(sentence(f"{one.company.path} could not be revoked in Odoo:"))
        session.streams.notice(reason(one.error))
