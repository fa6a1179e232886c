"""The API keys of many databases, in one encrypted file (keyfile.py)."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from codalink.files import write_whole
from codalink.secrets.keyfile import KeyFile
from codalink.secrets.masked import Secret
from codalink.secrets.store import SecretStore

Place = tuple[str, str]
"""Origin and database."""


@dataclass(frozen=True)
class ApiKey:
    """One API key. `expires` is None where it never does, or nobody knows; `name` is what it is called in Odoo, "" where nobody knows."""

    secret: Secret
    added: date
    expires: date | None = None
    name: str = ""


@dataclass(frozen=True)
class StoredKey:
    """A database's API key. `origin` is scheme, host and port, such as `https://odoo.example.be`.

    While keys are being exchanged there are more: a `candidate` was made by Odoo and is not proven yet, `formers` are to be revoked.
    """

    origin: str
    database: str
    login: str
    current: ApiKey
    candidate: ApiKey | None = None
    formers: tuple[ApiKey, ...] = ()

    @property
    def place(self) -> Place:
        """What it is kept under."""
        return self.origin, self.database

    @property
    def key(self) -> Secret:
        """The key to log in with."""
        return self.current.secret

    @property
    def added(self) -> date:
        """The day on which codalink got it."""
        return self.current.added

    @property
    def expires(self) -> date | None:
        """The first day on which it is refused; None where it never is, or nobody knows."""
        return self.current.expires

    @property
    def is_unfinished(self) -> bool:
        """Whether an exchange of keys was interrupted."""
        return self.candidate is not None or bool(self.formers)


Keys = Mapping[Place, StoredKey]


class DatabaseKeys:
    """Typed store of databases' API keys. Safe for several threads, and for several processes.

    The file is read once, when first asked; where there is none the keyring is left alone. All methods raise KeyFileDamaged, KeyFileSealed,
    KeyFileExposed and the errors of SecretStore; `keep` and `forget` also KeyFileNotWritten, after which the former file is still there.
    """

    def __init__(self, path: Path, store: SecretStore, write: Callable[[Path, str], None] = write_whole) -> None:
        self._file = KeyFile(path, store, write)
        self._lock = threading.RLock()
        self._keys: Keys | None = None

    def find(self, origin: str, database: str) -> StoredKey | None:
        """The database's own key, or None."""
        return self._loaded().get((origin, database))

    def all(self) -> list[StoredKey]:
        """All of them, by origin and database."""
        return [key for _, key in sorted(self._loaded().items(), key=lambda one: one[0])]

    def keep(self, keys: Iterable[StoredKey]) -> None:
        """Store these, in place of former ones of the same databases: all or none."""
        new = {key.place: key for key in keys}
        if new:
            self._change(lambda keys: {**keys, **new})

    def forget(self, origin: str, database: str) -> bool:
        """Remove a database's key; False where there was none."""
        place = (origin, database)
        return place in self._change(lambda keys: {other: key for other, key in keys.items() if other != place})

    def look_again(self) -> None:
        """Read the file anew when next asked: for who has just made sure that nobody else changes it."""
        with self._lock:
            self._keys = None

    def _loaded(self) -> Keys:
        with self._lock:
            if self._keys is None:
                self._keys = self._parsed(self._file.read())
            return self._keys

    def _change(self, change: Callable[[Keys], Keys]) -> Keys:
        """Store what `change` makes of the keys as they are now; answers what they were."""
        with self._lock, self._file.alone() as content:
            before = self._parsed(content)
            after = change(before)
            if after != before:
                self._file.replace(_written(after))
            self._keys = after
            return before

    def _parsed(self, content: bytes | None) -> Keys:
        try:
            return {} if content is None else _parsed(content)
        except (ValueError, LookupError, TypeError):
            raise self._file.damaged("is damaged") from None  # what was decrypted stays out of tracebacks


# --- what is in the file -------------------------------------------------------------------------------------------------------------


def _written(keys: Keys) -> bytes:
    return json.dumps([_entry(keys[place]) for place in sorted(keys)]).encode()


def _entry(stored: StoredKey) -> dict[str, object]:
    return {
        "origin": stored.origin,
        "database": stored.database,
        "login": stored.login,
        "current": _key_entry(stored.current),
        "candidate": _key_entry(stored.candidate) if stored.candidate else None,
        "formers": [_key_entry(one) for one in stored.formers],
    }


def _key_entry(key: ApiKey) -> dict[str, object]:
    expires = key.expires.isoformat() if key.expires else None
    return {"key": key.secret.reveal(), "added": key.added.isoformat(), "expires": expires, "name": key.name}


def _parsed(content: bytes) -> Keys:
    """Raises ValueError, LookupError, TypeError where it is something else."""
    found = (
        StoredKey(
            origin=_text(entry["origin"]),
            database=_text(entry["database"]),
            login=_text(entry["login"]),
            current=_parsed_key(entry["current"]),
            candidate=_parsed_key(entry["candidate"]) if entry["candidate"] is not None else None,
            formers=tuple(_parsed_key(one) for one in entry["formers"]),
        )
        for entry in json.loads(content)
    )
    return {stored.place: stored for stored in found}


def _parsed_key(entry: Mapping[str, object]) -> ApiKey:
    expires = entry["expires"]
    return ApiKey(
        secret=Secret(_text(entry["key"])),
        added=date.fromisoformat(_text(entry["added"])),
        expires=None if expires is None else date.fromisoformat(_text(expires)),
        name=_text(entry["name"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = "not a text"
        raise TypeError(msg)
    return value
