"""Exit codes: one enumeration and one table."""

from enum import IntEnum
from typing import TYPE_CHECKING

from codalink import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codalink.office.connecting.outcome import RunOutcome
    from codalink.office.connecting.plan import Plan
    from codalink.office.delivery.originals import CompanyDownload
    from codalink.office.delivery.retrieve import Retrieval
    from codalink.office.delivery.statements import FilesCheck, OfficeStatements
    from codalink.office.model import DatabaseFailure, Survey
    from codalink.office.overview.status import OfficeStatus
    from codalink.office.readiness.check import OfficeCheck


class Exit(IntEnum):
    """What the process tells whoever started it."""

    DONE = 0
    SOME_FAILED = 1
    """Something failed for some companies; the rest is done."""
    WRONG_USAGE = 2
    WAITING = 3
    """A person has to do something in MyCodaBox: give the consent, or take it back."""
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
    from codalink.office.connecting.standing import OfficeState

    if plan.standing.state is OfficeState.PASSWORD_MISSING:
        return Exit.SECRETS
    return Exit.DONE if plan.companies else _of_failures([failure.error for failure in plan.failures], is_all=True)


def of_run(run: "RunOutcome") -> Exit:
    """The code for a run: who or what stopped it, else the waiting, else the failures."""
    from codalink.office.connecting.outcome import Result

    if run.was_interrupted:
        return Exit.INTERRUPTED
    if run.stopped_by is not None:
        return of_error(run.stopped_by)
    if run.counts[Result.WAITING_FOR_CONSENT]:
        return Exit.WAITING
    if any(isinstance(row.error, errors.SecretsError) for row in run.companies):
        return Exit.SECRETS
    if not run.companies:
        return _of_failures([failure.error for failure in run.failures], is_all=True)
    is_served = {row.company for row in run.companies if isinstance(row.error, errors.SharedConnection)}  # by another company's connection
    left = {row.company for row in run.companies if row.result in {Result.FAILED, Result.SKIPPED, Result.NOT_TRIED}} - is_served
    return Exit.SOME_FAILED if left or run.failures else Exit.DONE


def of_statements(found: "OfficeStatements", files: "FilesCheck") -> Exit:
    """The code for the statements: whether all of them are there, as far as balances can prove it."""
    unread = [row.error for row in found.companies if row.error is not None]
    if found.failures and not found.companies:
        return _of_failures([failure.error for failure in found.failures], is_all=True)
    accounts = [*found.accounts, *files.accounts]
    is_whole = all(account.is_complete for account in accounts) and all(fault.is_hint for fault in files.faults)
    return Exit.DONE if is_whole and not unread and not found.failures else Exit.SOME_FAILED


def of_keys(rows: "Sequence[errors.CodalinkError | None]", failures: "Sequence[DatabaseFailure]" = ()) -> Exit:
    """The code for rows that went well or have an error, and sources that failed: the first error's where nothing went well."""
    failed = [error for error in rows if error is not None] + [failure.error for failure in failures]
    if not failed:
        return Exit.DONE
    return of_error(failed[0]) if len(failed) == len(rows) + len(failures) else Exit.SOME_FAILED


def of_retrieval(result: "Retrieval", downloads: "Sequence[CompanyDownload]" = ()) -> Exit:
    """The code for a retrieval: a single company's error as it is, several ones as partly failed."""
    if result.was_interrupted:
        return Exit.INTERRUPTED
    failed = [row.error for row in result.companies if row.error is not None]
    failed += [one.error for one in downloads if one.error is not None]
    if len(result.companies) == 1 and failed:
        return of_error(failed[0])
    if not result.companies:
        return _of_failures([failure.error for failure in result.failures], is_all=True)
    return Exit.SOME_FAILED if failed or result.failures else Exit.DONE
