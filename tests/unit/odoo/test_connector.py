"""Opening gateways: one per database, each secret read once, each version asked once."""

import pytest

from codalink import errors
from codalink.odoo.connector import Connector
from codalink.odoo.gateway import ServerUrl, read
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item
from tests.unit.fakes import LOGIN, ODOO, Answer, FakePool, MemoryStore, Sent, address, result
from tests.unit.recorded import VERSIONS, recording

OTHER = ServerUrl("https", "other.example.be", 443)


class CountingStore(MemoryStore):
    """Counts how often it was read."""

    reads = 0

    def read(self, item: Item) -> Secret | None:
        self.reads += 1
        return super().read(item)


@pytest.fixture
def store() -> CountingStore:
    store = CountingStore()
    LoginSecrets(store).keep(str(ODOO), LOGIN, Secret("key-for-odoo"))
    return store


def connector(store: MemoryStore, answer: Answer = lambda _: result(2)) -> tuple[Connector, FakePool]:
    pool = FakePool(answer)
    return Connector(pool, LoginSecrets(store)), pool


def test_same_database_has_the_same_gateway(store: CountingStore) -> None:
    gateways, _ = connector(store)

    assert gateways.open(address("a")) is gateways.open(address("a"))


def test_other_database_has_its_own_gateway(store: CountingStore) -> None:
    gateways, _ = connector(store)

    assert gateways.open(address("a")).database != gateways.open(address("b")).database


def test_secret_is_read_once_for_all_databases_of_a_server(store: CountingStore) -> None:
    gateways, _ = connector(store)
    for name in ("a", "b", "c"):
        gateways.open(address(name))

    assert store.reads == 1


def test_opening_makes_no_call(store: CountingStore) -> None:
    gateways, pool = connector(store)
    gateways.open(address("a"))

    assert pool.sent == []


def test_secret_is_sent_to_its_server(store: CountingStore) -> None:
    gateways, pool = connector(store)
    gateways.open(address("a")).execute(read("res.company", 1, []))

    assert {sent.server for sent in pool.sent if "key-for-odoo" in str(sent.body)} == {ODOO}


def test_other_server_does_not_get_the_secret(store: CountingStore) -> None:
    gateways, _ = connector(store)

    with pytest.raises(errors.LoginSecretMissing):
        gateways.open(address("a", OTHER))


def test_other_login_does_not_get_the_secret(store: CountingStore) -> None:
    gateways, _ = connector(store)

    with pytest.raises(errors.LoginSecretMissing):
        gateways.open(address("a", login="somebody@example.be"))


def test_version_is_asked_once(store: CountingStore) -> None:
    gateways, pool = connector(store, lambda _: result({"server_version": "19.0"}))

    assert [gateways.version(ODOO), gateways.version(ODOO)] == ["19.0", "19.0"]
    assert len(pool.sent) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_version_is_read(version: str, store: CountingStore) -> None:
    gateways, _ = connector(store, lambda _: recording(version)["common_version"].given())

    assert gateways.version(ODOO) == f"{version}.0"


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_list_of_databases_is_read(version: str, store: CountingStore) -> None:
    gateways, _ = connector(store, lambda _: recording(version)["db_list"].given())

    assert gateways.database_names(ODOO)[:2] == [f"c{version}_01", f"c{version}_02"]


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_refusal_to_list_is_a_closed_list(version: str, store: CountingStore) -> None:
    gateways, _ = connector(store, lambda _: recording(version)["db_list_refused"].given())

    with pytest.raises(errors.DatabaseListClosed, match=str(ODOO)):
        gateways.database_names(ODOO)


def test_server_in_trouble_is_no_closed_list(store: CountingStore) -> None:
    def trouble(sent: Sent) -> bytes:
        raise errors.ServerTrouble

    gateways, _ = connector(store, trouble)

    with pytest.raises(errors.ServerTrouble):
        gateways.database_names(ODOO)
