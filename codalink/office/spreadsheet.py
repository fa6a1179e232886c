"""Tables as spreadsheets write them: CSV with a header; commas, semicolons or tabs between the cells, lines ended in any way."""

import csv
from collections.abc import Sequence
from io import StringIO

Row = dict[str, str]
"""Cells without blanks around them, by the name of their column in small letters."""


def read_rows(text: str, needed: Sequence[str]) -> list[tuple[int, Row]]:
    """The rows that have something in them, each with the number of its last line.

    Raises ValueError where a column that is `needed` is missing, or where it is no such table; its text has nothing of a row in it.
    """
    header = text.splitlines()[0] if text.strip() else ""
    rows = csv.DictReader(StringIO(text, newline=None), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
        missing = [column for column in needed if column not in names]
        if missing:
            raise ValueError(f"line 1: the column {missing[0]!r} is missing")
        found = [(rows.line_num, {lower: (row.get(name) or "").strip() for lower, name in names.items()}) for row in rows]
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num + 1}: not a CSV file: {error}") from None  # it begins behind the last good one
    return [(line, row) for line, row in found if any(row.values())]
