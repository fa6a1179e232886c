"""Reading the API keys of many databases from a CSV file."""

import re
from datetime import date

from codalink.errors import AddressRefused, FileRefused
from codalink.odoo.gateway import ServerUrl
from codalink.office.spreadsheet import Row, read_rows
from codalink.secrets.keys import ApiKey, StoredKey
from codalink.secrets.masked import Secret

_SHOWN = 8
"""How many mistakes an error lists before it counts the rest."""

_COLUMNS = ("url", "database", "login", "key")
_HEADER = "The first line is url,database,login,key,expires (the last one may be missing); a line for each database follows."
_KEY_FORM = re.compile(r"[0-9a-f]{40}")
"""What Odoo's own keys look like."""
_KEY_LETTERS = re.compile(r"[!-~]+")
"""What a key may be made of, so that it can be sent."""


def read_keys(text: str, source: str, today: date) -> list[StoredKey]:
    """The keys of a CSV file with the columns url, database, login, key and maybe expires; comma or semicolon, as spreadsheets write them.

    Raises FileRefused with all mistakes and their lines; no value of the file is in it, since a column may be in the wrong place.
    """
    reader = _KeyReader(today)
    try:
        for line, row in read_rows(text.removeprefix("\ufeff"), _COLUMNS):
            reader.take(line, row)
    except ValueError as error:
        raise FileRefused(f"{source}: {error}.", remedy=_HEADER) from None
    if reader.mistakes:
        more = f"; and {len(reader.mistakes) - _SHOWN} more" if len(reader.mistakes) > _SHOWN else ""
        raise FileRefused(
            f"{source}: {'; '.join(reader.mistakes[:_SHOWN])}{more}.",
            remedy="Correct these lines and import the file again: nothing was stored.",
        )
    if not reader.found:
        raise FileRefused(f"{source} holds no key.", remedy=_HEADER)
    return list(reader.found.values())


class _KeyReader:
    """Takes rows, and collects keys and mistakes."""

    def __init__(self, today: date) -> None:
        self.found: dict[tuple[str, str], StoredKey] = {}
        self.mistakes: list[str] = []
        self._today = today
        self._lines: dict[tuple[str, str], int] = {}

    def take(self, line: int, row: Row) -> None:
        """One row."""
        try:
            stored = self._stored(row)
        except ValueError as error:
            self.mistakes.append(f"line {line}: {error}")
            return
        first = self._lines.setdefault(stored.place, line)
        if self.found.setdefault(stored.place, stored) != stored:
            self.mistakes.append(f"line {line}: another key for the database of line {first}")

    def _stored(self, row: Row) -> StoredKey:
        """Raises ValueError, with a text that has no value of the row in it."""
        empty = [column for column in _COLUMNS if not row[column]]
        if empty:
            raise ValueError(f"{' and '.join(empty)} missing")
        secret, server = Secret(row["key"]), _server(row["url"])
        if not _KEY_LETTERS.fullmatch(row["key"]):
            raise ValueError("the key has a blank or a foreign character in it")
        for column in ("database", "login"):  # they are shown later, so no key may slip in there
            if "/" in row[column] or _KEY_FORM.fullmatch(row[column]) or not row[column].isprintable():
                raise ValueError(f"{column} is not a {column}; are the columns in their places?")
        expires = _day(row["expires"]) if row.get("expires") else None
        return StoredKey(str(server), row["database"], row["login"], ApiKey(secret, self._today, expires))


def _server(text: str) -> ServerUrl:
    """A host without a dot needs a scheme: else a key in the wrong column would pass for one."""
    try:
        if "://" in text or "." in text or text.startswith("localhost"):
            return ServerUrl.parse(text)
    except AddressRefused:
        pass  # its text has the value in it
    raise ValueError("url is not an https address")


def _day(text: str) -> date:
    """A date as 2026-05-19 or 19/05/2026; what stands behind a blank, such as the time of day, is left out."""
    day = text.partition(" ")[0].partition("T")[0]
    try:
        if "/" in day:
            day = "-".join(part.zfill(2) for part in reversed(day.split("/")))
        return date.fromisoformat(day)
    except ValueError:
        raise ValueError("expires is not a date such as 2026-05-19") from None
