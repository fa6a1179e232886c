"""Exports as MyCodaBox might write them: the same table as CSV in many ways, and as a workbook."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from openpyxl import Workbook

HEADER = ("Company", "Enterprise number", "IBAN", "State", "State Date", "Reason")
BAKERY = ("Bakkerij Peeters", "0403.019.261", "BE68 5390 0754 7034", "Active", "05/01/2026", "")
GARAGE = ("Garage Zoë", "0477472701", "BE71096123456769", "Problem", "2026-02-03", "The signature differs")

Rows = Sequence[Sequence[object]]


def csv_file(path: Path, rows: Rows = (HEADER, BAKERY, GARAGE), *, separator: str = ",", encoding: str = "utf-8", before: str = "") -> Path:
    """A CSV file with these rows."""
    text = StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_bytes((before + text.getvalue()).encode(encoding))
    return path


def workbook(path: Path, *sheets: Rows) -> Path:
    """An Excel workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets or ((HEADER, BAKERY, GARAGE),):
        page = book.create_sheet()
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path
