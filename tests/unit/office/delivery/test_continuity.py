"""Whether an account's statements follow each other: examples, every bank's habit, and random damage to random histories."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codalink.office.delivery.continuity import Breach, Discontinuity, Link, check_chain

START = date(2025, 12, 20)


def chain(*moves: float, number: int = 1, every: int = 1, opening: bool = False) -> list[Link]:
    """A clean history: a statement every so many days, with these movements."""
    links, balance = [], Decimal(100)
    for position, move in enumerate(moves):
        day = START + timedelta(days=every * position)
        new = balance + Decimal(str(move))
        links.append(Link(day, balance, new, day - timedelta(days=every) if opening else None, number + position if number else 0))
        balance = new
    return links


def breaches(links: Sequence[Link]) -> list[Breach]:
    return [one.breach for one in check_chain(links)]


def only(links: Sequence[Link]) -> Discontinuity:
    (found,) = check_chain(links)
    return found


@pytest.mark.parametrize("links", [[], chain(5), chain(5, -3, 12, 0.5), chain(5, -5, 5, -5), chain(0, 0, 0)])
def test_clean_history_has_no_finding(links: list[Link]) -> None:
    assert check_chain(links) == []


def test_order_in_which_statements_come_does_not_matter() -> None:
    assert check_chain(chain(5, -3, 12, 0.5)[::-1]) == []


def test_gap_has_its_days_amount_and_numbers() -> None:
    links = chain(5, -3, 12, 7)
    found = only([links[0], links[3]])

    assert (found.breach, found.before, found.after) == (Breach.GAP, links[0], links[3])
    assert (found.missing, found.numbers) == (Decimal(9), (2, 3))


def test_gap_over_new_year_says_nothing_of_numbers() -> None:
    links = chain(*[1] * 20)

    assert only([*links[:5], *links[15:]]).numbers is None


def test_statement_that_came_twice_is_told_once_and_breaks_nothing() -> None:
    links = chain(5, -3, 12)

    assert breaches([links[0], links[1], links[1], links[2]]) == [Breach.DUPLICATE]


def test_statement_without_movements_that_came_twice_is_told() -> None:
    links = chain(5, 0, 12)

    assert breaches([links[0], links[1], links[1], links[2]]) == [Breach.DUPLICATE]


def test_same_movements_on_one_day_are_no_duplicate_where_balances_follow() -> None:
    """In, out and in again on one day, three statements: the first and the last are alike, and both are needed."""
    day = [Link(START, Decimal(0), Decimal(9)), Link(START, Decimal(9), Decimal(0)), Link(START, Decimal(0), Decimal(9))]

    assert check_chain([*day, Link(START + timedelta(days=1), Decimal(9), Decimal(10))]) == []


def test_statements_of_one_day_are_arranged_by_their_balances() -> None:
    same_day = [replace(link, closed=START, number=0) for link in chain(5, -3, 12, 1)]

    assert check_chain([same_day[2], same_day[0], same_day[3], same_day[1]]) == []


def test_overlap_is_told() -> None:
    links = chain(5, -3, 12, every=7, opening=True)
    early = replace(links[2], opened=START)

    assert breaches([links[0], links[1], early]) == [Breach.OVERLAP]


def test_two_statements_with_exchanged_dates_are_out_of_order() -> None:
    links = chain(5, -3, 12, 7)
    exchanged = [links[0], replace(links[2], closed=links[1].closed), replace(links[1], closed=links[2].closed), links[3]]

    assert breaches(exchanged) == [Breach.OUT_OF_ORDER]


def test_statement_that_begins_far_too_early_is_one_overlap_at_its_own_place() -> None:
    links = chain(*[1] * 9, every=7, opening=True)

    found = only([*links[:5], replace(links[5], opened=START), *links[6:]])

    assert (found.breach, found.before) == (Breach.OVERLAP, links[4])


def test_exchanged_statements_are_not_called_doubtful_for_their_numbers_as_well() -> None:
    links = chain(*range(1, 20))
    first, second = links[8], links[9]
    exchanged = [replace(first, closed=second.closed, number=second.number), replace(second, closed=first.closed, number=first.number)]

    assert breaches([*links[:8], *exchanged, *links[10:]]) == [Breach.OUT_OF_ORDER]


def test_jump_of_numbers_between_equal_balances_is_doubtful_where_a_bank_counts() -> None:
    links = chain(1, 2, 3, 4, 5, 6, 7, 0, 8)

    found = only([*links[:7], links[8]])

    assert (found.breach, found.numbers) == (Breach.AMBIGUOUS, (8, 8))


def test_silence_is_told_from_the_day_on_that_was_asked_for() -> None:
    links = chain(5)
    later = START + timedelta(days=36)

    assert [one.breach for one in check_chain(links, today=later, silent_after=timedelta(days=35))] == [Breach.SILENT]
    assert check_chain(links, today=later, silent_after=timedelta(days=36)) == []


def test_account_that_never_had_a_statement_is_not_called_silent() -> None:
    assert check_chain([], today=START, silent_after=timedelta(days=1)) == []


# --- every bank's habit of numbering (facts, section 3) ------------------------------------------------------------------------------


def numbered(numbers: Sequence[int], every: int = 1) -> list[Link]:
    return [replace(link, number=number) for link, number in zip(chain(*[1] * len(numbers), every=every), numbers, strict=True)]


HABITS = {
    "day of the year, with days left out": [day for day in range(20, 80) if day % 7 not in {2, 5}],
    "a paper number for a week of files": [1 + position // 5 for position in range(40)],
    "a paper number for a month of files": [1 + position // 20 for position in range(60)],
    "always zero": [0] * 30,
    "from one, up to many": list(range(1, 60)),
    "nothing that makes sense": [7, 3, 900, 14, 14, 2, 51, 51, 8, 1],
}


@pytest.mark.parametrize("habit", HABITS)
def test_no_habit_of_numbering_makes_a_finding(habit: str) -> None:
    assert check_chain(numbered(HABITS[habit])) == []


def test_numbers_that_begin_again_every_year_make_no_finding() -> None:
    links = chain(*[1] * 40)
    by_year = [
        replace(link, number=1 + sum(other.closed.year == link.closed.year for other in links[:at])) for at, link in enumerate(links)
    ]

    assert check_chain(by_year) == []


@pytest.mark.parametrize("weeks", range(1, 9))
def test_days_of_the_year_without_weekends_make_no_finding_however_few_they_are(weeks: int) -> None:
    """One jump in five steps looks like a bank that counts, and loses a statement now and then."""
    monday = date(2026, 3, 2)
    days = [monday + timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)]
    links = [replace(link, closed=day, number=day.timetuple().tm_yday) for link, day in zip(chain(*[1] * len(days)), days, strict=True)]

    assert (
        check_chain([*links, replace(links[-1], closed=monday + timedelta(days=7 * weeks), number=61 + 7 * weeks, old=links[-1].new)]) == []
    )


# --- random damage -------------------------------------------------------------------------------------------------------------------

amounts = st.decimals(min_value=Decimal("-9999.99"), max_value=Decimal("9999.99"), places=2)
histories = st.lists(amounts, min_size=3, max_size=40)


def history(moves: Sequence[Decimal]) -> list[Link]:
    links, balance = [], Decimal("123.45")
    for position, move in enumerate(moves):
        links.append(Link(START + timedelta(days=position), balance, balance + move))
        balance += move
    return links


@given(histories, st.randoms(use_true_random=False))
def test_whole_history_in_any_order_has_no_finding(moves: list[Decimal], random: object) -> None:
    links = history(moves)
    random.shuffle(links)  # type: ignore[attr-defined]  # hypothesis's Random

    assert check_chain(links) == []


@given(histories, st.data())
def test_loss_is_found_exactly_where_balances_can_show_it(moves: list[Decimal], data: st.DataObject) -> None:
    """Any statements may be lost. Each run of losses that changes the balance, with something left on both sides, is one gap."""
    links = history(moves)
    kept = data.draw(st.lists(st.booleans(), min_size=len(links), max_size=len(links)))
    left = [link for link, is_kept in zip(links, kept, strict=True) if is_kept]

    expected = [(before, after, after.old - before.new) for before, after in pairwise(left) if after.old != before.new]
    found = check_chain(left)
    gaps = [(one.before, one.after, one.missing) for one in found if one.breach is Breach.GAP]

    told = {one.after for one in found}
    assert {after for _, after, _ in gaps} <= {after for _, after, _ in expected}
    assert all(after in told or _is_explained(before, after, found) for before, after, _ in expected)
    assert bool(found) == bool(expected)


def _is_explained(before: Link, after: Link, found: Sequence[Discontinuity]) -> bool:
    """Where two neighbours would fit the other way round, that is what is told in the place of the gaps around them."""
    return any(one.breach is Breach.OUT_OF_ORDER and one.before and one.before.closed <= before.closed <= after.closed for one in found)


@given(histories, st.data())
def test_doubling_is_found_exactly(moves: list[Decimal], data: st.DataObject) -> None:
    links = history(moves)
    doubled = data.draw(st.sets(st.integers(0, len(links) - 1)))
    copies = [links[position] for position in doubled]

    found = check_chain([*links, *copies])

    assert sorted(one.after.closed for one in found if one.after) == sorted(link.closed for link in copies)
    assert {one.breach for one in found} <= {Breach.DUPLICATE}


@given(histories, st.data())
def test_altered_balance_is_found(moves: list[Decimal], data: st.DataObject) -> None:
    """A statement whose end was changed doesn't fit what follows, except where it is the last one."""
    links = history(moves)
    position = data.draw(st.integers(0, len(links) - 1))
    altered = [*links]
    altered[position] = replace(links[position], new=links[position].new + Decimal("0.01"))

    found = check_chain(altered)

    assert bool(found) == (position < len(links) - 1)
    assert all(one.breach in {Breach.GAP, Breach.OUT_OF_ORDER} for one in found)
