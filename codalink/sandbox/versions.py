"""Odoo's version numbers: ``18.0``, ``19.0+e`` (Enterprise), ``saas~18.2+e`` (Odoo Online between two majors)."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

_PATTERN = re.compile(r"(saas~)?(\d+)\.(\d+)(\+e)?")


class Version(NamedTuple):
    """One version, taken apart."""

    major: int
    minor: int
    is_online: bool
    edition: str
    """``e`` for Enterprise, else ``""``."""

    @property
    def series(self) -> str:
        """The version without its edition."""
        return f"{'saas~' * self.is_online}{self.major}.{self.minor}"

    def info(self) -> list[Any]:
        """Give `version_info` as Odoo's servers do; it begins with a text between two majors."""
        first = f"saas~{self.major}" if self.is_online else self.major
        return [first, self.minor, 0, "final", 0, self.edition]


@lru_cache(maxsize=64)
def parse_version(text: str) -> Version:
    """Take a version apart; raises ValueError where it is none."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no version of Odoo")
    return Version(int(found[2]), int(found[3]), found[1] is not None, "e" if found[4] else "")
