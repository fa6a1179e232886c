"""Files are there whole or not at all, and private."""

import os
import stat
import sys
from pathlib import Path

import pytest

from codalink.files import write_whole
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


def test_template_ships() -> None:
    assert "[office]" in template("configuration.toml")


def test_unknown_template_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        template("nothing.toml")
