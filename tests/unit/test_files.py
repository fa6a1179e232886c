"""Files are there whole or not at all, and private."""

import os
import stat
import sys
from pathlib import Path

import pytest

from codalink.files import safe_name, write_new, write_unless_other, write_whole
from codalink.shipped import template


def test_text_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "f.txt", "zoë\n")

    assert (tmp_path / "f.txt").read_text(encoding="utf-8") == "zoë\n"


def test_former_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("a much longer former text")

    write_whole(tmp_path / "f.txt", "new")

    assert (tmp_path / "f.txt").read_text() == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_file_is_private(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("")
    (tmp_path / "f.txt").chmod(0o644)

    write_whole(tmp_path / "f.txt", "new")

    assert stat.S_IMODE((tmp_path / "f.txt").stat().st_mode) == 0o600


def _disk_full(descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_former_file_stays_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f.txt").write_text("former")
    monkeypatch.setattr(os, "fsync", _disk_full)

    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "f.txt", "new")

    assert (tmp_path / "f.txt").read_text() == "former"


def test_nothing_else_is_left_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _disk_full)

    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "f.txt", "new")

    assert list(tmp_path.iterdir()) == []


def test_file_is_synced_before_it_takes_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append((tmp_path / "f.txt").exists()))

    write_whole(tmp_path / "f.txt", "new")

    assert seen[0] is False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't sync folders")
def test_folder_is_synced_when_the_file_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, bool]] = []
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append((stat.S_ISDIR(os.fstat(handle).st_mode), (tmp_path / "f.txt").exists())))

    write_whole(tmp_path / "f.txt", "new")

    assert seen[1:] == [(True, True)]


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "f.txt", "new")


def test_file_that_says_the_same_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("same")
    before = (tmp_path / "f.txt").stat().st_ino

    write_unless_other(tmp_path / "f.txt", "same")

    assert (tmp_path / "f.txt").stat().st_ino == before


def test_file_that_says_something_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("former")

    with pytest.raises(FileExistsError):
        write_unless_other(tmp_path / "f.txt", "new")

    assert (tmp_path / "f.txt").read_text() == "former"


def test_file_that_is_missing_is_written(tmp_path: Path) -> None:
    write_unless_other(tmp_path / "f.txt", "new")

    assert (tmp_path / "f.txt").read_text() == "new"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bakkerij Kruimel BV", "Bakkerij Kruimel BV"),
        ("Zoe\u0308 & Söhne", "Zoë & Söhne"),
        ("a/b\\c:d", "abcd"),
        ("a * b", "a b"),
        ("x\r\ny\u202e\u200bz\0", "x yz"),
        ("../..", "unnamed"),
        (".hidden", "hidden"),
        ("CON", "CON_"),
        (".CON", "CON_"),
        ("Jansen & Co.", "Jansen & Co"),
        ("", "unnamed"),
    ],
)
def test_name_is_allowed_everywhere(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_long_name_leaves_room_for_an_ending() -> None:
    assert len(safe_name("é" * 500).encode()) <= 150


def test_template_ships() -> None:
    assert "[office]" in template("configuration.toml")


def test_unknown_template_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        template("nothing.toml")


def test_new_file_is_written(tmp_path: Path) -> None:
    write_new(tmp_path / "pack.zip", b"new")

    assert (tmp_path / "pack.zip").read_bytes() == b"new"


def test_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_text("mine")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "pack.zip", b"new")

    assert (tmp_path / "pack.zip").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "pack.zip", b"new")

    assert not (tmp_path / "elsewhere").exists()


def test_full_disk_leaves_no_name_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codalink.files.os.fsync", _disk_full)
    with pytest.raises(OSError, match="No space"):
        write_new(tmp_path / "pack.zip", b"new")

    assert list(tmp_path.iterdir()) == []
