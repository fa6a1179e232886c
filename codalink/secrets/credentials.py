"""Which login and which secret open a database: its own API key, or what was entered for its server."""

import re
import threading
from dataclasses import dataclass
from datetime import date

from codalink.errors import LoginSecretMissing
from codalink.secrets.keys import ApiKey, DatabaseKeys
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret

ODOO_ONLINE = "https://*.odoo.com"
"""Stands for every host of Odoo Online: a login's secret may be kept for all of them at once."""


@dataclass(frozen=True)
class Credential:
    """A login and its password or API key. `expires` is None where it never does, or nobody knows.

    `is_own` says that it is the database's own key: it was entered for this database alone.
    """

    login: str
    secret: Secret
    expires: date | None = None
    is_own: bool = False

    @classmethod
    def own(cls, login: str, key: ApiKey) -> "Credential":
        """A database's own key."""
        return cls(login, key.secret, key.expires, is_own=True)


class Credentials:
    """Finds what opens a database. Safe for several threads; the keyring is asked once for each login on each server."""

    def __init__(self, keys: DatabaseKeys, logins: LoginSecrets) -> None:
        self._keys = keys
        self._logins = logins
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Secret | None] = {}

    def find(self, origin: str, database: str, login: str) -> Credential:
        """The database's own key, else the secret of `login` for this server, else for all of Odoo Online.

        Raises LoginSecretMissing and the errors of DatabaseKeys.
        """
        stored = self._keys.find(origin, database)
        if stored is not None:
            return Credential.own(stored.login, stored.current)
        secret = self.of_login(origin, login)
        if secret is None:
            raise LoginSecretMissing(
                f"No API key is stored for the database {database}, and no password or API key for {login} on {origin}.",
                remedy=f"Run `codalink keys set --database {database}`, or `codalink setup` to enter one for the whole server.",
            )
        return Credential(login, secret)

    def of_login(self, origin: str, login: str) -> Secret | None:
        """The secret that was entered for the login on this server, or on all of Odoo Online; None where there is none."""
        return self._asked(origin, login) or (self._asked(ODOO_ONLINE, login) if is_odoo_online(origin) else None)

    def _asked(self, origin: str, login: str) -> Secret | None:
        """What the keyring has, asked once."""
        with self._lock:
            if (origin, login) not in self._known:
                try:
                    self._known[origin, login] = self._logins.get(origin, login)
                except LoginSecretMissing:
                    self._known[origin, login] = None
            return self._known[origin, login]


def is_odoo_online(origin: str) -> bool:
    """Whether a server is one of odoo.com's: https, on its usual port."""
    return re.fullmatch(r"https://([a-z0-9-]+\.)+odoo\.com", origin) is not None
