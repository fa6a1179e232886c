"""Files that are no export at all: each is refused in a sentence, and none takes for ever."""

import random
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from codalink.errors import FileRefused
from codalink.mycodabox.sheet import read_sheets
from tests.unit.mycodabox.exports import workbook


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "export.xlsx"


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_sheets(path)
    return refused.value


def test_missing_file_is_told(file: Path) -> None:
    assert refusal(file).cause == f"{file} can't be read: No such file or directory."


def test_folder_is_told(tmp_path: Path) -> None:
    assert "can't be read" in refusal(tmp_path).cause


def test_old_excel_is_told_what_to_do(file: Path) -> None:
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))

    assert ".xlsx" in refusal(file).remedy


def test_web_page_is_told(file: Path) -> None:
    file.write_text("\n <html><body>Please sign in", encoding="utf-8")

    assert "is a web page" in refusal(file).cause


def test_cell_without_end_is_told(file: Path) -> None:
    file.write_text('IBAN;Status\n"' + "x" * 200_000, encoding="utf-8")

    assert refusal(file).cause == f"{file} is not a CSV file."


def test_file_that_is_too_large_is_not_read(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(50_000_000)

    assert "too large" in refusal(file).cause


def test_workbook_that_unpacks_without_end_is_not_unpacked(file: Path) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(150_000_000))

    assert file.stat().st_size < 1_000_000
    assert "too large" in refusal(file).cause


def test_zip_of_something_else_is_told(file: Path) -> None:
    with ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "hello")

    assert "not an Excel file" in refusal(file).cause


@pytest.mark.parametrize("kept", [4, 40, 400, 2000])
def test_half_a_workbook_is_told(file: Path, kept: int) -> None:
    file.write_bytes(workbook(file).read_bytes()[:kept])

    assert "damaged" in refusal(file).cause


@pytest.mark.parametrize("seed", range(40))
def test_damaged_workbook_is_read_or_refused(file: Path, seed: int) -> None:
    """Parts of it are mixed up, as no zip file would let through by its check sums."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    with ZipFile(workbook(file)) as packed:
        parts = {name: bytearray(packed.read(name)) for name in packed.namelist()}
    for part in chance.sample(sorted(parts), 3):
        for _ in range(6):
            parts[part][chance.randrange(len(parts[part]))] = chance.choice(b'<>/"&0Z')
    with ZipFile(file, "w") as packed:
        for name, raw in parts.items():
            packed.writestr(name, bytes(raw))

    with suppress(FileRefused):  # and nothing else is raised
        read_sheets(file)


def test_entities_of_a_workbook_are_not_expanded(file: Path) -> None:
    with ZipFile(workbook(file)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    name = "xl/worksheets/sheet1.xml"
    parts[name] = bomb + parts[name].replace(b"<v>", b"<v>&b;", 1)
    with ZipFile(file, "w") as packed:
        for part, raw in parts.items():
            packed.writestr(part, raw)

    assert "damaged" in refusal(file).cause


def test_workbook_with_wrong_dimensions_is_read_whole(file: Path) -> None:
    """Some programs write A1 as the extent of every sheet."""
    with ZipFile(workbook(file)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert b'<dimension ref="A1:F3"' in parts[name]
    parts[name] = parts[name].replace(b'<dimension ref="A1:F3"', b'<dimension ref="A1"')
    with ZipFile(file, "w") as packed:
        for part, raw in parts.items():
            packed.writestr(part, raw)
    (sheet,) = read_sheets(file)

    assert [len([cell for cell in line.cells if cell]) for line in sheet] == [6, 5, 6]


def test_far_row_is_not_walked_to(file: Path) -> None:
    with ZipFile(workbook(file)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'<row r="3"', b'<row r="99999999999"')
    with ZipFile(file, "w") as packed:
        for part, raw in parts.items():
            packed.writestr(part, raw)
    (sheet,) = read_sheets(file)

    assert [line.number for line in sheet] == [1, 2]
