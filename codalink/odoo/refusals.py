"""Why a database refuses a password or API key: only what is possible for that very database, and what to do about it.

Odoo tells no causes, it says no. Sources: contract, sections 4 and 6.
"""

from collections.abc import Callable
from datetime import date

from codalink.errors import LoginRefused
from codalink.odoo.apikeys import is_key
from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json, OdooProtocol
from codalink.secrets.credentials import Credential, is_odoo_online


class ExplainedGateway:
    """A Gateway whose refused login says what may be the cause (gateway.py has the contract). `today` is asked when it is refused."""

    def __init__(self, inner: Gateway, credential: Credential, today: Callable[[], date]) -> None:
        self._inner = inner
        self._credential = credential
        self._today = today

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._inner.database

    def execute(self, call: Call) -> Json:
        """See Gateway."""
        try:
            return self._inner.execute(call)
        except LoginRefused as error:
            raise LoginRefused(error.cause, remedy=refusal_remedy(self.database, self._credential, self._today())) from error


def refusal_remedy(database: DatabaseAddress, credential: Credential, today: date) -> str:
    """What may be wrong where this database refuses this password or key, and what to do."""
    entering = _entering(database, credential)
    make_one = f"make a new API key in Odoo (your name at the top right > Preferences > Account Security), and {entering}"
    if credential.expires is not None and credential.expires <= today:
        return f"The API key expired on {credential.expires.isoformat()}: {make_one}."
    if database.protocol is OdooProtocol.JSON_2 and not is_key(credential.secret):
        return (
            "The configuration says protocol json-2, which takes API keys only, and what is stored has not the form of one: "
            f"{make_one}; or leave the protocol out of the configuration."
        )
    causes = "; ".join(_possible_causes(database, credential))
    return f"Possible causes: {causes}. If it is the {_word(credential)}: {make_one}."


def _possible_causes(database: DatabaseAddress, credential: Credential) -> list[str]:
    is_online = is_odoo_online(str(database.server))
    if is_key(credential.secret):
        causes = ["the API key has expired (Odoo lets most live for three months at most) or was revoked"]
    else:
        causes = ["the password has changed", "the account has two-factor authentication, which needs an API key in place of the password"]
        causes += ["the account has no password in this database, as most on Odoo Online, and needs an API key"] if is_online else []
    causes.append(f"it belongs to another login than {credential.login}, or to another database")
    causes += ["the database is on a plan of Odoo Online without external API (only Custom has it)"] if is_online else []
    return causes


def _entering(database: DatabaseAddress, credential: Credential) -> str:
    """How to enter a new key: where the one that was refused was entered."""
    for_one = f"`codalink keys set --database {database.name}`"
    return f"enter it with {for_one}" if credential.is_own else f"enter it with `codalink setup`, or for this database alone with {for_one}"


def _word(credential: Credential) -> str:
    return "key" if is_key(credential.secret) else "password"
