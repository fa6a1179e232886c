"""Reading answers: from whatever came back to the type that was promised, or AnswerUnexpected.

Odoo says false for every empty value; a many2one is `[id, name]` (recordings company_search_read, empty_values).
"""

from collections.abc import Mapping
from datetime import date

from codalink.errors import AnswerUnexpected
from codalink.odoo.gateway import Json

Row = Mapping[str, Json]
"""One record as Odoo's `read` gives it."""


def rows(answer: Json, what: str) -> list[Row]:
    """The records of `read` or `search_read`."""
    if not isinstance(answer, list) or not all(isinstance(row, dict) and is_id(row.get("id")) for row in answer):
        raise AnswerUnexpected(f"Odoo was asked for {what} and gave something else.")
    return answer


def one_id(answer: Json, what: str) -> int:
    """The id of one new record; `create` answers it in a list."""
    only = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
    if not is_id(only):
        raise AnswerUnexpected(f"Odoo was asked to make {what} and did not tell which one it made.")
    return int(str(only))


def action(answer: Json, what: str) -> Row:
    """What a button answers: an Odoo action."""
    if not isinstance(answer, dict) or not isinstance(answer.get("type"), str):
        raise AnswerUnexpected(f"Odoo was asked to {what} and gave no usable answer.")
    return answer


def is_id(value: Json) -> bool:
    """Whether `value` can be a record's id."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def own_id(row: Row) -> int:
    """The record's id; `rows` made sure that it is one."""
    return int(str(row["id"]))


def text(row: Row, field: str) -> str:
    """A char field; empty where Odoo has none, and where the field is missing."""
    value = row.get(field)
    return value if isinstance(value, str) else ""


def flag(row: Row, field: str) -> bool:
    """A boolean field; anything but true is false."""
    return row.get(field) is True


def reference(row: Row, field: str) -> int | None:
    """The id of a many2one field; None where it is empty."""
    value = row.get(field)
    first = value[0] if isinstance(value, list) and value else value
    return first if is_id(first) else None  # type: ignore[return-value]  # is_id says it is an int


def day(row: Row, field: str) -> date | None:
    """A date field; None where it is empty or no date."""
    try:
        return date.fromisoformat(text(row, field)[:10])
    except ValueError:
        return None
