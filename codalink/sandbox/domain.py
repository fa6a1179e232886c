"""Search domains: lists in prefix notation, made into a test of one record."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codalink.sandbox.odoo_errors import PostgresError

if TYPE_CHECKING:
    from codalink.sandbox.fields import Field
    from codalink.sandbox.models import BaseModel

Test = Callable[["BaseModel"], bool]

_NEGATED = {"!=": "=", "not in": "in", "not like": "like", "not ilike": "ilike"}
_BIGGEST_INTEGER = 2**31 - 1


def compile_domain(model: "BaseModel", domain: list[Any]) -> Test:
    """Make one test of a domain. Raises ValueError on an unknown field or operator, as Odoo does."""
    stack: list[Test] = []
    for item in reversed(domain):
        if item == "!":
            stack.append(_negate(stack.pop()))
        elif item in ("&", "|"):
            stack.append(_join(item, stack.pop(), stack.pop()))
        else:
            stack.append(_leaf(model, *item))
    return lambda record: all(test(record) for test in stack)


def _negate(test: Test) -> Test:
    return lambda record: not test(record)


def _join(operator: str, left: Test, right: Test) -> Test:
    if operator == "&":
        return lambda record: left(record) and right(record)
    return lambda record: left(record) or right(record)


def _leaf(model: "BaseModel", path: Any, operator: Any, value: Any) -> Test:  # noqa: ANN401 - as it came over the wire
    if path in (0, 1):  # the constants (0, '=', 1) and (1, '=', 1)
        return lambda _record: bool(path == value)
    _refuse_nul(value)
    dialect = model.env.dialect
    names = str(path).split(".")
    known = model.fields.get(names[0])
    if known is None:
        raise dialect.unknown_field_in_domain(model.model_name, path, operator, value)
    if not known.searchable:
        if dialect.is_18:
            return lambda _record: True  # recorded: 18 drops the term and answers all
        raise ValueError(f"Cannot convert {model.model_name}.{names[0]} to SQL because it is not stored")
    if _is_too_big(known, value, is_18=dialect.is_18):
        raise _out_of_range(model.model_name, names[0], int(value))
    if known.relation and isinstance(value, str) and len(names) == 1:
        names.append("display_name")  # a text is looked for in the linked record's name
    compare = _comparison(operator, value)
    return lambda record: compare(_follow(record, names))


def _follow(record: "BaseModel", names: list[str]) -> list[Any]:
    """Walk a dotted path; answers all values found at its end, an empty list where a link is missing."""
    records = [record]
    for name in names[:-1]:
        records = [linked for one in records for linked in one.linked(name)]
    found: list[Any] = []
    for one in records:
        value = one.value(names[-1])
        found.extend(value if isinstance(value, list) else [value])
    return found


def _comparison(operator: str, value: Any) -> Callable[[list[Any]], bool]:  # noqa: ANN401
    if operator in _NEGATED:
        positive = _comparison(_NEGATED[operator], value)
        return lambda found: not positive(found)
    if operator == "=":
        if value is False or value is None:
            return lambda found: not any(one is not False and one is not None and one != "" for one in found)
        if value is True:
            return lambda found: any(one is not False and one is not None and one != "" for one in found)
        return lambda found: value in found
    if operator == "in":
        wanted = value if isinstance(value, list | tuple) else [value]
        return lambda found: any(one in wanted for one in found) or (not found and False in wanted)
    if operator in ("like", "ilike", "=like", "=ilike"):
        matches = _pattern(operator, str(value))
        return lambda found: any(isinstance(one, str) and bool(matches(one)) for one in found)
    return _ordering(operator, value)


def _ordering(operator: str, value: Any) -> Callable[[list[Any]], bool]:  # noqa: ANN401
    if operator == "<":
        return lambda found: any(one is not False and one < value for one in found)
    if operator == "<=":
        return lambda found: any(one is not False and one <= value for one in found)
    if operator == ">":
        return lambda found: any(one is not False and one > value for one in found)
    if operator == ">=":
        return lambda found: any(one is not False and one >= value for one in found)
    raise ValueError(f"Invalid operator {operator!r}")


def _pattern(operator: str, text: str) -> Callable[[str], re.Match[str] | None]:
    """Make SQL's LIKE: `%` any run, `_` any character; without `=` anywhere in the text."""
    escaped = re.escape(text).replace("%", ".*").replace("_", ".")
    flags = re.DOTALL | (re.IGNORECASE if "ilike" in operator else 0)
    compiled = re.compile(escaped, flags)
    return compiled.fullmatch if operator.startswith("=") else compiled.search


def _refuse_nul(value: Any) -> None:  # noqa: ANN401
    if isinstance(value, str) and "\0" in value:
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")


def _is_too_big(field: "Field", value: Any, *, is_18: bool) -> bool:  # noqa: ANN401
    """Say whether PostgreSQL refuses a number; 19 looks itself, at numbers and not at texts (`big_id` over XML-RPC)."""
    if isinstance(value, str) and field.type == "integer":
        return value.isdecimal() and int(value) > _BIGGEST_INTEGER
    return is_18 and isinstance(value, int) and value > _BIGGEST_INTEGER


def _out_of_range(model: str, field: str, value: int) -> PostgresError:
    table = model.replace(".", "_")
    shown = f'{table[-5:]}"."active" = true) AND ("{table}"."{field}" = \'{str(value)[:9]}'
    return PostgresError(
        "psycopg2.errors.NumericValueOutOfRange",
        f'value "{value}" is out of range for type integer\nLINE 1: ...{shown}...\n{" " * 61}^\n',
        tail="",
    )
