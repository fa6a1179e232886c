"""`codalink status`: where every company stands, quickly, and on request from CodaBox itself."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from codalink.sandbox import Consent, FaultKind, demo_office
from codalink.sandbox.calls import Call
from codalink.sandbox.demo_office import connect
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import PROXY_BUTTONS, Row, changing, envelope, ready_office, rows_by, unwrapped

CONNECTED = ("bakkerij-kruimel", "hotel-de-draaideur", "atelier-sans-banque")


@dataclass
class Standing:
    """The demo's office with three companies connected: looked at in each format, then asked after a revoked consent."""

    office: CommandLine
    calls: list[Call]
    json: Done
    csv: Done
    table: Done
    written: Done
    file: Path
    one: Done
    refreshed: Done

    def row(self, company: str) -> Row:
        return rows_by(self.json, "company")[company]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    world = demo_office()
    for name in CONNECTED:
        connect(world, world.database(name))
    with ready_office(world, tmp_path_factory.mktemp("status")) as office:
        office.run("retrieve", "--company", "Bakkerij Kruimel", "--quiet")
        office.sandbox.calls.clear()
        as_json = office.run("status", "json")
        calls = list(office.sandbox.calls)
        file = office.folder / "status.csv"
        others = [
            office.run("status", "csv"),
            office.run("status", "table"),
            office.run("status", "csv", "--output", str(file)),
            office.run("status", "json", "--company", "Bakkerij Kruimel BV"),
        ]
        office.sandbox.proxy.give_consent(world.office_vat, Consent.CANCELLED)
        refreshed = office.run("status", "json", "--refresh", "--jobs", "4")
        yield Standing(office, calls, as_json, others[0], others[1], others[2], file, others[3], refreshed)


class TestFastStatus:
    def test_asks_the_proxy_nothing(self, standing: Standing) -> None:
        assert [call.method for call in standing.calls if call.method in PROXY_BUTTONS] == []

    def test_changes_nothing(self, standing: Standing) -> None:
        assert {call.method for call in standing.calls} == {"login", "search_read", "fields_get"}

    def test_takes_four_calls_a_database(self, standing: Standing) -> None:
        counts = {name: len([call for call in standing.calls if call.database == name]) for name in CONNECTED[:2]}
        assert set(counts.values()) == {4}, counts

    def test_tells_the_connection(self, standing: Standing) -> None:
        rows = rows_by(standing.json, "company")
        told = {name: rows[name]["connection"] for name in ("Bakkerij Kruimel BV", "Garage Bougie SRL", "Optiek Brilduif BV")}
        assert list(told.values()) == ["connected", "not connected", "not connectable"]

    def test_tells_account_feed_and_last_statement(self, standing: Standing) -> None:
        account = standing.row("Bakkerij Kruimel BV")["accounts"][0]
        statements = standing.office.sandbox.world.database("bakkerij-kruimel").table("account.bank.statement").rows.values()
        assert account["iban"].startswith("BE")
        assert account["feed"] == "l10n_be_codabox"
        assert account["last_statement"] == max(row["date"] for row in statements)

    def test_tells_a_journal_with_another_feed_as_it_is(self, standing: Standing) -> None:
        assert [one["feed"] for one in standing.row("Hotel De Draaideur NV")["accounts"]] == ["l10n_be_codabox", "online_sync"]

    def test_company_without_bank_has_no_accounts(self, standing: Standing) -> None:
        assert standing.row("Atelier Sans Banque SRL")["accounts"] == []

    def test_company_that_can_t_be_connected_says_why(self, standing: Standing) -> None:
        assert standing.row("Optiek Brilduif BV")["error"] == "office-not-set"

    def test_databases_that_can_t_be_reached_have_their_row(self, standing: Standing) -> None:
        rows = {name: standing.row(name) for name in ("schrijnwerken-zaagsel", "wasserij-zeepbel")}
        assert {(row["connection"], row["error"]) for row in rows.values()} == {("unknown", "unreachable"), ("unknown", "login-refused")}

    def test_databases_that_can_t_be_reached_make_the_exit_code_1(self, standing: Standing) -> None:
        assert standing.json.exit_code == envelope(standing.json)["exit_code"] == 1


class TestFormats:
    def test_csv_has_a_row_for_each_of_json(self, standing: Standing) -> None:
        in_csv = [(row["database"], row["company"], row["connection"]) for row in csv.DictReader(StringIO(standing.csv.stdout))]
        assert in_csv == [(row["database"], row["company"], row["connection"]) for row in envelope(standing.json)["rows"]]

    def test_table_names_every_company(self, standing: Standing) -> None:
        shown = unwrapped(standing.table.stdout)
        plain = [row["company"] for row in envelope(standing.json)["rows"] if len(row["company"]) < 20]
        assert [name for name in plain if name not in shown] == []

    def test_output_goes_whole_into_the_file(self, standing: Standing) -> None:
        assert standing.file.read_text(encoding="utf-8") == standing.csv.stdout

    def test_output_leaves_nothing_beside_the_file(self, standing: Standing) -> None:
        assert [path.name for path in standing.file.parent.glob("*status*")] == ["status.csv"]

    def test_output_leaves_standard_output_empty(self, standing: Standing) -> None:
        assert (standing.written.stdout, standing.written.exit_code) == ("", 1)


class TestOneCompany:
    def test_has_one_row(self, standing: Standing) -> None:
        assert [row["company"] for row in envelope(standing.one)["rows"]] == ["Bakkerij Kruimel BV"]

    def test_that_is_fine_ends_with_0_whatever_other_databases_do(self, standing: Standing) -> None:
        assert standing.one.exit_code == 0, standing.one


class TestRefresh:
    def test_shows_the_revoked_consent(self, standing: Standing) -> None:
        rows = rows_by(standing.refreshed, "company")
        assert rows["Bakkerij Kruimel BV"]["connection"] == "consent missing"

    def test_asks_codabox_about_the_office_s_companies_only(self, standing: Standing) -> None:
        asked = {call.database for call in standing.office.sandbox.calls if call.method in PROXY_BUTTONS}
        assert {"bakkerij-kruimel", "garage-bougie"} <= asked
        assert asked.isdisjoint({"optiek-brilduif", "fromagerie-meule", "taxi-lantaarn", "epicerie-frontaliere", "slagerij-hakmes"})

    def test_makes_no_connection(self, standing: Standing) -> None:
        buttons = {call.method for call in changing(standing.office.sandbox)} - {"create"}
        assert buttons == {"l10n_be_codabox_refresh_connection_status"}


@pytest.fixture
def connected_demo(tmp_path: Path) -> Iterator[CommandLine]:
    world = demo_office()
    connect(world, world.database("bakkerij-kruimel"))
    with ready_office(world, tmp_path, include=["bakkerij-kruimel", "garage-bougie"]) as office:
        yield office


def test_journals_that_can_t_be_read_are_told_in_their_row_and_by_the_exit_code(connected_demo: CommandLine) -> None:
    connected_demo.sandbox.faults.add(FaultKind.SERVER_ERROR, database="garage-bougie", model="account.journal")
    done = connected_demo.run("status", "json")

    rows = rows_by(done, "company")
    assert (rows["Garage Bougie SRL"]["error"], rows["Bakkerij Kruimel BV"]["error"]) == ("server-trouble", "")
    assert done.exit_code == 1, done


def test_output_that_can_t_be_written_says_so(connected_demo: CommandLine) -> None:
    done = connected_demo.run("status", "--output", str(connected_demo.folder / "no such folder" / "status.txt"))

    assert done.exit_code == 2, done
    assert "can't be written" in done.stderr


def test_failing_output_keeps_the_former_file(connected_demo: CommandLine) -> None:
    file = connected_demo.folder / "status.json"
    file.write_text("of yesterday", encoding="utf-8")
    connected_demo.config.write_text("broken", encoding="utf-8")
    connected_demo.run("status", "json", "--output", str(file))

    assert file.read_text(encoding="utf-8") == "of yesterday"
