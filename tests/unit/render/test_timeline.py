"""The timeline of an account: where its days and its gaps are drawn."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from codalink.office.delivery.continuity import Link
from codalink.office.delivery.statements import AccountCheck, check_account
from codalink.render.timeline import DAYS, Mark, Timeline, draw, first_day, months
from tests.unit.render.reports import FRESHNESS, IBAN, TODAY, checked

LAST = DAYS - 1


def check(*balances: tuple[int, int, int]) -> AccountCheck:
    """Statements as days before TODAY, old balance, new balance."""
    links = [Link(TODAY - timedelta(days=back), Decimal(old), Decimal(new)) for back, old, new in balances]
    return check_account(IBAN, "", links, TODAY, FRESHNESS.stale_after)


def drawn(*balances: tuple[int, int, int]) -> Timeline:
    return draw(check(*balances), TODAY)


def only_mark(*balances: tuple[int, int, int]) -> Mark:
    (mark,) = drawn(*balances).marks
    return mark


def test_today_is_the_right_end() -> None:
    assert drawn((0, 0, 10)).path == f"M{LAST} 6H{DAYS}"


def test_first_day_is_the_left_end() -> None:
    assert draw(checked(days=1, until=first_day(TODAY) + timedelta(days=1)), TODAY).path == "M1 6H2"


def test_days_that_follow_each_other_are_one_stroke() -> None:
    assert drawn((5, 0, 10), (4, 10, 20), (3, 20, 30), (0, 30, 40)).path == f"M{LAST - 5} 6H{DAYS - 3}M{LAST} 6H{DAYS}"


def test_older_statements_are_not_drawn() -> None:
    assert drawn((DAYS, 0, 10), (0, 10, 20)).days == 1


def test_gap_covers_the_days_between_the_statements_around_it() -> None:
    mark = only_mark((9, 0, 10), (4, 50, 60))

    assert (mark.x, mark.width, mark.is_proven) == (LAST - 8, 4, True)
    assert mark.error.code == "statements-missing"


def test_gap_between_two_days_in_a_row_is_drawn_on_the_second() -> None:
    mark = only_mark((5, 0, 10), (4, 50, 60))

    assert (mark.x, mark.width) == (LAST - 4, 1)


def test_gap_that_began_before_the_timeline_is_cut_off() -> None:
    mark = only_mark((DAYS + 30, 0, 10), (3, 50, 60))

    assert (mark.x, mark.width) == (0, LAST - 3)


def test_gap_before_the_timeline_is_left_out() -> None:
    assert drawn((DAYS + 30, 0, 10), (DAYS + 20, 50, 60), (0, 60, 70)).marks == ()


def test_silence_reaches_until_today_and_proves_nothing() -> None:
    mark = only_mark((50, 0, 10))

    assert (mark.x, mark.x + mark.width, mark.is_proven) == (LAST - 49, DAYS, False)


def test_duplicate_is_drawn_on_its_day() -> None:
    mark = only_mark((5, 0, 10), (5, 0, 10), (4, 10, 20))

    assert (mark.x, mark.width, mark.is_proven) == (LAST - 5, 1, True)


def test_account_that_nobody_read_is_empty() -> None:
    assert draw(None, TODAY) == Timeline("", 0, ())


@pytest.mark.parametrize("today", [date(2026, 3, 31), date(2024, 2, 29), date(2026, 1, 1)])
def test_months_begin_where_they_begin(today: date) -> None:
    begins = [first_day(today) + timedelta(days=month.x) for month in months(today)]

    assert [day.day for day in begins] == [1] * len(begins)
    assert [f"{day:%b}" for day in begins] == [month.name for month in months(today)]
    assert len(begins) in {12, 13}
