"""What servers send, byte by byte: HTTP itself, and the three protocols in it."""

import gzip
import json
import xmlrpc.client
from typing import Any, cast

import httpcore
import httpx
from hypothesis import example
from hypothesis import strategies as st

from codalink.odoo import servers
from codalink.odoo.faults import odoo_error
from codalink.odoo.gateway import Account, Call, DatabaseAddress, OdooProtocol, ServerUrl
from codalink.odoo.http import HttpAnswer, HttpPool
from codalink.odoo.json2 import Json2Gateway
from codalink.odoo.jsonrpc import JsonRpc
from codalink.odoo.rpc import RpcGateway
from codalink.odoo.xmlrpc import XmlRpc
from codalink.secrets.masked import Secret
from tests.fuzz.inputs import as_json, damaged, texts, values
from tests.fuzz.trying import Tried, read_or_refused, trying
from tests.unit.fakes import FakePool, address

LOOPBACK = ServerUrl("http", "127.0.0.1", 8069)
GOOD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 36\r\n\r\n{"jsonrpc": "2.0", "result": "18.0"}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
PACKED = gzip.compress(b'{"jsonrpc": "2.0", "result": []}')
ANSWERS = (
    GOOD,
    CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED),
    b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD,
    b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
)


@trying(st.sampled_from(ANSWERS).flatmap(damaged), st.sampled_from([1, 7, 65536]))
@example(b"HTTP/1.1 503 x\r\nRetry-After: \xb2\r\nContent-Length: 0\r\n\r\n", 65536)
def test_bytes_on_the_line(answer: bytes, piece: int) -> None:
    with HttpPool() as pool:
        transport = pool._direct._transport
        assert isinstance(transport, httpx.HTTPTransport)
        pieces = [answer[start : start + piece] for start in range(0, len(answer), piece)]
        transport._pool._network_backend = httpcore.MockBackend(pieces)
        read_or_refused(lambda: pool.post_json(LOOPBACK, "/jsonrpc", b"{}", answer_limit_s=5))


def gateway(protocol: OdooProtocol, pool: FakePool) -> Json2Gateway | RpcGateway:
    place, account = address(), Account("me", Secret("a" * 40))
    if protocol is OdooProtocol.JSON_2:
        return Json2Gateway(place, account, pool)
    transport = JsonRpc(place.server, pool, place) if protocol is OdooProtocol.JSON_RPC else XmlRpc(place.server, pool, place)
    return RpcGateway(place, account, transport)


def xml(value: object) -> bytes:
    try:
        return xmlrpc.client.dumps((cast("Any", value),), methodresponse=True, allow_none=True).encode("utf-8", "surrogatepass")
    except (OverflowError, TypeError):
        return b"<methodResponse/>"


faults = st.builds(
    lambda code, text: xmlrpc.client.dumps(xmlrpc.client.Fault(code, text)).encode("utf-8", "surrogatepass"), st.integers(-1, 5), texts
)
envelopes = values.map(lambda value: json.dumps({"jsonrpc": "2.0", "id": 1, "result": value}).encode())
errors = st.builds(
    lambda name, message, more: json.dumps(
        {"jsonrpc": "2.0", "error": {"code": 200, "data": {"name": name, "message": message, **more}}}
    ).encode(),
    values | st.sampled_from(["odoo.exceptions.UserError", "odoo.exceptions.AccessDenied"]),
    values,
    st.dictionaries(texts, values, max_size=2),
)
bodies = as_json | envelopes | errors | faults | values.map(xml) | st.binary(max_size=200)
damaged_bodies = bodies.flatmap(damaged)
statuses = st.sampled_from([200, 200, 200, 204, 303, 400, 401, 403, 404, 422, 429, 500, 502, 599, 999])


@trying(
    st.sampled_from(OdooProtocol), bodies | damaged_bodies, statuses, st.dictionaries(st.sampled_from(["retry-after", "location"]), texts)
)
def test_answer_to_a_call(protocol: OdooProtocol, body: bytes, status: int, headers: dict[str, str]) -> None:
    answers = [b'{"jsonrpc": "2.0", "result": 2}', xml(2)][protocol is OdooProtocol.XML_RPC]
    logged_in = iter([HttpAnswer(200, {}, answers)] if protocol is not OdooProtocol.JSON_2 else [])
    pool = FakePool(lambda _: next(logged_in, HttpAnswer(status, headers, body)))
    read_or_refused(lambda: gateway(protocol, pool).execute(Call("res.company", "read", (1,))))


@trying(st.sampled_from(OdooProtocol), bodies, statuses)
def test_answer_to_a_login(protocol: OdooProtocol, body: bytes, status: int) -> None:
    pool = FakePool(lambda _: HttpAnswer(status, {}, body))
    read_or_refused(lambda: gateway(protocol, pool).execute(Call("res.company", "read", (1,))))


@trying(bodies, statuses, bodies, statuses)
def test_version_and_list_of_databases(page: bytes, page_status: int, body: bytes, status: int) -> None:
    pages = {"/web/version": HttpAnswer(page_status, {}, page)}
    place = address().server
    for read in (servers.server_version, servers.database_names):
        found = read_or_refused(lambda read=read: read(place, FakePool(lambda _: HttpAnswer(status, {}, body), pages)))  # type: ignore[misc]
        assert isinstance(found, (str, list, type(None)))


@trying(texts | st.sampled_from(["odoo.exceptions.UserError", "builtins.KeyError"]), texts, st.integers(1, 3))
def test_error_of_odoo(name: str, message: str, times: int) -> None:
    Tried.count += 1
    assert odoo_error(name, message * times, DatabaseAddress(LOOPBACK, address().name, "me")).cause
