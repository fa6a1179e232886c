"""A keyring in memory, and a file of keys that belongs to it."""

from pathlib import Path

import pytest

from codalink.secrets.keys import DatabaseKeys
from tests.unit.secrets.stored_keys import CountingStore


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys.codalink"


@pytest.fixture
def keys(path: Path, store: CountingStore) -> DatabaseKeys:
    return DatabaseKeys(path, store)
