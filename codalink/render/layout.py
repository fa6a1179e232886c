"""What every table is made of: columns that fit the terminal, reasons beside or below, and the cells that stand for a company.

In a wide terminal, reasons and next steps have a column of their own. In a narrow one they stand below the table, over the whole width,
each with its company.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from codalink.office.model import Company, DatabaseFailure
from codalink.render import gathered
from codalink.render.console import foreign
from codalink.render.messages import reason

WIDE = 120
"""From this many columns on, database and reason have columns of their own."""

_NAMED = 4
"""How many companies with the same reason are named before the rest is counted."""

Cells = tuple[RenderableType, ...]


@dataclass(frozen=True)
class Column:
    """A column; one that `grows` takes the room that is left and breaks its lines, one that `is_whole` never does."""

    title: str
    grows: bool = False
    is_whole: bool = False


def grid(columns: Sequence[Column], rows: Iterable[Cells]) -> Table:
    """A table with these columns, as all of ours look."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="strong")
    for column in columns:
        table.add_column(column.title, overflow="fold", ratio=1 if column.grows else None, no_wrap=column.is_whole)
    for cells in rows:
        table.add_row(*cells)
    return table


def with_reasons(columns: Sequence[Column], rows: Sequence[Cells], width: int, *, wide: int = WIDE) -> RenderableType:
    """A table whose last column holds reasons; in less than `wide` columns they go below, with the first line of the row's first cell."""
    if width >= wide:
        return grid(columns, rows)
    pairs = [(first, why) for first, *_, why in rows if isinstance(first, Text) and isinstance(why, Text)]
    return Group(grid(columns[:-1], [cells[:-1] for cells in rows]), notes(pairs))


def notes(pairs: Iterable[tuple[Text, Text]]) -> Group:
    """Reasons over the whole width, each once with all the names (their first line) that it concerns."""
    told: dict[str, tuple[Text, list[Text]]] = {}
    for name, why in pairs:
        if why:
            told.setdefault(why.plain, (why, []))[1].append(name.split("\n")[0])
    return Group(*(part for why, names in told.values() for part in (_joined(names), Padding(why, (0, 0, 0, 2)))))


def _joined(names: Sequence[Text]) -> Text:
    """Names in one line, the first ones where there are many."""
    shown = Text(", ").join(Text(name.plain, style="strong") for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else Text.assemble(shown, f" and {len(names) - _NAMED} more")


def company_columns(width: int) -> tuple[Column, ...]:
    """The columns that `company_cells` fills."""
    return (Column("Company"), Column("Database"), Column("VAT")) if width >= WIDE else (Column("Company"), Column("VAT"))


def company_cells(company: Company, width: int) -> Cells:
    """Company, database and number; in a narrow terminal the database stands under the company."""
    database = foreign(company.database.name, "background", link=company.database.link)
    if width >= WIDE:
        return foreign(company.name), database, number(company)
    return Text.assemble(foreign(company.name), "\n", database), number(company)


def place(failure: DatabaseFailure, width: int) -> Cells:
    """The same columns for a database that could not be read."""
    where = foreign(failure.where, "bad")
    if width >= WIDE:
        return where, foreign(failure.server, "background"), ""
    return Text.assemble(where, "\n", foreign(failure.server, "background")), ""


def failed(failures: Iterable[DatabaseFailure], width: int) -> list[Cells]:
    """A row for each database that could not be read, and one for all of a server that failed for its sake."""
    return [(*place(failure, width), Text("not reached", style="bad"), reason(failure.error)) for failure in gathered.databases(failures)]


def number(company: Company) -> Text:
    """The company's number; nothing where it has none."""
    return Text(str(company.vat)) if company.vat else foreign(company.record.company_number, "bad")


def spaced(iban: str) -> str:
    """An IBAN in groups of four, as on paper."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
