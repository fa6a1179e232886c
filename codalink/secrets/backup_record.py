"""Whether the office password was backed up: an item in the keyring beside it, which speaks of one very password.

It holds the day, and a fingerprint of each password that the backup has. So it is void by itself as soon as the keyring has another
password, however that came there and wherever codalink was killed; nobody has to remember to remove it.
"""

import hashlib
from datetime import date

from codalink.secrets.backup import SealedPasswords
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore

_SERVICE = "codalink office password"


class BackupRecords:
    """Typed store of these items. `office_vat` is always the ten digits. Errors: those of SecretStore."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store

    def keep(self, office_vat: str, made: date, passwords: SealedPasswords) -> None:
        """Write down that a backup of these was made, in place of a former record."""
        prints = [_fingerprint(office_vat, password) for password in passwords.all]
        self._store.write(_item(office_vat), Secret(" ".join([made.isoformat(), *prints])))

    def day_of(self, office_vat: str, password: Secret) -> date | None:
        """The day on which this password was last backed up; None where nobody knows of it."""
        record = self._store.read(_item(office_vat))
        day, *prints = record.reveal().split(" ") if record else [""]
        try:
            return date.fromisoformat(day) if _fingerprint(office_vat, password) in prints else None
        except ValueError:  # somebody has edited it
            return None

    def forget(self, office_vat: str) -> None:
        """Remove the record, if there is one."""
        self._store.delete(_item(office_vat))


def _item(office_vat: str) -> Item:
    return Item(_SERVICE, f"{office_vat} (backed up)")


def _fingerprint(office_vat: str, password: Secret) -> str:
    """A name for a password. It is kept where the password is kept, so it need not be hard to guess from."""
    return hashlib.sha256(f"{_SERVICE}\n{office_vat}\n{password.reveal()}".encode(errors="surrogatepass")).hexdigest()[:16]
