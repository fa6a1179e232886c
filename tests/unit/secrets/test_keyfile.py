"""The encrypted file: whole or not at all, for its owner alone, never written over where it can't be read."""

import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from codalink.errors import (
    CodalinkError,
    KeyFileDamaged,
    KeyFileExposed,
    KeyFileNotWritten,
    KeyFileSealed,
    KeyringMissing,
    KeyringUnreliable,
)
from codalink.files import write_whole
from codalink.secrets import keyfile as module
from codalink.secrets.keyfile import KeyFile
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item
from tests.unit.secrets.stored_keys import CountingStore

BEFORE, AFTER = b"before, and secret", b"after, and secret"

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of files")


@pytest.fixture
def file(path: Path, store: CountingStore) -> KeyFile:
    return KeyFile(path, store)


def put(file: KeyFile, content: bytes) -> None:
    """Write it, as who may."""
    with file.alone():
        file.replace(content)


# --- reading and writing -------------------------------------------------------------------------------------------------------------


def test_what_was_put_is_read_by_the_next_run(file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)

    assert KeyFile(path, store).read() == BEFORE


def test_where_there_is_no_file_there_is_nothing(file: KeyFile) -> None:
    assert file.read() is None


def test_nothing_of_the_content_is_readable_in_the_file(file: KeyFile, path: Path) -> None:
    put(file, BEFORE)

    assert not re.search("before|secret", path.read_text())


def test_who_is_alone_sees_what_others_left(file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)
    put(KeyFile(path, store), AFTER)

    with file.alone() as content:
        assert content == AFTER


def test_lock_that_is_never_released_is_an_error(file: KeyFile, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_LIMIT_S", 0.05)
    put(file, BEFORE)

    with FileLock(path.with_name("keys.codalink.lock")), pytest.raises(KeyFileNotWritten, match="Another codalink run"):
        put(file, AFTER)


# --- files that can't be read --------------------------------------------------------------------------------------------------------


@on_posix
def test_file_is_for_its_owner_alone(file: KeyFile, path: Path) -> None:
    put(file, BEFORE)
    put(file, AFTER)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@on_posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_file_that_others_can_read_or_change_is_refused(mode: int, file: KeyFile, path: Path) -> None:
    put(file, BEFORE)
    path.chmod(mode)

    with pytest.raises(KeyFileExposed) as refused:
        file.read()
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
def test_damaged_file_is_told_and_left_alone(damage: Callable[[str], str], file: KeyFile, path: Path) -> None:
    put(file, BEFORE)
    write_whole(path, damage(path.read_text()))
    before = path.read_bytes()

    for call in (file.read, lambda: put(file, AFTER)):
        with pytest.raises(KeyFileDamaged, match=re.escape(str(path))):
            call()
    assert path.read_bytes() == before


def test_file_from_before_is_named_where_it_would_help(file: KeyFile, path: Path) -> None:
    put(file, BEFORE)
    former = path.with_name("keys.codalink.former")
    write_whole(former, path.read_text())
    path.unlink()

    with pytest.raises(KeyFileDamaged) as told:
        put(file, AFTER)
    assert str(former) in told.value.remedy
    assert not path.exists()


def test_missing_random_key_is_told_and_nothing_is_written_over(file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)
    before = path.read_bytes()
    (item,) = store.items
    del store.items[item]
    again = KeyFile(path, store)

    for call in (again.read, lambda: put(again, AFTER)):
        with pytest.raises(KeyFileSealed, match=item.account):
            call()
    assert (path.read_bytes(), store.items) == (before, {})


def test_wrong_random_key_is_told_and_nothing_is_written_over(file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)
    before = path.read_bytes()
    (item,) = store.items
    store.items[item] = Secret("somebody else's")
    again = KeyFile(path, store)

    for call in (again.read, lambda: put(again, AFTER)):
        with pytest.raises(KeyFileSealed, match="another key"):
            call()
    assert (path.read_bytes(), store.items) == (before, {item: Secret("somebody else's")})


def test_folder_in_its_place_is_told(file: KeyFile, path: Path) -> None:
    path.mkdir(parents=True, mode=0o700)

    with pytest.raises(KeyFileDamaged, match="can't be read"):
        put(file, BEFORE)


# --- keyrings that lie ---------------------------------------------------------------------------------------------------------------


class Forgets(CountingStore):
    """Accepts everything and keeps nothing."""

    def write(self, item: Item, secret: Secret) -> None:
        pass


class Garbles(CountingStore):
    """Gives back something else."""

    def read(self, item: Item) -> Secret | None:
        found = super().read(item)
        return found and Secret(found.reveal()[::-1])


class IsGone(CountingStore):
    """Has no keyring behind it."""

    def write(self, item: Item, secret: Secret) -> None:
        del item, secret
        raise KeyringMissing


@pytest.mark.parametrize(
    ("kind", "error"), [(Forgets, KeyringUnreliable), (Garbles, KeyringUnreliable), (IsGone, KeyringMissing)], ids=lambda one: one.__name__
)
def test_no_file_is_written_with_a_random_key_that_the_keyring_lost(
    kind: type[CountingStore], error: type[CodalinkError], path: Path
) -> None:
    with pytest.raises(error):
        put(KeyFile(path, kind()), BEFORE)

    assert not path.exists()


def test_file_outlives_a_keyring_that_starts_to_lie(file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)
    liar = Garbles()
    liar.items = store.items
    with pytest.raises(KeyFileSealed):
        put(KeyFile(path, liar), AFTER)

    assert KeyFile(path, store).read() == BEFORE


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


@pytest.mark.parametrize(("at", "has_written"), POINTS)
def test_killed_at_any_write_the_content_is_the_former_or_the_new_one(
    at: int, has_written: bool, file: KeyFile, path: Path, store: CountingStore
) -> None:
    put(file, BEFORE)
    with pytest.raises(Killed):
        put(KeyFile(path, store, FailingWrites(at, Killed(), has_written=has_written)), AFTER)

    assert KeyFile(path, store).read() == (AFTER if (at, has_written) == (2, True) else BEFORE)
    put(KeyFile(path, store), AFTER)
    assert KeyFile(path, store).read() == AFTER
    assert [one.name for one in path.parent.iterdir() if "lock" not in one.name] == ["keys.codalink"]


@pytest.mark.parametrize("has_written", [False, True])
def test_killed_at_the_first_write_ever_nothing_is_broken(has_written: bool, path: Path, store: CountingStore) -> None:
    with pytest.raises(Killed):
        put(KeyFile(path, store, FailingWrites(1, Killed(), has_written=has_written)), BEFORE)

    assert KeyFile(path, store).read() == (BEFORE if has_written else None)
    put(KeyFile(path, store), AFTER)
    assert KeyFile(path, store).read() == AFTER


@pytest.mark.parametrize("at", [1, 2])
def test_full_disk_is_told_and_the_former_content_stays(at: int, file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)
    failing = KeyFile(path, store, FailingWrites(at, OSError(28, "No space left on device"), has_written=False))

    with pytest.raises(KeyFileNotWritten, match="No space left"):
        put(failing, AFTER)
    assert failing.read() == BEFORE
    assert KeyFile(path, store).read() == BEFORE


def _loses(_path: Path, _text: str) -> None:
    """A disk that accepts and keeps nothing."""


def _cuts(path: Path, text: str) -> None:
    write_whole(path, text[:-30] if path.name == "keys.codalink" else text)


@pytest.mark.parametrize("write", [_loses, _cuts])
def test_disk_that_lies_is_found_out_and_the_former_file_is_back(
    write: Callable[[Path, str], None], file: KeyFile, path: Path, store: CountingStore
) -> None:
    put(file, BEFORE)
    with pytest.raises(KeyFileNotWritten, match="did not give back"):
        put(KeyFile(path, store, write), AFTER)

    assert KeyFile(path, store).read() == BEFORE


@pytest.mark.parametrize("write", [_loses, _cuts])
def test_disk_that_lies_at_the_first_write_leaves_no_file(write: Callable[[Path, str], None], path: Path, store: CountingStore) -> None:
    with pytest.raises(KeyFileNotWritten):
        put(KeyFile(path, store, write), BEFORE)

    assert KeyFile(path, store).read() is None


def test_former_file_lies_there_until_the_new_one_is_read_back(file: KeyFile, path: Path, store: CountingStore) -> None:
    put(file, BEFORE)
    text, former = path.read_text(), path.with_name("keys.codalink.former")
    there: list[str] = []

    class ReadingBack(KeyFile):
        """Looks whether the former file is there each time the file is read."""

        def read(self) -> bytes | None:
            there.append(former.read_text() if former.exists() else "")
            return super().read()

    put(ReadingBack(path, store), AFTER)

    assert there == ["", text]  # when it was opened, and when it was read back
    assert not former.exists()
