"""`codalink statements check`: each finding provoked through the sandbox, and every bank's habit without any; Odoo, files, and both."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from codalink.sandbox import Trouble, World, demo_office, small_office
from codalink.sandbox.coda import CodaStatement
from codalink.sandbox.histories import (
    Altered,
    Damage,
    Doubled,
    Exchanged,
    LeftOut,
    Overlapping,
    account_of,
    book_bare,
    damaged,
    working_days,
)
from codalink.sandbox.numbering import Numbering
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import Row, envelope, ready_office, unwrapped

SPRING = date(2025, 3, 2)
DAYS = 45
WITHOUT_MOVEMENTS = 10
CHECK = ("statements", "check")
LONG_AGO = ("--silent-after", "99999")
"""The histories are old, so that no test depends on today; silence has a test of its own."""

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "klant-001": (),
    "klant-002": (LeftOut(20, 3),),
    "klant-003": (Doubled(4),),
    "klant-004": (Exchanged(15),),
    "klant-005": (LeftOut(WITHOUT_MOVEMENTS),),
    "klant-006": (Altered(30, Decimal("12.50")),),
    "klant-007": (LeftOut(20), Doubled(4), LeftOut(33, 2)),
}


def history(world: World, database: str, numbering: Numbering = Numbering.YEARLY, count: int = DAYS) -> list[CodaStatement]:
    """The whole history of a database's one account, as its bank knows it."""
    account = account_of(world, world.database(database), 1, SPRING)
    account.numbering = numbering
    return working_days(account, count)


def damaged_office() -> World:
    world = small_office(len(DAMAGES))
    for name, damages in DAMAGES.items():
        book_bare(world.database(name), 1, damaged(history(world, name), *damages))
    return world


@dataclass
class Checked:
    office: CommandLine
    json: Done
    whole: list[CodaStatement]
    """What nothing was done to; balances and days are the same in all accounts."""

    def findings(self, database: str) -> list[Row]:
        (row,) = (row for row in envelope(self.json)["rows"] if row["database"] == database)
        found: list[Row] = row["findings"]
        return found

    def only(self, database: str) -> Row:
        (finding,) = self.findings(database)
        return finding


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    world = damaged_office()
    with ready_office(world, tmp_path_factory.mktemp("checked")) as office:
        yield Checked(office, office.run(*CHECK, "json", *LONG_AGO), history(world, "klant-001"))


class TestFindings:
    def test_whole_history_has_none(self, checked: Checked) -> None:
        assert checked.findings("klant-001") == []

    def test_gap_has_days_amount_and_numbers(self, checked: Checked) -> None:
        found, before, after = checked.only("klant-002"), checked.whole[19], checked.whole[23]
        missing = after.balance_start - before.balance_end

        assert (found["finding"], found["from"], found["until"]) == ("gap", str(before.day), str(after.day))
        assert (found["missing"], found["numbers"]) == (str(missing), [21, 23])
        assert found["cause"] == (
            f"Between {before.day} and {after.day} the balance goes from {before.balance_end} to {after.balance_start}: "
            f"{missing:+} is missing, probably numbers 21 to 23."
        )
        assert "Redeliver CODA" in found["remedy"]

    def test_duplicate_is_told_once(self, checked: Checked) -> None:
        found, doubled = checked.only("klant-003"), checked.whole[4]

        assert found["finding"] == "duplicate"
        assert found["cause"] == (
            f"The statement of {doubled.day} ({doubled.balance_start} to {doubled.balance_end}) is there more than once."
        )

    def test_exchanged_days_are_out_of_order_and_nothing_else(self, checked: Checked) -> None:
        found = checked.only("klant-004")

        assert found["finding"] == "out of order"
        assert found["cause"] == f"The statements after {checked.whole[14].day} would fit the other way round."

    def test_hole_between_equal_balances_is_a_hint(self, checked: Checked) -> None:
        found, before, after = checked.only("klant-005"), checked.whole[9], checked.whole[11]

        assert (found["finding"], found["hint"]) == ("ambiguous", True)
        assert found["cause"] == (
            f"Between {before.day} and {after.day} the balance stays {before.balance_end}, but the bank's numbers jump, probably number 11."
        )

    def test_altered_balance_is_a_gap_of_just_that_amount(self, checked: Checked) -> None:
        found = checked.only("klant-006")

        assert (found["finding"], found["missing"], found["numbers"]) == ("gap", "-12.50", [])

    def test_several_are_told_in_the_order_of_their_days(self, checked: Checked) -> None:
        found = checked.findings("klant-007")

        assert [one["finding"] for one in found] == ["duplicate", "gap", "gap"]
        assert [one["until"] for one in found] == [str(checked.whole[at].day) for at in (4, 21, 35)]

    def test_make_the_exit_code_1(self, checked: Checked) -> None:
        assert checked.json.exit_code == envelope(checked.json)["exit_code"] == 1

    def test_accounts_are_told_with_their_period(self, checked: Checked) -> None:
        row = next(row for row in envelope(checked.json)["rows"] if row["database"] == "klant-001")

        assert (row["statements"], row["first"], row["last"]) == (DAYS, "2025-03-03", str(checked.whole[-1].day))


class TestShown:
    def test_csv_has_a_row_for_each_account(self, checked: Checked) -> None:
        done = checked.office.run(*CHECK, "csv", *LONG_AGO)
        rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))

        assert [row["database"] for row in rows] == list(DAMAGES)
        assert [row["complete"] for row in rows] == ["yes", "no", "no", "no", "yes", "no", "no"]

    def test_problems_leaves_out_what_is_complete(self, checked: Checked) -> None:
        shown = checked.office.run(*CHECK, "--problems", *LONG_AGO).stdout

        assert "Klant 002" in shown
        assert "Klant 001" not in shown

    def test_table_counts_what_was_found(self, checked: Checked) -> None:
        shown = unwrapped(checked.office.run(*CHECK, *LONG_AGO).stdout)

        assert "duplicate, 2 gaps" in shown
        assert "complete" in shown

    def test_what_to_do_is_said_once_for_all_gaps_of_an_account(self, checked: Checked) -> None:
        shown = unwrapped(checked.office.run(*CHECK, "--company", "Klant 007", *LONG_AGO).stdout)

        assert shown.count("is missing") == 2
        assert shown.count("Redeliver CODA") == 1

    def test_summary_counts_accounts(self, checked: Checked) -> None:
        said = unwrapped(checked.office.run(*CHECK, *LONG_AGO).stderr)

        assert "of 7 accounts: 2 complete, 5 not." in said

    def test_company_is_looked_at_alone(self, checked: Checked) -> None:
        done = checked.office.run(*CHECK, "json", "--company", "Klant 001", *LONG_AGO)

        assert [row["company"] for row in envelope(done)["rows"]] == ["Klant 001"]
        assert done.exit_code == 0, done

    def test_hint_alone_makes_no_exit_code(self, checked: Checked) -> None:
        assert checked.office.run(*CHECK, "json", "--company", "Klant 005", *LONG_AGO).exit_code == 0

    def test_since_leaves_out_what_was_before(self, checked: Checked) -> None:
        later = str(checked.whole[25].day)
        done = checked.office.run(*CHECK, "json", "--company", "Klant 002", "--since", later, *LONG_AGO)
        (row,) = envelope(done)["rows"]

        assert (row["first"], row["findings"], done.exit_code) == (later, [], 0)

    def test_silent_account_is_a_hint_with_the_day_of_its_last_statement(self, checked: Checked) -> None:
        done = checked.office.run(*CHECK, "json", "--company", "Klant 001")
        ((found,),) = (row["findings"] for row in envelope(done)["rows"])

        assert (found["finding"], found["cause"]) == ("silent", f"The last statement is of {checked.whole[-1].day}.")
        assert done.exit_code == 0, done

    def test_nothing_is_changed(self, checked: Checked) -> None:
        assert {call.method for call in checked.office.sandbox.calls} <= {"login", "version", "search_read", "read", "fields_get"}


def test_no_bank_s_habit_makes_a_finding(tmp_path: Path) -> None:
    world = small_office(len(Numbering))
    for database, numbering in zip(world.databases(), Numbering, strict=True):
        book_bare(database, 1, history(world, database.name, numbering, count=300))
    with ready_office(world, tmp_path) as office:
        done = office.run(*CHECK, "json", *LONG_AGO)

    assert [(row["statements"], row["findings"]) for row in envelope(done)["rows"]] == [(300, [])] * len(Numbering)
    assert done.exit_code == 0, done


def test_account_in_another_currency_and_company_without_statements_are_rows_too(tmp_path: Path) -> None:
    with ready_office(small_office(1), tmp_path) as office:
        (row,) = envelope(office.run(*CHECK, "json"))["rows"]

    assert (row["statements"], row["first"], row["complete"], row["findings"]) == (0, None, True, [])


def test_database_that_is_not_reached_is_told_and_makes_the_exit_code_1(tmp_path: Path) -> None:
    world = small_office(2)
    with ready_office(world, tmp_path) as office:
        next(iter(world.database("klant-002").users.values())).password = "changed"
        done = office.run(*CHECK, "json")

    assert {row["database"]: bool(row["error"]) for row in envelope(done)["rows"]} == {"klant-001": False, "klant-002": True}
    assert done.exit_code == 1, done


# --- files on disk -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    """One customer whose statements are all in Odoo."""
    world = small_office(1)
    book_bare(world.database("klant-001"), 1, history(world, "klant-001"))
    with ready_office(world, tmp_path) as office:
        yield office


def write(office: CommandLine, statements: Sequence[CodaStatement]) -> None:
    """A file a statement, in the folder `coda`."""
    folder = office.folder / "coda"
    folder.mkdir()
    for position, one in enumerate(statements):
        (folder / f"{position:03}.coda").write_bytes(one.as_coda())


def of_files(done: Done) -> Row:
    """The row of the files' one account."""
    row: Row
    (row,) = (row for row in envelope(done)["rows"] if row["source"] == "files" and row["account"])
    return row


@pytest.mark.parametrize("numbering", Numbering)
def test_whole_files_have_no_finding_whatever_the_bank_s_habit(office: CommandLine, numbering: Numbering) -> None:
    write(office, history(office.sandbox.world, "klant-001", numbering))
    done = office.run(*CHECK, "json", "--files", "coda", "--offline")

    assert (of_files(done)["statements"], of_files(done)["findings"]) == (DAYS, [])
    assert done.exit_code == 0, done


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (LeftOut(20, 3), "gap"),
        (Doubled(4), "duplicate"),
        (Doubled(4, is_marked=True), "duplicate"),
        (Exchanged(15), "out of order"),
        (LeftOut(WITHOUT_MOVEMENTS), "ambiguous"),
        (Overlapping(8, 3), "overlap"),
    ],
    ids=["gap", "duplicate", "marked copy", "out of order", "ambiguous", "overlap"],
)
def test_damage_among_files_is_found(office: CommandLine, damage: Damage, finding: str) -> None:
    write(office, damaged(history(office.sandbox.world, "klant-001"), damage))
    done = office.run(*CHECK, "json", "--files", "coda", "--offline")

    assert [one["finding"] for one in of_files(done)["findings"]] == [finding]


def test_overlap_is_told_with_both_days(office: CommandLine) -> None:
    whole = history(office.sandbox.world, "klant-001")
    write(office, damaged(whole, Overlapping(8, 3)))
    (found,) = of_files(office.run(*CHECK, "json", "--files", "coda", "--offline"))["findings"]

    assert found["cause"] == (
        f"The statement of {whole[8].day} begins on 2025-03-09, before the one before it has ended on {whole[7].day}."
    )


def test_offline_asks_nobody(office: CommandLine) -> None:
    write(office, history(office.sandbox.world, "klant-001"))
    office.run(*CHECK, "json", "--files", "coda", "--offline")

    assert len(office.sandbox.calls) == 0


def test_file_that_does_not_add_up_is_told_with_name_and_line(office: CommandLine) -> None:
    write(office, damaged(history(office.sandbox.world, "klant-001"), Altered(2, Decimal(5))))
    done = office.run(*CHECK, "json", "--files", "coda", "--offline")
    (fault,) = (row for row in envelope(done)["rows"] if row["error"])

    assert fault["error"] == "coda-faulty"
    assert fault["cause"].startswith("002.coda, line 6: ")
    assert done.exit_code == 1, done


def test_statement_that_odoo_lacks_is_told_with_its_file(office: CommandLine) -> None:
    whole = history(office.sandbox.world, "klant-001", count=DAYS + 1)
    write(office, whole)
    done = office.run(*CHECK, "json", "--files", "coda", *LONG_AGO)
    found = envelope(done)["rows"][0]["findings"]

    assert [(one["finding"], one["cause"]) for one in found] == [
        (
            "not-booked",
            f"The statement of {whole[-1].day} ({whole[-1].balance_start} to {whole[-1].balance_end}, 045.coda, line 1) is not in Odoo.",
        )
    ]
    assert done.exit_code == 1, done


def test_statement_that_was_edited_in_odoo_is_told(office: CommandLine) -> None:
    whole = history(office.sandbox.world, "klant-001")
    rows = office.sandbox.world.database("klant-001").table("account.bank.statement").rows
    rows[DAYS]["balance_end_real"] += 3
    write(office, whole)
    found = envelope(office.run(*CHECK, "json", "--files", "coda", *LONG_AGO))["rows"][0]["findings"]

    assert [one["finding"] for one in found] == ["booked-otherwise"]
    assert "has other balances in Odoo" in found[0]["cause"]


def test_files_that_say_what_odoo_says_add_no_finding(office: CommandLine) -> None:
    write(office, history(office.sandbox.world, "klant-001"))
    done = office.run(*CHECK, "json", "--files", "coda", *LONG_AGO)

    assert [row["findings"] for row in envelope(done)["rows"]] == [[], []]
    assert done.exit_code == 0, done


def test_sub_account_and_currency_are_chains_of_their_own(office: CommandLine) -> None:
    whole = history(office.sandbox.world, "klant-001", count=5)
    sub_account = [replace(one, extension="ABC", balance_start=one.balance_start + 7) for one in whole]
    dollars = [replace(one, currency="USD", balance_start=one.balance_start + 9) for one in whole]
    write(office, [*whole, *sub_account, *dollars])
    rows = envelope(office.run(*CHECK, "json", "--files", "coda", "--offline"))["rows"]

    assert [(row["account"][16:], row["currency"], row["statements"], row["findings"]) for row in rows] == [
        ("", "EUR", 5, []),
        ("", "USD", 5, []),
        (" ABC", "EUR", 5, []),
    ]


@pytest.mark.parametrize(
    ("arguments", "told"), [(["--offline"], "--files DIR"), (["--files", "nowhere"], "is not a folder")], ids=["no files", "no folder"]
)
def test_wrong_use_is_refused_before_anybody_is_asked(office: CommandLine, arguments: list[str], told: str) -> None:
    done = office.run(*CHECK, *arguments)

    assert done.exit_code != 0
    assert told in unwrapped(done.stderr)
    assert "Traceback" not in done.stderr
    assert len(office.sandbox.calls) == 0


def test_demo_s_office_has_the_gap_and_the_repetition_that_are_planted_in_it(tmp_path: Path) -> None:
    world = demo_office()
    codes = {Trouble.STATEMENTS_MISSING: "gap", Trouble.STATEMENT_TWICE: "duplicate"}
    with ready_office(world, tmp_path, exclude=["wasserij-*", "schrijnwerken-*"]) as office:
        rows = envelope(office.run(*CHECK, "json", *LONG_AGO))["rows"]

    found = {(row["database"], row["company"], one["finding"]) for row in rows for one in row["findings"]}
    assert found == {(one.database, one.company, codes[one.trouble]) for one in world.planted if one.trouble.shows_in_statements}
