"""`codalink retrieve`: what came in, and that nothing new is no error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, World, demo_office
from codalink.sandbox.demo_office import connect
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import envelope, needs_terminal, ready_office, rows_by, run_in_terminal, unwrapped

FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"


def three_connected() -> World:
    """The demo's office with one plain company connected, one that has a second feed, and one without a bank."""
    world = demo_office()
    for name in ("bakkerij-kruimel", "hotel-de-draaideur", "atelier-sans-banque"):
        connect(world, world.database(name))
    return world


@dataclass
class Fetched:
    office: CommandLine
    first: Done
    again: Done
    table: Done
    all_first: Done
    all_again: Done


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    only = ["bakkerij-kruimel", "hotel-de-draaideur", "atelier-sans-banque", "garage-bougie"]
    with ready_office(three_connected(), tmp_path_factory.mktemp("fetched"), include=only) as office:
        one = ("retrieve", "--company", "Bakkerij Kruimel")
        first, again = office.run(*one, "json"), office.run(*one, "json")
        for account in office.sandbox.proxy.bank_accounts.values():
            account.pass_days(1)
        table = office.run(*one)
        yield Fetched(office, first, again, table, office.run("retrieve", "--all", "json"), office.run("retrieve", "--all", "json"))


class TestNewStatements:
    def test_are_told_with_dates_in_their_order(self, fetched: Fetched) -> None:
        rows = envelope(fetched.first)["rows"]
        stored = fetched.office.sandbox.world.database("bakkerij-kruimel").table("account.bank.statement").rows.values()
        assert [row["date"] for row in rows] == sorted(row["date"] for row in stored)[:2]

    def test_are_told_with_balances_that_chain(self, fetched: Fetched) -> None:
        first, second = envelope(fetched.first)["rows"]
        assert Decimal(first["balance_start"]) == Decimal("10000.00")
        assert first["balance_end"] == second["balance_start"]

    def test_are_told_with_their_documents(self, fetched: Fetched) -> None:
        assert [(row["coda"], row["pdf"]) for row in envelope(fetched.first)["rows"]] == [(True, True), (True, True)]

    def test_are_told_with_their_account(self, fetched: Fetched) -> None:
        ibans = {row["iban"] for row in envelope(fetched.first)["rows"]}
        assert len(ibans) == 1
        assert ibans.pop().startswith("BE")

    def test_stand_in_the_table_too(self, fetched: Fetched) -> None:
        shown = unwrapped(fetched.table.stdout)
        assert "CODA PDF" in shown
        assert "→" in shown

    def test_end_with_0(self, fetched: Fetched) -> None:
        assert fetched.first.exit_code == 0, fetched.first


class TestNothingNew:
    def test_is_no_error(self, fetched: Fetched) -> None:
        assert fetched.again.exit_code == 0, fetched.again

    def test_has_a_row_for_the_account_all_the_same(self, fetched: Fetched) -> None:
        rows = envelope(fetched.again)["rows"]
        assert [(row["company"], row["statement"], row["error"]) for row in rows] == [("Bakkerij Kruimel BV", "", "")]


class TestAll:
    def test_asks_the_connected_companies_and_no_other(self, fetched: Fetched) -> None:
        companies = {row["company"] for row in envelope(fetched.all_first)["rows"]}
        assert companies == {"Bakkerij Kruimel BV", "Hotel De Draaideur NV", "Atelier Sans Banque SRL"}

    def test_fetches_for_each_of_them(self, fetched: Fetched) -> None:
        news = [row["company"] for row in envelope(fetched.all_first)["rows"] if row["statement"]]
        assert news == ["Hotel De Draaideur NV", "Hotel De Draaideur NV"]

    def test_leaves_journals_with_another_feed_alone(self, fetched: Fetched) -> None:
        database = fetched.office.sandbox.world.database("hotel-de-draaideur")
        other = next(
            key for key, row in database.table("account.journal").rows.items() if row.get("bank_statements_source") == "online_sync"
        )
        assert other not in {row["journal_id"] for row in database.table("account.bank.statement").rows.values()}

    def test_company_without_journal_says_what_to_do(self, fetched: Fetched) -> None:
        row = rows_by(fetched.all_first, "company")["Atelier Sans Banque SRL"]
        assert row["error"] == "no-coda-box-journal"
        assert "Bank Feeds" in row["remedy"]

    def test_one_company_without_journal_makes_the_exit_code_1(self, fetched: Fetched) -> None:
        assert fetched.all_first.exit_code == envelope(fetched.all_first)["exit_code"] == 1

    def test_again_finds_nothing_new(self, fetched: Fetched) -> None:
        assert [row["statement"] for row in envelope(fetched.all_again)["rows"]] == ["", "", ""]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(three_connected(), tmp_path, include=["bakkerij-kruimel", "garage-bougie", "hotel-de-draaideur"]) as office:
        yield office


def test_no_files_at_codabox_is_no_error(office: CommandLine) -> None:
    office.sandbox.proxy.has_no_files = True
    done = office.run("retrieve", "--company", "Bakkerij Kruimel", "json")

    assert done.exit_code == 0, done
    assert [row["error"] for row in envelope(done)["rows"]] == [""]


def test_company_that_is_not_connected_is_not_asked(office: CommandLine) -> None:
    done = office.run("retrieve", "--company", "Garage Bougie", "json")

    assert envelope(done)["rows"][0]["error"] == "no-connection"
    assert done.exit_code == envelope(done)["exit_code"] == 1
    assert office.sandbox.calls.of(FETCH) == []


def test_one_failing_company_leaves_the_others_their_statements(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.BAD_GATEWAY, database="hotel-de-draaideur", method=FETCH)
    done = office.run("retrieve", "--all", "json")

    assert done.exit_code == 1, done
    assert [(row["company"], row["error"]) for row in envelope(done)["rows"]] == [
        ("Bakkerij Kruimel BV", ""),
        ("Bakkerij Kruimel BV", ""),
        ("Hotel De Draaideur NV", "server-trouble"),
    ]


@pytest.mark.parametrize("arguments", [[], ["--company", "Bakkerij Kruimel", "--all"]], ids=["neither", "both"])
def test_company_and_all_exclude_each_other(office: CommandLine, arguments: list[str]) -> None:
    done = office.run("retrieve", *arguments)

    assert done.exit_code == 2, done
    assert "--company" in done.stderr
    assert len(office.sandbox.calls) == 0


# --- a fetch that takes long -------------------------------------------------------------------------------------------------------------


@needs_terminal
def test_terminal_shows_each_company_that_is_under_way(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.STALL, method=FETCH, seconds=1.5)
    shown = run_in_terminal(office, "retrieve", "--all", columns=80)

    assert shown.exit_code == 0, shown
    assert re.search(r"  Bakkerij Kruimel BV +fetching CODA  \d\d:\d\d\s+Hotel De Draaideur NV +fetching CODA  \d\d:\d\d", shown.text)


def test_nothing_of_what_is_under_way_is_drawn_into_a_pipe(office: CommandLine) -> None:
    done = office.run("retrieve", "--all")

    assert done.stderr.splitlines() == ["4 new statements for 2 companies."]
