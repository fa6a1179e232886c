"""Letters from templates: the language's own form, the office's own templates, broken ones, and names that want to be more than names."""

from dataclasses import replace
from pathlib import Path

import pytest

from codalink.errors import TemplateBroken
from codalink.office.advice.letters import Language, LetterKind, MissingStatements, Party
from codalink.render.letters import Templates, Written
from tests.unit.render.letters import BELFIUS, CBC, COMPANY, FORTIS, KBC, MISSING, letter

KINDS = list(LetterKind)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The office's folder of templates, which is not there yet."""
    return tmp_path / "letters"


def put(folder: Path, text: str, name: str = "mandate.nl.txt") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return folder


def said(folder: Path, template: str) -> str:
    """What the office's own template makes of a mandate's letter, in its body."""
    return Templates(put(folder, f"Subject: x\n\n{template}")).write(letter()).body


# --- what is said --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", KINDS)
def test_letter_ends_with_its_writer_s_name(own: Path, kind: LetterKind, language: Language) -> None:
    one = letter(kind, language)
    assert Templates(own).write(one).body.endswith(f"\n\n{one.writer.name}\n")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", [LetterKind.MANDATE, LetterKind.CONNECTED, LetterKind.INITIATE])
def test_letter_without_accounts_lists_none(own: Path, kind: LetterKind, language: Language) -> None:
    body = Templates(own).write(letter(kind, language, accounts=())).body
    assert "BE48" not in body
    assert ":\n\n\n" not in body


@pytest.mark.parametrize("language", list(Language))
def test_bank_without_a_special_step_has_no_paragraph(own: Path, language: Language) -> None:
    body = Templates(own).write(letter(language=language, accounts=(FORTIS,))).body
    assert "CodaBox" in body
    assert "Fortis" not in body


def test_bank_s_step_names_all_its_accounts_once(own: Path) -> None:
    another_kbc = "BE30734000000211"
    body = Templates(own).write(letter(accounts=(KBC, BELFIUS, another_kbc))).body
    assert body.count("KBC Touch") == 1
    assert "KBC (BE41 7340 0000 0110 en BE30 7340 0000 0211)" in body


def test_cbc_has_its_own_name(own: Path) -> None:
    body = Templates(own).write(letter(accounts=(CBC,))).body
    assert "CBC Touch" in body
    assert "KBC" not in body


@pytest.mark.parametrize("language", list(Language))
def test_synctool_says_both_what_codabox_and_what_odoo_write(own: Path, language: Language) -> None:
    body = Templates(own).write(letter(LetterKind.SYNCTOOL, language)).body
    assert "SyncTool" in body
    assert "2025" in body


@pytest.mark.parametrize("language", list(Language))
def test_environment_without_a_company_names_none(own: Path, language: Language) -> None:
    assert COMPANY.name not in Templates(own).write(letter(LetterKind.ENVIRONMENT, language, company=None)).body


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "missing",
    [
        replace(MISSING, numbers=()),
        replace(MISSING, since=None, before=None),
        replace(MISSING, until=None, after=None),
        replace(MISSING, until=MISSING.since),
        MissingStatements(BELFIUS, numbers=("41",)),
    ],
    ids=["no numbers", "only until", "only from", "one day", "only a number"],
)
def test_what_is_not_known_of_a_gap_is_not_said(own: Path, missing: MissingStatements, language: Language) -> None:
    body = Templates(own).write(letter(LetterKind.MISSING, language, missing=missing)).body
    assert "None" not in body
    assert all(line == line.strip() for line in body.splitlines())


@pytest.mark.parametrize(
    ("language", "day", "amount"),
    [
        (Language.DUTCH, "27 februari 2026", "€\xa012.345,60"),
        (Language.FRENCH, "27 février 2026", "12\u202f345,60\xa0€"),
        (Language.GERMAN, "27. Februar 2026", "12.345,60\xa0€"),
        (Language.ENGLISH, "27 February 2026", "€12,345.60"),
    ],
)
def test_dates_and_amounts_have_the_language_s_form(own: Path, language: Language, day: str, amount: str) -> None:
    body = Templates(own).write(letter(LetterKind.MISSING, language)).body
    assert day in body
    assert amount in body


def test_first_of_the_month_is_premier_in_french(own: Path) -> None:
    assert "du 1er mars 2026" in Templates(own).write(letter(LetterKind.MISSING, Language.FRENCH)).body


def test_numbers_are_joined_as_the_language_does(own: Path) -> None:
    assert "41, 42 und 43" in Templates(own).write(letter(LetterKind.MISSING, Language.GERMAN)).body


def test_text_to_paste_has_subject_and_body() -> None:
    assert str(Written("Your mandate", "Dear all,\n")) == "Subject: Your mandate\n\nDear all,\n"


# --- the office's own templates ------------------------------------------------------------------------------------------------------


def test_office_s_own_template_goes_first(own: Path) -> None:
    put(own, "Subject: Ons eigen onderwerp\n\nBeste {{ company.name }}\n")
    assert Templates(own).write(letter()) == Written("Ons eigen onderwerp", "Beste Bakkerij Kruimel BV\n")


def test_other_letters_stay_as_they_ship(own: Path) -> None:
    before = Templates(own).write(letter(LetterKind.CONNECTED))
    put(own, "Subject: x\n\ny\n")
    assert Templates(own).write(letter(LetterKind.CONNECTED)) == before


def test_own_closing_closes_every_letter_of_its_language(own: Path) -> None:
    put(own, "Groetjes\n{{ writer.name }}, tel. 02 555 00 00\n", "closing.nl.txt")
    for kind in KINDS:
        one = letter(kind)
        assert Templates(own).write(one).body.endswith(f"Groetjes\n{one.writer.name}, tel. 02 555 00 00\n")


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ company }} / {{ company.number }}", "Bakkerij Kruimel BV (BE 0401.234.560) / 0401.234.560\n"),
        (
            "{{ accounts|listed }}",
            "BE48 0631 0079 1927, BE41 7340 0000 0110, BE66 1920 0000 0143, BE88 3630 0000 0141 en BE80 0010 0000 0177\n",
        ),
        ("{{ 1234.5|number }}", "1.234,5\n"),
        ("{{ 1234.5|amount('USD') }}", "US$\xa01.234,50\n"),
        ("{% for bank in banks %}{{ bank.step }} {% endfor %}", "sign-digitally link-software link-software match-data\n"),
    ],
    ids=["company", "accounts", "number", "amount", "banks"],
)
def test_templates_know_the_facts_and_the_language_s_forms(own: Path, template: str, shown: str) -> None:
    assert said(own, template) == shown


def test_template_may_come_from_windows(own: Path) -> None:
    put(own, "\ufeffSubject: Één\r\n\r\nTwee\r\n\r\nDrie\r\n")
    assert Templates(own).write(letter()) == Written("Één", "Twee\n\nDrie\n")


# --- broken templates ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "line", "word"),
    [
        ("Subject: x\n\n{% if accounts %}\nno end", 4, "endif"),
        ("Subject: x\n\n{{ company.name", 3, "end of"),
        ("Subject: x\n\nDear\n{{ compny.name }}", 4, "compny"),
        ("Subject: x\n\n{{ company.nmae }}", 3, "nmae"),
        ("Subject: x\n\n\n{{ company.name|shout }}", 4, "shout"),
        ("Subject: x\n\n{% include 'nothing.txt' %}", 3, "no template nothing.txt"),
        ("Subject: x\n\n{% include '../configuration.toml' %}", 3, "no template"),
        ("Subject: x\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("Subject: x\n\n{{ company.name + 1 }}", 3, "str"),
        ("Subject: x\n\n{{ company|date }}", 3, ""),
        ("Subject: x\n\n{{ missing.since }}", 3, "since"),
        ("Dear all", 1, "subject"),
        ("Subject:\n\nDear all", 1, "subject"),
        ("", 1, "subject"),
        ("Subject: x\n\n{{ company.__class__.__mro__ }}", 3, "unsafe"),
        ("Subject: x\n\n{{ ''.__class__.__mro__[1].__subclasses__() }}", 3, "unsafe"),
        ("Subject: x\n\n{{ '{0.__class__}'.format(company) }}", 3, "unsafe"),
        ("Subject: x\n\n{% for n in range(10 ** 9) %}{{ n }}{% endfor %}", 3, "range"),
        ("Subject: x\n\n{{ accounts.append('BE00') }}", 3, "unsafe"),
        ("Subject: x\n{% macro f() %}{{ f() }}{% endmacro %}\n{{ f() }}", 2, "recursion"),
    ],
)
def test_broken_template_is_told_with_file_and_line(own: Path, template: str, line: int, word: str) -> None:
    put(own, template)
    with pytest.raises(TemplateBroken) as caught:
        Templates(own).write(letter())
    assert caught.value.cause.startswith(f"{own / 'mandate.nl.txt'}, line {line}: ")
    assert word in caught.value.cause


def test_broken_part_is_told_with_its_own_file(own: Path) -> None:
    put(own, "Bye\n{{ writter }}\n", "closing.nl.txt")
    with pytest.raises(TemplateBroken) as caught:
        Templates(own).write(letter())
    assert caught.value.cause.startswith(f"{own / 'closing.nl.txt'}, line 2: ")


def test_template_in_another_encoding_is_told_with_its_line(own: Path) -> None:
    own.mkdir()
    (own / "mandate.nl.txt").write_bytes("Subject: x\n\nÉén\n".encode("latin-1"))
    with pytest.raises(TemplateBroken, match=r"mandate\.nl\.txt, line 3: not UTF-8"):
        Templates(own).write(letter())


def test_template_that_can_t_be_read_is_told(own: Path) -> None:
    (own / "mandate.nl.txt").mkdir(parents=True)
    with pytest.raises(TemplateBroken, match=r"mandate\.nl\.txt, line 1: it can't be read"):
        Templates(own).write(letter())


# --- names with tricks ---------------------------------------------------------------------------------------------------------------

TRICKS = [
    "{{ 7 * 7 }}{% include 'closing.nl.txt' %}",
    "Evil\r\nBcc: evil@example.be\r\n\r\nPay here",
    "\x1b[2J\x1b]0;owned\x07Evil",
    "\u202eLIVE\u2066 \u200bCompany",
    "<b>[bold]Evil[/bold]</b> & Co",
]


@pytest.mark.parametrize("name", TRICKS)
@pytest.mark.parametrize("kind", KINDS)
def test_name_is_only_a_name_on_one_line(own: Path, kind: LetterKind, name: str) -> None:
    plain, tricky = (replace(letter(kind), company=Party(one), writer=Party(one), office=Party(one)) for one in ("Plain", name))
    written = Templates(own).write(tricky)

    assert "49" not in written.subject
    assert len(written.body.splitlines()) == len(Templates(own).write(plain).body.splitlines())
    assert all(character.isprintable() for character in written.subject)
    assert all(character.isprintable() or character in "\n\xa0\u202f" for character in written.body)


def test_markup_in_a_name_stays_as_it_is(own: Path) -> None:
    assert "<b>[bold]Evil[/bold]</b> & Co" in Templates(own).write(letter(company=Party(TRICKS[-1]))).body


def test_strange_numbers_of_statements_stay_on_their_line(own: Path) -> None:
    missing = replace(MISSING, numbers=("41\r\nBcc: evil@example.be",), currency="\x1b[2J", before=None, after=None)
    body = Templates(own).write(letter(LetterKind.MISSING, missing=missing)).body
    assert "41 Bcc: evil@example.be\n" in body
    assert "\x1b" not in body


def test_amount_in_a_currency_that_nobody_knows_is_written_all_the_same(own: Path) -> None:
    body = Templates(own).write(letter(LetterKind.MISSING, missing=replace(MISSING, currency="XYZ"))).body
    assert "eindsaldo XYZ\xa012.345,60" in body


@pytest.mark.parametrize("name", ["", "\u200b\u202e", " \n"])
def test_name_that_shows_nothing_is_left_to_fill_in(name: str, tmp_path: Path) -> None:
    nameless = Party(name)

    assert "…" in Templates(tmp_path).write(letter(LetterKind.CONNECTED, Language.FRENCH, company=nameless)).subject
