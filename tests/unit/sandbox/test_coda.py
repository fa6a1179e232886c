"""The sandbox's CODA files: real ones, as a library that nobody here has made reads them; and histories, whole or damaged on purpose."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import coda as febelfin_coda
import pytest

from codalink.sandbox import small_office
from codalink.sandbox.coda import BankAccount, CodaStatement, Movement, coda_file, globalised
from codalink.sandbox.histories import (
    Altered,
    Damage,
    Doubled,
    Exchanged,
    LeftOut,
    Overlapping,
    add_history,
    book_bare,
    damaged,
    working_days,
)
from codalink.sandbox.numbering import Numbering

IBAN = "BE56539001800388"
AUTUMN = date(2025, 11, 17)
"""Sixty working days later it is a new year."""


def account(**more: object) -> BankAccount:
    made = BankAccount(IBAN, "Bäckerei Müller GmbH", "0403019261", last_day=AUTUMN)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def lines(content: bytes) -> list[str]:
    return content.decode("cp1252").split("\r\n")[:-1]


def read_by_library(content: bytes) -> list[Any]:
    return list(febelfin_coda.CODA(io.StringIO(content.decode("cp1252"), newline=None)).statements)


@pytest.mark.parametrize("numbering", Numbering)
@pytest.mark.parametrize(
    "kind",
    [{}, {"extension": "ABC"}, {"currency": "USD"}, {"structure": 0}, {"structure": 3}],
    ids=["plain", "sub-account", "dollars", "old number", "structure 3"],
)
def test_another_library_reads_what_was_written(numbering: Numbering, kind: dict[str, object]) -> None:
    made = working_days(account(numbering=numbering, **kind), 40)
    read = read_by_library(coda_file(made))

    assert [(one.old_balance_date, one.old_balance, one.new_balance_date, one.new_balance, one.account_currency) for one in read] == [
        (one.old_day, one.balance_start, one.day, one.balance_end, one.currency) for one in made
    ]
    assert [one.total_credit - one.total_debit for one in read] == [one.balance_end - one.balance_start for one in made]


def test_every_line_has_128_characters() -> None:
    content = coda_file(working_days(account(), 30))

    assert {len(line) for line in lines(content)} == {128}


def test_only_the_last_statement_of_a_file_says_that_it_is_the_last() -> None:
    ends = [line[127] for line in lines(coda_file(working_days(account(), 4))) if line[0] == "9"]

    assert ends == ["1", "1", "1", "2"]


def test_day_without_movements_is_a_statement_whose_balance_stays() -> None:
    statement = account().add_day(())

    assert statement.balance_end == statement.balance_start
    assert [line[0] for line in lines(statement.as_coda())] == ["0", "1", "8", "9"]


@pytest.mark.parametrize(("kind", "detail"), [(1, "5"), (2, "6"), (3, "8")])
def test_globalised_movement_has_its_details_behind_it(kind: int, detail: str) -> None:
    total = globalised("WAGES", [Movement("WAGE 1", Decimal(-40)), Movement("WAGE 2", Decimal(-50))], kind)
    moved = [line for line in lines(account().add_day([total]).as_coda()) if line.startswith("21")]

    assert [(line[2:6], line[6:10], line[53]) for line in moved] == [
        ("0001", "0000", str(kind)),
        ("0001", "0001", detail),
        ("0001", "0002", detail),
    ]


def test_total_within_a_total_has_types_of_its_own() -> None:
    """The library stumbles over type 9 (0.5.0: a `Move` has no `append`), so only the positions are looked at."""
    inner = globalised("CARDS", [Movement("CARD", Decimal(5))])
    moved = lines(account().add_day([globalised("TERMINAL", [inner, Movement("FEE", Decimal(-1))], 2)]).as_coda())[2:-2]

    assert [line[53] for line in moved] == ["2", "7", "9", "6"]


def test_details_do_not_count_in_the_totals() -> None:
    (read,) = read_by_library(account().add_day([globalised("WAGES", [Movement("WAGE", Decimal(-40))])]).as_coda())

    assert (read.total_credit, read.total_debit) == (0, 40)


def test_sub_account_stands_in_its_three_places() -> None:
    record = lines(account(extension="ABC").add_day(()).as_coda())[1]

    assert (record[1], record[5:36].strip(), record[36:39], record[39:42]) == ("2", IBAN, "ABC", "EUR")


def by_count_of_the_year(made: list[CodaStatement]) -> list[int]:
    years = [one.day.year for one in made]
    return [years[: position + 1].count(year) for position, year in enumerate(years)]


HABITS: dict[Numbering, Callable[[list[CodaStatement]], list[int]]] = {
    Numbering.YEARLY: by_count_of_the_year,
    Numbering.FROM_FIRST_FILE: lambda made: list(range(1, len(made) + 1)),
    Numbering.DAY_OF_YEAR: lambda made: [one.day.timetuple().tm_yday for one in made],
    Numbering.WEEKLY: lambda made: [one.day.isocalendar().week for one in made],
    Numbering.MONTHLY: lambda made: [one.day.month for one in made],
    Numbering.NONE: lambda made: [0] * len(made),
}


@pytest.mark.parametrize("numbering", Numbering)
def test_each_bank_numbers_by_its_habit(numbering: Numbering) -> None:
    made = working_days(account(numbering=numbering), 60)

    assert [one.number for one in made] == HABITS[numbering](made)


def test_working_days_chain_and_leave_weekends_out() -> None:
    made = working_days(account(), 60)

    assert all(after.balance_start == before.balance_end and after.old_day == before.day for before, after in pairwise(made))
    assert all(one.day.weekday() < 5 for one in made)


FIVE = working_days(account(), 5)


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        (LeftOut(1, 2), [FIVE[0], FIVE[3], FIVE[4]]),
        (Doubled(1), [FIVE[0], FIVE[1], FIVE[1], *FIVE[2:]]),
        (Doubled(1, is_marked=True), [FIVE[0], FIVE[1], replace(FIVE[1], is_copy=True), *FIVE[2:]]),
        (Altered(1, Decimal(7)), [FIVE[0], replace(FIVE[1], slip=Decimal(7)), *FIVE[2:]]),
        (Overlapping(1, 3), [FIVE[0], replace(FIVE[1], old_day=FIVE[1].old_day - timedelta(days=3)), *FIVE[2:]]),
    ],
    ids=["left out", "doubled", "marked copy", "altered", "overlapping"],
)
def test_damage_is_done_where_it_was_asked_for(damage: Damage, left: list[CodaStatement]) -> None:
    assert damaged(FIVE, damage) == left


def test_exchanged_statements_have_each_other_s_days() -> None:
    first, second = damaged(FIVE, Exchanged(1))[1:3]

    assert (first.day, second.day) == (FIVE[2].day, FIVE[1].day)
    assert (first.balance_start, second.balance_start) == (FIVE[1].balance_start, FIVE[2].balance_start)


def test_damaged_history_stands_in_the_journal_with_its_files() -> None:
    world = small_office(1)
    database = world.database("klant-001")
    made = add_history(world, database, 1, date(2026, 3, 31), 5, LeftOut(2))

    assert [database.row("account.bank.statement", one)["date"] for one in made] == ["2026-03-27", "2026-03-28", "2026-03-30", "2026-03-31"]
    assert len(database.table("ir.attachment").rows) == 8


def test_bare_statements_have_balances_and_no_files() -> None:
    database = small_office(1).database("klant-001")
    book_bare(database, 1, FIVE)

    rows = database.table("account.bank.statement").rows.values()
    assert [(row["date"], row["balance_end_real"]) for row in rows] == [(str(one.day), float(one.balance_end)) for one in FIVE]
    assert not database.table("ir.attachment").rows
