"""Opens gateways on one pool of connections, with the login secrets from the keyring."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from codalink.odoo.apikeys import ExplainedGateway, refusal_remedy
from codalink.odoo.choosing import ChosenGateway, KnownServers, Opener, preferred
from codalink.odoo.gateway import Account, DatabaseAddress, DatabaseName, Gateway, OdooProtocol, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.odoo.json2 import Json2Gateway
from codalink.odoo.jsonrpc import JsonRpc
from codalink.odoo.rpc import RpcGateway
from codalink.odoo.servers import database_names, server_version
from codalink.odoo.wrappers import GuardedGateway, PatientGateway, ServerHealth
from codalink.odoo.xmlrpc import XmlRpc
from codalink.secrets.keys import Credentials


class Connector:
    """Gateways in the protocol that each server speaks, all on one pool, with the secrets that `credentials` finds."""

    def __init__(self, pool: HttpPool, credentials: Credentials, sleep: Callable[[float], None] = time.sleep) -> None:
        self._pool = pool
        self._credentials = credentials
        self._sleep = sleep
        self._lock = threading.Lock()
        self._known = KnownServers()
        self._health = ServerHealth()
        self._gateways: dict[DatabaseAddress, Gateway] = {}
        self._chosen: dict[DatabaseAddress, ChosenGateway] = {}
        self._versions: dict[ServerUrl, str] = {}
        self._asking_versions: dict[ServerUrl, threading.Lock] = {}

    def open(self, database: DatabaseAddress) -> Gateway:
        """See Gateways. Raises LoginSecretMissing, and the errors of the keyring and of the file of keys."""
        with self._lock:
            if database not in self._gateways:
                self._gateways[database] = self._opened(database)
            return self._gateways[database]

    def _opened(self, database: DatabaseAddress) -> Gateway:
        origin = str(database.server)
        login, secret = self._credentials.find(origin, database.name, database.login)
        chosen = self._chosen[database] = ChosenGateway(database, self._ways(database, Account(login, secret)), self._known)

        def remedy() -> str:
            expires = self._credentials.expiry(origin, database.name)
            return refusal_remedy(database, secret, expires=expires, today=datetime.now().astimezone().date())

        return ExplainedGateway(GuardedGateway(PatientGateway(chosen, self._sleep), self._health), remedy)

    def _ways(self, database: DatabaseAddress, account: Account) -> Mapping[OdooProtocol, Opener]:
        server, pool = database.server, self._pool
        ways: dict[OdooProtocol, Opener] = {
            OdooProtocol.JSON_2: lambda: Json2Gateway(database, account, pool),
            OdooProtocol.JSON_RPC: lambda: RpcGateway(database, account, JsonRpc(server, pool, database)),
            OdooProtocol.XML_RPC: lambda: RpcGateway(database, account, XmlRpc(server, pool, database)),
        }
        wanted = (database.protocol,) if database.protocol else preferred(account.secret)
        return {protocol: ways[protocol] for protocol in wanted}

    def protocol(self, database: DatabaseAddress) -> OdooProtocol | None:
        """See Gateways."""
        chosen = self._chosen.get(database)
        return chosen.protocol if chosen is not None else None

    def version(self, server: ServerUrl) -> str:
        """See Gateways."""
        with self._lock:
            asking = self._asking_versions.setdefault(server, threading.Lock())
        with asking:
            if server not in self._versions:
                self._versions[server] = server_version(server, self._pool)
            return self._versions[server]

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        """See Gateways."""
        return database_names(server, self._pool)
