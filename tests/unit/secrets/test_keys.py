"""The databases' keys: kept and found, each by its place, by several threads and processes."""

import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from codalink.errors import KeyFileDamaged, KeyFileNotWritten
from codalink.secrets.keyfile import KeyFile
from codalink.secrets.keys import ApiKey, DatabaseKeys
from codalink.secrets.masked import Secret
from tests.unit.secrets.stored_keys import DAY, HERE, LATER, THERE, CountingStore, stored


def test_kept_key_is_found_by_the_next_run(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    full = replace(
        stored(expires=LATER),
        candidate=ApiKey(Secret("second-key"), LATER, None, "codalink 2"),
        formers=(ApiKey(Secret("older-key"), DAY, LATER, "codalink 0"),),
    )
    keys.keep([full])

    assert DatabaseKeys(path, store).find(HERE, "klant-001") == full


def test_there_is_no_key_where_none_was_kept(keys: DatabaseKeys) -> None:
    assert keys.find(HERE, "klant-001") is None
    assert keys.all() == []


def test_without_a_file_the_keyring_is_left_alone(keys: DatabaseKeys, store: CountingStore) -> None:
    keys.find(HERE, "klant-001")
    keys.all()
    keys.forget(HERE, "klant-001")
    keys.keep([])

    assert store.asked == 0


def test_same_database_on_another_server_is_another(keys: DatabaseKeys) -> None:
    keys.keep([stored(), stored(origin=THERE, key="their-key")])

    assert keys.find(THERE, "klant-001") == stored(origin=THERE, key="their-key")
    assert keys.find(HERE, "klant-001") == stored()


def test_all_are_sorted(keys: DatabaseKeys) -> None:
    keys.keep([stored("b", THERE), stored("b"), stored("a")])

    assert [key.place for key in keys.all()] == [(HERE, "a"), (HERE, "b"), (THERE, "b")]


def test_keeping_replaces_the_same_database_and_leaves_the_others(keys: DatabaseKeys) -> None:
    keys.keep([stored("a"), stored("b")])
    keys.keep([stored("b", key="new-key")])

    assert keys.all() == [stored("a"), stored("b", key="new-key")]


def test_forgotten_key_is_gone(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    keys.keep([stored("a"), stored("b")])

    assert keys.forget(HERE, "a")
    assert not keys.forget(HERE, "a")
    assert DatabaseKeys(path, store).all() == [stored("b")]


def test_nothing_of_a_key_is_readable_in_the_file(keys: DatabaseKeys, path: Path) -> None:
    keys.keep([stored()])

    assert not re.search("first-key|klant|example|login", path.read_text())


def test_random_key_is_one_item_for_all_databases(keys: DatabaseKeys, store: CountingStore) -> None:
    keys.keep([stored(f"klant-{number}") for number in range(50)])
    keys.keep([stored("another")])

    assert [item.service for item in store.items] == ["codalink key file"]


def test_keyring_is_asked_once_a_run(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    keys.keep([stored("a"), stored("b")])
    store.asked = 0
    again = DatabaseKeys(path, store)
    for _ in range(3):
        again.find(HERE, "a")
        again.keep([stored("c")])

    assert store.asked == 1


def test_two_files_have_two_random_keys(tmp_path: Path, store: CountingStore) -> None:
    DatabaseKeys(tmp_path / "one", store).keep([stored("a")])
    DatabaseKeys(tmp_path / "two", store).keep([stored("b")])

    assert len(store.items) == 2
    assert DatabaseKeys(tmp_path / "one", store).all() == [stored("a")]


def test_what_another_run_kept_meanwhile_is_not_lost(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    other = DatabaseKeys(path, store)
    keys.keep([stored("a")])
    assert other.all() == [stored("a")]
    keys.keep([stored("b")])
    other.keep([stored("c")])

    assert DatabaseKeys(path, store).all() == [stored("a"), stored("b"), stored("c")]


def test_another_look_shows_what_another_run_kept(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    assert keys.all() == []
    DatabaseKeys(path, store).keep([stored()])
    keys.look_again()

    assert keys.all() == [stored()]


def test_threads_lose_nothing(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    other = DatabaseKeys(path, store)
    keys.keep([stored("first")])
    threads = [
        threading.Thread(target=one.keep, args=([stored(f"{name}-{number}")],))
        for name, one in (("a", keys), ("b", other))
        for number in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(DatabaseKeys(path, store).all()) == 21


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[1]", b'[{"origin": 1}]', b'[{"origin": "a", "database": "b", "login": "c", "current": {}}]']
)
def test_well_encrypted_nonsense_is_damage(content: bytes, keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    keys.keep([stored()])
    file = KeyFile(path, store)
    with file.alone():
        file.replace(content)

    with pytest.raises(KeyFileDamaged):
        DatabaseKeys(path, store).all()


def test_keeping_what_is_there_already_writes_nothing(keys: DatabaseKeys, path: Path) -> None:
    keys.keep([stored()])
    before = path.read_bytes()
    keys.keep([stored()])

    assert path.read_bytes() == before  # encrypting again would change it


def test_keys_that_could_not_be_written_are_not_believed(keys: DatabaseKeys, path: Path, store: CountingStore) -> None:
    keys.keep([stored()])

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    failing = DatabaseKeys(path, store, full)
    with pytest.raises(KeyFileNotWritten, match="No space left"):
        failing.keep([stored(key="new-key")])
    assert failing.all() == [stored()]
