"""The same company in two databases: only the original may be connected, and only where it can be told."""

import pytest

from codalink.office.duplicates import find_duplicates
from codalink.office.model import Company
from tests.unit.fakes import NUMBERS, company

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


def test_same_number_twice_in_one_database_is_no_copy() -> None:
    """Branches share their company's number, in one database."""
    assert refused(company("Bakkerij", "bakkerij", record_id=1), company("Bakkerij Gent", "bakkerij", record_id=2)) == set()


def test_reason_names_the_others() -> None:
    (error,) = find_duplicates([LIVE, COPY]).values()

    assert "bakkerij/Bakkerij" in error.cause
    assert "bakkerij-test" not in error.cause
