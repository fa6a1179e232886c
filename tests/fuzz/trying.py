"""Trying inputs: how many, which ones, and counting them."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings

from codalink.errors import CodalinkError

Value = TypeVar("Value")

_FEW = 60
"""For each test where nobody asks for more."""
WANTED = int(os.environ.get("FUZZ_EXAMPLES", "0"))
_SETTINGS = settings(
    max_examples=WANTED or _FEW,
    derandomize=not WANTED,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


class Tried:
    """How many inputs this process has tried."""

    count = 0


def trying(*inputs: Any, **named: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:  # noqa: ANN401  # as hypothesis has it
    """Run the test with inputs drawn from these strategies: a bounded, repeatable number, or as many new ones as was asked for."""

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        tried: Callable[..., None] = _SETTINGS(given(*inputs, **named)(test))  # type: ignore[no-untyped-call]  # ships loose types
        return tried

    return decorated


def read_or_refused(read: Callable[[], Value]) -> Value | None:
    """Try one input: what was read, or None where an error of the family says why not. Everything else is a finding."""
    Tried.count += 1
    try:
        return read()
    except CodalinkError as error:
        told = error
    assert told.cause
    assert told.remedy
    return None
