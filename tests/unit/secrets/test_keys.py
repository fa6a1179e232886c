"""The file of API keys: whole or not at all, for its owner alone, never written over where it can't be read."""

import re
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import keyring
import pytest
from cryptography.fernet import Fernet
from filelock import FileLock
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from codalink.errors import (
    CodalinkError,
    KeyFileDamaged,
    KeyFileExposed,
    KeyFileNotWritten,
    KeyFileSealed,
    KeyringMissing,
    KeyringUnreliable,
    LoginSecretMissing,
)
from codalink.files import write_whole
from codalink.secrets import keys as module
from codalink.secrets.keys import ODOO_ONLINE, ApiKey, Credentials, DatabaseKeys, OneSecret, StoredKey, is_odoo_online
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SecretStore, SystemKeyring

HERE, THERE = "https://odoo.example.be", "https://other.example.be"
DAY, LATER = date(2026, 5, 19), date(2026, 8, 17)
SERVICE = "codalink key file"

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of files")


class MemoryStore:
    """A SecretStore in memory that counts what was asked. It runs the contract below, like the real one."""

    def __init__(self) -> None:
        self.items: dict[Item, Secret] = {}
        self.asked = 0

    def read(self, item: Item) -> Secret | None:
        self.asked += 1
        return self.items.get(item)

    def write(self, item: Item, secret: Secret) -> None:
        self.asked += 1
        self.items[item] = secret

    def delete(self, item: Item) -> bool:
        return self.items.pop(item, None) is not None


class MemoryBackend(KeyringBackend):
    """A back end of the `keyring` library in memory."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.items.pop((service, username), None) is None:
            raise PasswordDeleteError


def stored(database: str = "klant-001", origin: str = HERE, key: str = "first-key", expires: date | None = None) -> StoredKey:
    return StoredKey(origin, database, "me@example.be", ApiKey(Secret(key), DAY, expires))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys.codalink"


@pytest.fixture
def keys(path: Path, store: MemoryStore) -> DatabaseKeys:
    return DatabaseKeys(path, store)


# --- the contract of a SecretStore ---------------------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "system"])
def any_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    if request.param == "memory":
        return MemoryStore()
    backend = MemoryBackend()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return SystemKeyring(time_limit_s=5)


def test_contract_what_was_written_is_read(any_store: SecretStore) -> None:
    any_store.write(Item("service", "account"), Secret("a-secret"))
    any_store.write(Item("service", "other"), Secret("another"))

    assert any_store.read(Item("service", "account")) == Secret("a-secret")


def test_contract_what_is_not_there_is_none(any_store: SecretStore) -> None:
    assert any_store.read(Item("service", "account")) is None
    assert not any_store.delete(Item("service", "account"))


def test_contract_what_was_deleted_is_gone(any_store: SecretStore) -> None:
    any_store.write(Item("service", "account"), Secret("a-secret"))

    assert any_store.delete(Item("service", "account"))
    assert any_store.read(Item("service", "account")) is None


def test_keys_are_kept_with_any_store(path: Path, any_store: SecretStore) -> None:
    DatabaseKeys(path, any_store).keep([stored()])

    assert DatabaseKeys(path, any_store).find(HERE, "klant-001") == stored()


# --- keeping and finding -------------------------------------------------------------------------------------------------------------


def test_kept_key_is_found_by_the_next_run(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
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


def test_without_a_file_the_keyring_is_left_alone(keys: DatabaseKeys, store: MemoryStore) -> None:
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


def test_forgotten_key_is_gone(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored("a"), stored("b")])

    assert keys.forget(HERE, "a")
    assert not keys.forget(HERE, "a")
    assert DatabaseKeys(path, store).all() == [stored("b")]


def test_nothing_of_a_key_is_readable_in_the_file(keys: DatabaseKeys, path: Path) -> None:
    keys.keep([stored()])

    assert not re.search("first-key|klant|example|login", path.read_text())


def test_random_key_is_one_item_for_all_databases(keys: DatabaseKeys, store: MemoryStore) -> None:
    keys.keep([stored(f"klant-{number}") for number in range(50)])
    keys.keep([stored("another")])

    assert [item.service for item in store.items] == [SERVICE]


def test_keyring_is_asked_once_a_run(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored("a"), stored("b")])
    store.asked = 0
    again = DatabaseKeys(path, store)
    for _ in range(3):
        again.find(HERE, "a")
        again.keep([stored("c")])

    assert store.asked == 1


def test_two_files_have_two_random_keys(tmp_path: Path, store: MemoryStore) -> None:
    DatabaseKeys(tmp_path / "one", store).keep([stored("a")])
    DatabaseKeys(tmp_path / "two", store).keep([stored("b")])

    assert len(store.items) == 2
    assert DatabaseKeys(tmp_path / "one", store).all() == [stored("a")]


def test_what_another_run_kept_meanwhile_is_not_lost(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    other = DatabaseKeys(path, store)
    keys.keep([stored("a")])
    assert other.all() == [stored("a")]
    keys.keep([stored("b")])
    other.keep([stored("c")])

    assert DatabaseKeys(path, store).all() == [stored("a"), stored("b"), stored("c")]


def test_another_look_shows_what_another_run_kept(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    assert keys.all() == []
    DatabaseKeys(path, store).keep([stored()])
    keys.look_again()

    assert keys.all() == [stored()]


def test_threads_lose_nothing(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
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


def test_lock_that_is_never_released_is_an_error(keys: DatabaseKeys, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_LIMIT_S", 0.05)
    keys.keep([stored()])

    with FileLock(path.with_name("keys.codalink.lock")), pytest.raises(KeyFileNotWritten, match="Another codalink run"):
        keys.keep([stored(key="new-key")])


# --- files that can't be read --------------------------------------------------------------------------------------------------------


@on_posix
def test_file_is_for_its_owner_alone(keys: DatabaseKeys, path: Path) -> None:
    keys.keep([stored()])
    keys.keep([stored("b")])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@on_posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_file_that_others_can_read_or_change_is_refused(mode: int, keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    path.chmod(mode)

    with pytest.raises(KeyFileExposed) as refused:
        DatabaseKeys(path, store).all()
    assert f"chmod 600 '{path}'" in refused.value.remedy


def _cut(text: str) -> str:
    return text[:-20]


def _changed_inside(text: str) -> str:
    return text[:60] + ("A" if text[60] != "A" else "B") + text[61:]


def _empty(_: str) -> str:
    return ""


def _something_else(_: str) -> str:
    return "url,database,login,key\n"


def _newer(text: str) -> str:
    return text.replace("codalink keys 1 ", "codalink keys 2 ")


def _not_text(_: str) -> str:
    return "é"


DAMAGES = (_cut, _changed_inside, _empty, _something_else, _newer, _not_text)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_told_and_left_alone(damage: Callable[[str], str], keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    write_whole(path, damage(path.read_text()))
    before = path.read_bytes()
    again = DatabaseKeys(path, store)

    for call in (again.all, lambda: again.keep([stored("b")]), lambda: again.forget(HERE, "klant-001")):
        with pytest.raises(KeyFileDamaged, match=re.escape(str(path))):
            call()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[1]", b'[{"origin": 1}]', b'[{"origin": "a", "database": "b", "login": "c", "current": {}}]']
)
def test_well_encrypted_nonsense_is_damage(content: bytes, keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    (key,), head = store.items.values(), path.read_text().splitlines()[0]
    write_whole(path, f"{head}\n{Fernet(key.reveal()).encrypt(content).decode()}\n")

    with pytest.raises(KeyFileDamaged):
        DatabaseKeys(path, store).all()


def test_file_from_before_is_named_where_it_would_help(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    former = path.with_name("keys.codalink.former")
    write_whole(former, path.read_text())
    path.unlink()

    with pytest.raises(KeyFileDamaged) as told:
        DatabaseKeys(path, store).keep([stored("b")])
    assert str(former) in told.value.remedy
    assert not path.exists()


def test_missing_random_key_is_told_and_nothing_is_written_over(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    before = path.read_bytes()
    (item,) = store.items
    del store.items[item]
    again = DatabaseKeys(path, store)

    for call in (again.all, lambda: again.keep([stored("b")])):
        with pytest.raises(KeyFileSealed, match=item.account):
            call()
    assert (path.read_bytes(), store.items) == (before, {})


def test_wrong_random_key_is_told_and_nothing_is_written_over(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    before = path.read_bytes()
    (item,) = store.items
    store.items[item] = Secret("somebody else's")
    again = DatabaseKeys(path, store)

    for call in (again.all, lambda: again.keep([stored("b")])):
        with pytest.raises(KeyFileSealed, match="another key"):
            call()
    assert (path.read_bytes(), store.items) == (before, {item: Secret("somebody else's")})


def test_folder_in_its_place_is_told(keys: DatabaseKeys, path: Path) -> None:
    path.mkdir(parents=True, mode=0o700)

    with pytest.raises(KeyFileDamaged, match="can't be read"):
        keys.keep([stored()])


# --- keyrings that lie ---------------------------------------------------------------------------------------------------------------


class Forgets(MemoryStore):
    """Accepts everything and keeps nothing."""

    def write(self, item: Item, secret: Secret) -> None:
        pass


class Garbles(MemoryStore):
    """Gives back something else."""

    def read(self, item: Item) -> Secret | None:
        found = super().read(item)
        return found and Secret(found.reveal()[::-1])


class IsGone(MemoryStore):
    """Has no keyring behind it."""

    def write(self, item: Item, secret: Secret) -> None:
        del item, secret
        raise KeyringMissing


@pytest.mark.parametrize(
    ("kind", "error"), [(Forgets, KeyringUnreliable), (Garbles, KeyringUnreliable), (IsGone, KeyringMissing)], ids=lambda one: one.__name__
)
def test_no_file_is_written_with_a_random_key_that_the_keyring_lost(
    kind: type[MemoryStore], error: type[CodalinkError], path: Path
) -> None:
    with pytest.raises(error):
        DatabaseKeys(path, kind()).keep([stored()])

    assert not path.exists()


def test_file_outlives_a_keyring_that_starts_to_lie(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep([stored()])
    liar = Garbles()
    liar.items = store.items
    with pytest.raises(KeyFileSealed):
        DatabaseKeys(path, liar).keep([stored("b")])

    assert DatabaseKeys(path, store).all() == [stored()]


# --- disks that fail, processes that die ---------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone at this point: nothing after it happens, no clean-up either."""


class FailingWrites:
    """Writes as usual, up to a point: the call of this number raises, before or after it has written."""

    def __init__(self, at: int, error: BaseException, *, has_written: bool) -> None:
        self.left = at
        self.error = error
        self.has_written = has_written

    def __call__(self, path: Path, text: str) -> None:
        self.left -= 1
        if self.left != 0 or self.has_written:
            write_whole(path, text)
        if self.left == 0:
            raise self.error


POINTS = [(at, has_written) for at in (1, 2) for has_written in (False, True)]
BEFORE = [stored("a"), stored("b", expires=LATER)]
AFTER = [stored("a", key="new-key"), stored("b", expires=LATER)]


@pytest.mark.parametrize(("at", "has_written"), POINTS)
def test_killed_at_any_write_the_keys_are_the_former_or_the_new_ones(
    at: int, has_written: bool, keys: DatabaseKeys, path: Path, store: MemoryStore
) -> None:
    keys.keep(BEFORE)
    with pytest.raises(Killed):
        DatabaseKeys(path, store, FailingWrites(at, Killed(), has_written=has_written)).keep([AFTER[0]])

    assert DatabaseKeys(path, store).all() == (AFTER if (at, has_written) == (2, True) else BEFORE)
    DatabaseKeys(path, store).keep([AFTER[0]])
    assert DatabaseKeys(path, store).all() == AFTER
    assert [file.name for file in path.parent.iterdir() if "lock" not in file.name] == ["keys.codalink"]


@pytest.mark.parametrize("has_written", [False, True])
def test_killed_at_the_first_write_ever_nothing_is_broken(has_written: bool, path: Path, store: MemoryStore) -> None:
    with pytest.raises(Killed):
        DatabaseKeys(path, store, FailingWrites(1, Killed(), has_written=has_written)).keep(BEFORE)

    assert DatabaseKeys(path, store).all() == (BEFORE if has_written else [])
    DatabaseKeys(path, store).keep(AFTER)
    assert DatabaseKeys(path, store).all() == AFTER


@pytest.mark.parametrize("at", [1, 2])
def test_full_disk_is_told_and_the_former_keys_stay(at: int, keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep(BEFORE)
    failing = DatabaseKeys(path, store, FailingWrites(at, OSError(28, "No space left on device"), has_written=False))

    with pytest.raises(KeyFileNotWritten, match="No space left"):
        failing.keep([AFTER[0]])
    assert failing.all() == BEFORE
    assert DatabaseKeys(path, store).all() == BEFORE


def _loses(_path: Path, _text: str) -> None:
    """A disk that accepts and keeps nothing."""


def _cuts(path: Path, text: str) -> None:
    write_whole(path, text[:-30] if path.name == "keys.codalink" else text)


@pytest.mark.parametrize("write", [_loses, _cuts])
def test_disk_that_lies_is_found_out_and_the_former_file_is_back(
    write: Callable[[Path, str], None], keys: DatabaseKeys, path: Path, store: MemoryStore
) -> None:
    keys.keep(BEFORE)
    with pytest.raises(KeyFileNotWritten, match="did not give back"):
        DatabaseKeys(path, store, write).keep([AFTER[0]])

    assert DatabaseKeys(path, store).all() == BEFORE


@pytest.mark.parametrize("write", [_loses, _cuts])
def test_disk_that_lies_at_the_first_write_leaves_no_file(write: Callable[[Path, str], None], path: Path, store: MemoryStore) -> None:
    with pytest.raises(KeyFileNotWritten):
        DatabaseKeys(path, store, write).keep(BEFORE)

    assert DatabaseKeys(path, store).all() == []


def test_former_file_lies_there_until_the_new_one_is_read_back(keys: DatabaseKeys, path: Path, store: MemoryStore) -> None:
    keys.keep(BEFORE)
    text, former = path.read_text(), path.with_name("keys.codalink.former")
    there: list[str] = []

    def write(where: Path, what: str) -> None:
        write_whole(where, what)
        there.append(former.read_text())

    DatabaseKeys(path, store, write).keep([AFTER[0]])

    assert there == [text, text]
    assert not former.exists()


# --- what opens a database -----------------------------------------------------------------------------------------------------------

PASSWORD = Secret("the-login's-password")


@pytest.fixture
def logins(store: MemoryStore) -> LoginSecrets:
    return LoginSecrets(store)


@pytest.fixture
def credentials(keys: DatabaseKeys, logins: LoginSecrets) -> Credentials:
    return Credentials(keys, logins)


def test_own_key_comes_first_with_its_own_login(credentials: Credentials, keys: DatabaseKeys, logins: LoginSecrets) -> None:
    keys.keep([stored()])
    logins.keep(HERE, "you@example.be", PASSWORD)

    assert credentials.find(HERE, "klant-001", "you@example.be") == ("me@example.be", Secret("first-key"))


def test_login_of_the_server_comes_next(credentials: Credentials, keys: DatabaseKeys, logins: LoginSecrets) -> None:
    keys.keep([stored()])
    logins.keep(HERE, "you@example.be", PASSWORD)

    assert credentials.find(HERE, "klant-002", "you@example.be") == ("you@example.be", PASSWORD)


def test_login_of_odoo_online_is_for_all_its_hosts(credentials: Credentials, logins: LoginSecrets) -> None:
    logins.keep(ODOO_ONLINE, "you@example.be", PASSWORD)

    assert credentials.find("https://klant-001.odoo.com", "klant-001", "you@example.be")[1] == PASSWORD


@pytest.mark.parametrize(
    "origin",
    [
        "https://odoo.com.evil.example",
        "https://evilodoo.com",
        "https://odoo.com",
        "http://klant.odoo.com",
        "https://klant.odoo.com:8069",
        "https://klant.odoo.com\n",
        "https://evil.example/.odoo.com",
        "https://evil.example#.odoo.com",
    ],
)
def test_login_of_odoo_online_is_for_no_lookalike(origin: str, credentials: Credentials, logins: LoginSecrets) -> None:
    logins.keep(ODOO_ONLINE, "you@example.be", PASSWORD)

    assert not is_odoo_online(origin)
    with pytest.raises(LoginSecretMissing):
        credentials.find(origin, "klant", "you@example.be")


def test_server_of_its_own_comes_before_odoo_online(credentials: Credentials, logins: LoginSecrets) -> None:
    logins.keep(ODOO_ONLINE, "you@example.be", Secret("for-all-of-them"))
    logins.keep("https://klant.odoo.com", "you@example.be", PASSWORD)

    assert credentials.find("https://klant.odoo.com", "klant", "you@example.be")[1] == PASSWORD


def test_nothing_to_open_it_with_names_database_and_way_out(credentials: Credentials) -> None:
    with pytest.raises(LoginSecretMissing, match=r"klant-001.*you@example\.be on https://odoo\.example\.be") as missing:
        credentials.find(HERE, "klant-001", "you@example.be")

    assert "codalink keys set --database klant-001" in missing.value.remedy
    assert not missing.value.concerns_everyone


def test_keyring_is_asked_once_for_a_login(credentials: Credentials, logins: LoginSecrets, store: MemoryStore) -> None:
    logins.keep(HERE, "you@example.be", PASSWORD)
    store.asked = 0
    for number in range(5):
        credentials.find(HERE, f"klant-{number}", "you@example.be")

    assert store.asked == 1


def test_expiry_is_the_own_keys(credentials: Credentials, keys: DatabaseKeys) -> None:
    keys.keep([stored(expires=LATER)])

    assert credentials.expiry(HERE, "klant-001") == LATER
    assert credentials.expiry(HERE, "klant-002") is None


def test_one_secret_answers_for_everybody() -> None:
    one = OneSecret(PASSWORD)

    assert one.of_login(THERE, "anybody") == PASSWORD
    assert one.find(THERE, "any", "anybody") == ("anybody", PASSWORD)
