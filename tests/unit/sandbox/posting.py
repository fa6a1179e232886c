"""Posting to a simulated server's front without a socket, in each protocol."""

import json
import xmlrpc.client
from typing import Any

from codalink.sandbox import Sandbox
from codalink.sandbox.web import Headers, HttpServer, Request, Response

JSON_TYPE = ("Content-Type", "application/json")


def post(server: HttpServer, path: str, body: bytes, *headers: tuple[str, str], method: str = "POST") -> Response:
    return server.site(Request(method, path, {}, Headers(headers), body))


def json2(server: HttpServer, database: str, key: str, path: str, **named: object) -> Response:
    headers = [JSON_TYPE, ("Authorization", f"bearer {key}")]
    if database:
        headers.append(("X-Odoo-Database", database))
    return post(server, f"/json/2/{path}", json.dumps(named).encode(), *headers)


def jsonrpc(server: HttpServer, service: str, method: str, *args: object) -> Response:
    message = {"id": 1, "params": {"service": service, "method": method, "args": args}}
    return post(server, "/jsonrpc", json.dumps(message).encode(), JSON_TYPE)


def xml(server: HttpServer, service: str, method: str, *args: Any) -> Response:  # noqa: ANN401 - what XML-RPC can write
    body = xmlrpc.client.dumps(args, method, allow_none=True).encode()
    return post(server, f"/xmlrpc/2/{service}", body, ("Content-Type", "text/xml"))


def result(response: Response) -> Any:  # noqa: ANN401 - whatever the call answers
    """What a call answered, in any protocol; raises xmlrpc's Fault, or KeyError for an error in JSON-RPC."""
    if response.content_type.startswith("text/xml"):
        return xmlrpc.client.loads(response.body)[0][0]
    answer = json.loads(response.body)
    return answer["result"] if isinstance(answer, dict) and "jsonrpc" in answer else answer


def execute(sandbox: Sandbox, database: str, model: str, method: str, *args: object, **kwargs: object) -> Response:
    """Call a method over JSON-RPC as the accountant, with the password."""
    server = next(name for name, each in sandbox.world.servers.items() if database in each.databases)
    secret = sandbox.world.password
    return jsonrpc(sandbox.servers[server], "object", "execute_kw", database, 2, secret, model, method, args, kwargs)
