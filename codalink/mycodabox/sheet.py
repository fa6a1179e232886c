"""Files as lines of text cells: CSV in the ways that spreadsheets write it, and Excel. Knows nothing of what is in them."""

import csv
import warnings
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from codalink.errors import FileRefused

_LARGEST = 20_000_000
"""Bytes; an export of thousands of mandates has less than one million."""
_LARGEST_UNPACKED = 100_000_000
_MOST_LINES = 100_000
_MOST_COLUMNS = 100
_SEPARATORS = ";,\t|"
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What a file begins with. Excel's old format is also that of a workbook with a password."""
_BROKEN = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What openpyxl lets through from a broken workbook; it has no family of errors of its own."""


@dataclass(frozen=True)
class Line:
    """A line of a file; `number` counts from 1, as a spreadsheet or an editor shows it. Cells have no blanks around them."""

    number: int
    cells: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything is in it."""
        return any(self.cells)


Sheet = list[Line]


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of a workbook, or the ways in which a CSV file may be meant: one for each separator. Empty lines are left out.

    Raises FileRefused.
    """
    raw = _read(path)
    if raw.startswith(_ZIP):
        return _workbook(raw, path)
    if raw.startswith(_OLD_OFFICE):
        raise FileRefused(
            f"{path} is in Excel's old format (.xls), or has a password.",
            remedy="Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV.",
        )
    text = _decoded(raw)
    if text.lstrip().startswith("<"):
        raise FileRefused(f"{path} is a web page, not a CSV or Excel file.", remedy="Export it once more from MyCodaBox, as CSV or Excel.")
    sheets = [sheet for separator in _SEPARATORS if (sheet := _separated(text, separator))]
    if text.strip() and not sheets:
        raise FileRefused(f"{path} is not a CSV file.", remedy="Check that it is the file that MyCodaBox exported.")
    return sheets


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise FileRefused(f"{path} can't be read: {error.strerror or error}.") from error
    if len(raw) > _LARGEST:
        raise _too_large(path)
    return raw


def _decoded(raw: bytes) -> str:
    """Text in the encodings that spreadsheets write: UTF-8, UTF-16 ("Unicode text"), and windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("windows-1252", errors="replace")


def _separated(text: str, separator: str) -> Sheet:
    """The lines as this separator cuts them; none where it can't be the one."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    lines: Sheet = []
    try:
        for cells in rows:
            line = Line(rows.line_num, tuple(cell.strip() for cell in cells))
            if line:
                lines.append(line)
    except csv.Error:  # a cell without end
        return []
    return lines


def _workbook(raw: bytes, path: Path) -> list[Sheet]:
    try:
        with ZipFile(BytesIO(raw)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > _LARGEST_UNPACKED:
            raise _too_large(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which don't matter here
            return _sheets(raw)
    except _BROKEN as error:
        raise FileRefused(
            f"{path} is not an Excel file that codalink can read, or it is damaged.",
            remedy="Open it in Excel and save it as an Excel workbook (.xlsx) or as CSV.",
        ) from error


def _sheets(raw: bytes) -> list[Sheet]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    sheets = []
    for page in book.worksheets:
        # With bounds of our own: some programs write wrong dimensions into the file, others leave a row somewhere far below.
        rows = page.iter_rows(max_row=_MOST_LINES, max_col=_MOST_COLUMNS, values_only=True)
        filled = ((number, row) for number, row in enumerate(rows, start=1) if any(row))
        sheets.append([line for number, row in filled if (line := Line(number, tuple(_text(value) for value in row)))])
    return sheets


def _text(value: object) -> str:
    """A cell's value as one would type it: dates as 2026-01-31, whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _too_large(path: Path) -> FileRefused:
    return FileRefused(f"{path} is too large to be an export of mandates.", remedy="Check that it is the file that MyCodaBox exported.")
