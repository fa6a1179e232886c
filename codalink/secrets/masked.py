"""The masked type in which every secret travels, from the border where it comes in to the border where it leaves."""

import json
import threading
from html import escape
from typing import NoReturn
from urllib.parse import quote, quote_plus

MASK = "••••••••"


class Secret:
    """A password or key that shows itself nowhere by accident.

    `repr`, `str` and formatting give a mask of fixed length, pickling is refused, comparing takes constant time. `reveal` is the only way
    in; it is called where the secret leaves codalink: in a protocol file, at the keyring, and where the user asked to see it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= _TELLING_LENGTH:
            _known.learn(value)

    def reveal(self) -> str:
        """The secret itself, in clear."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        from hmac import compare_digest  # which loads OpenSSL: a tenth of what --help takes

        return isinstance(other, Secret) and compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]  # a secret is nobody's key

    def __reduce__(self) -> NoReturn:
        msg = "a secret is not pickled"
        raise TypeError(msg)


def redact(text: str) -> str:
    """`text` with every secret that this process has met replaced by the mask: the last defence, for logs and foreign texts."""
    parts, told = [], 0
    for start, end in _known.found_in(text):
        parts += [text[told:start], MASK]
        told = end
    return "".join([*parts, text[told:]])


_TELLING_LENGTH = 6
"""Shorter values are left alone: masking `ab` everywhere would hide more of the text than of the secret."""


class _KnownSecrets:
    """The secrets that this process has met, in every guise, by their first letters: there may be thousands, and every line is searched.

    Safe for several threads: entries are replaced, never changed.
    """

    def __init__(self) -> None:
        self._by_beginning: dict[str, tuple[str, ...]] = {}
        self._learning = threading.Lock()

    def learn(self, value: str) -> None:
        """Know this secret from now on. At least `_TELLING_LENGTH` long."""
        if value in self._beginning_like(value):
            return
        with self._learning:
            for guise in _guises(value):
                known = {guise, *self._beginning_like(guise)}
                self._by_beginning[guise[:_TELLING_LENGTH]] = tuple(sorted(known, key=len, reverse=True))

    def found_in(self, text: str) -> list[tuple[int, int]]:
        """Where secrets begin and end in the text; those that overlap are told as one."""
        known, length = self._by_beginning, _TELLING_LENGTH
        starts = [start for start in range(len(text) - length + 1) if text[start : start + length] in known]
        found: list[tuple[int, int]] = []
        for start in starts:
            end = next((start + len(value) for value in known[text[start : start + length]] if text.startswith(value, start)), start)
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            elif end > start:
                found.append((start, end))
        return found

    def _beginning_like(self, value: str) -> tuple[str, ...]:
        return self._by_beginning.get(value[:_TELLING_LENGTH], ())


_known = _KnownSecrets()


def _guises(value: str) -> set[str]:
    """A secret as it is, and as it looks in JSON, in JSON within JSON, in Python's notation, in an address and in a page."""
    in_json = json.dumps(value)[1:-1]
    in_text = json.dumps(value, ensure_ascii=False)[1:-1]
    in_address = {quote(value), quote(value, safe=""), quote_plus(value)}
    return {value, in_json, in_text, json.dumps(in_json)[1:-1], json.dumps(in_text)[1:-1], repr(value)[1:-1], escape(value), *in_address}
