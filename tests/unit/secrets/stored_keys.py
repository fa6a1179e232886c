"""Keys of databases, and a store that counts: what the tests of this folder share."""

from datetime import date

from codalink.secrets.keys import ApiKey, StoredKey
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item
from tests.unit.fakes import MemoryStore

HERE, THERE = "https://odoo.example.be", "https://other.example.be"
DAY, LATER = date(2026, 5, 19), date(2026, 8, 17)


class CountingStore(MemoryStore):
    """Counts what was asked."""

    asked = 0

    def read(self, item: Item) -> Secret | None:
        self.asked += 1
        return super().read(item)

    def write(self, item: Item, secret: Secret) -> None:
        self.asked += 1
        super().write(item, secret)


def stored(database: str = "klant-001", origin: str = HERE, key: str = "first-key", expires: date | None = None) -> StoredKey:
    return StoredKey(origin, database, "me@example.be", ApiKey(Secret(key), DAY, expires))
