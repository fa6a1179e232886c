"""Login secrets: each for the server it was entered for, and no other."""

import pytest

from codalink.errors import LoginSecretMissing
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from tests.unit.fakes import MemoryStore

HERE, THERE = "https://odoo.example.be", "https://other.example.be"
KEY = Secret("key-of-somebody")


@pytest.fixture
def logins() -> LoginSecrets:
    return LoginSecrets(MemoryStore())


def test_secret_is_given_to_its_own_server(logins: LoginSecrets) -> None:
    logins.keep(HERE, "me", KEY)

    assert logins.get(HERE, "me") == KEY


@pytest.mark.parametrize(
    "origin", [THERE, "http://odoo.example.be", f"{HERE}:8069", f"{HERE}.evil.example"], ids=["host", "scheme", "port", "lookalike"]
)
def test_secret_is_not_given_to_another_server(origin: str, logins: LoginSecrets) -> None:
    logins.keep(HERE, "me", KEY)

    with pytest.raises(LoginSecretMissing):
        logins.get(origin, "me")


def test_secret_is_not_given_to_another_login(logins: LoginSecrets) -> None:
    logins.keep(HERE, "me", KEY)

    with pytest.raises(LoginSecretMissing):
        logins.get(HERE, "you")


def test_missing_secret_is_named_by_login_and_server(logins: LoginSecrets) -> None:
    with pytest.raises(LoginSecretMissing, match=r"for me on https://odoo\.example\.be"):
        logins.get(HERE, "me")


def test_missing_secret_of_one_server_does_not_concern_everyone() -> None:
    assert not LoginSecretMissing.concerns_everyone


def test_new_secret_replaces_the_former(logins: LoginSecrets) -> None:
    logins.keep(HERE, "me", KEY)
    logins.keep(HERE, "me", Secret("another-key"))

    assert logins.get(HERE, "me") == Secret("another-key")
