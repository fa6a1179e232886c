"""Which protocol to speak with a database: found out from what its server answers, and remembered for the run.

JSON-2 where the secret is an API key and the server is 19 or later, since the two older protocols leave with Odoo 22; else JSON-RPC; and
XML-RPC where a proxy lets nothing else through. The first call is the test: a server that doesn't speak a protocol did nothing.
"""

import re
import threading
from collections.abc import Callable, Mapping

from codalink.errors import ProtocolMissing, ServerError
from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json, OdooProtocol, ServerUrl
from codalink.secrets.masked import Secret

Opener = Callable[[], Gateway]


class KnownServers:
    """What this run has learned about servers. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lacking: dict[ServerUrl, set[OdooProtocol]] = {}

    def lacks(self, server: ServerUrl, protocol: OdooProtocol) -> bool:
        """Whether the server is known not to speak the protocol."""
        with self._lock:
            return protocol in self._lacking.get(server, ())

    def learn(self, server: ServerUrl, lacking: OdooProtocol) -> None:
        """The server answered that it doesn't speak the protocol."""
        with self._lock:
            self._lacking.setdefault(server, set()).add(lacking)


def preferred(secret: Secret) -> tuple[OdooProtocol, ...]:
    """The protocols to try, the best first. JSON-2 takes no passwords, and Odoo's API keys are 40 hexadecimal digits."""
    is_key = re.fullmatch(r"[0-9a-f]{40}", secret.reveal()) is not None
    return tuple(OdooProtocol) if is_key else (OdooProtocol.JSON_RPC, OdooProtocol.XML_RPC)


class ChosenGateway:
    """A Gateway that speaks the first protocol of `ways` that the server knows (gateway.py has the contract)."""

    def __init__(self, database: DatabaseAddress, ways: Mapping[OdooProtocol, Opener], known: KnownServers) -> None:
        self._database = database
        self._ways = ways
        self._known = known
        self._chosen: Gateway | None = None
        self.protocol: OdooProtocol | None = None
        """The protocol that was chosen; None before the first answer."""

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._database

    def execute(self, call: Call) -> Json:
        """See Gateway. Raises ProtocolMissing where the server knows none of the protocols."""
        if self._chosen is not None:
            return self._chosen.execute(call)
        refusal = ProtocolMissing(f"{self._database.server} speaks none of Odoo's protocols.", remedy=self._remedy())
        for protocol, opener in self._ways.items():
            if self._known.lacks(self._database.server, protocol):
                continue
            gateway = opener()
            try:
                answer = gateway.execute(call)
            except ProtocolMissing as missing:
                self._known.learn(self._database.server, protocol)
                refusal = ProtocolMissing(missing.cause, remedy=self._remedy())
                continue
            except ServerError:
                raise  # no answer in any protocol: the next call asks again
            except Exception:
                self._chosen, self.protocol = gateway, protocol  # an error in this protocol is an answer in it
                raise
            self._chosen, self.protocol = gateway, protocol
            return answer
        raise refusal

    def _remedy(self) -> str:
        """What to do where no protocol is left; "" for what the error says by itself."""
        if (asked_for := self._database.protocol) is not None:
            way_out = "leave `protocol` out, and codalink finds out by itself."
            return f"The configuration asks for {asked_for.value}: {way_out} Else check the address."
        if OdooProtocol.JSON_2 in self._ways:
            return ""
        name = self._database.name
        return f"From Odoo 22 on only API keys are accepted: enter one with `codalink keys set --database {name}`. Else check the address."
