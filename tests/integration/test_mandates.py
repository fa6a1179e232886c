"""`codalink status --mandates`: MyCodaBox's export beside what Odoo knows, and whose turn it is for each account."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from rich.cells import cell_len

from codalink.sandbox import World, demo_office
from codalink.sandbox.belgium import iban, vat_numbers
from codalink.sandbox.demo_office import connect
from codalink.sandbox.mandates import mandates_export
from codalink.sandbox.offices import OFFICE_VAT, accountant, new_world
from codalink.sandbox.world import Company, Flavour, Journal, OdooServer, make_database
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import Row, envelope, needs_terminal, ready_office, rows_by, run_in_terminal, unwrapped

STRAY, SAVINGS = "BE68539007547034", "BE71096123456769"
BAKERY, GARAGE, HOTEL, SALON, FOREIGN = ("Bakkerij", "Garage", "Hotel", "Salon", "Autre")
NUMBERS = dict(zip((BAKERY, GARAGE, HOTEL, SALON, FOREIGN), vat_numbers(), strict=False))
IBANS = {name: iban(363, 1_000_000 + number) for number, name in enumerate(NUMBERS)}


def small_world() -> World:
    """Five customers, connected but for the last, which belongs to another office; the hotel has a journal with another feed."""
    world = new_world()
    server = world.add(OdooServer("odoo18", "18.0"))
    for name, number in NUMBERS.items():
        more = (Journal(SAVINGS, "online_sync", "Spaarrekening", "BNK2"),) if name == HOTEL else ()
        office = "BE0772345672" if name == FOREIGN else f"BE{OFFICE_VAT}"
        company = Company(f"{name} BV", f"BE{number}", office, "Kantoor", journals=(Journal(IBANS[name]), *more))
        database = server.add(make_database(name.lower(), "18.0", [company], accountant(world), Flavour("18.0", other_feeds=True)))
        if name != FOREIGN:
            connect(world, database)
    return world


@dataclass
class Office:
    """An office, and what MyCodaBox exports of it: in Dutch, with a title, a further column, and a row that can't be used."""

    line: CommandLine
    export: Sequence[tuple[str, ...]] = (
        ("Volmachten van Kantoor Demo", "", "", "", "", ""),
        ("Bank", "Status", "Rekeningnummer (IBAN)", "Dossier", "Ondernemingsnummer", "Statusdatum"),
        ("ING", "In afwachting van ondertekening", IBANS[BAKERY], "Bakkerij", NUMBERS[BAKERY], "05/01/2026"),
        ("ING", "Actief", "BE68 5390 0754 7034", "Bakkerij", NUMBERS[BAKERY], ""),
        ("ING", "Gearchiveerd", IBANS[GARAGE], "Garage", "", ""),
        ("ING", "Bankprocedure", IBANS[GARAGE], "Garage", "", ""),
        ("ING", "Bevroren", IBANS[HOTEL], "Hotel", "", ""),
        ("KBC", "Actief", "BE56 5390 0180 0388", "Nergens BV", "0477.472.701", ""),
        ("", "", "geen", "", "", ""),
    )

    def csv(self, name: str = "export.csv") -> Path:
        """The export as a spreadsheet in Belgium writes it."""
        text = StringIO()
        csv.writer(text, delimiter=";").writerows(self.export)
        path = self.line.folder / name
        path.write_bytes(text.getvalue().encode("windows-1252"))
        return path

    def status(self, *arguments: str) -> Done:
        return self.line.run("status", *arguments)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with ready_office(small_world(), tmp_path_factory.mktemp("mandates")) as line:
        yield Office(line)


@pytest.fixture(scope="module")
def told(office: Office) -> Done:
    return office.status("json", "--mandates", str(office.csv()))


def account(done: Done, company: str, number: int = 0) -> Row:
    found: Row = rows_by(done, "company")[f"{company} BV"]["accounts"][number]
    return found


def gate(row: Row) -> tuple[str, str, str | None]:
    return row["gate"], row["turn"], row["mandate"]


class TestAccounts:
    @pytest.mark.parametrize(
        ("company", "number", "expected"),
        [
            (BAKERY, 0, ("mandate", "customer", "awaiting signature")),
            (BAKERY, 1, ("journal", "office", "active")),
            (GARAGE, 0, ("mandate", "bank", "bank procedure")),
            (HOTEL, 0, ("open as far as known", "nobody", "Bevroren")),
            (HOTEL, 1, ("other feed", "nobody", None)),
            (SALON, 0, ("mandate", "office", None)),
            (FOREIGN, 0, ("connection", "office", None)),
        ],
    )
    def test_stand_at_their_first_closed_gate(self, told: Done, company: str, number: int, expected: tuple[str, str, str | None]) -> None:
        assert gate(account(told, company, number)) == expected

    def test_have_the_date_of_the_state(self, told: Done) -> None:
        assert account(told, BAKERY)["mandate_date"] == "2026-01-05"

    def test_say_what_to_do(self, told: Done) -> None:
        assert account(told, BAKERY)["error"] == "mandate-unsigned"

    def test_without_journal_are_told_with_their_company(self, told: Done) -> None:
        row = account(told, BAKERY, 1)

        assert (row["iban"], row["journal"], row["error"]) == (STRAY, None, "journal-missing")

    def test_of_companies_that_are_nowhere_have_a_row(self, told: Done) -> None:
        row = rows_by(told, "company")["Nergens BV"]

        assert (row["vat"], row["database"], [one["iban"] for one in row["accounts"]]) == ("0477472701", "", ["BE56539001800388"])

    def test_are_open_as_far_as_known_without_an_export(self, office: Office) -> None:
        assert gate(account(office.status("json"), BAKERY)) == ("open as far as known", "nobody", None)

    def test_that_are_all_in_order_are_open(self, office: Office) -> None:
        whole = office.line.folder / "whole.csv"
        whole.write_text(f"IBAN,State\n{IBANS[GARAGE]},Active\n", encoding="utf-8")
        office.line.sandbox.proxy.give_consent(office.line.sandbox.world.office_vat)

        assert gate(account(office.status("json", "--refresh", "-m", str(whole)), GARAGE)) == ("open", "nobody", "active")


class TestTheExport:
    def test_costs_no_exit_code(self, told: Done) -> None:
        assert told.exit_code == 0, told

    def test_rows_that_can_t_be_used_are_told(self, told: Done) -> None:
        assert 'Line 9: "geen" is no valid IBAN; it is left out.' in told.stderr

    def test_is_counted_by_whose_turn_it_is(self, told: Done) -> None:
        assert (
            "waiting for you (1 connection, 1 mandate, 2 journal), 1 waiting for the customer (mandate), 1 waiting for the bank"
            in told.stderr
        )

    def test_may_be_a_workbook(self, office: Office, told: Done) -> None:
        book = Workbook()
        for row in office.export:
            book.worksheets[0].append(row)
        path = office.line.folder / "export.xlsx"
        book.save(path)

        assert office.status("json", "--mandates", str(path)).stdout == told.stdout

    def test_may_be_named_in_the_environment(self, office: Office, told: Done) -> None:
        office.line.environment["CODALINK_MANDATES"] = str(office.csv())
        try:
            assert office.status("json").stdout == told.stdout
        finally:
            del office.line.environment["CODALINK_MANDATES"]

    def test_says_nothing_of_others_where_one_company_is_looked_at(self, office: Office) -> None:
        done = office.status("json", "--mandates", str(office.csv()), "--company", "Garage")

        assert list(rows_by(done, "company")) == ["Garage BV"]

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([("Klant", "Status"), ("Kruimel", "Actief")], "no column was found for the account number"),
            ([("Klant", "IBAN"), ("Kruimel", STRAY)], "no column was found for the state"),
            ([], "is empty"),
        ],
    )
    def test_that_is_none_is_refused_in_a_sentence(self, office: Office, rows: Sequence[Sequence[str]], words: str) -> None:
        path = office.line.folder / "none.csv"
        path.write_text("".join(";".join(row) + "\n" for row in rows), encoding="utf-8")
        done = office.status("--mandates", str(path))

        assert (done.exit_code, done.stdout) == (2, ""), done
        assert words in done.stderr

    def test_that_is_missing_is_told_before_any_database_is_asked(self, office: Office) -> None:
        office.line.sandbox.calls.clear()
        done = office.status("--mandates", "no-such-file.csv")

        assert (done.exit_code, list(office.line.sandbox.calls)) == (2, []), done
        assert "no-such-file.csv can't be read" in done.stderr


class TestTable:
    @needs_terminal
    @pytest.mark.parametrize("columns", [80, 120])
    def test_fits_the_terminal(self, office: Office, columns: int) -> None:
        shown = run_in_terminal(office.line, "status", "--mandates", str(office.csv()), columns=columns)

        assert cell_len(shown.widest_line) <= columns

    @needs_terminal
    @pytest.mark.parametrize("columns", [80, 120])
    def test_shows_each_gate_in_its_line(self, office: Office, columns: int) -> None:
        shown = run_in_terminal(office.line, "status", "--mandates", str(office.csv()), columns=columns).text

        for words in ("mandate: the customer's turn", "mandate: the bank's turn", "mandate: your turn", "other feed: online_sync"):
            assert any(words in line for line in shown.splitlines()), words

    def test_says_what_to_do(self, office: Office) -> None:
        shown = unwrapped(office.status("--mandates", str(office.csv())).stdout)

        assert "Ask the customer's legal representative to sign it." in shown
        assert '"Bevroren", which codalink doesn\'t know.' in shown

    def test_has_mandates_of_companies_that_are_nowhere_below(self, office: Office) -> None:
        shown = unwrapped(office.status("--mandates", str(office.csv())).stdout)

        assert "none of the databases that were read:" in shown
        assert "Nergens BV BE 0477.472.701 BE56 5390 0180 0388 active" in shown


def test_export_of_somebody_else_s_making_is_understood_whole(tmp_path: Path) -> None:
    """The sandbox writes it without knowing how codalink reads."""
    world = demo_office()
    export = tmp_path / "mandates.csv"
    with ready_office(
        world,
        tmp_path,
        include=["bakkerij-*", "garage-*", "imprimerie-*", "kapsalon-*", "drukkerij-*", "dakwerken-*", "loonwerk-*", "boucherie-*"],
    ) as line:
        export.write_text(mandates_export(world.proxy.mandates.values(), world.office_vat), encoding="utf-8", newline="")
        done = line.run("status", "json", "--mandates", str(export))

    mandates = world.proxy.mandates
    told = {one["iban"]: one["mandate"] for row in rows_by(done, "company").values() for one in row["accounts"] if one["feed"]}
    assert told == {number: mandates[number].state.value.lower() for number in told}
    assert "left out" not in done.stderr


@pytest.fixture(scope="module")
def fetched(office: Office) -> Done:
    return office.line.run("retrieve", "--all", "json", "--mandates", str(office.csv("retrieve.csv")))


class TestRetrieve:
    def test_tells_the_account_whose_files_odoo_skips(self, fetched: Done) -> None:
        rows = [row for row in envelope(fetched)["rows"] if row["error"]]

        assert [(row["company"], row["iban"], row["mandate"], row["error"]) for row in rows] == [
            (f"{BAKERY} BV", STRAY, "active", "journal-missing")
        ]
        assert "Odoo skips the files of 1 account" in fetched.stderr

    def test_is_no_failure_of_the_fetch(self, fetched: Done) -> None:
        assert fetched.exit_code == 0, fetched

    def test_has_the_mandate_of_each_account(self, fetched: Done) -> None:
        told = {row["iban"]: row["mandate"] for row in envelope(fetched)["rows"]}

        assert told == {
            IBANS[BAKERY]: "awaiting signature",
            STRAY: "active",
            IBANS[GARAGE]: "bank procedure",
            IBANS[HOTEL]: "Bevroren",
            IBANS[SALON]: None,
        }

    def test_names_rows_that_it_can_t_use(self, fetched: Done) -> None:
        assert "geen" in fetched.stderr

    def test_takes_the_export_from_the_environment(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(office.line.environment, "CODALINK_MANDATES", str(office.csv("environment.csv")))
        done = office.line.run("retrieve", "--company", f"{BAKERY} BV", "csv")

        assert f",{STRAY}," in done.stdout
        assert "journal-missing" in done.stdout

    def test_shows_it_in_the_table(self, office: Office) -> None:
        done = office.line.run("retrieve", "--company", f"{BAKERY} BV", "--mandates", str(office.csv("table.csv")))

        assert "files skipped" in done.stdout
        assert "nothing new, mandate awaiting signature" in unwrapped(done.stdout)

    def test_of_a_single_company_says_nothing_of_others(self, office: Office) -> None:
        done = office.line.run("retrieve", "--company", f"{GARAGE} BV", "--mandates", str(office.csv("single.csv")))

        assert "skipped" not in done.stdout + done.stderr

    def test_without_the_export_nothing_is_said_of_mandates(self, office: Office) -> None:
        done = office.line.run("retrieve", "--all", "json")

        assert {row["mandate"] for row in envelope(done)["rows"]} == {None}

    def test_reads_the_export_before_it_fetches(self, office: Office) -> None:
        before = len(office.line.sandbox.calls)
        done = office.line.run("retrieve", "--all", "--mandates", "nowhere.csv")

        assert done.exit_code == 2, done
        assert len(office.line.sandbox.calls) == before


@pytest.fixture(scope="module")
def checked(office: Office) -> Done:
    return office.line.run("check", "json", "--mandates", str(office.csv("check.csv")))


class TestCheck:
    @pytest.mark.parametrize(
        ("company", "grade", "error"),
        [
            (BAKERY, "warn", "mandate-unsigned"),
            (GARAGE, "warn", "mandate-at-bank"),
            (HOTEL, "warn", "mandate-state-unknown"),
            (SALON, "warn", "mandate-missing"),
            (FOREIGN, "unknown", ""),
        ],
    )
    def test_judges_the_mandate_of_each_account(self, checked: Done, company: str, grade: str, error: str) -> None:
        (finding,) = [one for one in rows_by(checked, "company")[f"{company} BV"]["findings"] if one["condition"] == "mandate"]

        assert (finding["grade"], finding["error"]) == (grade, error)

    def test_names_rows_that_it_can_t_use(self, checked: Done) -> None:
        assert "geen" in checked.stderr
