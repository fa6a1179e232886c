"""The office passwords in the keyring, kept by the office's VAT number.

An office has one password, and up to two more beside it: a *candidate* is to take its place and is not proven yet (`stage`, `promote`); a
*former* one was there when another was entered, as only Odoo knows which of the two is valid (`keep`).

Invariants, wherever the process dies: from the moment `keep` or `stage` returns, what was handed over can be read from the keyring; before
it returns, whatever was there before still can. A candidate stays until it has been promoted.
"""

from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore

_SERVICE = "codalink office password"


class OfficePasswords:
    """Typed store of office passwords. `office_vat` is always the ten digits. Errors: those of SecretStore."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store

    def find(self, office_vat: str) -> Secret | None:
        """The office's password, or None where this computer has none."""
        return self._store.read(Item(_SERVICE, office_vat))

    def candidate(self, office_vat: str) -> Secret | None:
        """What is to take the password's place, and may be the valid one already; None where no exchange was begun."""
        candidate = self._store.read(_candidate(office_vat))
        return None if candidate == self.find(office_vat) else candidate

    def known(self, office_vat: str) -> list[Secret]:
        """All that this computer has for the office, each once, the likeliest to be valid first."""
        found: list[Secret] = []
        for item in (Item(_SERVICE, office_vat), _candidate(office_vat), _former(office_vat)):
            secret = self._store.read(item)
            if secret is not None and secret not in found:
                found.append(secret)
        return found

    def keep(self, office_vat: str, password: Secret) -> None:
        """Store the password and read it back; a different former one is set aside under `<vat> (former)`."""
        former = self.find(office_vat)
        if former is not None and former != password:
            self._store.write(_former(office_vat), former)
        self._store.write(Item(_SERVICE, office_vat), password)

    def stage(self, office_vat: str, candidate: Secret) -> None:
        """Store what is to take the password's place beside it, and read it back."""
        self._store.write(_candidate(office_vat), candidate)

    def promote(self, office_vat: str, proven: Secret) -> None:
        """What was proven to be valid takes the password's place; the other ones are worth nothing any more, and dropped."""
        self._store.write(Item(_SERVICE, office_vat), proven)
        self._store.delete(_candidate(office_vat))
        self._store.delete(_former(office_vat))

    def unstage(self, office_vat: str) -> None:
        """Drop a candidate that was surely never accepted."""
        self._store.delete(_candidate(office_vat))

    def forget(self, office_vat: str) -> bool:
        """Remove the password and those beside it; False where there was none."""
        self._store.delete(_former(office_vat))
        self._store.delete(_candidate(office_vat))
        return self._store.delete(Item(_SERVICE, office_vat))


def _former(office_vat: str) -> Item:
    return Item(_SERVICE, f"{office_vat} (former)")


def _candidate(office_vat: str) -> Item:
    return Item(_SERVICE, f"{office_vat} (new)")
