"""The pool: what every request has in common. The transport is httpx's own for tests; no socket is opened."""

import gzip
from collections.abc import Callable, Iterator

import httpx
import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo import body, http
from codalink.odoo.gateway import ServerUrl
from codalink.odoo.http import HttpPool
from tests.unit.fakes import ODOO

Answering = Callable[[Callable[[httpx.Request], httpx.Response]], HttpPool]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A real pool whose transport is a function."""
    pools: list[HttpPool] = []

    def answer(handler: Callable[[httpx.Request], httpx.Response]) -> HttpPool:
        pool = HttpPool(user_agent="codalink/test")
        headers, timeout = pool._client.headers, pool._client.timeout
        pool._client.close()
        pool._client = httpx.Client(transport=httpx.MockTransport(handler), headers=headers, timeout=timeout, follow_redirects=False)
        pools.append(pool)
        return pool

    yield answer
    for pool in pools:
        pool.close()


def answer_of(status: int, body: bytes = b"", **headers: str) -> httpx.Response:
    """A response whose body is still to be read, as one from the network."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=httpx.ByteStream(body))


def post(pool: HttpPool) -> bytes:
    return pool.post_json(ODOO, "/jsonrpc", b"{}", answer_limit_s=7)


def test_body_of_a_good_answer_is_given_back(answering: Answering) -> None:
    assert post(answering(lambda _: answer_of(200, b"body"))) == b"body"


def test_request_is_json_to_the_server(answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer_of(200)

    post(answering(answer))

    assert (seen[0].method, str(seen[0].url), seen[0].content) == ("POST", "https://odoo.example.be/jsonrpc", b"{}")
    assert seen[0].headers["content-type"] == "application/json"
    assert seen[0].headers["user-agent"] == "codalink/test"


def test_answer_has_the_time_of_the_call_and_connecting_its_own(answering: Answering) -> None:
    seen: list[object] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return answer_of(200)

    post(answering(answer))

    assert seen == [{"connect": http.CONNECT_LIMIT_S, "read": 7, "write": 7, "pool": http.POOL_LIMIT_S}]


def test_page_is_asked_without_a_body(answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer_of(200, b"page")

    assert answering(answer).get(ODOO, "/web/version", answer_limit_s=7).body == b"page"
    assert (seen[0].method, str(seen[0].url), seen[0].content) == ("GET", "https://odoo.example.be/web/version", b"")


@pytest.mark.parametrize("status", [200, 201, 301, 401, 404, 429, 500])
def test_post_and_get_give_back_every_answer(status: int, answering: Answering) -> None:
    pool = answering(lambda _: answer_of(status, b"body", retry_after="3"))
    answers = [pool.post(ODOO, "/json/2/a/b", b"{}", headers={}, answer_limit_s=7), pool.get(ODOO, "/", answer_limit_s=7)]

    assert [(one.status, one.body, one.headers["Retry-After"], one.is_success) for one in answers] == 2 * [
        (status, b"body", "3", status == 200)
    ]


def test_post_sends_the_headers(answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer_of(200)

    answering(answer).post(ODOO, "/json/2/a/b", b"{}", headers={"Authorization": "bearer x"}, answer_limit_s=7)

    assert (seen[0].headers["authorization"], seen[0].headers["user-agent"]) == ("bearer x", "codalink/test")


def test_xml_is_sent_as_xml(answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer_of(200, b"<x/>")

    assert answering(answer).post_xml(ODOO, "/xmlrpc/2/common", b"<y/>", answer_limit_s=7) == b"<x/>"
    assert (seen[0].headers["content-type"], seen[0].content) == ("text/xml", b"<y/>")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(status: int, answering: Answering) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer_of(status, location="https://evil.example/")

    with pytest.raises(errors.RedirectRefused, match=r"evil\.example"):
        post(answering(answer))

    assert len(seen) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, errors.ProtocolMissing), (429, errors.TooManyRequests), (500, errors.ServerTrouble), (502, errors.ServerTrouble)],
)
def test_bad_status_is_an_error(status: int, kind: type[CodalinkError], answering: Answering) -> None:
    with pytest.raises(kind):
        post(answering(lambda _: answer_of(status, b"<html>")))


def test_answer_beyond_the_limit_is_given_up(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "LIMIT_BYTES", 10)

    with pytest.raises(errors.NotOdoo):
        post(answering(lambda _: answer_of(200, b"x" * 11)))


def test_answer_at_the_limit_is_taken(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "LIMIT_BYTES", 10)

    assert post(answering(lambda _: answer_of(200, b"x" * 10))) == b"x" * 10


def test_packed_answer_is_unpacked(answering: Answering) -> None:
    packed = gzip.compress(b"x" * 1_000_000)

    assert post(answering(lambda _: answer_of(200, packed, content_encoding="gzip"))) == b"x" * 1_000_000


def test_answer_is_measured_unpacked(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "LIMIT_BYTES", 999_999)

    with pytest.raises(errors.NotOdoo, match="larger"):
        post(answering(lambda _: answer_of(200, gzip.compress(b"x" * 1_000_000), content_encoding="gzip")))


@pytest.mark.parametrize("packing", ["gzip, gzip", "deflate", "br", "zstd", "nonsense"])
def test_answer_that_is_packed_in_another_way_is_refused(packing: str, answering: Answering) -> None:
    packed = gzip.compress(gzip.compress(b"{}"))

    with pytest.raises(errors.NotOdoo, match="nobody asked for"):
        post(answering(lambda _: answer_of(200, packed, content_encoding=packing)))


def test_server_is_told_which_packing_is_understood(answering: Answering) -> None:
    with HttpPool() as pool:
        assert pool._client.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("content", [b"[" + b"[]," * 30 + b"[]]", b"{" * 40, b"<i/>" * 40, b"1," * 40])
def test_answer_of_too_many_parts_is_given_up(content: bytes, answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "PARTS", 30)

    with pytest.raises(errors.NotOdoo, match="more parts"):
        post(answering(lambda _: answer_of(200, content)))


def test_answer_that_is_packed_wrongly_is_not_odoos(answering: Answering) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return answer_of(200, b"not gzip", content_encoding="gzip")

    with pytest.raises(errors.NotOdoo):
        post(answering(answer))


def test_answer_that_breaks_off_is_lost(answering: Answering) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        msg = "peer closed connection without sending complete message body"
        raise httpx.RemoteProtocolError(msg)

    with pytest.raises(errors.AnswerLost):
        post(answering(answer))


def test_impossible_host_is_unreachable() -> None:
    with HttpPool() as pool, pytest.raises(errors.Unreachable):
        pool.post_json(ServerUrl("https", "%zz", 443), "/jsonrpc", b"{}", answer_limit_s=1)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "nonsense://proxy"])
def test_proxy_that_cannot_be_used_is_an_error_of_ours(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)

    with pytest.raises(CodalinkError):
        HttpPool()


def test_certificates_are_checked_against_the_systems_store() -> None:
    with HttpPool() as pool:
        transport = pool._client._transport
        assert isinstance(transport, httpx.HTTPTransport)
        context = transport._pool._ssl_context
        assert type(context).__module__.startswith("truststore")


def test_redirects_are_switched_off() -> None:
    with HttpPool() as pool:
        assert not pool._client.follow_redirects
        assert not pool._direct.follow_redirects
