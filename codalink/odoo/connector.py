"""Opens gateways on one pool of connections, with the login secrets from the keyring."""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import date, datetime

from codalink.odoo.choosing import ChosenGateway, KnownServers, Opener, preferred
from codalink.odoo.gateway import Account, DatabaseAddress, DatabaseName, Gateway, OdooProtocol, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.odoo.json2 import Json2Gateway
from codalink.odoo.jsonrpc import JsonRpc
from codalink.odoo.refusals import ExplainedGateway
from codalink.odoo.rpc import RpcGateway
from codalink.odoo.servers import database_names, server_version
from codalink.odoo.wrappers import GuardedGateway, LoggedGateway, PatientGateway, ServerHealth, Sleep, patiently
from codalink.odoo.xmlrpc import XmlRpc
from codalink.secrets.credentials import Credential, Credentials

logger = logging.getLogger(__name__)


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False


class Connector:
    """Gateways in the protocol that each server speaks, all on one pool, with the secrets that `credentials` finds."""

    def __init__(self, pool: HttpPool, credentials: Credentials, sleep: Sleep = _wait) -> None:
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
                credential = self._credentials.find(str(database.server), database.name, database.login)
                how = "its own API key" if credential.is_own else "the password or key that was entered for its server"
                logger.debug("%s: opened as %s with %s", database, credential.login, how)
                self._gateways[database] = self.open_with(database, credential)
            return self._gateways[database]

    def open_with(self, database: DatabaseAddress, credential: Credential) -> Gateway:
        """A conversation of its own, with a secret that need not be the stored one. Makes no call itself."""
        ways = self._ways(database, Account(credential.login, credential.secret))
        chosen = self._chosen[database] = ChosenGateway(database, ways, self._known)

        logged = LoggedGateway(chosen, lambda: chosen.protocol)

        def sleep(seconds: float) -> bool:
            return self._sleep(seconds) or self._health.refusal(database.server) is not None

        return ExplainedGateway(GuardedGateway(PatientGateway(logged, sleep), self._health), credential, _today)

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
                self._versions[server] = patiently(lambda: server_version(server, self._pool), self._sleep)
                logger.info("%s: Odoo %s", server, self._versions[server])
            return self._versions[server]

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        """See Gateways."""
        names = patiently(lambda: database_names(server, self._pool), self._sleep)
        logger.info("%s: lists %s databases", server, len(names))
        return names


def _today() -> date:
    return datetime.now().astimezone().date()
