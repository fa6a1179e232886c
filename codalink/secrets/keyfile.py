"""A file that is encrypted with a random key, which lies in the OS keyring: for more secrets than a keyring should hold.

The file's first line names the random key by its fingerprint, the second is a Fernet token. Invariants, wherever the process dies:

- The file at its path is a whole one, the former or the new; it is replaced only by what was made from it under the lock.
- While it is replaced the former lies beside it as `<name>.former`, until the new one has been read back and decrypted.
- A file that can't be read, for whatever reason, is never written over.
- A random key is in the keyring, read back, before a file needs it, and is never replaced there. One that was stored for a file which was
  never written stays behind, and is good for nothing.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from codalink.errors import KeyFileDamaged, KeyFileExposed, KeyFileNotWritten, KeyFileSealed, KeyringUnreliable, SecretsError
from codalink.files import write_whole
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_SERVICE = "codalink key file"
_FORM = re.compile(r"codalink keys 1 ([0-9a-f]{16})\n([A-Za-z0-9_=-]+)\n?")
_LOCK_LIMIT_S = 60.0
"""Others hold the lock for the time of a write."""
_FOR_OTHERS = 0o077


class KeyFile:
    """The encrypted file. Safe for several processes, but one thread at a time; where there is no file the keyring is left alone.

    All methods raise KeyFileDamaged, KeyFileSealed, KeyFileExposed and the errors of SecretStore.
    """

    def __init__(self, path: Path, store: SecretStore, write: Callable[[Path, str], None] = write_whole) -> None:
        self._path = path
        self._former = path.with_name(f"{path.name}.former")
        self._store = store
        self._write_file = write
        self._opener: tuple[str, Fernet] | None = None

    def read(self) -> bytes | None:
        """What is in it; None where there is no file."""
        return self._decrypted(self._text())

    @contextmanager
    def alone(self) -> Iterator[bytes | None]:
        """Keep other threads and processes out, and give what is in the file now. Raises KeyFileNotWritten where they don't let go."""
        from filelock import FileLock, Timeout

        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self._path.with_name(f"{self._path.name}.lock"), timeout=_LOCK_LIMIT_S)
            lock.acquire()
        except Timeout:
            raise KeyFileNotWritten(f"Another codalink run has held {self._path} for {_LOCK_LIMIT_S:.0f} seconds.") from None
        except OSError as error:
            raise self._not_written(error) from error
        try:
            yield self.read()
        finally:
            lock.release()

    def replace(self, content: bytes) -> None:
        """Put a file with this content in the place of the one that is there; only `alone`.

        Raises KeyFileNotWritten, after which the former one is still there.
        """
        before = self._text()
        text = self._encrypted(before, content)
        try:
            if before is not None:
                self._write_file(self._former, before)
            self._write_file(self._path, text)
        except OSError as error:
            raise self._not_written(error) from error
        if not self._holds(content):
            self._restore(is_former_there=before is not None)
            raise KeyFileNotWritten(f"{self._path} did not give back what was written to it.")
        with suppress(OSError):  # the next write takes it away
            self._former.unlink(missing_ok=True)

    def damaged(self, what: str) -> KeyFileDamaged:
        """The error for a file that `what`, with the way back to the former one where that is still there."""
        cause = f"The file {self._path} with the API keys {what}."
        if self._former.exists():
            return KeyFileDamaged(cause, remedy=f"Rename {self._former} to {self._path.name}, then try again.")
        return KeyFileDamaged(cause)

    # reading

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
                raise self.damaged("is gone, but the one before it is there") from None
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self.damaged(f"can't be read: {getattr(error, 'strerror', None) or 'not a text'}") from error

    def _decrypted(self, text: str | None) -> bytes | None:
        from cryptography.fernet import InvalidToken

        if text is None:
            return None
        parts = _FORM.fullmatch(text)
        if parts is None:
            raise self.damaged("is damaged, or from a newer codalink")
        try:
            return self._cipher(parts[1]).decrypt(parts[2].encode())
        except InvalidToken:
            raise self.damaged("is damaged") from None

    def _cipher(self, fingerprint: str) -> "Fernet":
        """What opens the file, with the random key from the keyring, read once."""
        from cryptography.fernet import Fernet

        if self._opener is None or self._opener[0] != fingerprint:
            self._opener = fingerprint, Fernet(self._random_key(fingerprint).reveal())
        return self._opener[1]

    def _random_key(self, fingerprint: str) -> Secret:
        key = self._store.read(Item(_SERVICE, fingerprint))
        if key is None or _fingerprint(key) != fingerprint:
            what = "has no key for it" if key is None else "holds another key in its place"
            item = f'The item is "{_SERVICE}", account {fingerprint}.'
            raise KeyFileSealed(f"The file {self._path} with the API keys can't be opened: the keyring {what}. {item}")
        return key

    # writing

    def _encrypted(self, before: str | None, content: bytes) -> str:
        parts = _FORM.fullmatch(before or "")
        fingerprint = parts[1] if parts else self._new_random_key()
        return f"codalink keys 1 {fingerprint}\n{self._cipher(fingerprint).encrypt(content).decode()}\n"

    def _new_random_key(self) -> str:
        """Put a new random key into the keyring, for a file that is not there yet; answers its fingerprint."""
        from cryptography.fernet import Fernet

        key = Secret(Fernet.generate_key().decode())
        item = Item(_SERVICE, _fingerprint(key))
        self._store.write(item, key)
        if self._store.read(item) != key:
            raise KeyringUnreliable
        return item.account

    def _holds(self, content: bytes) -> bool:
        """Whether the file on the disk has this content."""
        try:
            return self.read() == content
        except SecretsError:
            return False

    def _restore(self, *, is_former_there: bool) -> None:
        """Undo a write that went wrong. Where that fails too, the former file stays beside the new one."""
        with suppress(OSError):
            if is_former_there:
                self._former.replace(self._path)
            else:
                self._path.unlink()

    def _not_written(self, error: OSError) -> KeyFileNotWritten:
        return KeyFileNotWritten(f"The API keys can't be written to {self._path}: {error.strerror or error}.")


def _fingerprint(key: Secret) -> str:
    """A name for a random key that tells nothing of it."""
    return hashlib.sha256(f"{_SERVICE}\n{key.reveal()}".encode()).hexdigest()[:16]
