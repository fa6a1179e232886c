"""Where letters go, and that none takes another's place."""

from dataclasses import replace
from pathlib import Path

import pytest

from codalink.cli.letterbox import Letterbox
from codalink.errors import FileRefused, UsageError
from codalink.office.advice.correspondence import Draft
from codalink.office.advice.letters import LetterKind
from tests.unit.fakes import company
from tests.unit.render.letters import letter


def draft(name: str, database: str = "klant-001") -> Draft:
    one = letter()
    return Draft(company(name, database), replace(one, company=replace(one.recipient, name=name)))


def names(folder: Path, *drafts: Draft, as_mail: bool = False) -> list[str]:
    box = Letterbox.chosen(folder, as_mail=as_mail, for_many=True, is_forced=False)
    return [path.relative_to(folder).as_posix() for path in box.paths(drafts) if path]


def box_for(path: Path | None, *, as_mail: bool = False, for_many: bool = False, is_forced: bool = False) -> Letterbox:
    return Letterbox.chosen(path, as_mail=as_mail, for_many=for_many, is_forced=is_forced)


# --- which place ---------------------------------------------------------------------------------------------------------------------


def test_nothing_said_is_standard_output() -> None:
    box = box_for(None)
    assert box.paths([draft("Kruimel")]) == [None]
    assert box.put(None, "text") == "text"


@pytest.mark.parametrize(("name", "is_mail"), [("letter.txt", False), ("letter.eml", True), ("LETTER.EML", True)])
def test_ending_says_what_a_file_becomes(tmp_path: Path, name: str, is_mail: bool) -> None:
    assert box_for(tmp_path / name).takes_mails is is_mail


def test_existing_folder_takes_a_single_letter(tmp_path: Path) -> None:
    assert box_for(tmp_path).paths([draft("Kruimel")]) == [tmp_path / "Kruimel - mandate.nl.txt"]


@pytest.mark.parametrize("name", ["letter", "letter.doc", "letter.pdf"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=name):
        box_for(tmp_path / name)


def test_mail_into_a_text_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        box_for(tmp_path / "letter.txt", as_mail=True)


def test_many_letters_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("")
    for place in (None, tmp_path / "file.txt"):
        with pytest.raises(UsageError, match="folder"):
            box_for(place, for_many=True)


# --- names ---------------------------------------------------------------------------------------------------------------------------


def test_file_has_company_kind_and_language(tmp_path: Path) -> None:
    assert names(tmp_path, draft("Bakkerij Kruimel BV"), as_mail=True) == ["Bakkerij Kruimel BV - mandate.nl.eml"]


def test_letter_about_the_office_has_a_name_too(tmp_path: Path) -> None:
    about_office = Draft(None, letter(LetterKind.ENVIRONMENT, company=None))
    assert names(tmp_path, about_office) == ["office - environment.nl.txt"]


def test_companies_of_the_same_name_have_their_database_in_it(tmp_path: Path) -> None:
    assert names(tmp_path, draft("Jansen", "a"), draft("JANSEN", "b"), draft("Peeters", "c")) == [
        "Jansen (a) - mandate.nl.txt",
        "JANSEN (b) - mandate.nl.txt",
        "Peeters - mandate.nl.txt",
    ]


def test_companies_of_the_same_name_in_one_database_are_numbered(tmp_path: Path) -> None:
    assert names(tmp_path, draft("Jansen"), draft("Jansen")) == [
        "Jansen (klant-001) - mandate.nl.txt",
        "Jansen (klant-001) 2 - mandate.nl.txt",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\evil",
        "/etc/cron.d/x",
        "a:b|c?d*e",
        "CON",
        "\u202egnp.exe",
        "x\r\ny\0z",
        "…" * 300,
        "é" * 300,
        "...",
        "-rf",
        "~",
    ],
)
def test_every_name_stays_one_file_in_the_folder(tmp_path: Path, name: str) -> None:
    (path,) = box_for(tmp_path, for_many=True).paths([draft(name)])
    assert path is not None
    box_for(tmp_path, for_many=True).put(path, "x")

    assert [found.name for found in tmp_path.rglob("*")] == [path.name]
    assert path.name[0] not in ".-~ "
    assert path.name.isprintable()
    assert len(path.name.encode()) < 255


# --- what is there already -----------------------------------------------------------------------------------------------------------


def test_missing_folder_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "letters"
    box = box_for(folder, for_many=True)
    (path,) = box.paths([draft("Kruimel")])
    assert path is not None

    assert box.put(path, "text") == f"{path}\n"
    assert path.read_text() == "text"


def test_file_that_differs_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("edited by hand")
    with pytest.raises(FileRefused) as caught:
        box_for(tmp_path / "letter.txt").put(tmp_path / "letter.txt", "text")

    assert "--force" in caught.value.remedy
    assert (tmp_path / "letter.txt").read_text() == "edited by hand"


def test_file_that_says_the_same_is_no_trouble(tmp_path: Path) -> None:
    for _ in range(2):
        box_for(tmp_path / "letter.txt").put(tmp_path / "letter.txt", "text\n")
    assert (tmp_path / "letter.txt").read_text() == "text\n"


def test_force_overwrites(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"\xff")
    box_for(tmp_path / "letter.txt", is_forced=True).put(tmp_path / "letter.txt", "text")
    assert (tmp_path / "letter.txt").read_text() == "text"


def test_file_that_is_no_text_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"\xff")
    with pytest.raises(FileRefused):
        box_for(tmp_path / "letter.txt").put(tmp_path / "letter.txt", "text")


def test_place_that_isn_t_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="can't be written"):
        box_for(tmp_path / "nowhere" / "letter.txt").put(tmp_path / "nowhere" / "letter.txt", "text")
