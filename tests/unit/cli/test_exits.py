"""Exit codes: one table."""

import pytest

from codalink import errors
from codalink.cli.exits import WORDS, Exit, of_error, of_keys, of_plan, of_retrieval, of_run, of_survey
from codalink.errors import CodalinkError
from codalink.office.connecting.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.connecting.plan import Plan, PlannedCompany, Step
from codalink.office.connecting.standing import OfficeState, Standing
from codalink.office.delivery.retrieve import CompanyRetrieval, Retrieval
from codalink.office.model import DatabaseFailure, Survey
from tests.unit.fakes import OFFICE, company, surveyed

BROKEN = DatabaseFailure("klant-009", "https://odoo.example.be", errors.Unreachable())


def test_numbers_are_those_of_the_design() -> None:
    assert {one.name: one.value for one in Exit} == {
        "DONE": 0,
        "SOME_FAILED": 1,
        "WRONG_USAGE": 2,
        "WAITING": 3,
        "SECRETS": 4,
        "UNREACHABLE": 5,
        "INTERRUPTED": 130,
    }


def test_help_names_every_code() -> None:
    assert all(f"{code.value} " in WORDS for code in Exit)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigurationMissing(), Exit.WRONG_USAGE),
        (errors.CompanyAmbiguous(), Exit.WRONG_USAGE),
        (errors.NoTerminal(), Exit.WRONG_USAGE),
        (errors.KeyringMissing(), Exit.SECRETS),
        (errors.OfficePasswordRefused(), Exit.SECRETS),
        (errors.Unreachable(), Exit.UNREACHABLE),
        (errors.ConsentInvalid(), Exit.WAITING),
        (errors.LoginRefused(), Exit.SOME_FAILED),
        (errors.OtherOffice(), Exit.SOME_FAILED),
    ],
    ids=lambda one: type(one).__name__,
)
def test_error_has_the_code_of_its_family(error: CodalinkError, code: Exit) -> None:
    assert of_error(error) is code


@pytest.mark.parametrize(
    ("survey", "code"),
    [
        (surveyed(company()), Exit.DONE),
        (surveyed(), Exit.DONE),
        (surveyed(company(), failures=[BROKEN]), Exit.SOME_FAILED),
        (surveyed(failures=[BROKEN]), Exit.UNREACHABLE),
    ],
    ids=["all", "none there", "some", "none reached"],
)
def test_survey_tells_what_was_reached(survey: Survey, code: Exit) -> None:
    assert of_survey(survey) is code


def plan(state: OfficeState, *, companies: int = 1, failures: int = 0) -> Plan:
    return Plan(OFFICE, Standing(state), tuple([PlannedCompany(company(), Step.CONNECT)] * companies), tuple([BROKEN] * failures))


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (plan(OfficeState.READY), Exit.DONE),
        (plan(OfficeState.NOT_REGISTERED), Exit.DONE),
        (plan(OfficeState.READY, companies=0, failures=1), Exit.UNREACHABLE),
        (plan(OfficeState.PASSWORD_MISSING), Exit.SECRETS),
    ],
    ids=["ready", "not registered", "nothing reached", "password missing"],
)
def test_shown_plan_tells_what_stands_in_the_way(shown: Plan, code: Exit) -> None:
    assert of_plan(shown) is code


def run(*results: Result, error: CodalinkError | None = None, failures: int = 0, stopped_by: CodalinkError | None = None) -> RunOutcome:
    rows = tuple(CompanyOutcome(company(f"Klant {number}"), result, error) for number, result in enumerate(results))
    return RunOutcome(rows, tuple([BROKEN] * failures), stopped_by)


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (run(), Exit.DONE),
        (run(Result.CONNECTED, Result.ALREADY_CONNECTED), Exit.DONE),
        (run(Result.CONNECTED, Result.FAILED), Exit.SOME_FAILED),
        (run(Result.CONNECTED, Result.SKIPPED), Exit.SOME_FAILED),
        (run(Result.CONNECTED, Result.SKIPPED, error=errors.SharedConnection()), Exit.DONE),
        (run(Result.CONNECTED, Result.NOT_TRIED), Exit.SOME_FAILED),
        (run(Result.CONNECTED, failures=1), Exit.SOME_FAILED),
        (run(Result.FAILED, Result.WAITING_FOR_CONSENT), Exit.WAITING),
        (run(Result.FAILED, error=errors.OfficePasswordMissing()), Exit.SECRETS),
        (run(failures=1), Exit.UNREACHABLE),
        (run(Result.FAILED, Result.NOT_TRIED, stopped_by=errors.OfficePasswordRefused()), Exit.SECRETS),
        (run(Result.NOT_TRIED, stopped_by=errors.Unreachable()), Exit.UNREACHABLE),
        (run(Result.FAILED, stopped_by=errors.OfficeUnknown()), Exit.SOME_FAILED),
    ],
)
def test_run_tells_what_is_left(done: RunOutcome, code: Exit) -> None:
    assert of_run(done) is code


def test_missing_login_of_all_there_is_is_a_matter_of_secrets() -> None:
    locked = (DatabaseFailure("(all databases)", "www.odoo.com", errors.LoginSecretMissing(), is_source=True),)

    assert of_plan(Plan(OFFICE, Standing(OfficeState.UNKNOWN), (), locked)) is Exit.SECRETS
    assert of_run(RunOutcome((), locked)) is Exit.SECRETS
    assert of_retrieval(Retrieval((), locked)) is Exit.SECRETS


def test_interrupted_run_tells_so() -> None:
    assert of_run(RunOutcome((CompanyOutcome(company(), Result.WAITING_FOR_CONSENT),), was_interrupted=True)) is Exit.INTERRUPTED


def test_interrupted_run_tells_so_whatever_its_last_call_came_to() -> None:
    assert of_run(RunOutcome((), stopped_by=errors.TooManyRequests(), was_interrupted=True)) is Exit.INTERRUPTED


def retrieved(*problems: CodalinkError | None, failures: int = 0) -> Retrieval:
    return Retrieval(tuple(CompanyRetrieval(company(), error=one) for one in problems), tuple([BROKEN] * failures))


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (retrieved(None, None), Exit.DONE),
        (retrieved(None, errors.ConsentInvalid()), Exit.SOME_FAILED),
        (retrieved(errors.ConsentInvalid()), Exit.WAITING),
        (retrieved(errors.AnswerTimedOut()), Exit.UNREACHABLE),
        (retrieved(failures=2), Exit.UNREACHABLE),
        (retrieved(None, failures=1), Exit.SOME_FAILED),
    ],
)
def test_retrieval_tells_what_is_left(done: Retrieval, code: Exit) -> None:
    assert of_retrieval(done) is code


def test_interrupted_retrieval_tells_so() -> None:
    assert of_retrieval(Retrieval((), was_interrupted=True)) is Exit.INTERRUPTED


@pytest.mark.parametrize(
    ("rows", "failures", "code"),
    [
        ([], [], Exit.DONE),
        ([None, None], [], Exit.DONE),
        ([None, errors.Unreachable()], [], Exit.SOME_FAILED),
        ([None], [BROKEN], Exit.SOME_FAILED),
        ([errors.Unreachable(), errors.LoginRefused()], [], Exit.UNREACHABLE),
        ([errors.LoginRefused()], [], Exit.SOME_FAILED),
        ([], [BROKEN], Exit.UNREACHABLE),
    ],
)
def test_keys_tell_whether_some_or_all_failed(rows: list[CodalinkError | None], failures: list[DatabaseFailure], code: Exit) -> None:
    assert of_keys(rows, failures) is code
