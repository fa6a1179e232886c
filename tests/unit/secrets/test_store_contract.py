"""What every store of secrets promises: the one in memory that tests use, and the system's keyring."""

import keyring
import pytest

from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore, SystemKeyring
from tests.unit.fakes import FakeBackend, MemoryStore


@pytest.fixture(params=["memory", "system"])
def any_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    if request.param == "memory":
        return MemoryStore()
    backend = FakeBackend()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return SystemKeyring(time_limit_s=5)


def test_what_was_written_is_read(any_store: SecretStore) -> None:
    any_store.write(Item("service", "account"), Secret("a-secret"))
    any_store.write(Item("service", "other"), Secret("another"))

    assert any_store.read(Item("service", "account")) == Secret("a-secret")


def test_what_is_not_there_is_none(any_store: SecretStore) -> None:
    assert any_store.read(Item("service", "account")) is None
    assert not any_store.delete(Item("service", "account"))


def test_what_was_deleted_is_gone(any_store: SecretStore) -> None:
    any_store.write(Item("service", "account"), Secret("a-secret"))

    assert any_store.delete(Item("service", "account"))
    assert any_store.read(Item("service", "account")) is None
