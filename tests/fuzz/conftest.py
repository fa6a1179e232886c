"""Counting the inputs that fuzzing tries, for the figures at the end of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.fuzz.trying import WANTED, Tried


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest, count: Count) -> Iterator[None]:
    """Tell how many inputs each file's tests have tried."""
    before = Tried.count
    yield
    count("inputs tried by fuzzing", request.path.stem.removeprefix("test_"), Tried.count - before)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A run that was asked for takes as long as it takes."""
    here = Path(__file__).parent
    for item in items:
        if WANTED and here in item.path.parents:
            item.add_marker(pytest.mark.timeout(0))
