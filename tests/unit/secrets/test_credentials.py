"""What opens a database: its own key, its server's login, the login for all of Odoo Online; and no lookalike of it."""

import pytest

from codalink.errors import LoginSecretMissing
from codalink.secrets.credentials import ODOO_ONLINE, Credential, Credentials, is_odoo_online
from codalink.secrets.keys import DatabaseKeys
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from tests.unit.secrets.stored_keys import HERE, LATER, CountingStore, stored

PASSWORD = Secret("the-login's-password")


@pytest.fixture
def logins(store: CountingStore) -> LoginSecrets:
    return LoginSecrets(store)


@pytest.fixture
def credentials(keys: DatabaseKeys, logins: LoginSecrets) -> Credentials:
    return Credentials(keys, logins)


def test_own_key_comes_first_with_its_own_login(credentials: Credentials, keys: DatabaseKeys, logins: LoginSecrets) -> None:
    keys.keep([stored()])
    logins.keep(HERE, "you@example.be", PASSWORD)

    assert credentials.find(HERE, "klant-001", "you@example.be") == Credential("me@example.be", Secret("first-key"), is_own=True)


def test_login_of_the_server_comes_next(credentials: Credentials, keys: DatabaseKeys, logins: LoginSecrets) -> None:
    keys.keep([stored()])
    logins.keep(HERE, "you@example.be", PASSWORD)

    assert credentials.find(HERE, "klant-002", "you@example.be") == Credential("you@example.be", PASSWORD)


def test_login_of_odoo_online_is_for_all_its_hosts(credentials: Credentials, logins: LoginSecrets) -> None:
    logins.keep(ODOO_ONLINE, "you@example.be", PASSWORD)

    assert credentials.find("https://klant-001.odoo.com", "klant-001", "you@example.be").secret == PASSWORD


@pytest.mark.parametrize(
    "origin",
    [
        "https://odoo.com.evil.example",
        "https://evilodoo.com",
        "https://odoo.com",
        "http://klant.odoo.com",
        "https://klant.odoo.com:8069",
        "https://klant.odoo.com\n",
        "https://evil.example/.odoo.com",
        "https://evil.example#.odoo.com",
    ],
)
def test_login_of_odoo_online_is_for_no_lookalike(origin: str, credentials: Credentials, logins: LoginSecrets) -> None:
    logins.keep(ODOO_ONLINE, "you@example.be", PASSWORD)

    assert not is_odoo_online(origin)
    with pytest.raises(LoginSecretMissing):
        credentials.find(origin, "klant", "you@example.be")


def test_server_of_its_own_comes_before_odoo_online(credentials: Credentials, logins: LoginSecrets) -> None:
    logins.keep(ODOO_ONLINE, "you@example.be", Secret("for-all-of-them"))
    logins.keep("https://klant.odoo.com", "you@example.be", PASSWORD)

    assert credentials.find("https://klant.odoo.com", "klant", "you@example.be").secret == PASSWORD


def test_nothing_to_open_it_with_names_database_and_way_out(credentials: Credentials) -> None:
    with pytest.raises(LoginSecretMissing, match=r"klant-001.*you@example\.be on https://odoo\.example\.be") as missing:
        credentials.find(HERE, "klant-001", "you@example.be")

    assert "codalink keys set --database klant-001" in missing.value.remedy
    assert not missing.value.concerns_everyone


def test_keyring_is_asked_once_for_a_login(credentials: Credentials, logins: LoginSecrets, store: CountingStore) -> None:
    logins.keep(HERE, "you@example.be", PASSWORD)
    store.asked = 0
    for number in range(5):
        credentials.find(HERE, f"klant-{number}", "you@example.be")

    assert store.asked == 1


def test_expiry_is_the_own_keys(credentials: Credentials, keys: DatabaseKeys, logins: LoginSecrets) -> None:
    keys.keep([stored(expires=LATER)])
    logins.keep(HERE, "you@example.be", PASSWORD)

    assert credentials.find(HERE, "klant-001", "you@example.be").expires == LATER
    assert credentials.find(HERE, "klant-002", "you@example.be").expires is None
