"""A passphrase: the same however it is typed, and too long to be guessed by somebody who has the file that it seals."""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from codalink.errors import PassphraseWeak
from codalink.secrets.masked import Secret

SHORTEST = 15
"""Characters. Whoever has the file can guess at it for years, so this is more than a login needs, where a server counts the tries: five
words from a list of 7776 make 64 bits, and are 19 characters long at least; somebody's pet with a year behind it is not."""
_FEWEST_STEPS = 6
"""Different distances from one character to the next. Repeated and counted-up characters have few, words have many."""
_TELLING_LENGTH = 4
"""Shorter names than this are in many a good word."""


def as_typed(text: str) -> Secret:
    """The passphrase that was meant: accents in one form (systems type them in two), single spaces, and none at the ends."""
    return Secret(" ".join(unicodedata.normalize("NFC", text).split()))


def refuse_weak(passphrase: Secret, sealed: Iterable[Secret], in_clear: Iterable[str]) -> None:
    """Raises PassphraseWeak where it is too easy to guess.

    `sealed` are the secrets that it is for, which must not seal themselves; `in_clear` are texts that anybody who finds the file can read.
    """
    text = passphrase.reveal()
    letters = _letters(text)
    others = letters
    for known in map(_letters, in_clear):
        others = others.replace(known, "") if len(known) >= _TELLING_LENGTH else others
    if not text:
        raise PassphraseWeak("The passphrase is empty.")
    if len(text) < SHORTEST:
        raise PassphraseWeak(f"The passphrase has {len(text)} characters, and should have {SHORTEST} at least.")
    if len({after - before for before, after in pairwise(map(ord, text.casefold()))}) < _FEWEST_STEPS:
        raise PassphraseWeak("The passphrase repeats a few characters, or counts them up.")
    if others != letters and len(others) < SHORTEST:
        raise PassphraseWeak("The passphrase is hardly more than the office's name or number, which stand in the backup for all to read.")
    if any(as_typed(secret.reveal()) == passphrase for secret in sealed):
        raise PassphraseWeak("The passphrase is the office password itself. Who has that needs no backup, and who lost it has none.")


def _letters(text: str) -> str:
    """Letters and digits only, capital or not."""
    return "".join(character for character in text.casefold() if character.isalnum())
