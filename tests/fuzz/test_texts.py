"""Texts of strangers: harmless in terminals, files and mails; addresses and numbers are what they say, or refused."""

import email
import email.policy
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from hypothesis import example
from hypothesis import strategies as st

from codalink.errors import catalogue
from codalink.files import safe_name
from codalink.odoo.gateway import DatabaseAddress, DatabaseName, ServerUrl, is_loopback
from codalink.office.advice.explain import explain
from codalink.office.advice.letters import addresses
from codalink.office.connecting.consent import is_expected_page
from codalink.office.model import Vat
from codalink.office.selection import Patterns
from codalink.render.console import foreign, harmless, plain
from codalink.render.letters import Written
from codalink.render.mail import as_mail
from codalink.secrets.credentials import is_odoo_online
from codalink.secrets.masked import redact
from tests.fuzz.inputs import texts
from tests.fuzz.trying import Tried, read_or_refused, trying

REMOTE = ServerUrl("https", "odoo.example.be", 443)
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{name}{number}" for name in ("COM", "LPT") for number in "123456789\u00b9\u00b2\u00b3")}

schemes = st.sampled_from(
    ["https://", "http://", "HTTP://", "//", "", "javascript:", "file://", "https:\\\\", "https:/", "ftp://", " https://"]
)
PARTS = (
    *("my.codabox.com", "evil.example", "localhost", "127.0.0.1", "[::1]", "0x7f.1", "2130706433", "odoo.com", "*"),
    *("@", ":", "/", "\\", "?", "#", ".", "%2f", "%00", "\u2025", "\uff0f", "\u3002", "\u0430", "xn--", "user:pw@", ":443", ":0", ":99999"),
    *("\t", "\n", " "),
)
hosts = st.lists(st.sampled_from(PARTS) | texts, max_size=6).map("".join)
urls = st.builds(lambda scheme, host, path: scheme + host + path, schemes, hosts, texts | st.just(""))


def shows_no_control(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in text)


@trying(urls | texts)
def test_address_of_a_server(text: str) -> None:
    """Never http for another computer, never a login in it; and written, it is read back the same."""
    server = read_or_refused(lambda: ServerUrl.parse(text))
    if server is None:
        return
    assert server.scheme == "https" or (server.scheme == "http" and is_loopback(server.host))
    assert not set(server.host) & set("@/\\?# \t\r\n\x00")
    assert 0 < server.port < 65536
    assert ServerUrl.parse(str(server)) == server
    assert urlsplit(str(server)).hostname == server.host
    assert DatabaseAddress(server, DatabaseName(text), "me").link.startswith(f"{server}/web?db=")


@trying(urls | texts, st.booleans())
def test_consent_page(url: str, is_local: bool) -> None:
    """What is opened in a browser is https on codabox.com, or on this computer from an Odoo here."""
    Tried.count += 1
    server = ServerUrl("http", "127.0.0.1", 8069) if is_local else REMOTE
    if is_expected_page(url, server):
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_codabox = parts.scheme == "https" and (host == "codabox.com" or host.endswith(".codabox.com"))
        assert is_codabox or (is_local and is_loopback(host))
        assert not set(url) & set("\\\t\r\n\x00\x1b")
        assert "@" not in parts.netloc


@trying(urls)
def test_server_on_odoo_com(url: str) -> None:
    server = read_or_refused(lambda: ServerUrl.parse(url))
    if server is not None and is_odoo_online(str(server)):
        assert server.scheme == "https"
        assert server.host.endswith(".odoo.com")
        assert server.port == 443


@trying(texts)
def test_number(text: str) -> None:
    vat = read_or_refused(lambda: Vat.parse(text))
    assert vat is None or (len(vat.digits) == 10 and vat.digits.isascii() and vat.digits.isdigit())


@trying(texts | st.builds(lambda before, after: f"{before}@{after}.be", texts, texts))
def test_mail_addresses(text: str) -> None:
    Tried.count += 1
    for address in addresses(text):
        assert address.isascii()
        assert address.isprintable()
        assert address.count("@") == 1


@trying(texts | st.sampled_from(sorted(RESERVED)).flatmap(lambda name: texts.map(lambda more: name + more)))
@example("CON")
@example("CON\u00a0.txt")
@example("com\u00b9 .x")
@example("\u202e\u200bCON.txt")
@example("a" * 149 + "\u00e9\u00e9")
def test_name_of_a_file(text: str) -> None:
    """One file in one folder, on Linux, macOS and Windows."""
    Tried.count += 1
    name = safe_name(text)
    for ending in ("", ".coda", " (0477472701)"):
        whole = name + ending
        assert PurePosixPath(whole).name == whole
        assert PureWindowsPath(whole).name == whole
        assert not PureWindowsPath(whole).drive
    assert not set(name) & set('/\\:*?"<>|')
    assert not name.startswith((".", "-", "~", " "))
    assert not name.endswith((".", " "))
    assert name.split(".")[0].upper().strip() not in RESERVED
    assert shows_no_control(name)
    assert len(name.encode()) <= 200


@trying(texts, st.sampled_from([20, 120, 2000]), st.integers(4, 200))
def test_text_for_a_terminal(text: str, longest: int, width: int) -> None:
    Tried.count += 1
    shown = harmless(text, longest)
    assert shows_no_control(shown)
    assert len(shown) <= longest
    assert "\x1b" not in plain(foreign(text, link=text), width)


@trying(texts, texts)
def test_mail(subject: str, body: str) -> None:
    """The headers are those that codalink writes, whatever the subject says; and the body is the body."""
    Tried.count += 1
    clean = harmless(subject, 2000)
    content = body.encode("utf-8", "replace").decode()
    text = as_mail(Written(clean, content), ["a@example.be"], ["b@example.be", "c@example.be"])
    mail = email.message_from_string(text, policy=email.policy.compat32)
    assert set(mail.keys()) == {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "X-Unsent", "Subject", "From", "To"}
    assert mail["To"] == "b@example.be, c@example.be"
    assert text.isascii()


@trying(
    texts | st.sampled_from([kind.default_cause for kind in catalogue.kinds()]).flatmap(lambda cause: texts.map(lambda more: cause + more))
)
def test_explained_text(text: str) -> None:
    Tried.count += 1
    assert explain(text) is not None
    catalogue.of_wording(text)


@trying(texts, st.lists(texts, max_size=3), st.lists(texts, max_size=3))
def test_patterns(name: str, include: list[str], exclude: list[str]) -> None:
    Tried.count += 1
    assert Patterns(tuple(include), tuple(exclude)).admit(DatabaseName(name)) in {True, False}


@trying(texts)
def test_masking(text: str) -> None:
    Tried.count += 1
    assert isinstance(redact(text), str)
