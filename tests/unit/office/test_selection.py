"""Choosing companies by what people type, and patterns."""

from dataclasses import replace

import pytest

from codalink.errors import CompanyAmbiguous, CompanyUnknown
from codalink.odoo.gateway import ServerUrl
from codalink.office.model import Company
from codalink.office.selection import Patterns, find_company
from tests.unit.fakes import NUMBERS, address, company

BAKKERIJ = company("Bakkerij Peeters", "klant-001", number=NUMBERS[0])
SLAGERIJ = company("Slagerij Peeters", "klant-002", number=NUMBERS[1])
GARAGE = company("Garage", "klant-003", number=NUMBERS[2])
GARAGES = company("Garage Janssens", "klant-004", number=NUMBERS[3])
TWIN = company("Holding", "klant-005", number=NUMBERS[4])
OTHER_TWIN = company("Holding", "klant-006", number="")
ALL = [BAKKERIJ, SLAGERIJ, GARAGE, GARAGES, TWIN, OTHER_TWIN]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Bakkerij Peeters", BAKKERIJ),
        ("bakkerij peeters", BAKKERIJ),
        ("  Bakkerij Peeters  ", BAKKERIJ),
        ("bakk", BAKKERIJ),
        ("BE0403.019.261", BAKKERIJ),
        ("0403019261", BAKKERIJ),
        ("403 019 261", BAKKERIJ),
        ("be 0477.472.701", SLAGERIJ),
        ("Garage", GARAGE),
        ("Janssens", GARAGES),
        ("klant-005/Holding", TWIN),
        ("KLANT-006/holding", OTHER_TWIN),
        ("klant-002", SLAGERIJ),
        ("klant-002/Slag", SLAGERIJ),
    ],
)
def test_company_is_found(wanted: str, found: Company) -> None:
    assert find_company(wanted, ALL) is found


@pytest.mark.parametrize("wanted", ["Peeters", "Holding", "klant", "Garag"])
def test_several_matches_are_ambiguous(wanted: str) -> None:
    with pytest.raises(CompanyAmbiguous):
        find_company(wanted, ALL)


def test_ambiguity_lists_the_matches() -> None:
    with pytest.raises(CompanyAmbiguous, match=r"matches 2 companies: klant-001/Bakkerij Peeters, klant-002/Slagerij Peeters\."):
        find_company("Peeters", ALL)


def test_long_ambiguity_counts_the_rest() -> None:
    many = [company(f"Klant {number}", f"k{number}") for number in range(20)]

    with pytest.raises(CompanyAmbiguous, match=r"matches 20 companies: k0/Klant 0, .*k7/Klant 7 and 12 more\."):
        find_company("klant", many)


@pytest.mark.parametrize("wanted", ["", "   ", "nobody at all", "0417497107", "0100000000", "*"])
def test_no_match_is_unknown(wanted: str) -> None:
    with pytest.raises(CompanyUnknown):
        find_company(wanted, ALL)


def test_unknown_company_suggests_what_resembles_it() -> None:
    with pytest.raises(CompanyUnknown, match=r"Did you mean klant-001/Bakkerij Peeters"):
        find_company("Bakery Peeters", ALL)


def test_nothing_is_suggested_where_nothing_resembles() -> None:
    with pytest.raises(CompanyUnknown) as unknown:
        find_company("xyzzy", ALL)

    assert "Did you mean" not in unknown.value.cause


def test_number_in_two_databases_is_ambiguous() -> None:
    """A test copy carries the same number."""
    with pytest.raises(CompanyAmbiguous):
        find_company(NUMBERS[0], [BAKKERIJ, company("Bakkerij Peeters", "klant-001-test", number=NUMBERS[0])])


def test_database_of_the_same_name_on_two_servers_is_told_apart_by_the_server() -> None:
    elsewhere = replace(BAKKERIJ, database=address("klant-001", ServerUrl("https", "other.example.be", 443)))
    both = [BAKKERIJ, elsewhere]

    assert find_company("https://other.example.be/klant-001/bakkerij peeters", both) is elsewhere
    with pytest.raises(CompanyAmbiguous, match=r"https://odoo\.example\.be/klant-001/.*https://other\.example\.be/klant-001/"):
        find_company("klant-001/Bakkerij Peeters", both)


# --- patterns ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patterns", "admitted"),
    [
        (Patterns(), True),
        (Patterns(include=("klant-*",)), True),
        (Patterns(include=("KLANT-00?",)), True),
        (Patterns(include=("*peeters",)), True),
        (Patterns(include=("klant-001/*",)), True),
        (Patterns(include=("0403019261",)), True),
        (Patterns(include=("other", "bakkerij*")), True),
        (Patterns(include=("other",)), False),
        (Patterns(include=("bakkerij",)), False),
        (Patterns(exclude=("klant-*",)), False),
        (Patterns(exclude=("Bakkerij Peeters",)), False),
        (Patterns(exclude=("0403*",)), False),
        (Patterns(exclude=("other",)), True),
        (Patterns(include=("*",), exclude=("klant-001",)), False),
        (Patterns(include=("klant-001/Slagerij*",)), False),
    ],
)
def test_company_is_let_through(patterns: Patterns, admitted: bool) -> None:
    assert patterns.admit_company(BAKKERIJ) is admitted


def test_brackets_in_a_pattern_are_brackets() -> None:
    """Only `*` and `?` are promised to be special."""
    assert Patterns(exclude=("[TEST] *",)).admit("Bakkerij")
    assert not Patterns(exclude=("[TEST] *",)).admit("[TEST] Bakkerij")
