"""The steps of a run, as lines of the log: what `--verbose` tells."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codalink.office.connecting.plan import Plan
    from codalink.office.events import Event
    from codalink.office.model import Survey

logger = logging.getLogger(__name__)


def tell_step(event: "Event") -> None:
    """A listener. What is changed tells of itself (office/changes.py)."""
    from codalink.office import events

    match event:
        case events.StageStarted(title, total):
            logger.info("%s: %s to do", title, total)
        case events.PieceDone(label, failed):
            logger.info("%s: %s", label, "failed" if failed else "done")
        case events.StepStarted(title):
            logger.info("%s", title)
        case events.ConsentNeeded(_, _, time_limit_s):
            logger.info("Waiting for the consent, at most %.0f s", time_limit_s)
        case events.ConsentAsked(left_s):
            logger.info("No consent yet; %.0f s left", left_s)
        case _:
            pass


def tell_plan(plan: "Plan") -> None:
    """What was decided for each company, and why."""
    logger.info("The office %s: %s", plan.office.name, plan.standing.state.name.lower().replace("_", " "))
    for planned in plan.companies:
        why = f", because: {planned.error.cause}" if planned.error else ""
        logger.info("Plan for %s: %s%s", planned.company.full_path, planned.step.value, why)


def tell_failures(survey: "Survey") -> None:
    """What could not be read, and why."""
    for failure in survey.failures:
        logger.info("%s on %s: not reached, because: %s", failure.where, failure.server, failure.error.cause)
