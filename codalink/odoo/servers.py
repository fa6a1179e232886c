"""What an Odoo server tells without a login: its version, and its databases."""

import json

from codalink.errors import AnswerUnexpected, DatabaseListClosed, LoginRefused, NotOdoo, OdooFailed, ProtocolMissing
from codalink.odoo.gateway import DatabaseName, Json, Patience, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.odoo.jsonrpc import JsonRpc
from codalink.odoo.xmlrpc import XmlRpc

_VERSION_PAGES = ("/web/version", "/json/version")
"""From Odoo 19 on (recordings web_version, json_version); older servers have `common.version` only."""


def server_version(server: ServerUrl, pool: HttpPool) -> str:
    """The server's version, such as `18.0` or `saas~18.2+e`. One to three calls. Raises ServerError."""
    for page in _VERSION_PAGES:
        answer = pool.get(server, page, answer_limit_s=Patience.LOOK.value)
        version = _field(_parsed(answer.body), "version") if answer.is_success else None
        if isinstance(version, str):
            return version
    try:
        told = JsonRpc(server, pool).ask("common", "version", [], Patience.LOOK)
    except ProtocolMissing:
        told = XmlRpc(server, pool).ask("common", "version", [], Patience.LOOK)
    version = _field(told, "server_version")
    if not isinstance(version, str):
        raise NotOdoo(f"{server} doesn't tell a version as Odoo does.")
    return version


def database_names(server: ServerUrl, pool: HttpPool) -> list[DatabaseName]:
    """All databases of the server. One or two calls: the `db` service ended with Odoo 20, some proxies let only it through.

    Raises DatabaseListClosed where the server keeps them to itself (recording db_list_refused), ServerError.
    """
    rpc = JsonRpc(server, pool)
    try:
        try:
            answer = rpc.route("/web/database/list", Patience.LOOK)
        except NotOdoo:
            try:
                answer = rpc.ask("db", "list", [], Patience.LOOK)
            except ProtocolMissing:
                answer = XmlRpc(server, pool).ask("db", "list", [], Patience.LOOK)
    except (LoginRefused, OdooFailed, ProtocolMissing) as error:  # kept to itself, or without the service (from Odoo 20 on)
        raise DatabaseListClosed(f"{server} doesn't tell which databases it has.") from error
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        raise AnswerUnexpected(f"{server} doesn't list its databases as Odoo does.")
    return [DatabaseName(name) for name in answer]


def _parsed(body: bytes) -> Json:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _field(answer: Json, name: str) -> Json:
    return answer.get(name) if isinstance(answer, dict) else None
