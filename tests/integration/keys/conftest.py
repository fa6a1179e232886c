"""An office for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codalink.sandbox import small_office
from tests.integration.keys.key_office import DATABASES, VERSIONS, KeyOffice, key_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[KeyOffice]:
    with key_office(small_office(DATABASES, versions=VERSIONS), tmp_path) as office:
        yield office
