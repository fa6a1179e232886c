"""MyCodaBox's export of mandates as values: finds the header and its columns, and takes each row as far as it can be understood."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from stdnum import iban as any_iban

from codalink.errors import FileRefused
from codalink.mycodabox.sheet import Line, Sheet, read_sheets
from codalink.mycodabox.words import COLUMNS, Column, find_columns, state_of
from codalink.office.model import parsed_or_none
from codalink.office.readiness.mandates import Mandate, MandateKind, Mandates, MandateState

_HEADER_WITHIN = 20
"""In so many lines the header is looked for: some exports begin with a title."""
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_SHOWN_COLUMNS = 12

Places = Mapping[Column, int]


@dataclass(frozen=True)
class _Row:
    """A line under its header."""

    line: Line
    places: Places

    def __getitem__(self, column: Column) -> str:
        place = self.places.get(column)
        return self.line.cells[place] if place is not None and place < len(self.line.cells) else ""


def read_mandates(path: Path) -> Mandates:
    """What the export says, CSV or Excel. Rows that can't be used are left out, and told. Raises FileRefused."""
    sheets = read_sheets(path)
    if not any(sheets):
        raise FileRefused(f"{path} is empty.", remedy=_REMEDY)
    headers = [header for sheet in sheets if (header := _find_header(sheet)) is not None]
    if not headers:
        raise _without_header(path, sheets)
    found = [one for header in headers for row in header.rows for one in _mandates(row)]
    mandates = tuple(one for one in found if isinstance(one, Mandate))
    left_out = tuple(one for one in found if isinstance(one, str))
    if not mandates:
        raise FileRefused(f"{path} has no mandate below its header. {' '.join(left_out[:1])}".rstrip(), remedy=_REMEDY)
    return Mandates(mandates, left_out)


_REMEDY = "In MyCodaBox, go to Mandates & Services > CODA, and export the mandates with their bank accounts as CSV or Excel."


# --- the header ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    places: Places
    below: Sheet

    @property
    def rows(self) -> Iterator[_Row]:
        return (_Row(line, self.places) for line in self.below)


def _find_header(sheet: Sheet) -> _Header | None:
    for number, line in enumerate(sheet[:_HEADER_WITHIN], start=1):
        places = find_columns(line.cells)
        if not _missing(places):
            return _Header(places, sheet[number:])
    return None


def _missing(places: Places) -> list[Column]:
    """What a header lacks. Payroll mandates (SODA) belong to a company instead of an account."""
    is_payroll = Column.SECRETARIAT in places and Column.NUMBER in places
    has_state = Column.STATE in places or Column.ACCOUNT_STATE in places
    return [*([] if is_payroll or Column.ACCOUNT in places else [Column.ACCOUNT]), *([] if has_state else [Column.STATE])]


def _without_header(path: Path, sheets: Sequence[Sheet]) -> FileRefused:
    """Say what was looked for in the line that looks most like a header."""
    lines = [line for sheet in sheets for line in sheet[:_HEADER_WITHIN]]
    best = max(lines, key=lambda line: (len(find_columns(line.cells)), len([cell for cell in line.cells if cell])))
    missing = _missing(find_columns(best.cells))
    found = ", ".join(cell for cell in best.cells[:_SHOWN_COLUMNS] if cell)
    names = "; ".join(f"{column.value}: {', '.join(name for names in COLUMNS[column] for name in names[:2])}, …" for column in missing)
    return FileRefused(
        f"{path}: no column was found for the {' and the '.join(column.value for column in missing)}. Line {best.number} has: {found}.",
        remedy=f"{_REMEDY} Or name the columns in words that codalink knows ({names}).",
    )


# --- the rows ------------------------------------------------------------------------------------------------------------------------


def _mandates(row: _Row) -> Iterator[Mandate | str]:
    """The mandates of a row, one for each of its accounts; a sentence in the place of one that can't be used."""
    number = parsed_or_none(row[Column.NUMBER])
    state, text = _state(row)
    kind = _kind(row)

    def mandate(iban: str) -> Mandate:
        return Mandate(
            iban=iban,
            state=state,
            text=text,
            kind=kind,
            company=row[Column.COMPANY],
            number=number,
            currency=_currency(row[Column.CURRENCY]),
            reason=row[Column.REASON],
            since=_day(row[Column.SINCE]),
        )

    accounts = [part.strip() for part in re.split(r"[,;|/\n]", row[Column.ACCOUNT]) if part.strip()]
    if kind is MandateKind.SODA:
        yield mandate("") if number else f"Line {row.line.number} has no valid enterprise number; it is left out."
    elif not accounts:
        yield f"Line {row.line.number} has no account number; it is left out."
    for account in accounts if kind is MandateKind.CODA else []:
        is_valid = any_iban.is_valid(account, check_country=False)
        yield mandate(any_iban.compact(account)) if is_valid else f'Line {row.line.number}: "{account}" is no valid IBAN; it is left out.'


def _kind(row: _Row) -> MandateKind:
    is_payroll = "soda" in row[Column.SERVICE].casefold() or (row[Column.SECRETARIAT] and not row[Column.ACCOUNT])
    return MandateKind.SODA if is_payroll else MandateKind.CODA


def _state(row: _Row) -> tuple[MandateState | None, str]:
    """The state and its text. That of the account says more than that of its mandate, unless the mandate went wrong."""
    whole, own = row[Column.STATE], row[Column.ACCOUNT_STATE]
    state, own_state = state_of(whole), state_of(own)
    went_wrong = state in {MandateState.PROBLEM, MandateState.ARCHIVED}
    return (own_state, own) if own_state and not went_wrong else (state, whole or own)


def _currency(text: str) -> str:
    """The currency's code; "" for anything else, such as its name or sign."""
    return text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else ""


def _day(text: str) -> date | None:
    """The day in a cell, with or without a time; None where there is none."""
    for form in _DATES:
        try:
            return datetime.strptime(re.split(r"[T ]", text)[0], form).date()  # noqa: DTZ007  # a day, wherever it is
        except ValueError:
            continue
    return None
