"""Opens gateways on one pool of connections, with the login secrets from the keyring."""

import threading

from codalink.errors import DatabaseListClosed, LoginRefused
from codalink.odoo.gateway import Account, DatabaseAddress, DatabaseName, Gateway, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.odoo.jsonrpc import JsonRpcGateway, JsonRpcServer
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret


class Connector:
    """Gateways over JSON-RPC, all on one pool. Login secrets come from the keyring, each read once."""

    def __init__(self, pool: HttpPool, secrets: LoginSecrets) -> None:
        self._pool = pool
        self._secrets = secrets
        self._lock = threading.Lock()
        self._gateways: dict[DatabaseAddress, Gateway] = {}
        self._known_secrets: dict[tuple[ServerUrl, str], Secret] = {}
        self._versions: dict[ServerUrl, str] = {}
        self._asking_versions: dict[ServerUrl, threading.Lock] = {}

    def open(self, database: DatabaseAddress) -> Gateway:
        """See Gateways. Raises LoginSecretMissing and the errors of SecretStore."""
        with self._lock:
            if database not in self._gateways:
                account = Account(database.login, self._secret(database.server, database.login))
                self._gateways[database] = JsonRpcGateway(database, account, self._pool)
            return self._gateways[database]

    def _secret(self, server: ServerUrl, login: str) -> Secret:
        if (server, login) not in self._known_secrets:
            self._known_secrets[server, login] = self._secrets.get(str(server), login)
        return self._known_secrets[server, login]

    def version(self, server: ServerUrl) -> str:
        """See Gateways."""
        with self._lock:
            asking = self._asking_versions.setdefault(server, threading.Lock())
        with asking:
            if server not in self._versions:
                self._versions[server] = JsonRpcServer(server, self._pool).version()
            return self._versions[server]

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        """See Gateways."""
        try:
            return [DatabaseName(name) for name in JsonRpcServer(server, self._pool).database_names()]
        except LoginRefused as error:
            raise DatabaseListClosed(f"{server} doesn't tell which databases it has.") from error
