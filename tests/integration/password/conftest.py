"""Offices whose password has come home already."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from codalink.sandbox import World, small_office
from tests.integration.password.password_office import PasswordOffice, connected_office

Making = Callable[[World], PasswordOffice]


@pytest.fixture
def make_office(tmp_path: Path) -> Iterator[Making]:
    """Make an office around a world; all of its companies are connected."""
    with ExitStack() as stack:
        yield lambda world: stack.enter_context(connected_office(world, tmp_path))


@pytest.fixture
def office(make_office: Making) -> PasswordOffice:
    """Three connected companies in three databases."""
    return make_office(small_office(3))
