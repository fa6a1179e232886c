"""Languages, e-mail addresses and parties, as they come from Odoo."""

import pytest

from codalink.office.advice.letters import Language, Party, addresses
from codalink.office.model import Vat


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("nl_BE", Language.DUTCH),
        ("nl_NL", Language.DUTCH),
        ("fr_FR", Language.FRENCH),
        ("fr_BE", Language.FRENCH),
        ("de_DE", Language.GERMAN),
        ("en_US", Language.ENGLISH),
        ("es_ES", None),
        ("nlx", None),
        ("", None),
    ],
)
def test_language_is_that_of_odoo_s_code(code: str, language: Language | None) -> None:
    assert Language.of(code) is language


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("info@kruimel.be", ["info@kruimel.be"]),
        (" Jan <jan@kruimel.be>; an@kruimel.be", ["jan@kruimel.be", "an@kruimel.be"]),
        ("jan@kruimel.be, jan@kruimel.be", ["jan@kruimel.be"]),
        ("o'neill+coda@sub.example.co.uk", ["o'neill+coda@sub.example.co.uk"]),
        ("info@bäckerei.be", ["info@xn--bckerei-5wa.be"]),
        ("bäcker@example.be", []),
        ("", []),
        ("/", []),
        ("no address", []),
        ("jan@localhost", []),
        ("a@b@example.be", []),
        ("jan@.be", []),
        (f"jan@{'x' * 64}.be", []),
    ],
)
def test_addresses_are_the_plain_ones_in_a_text(text: str, found: list[str]) -> None:
    assert addresses(text) == tuple(found)


@pytest.mark.parametrize("text", ["jan@a.be\r\nBcc: evil@b.be", "jan@a.be\nevil@b.be", "jan@a.be\u2028evil@b.be", "jan@a.be\x0bevil@b.be"])
def test_addresses_on_further_lines_are_nobody_s(text: str) -> None:
    assert addresses(text) == ("jan@a.be",)


def test_address_with_a_zero_byte_is_none() -> None:
    assert addresses("jan@a.be\0evil@b.be") == ()


def test_party_is_shown_with_its_number() -> None:
    assert str(Party("Bakkerij Kruimel BV", Vat("0401234560"))) == "Bakkerij Kruimel BV (BE 0401.234.560)"


def test_party_without_a_number_is_its_name() -> None:
    assert str(Party("Bakkerij Kruimel BV")) == "Bakkerij Kruimel BV"


def test_enterprise_number_is_written_without_country() -> None:
    assert Party("Bakkerij Kruimel BV", Vat("0401234560")).number == "0401.234.560"
