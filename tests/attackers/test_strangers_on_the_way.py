"""Strangers between codalink and a server, or in its place: false certificates, redirects, proxies, cookies. No secret comes to them."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.attackers.certificates import Identity, authority, issued, self_signed
from tests.attackers.hostile import HostileServer, hostile_server, saying
from tests.attackers.victim import SECRET, Victim, visiting

HERE = "127.0.0.1"
NOBODY = saying(b'{"jsonrpc": "2.0", "result": 7}')
AUTHORITY = authority()
"""What the victim's system trusts, where it trusts anything."""


@contextmanager
def https(identity: Identity, folder: Path) -> Iterator[tuple[HostileServer, Victim]]:
    """A server with this certificate, and codalink on a system that trusts AUTHORITY."""
    folder.mkdir(exist_ok=True)
    with hostile_server(NOBODY, identity.context(folder)) as server, visiting(folder, server.url) as victim:
        trusted = folder / "trusted.pem"
        AUTHORITY.written(trusted)
        victim.office.environment["SSL_CERT_FILE"] = str(trusted)
        yield server, victim


def test_certificate_that_is_right_is_trusted(tmp_path: Path) -> None:
    """Without this the others would prove nothing."""
    with https(issued(AUTHORITY, HERE), tmp_path) as (server, victim):
        assert "certificate" not in victim.cause()

        assert server.saw(SECRET)


FALSE: dict[str, Callable[[], Identity]] = {
    "self-signed": lambda: self_signed(HERE),
    "of an authority that nobody knows": lambda: issued(authority("Test authority"), HERE),
    "of a server's certificate that plays authority": lambda: issued(issued(AUTHORITY, HERE), HERE),
    "expired": lambda: issued(AUTHORITY, HERE, since_days=-9, until_days=-2),
    "not valid yet": lambda: issued(AUTHORITY, HERE, since_days=2, until_days=9),
    "for another host": lambda: issued(AUTHORITY, "odoo.example.be"),
    "for another address": lambda: issued(AUTHORITY, "127.0.0.2"),
}


@pytest.mark.parametrize("what", FALSE)
def test_server_with_a_false_certificate_is_sent_nothing(what: str, tmp_path: Path) -> None:
    with https(FALSE[what](), tmp_path) as (server, victim):
        assert "can't be trusted" in victim.cause()

        assert server.requests == []


def test_server_without_https_where_https_is_configured_is_sent_nothing_readable(tmp_path: Path) -> None:
    """A stranger who answers in clear, so that codalink may go down to http."""
    with hostile_server(NOBODY) as server, visiting(tmp_path, server.url.replace("http:", "https:")) as victim:
        assert "doesn't speak https" in victim.cause()

        assert not server.saw(SECRET)


@pytest.mark.parametrize("url", ["http://odoo.example.be", "http://192.0.2.1:8069", "http://127.0.0.1.evil.example", "ftp://127.0.0.1"])
def test_address_without_https_is_refused_before_anything_is_sent(url: str, tmp_path: Path) -> None:
    with visiting(tmp_path, url) as victim:
        done = victim.run("databases")

    assert done.exit_code == 2, done
    assert "https" in done.stderr


# --- redirects -----------------------------------------------------------------------------------------------------------------------


WAYS = [
    ("301 Moved", "json-rpc"),
    ("302 Found", "json-2"),
    ("303 See Other", ""),
    ("307 Temporary Redirect", "json-2"),
    ("307 Temporary Redirect", "json-rpc"),
    ("308 Permanent Redirect", "xml-rpc"),
]


@pytest.mark.parametrize(("status", "protocol"), WAYS)
def test_redirect_carries_nothing_to_a_stranger(status: str, protocol: str, tmp_path: Path) -> None:
    with hostile_server(NOBODY) as stranger:
        target = f"Location: {stranger.url}/jsonrpc"
        with hostile_server(saying(b"", target, status=status)) as server, visiting(tmp_path, server.url, protocol=protocol) as victim:
            assert "sends its callers on" in victim.cause()

            assert server.requests
            assert stranger.requests == []


def test_redirect_from_https_to_http_is_not_followed(tmp_path: Path) -> None:
    identity = issued(AUTHORITY, HERE)
    with hostile_server(NOBODY) as stranger:
        down = saying(b"", f"Location: {stranger.url}/jsonrpc", status="301 Moved")
        with hostile_server(down, identity.context(tmp_path)) as server, visiting(tmp_path, server.url) as victim:
            AUTHORITY.written(tmp_path / "trusted.pem")
            victim.office.environment["SSL_CERT_FILE"] = str(tmp_path / "trusted.pem")
            assert "sends its callers on" in victim.cause()

            assert stranger.requests == []


@pytest.mark.parametrize("header", ["Refresh: 0; url={}", "Content-Location: {}", "Link: <{}>; rel=preload", 'Alt-Svc: h2="{}"'])
def test_other_headers_that_name_a_stranger_lead_nowhere(header: str, tmp_path: Path) -> None:
    with hostile_server(NOBODY) as stranger:
        answer = saying(b"{}", header.format(stranger.url))
        with hostile_server(answer) as server, visiting(tmp_path, server.url) as victim:
            victim.cause()

            assert stranger.requests == []


# --- proxies -------------------------------------------------------------------------------------------------------------------------


def _blank_tunnel(connection: socket.socket) -> None:
    """What a proxy does that lets the client believe it is connected, and listens."""
    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    connection.recv(65536)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_proxy_of_a_stranger_learns_the_host_and_no_more(name: str, tmp_path: Path) -> None:
    with hostile_server(_blank_tunnel) as proxy, visiting(tmp_path, "https://odoo.invalid") as victim:
        victim.office.environment[name] = proxy.url
        assert victim.cause()

        assert [request.split(b"\r\n")[0] for request in proxy.requests][:1] == [b"CONNECT odoo.invalid:443 HTTP/1.1"]
        assert not proxy.saw(SECRET)


def test_proxy_that_puts_itself_in_the_server_s_place_is_found_out_by_its_certificate(tmp_path: Path) -> None:
    context = self_signed("odoo.invalid").context(tmp_path)
    inside: list[bytes] = []

    def intercept(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(connection, server_side=True) as secured:
            inside.append(secured.recv(65536))

    with hostile_server(intercept) as proxy, visiting(tmp_path, "https://odoo.invalid") as victim:
        victim.office.environment["HTTPS_PROXY"] = proxy.url
        assert "can't be trusted" in victim.cause()

        assert proxy.requests
        assert inside == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_proxy_is_not_asked_for_this_computer_itself(name: str, tmp_path: Path) -> None:
    """It would be given the password in clear; what goes to loopback stays here."""
    with hostile_server(NOBODY) as proxy, hostile_server(NOBODY) as server, visiting(tmp_path, server.url) as victim:
        victim.office.environment[name] = proxy.url
        keyring = victim.office.environment["CODALINK_DEMO_KEYRING"].partition("//")[2].partition("/")[0]
        victim.office.environment["NO_PROXY"] = keyring
        victim.cause()

        assert server.saw(SECRET)
        assert proxy.requests == []


# --- cookies -------------------------------------------------------------------------------------------------------------------------


def test_cookie_of_one_server_is_sent_to_no_other(tmp_path: Path) -> None:
    """Cookies know no ports, and those of a domain are for all hosts in it."""
    cookie = "Set-Cookie: session_id=evil; Path=/"
    with (
        hostile_server(saying(b"{}", cookie)) as server,
        hostile_server(saying(b"{}", cookie)) as other,
        visiting(tmp_path, server.url, other.url) as victim,
    ):
        victim.run("databases", "--jobs", "1")

        assert server.requests
        assert other.requests
        assert not any(b"cookie" in request.lower() for request in (*server.requests, *other.requests))


# --- secrets that were entered for another server -------------------------------------------------------------------------------------


def test_server_without_a_secret_of_its_own_is_given_nobody_else_s(tmp_path: Path) -> None:
    """A list may name any address it likes: only what was entered for that very address goes there."""
    with hostile_server(NOBODY) as stranger, visiting(tmp_path, stranger.url) as victim:
        keyring = victim.office.sandbox.keyring
        login = victim.office.sandbox.world.login
        del keyring.items["codalink Odoo login", f"{login} @ {stranger.url}"]
        keyring.items["codalink Odoo login", f"{login} @ https://*.odoo.com"] = SECRET
        keyring.items["codalink Odoo login", f"{login} @ {stranger.url}.example"] = SECRET
        assert "No API key is stored" in victim.cause()

        assert not stranger.saw(SECRET)
        assert not stranger.saw(victim.office.sandbox.world.password)
