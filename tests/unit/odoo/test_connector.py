"""Opening gateways: one per database, each secret read once, each version asked once."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from codalink import errors
from codalink.odoo.connector import Connector
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, OdooProtocol, ServerUrl, read
from codalink.odoo.http import HttpAnswer
from codalink.secrets.credentials import Credentials
from codalink.secrets.keys import ApiKey, DatabaseKeys, StoredKey
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item
from tests.unit.fakes import LOGIN, NO_PAGE, ODOO, Answer, FakePool, MemoryStore, Sent, address, result
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


Connecting = Callable[..., tuple[Connector, FakePool]]


@pytest.fixture
def connector(store: CountingStore, tmp_path: Path) -> Connecting:
    """Make a connector with the secrets of `store` and no keys of databases."""

    def connect(answer: Answer = lambda _: result(2), pages: Mapping[str, HttpAnswer] | None = None) -> tuple[Connector, FakePool]:
        pool = FakePool(answer, pages)
        return Connector(pool, Credentials(DatabaseKeys(tmp_path / "keys", store), LoginSecrets(store)), sleep=lambda _: False), pool

    return connect


def test_same_database_has_the_same_gateway(connector: Connecting) -> None:
    gateways, _ = connector()

    assert gateways.open(address("a")) is gateways.open(address("a"))


def test_other_database_has_its_own_gateway(connector: Connecting) -> None:
    gateways, _ = connector()

    assert gateways.open(address("a")).database != gateways.open(address("b")).database


def test_secret_is_read_once_for_all_databases_of_a_server(connector: Connecting, store: CountingStore) -> None:
    gateways, _ = connector()
    for name in ("a", "b", "c"):
        gateways.open(address(name))

    assert store.reads == 1


def test_opening_makes_no_call(connector: Connecting) -> None:
    gateways, pool = connector()
    gateways.open(address("a"))

    assert pool.sent == []


def test_secret_is_sent_to_its_server(connector: Connecting) -> None:
    gateways, pool = connector()
    gateways.open(address("a")).execute(read("res.company", 1, []))

    assert {sent.server for sent in pool.sent if "key-for-odoo" in str(sent.body)} == {ODOO}


def test_other_server_does_not_get_the_secret(connector: Connecting) -> None:
    gateways, _ = connector()

    with pytest.raises(errors.LoginSecretMissing):
        gateways.open(address("a", OTHER))


def test_other_login_does_not_get_the_secret(connector: Connecting) -> None:
    gateways, _ = connector()

    with pytest.raises(errors.LoginSecretMissing):
        gateways.open(address("a", login="somebody@example.be"))


def test_version_is_asked_once(connector: Connecting) -> None:
    gateways, pool = connector(lambda _: result({"server_version": "19.0"}))

    assert [gateways.version(ODOO), gateways.version(ODOO)] == ["19.0", "19.0"]
    assert len(pool.sent) == 1
    assert len(pool.visited) == 2  # the two pages that an older server doesn't have


def test_page_with_the_version_is_asked_once(connector: Connecting) -> None:
    gateways, pool = connector(pages={"/web/version": HttpAnswer(200, {}, b'{"version": "19.0"}')})

    assert [gateways.version(ODOO), gateways.version(ODOO)] == ["19.0", "19.0"]
    assert (pool.sent, pool.visited) == ([], ["/web/version"])


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_version_is_read(version: str, connector: Connecting) -> None:
    gateways, _ = connector(lambda _: recording(version)["common_version"].given())

    assert gateways.version(ODOO) == f"{version}.0"


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_list_of_databases_is_read(version: str, connector: Connecting) -> None:
    gateways, _ = connector(lambda _: recording(version)["db_list"].given())

    assert gateways.database_names(ODOO)[:2] == [f"c{version}_01", f"c{version}_02"]


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_refusal_to_list_is_a_closed_list(version: str, connector: Connecting) -> None:
    gateways, _ = connector(lambda _: recording(version)["db_list_refused"].given())

    with pytest.raises(errors.DatabaseListClosed, match=str(ODOO)):
        gateways.database_names(ODOO)


def test_server_in_trouble_is_no_closed_list(connector: Connecting) -> None:
    def trouble(sent: Sent) -> bytes:
        raise errors.ServerTrouble

    gateways, _ = connector(trouble)

    with pytest.raises(errors.ServerTrouble):
        gateways.database_names(ODOO)


# --- protocols -----------------------------------------------------------------------------------------------------------------------

OWN_KEY = "0123456789abcdef0123456789abcdef01234567"


def keeping(store: CountingStore, folder: Path, key: str = OWN_KEY, expires: date | None = None) -> None:
    """The database `a` has an API key of its own, of another user."""
    own = StoredKey(str(ODOO), "a", "own@example.be", ApiKey(Secret(key), date(2025, 11, 2), expires))
    DatabaseKeys(folder / "keys", store).keep([own])


def test_protocol_is_unknown_before_the_first_answer(connector: Connecting) -> None:
    gateways, _ = connector()
    gateways.open(address("a"))

    assert gateways.protocol(address("a")) is None
    assert gateways.protocol(address("never opened")) is None


def test_password_speaks_json_rpc(connector: Connecting) -> None:
    gateways, pool = connector()
    gateways.open(address("a")).execute(read("res.company", 1, []))

    assert gateways.protocol(address("a")) is OdooProtocol.JSON_RPC
    assert {sent.path for sent in pool.sent} == {"/jsonrpc"}


def test_key_speaks_json_2(connector: Connecting, store: CountingStore, tmp_path: Path) -> None:
    keeping(store, tmp_path)
    gateways, pool = connector(lambda _: b"[]")
    gateways.open(address("a")).execute(read("res.company", 1, []))

    assert gateways.protocol(address("a")) is OdooProtocol.JSON_2
    assert [sent.path for sent in pool.sent] == ["/json/2/res.company/read"]


def test_own_key_logs_in_with_its_own_login(connector: Connecting, store: CountingStore, tmp_path: Path) -> None:
    keeping(store, tmp_path)
    gateways, pool = connector(lambda sent: NO_PAGE if sent.path.startswith("/json/2") else result(2))
    gateways.open(address("a")).execute(read("res.company", 1, []))

    assert pool.sent[1].params["args"] == ["a", "own@example.be", OWN_KEY]


def test_refused_own_key_is_told_with_the_day_on_which_it_expired(connector: Connecting, store: CountingStore, tmp_path: Path) -> None:
    keeping(store, tmp_path, expires=date(2026, 1, 31))
    gateways, _ = connector(lambda sent: NO_PAGE if sent.path.startswith("/json/2") else result(None))

    with pytest.raises(errors.LoginRefused, match=r"own@example\.be") as refused:
        gateways.open(address("a")).execute(read("res.company", 1, []))
    assert refused.value.remedy.startswith("The API key expired on 2026-01-31")


def test_own_key_of_a_database_is_for_nobody_else(connector: Connecting, store: CountingStore, tmp_path: Path) -> None:
    keeping(store, tmp_path)
    gateways, pool = connector()
    gateways.open(address("b")).execute(read("res.company", 1, []))

    assert OWN_KEY not in "".join(f"{sent.raw!r}{sent.headers}" for sent in pool.sent)


def test_older_server_is_asked_for_json_2_once_a_run(connector: Connecting, store: CountingStore, tmp_path: Path) -> None:
    LoginSecrets(store).keep(str(ODOO), LOGIN, Secret(OWN_KEY))
    gateways, pool = connector(lambda sent: NO_PAGE if sent.path.startswith("/json/2") else result(2))
    for name in ("a", "b", "c"):
        gateways.open(address(name)).execute(read("res.company", 1, []))

    assert [sent.path for sent in pool.sent] == ["/json/2/res.company/read", *["/jsonrpc", "/jsonrpc"] * 3]
    assert [gateways.protocol(address(name)) for name in ("a", "b", "c")] == [OdooProtocol.JSON_RPC] * 3


@pytest.mark.parametrize(
    ("protocol", "path"),
    [
        (OdooProtocol.JSON_2, "/json/2/res.company/read"),
        (OdooProtocol.JSON_RPC, "/jsonrpc"),
        (OdooProtocol.XML_RPC, "/xmlrpc/2/common"),
    ],
)
def test_configured_protocol_is_spoken_and_no_other(protocol: OdooProtocol, path: str, connector: Connecting) -> None:
    gateways, pool = connector(lambda _: NO_PAGE)
    database = DatabaseAddress(ODOO, DatabaseName("a"), LOGIN, protocol)

    with pytest.raises(errors.ProtocolMissing):
        gateways.open(database).execute(read("res.company", 1, []))
    assert [sent.path for sent in pool.sent] == [path]


def test_server_that_is_gone_is_left_alone_for_all_its_databases(connector: Connecting) -> None:
    def gone(sent: Sent) -> bytes:
        raise errors.Unreachable(f"{sent.server} can't be reached.")

    gateways, pool = connector(gone)
    for name in ("a", "b", "c"):
        with pytest.raises(errors.Unreachable):
            gateways.open(address(name)).execute(read("res.company", 1, []))
    with pytest.raises(errors.ServerLeftAlone, match=str(ODOO)):
        gateways.open(address("d")).execute(read("res.company", 1, []))

    assert len(pool.sent) == 3


def test_call_that_changes_is_sent_once_where_its_answer_is_lost(connector: Connecting) -> None:
    def losing(sent: Sent) -> bytes:
        if sent.params["service"] == "common":
            return result(2)
        raise errors.AnswerLost

    gateways, pool = connector(losing)
    with pytest.raises(errors.AnswerLost):
        gateways.open(address("a")).execute(Call("res.company", "write", ids=(1,), changes=True))

    assert [sent.params["service"] for sent in pool.sent] == ["common", "object"]
