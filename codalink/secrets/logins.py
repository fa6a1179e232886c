"""The passwords and API keys of Odoo logins in the keyring, each for the server it was entered for and no other."""

from codalink.errors import LoginSecretMissing
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore

_SERVICE = "codalink Odoo login"


class LoginSecrets:
    """Typed store of login secrets. `origin` is scheme, host and port, such as `https://odoo.example.be`. Errors: those of SecretStore."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store

    def get(self, origin: str, login: str) -> Secret:
        """The password or API key. Raises LoginSecretMissing where none was stored for this server."""
        secret = self._store.read(_item(origin, login))
        if secret is None:
            raise LoginSecretMissing(f"No password or API key is stored for {login} on {origin}.")
        return secret

    def keep(self, origin: str, login: str, secret: Secret) -> None:
        """Store it and read it back."""
        self._store.write(_item(origin, login), secret)


def _item(origin: str, login: str) -> Item:
    return Item(_SERVICE, f"{login} @ {origin}")
