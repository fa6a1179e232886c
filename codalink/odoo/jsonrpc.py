"""Odoo over JSON-RPC, through OdooRPC on our own connection pool.

OdooRPC's high-level `login` and `env` are not used: they cost extra calls. Its `json` is the transport, the opener is ours.
"""

import json
import logging
from io import BytesIO
from urllib.request import Request

import odoorpc
import odoorpc.error

from codalink.errors import AnswerUnexpected, CodalinkError, LoginRefused, NotOdoo
from codalink.odoo.faults import odoo_error
from codalink.odoo.gateway import Account, Call, DatabaseAddress, Json, Patience, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.secrets.masked import Secret

logger = logging.getLogger(__name__)

_IN_ORDER = {"create": ("vals_list",)}
"""Methods that take these arguments by position only (recording create_keyword: `vals_list` by name is an IndexError)."""


class JsonRpcServer:
    """An Odoo server, without login: its version and its databases."""

    def __init__(self, server: ServerUrl, pool: HttpPool) -> None:
        self._server = server
        self._rpc = _Rpc(server, pool)

    def version(self) -> str:
        """The server's version, such as `18.0` or `saas~18.2+e`."""
        answer = self._rpc.ask("common", "version", [], Patience.LOOK)
        version = answer.get("server_version") if isinstance(answer, dict) else None
        if not isinstance(version, str):
            raise NotOdoo(f"{self._server} doesn't tell a version as Odoo does.")
        return version

    def database_names(self) -> list[str]:
        """All databases of the server. Raises LoginRefused where it keeps them to itself (recording db_list_refused)."""
        answer = self._rpc.ask("db", "list", [], Patience.LOOK)
        if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
            raise AnswerUnexpected(f"{self._server} doesn't list its databases as Odoo does.")
        return answer


class JsonRpcGateway:
    """A Gateway over JSON-RPC (gateway.py has the contract)."""

    def __init__(self, database: DatabaseAddress, account: Account, pool: HttpPool) -> None:
        self._database = database
        self._account = account
        self._rpc = _Rpc(database.server, pool, database)
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
        logger.info("%s: %s.%s", self._database.name, call.model, call.method)
        return self._rpc.ask("object", "execute_kw", [*who, call.model, call.method, in_order, by_name], call.patience)

    def _logged_in(self) -> int:
        """The user's id. Asked once: the server spends half a second on checking a password."""
        if self._uid is None:
            arguments = [self._database.name, self._account.login, self._account.secret]
            uid = self._rpc.ask("common", "login", arguments, Patience.LOOK)
            if not isinstance(uid, int) or isinstance(uid, bool):
                raise LoginRefused(f"Odoo refuses the login {self._account.login} in database {self._database.name}.")
            self._uid = uid
        return self._uid


class _Rpc:
    """OdooRPC's transport on our pool, with our errors."""

    def __init__(self, server: ServerUrl, pool: HttpPool, database: DatabaseAddress | None = None) -> None:
        self._server = server
        self._database = database
        self._opener = _PoolOpener(server, pool)
        self._odoo = odoorpc.ODOO(
            f"[{server.host}]" if ":" in server.host else server.host,
            protocol="jsonrpc+ssl" if server.scheme == "https" else "jsonrpc",
            port=server.port,
            version="18.0",  # any: without one OdooRPC asks the server each time, and codalink doesn't use what depends on it
            opener=self._opener,
        )

    def ask(self, service: str, method: str, arguments: list[Json], patience: Patience) -> Json:
        """One request. None where Odoo answers nothing (recording none_result leaves the result out)."""
        self._opener.answer_limit_s = patience.value
        try:
            answer = self._odoo.json("/jsonrpc", {"service": service, "method": method, "args": _opened(arguments)})
        except CodalinkError:
            raise
        except odoorpc.error.RPCError as error:
            name, message = _told(error.info)
            raise odoo_error(name, message, self._database) from None  # OdooRPC's error carries the server's whole traceback
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotOdoo(f"{self._server} gives an answer that is not Odoo's: {type(error).__name__}.") from None
        if not isinstance(answer, dict) or "jsonrpc" not in answer:
            raise NotOdoo(f"{self._server} gives an answer that is not Odoo's.")
        result: Json = answer.get("result")
        return result


class _PoolOpener:
    """What OdooRPC takes for a urllib opener: sends its requests through the pool."""

    def __init__(self, server: ServerUrl, pool: HttpPool) -> None:
        self.answer_limit_s = Patience.LOOK.value
        self._server = server
        self._pool = pool

    def open(self, request: Request, timeout: float) -> BytesIO:  # noqa: ARG002  # OdooRPC has one for everything; ours depends on the call
        """Carry out OdooRPC's request and give back the body as a file."""
        if not isinstance(request.data, bytes):
            msg = "OdooRPC sends bytes"
            raise TypeError(msg)
        return BytesIO(self._pool.post_json(self._server, request.selector, request.data, answer_limit_s=self.answer_limit_s))


def _opened(value: Json) -> Json:
    """`value` with every Secret in it opened, on the way into the request."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: _opened(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_opened(inner) for inner in value]
    return value


def _told(info: Json) -> tuple[str, str]:
    """Name and message of an error as Odoo tells it; a stranger's error as its text."""
    data = info.get("data") if isinstance(info, dict) else None
    if isinstance(data, dict):
        return str(data.get("name", "")), str(data.get("message", ""))
    return "", json.dumps(info)[:500]


def _keep_quiet(record: logging.LogRecord) -> bool:
    """OdooRPC logs whole requests and answers at DEBUG, secrets included (contract, section 6): none of that is let through."""
    del record
    return False


logging.getLogger("odoorpc.rpc.jsonrpclib").addFilter(_keep_quiet)
