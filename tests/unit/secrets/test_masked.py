"""The masked type shows itself nowhere by accident."""

import copy
import json
import logging
import pickle
import timeit
import traceback
from dataclasses import asdict, dataclass

import pytest

from codalink.secrets import masked
from codalink.secrets.masked import MASK, Secret, redact

CLEAR = "Zeer-geheim-0001"


@dataclass(frozen=True)
class Holder:
    """Something with a secret in it."""

    secret: Secret


@pytest.fixture
def secret() -> Secret:
    return Secret(CLEAR)


def test_reveal_gives_the_secret(secret: Secret) -> None:
    assert secret.reveal() == CLEAR


@pytest.mark.parametrize(
    "shown",
    [
        str,
        repr,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r}",
        lambda secret: f"{secret!s:>40}",
        lambda secret: f"{secret:>40}",
        "{}".format,
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031  # this way is the point
        lambda secret: format(secret, ""),
        lambda secret: str([secret]),
        lambda secret: str({"password": secret}),
        lambda secret: repr(Holder(secret)),
        ascii,
        lambda secret: json.dumps({"password": secret}, default=str),
    ],
    ids=["str", "repr", "f", "f!r", "f!s", "f spec", "format", "percent", "format()", "list", "dict", "dataclass", "ascii", "json default"],
)
def test_secret_shows_only_its_mask(shown: object, secret: Secret) -> None:
    assert callable(shown)
    text = shown(secret)

    assert CLEAR not in text
    assert "•" in text or r"\u2022" in text


def test_mask_does_not_tell_the_length() -> None:
    assert str(Secret("short")) == str(Secret("a much longer secret")) == MASK


def test_log_line_shows_the_mask(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("somewhere").debug("password %s %r", secret, {"of": secret})

    assert CLEAR not in caplog.text


def test_traceback_does_not_show_it(secret: Secret) -> None:
    def refuse(password: Secret) -> None:
        msg = f"refused {password}"
        raise ValueError(msg, password)

    with pytest.raises(ValueError, match="refused") as refused:
        refuse(secret)

    lines = traceback.TracebackException.from_exception(refused.value, capture_locals=True).format()
    assert CLEAR not in "".join(lines)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused(protocol: int, secret: Secret) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret, protocol)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_copying_is_refused(copied: object, secret: Secret) -> None:
    assert callable(copied)
    with pytest.raises(TypeError, match="not pickled"):
        copied(secret)


def test_dataclass_with_a_secret_is_not_taken_apart(secret: Secret) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        asdict(Holder(secret))


def test_json_refuses_it_without_showing_it(secret: Secret) -> None:
    with pytest.raises(TypeError) as refused:
        json.dumps({"password": secret})

    assert CLEAR not in str(refused.value)


def test_it_has_no_dict_to_look_into(secret: Secret) -> None:
    assert not hasattr(secret, "__dict__")


def test_equal_secrets_are_equal(secret: Secret) -> None:
    assert secret == Secret(CLEAR)


def test_other_secrets_are_not_equal(secret: Secret) -> None:
    assert secret != Secret("another-secret")


def test_secret_is_not_equal_to_its_own_text(secret: Secret) -> None:
    assert secret != CLEAR


def test_secrets_of_any_character_can_be_compared() -> None:
    assert Secret("pässwörd-é") == Secret("pässwörd-é")


def test_secret_is_nobodys_key(secret: Secret) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(secret)


@pytest.mark.parametrize(("value", "truth"), [("", False), ("x", True)])
def test_empty_secret_is_false(value: str, truth: bool) -> None:
    assert bool(Secret(value)) is truth


def test_redact_masks_every_secret_that_was_met(secret: Secret) -> None:
    other = Secret("another-secret")

    assert redact(f"{secret.reveal()} and {other.reveal()}") == f"{MASK} and {MASK}"


def test_redact_leaves_other_text_alone() -> None:
    assert redact("nothing of interest here") == "nothing of interest here"


def test_redact_masks_the_longer_of_two_overlapping_secrets() -> None:
    Secret("overlap")
    Secret("overlapping-key")

    assert redact("overlapping-key") == MASK


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("chain-left", "left-over-1", "chain-left-over-1"),
        ("left-over-2", "chain-left-over", "chain-left-over-2"),
        ("inside", "outside-inside-out", "outside-inside-out"),
    ],
)
def test_redact_leaves_nothing_of_two_secrets_that_overlap(first: str, second: str, text: str) -> None:
    Secret(first)
    Secret(second)

    assert redact(f"<{text}>") == f"<{MASK}>"


def test_redact_masks_secrets_that_stand_side_by_side() -> None:
    Secret("one-beside-")
    Secret("the-other")

    assert redact("one-beside-the-other.") == f"{MASK}{MASK}."


def test_redact_masks_guises_of_a_secret_that_begins_like_another() -> None:
    Secret('same-beginning"1')
    Secret('same-beginning"2')

    assert redact(json.dumps('same-beginning"1 same-beginning"2')) == f'"{MASK} {MASK}"'


def test_redacting_costs_about_the_same_with_thousands_of_secrets() -> None:
    line = "12:00:01.123 klant-0815: res.users.apikeys.generate answered 200 with 512 bytes in 0.012 s"

    def seconds(secrets: int) -> float:
        known = masked._KnownSecrets()
        for number in range(secrets):
            known.learn(f"{number:06}-a-secret-key")
        return min(timeit.repeat(lambda: known.found_in(line), number=20, repeat=10))

    assert seconds(5000) < 5 * seconds(5)


def test_redact_leaves_very_short_secrets_alone() -> None:
    Secret("abcde")

    assert redact("xabcdex") == "xabcdex"
