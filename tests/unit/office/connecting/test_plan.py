"""The plan: every standing with every kind of company."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.codabox.connection import FirstConnection
from codalink.odoo.gateway import ServerUrl
from codalink.office.connecting.plan import Choice, Plan, Step, candidates, make_plan, obstacles
from codalink.office.connecting.standing import LivingWizard, OfficeState, Standing
from codalink.office.model import Company, DatabaseFailure
from codalink.office.selection import Patterns
from codalink.secrets.masked import Secret
from tests.unit.fakes import NUMBERS, OFFICE, address, company, surveyed

OPEN = company("Open", "k1")
SECOND = company("Second", "k2", number=NUMBERS[2])
CONNECTED = company("Connected", "k3", number=NUMBERS[3], is_connected=True)
FRENCH = company("French", "k4", country="FR", number=NUMBERS[4])
OTHER = company("Other", "k5", office=NUMBERS[1], is_connected=True)
BROKEN_NUMBER = company("Broken", "k6", number="123", is_connected=True)
ALL = (FRENCH, OPEN, SECOND, CONNECTED, OTHER, BROKEN_NUMBER)
WIZARD = LivingWizard(SECOND, FirstConnection(1, Secret("pw-0101"), ""))
TROUBLE = errors.ProxyDown()


class Expected(NamedTuple):
    """The step and the kind of its error."""

    step: Step
    error: type[CodalinkError] | None = None


CANNOT_PASSWORD = Expected(Step.CANNOT, errors.OfficePasswordMissing)
CANNOT_TROUBLE = Expected(Step.CANNOT, errors.ProxyDown)
CONNECT, FIRST, AWAIT = Expected(Step.CONNECT), Expected(Step.FIRST_CONNECTION), Expected(Step.AWAIT_CONSENT)
STANDINGS: dict[str, tuple[Standing, Expected, Expected]] = {
    "not registered": (Standing(OfficeState.NOT_REGISTERED, OPEN), FIRST, CONNECT),
    "consent missing, asked": (Standing(OfficeState.CONSENT_MISSING, OPEN), AWAIT, CONNECT),
    "consent missing, wizard": (Standing(OfficeState.CONSENT_MISSING, OPEN, WIZARD), CONNECT, AWAIT),
    "password missing": (Standing(OfficeState.PASSWORD_MISSING), CANNOT_PASSWORD, CANNOT_PASSWORD),
    "ready": (Standing(OfficeState.READY), CONNECT, CONNECT),
    "unknown": (Standing(OfficeState.UNKNOWN, error=TROUBLE), CANNOT_TROUBLE, CANNOT_TROUBLE),
}
REGARDLESS = {
    FRENCH: Expected(Step.CANNOT, errors.NotBelgian),
    CONNECTED: Expected(Step.ALREADY_CONNECTED),
    OTHER: Expected(Step.CANNOT, errors.OtherOffice),
    BROKEN_NUMBER: Expected(Step.ALREADY_CONNECTED),
}
every_standing = pytest.mark.parametrize("name", STANDINGS)


def planned(standing: Standing, choice: Choice | None = None, *companies: Company) -> Plan:
    return make_plan(surveyed(*(companies or ALL)), OFFICE, standing, choice or Choice())


def steps(plan: Plan) -> dict[Company, Expected]:
    return {row.company: Expected(row.step, type(row.error) if row.error else None) for row in plan.companies}


@every_standing
def test_company_that_can_be_connected_has_its_step(name: str) -> None:
    standing, first, second = STANDINGS[name]
    found = steps(planned(standing))

    assert (found[OPEN], found[SECOND]) == (first, second)


@every_standing
@pytest.mark.parametrize("one", REGARDLESS, ids=lambda one: one.name)
def test_company_that_needs_nothing_or_cannot_has_its_step(name: str, one: Company) -> None:
    assert steps(planned(STANDINGS[name][0]))[one] == REGARDLESS[one]


@every_standing
def test_plan_keeps_every_company_in_order(name: str) -> None:
    assert [row.company for row in planned(STANDINGS[name][0]).companies] == list(ALL)


@every_standing
def test_every_company_that_cannot_has_a_reason(name: str) -> None:
    assert all(row.error is not None for row in planned(STANDINGS[name][0]).companies if row.step is Step.CANNOT)


@every_standing
def test_at_most_one_company_begins(name: str) -> None:
    assert len(planned(STANDINGS[name][0]).with_step(Step.FIRST_CONNECTION, Step.AWAIT_CONSENT)) <= 1


@pytest.mark.parametrize("state", [OfficeState.PASSWORD_MISSING, OfficeState.UNKNOWN])
def test_plan_that_can_do_nothing_has_no_work(state: OfficeState) -> None:
    assert not planned(Standing(state, error=TROUBLE)).has_work


def test_plan_with_everything_connected_has_no_work() -> None:
    assert not planned(Standing(OfficeState.READY), None, CONNECTED, FRENCH).has_work


def test_plan_with_an_open_company_has_work() -> None:
    assert planned(Standing(OfficeState.READY)).has_work


def test_candidates_are_those_without_an_obstacle() -> None:
    assert candidates(surveyed(*ALL), OFFICE, Choice()) == [OPEN, SECOND, CONNECTED]


# --- companies with the same number --------------------------------------------------------------------------------------------------

READY = Standing(OfficeState.READY)
OTHER_SERVER = ServerUrl("https", "other.example.be", 443)
BRANCH = company("Branch", "k1", record_id=2, parent_id=1)
BARE_BRANCH = company("Bare", "k1", record_id=3, parent_id=1, number="", office="")
COPY = company("Open", "k1-test")


@pytest.mark.parametrize("branch", [BRANCH, BARE_BRANCH], ids=lambda one: one.name)
def test_branch_is_left_to_the_connection_of_its_company(branch: Company) -> None:
    assert steps(planned(READY, None, OPEN, branch)) == {OPEN: CONNECT, branch: Expected(Step.CANNOT, errors.SharedConnection)}


def test_branch_is_connected_in_its_company_s_place_only_where_it_is_named_itself() -> None:
    by_path, by_database = Choice(company="k1/Branch"), Choice(Patterns(include=("k1",)))

    assert steps(planned(READY, by_path, OPEN, BRANCH))[BRANCH] == CONNECT
    assert steps(planned(READY, by_database, OPEN, BRANCH))[BRANCH].error is errors.SharedConnection


def test_branch_is_not_connected_beside_its_company_even_where_it_is_named() -> None:
    head = company("Open", "k1", is_connected=True)

    assert steps(planned(READY, Choice(company="k1/Branch"), head, BRANCH))[BRANCH].error is errors.SharedConnection


def test_copy_is_connected_where_it_or_its_database_is_named() -> None:
    choices = Choice(), Choice(company="k1-test/Open"), Choice(Patterns(include=("k1-test",)))

    assert [steps(planned(READY, choice, OPEN, COPY))[COPY].step for choice in choices] == [Step.CANNOT, Step.CONNECT, Step.CONNECT]


def test_same_name_on_two_servers_is_meant_where_the_server_is_named_too() -> None:
    elsewhere = replace(OPEN, database=address("k1", OTHER_SERVER))
    choices = Choice(Patterns(include=("k1",))), Choice(Patterns(include=("k1/open",))), Choice(company=elsewhere.full_path)
    twins = surveyed(OPEN, elsewhere)

    assert [elsewhere not in obstacles(twins, OFFICE, choice) for choice in choices] == [False, False, True]
    assert list(steps(make_plan(twins, OFFICE, READY, choices[2]))) == [elsewhere]


# --- choices -------------------------------------------------------------------------------------------------------------------------


def test_chosen_first_makes_the_first_connection() -> None:
    found = steps(planned(Standing(OfficeState.NOT_REGISTERED, OPEN), Choice(first="Second")))

    assert (found[OPEN], found[SECOND]) == (CONNECT, FIRST)


def test_first_that_cannot_be_connected_is_refused() -> None:
    with pytest.raises(errors.UsageError, match="k4/French can't be the first"):
        planned(Standing(OfficeState.NOT_REGISTERED, OPEN), Choice(first="French"))


def test_first_that_is_unknown_is_refused() -> None:
    with pytest.raises(errors.CompanyUnknown):
        planned(Standing(OfficeState.NOT_REGISTERED, OPEN), Choice(first="xyzzy"))


def test_chosen_first_counts_for_nothing_where_the_office_is_registered() -> None:
    assert steps(planned(Standing(OfficeState.READY), Choice(first="Second")))[SECOND] == CONNECT


def test_one_company_is_planned_alone() -> None:
    assert list(steps(planned(Standing(OfficeState.READY), Choice(company="Second")))) == [SECOND]


def test_one_company_of_an_unregistered_office_is_the_first() -> None:
    assert steps(planned(Standing(OfficeState.NOT_REGISTERED, OPEN), Choice(company="Second"))) == {SECOND: FIRST}


def test_patterns_choose() -> None:
    assert list(steps(planned(Standing(OfficeState.READY), Choice(Patterns(exclude=("k1", "k3")))))) == [
        FRENCH,
        SECOND,
        OTHER,
        BROKEN_NUMBER,
    ]


def test_failures_are_in_the_plan_of_all() -> None:
    failure = DatabaseFailure("k9", "https://odoo.example.be", errors.Unreachable())

    assert make_plan(surveyed(OPEN, failures=[failure]), OFFICE, Standing(OfficeState.READY), Choice()).failures == (failure,)


def test_failures_do_not_concern_one_company() -> None:
    failure = DatabaseFailure("k9", "https://odoo.example.be", errors.Unreachable())

    assert make_plan(surveyed(OPEN, failures=[failure]), OFFICE, Standing(OfficeState.READY), Choice(company="Open")).failures == ()
