"""Exit codes: one enumeration and one table."""

from enum import IntEnum
from typing import TYPE_CHECKING

from codalink import errors

if TYPE_CHECKING:
    from codalink.office.check import OfficeCheck
    from codalink.office.model import Survey
    from codalink.office.outcome import RunOutcome
    from codalink.office.plan import Plan
    from codalink.office.retrieve import Retrieval
    from codalink.office.status import OfficeStatus


class Exit(IntEnum):
    """What the process tells whoever started it."""

    DONE = 0
    SOME_FAILED = 1
    """Something failed for some companies; the rest is done."""
    WRONG_USAGE = 2
    WAITING = 3
    """A person has to give the consent in MyCodaBox."""
    SECRETS = 4
    """The keyring or the office password is the problem."""
    UNREACHABLE = 5
    """No database could be reached."""
    INTERRUPTED = 130


_OF_ERRORS: tuple[tuple[type[errors.CodalinkError], Exit], ...] = (
    (errors.UsageError, Exit.WRONG_USAGE),
    (errors.SecretsError, Exit.SECRETS),
    (errors.ServerError, Exit.UNREACHABLE),
    (errors.ConsentInvalid, Exit.WAITING),
    (errors.CodalinkError, Exit.SOME_FAILED),
)
"""The first row that fits decides."""

WORDS = (
    "Exit codes: 0 done, 1 failed for some companies, 2 wrong usage or configuration, 3 waiting for the consent in MyCodaBox, "
    "4 keyring or office password, 5 no database reached, 130 interrupted."
)


def of_error(error: errors.CodalinkError) -> Exit:
    """The code for an error that ended a command."""
    return next(code for kind, code in _OF_ERRORS if isinstance(error, kind))


def of_survey(survey: "Survey") -> Exit:
    """The code for having looked at everything: whether all of it, some, or nothing was reached."""
    return _of_failures([failure.error for failure in survey.failures], is_all=not survey.found)


def of_status(office: "OfficeStatus") -> Exit:
    """The code for a status: the same, for what it shows."""
    troubles = [row.trouble for row in office.companies if row.trouble is not None]
    return _of_failures([*(failure.error for failure in office.failures), *troubles], is_all=not office.companies)


def of_check(check: "OfficeCheck") -> Exit:
    """The code for a check: whether every company is connected or could be right away."""
    if check.failures and not check.companies:
        return _of_failures([failure.error for failure in check.failures], is_all=True)
    return Exit.DONE if len(check.ready) == len(check.companies) and not check.failures else Exit.SOME_FAILED


def _of_failures(failures: list[errors.CodalinkError], *, is_all: bool) -> Exit:
    if not failures:
        return Exit.DONE
    if is_all and all(isinstance(error, errors.SecretsError) for error in failures):
        return Exit.SECRETS
    return Exit.UNREACHABLE if is_all else Exit.SOME_FAILED


def of_plan(plan: "Plan") -> Exit:
    """The code for a plan that was only shown."""
    from codalink.office.standing import OfficeState

    if plan.standing.state is OfficeState.PASSWORD_MISSING:
        return Exit.SECRETS
    return Exit.UNREACHABLE if plan.failures and not plan.companies else Exit.DONE


def of_run(run: "RunOutcome") -> Exit:
    """The code for a run: what stopped it, else the waiting, else the failures."""
    from codalink.office.outcome import Result

    if run.stopped_by is not None:
        return of_error(run.stopped_by)
    if run.was_interrupted:
        return Exit.INTERRUPTED
    if run.counts[Result.WAITING_FOR_CONSENT]:
        return Exit.WAITING
    if any(isinstance(row.error, errors.SecretsError) for row in run.companies):
        return Exit.SECRETS
    if run.failures and not run.companies:
        return Exit.UNREACHABLE
    is_left = run.counts[Result.FAILED] + run.counts[Result.SKIPPED] + run.counts[Result.NOT_TRIED]
    return Exit.SOME_FAILED if is_left or run.failures else Exit.DONE


def of_retrieval(result: "Retrieval") -> Exit:
    """The code for a retrieval: a single company's error as it is, several ones as partly failed."""
    if result.was_interrupted:
        return Exit.INTERRUPTED
    failed = [row.error for row in result.companies if row.error is not None]
    if len(result.companies) == 1 and failed:
        return of_error(failed[0])
    if result.failures and not result.companies:
        return Exit.UNREACHABLE
    return Exit.SOME_FAILED if failed or result.failures else Exit.DONE
