"""Keys from outside: what they replace, what stays to be revoked, and what changes nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from codalink.office.keys.new_keys import compare, renewed
from codalink.secrets.keys import ApiKey, DatabaseKeys, StoredKey
from codalink.secrets.masked import Secret
from tests.unit.fakes import MemoryStore

DAY, LATER = date(2026, 5, 19), date(2026, 8, 17)
OLD, NEW, OLDER = (ApiKey(Secret(f"{word}-key"), DAY) for word in ("old", "new", "older"))


def stored(key: ApiKey, database: str = "klant-001", login: str = "me") -> StoredKey:
    return StoredKey("https://odoo.example.be", database, login, key)


def test_first_key_is_taken_as_it_is() -> None:
    assert renewed(None, stored(NEW)) == stored(NEW)


def test_new_key_replaces_the_former_one() -> None:
    assert renewed(stored(OLD), stored(NEW)) == stored(NEW)


def test_same_key_keeps_its_day_and_its_name_and_learns_when_it_expires() -> None:
    known = stored(replace(OLD, added=date(2026, 1, 1), name="codalink 1"))

    assert renewed(known, stored(replace(OLD, expires=LATER))) == stored(replace(known.current, expires=LATER))


def test_what_was_left_of_an_exchange_stays_to_be_revoked() -> None:
    unfinished = replace(stored(OLD), candidate=NEW, formers=(OLDER,))

    assert renewed(unfinished, stored(ApiKey(Secret("entered-key"), DAY))).formers == (NEW, OLDER)


def test_entered_key_is_not_to_be_revoked_although_an_exchange_left_it() -> None:
    assert renewed(replace(stored(OLD), candidate=NEW), stored(NEW)).formers == ()


def test_keys_of_another_login_are_not_its_to_revoke() -> None:
    assert renewed(replace(stored(OLD), formers=(OLDER,)), stored(NEW, login="you")).formers == ()


def test_import_is_sorted_by_what_it_changes(tmp_path: Path) -> None:
    keys = DatabaseKeys(tmp_path / "keys", MemoryStore())
    keys.keep([stored(OLD, "same"), stored(OLD, "changed")])
    found = compare([stored(OLD, "same"), stored(NEW, "changed"), stored(NEW, "new")], keys)

    assert [[key.database for key in part] for part in (found.new, found.changed, found.same)] == [["new"], ["changed"], ["same"]]
