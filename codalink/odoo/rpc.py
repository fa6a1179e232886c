"""What Odoo's two older protocols, JSON-RPC and XML-RPC, have in common: services, logging in, and arguments in order.

Both leave with Odoo 22 (contract, section 4).
"""

import logging
from typing import Protocol

from codalink.errors import LoginRefused
from codalink.odoo.gateway import Account, Call, DatabaseAddress, Json, Patience
from codalink.secrets.masked import Secret

logger = logging.getLogger(__name__)

_IN_ORDER = {"create": ("vals_list",)}
"""Methods that take these arguments by position only (recording create_keyword: `vals_list` by name is an IndexError)."""


class Transport(Protocol):
    """Carries one question to a server's service and brings back the answer, with our errors."""

    def ask(self, service: str, method: str, arguments: list[Json], patience: Patience) -> Json:
        """One request. None where Odoo answers nothing. Secrets among the arguments are opened here."""


class RpcGateway:
    """A Gateway over one of the two protocols (gateway.py has the contract)."""

    def __init__(self, database: DatabaseAddress, account: Account, transport: Transport) -> None:
        self._database = database
        self._account = account
        self._transport = transport
        self._uid: int | None = None

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._database

    def execute(self, call: Call) -> Json:
        """See Gateway."""
        by_name = {**call.arguments, "context": call.context}
        in_order: list[Json] = [] if call.ids is None else [list(call.ids)]
        in_order += [by_name.pop(name) for name in _IN_ORDER.get(call.method, ()) if name in by_name]
        who = [self._database.name, self._logged_in(), self._account.secret]
        return self._transport.ask("object", "execute_kw", [*who, call.model, call.method, in_order, by_name], call.patience)

    def _logged_in(self) -> int:
        """The user's id. Asked once: the server spends half a second on checking a password."""
        if self._uid is None:
            logger.debug("%s: logging in as %s", self._database, self._account.login)
            arguments = [self._database.name, self._account.login, self._account.secret]
            uid = self._transport.ask("common", "login", arguments, Patience.LOOK)
            if not isinstance(uid, int) or isinstance(uid, bool):
                raise LoginRefused(f"Odoo refuses the login {self._account.login} in database {self._database.name}.")
            self._uid = uid
        return self._uid


def opened(value: Json) -> Json:
    """`value` with every Secret in it opened, on the way into a request."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: opened(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [opened(inner) for inner in value]
    return value
