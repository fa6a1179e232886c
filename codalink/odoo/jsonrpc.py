"""Odoo over JSON-RPC, through OdooRPC on our own connection pool.

OdooRPC's high-level `login` and `env` are not used: they cost extra calls. Its `json` is the transport, the opener is ours.
"""

import json
import logging
from io import BytesIO
from urllib.request import Request

import odoorpc
import odoorpc.error

from codalink.errors import CodalinkError, NotOdoo
from codalink.odoo.faults import odoo_error
from codalink.odoo.gateway import DatabaseAddress, Json, Patience, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.odoo.rpc import opened


class JsonRpc:
    """OdooRPC's transport on our pool, with our errors (rpc.py has the contract)."""

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
        """See Transport."""
        return self._post("/jsonrpc", {"service": service, "method": method, "args": opened(arguments)}, patience)

    def route(self, path: str, patience: Patience) -> Json:
        """Ask one of the web client's own addresses, such as `/web/database/list`, in the same envelope."""
        return self._post(path, {}, patience)

    def _post(self, path: str, parameters: Json, patience: Patience) -> Json:
        """One request. Recording none_result: an answer without result is None."""
        self._opener.answer_limit_s = patience.value
        try:
            answer = self._odoo.json(path, parameters)
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
