"""Which consent pages may be opened."""

import pytest

from codalink.odoo.gateway import ServerUrl
from codalink.office.connecting.consent import is_expected_page

REMOTE = ServerUrl("https", "odoo.example.be", 443)
LOOPBACK = ServerUrl("http", "127.0.0.1", 8069)

CODABOX = ["https://codabox.com/x", "https://my.codabox.com/consent?token=a%20b#c", "https://a.b.codabox.com", "HTTPS://My.CodaBox.COM/x"]
HERE = ["http://127.0.0.1:8070/mycodabox/consent/x", "http://localhost:8070/x", "https://localhost/x", "http://[::1]:8070/x"]
STRANGERS = [
    "",
    "codabox.com",
    "//codabox.com/x",
    "http://codabox.com/x",
    "http://my.codabox.com/x",
    "ftp://codabox.com/x",
    "javascript:alert(1)//codabox.com",
    "data:text/html,codabox.com",
    "file:///codabox.com",
    "https://",
    "https://codabox.com.evil.example/x",
    "https://evilcodabox.com/x",
    "https://codabox.com-evil.example/x",
    "https://codabox.be/x",
    "https://evil.example/codabox.com",
    "https://evil.example/?codabox.com",
    "https://evil.example?.codabox.com",
    "https://evil.example#.codabox.com",
    "https://evil.example#@codabox.com/",
    "https://codabox.com@evil.example/x",
    "https://me@codabox.com/x",
    "https://me:pw@codabox.com/x",
    "https://@codabox.com/x",
    "https://evil.example\\.codabox.com/x",
    "https://evil.example\\@codabox.com/x",
    "https://codabox.com\\@evil.example/x",
    "https://evil.example%2f.codabox.com.evil.example/x",
    "https://evil.example／.codabox.com/x",  # noqa: RUF001  # this one is the point
    "https://codabox.com/\x1b[31mx",
    "https://codabox.com/\nx",
    "https://codabox.com\t.evil.example/",
    "https://codabox.com/\u202ex",
    "https://codabox.com/\x00",
    "https://[codabox.com/x",
    "https://[::1/x",
    "http://192.168.1.1/x",
    "http://evil.example/x",
]


@pytest.mark.parametrize("url", CODABOX)
@pytest.mark.parametrize("server", [REMOTE, LOOPBACK], ids=["remote", "loopback"])
def test_page_of_codabox_is_expected(url: str, server: ServerUrl) -> None:
    assert is_expected_page(url, server)


@pytest.mark.parametrize("url", STRANGERS)
@pytest.mark.parametrize("server", [REMOTE, LOOPBACK], ids=["remote", "loopback"])
def test_page_of_a_stranger_is_not_expected(url: str, server: ServerUrl) -> None:
    assert not is_expected_page(url, server)


@pytest.mark.parametrize("url", HERE)
def test_page_on_this_computer_is_expected_from_an_odoo_here(url: str) -> None:
    assert is_expected_page(url, LOOPBACK)


@pytest.mark.parametrize("url", HERE)
def test_page_on_this_computer_is_not_expected_from_another_odoo(url: str) -> None:
    assert not is_expected_page(url, REMOTE)
