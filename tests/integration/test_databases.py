"""`codalink databases`: what there is, and what can't be reached."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, demo_office, small_office
from codalink.sandbox.calls import Call
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import Row, changing, configuration, envelope, ready_office, unwrapped


@dataclass
class Listing:
    """The demo's databases, listed in all three formats."""

    office: CommandLine
    calls: list[Call]
    json: Done
    csv: Done
    table: Done

    def row(self, company: str) -> Row:
        return next(row for row in envelope(self.json)["rows"] if company in (row["company"], row["database"]))


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listing]:
    with ready_office(demo_office(), tmp_path_factory.mktemp("demo")) as office:
        done = office.run("databases", "json")
        calls = list(office.sandbox.calls)
        yield Listing(office, calls, done, office.run("databases", "csv"), office.run("databases"))


class TestDemoOffice:
    def test_names_every_company_with_database_address_version_and_number(self, listing: Listing) -> None:
        row = listing.row("Hoppebel Taverne BV")
        server = listing.office.sandbox.servers["odoo18"].url
        assert (row["database"], row["server"], row["version"]) == ("brouwerij-hoppebel", server, "18.0")
        assert len(row["vat"]) == 10
        assert row["office_vat"] == "0771234528"

    def test_lists_every_database(self, listing: Listing) -> None:
        expected = {database.name for database in listing.office.sandbox.world.databases()}
        assert {row["database"] for row in envelope(listing.json)["rows"]} == expected

    def test_lists_every_company_once(self, listing: Listing) -> None:
        companies = Counter((row["database"], row["company"]) for row in envelope(listing.json)["rows"] if row["company"])
        readable = [
            one for one in listing.office.sandbox.world.databases() if one.name not in {"schrijnwerken-zaagsel", "wasserij-zeepbel"}
        ]
        assert companies.total() == len(companies) == sum(len(database.company_ids()) for database in readable)

    def test_server_that_is_down_says_so(self, listing: Listing) -> None:
        row = listing.row("schrijnwerken-zaagsel")
        assert (row["reachable"], row["error"], "connection refused" in row["cause"]) == (False, "unreachable", True)

    def test_refused_login_names_the_causes_that_are_possible_here(self, listing: Listing) -> None:
        row = listing.row("wasserij-zeepbel")
        assert row["error"] == "login-refused"
        assert all(words in row["remedy"] for words in ("password has changed", "another login", "two-factor")), row
        assert not any(words in row["remedy"] for words in ("expired", "Odoo Online")), row  # it is a password, on an own server

    def test_part_that_is_not_reached_makes_the_exit_code_1(self, listing: Listing) -> None:
        assert [done.exit_code for done in (listing.json, listing.csv, listing.table)] == [1, 1, 1]
        assert envelope(listing.json)["exit_code"] == 1

    def test_table_has_every_company(self, listing: Listing) -> None:
        shown = unwrapped(listing.table.stdout)
        assert [row["company"] for row in envelope(listing.json)["rows"] if row["company"] not in shown] == []

    def test_csv_has_the_rows_of_json(self, listing: Listing) -> None:
        in_csv = [(row["database"], row["company"], row["vat"]) for row in csv.DictReader(StringIO(listing.csv.stdout))]
        assert in_csv == [(row["database"], row["company"], row["vat"]) for row in envelope(listing.json)["rows"]]

    def test_counts_on_standard_error(self, listing: Listing) -> None:
        assert "2 not reached" in listing.json.stderr

    def test_changes_nothing(self, listing: Listing) -> None:
        assert changing(listing.office.sandbox) == []

    def test_logs_in_once_a_database(self, listing: Listing) -> None:
        logins = Counter(call.database for call in listing.calls if call.method == "login")
        assert set(logins.values()) == {1}

    def test_asks_each_server_for_its_version_once(self, listing: Listing) -> None:
        asked = Counter(call.server for call in listing.calls if call.method == "version")
        assert asked == {"odoo16": 1, "odoo18": 1, "odoo19": 1}


def test_patterns_of_the_configuration_choose_databases(tmp_path: Path) -> None:
    with ready_office(small_office(12), tmp_path, include=["KLANT-00?"], exclude=["*-002", "*-003"]) as office:
        done = office.run("databases", "json")

        assert [row["database"] for row in envelope(done)["rows"]] == [f"klant-{number:03d}" for number in (1, 4, 5, 6, 7, 8, 9)]
        assert {call.database for call in office.sandbox.calls if call.database} == {row["database"] for row in envelope(done)["rows"]}


@pytest.fixture
def listed_server(tmp_path: Path) -> Iterator[CommandLine]:
    """An office whose configuration names the server and no database."""
    with ready_office(small_office(3), tmp_path) as office:
        server = office.sandbox.servers["odoo18"].url
        office.config.write_text(configuration(office.sandbox.world, f'server = "{server}"'), encoding="utf-8")
        yield office


def test_server_that_lists_its_databases_is_enough(listed_server: CommandLine) -> None:
    rows = envelope(listed_server.run("databases", "json"))["rows"]
    assert [row["database"] for row in rows] == ["klant-001", "klant-002", "klant-003"]


def test_server_that_keeps_its_list_is_told_with_the_way_out(listed_server: CommandLine) -> None:
    listed_server.sandbox.world.servers["odoo18"].list_db = False
    done = listed_server.run("databases", "json")

    row = envelope(done)["rows"][0]
    assert row["error"] == "database-list-closed"
    assert "--databases-file" in row["remedy"]


def test_nothing_reached_ends_with_5(listed_server: CommandLine) -> None:
    listed_server.sandbox.faults.add(FaultKind.REFUSE)
    done = listed_server.run("databases")

    assert done.exit_code == 5, done
    assert "can't be reached" in unwrapped(done.stdout)


def test_database_that_is_gone_costs_its_own_row(tmp_path: Path) -> None:
    with ready_office(small_office(3), tmp_path) as office:
        del office.sandbox.world.servers["odoo18"].databases["klant-002"]
        done = office.run("databases", "json")

        assert {row["database"]: row["error"] for row in envelope(done)["rows"]} == {
            "klant-001": "",
            "klant-002": "database-missing",
            "klant-003": "",
        }
