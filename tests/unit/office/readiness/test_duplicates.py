"""Companies with the same number: only one may be connected, and only where it can be told which."""

from dataclasses import replace

import pytest

from codalink.errors import DuplicateCompany, SharedConnection
from codalink.odoo.gateway import ServerUrl
from codalink.office.model import Company
from codalink.office.readiness.duplicates import find_duplicates
from tests.unit.fakes import NUMBERS, address, company

LIVE = company("Bakkerij", "bakkerij")
COPY = company("Bakkerij", "bakkerij-test")


def refused(*companies: Company) -> set[str]:
    return {one.path for one in find_duplicates(companies)}


def test_companies_with_their_own_numbers_are_no_duplicates() -> None:
    assert refused(LIVE, company("Other", "other", number=NUMBERS[1])) == set()


@pytest.mark.parametrize("companies", [(LIVE, COPY), (COPY, LIVE)])
def test_copy_is_known_by_the_name_of_its_database(companies: tuple[Company, ...]) -> None:
    assert refused(*companies) == {COPY.path}


def test_every_copy_is_refused() -> None:
    assert refused(LIVE, COPY, company("Bakkerij", "bakkerij-2026-05-01")) == {COPY.path, "bakkerij-2026-05-01/Bakkerij"}


@pytest.mark.parametrize("name", ["patisserie", "bakkerij2", "BAKKERIJ-test", "bakkeri"])
def test_where_the_original_is_open_none_is_taken(name: str) -> None:
    other = company("Bakkerij", name)

    assert refused(LIVE, other) == {LIVE.path, other.path}


def test_connected_one_is_the_original_whatever_its_name() -> None:
    connected = company("Bakkerij", "bakkerij-test", is_connected=True)

    assert refused(LIVE, connected) == {LIVE.path}


def test_two_connected_ones_are_both_told() -> None:
    """A copy of a connected database claims to be connected too."""
    live, copy = (company("Bakkerij", name, is_connected=True) for name in ("bakkerij", "bakkerij-test"))

    assert refused(live, copy) == {live.path, copy.path}


def test_company_of_another_office_is_no_duplicate() -> None:
    assert refused(LIVE, company("Bakkerij", "bakkerij-test", office=NUMBERS[1])) == set()


def test_company_that_cannot_be_connected_anyway_is_no_duplicate() -> None:
    assert refused(LIVE, company("Bakkerij", "bakkerij-test", has_module=False)) == set()


def test_companies_without_a_number_are_no_duplicates() -> None:
    assert refused(company("A", "a", number=""), company("B", "b", number="")) == set()


def test_reason_names_the_others() -> None:
    (error,) = find_duplicates([LIVE, COPY]).values()

    assert "bakkerij/Bakkerij" in error.cause
    assert "bakkerij-test" not in error.cause


def test_same_database_under_two_addresses_is_told_with_them() -> None:
    elsewhere = replace(LIVE, database=address("bakkerij", ServerUrl("https", "www.bakkerij.be", 443)))
    found = find_duplicates([LIVE, elsewhere])

    assert set(found) == {LIVE, elsewhere}
    assert "https://www.bakkerij.be/bakkerij/Bakkerij" in found[LIVE].cause


# --- in one database -----------------------------------------------------------------------------------------------------------------

HEAD = company("Bakkerij", "bakkerij", record_id=1)
BRANCH = company("Bakkerij Gent", "bakkerij", record_id=2, parent_id=1)
NUMBERLESS = company("Bakkerij Aalst", "bakkerij", record_id=3, parent_id=1, number="", office="")


@pytest.mark.parametrize("branch", [BRANCH, NUMBERLESS], ids=lambda one: one.name)
def test_branch_shares_the_connection_of_its_company(branch: Company) -> None:
    found = find_duplicates([HEAD, branch])

    assert {one: type(reason) for one, reason in found.items()} == {branch: SharedConnection}
    assert "branch of bakkerij/Bakkerij" in found[branch].cause


def test_branch_with_its_own_number_has_its_own_connection() -> None:
    assert refused(HEAD, company("Bakkerij Gent", "bakkerij", record_id=2, parent_id=1, number=NUMBERS[1])) == set()


def test_branch_of_a_branch_shares_with_the_highest_of_its_number() -> None:
    own = company("Gent", "bakkerij", record_id=2, parent_id=1, number=NUMBERS[1])
    below = company("Gent Zuid", "bakkerij", record_id=3, parent_id=2, number="")

    assert {one.path: reason.cause.split(" and ")[0] for one, reason in find_duplicates([HEAD, own, below]).items()} == {
        "bakkerij/Gent Zuid": "It is a branch of bakkerij/Gent"
    }


def test_branch_of_a_company_that_cannot_be_read_stands_for_itself() -> None:
    assert refused(BRANCH) == set()


def test_branch_that_is_connected_serves_its_company() -> None:
    connected = company("Bakkerij Gent", "bakkerij", record_id=2, parent_id=1, is_connected=True)

    assert refused(HEAD, connected, NUMBERLESS) == {HEAD.path, NUMBERLESS.path}


def test_branches_do_not_make_their_company_s_database_a_copy() -> None:
    copies = [company(one.name, "bakkerij-test", record_id=one.record.id, parent_id=one.record.parent_id) for one in (HEAD, BRANCH)]
    found = find_duplicates([HEAD, BRANCH, *copies])

    assert {one.path: type(reason) for one, reason in found.items()} == {
        "bakkerij/Bakkerij Gent": SharedConnection,
        "bakkerij-test/Bakkerij Gent": SharedConnection,
        "bakkerij-test/Bakkerij": DuplicateCompany,
    }


def test_of_companies_that_claim_to_be_each_other_s_branches_one_is_taken_at_most() -> None:
    first = company("A", "a", record_id=1, parent_id=2)
    second = company("B", "a", record_id=2, parent_id=1)

    assert refused(first, second)


def test_strangers_with_one_number_are_both_refused_until_one_is_connected() -> None:
    strangers = [company(name, "bakkerij", record_id=number) for number, name in enumerate(("A", "B"), start=1)]
    connected = company("A", "bakkerij", record_id=1, is_connected=True)

    assert refused(*strangers) == {"bakkerij/A", "bakkerij/B"}
    assert refused(connected, strangers[1]) == {"bakkerij/B"}
    assert all("only one of them" in reason.cause and "--company" in reason.remedy for reason in find_duplicates(strangers).values())
