"""Bad input: each gets a sentence, a next step and the right exit code, and nothing foreign styles or breaks what is shown."""

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len

from codalink.sandbox import Company, Journal, World, small_office
from codalink.sandbox.belgium import vat_number
from codalink.sandbox.demo_office import connect
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done
from tests.integration.terminal import configuration, envelope, needs_terminal, ready_office, run_in_terminal, unwrapped


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with ready_office(small_office(3, companies=2), tmp_path_factory.mktemp("bad-input")) as office:
        yield office


@pytest.fixture
def office(shared: CommandLine) -> Iterator[CommandLine]:
    """Three databases with two companies each; configuration, list, keyring and environment are put back after the test."""
    listed = shared.folder / "databases.csv"
    kept = shared.config.read_bytes(), listed.read_bytes(), dict(shared.sandbox.keyring.items), dict(shared.environment)
    shared.sandbox.calls.clear()
    yield shared
    if shared.config.is_dir():
        shared.config.rmdir()
    shared.config.write_bytes(kept[0])
    listed.write_bytes(kept[1])
    shared.sandbox.keyring.items.clear()
    shared.sandbox.keyring.items.update(kept[2])
    shared.environment = kept[3]


def assert_sentence(done: Done, exit_code: int, *words: str) -> None:
    """It ended with this code, a cause that has these words, and what to do; not with a traceback."""
    said = unwrapped(done.stderr)
    assert done.exit_code == exit_code, done
    assert [word for word in words if word not in said] == [], done
    assert "Error: " in said
    assert "What to do: " in said
    assert "Traceback" not in said
    assert "does not know" not in said, done


# --- what is typed -----------------------------------------------------------------------------------------------------------------------


def test_unknown_company_gets_a_proposal(office: CommandLine) -> None:
    done = office.run("status", "--company", "Klamt 002 afdeling 1")
    assert_sentence(done, 2, "No company matches 'Klamt 002 afdeling 1'", "Did you mean", "klant-002/Klant 002 afdeling 1")


def test_ambiguous_company_lists_its_matches(office: CommandLine) -> None:
    done = office.run("connect", "--company", "Klant 002")
    assert_sentence(done, 2, "matches 2 companies", "klant-002/Klant 002 afdeling 1", "klant-002/Klant 002 afdeling 2")


def test_company_of_nothing_but_blanks_matches_none(office: CommandLine) -> None:
    assert_sentence(office.run("connect", "--company", "  "), 2, "No company matches")


def test_company_with_escapes_in_it_is_repeated_harmlessly(office: CommandLine) -> None:
    done = office.run("status", "--company", "\x1b[31mRood")
    assert_sentence(done, 2, "No company matches")
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["conect-all"], "Did you mean 'connect-all'"),
        (["connect-all", "--dryrun"], "--dry-run"),
        (["status", "xml"], "'xml' is not one of"),
        (["connect-all", "--jobs", "0"], "--jobs"),
        (["connect"], "--company"),
    ],
    ids=["command", "option", "format", "number", "missing"],
)
def test_mistyped_word_is_told_with_what_fits(office: CommandLine, arguments: list[str], words: str) -> None:
    done = office.run(*arguments)

    assert done.exit_code == 2, done
    assert words in unwrapped(done.stderr.replace("│", " "))
    assert len(office.sandbox.calls) == 0


# --- the configuration -------------------------------------------------------------------------------------------------------------------


def test_no_configuration_names_setup_and_demo(office: CommandLine) -> None:
    office.environment["CODALINK_CONFIG"] = str(office.folder / "nothing here.toml")
    assert_sentence(office.run("status"), 2, "nothing here.toml", "codalink setup", "codalink demo")


OFFICE = '[office]\nname = "Kantoor"\nvat = "0771234528"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[office\nname = 3", ("not valid TOML", "line 1")),
        (OFFICE + "colour = 'red'\n", ("office.colour is not a key",)),
        (OFFICE.replace('"Kantoor"', "3"), ("office.name must be a text",)),
        (OFFICE.replace("0771234528", "0771234529"), ("office.vat", "'0771234529' is not a valid Belgian VAT number")),
        (OFFICE, ("at least one [[source]] is needed",)),
        (OFFICE + '[[source]]\nlogin = "x"\n', ("source 1: exactly one of server, file, odoo_com, databases_app",)),
        (OFFICE + '[[source]]\nlogin = "x"\nserver = "http://odoo.example.be"\n', ("source 1: server", "unencrypted")),
        (OFFICE + '[[source]]\nfile = "not there.csv"\nlogin = "x"\n', ("not there.csv", "can't be read")),
    ],
    ids=["toml", "key", "type", "number", "no-source", "source", "http", "no-file"],
)
def test_wrong_configuration_names_file_place_and_remedy(office: CommandLine, text: str, words: tuple[str, ...]) -> None:
    office.config.write_text(text, encoding="utf-8")
    assert_sentence(office.run("databases"), 2, office.config.name if "not there" not in text else "list of databases", *words)


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_bytes(b"\xff\xfe\x00"), lambda path: (path.unlink(), path.mkdir())], ids=["bytes", "folder"]
)
def test_configuration_that_is_no_text_says_so(office: CommandLine, spoil: Callable[[Path], object]) -> None:
    spoil(office.config)
    assert_sentence(office.run("databases"), 2, office.config.name, "can't be read")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name;address\n", ("databases.csv", "line 1", "'url' is missing")),
        ("", ("databases.csv", "line 1", "'url' is missing")),
        ("url,database\nhttps://a.be,one\nhttp://odoo.example.be,two\n", ("databases.csv", "line 3", "unencrypted")),
        ("url,database\nhttps://a.be,\n", ("databases.csv", "line 2", "name is missing")),
        (f"url,database\nhttps://a.be,{'x' * 140_000}\n", ("databases.csv", "field larger than")),
    ],
    ids=["header", "empty", "http", "no-name", "endless"],
)
def test_wrong_list_of_databases_names_file_and_line(office: CommandLine, text: str, words: tuple[str, ...]) -> None:
    (office.folder / "databases.csv").write_text(text, encoding="utf-8")
    assert_sentence(office.run("databases"), 2, *words)


def test_error_in_json_is_an_envelope_too(office: CommandLine) -> None:
    office.config.write_text("[office\n", encoding="utf-8")
    done = office.run("status", "json")

    document = envelope(done)
    assert (document["status"], document["exit_code"], done.exit_code, document["rows"]) == ("error", 2, 2, [])
    assert [error["code"] for error in document["errors"]] == ["configuration-invalid"]


def test_state_folder_that_can_t_be_used_is_told(office: CommandLine) -> None:
    (office.folder / "a file").touch()
    office.environment["CODALINK_STATE"] = str(office.folder / "a file")
    assert_sentence(office.run("connect-all", "--yes"), 2, "a file")


# --- login and keyring -------------------------------------------------------------------------------------------------------------------


def test_wrong_login_everywhere_says_why_for_each_database(office: CommandLine) -> None:
    office.sandbox.keyring.items.update(dict.fromkeys(office.sandbox.keyring.items, "wrong"))
    done = office.run("databases", "json")

    assert {row["error"] for row in envelope(done)["rows"]} == {"login-refused"}
    assert done.exit_code == 5, done


def test_login_secret_missing_from_the_keyring_ends_with_4(office: CommandLine) -> None:
    office.sandbox.keyring.items.clear()
    done = office.run("databases", "json")

    assert {row["error"] for row in envelope(done)["rows"]} == {"login-secret-missing"}
    assert done.exit_code == 4, done


def test_keyring_that_is_gone_ends_with_4(office: CommandLine) -> None:
    office.sandbox.keyring.is_gone = True
    done = office.run("databases")
    office.sandbox.keyring.is_gone = False

    assert_sentence(done, 4, "keyring")


# --- an office without anything ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["databases"], ["connect-all", "--yes"]], ids=" ".join)
def test_empty_office_is_sent_to_its_sources_and_patterns(office: CommandLine, arguments: list[str]) -> None:
    office.config.write_text(configuration(office.sandbox.world, 'file = "databases.csv"', include=["nothing"]), encoding="utf-8")
    assert_sentence(office.run(*arguments), 2, "No customer database was found", "patterns")


# --- hostile names -----------------------------------------------------------------------------------------------------------------------

HOSTILE = (
    "[red]Rood[/red] [link=http://evil.example]klik[/link]",
    "\x1b[31mRood\x1b[2J\x1b]8;;http://evil.example\x07klik\x1b]8;;\x07",
    "Acht\x9b31mbit \x85 regel",
    "Omgekeerd \u202egpj.exe \u2066links\u2069",
    "Een\nTwee\r\nDrie\tVier\x0b\x0cVijf\u2028Zes",
    "X" * 10_000,
    '=HYPERLINK("http://evil.example";"klik")',
    "@SUM(1+1)",
    "会社" * 80,
    "e\u0301" * 200,
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def hostile_office() -> World:
    """Everything that a stranger can name bears a hostile name: companies, journals, accounts; all of them connected."""
    world = small_office(1)
    database = world.database("klant-001")
    for number, name in enumerate(HOSTILE):
        journal = Journal(f"BE68{number:012d}", name=name)
        database.add_company(Company(name, f"BE{vat_number(9_000_000 + number)}", f"BE{world.office_vat}", journals=(journal,)))
    for company in database.company_ids()[:-2]:
        connect(world, database, company)
    return world


@dataclass
class Hostile:
    office: CommandLine
    table: Done
    json: Done
    csv: Done
    retrieved: Done


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    with ready_office(hostile_office(), tmp_path_factory.mktemp("hostile")) as office:
        office.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, office.office.vat] = office.office.password
        yield Hostile(
            office, office.run("status"), office.run("status", "json"), office.run("status", "csv"), office.run("retrieve", "--all")
        )


def controls(text: str) -> set[str]:
    """The characters that steer a terminal instead of being shown."""
    return {character for character in text if unicodedata.category(character) == "Cc" and character != "\n"} | set(
        BIDIRECTIONAL.findall(text)
    )


class TestHostileNames:
    def test_leave_the_exit_code_alone(self, hostile: Hostile) -> None:
        assert [done.exit_code for done in (hostile.table, hostile.json, hostile.csv)] == [0, 0, 0], hostile.table

    @pytest.mark.parametrize("name", ["table", "json", "csv", "retrieved"])
    def test_bring_no_control_character_into_the_output(self, hostile: Hostile, name: str) -> None:
        done: Done = getattr(hostile, name)
        assert controls(done.stdout + done.stderr) - ({"\r", "\t"} if name == "csv" else set()) == set()

    def test_are_shown_as_they_are_where_only_a_program_would_take_them_for_markup(self, hostile: Hostile) -> None:
        assert "[red]Rood[/red]" in unwrapped(hostile.table.stdout)

    def test_leave_the_table_in_its_width(self, hostile: Hostile) -> None:
        for done in (hostile.table, hostile.retrieved):
            assert max(map(cell_len, done.stdout.splitlines())) <= 160

    def test_are_whole_in_json(self, hostile: Hostile) -> None:
        assert set(HOSTILE) <= {row["company"] for row in envelope(hostile.json)["rows"]}

    def test_run_no_formula_in_a_spreadsheet(self, hostile: Hostile) -> None:
        cells = [cell for row in csv.reader(StringIO(hostile.csv.stdout)) for cell in row]
        assert [cell for cell in cells if cell.startswith(FORMULA)] == []
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)

    def test_keep_their_rows_in_csv(self, hostile: Hostile) -> None:
        assert len(list(csv.DictReader(StringIO(hostile.csv.stdout)))) == len(HOSTILE) + 1

    @needs_terminal
    @pytest.mark.parametrize("columns", [80, 160])
    @pytest.mark.parametrize("command", ["status", "databases", "connect-all"])
    def test_widen_no_line_beyond_the_terminal(self, hostile: Hostile, command: str, columns: int) -> None:
        answers = [("Go ahead?", "n")] if command == "connect-all" else []
        shown = run_in_terminal(hostile.office, command, columns=columns, answers=answers)

        assert shown.exit_code == 0, shown.text
        assert cell_len(shown.widest_line) <= columns, shown.widest_line

    @needs_terminal
    def test_bring_no_escape_of_their_own_into_a_terminal(self, hostile: Hostile) -> None:
        shown = run_in_terminal(hostile.office, "status", columns=160)

        assert "\x1b[2J" not in shown.raw
        assert re.findall(r"\x1b\]8;[^;]*;(?!http://127\.0\.0\.1:)[^\x07\x1b]+", shown.raw) == []
        assert controls(shown.text) - {"\r"} == set()


@pytest.mark.parametrize("shown", ["table", "json", "csv"])
def test_half_a_character_stops_nothing(tmp_path: Path, shown: str) -> None:
    """JSON can carry half of a surrogate pair, which no output can."""
    world = small_office(1)
    world.database("klant-001").add_company(Company("Half \ud83d teken"))
    with ready_office(world, tmp_path) as office:
        done = office.run("databases", shown)

        assert done.exit_code == 0, done
        assert "Half" in done.stdout


@pytest.mark.parametrize("shown", ["table", "json", "csv"])
def test_output_without_accents_loses_letters_and_not_the_run(office: CommandLine, shown: str) -> None:
    """As where Windows sends output through a pipe: its code page has neither arrows nor every name's letters."""
    database = office.sandbox.world.database("klant-001")
    database.row("res.partner", database.row("res.company", 1)["partner_id"])["name"] = "Épicerie → 会社"
    office.environment |= {"PYTHONIOENCODING": "ascii"}
    done = office.run("connect-all", "--dry-run", shown)

    assert done.exit_code == 0, done
    assert "picerie" in done.stdout


# --- streams and colours -----------------------------------------------------------------------------------------------------------------


def test_quiet_prints_data_and_nothing_else(office: CommandLine) -> None:
    loud, quiet = office.run("status", "json"), office.run("status", "json", "--quiet")

    assert loud.stderr != ""
    assert (quiet.stdout, quiet.stderr) == (loud.stdout, "")


def test_quiet_says_errors_all_the_same(office: CommandLine) -> None:
    assert_sentence(office.run("status", "--quiet", "--company", "nobody"), 2, "No company matches")


def test_data_is_alone_on_standard_output(office: CommandLine) -> None:
    json.loads(office.run("connect-all", "--dry-run", "json", "--verbose").stdout)


@needs_terminal
def test_no_color_is_obeyed(office: CommandLine) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|9[0-7]|4[0-7]|38|48)[0-9;]*m")
    with_colours = run_in_terminal(office, "status")
    office.environment["NO_COLOR"] = "1"
    without = run_in_terminal(office, "status")

    assert colour.search(with_colours.raw)
    assert not colour.search(without.raw)
