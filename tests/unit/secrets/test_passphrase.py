"""Passphrases: the same however they are typed; those that can be guessed are refused, with the reason."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codalink.errors import PassphraseWeak
from codalink.secrets.masked import Secret
from codalink.secrets.passphrase import SHORTEST, as_typed, refuse_weak

PASSWORD = Secret("pLq8Zt2VxNr4Kd7m")
IN_CLEAR = ("Kantoor Voorbeeld", "0477472701")


def refuse(text: str) -> None:
    refuse_weak(as_typed(text), [PASSWORD], IN_CLEAR)


@pytest.mark.parametrize(
    "typed", ["batterij paard nietje", " batterij  paard nietje\n", "batterij\tpaard nietje\r\n", "batterij\N{NO-BREAK SPACE}paard nietje"]
)
def test_spaces_around_and_more_than_one_between_are_not_meant(typed: str) -> None:
    assert as_typed(typed) == Secret("batterij paard nietje")


def test_capitals_are_meant() -> None:
    assert as_typed("Batterij paard") != as_typed("batterij paard")


@given(st.text())
def test_typed_again_it_is_the_same(text: str) -> None:
    once = as_typed(text)

    assert as_typed(once.reveal()) == once == as_typed(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    "good",
    [
        "batterij paard nietje juist",
        "correct horse battery staple",
        "Zoë ligt één straat verder",
        "x9$kQ2!vT7&mW4z",
        "kantoor voorbeeld batterij paard nietje",
        "de db av hk rx ao qu",
        "ковбаса на мосту стоїть",
    ],
)
def test_words_at_random_and_characters_at_random_are_good(good: str) -> None:
    refuse(good)


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("Welkom2026!", "has 11 characters, and should have 15"),
        ("x9$kQ2!vT7&mW4", "has 14 characters"),
        ("a" * 40, "repeats"),
        ("123456789012345", "counts them up"),
        ("abcdefghijklmnopqrstuvwxyz", "counts them up"),
        ("abc abc abc abc abc", "repeats"),
        ("Kantoor Voorbeeld", "office's name or number"),
        ("kantoor-voorbeeld 2026!", "office's name or number"),
        ("BE 0477.472.701", "office's name or number"),
        ("Kantoor Voorbeeld 0477472701 codabox", "office's name or number"),
        (PASSWORD.reveal(), "is the office password itself"),
    ],
)
def test_what_can_be_guessed_is_refused_with_the_reason(weak: str, why: str) -> None:
    with pytest.raises(PassphraseWeak, match=why):
        refuse(weak)


def test_short_name_of_an_office_spoils_no_good_words() -> None:
    refuse_weak(as_typed("batterij paard nie"), [PASSWORD], ["Ba", "e"])


@given(st.text(max_size=SHORTEST - 1))
def test_nothing_shorter_is_good(text: str) -> None:
    with pytest.raises(PassphraseWeak):
        refuse(text)


def test_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(PassphraseWeak) as caught:
        refuse("Welkom2026!")

    assert "Welkom" not in caught.value.cause + caught.value.remedy
