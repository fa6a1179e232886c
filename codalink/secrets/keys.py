"""The API keys of many databases, in one file encrypted with a random key. That key lies in the OS keyring, which holds few items.

The file's first line names the random key by its fingerprint, the second is a Fernet token of JSON. Invariants, wherever the process dies:

- The file at its path is a whole one, the former or the new; it is replaced only by what was made from it under the lock.
- While it is replaced the former lies beside it as `<name>.former`, until the new one has been read back and decrypted.
- A file that can't be read, for whatever reason, is never written over.
- A random key is in the keyring, read back, before a file needs it, and is never replaced there. One that was stored for a file which was
  never written stays behind, and is good for nothing.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from codalink.errors import (
    KeyFileDamaged,
    KeyFileExposed,
    KeyFileNotWritten,
    KeyFileSealed,
    KeyringUnreliable,
    LoginSecretMissing,
    SecretsError,
)
from codalink.files import write_whole
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_SERVICE = "codalink key file"
_FORM = re.compile(r"codalink keys 1 ([0-9a-f]{16})\n([A-Za-z0-9_=-]+)\n?")
_LOCK_LIMIT_S = 60.0
"""Others hold the lock for the time of a write."""
_FOR_OTHERS = 0o077

ODOO_ONLINE = "https://*.odoo.com"
"""Stands for every host of Odoo Online: a login's secret may be kept for all of them at once."""

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


class DatabaseKeys:
    """Typed store of databases' API keys. Safe for several threads, and for several processes.

    The file is read once, when first asked; where there is none the keyring is left alone. All methods raise KeyFileDamaged, KeyFileSealed,
    KeyFileExposed and the errors of SecretStore; `keep` and `forget` also KeyFileNotWritten, after which the former file is still there.
    """

    def __init__(self, path: Path, store: SecretStore, write: Callable[[Path, str], None] = write_whole) -> None:
        self._path = path
        self._former = path.with_name(f"{path.name}.former")
        self._store = store
        self._write_file = write
        self._lock = threading.RLock()
        self._keys: dict[Place, StoredKey] | None = None
        self._opener: tuple[str, Fernet] | None = None

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
            with self._exclusively() as text:
                self._replace(text, self._decrypted(text) | new)

    def forget(self, origin: str, database: str) -> bool:
        """Remove a database's key; False where there was none."""
        with self._exclusively() as text:
            keys = self._decrypted(text)
            was_there = keys.pop((origin, database), None) is not None
            if was_there:
                self._replace(text, keys)
            return was_there

    def look_again(self) -> None:
        """Read the file anew when next asked: for who has just made sure that nobody else changes it."""
        with self._lock:
            self._keys = None

    # reading

    def _loaded(self) -> dict[Place, StoredKey]:
        with self._lock:
            if self._keys is None:
                self._keys = self._decrypted(self._text())
            return self._keys

    def _text(self) -> str | None:
        """The file as it is; None where there is none."""
        try:
            if os.name == "posix" and self._path.stat().st_mode & _FOR_OTHERS:
                raise KeyFileExposed(
                    f"Other users of this computer can read or change {self._path}.",
                    remedy=f"Take their rights away: chmod 600 '{self._path}'. Then run this command again.",
                )
            return self._path.read_text(encoding="ascii")
        except (FileNotFoundError, NotADirectoryError):
            if self._former.exists():
                raise self._damaged("is gone, but the one before it is there") from None
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged(f"can't be read: {getattr(error, 'strerror', None) or 'not a text'}") from error

    def _decrypted(self, text: str | None) -> dict[Place, StoredKey]:
        from cryptography.fernet import InvalidToken

        if text is None:
            return {}
        parts = _FORM.fullmatch(text)
        if parts is None:
            raise self._damaged("is damaged, or from a newer codalink")
        try:
            return _parsed(self._cipher(parts[1]).decrypt(parts[2].encode()))
        except (InvalidToken, ValueError, LookupError, TypeError):
            raise self._damaged("is damaged") from None  # what was decrypted stays out of tracebacks

    def _damaged(self, what: str) -> KeyFileDamaged:
        path, former = self._path, self._former
        if former.exists():
            return KeyFileDamaged(f"The file {path} with the API keys {what}.", remedy=f"Rename {former} to {path.name}, then try again.")
        return KeyFileDamaged(f"The file {path} with the API keys {what}.")

    def _cipher(self, fingerprint: str) -> "Fernet":
        """What opens the file, with the random key from the keyring, read once."""
        from cryptography.fernet import Fernet

        if self._opener is None or self._opener[0] != fingerprint:
            key = self._store.read(Item(_SERVICE, fingerprint))
            if key is None or _fingerprint(key) != fingerprint:
                what = "has no key for it" if key is None else "holds another key in its place"
                item = f'The item is "{_SERVICE}", account {fingerprint}.'
                raise KeyFileSealed(f"The file {self._path} with the API keys can't be opened: the keyring {what}. {item}")
            self._opener = fingerprint, Fernet(key.reveal())
        return self._opener[1]

    # writing

    @contextmanager
    def _exclusively(self) -> Iterator[str | None]:
        """Keep other threads and processes out, and give the file as it is now."""
        from filelock import FileLock, Timeout

        with self._lock:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = FileLock(self._path.with_name(f"{self._path.name}.lock"), timeout=_LOCK_LIMIT_S)
                lock.acquire()
            except Timeout:
                raise KeyFileNotWritten(f"Another codalink run has held {self._path} for {_LOCK_LIMIT_S:.0f} seconds.") from None
            except OSError as error:
                raise self._not_written(error) from error
            try:
                yield self._text()
            finally:
                lock.release()

    def _replace(self, before: str | None, keys: dict[Place, StoredKey]) -> None:
        """Put a file with these keys in the place of the one whose text is `before`."""
        text = self._encrypted(before, keys)
        try:
            if before is not None:
                self._write_file(self._former, before)
            self._write_file(self._path, text)
        except OSError as error:
            raise self._not_written(error) from error
        if not self._holds(keys):
            self._restore(is_former_there=before is not None)
            raise KeyFileNotWritten(f"{self._path} did not give back what was written to it.")
        self._keys = keys
        with suppress(OSError):  # the next write takes it away
            self._former.unlink(missing_ok=True)

    def _encrypted(self, before: str | None, keys: Mapping[Place, StoredKey]) -> str:
        parts = _FORM.fullmatch(before or "")
        fingerprint = parts[1] if parts else self._new_cipher()
        return f"codalink keys 1 {fingerprint}\n{self._cipher(fingerprint).encrypt(_written(keys)).decode()}\n"

    def _new_cipher(self) -> str:
        """Put a new random key into the keyring, for a file that is not there yet; answers its fingerprint."""
        from cryptography.fernet import Fernet

        key = Secret(Fernet.generate_key().decode())
        item = Item(_SERVICE, _fingerprint(key))
        self._store.write(item, key)
        if self._store.read(item) != key:
            raise KeyringUnreliable
        return item.account

    def _holds(self, keys: Mapping[Place, StoredKey]) -> bool:
        """Whether the file on the disk has these keys."""
        try:
            return self._decrypted(self._text()) == keys
        except SecretsError:
            return False

    def _restore(self, *, is_former_there: bool) -> None:
        """Undo a write that went wrong. Where that fails too, the former file stays beside the new one."""
        try:
            if is_former_there:
                self._former.replace(self._path)
            else:
                self._path.unlink()
        except OSError:
            return

    def _not_written(self, error: OSError) -> KeyFileNotWritten:
        return KeyFileNotWritten(f"The API keys can't be written to {self._path}: {error.strerror or error}.")


class Credentials:
    """Which login and which secret open a database: its own API key, or the one that was entered for its server."""

    def __init__(self, keys: DatabaseKeys, logins: LoginSecrets) -> None:
        self._keys = keys
        self._logins = logins
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Secret | None] = {}

    def find(self, origin: str, database: str, login: str) -> tuple[str, Secret]:
        """The login and its secret: the database's own key, else that of `login` for this server, else for all of Odoo Online.

        Raises LoginSecretMissing and the errors of DatabaseKeys.
        """
        own = self._keys.find(origin, database)
        if own is not None:
            return own.login, own.key
        secret = self.of_login(origin, login)
        if secret is None:
            raise LoginSecretMissing(
                f"No API key is stored for the database {database}, and no password or API key for {login} on {origin}.",
                remedy=f"Run `codalink keys set --database {database}`, or `codalink setup` to enter one for the whole server.",
            )
        return login, secret

    def of_login(self, origin: str, login: str) -> Secret | None:
        """The secret that was entered for the login on this server, or on all of Odoo Online; None where there is none."""
        return self._asked(origin, login) or (self._asked(ODOO_ONLINE, login) if is_odoo_online(origin) else None)

    def expiry(self, origin: str, database: str) -> date | None:
        """When the database's own key expires; None where it has none, or nobody knows."""
        own = self._keys.find(origin, database)
        return own.expires if own is not None else None

    def _asked(self, origin: str, login: str) -> Secret | None:
        """What the keyring has, asked once."""
        with self._lock:
            if (origin, login) not in self._known:
                try:
                    self._known[origin, login] = self._logins.get(origin, login)
                except LoginSecretMissing:
                    self._known[origin, login] = None
            return self._known[origin, login]


class OneSecret(Credentials):
    """Stands in for all stored secrets where one is to be tried: it answers every question with the same one."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def find(self, origin: str, database: str, login: str) -> tuple[str, Secret]:
        """See Credentials."""
        del origin, database
        return login, self._secret

    def of_login(self, origin: str, login: str) -> Secret | None:
        """See Credentials."""
        del origin, login
        return self._secret

    def expiry(self, origin: str, database: str) -> date | None:
        """See Credentials: nobody knows."""
        del origin, database
        return None


def is_odoo_online(origin: str) -> bool:
    """Whether a server is one of odoo.com's: https, on its usual port."""
    return re.fullmatch(r"https://([a-z0-9-]+\.)+odoo\.com", origin) is not None


# --- what is in the file -------------------------------------------------------------------------------------------------------------


def _fingerprint(key: Secret) -> str:
    """A name for a random key that tells nothing of it."""
    return hashlib.sha256(f"{_SERVICE}\n{key.reveal()}".encode()).hexdigest()[:16]


def _written(keys: Mapping[Place, StoredKey]) -> bytes:
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


def _parsed(content: bytes) -> dict[Place, StoredKey]:
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
