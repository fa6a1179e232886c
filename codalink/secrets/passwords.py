"""The office passwords in the keyring: one item per office, keyed by its VAT number.

Invariant: from the moment `keep` returns, the password can be read from the keyring; before it returns, a former password is still there.
A different former password is set aside, not overwritten, since only Odoo knows which of the two is valid.
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

    def keep(self, office_vat: str, password: Secret) -> None:
        """Store the password and read it back; a different former one is set aside under `<vat> (former)`."""
        former = self.find(office_vat)
        if former is not None and former != password:
            self._store.write(_former(office_vat), former)
        self._store.write(Item(_SERVICE, office_vat), password)

    def forget(self, office_vat: str) -> bool:
        """Remove the password and a former one; False where there was none."""
        self._store.delete(_former(office_vat))
        return self._store.delete(Item(_SERVICE, office_vat))


def _former(office_vat: str) -> Item:
    return Item(_SERVICE, f"{office_vat} (former)")
