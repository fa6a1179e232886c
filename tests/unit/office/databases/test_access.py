"""Which secrets it takes: told by the sources, and found missing once they have been asked."""

from datetime import date
from pathlib import Path

from codalink.odoo.gateway import DatabaseAddress, ServerUrl
from codalink.odoo.listing import ODOO_COM_DATABASE, ODOO_ONLINE
from codalink.office.databases.access import NeededSecret, locked_databases, missing_secrets, needed_secrets, secret_place
from codalink.office.databases.discover import DatabasesApp, FoundDatabase, MyDatabases, Named, ServerList
from codalink.secrets.credentials import Credentials
from codalink.secrets.keys import ApiKey, DatabaseKeys, StoredKey
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from tests.unit.fakes import LOGIN, ODOO, MemoryStore, address

OTHER = ServerUrl("https", "other.example.be", 443)
ODOO_COM = DatabaseAddress(ServerUrl("https", "www.odoo.com", 443), ODOO_COM_DATABASE, "partner@example.be")
APP = address("office", login="office@example.be")


def online(name: str, login: str = LOGIN) -> DatabaseAddress:
    return address(name, ServerUrl("https", f"{name}.odoo.com", 443), login)


# --- told without asking -------------------------------------------------------------------------------------------------------------


def test_sources_tell_each_server_with_each_login_once_and_in_order() -> None:
    databases = (address("a"), address("b"), address("c", OTHER), address("d", login="own@example.be"))

    assert needed_secrets(
        [Named("file.csv", databases), ServerList(ODOO, LOGIN), MyDatabases(ODOO_COM, LOGIN), DatabasesApp(APP, LOGIN)]
    ) == [
        NeededSecret(ODOO, LOGIN),
        NeededSecret(OTHER, LOGIN),
        NeededSecret(ODOO, "own@example.be"),
        NeededSecret(ODOO_COM.server, "partner@example.be", opens_source=True),
        NeededSecret(ODOO_ONLINE, LOGIN),
        NeededSecret(ODOO, "office@example.be", opens_source=True),
    ]


def test_secret_of_a_source_that_opens_databases_too_is_needed_once_and_for_the_source() -> None:
    app = DatabasesApp(address("office"), LOGIN)

    assert needed_secrets([ServerList(ODOO, LOGIN), app]) == [NeededSecret(ODOO, LOGIN, opens_source=True)]


def test_one_database_of_odoo_online_has_its_own_secret_and_several_share_one() -> None:
    assert needed_secrets([Named("file.csv", (online("a"),))]) == [NeededSecret(online("a").server, LOGIN)]
    assert needed_secrets([Named("file.csv", (online("a"), online("b")))]) == [NeededSecret(ODOO_ONLINE, LOGIN)]


def test_databases_of_odoo_online_with_unlike_logins_share_nothing() -> None:
    databases = online("a"), online("b", "own@example.be")

    assert [one.server for one in needed_secrets([Named("file.csv", databases)])] == [one.server for one in databases]


def test_source_on_odoo_online_keeps_its_secret_for_itself() -> None:
    app = online("office")

    assert needed_secrets([DatabasesApp(app, LOGIN), Named("file.csv", (online("a"), online("b")))]) == [
        NeededSecret(app.server, LOGIN, opens_source=True),
        NeededSecret(ODOO_ONLINE, LOGIN),
    ]


def test_place_of_a_secret_is_its_server_or_all_of_odoo_online() -> None:
    assert [secret_place(one) for one in (ODOO, online("a").server)] == [ODOO, ODOO_ONLINE]


# --- found missing -------------------------------------------------------------------------------------------------------------------


def test_missing_is_what_the_user_was_not_asked_for() -> None:
    asked = [NeededSecret(ODOO, LOGIN)]

    assert missing_secrets([address("a"), address("b", OTHER), address("c", OTHER)], asked) == [NeededSecret(OTHER, LOGIN)]


def test_database_of_odoo_online_is_not_missing_where_all_of_it_was_asked_for() -> None:
    assert missing_secrets([online("a")], [NeededSecret(ODOO_ONLINE, LOGIN)]) == []


def test_database_is_locked_that_has_neither_key_nor_login(tmp_path: Path) -> None:
    store = MemoryStore()
    keys, logins = DatabaseKeys(tmp_path / "keys.codalink", store), LoginSecrets(store)
    keys.keep([StoredKey(str(OTHER), "own-key", LOGIN, ApiKey(Secret("key-0001"), date(2026, 1, 2)))])
    logins.keep(str(ODOO), LOGIN, Secret("password-0001"))
    found = [FoundDatabase(one, "file.csv") for one in (address("a"), address("own-key", OTHER), address("other-key", OTHER))]

    assert locked_databases(found, Credentials(keys, logins)) == [address("other-key", OTHER)]
