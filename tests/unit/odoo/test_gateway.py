"""Addresses, and the calls that the rest of codalink makes."""

import pytest

from codalink.errors import AddressRefused
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, Patience, ServerUrl, create, is_loopback, press, read, search_read
from tests.unit.fakes import address

ACCEPTED = {
    "https://odoo.example.be": "https://odoo.example.be",
    "odoo.example.be": "https://odoo.example.be",
    "  odoo.example.be  ": "https://odoo.example.be",
    "odoo.example.be:8069": "https://odoo.example.be:8069",
    "https://odoo.example.be:443": "https://odoo.example.be",
    "https://odoo.example.be:80": "https://odoo.example.be:80",
    "HTTPS://Odoo.Example.BE": "https://odoo.example.be",
    "https://odoo.example.be/web/login?db=x#top": "https://odoo.example.be",
    "https://odoo.example.be:/": "https://odoo.example.be",
    "http://localhost:8069": "http://localhost:8069",
    "http://localhost": "http://localhost",
    "http://localhost:80": "http://localhost",
    "http://klant.localhost:8069": "http://klant.localhost:8069",
    "http://127.0.0.1:8069": "http://127.0.0.1:8069",
    "http://127.8.9.1": "http://127.8.9.1",
    "http://[::1]:8069": "http://[::1]:8069",
    "http://[::1]": "http://[::1]",
    "https://[2001:db8::1]:8069": "https://[2001:db8::1]:8069",
    "https://192.168.1.10": "https://192.168.1.10",
    "https://bücher.example": "https://bücher.example",
}


@pytest.mark.parametrize("typed", ACCEPTED)
def test_address_is_read_as_people_type_it(typed: str) -> None:
    assert str(ServerUrl.parse(typed)) == ACCEPTED[typed]


@pytest.mark.parametrize("typed", ACCEPTED)
def test_written_address_is_read_back_the_same(typed: str) -> None:
    server = ServerUrl.parse(typed)

    assert ServerUrl.parse(str(server)) == server


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "//odoo.example.be",
        "http:///path",
        "ftp://odoo.example.be",
        "file:///etc/passwd",
        "javascript://odoo.example.be",
        "ws://localhost",
        "http://odoo.example.be",
        "HTTP://odoo.example.be",
        "http://192.168.1.10",
        "http://10.0.0.1:8069",
        "http://localhost.evil.example",
        "http://evillocalhost",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0",
        "http://[2001:db8::1]",
        "https://me:secret@odoo.example.be",
        "https://me@odoo.example.be",
        "https://:secret@odoo.example.be",
        "https://@odoo.example.be",
        "me:secret@odoo.example.be",
        "http://localhost@evil.example",
        "https://odoo example.be",
        "https://odoo.example.be evil.example",
        "https://odoo.example.be:99999",
        "https://odoo.example.be:port",
        "https://odoo.example.be:-1",
        "https://[::1",
        "https://[odoo]",
        "https://evil.example\\.odoo.example.be",
        "https://odoo.example.be\\",
        "https://evil.example%2f.odoo.example.be",
        "https://odoo.example.be\N{RIGHT-TO-LEFT OVERRIDE}",
        "https://odoo.example.be\N{ZERO WIDTH SPACE}.evil.example",
        "https://evil.example\N{IDEOGRAPHIC FULL STOP}odoo.example.be",
        "https://<b>odoo</b>",
    ],
)
def test_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressRefused):
        ServerUrl.parse(typed)


def test_refusal_of_http_says_why() -> None:
    with pytest.raises(AddressRefused, match="unencrypted"):
        ServerUrl.parse("http://odoo.example.be")


@pytest.mark.parametrize(
    "typed",
    ["https://me:geheim99@odoo.example.be", "https://me:geheim99@odoo.example.be:99999", "ftp://me:geheim99@odoo.example.be"],
    ids=["login", "login and bad port", "login and ftp"],
)
def test_refusal_does_not_repeat_a_password(typed: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        ServerUrl.parse(typed)

    assert "geheim99" not in refused.value.cause


def test_port_zero_is_refused() -> None:
    with pytest.raises(AddressRefused):
        ServerUrl.parse("https://odoo.example.be:0")


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.255.255.254", "::1"])
def test_this_computer_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "odoo.example.be", "localhost.example.be", "0.0.0.0", "192.168.0.1", "::", "128.0.0.1"])  # noqa: S104  # told apart here
def test_others_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("klant-001", "https://odoo.example.be/web?db=klant-001"),
        ("a b&c=d/é#x", "https://odoo.example.be/web?db=a%20b%26c%3Dd%2F%C3%A9%23x"),
    ],
)
def test_link_leads_to_the_database(name: str, link: str) -> None:
    assert address(name).link == link


def test_address_of_a_database_reads_as_words() -> None:
    assert str(address("klant-001")) == "klant-001 on https://odoo.example.be"


# --- calls ---------------------------------------------------------------------------------------------------------------------------


def test_context_is_always_english() -> None:
    assert Call("res.company", "search").context == {"lang": "en_US"}


def test_context_names_the_companies() -> None:
    assert Call("res.company", "search", companies=(3, 4)).context == {"lang": "en_US", "allowed_company_ids": [3, 4]}


@pytest.mark.parametrize("call", [search_read("res.company", [], ["name"]), read("res.company", 1, ["name"])], ids=["search_read", "read"])
def test_reading_changes_nothing(call: Call) -> None:
    assert not call.changes


@pytest.mark.parametrize("call", [create("res.company", {}), press("res.company", "button", 1)], ids=["create", "press"])
def test_making_and_pressing_change_something(call: Call) -> None:
    assert call.changes


def test_a_limit_is_left_out_where_there_is_none() -> None:
    assert "limit" not in search_read("res.company", [], ["name"]).arguments


def test_a_button_waits_for_codabox() -> None:
    assert press("res.company", "button", 1).patience is Patience.CODABOX


def test_fetching_may_take_fifteen_minutes() -> None:
    assert Patience.RETRIEVE.value > 15 * 60


def test_link_to_a_database_with_half_a_character_in_its_name_is_a_link() -> None:
    assert DatabaseAddress(ServerUrl("https", "odoo.example.be", 443), DatabaseName("k\ud83d"), "me").link.endswith("db=k%3F")
