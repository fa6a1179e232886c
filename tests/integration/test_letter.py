"""`codalink letter`: words to paste, drafts for the mail program, one or many; nothing is overwritten, no name is more than a name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, World
from codalink.sandbox.demo_office import connect
from codalink.sandbox.offices import OFFICE_VAT, accountant, new_world
from codalink.sandbox.world import Company, Flavour, Journal, OdooServer, make_database
from tests.approved import HERE
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import changing, ready_office
from tests.unit.render.letters import ACCOUNTS, BELFIUS, COMPANY

OTHER_OFFICE_VAT = "BE0403019261"
TRICKY = "Bäckerei [bold]Zoë[/bold] {{ 7 * 7 }}\r\nBcc: evil@example.be"
EVIL_EMAIL = "zoe@baeckerei.example\r\nBcc: evil@example.be"


def customer(name: str, number: str, email: str, language: str, *ibans: str) -> Company:
    """A company whose accounting firm is the office."""
    made = tuple(Journal(iban, code=f"BNK{place}") for place, iban in enumerate(ibans, start=1))
    return Company(
        name,
        f"BE{number}",
        f"BE{OFFICE_VAT}",
        journals=made,
        email=email,
        language=language,
        office_email="info@kantoor-demo.example",
        office_language="nl_BE",
    )


def customers() -> dict[str, Company]:
    """By database: the company of the approved letters, and those that letters stumble over."""
    assert COMPANY.vat is not None
    elsewhere = customer("Atelier SRL", "0410000192", "atelier@example.be", "fr_BE", "BE66192000000143")
    return {
        "bakkerij-kruimel": customer(COMPANY.name, COMPANY.vat.digits, COMPANY.emails[0], "nl_BE", *ACCOUNTS),
        "imprimerie-papyrus": customer("Imprimerie Papyrus SRL", "0417497106", "a@papyrus.example; b@papyrus.example", "fr_BE"),
        "konditorei": customer(TRICKY, "0202239951", EVIL_EMAIL, "de_DE", "BE41734000000110"),
        "jansen-a": customer("Jansen BV", "0401574852", "jansen@a.example", "nl_BE"),
        "jansen-b": customer("JANSEN BV", "0477472701", "", "nl_BE"),
        "sin-lengua": customer("Sin Lengua BV", "0410000093", "", "es_ES"),
        "atelier": replace(elsewhere, office=OTHER_OFFICE_VAT, office_name="Bureau Exemple", office_language="fr_BE"),
    }


def world_of_customers() -> World:
    world = new_world()
    server = world.add(OdooServer("odoo18", "18.0"))
    for name, company in customers().items():
        database = server.add(make_database(name, "18.0", [company], accountant(world), Flavour("18.0")))
        if name != "atelier":
            connect(world, database)
    return world


def add_statements(office: CommandLine) -> None:
    """What Odoo has of the account with the gap."""
    database = office.sandbox.world.database("bakkerij-kruimel")
    with database.lock:
        for day, start, end in (("2026-02-27", 900.0, 12345.6), ("2026-03-09", -987.65, 0.0), ("2026-03-10", 0.0, 1.0)):
            row = {"name": day, "date": day, "journal_id": 1, "company_id": 1, "balance_start": start, "balance_end_real": end}
            database.table("account.bank.statement").insert(row)


@dataclass
class Letters:
    """Every kind of letter once, each in a language of its own, and what was written for all."""

    office: CommandLine
    folder: Path
    single: dict[str, Done]
    for_all: Done
    again: Done
    unsigned: Done
    others: Done
    missing: Done

    def mail(self, name: str) -> EmailMessage:
        mail = message_from_bytes((self.folder / name).read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


KRUIMEL = ("--company", "kruimel")
SINGLE = {
    "mandate.nl": ("mandate", *KRUIMEL),
    "connected.fr": ("connected", *KRUIMEL, "--lang", "fr"),
    "initiate.de": ("initiate", *KRUIMEL, "--lang", "de"),
    "synctool.en": ("synctool", *KRUIMEL, "--lang", "en"),
    "environment.nl": ("environment", *KRUIMEL),
    "missing.nl": (
        *("missing", *KRUIMEL, "--account", "be48 0631 0079 1927", "--from", "2026-03-01", "--until", "06/03/2026"),
        *("--number", "41", "--number", "42", "--number", "43"),
    ),
}


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Letters]:
    with ready_office(world_of_customers(), tmp_path_factory.mktemp("letters")) as office:
        folder = office.folder / "out"
        unsigned = office.run("letter", "mandate", "--all", "--output", str(office.folder / "unsigned"))
        single = {name: office.run("letter", *arguments) for name, arguments in SINGLE.items() if not name.startswith("missing")}
        add_statements(office)
        single["missing.nl"] = office.run("letter", *SINGLE["missing.nl"])
        for_all = office.run("letter", "connected", "--all", "--eml", "--output", str(folder))
        (folder / "Imprimerie Papyrus SRL - connected.fr.eml").write_text("edited by hand", encoding="utf-8")
        again = office.run("letter", "connected", "--all", "--eml", "--output", str(folder), "--lang", "fr")
        others = office.run("letter", "initiate", "--all", "--output", str(office.folder / "others"))
        missing = office.run("letter", "missing", "--all", "--lang", "nl", "--output", str(office.folder / "missing"))
        yield Letters(office, folder, single, for_all, again, unsigned, others, missing)


class TestOneLetter:
    @pytest.mark.parametrize("name", SINGLE)
    def test_reads_as_approved(self, letters: Letters, name: str) -> None:
        assert letters.single[name].stdout == (HERE / "letters" / f"{name}.txt").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", SINGLE)
    def test_ends_with_0(self, letters: Letters, name: str) -> None:
        assert letters.single[name].exit_code == 0, letters.single[name]

    def test_says_whom_it_is_for(self, letters: Letters) -> None:
        assert "To Bakkerij Kruimel BV: info@bakkerij-kruimel-bv.example." in letters.single["mandate.nl"].stderr
        assert "To Kantoor Demo: info@kantoor-demo.example." in letters.single["initiate.de"].stderr

    def test_to_codabox_invents_no_address(self, letters: Letters) -> None:
        assert "To CodaBox: no e-mail address is known" in letters.single["missing.nl"].stderr

    def test_changes_nothing_in_odoo(self, letters: Letters) -> None:
        assert changing(letters.office.sandbox) == []


class TestLettersForAll:
    def test_go_to_those_concerned_in_their_own_language(self, letters: Letters) -> None:
        assert sorted(path.name for path in letters.folder.iterdir() if path.suffix == ".eml" and ".fr." not in path.name) == [
            "Bakkerij Kruimel BV - connected.nl.eml",
            "Bäckerei [bold]Zoë[bold] {{ 7 7 }} Bcc evil@example.be - connected.de.eml",
            "JANSEN BV (jansen-b) - connected.nl.eml",
            "Jansen BV (jansen-a) - connected.nl.eml",
        ]

    def test_are_listed_on_standard_output(self, letters: Letters) -> None:
        listed = [Path(line).name for line in letters.for_all.stdout.splitlines()]
        assert len(listed) == 5
        assert "Imprimerie Papyrus SRL - connected.fr.eml" in listed

    def test_without_a_language_are_told_and_make_the_exit_code_1(self, letters: Letters) -> None:
        assert letters.for_all.exit_code == 1, letters.for_all
        assert "Sin Lengua BV" in letters.for_all.stderr
        assert "--lang nl, fr, de or en" in letters.for_all.stderr

    def test_are_drafts_to_the_company_from_the_office(self, letters: Letters) -> None:
        mail = letters.mail("Bakkerij Kruimel BV - connected.nl.eml")
        assert (mail["X-Unsent"], mail["From"], mail["To"]) == ("1", "info@kantoor-demo.example", "info@bakkerij-kruimel-bv.example")
        assert mail["Subject"] == "Bakkerij Kruimel BV: verbinding met CodaBox tot stand gebracht"
        assert "één à twee keer per dag" in mail.get_content()

    def test_have_no_recipient_where_odoo_has_none(self, letters: Letters) -> None:
        assert letters.mail("JANSEN BV (jansen-b) - connected.nl.eml")["To"] is None

    def test_never_overwrite_what_was_edited(self, letters: Letters) -> None:
        assert (letters.folder / "Imprimerie Papyrus SRL - connected.fr.eml").read_text() == "edited by hand"
        assert "is there already, and differs" in letters.again.stderr
        assert "--force" in letters.again.stderr
        assert letters.again.exit_code == 1

    def test_are_counted(self, letters: Letters) -> None:
        assert "5 letters written, 1 not." in letters.for_all.stderr
        assert "5 letters written, 1 not." in letters.again.stderr

    def test_one_in_the_way_keeps_no_other_away(self, letters: Letters) -> None:
        assert (letters.folder / "Bakkerij Kruimel BV - connected.fr.eml").exists()
        assert len(letters.again.stdout.splitlines()) == 5

    def test_mandate_goes_to_companies_with_an_account_without_statements(self, letters: Letters) -> None:
        assert [Path(line).name for line in letters.unsigned.stdout.splitlines()] == [
            "Bakkerij Kruimel BV - mandate.nl.txt",
            "Bäckerei [bold]Zoë[bold] {{ 7 7 }} Bcc evil@example.be - mandate.de.txt",
        ]

    def test_mandate_without_the_export_says_what_it_assumed(self, letters: Letters) -> None:
        assert "accounts without a statement were taken for those to sign" in letters.unsigned.stderr

    def test_initiate_goes_to_the_other_office_of_companies_that_are_not_connected(self, letters: Letters) -> None:
        (path,) = letters.others.stdout.splitlines()
        assert Path(path).name == "Atelier SRL - initiate.fr.txt"
        assert letters.others.exit_code == 0, letters.others


@pytest.fixture
def mail(letters: Letters) -> EmailMessage:
    """The draft to the company with the tricky name."""
    return letters.mail("Bäckerei [bold]Zoë[bold] {{ 7 7 }} Bcc evil@example.be - connected.de.eml")


class TestNamesFromOdoo:
    def test_add_no_header(self, mail: EmailMessage) -> None:
        assert mail["Bcc"] is None
        assert set(mail.keys()) == {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "X-Unsent", "Subject", "From", "To"}

    def test_run_no_code(self, mail: EmailMessage) -> None:
        assert "{{ 7 * 7 }} Bcc: evil@example.be" in mail["Subject"]
        assert "49" not in mail["Subject"]

    def test_add_no_line(self, mail: EmailMessage) -> None:
        assert not any(line.startswith("Bcc") for line in mail.get_content().splitlines())

    def test_add_no_recipient(self, mail: EmailMessage) -> None:
        assert [one.addr_spec for one in mail["To"].addresses] == ["zoe@baeckerei.example"]


# --- MyCodaBox's export ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """What MyCodaBox says: one account of the bakery is to be signed, others are active, stopped, or have no mandate."""
    file = tmp_path / "mandates.csv"
    states = {ACCOUNTS[0]: "Active", ACCOUNTS[1]: "Awaiting signature", ACCOUNTS[2]: "Archived"}
    file.write_text("\n".join(["IBAN,State", *(f"{iban},{state}" for iban, state in states.items()), ""]), encoding="utf-8")
    return file


def test_export_says_which_account_is_to_be_signed(letters: Letters, export: Path) -> None:
    done = letters.office.run("letter", "mandate", *KRUIMEL, "--mandates", str(export))

    assert done.exit_code == 0, done
    assert [line for line in done.stdout.splitlines() if line.startswith("- BE")] == ["- BE41 7340 0000 0110"]


def test_export_is_for_mandates_only(letters: Letters, tmp_path: Path) -> None:
    """The variable CODALINK_MANDATES may be set for other commands."""
    done = letters.office.run("letter", "environment", "--lang", "nl", "--mandates", str(tmp_path / "nowhere.csv"))

    assert done.exit_code == 0, done


# --- files and templates -----------------------------------------------------------------------------------------------------------------


def test_single_letter_into_a_file(letters: Letters, tmp_path: Path) -> None:
    done = letters.office.run("letter", "synctool", *KRUIMEL, "--output", str(tmp_path / "x.eml"))

    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'x.eml'}\n")
    assert b"X-Unsent: 1" in (tmp_path / "x.eml").read_bytes()


def test_configured_addresses_are_used(letters: Letters, tmp_path: Path) -> None:
    text = letters.office.config.read_text(encoding="utf-8")
    configured = tmp_path / "codalink.toml"
    configured.write_text(f'{text}\n[letters]\nfrom = "own@example.be"\nhelpdesk = "help@example.be"\n', encoding="utf-8")
    done = letters.office.run("letter", "environment", "--lang", "de", "--eml", "--config", str(configured))

    assert "From: own@example.be\nTo: help@example.be\n" in done.stdout, done


def test_environment_alone_asks_no_database(letters: Letters) -> None:
    before = len(letters.office.sandbox.calls)
    done = letters.office.run("letter", "environment", "--lang", "fr")

    assert done.stdout.startswith("Subject: Demande d'un environnement Odoo pour Kantoor Demo\n"), done
    assert len(letters.office.sandbox.calls) == before


@pytest.fixture
def own_templates(letters: Letters) -> Iterator[Path]:
    folder = letters.office.folder / "letters"
    folder.mkdir()
    yield folder
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def test_office_s_own_template_is_used(letters: Letters, own_templates: Path) -> None:
    (own_templates / "environment.nl.txt").write_text("Subject: Vraag\n\nGraag een omgeving voor {{ office }}.\n", encoding="utf-8")
    done = letters.office.run("letter", "environment", "--lang", "nl")

    assert done.stdout == "Subject: Vraag\n\nGraag een omgeving voor Kantoor Demo (BE 0771.234.528).\n"


def test_broken_template_is_told_with_file_and_line_and_writes_nothing(letters: Letters, own_templates: Path, tmp_path: Path) -> None:
    (own_templates / "connected.de.txt").write_text("Subject: x\n\nHallo\n{{ compny.name }}\n", encoding="utf-8")
    done = letters.office.run("letter", "connected", "--all", "--output", str(tmp_path / "out"))

    assert done.exit_code == 2, done
    assert f"{own_templates / 'connected.de.txt'}, line 4: 'compny' is undefined." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


# --- wrong usage -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mandate"], "Which company"),
        (["mandate", *KRUIMEL, "--all", "--output", "x"], "--company is for one letter"),
        (["mandate", "--all"], "--output FOLDER"),
        (["synctool", "--all", "--output", "x"], "contract of their own"),
        (["missing", "--all", "--output", "x", "--number", "1"], "the gaps are found"),
        (["missing", *KRUIMEL], "Which statements"),
        (["missing", *KRUIMEL, "--from", "2026-03-06", "--until", "2026-03-01"], "later than"),
        (["mandate", *KRUIMEL, "--number", "1"], "for the letter `missing`"),
        (["connected", *KRUIMEL, "--output", "x.pdf"], "x.pdf"),
        (["environment"], "language"),
    ],
)
def test_wrong_usage_is_told_before_any_database_is_asked(letters: Letters, arguments: list[str], words: str) -> None:
    before = len(letters.office.sandbox.calls)
    done = letters.office.run("letter", *arguments)

    assert done.exit_code == 2, done
    assert words in done.stderr
    assert done.stdout == ""
    assert len(letters.office.sandbox.calls) == before


def test_account_that_the_company_doesn_t_have_is_told(letters: Letters) -> None:
    done = letters.office.run("letter", "missing", *KRUIMEL, "--number", "1", "--account", "BE00")

    assert done.exit_code == 2, done
    assert BELFIUS in done.stderr


def test_company_that_is_not_connected_is_pointed_out(letters: Letters) -> None:
    assert "not connected yet" in letters.office.run("letter", "connected", "-c", "Atelier").stderr


class TestMissingStatements:
    def test_each_gap_that_balances_prove_is_a_letter(self, letters: Letters) -> None:
        assert letters.missing.exit_code == 0, letters.missing
        assert [path.name for path in (letters.office.folder / "missing").iterdir()] == ["Bakkerij Kruimel BV - missing.nl.txt"]

    def test_letter_has_the_days_and_the_balances_around_the_gap(self, letters: Letters) -> None:
        (path,) = (letters.office.folder / "missing").iterdir()
        text = path.read_text(encoding="utf-8")

        assert all(words in text for words in ("BE48 0631 0079 1927", "28 februari 2026", "8 maart 2026", "12.345,60", "-987,65"))

    def test_days_are_not_said_for_all(self, letters: Letters) -> None:
        done = letters.office.run("letter", "missing", "--all", "--from", "2026-03-01", "--output", str(letters.office.folder / "x"))

        assert done.exit_code == 2
        assert "the gaps are found" in done.stderr

    def test_company_whose_statements_can_t_be_read_is_told(self, letters: Letters) -> None:
        fault = letters.office.sandbox.faults.add(FaultKind.BAD_GATEWAY, model="account.bank.statement")
        done = letters.office.run("letter", "missing", "--all", "--output", str(letters.office.folder / "unread"))
        letters.office.sandbox.faults.remove(fault)

        assert done.exit_code == 1, done
        assert "HTTP 502" in done.stderr
        assert "0 letters written" in done.stderr
