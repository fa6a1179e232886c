"""Backups on disk: in their place whole and private, or not at all, and never believed before they were read back."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from codalink.errors import BackupDamaged, FileRefused
from codalink.files import write_whole
from codalink.secrets.backup import SealedPasswords
from codalink.secrets.backup_file import place_for, read_backup, write_backup
from codalink.secrets.masked import Secret
from tests.unit.fakes import OFFICE_VAT
from tests.unit.secrets.backups import LABEL, PASSPHRASE, PASSWORDS, sealed_text

only_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights, and links only for some")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "backup.txt"


def test_written_backup_is_read_again(place: Path) -> None:
    write_backup(place, LABEL, PASSWORDS, PASSPHRASE)

    assert read_backup(place).unsealed(PASSPHRASE) == PASSWORDS


@only_posix
def test_written_backup_is_for_its_owner_only(place: Path) -> None:
    write_backup(place, LABEL, PASSWORDS, PASSPHRASE)

    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "lie",
    [
        lambda _place, _text: None,
        lambda place, text: write_whole(place, text[: len(text) // 2]),
        lambda place, _text: write_whole(place, ""),
        lambda place, _text: write_whole(place, sealed_text(SealedPasswords(Secret("another-password")))),
        lambda place, _text: write_whole(place, sealed_text(passphrase=Secret("another passphrase"))),
    ],
    ids=["keeps nothing", "half of it", "an empty file", "another password", "another passphrase"],
)
def test_disk_that_gives_back_something_else_is_told_and_no_backup_is_left(lie: Callable[[Path, str], None], place: Path) -> None:
    with pytest.raises(FileRefused, match="did not give back what was written"):
        write_backup(place, LABEL, PASSWORDS, PASSPHRASE, lie)

    assert not place.exists()


def test_former_backup_stays_where_the_disk_is_full(place: Path) -> None:
    def full(_place: Path, _text: str) -> None:
        raise OSError(28, "No space left on device")

    place.write_text(former := sealed_text())

    with pytest.raises(FileRefused, match=r"backup\.txt can't be written: No space left"):
        write_backup(place, LABEL, PASSWORDS, PASSPHRASE, full)

    assert place.read_text() == former


def test_folder_gets_a_file_with_number_and_day(tmp_path: Path) -> None:
    assert place_for(tmp_path, LABEL) == tmp_path / f"codalink-backup-{OFFICE_VAT}-2026-05-19.txt"


def test_named_file_is_the_place(place: Path) -> None:
    assert place_for(place, LABEL) == place


def test_home_is_known_by_its_sign(clean_environment: Path) -> None:
    assert place_for(Path("~/backup.txt"), LABEL) == clean_environment / "backup.txt"


def test_missing_folder_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="There is no folder"):
        place_for(tmp_path / "nowhere" / "backup.txt", LABEL)


@only_posix
@pytest.mark.parametrize("target", ["somewhere.txt", "nowhere.txt"])
def test_link_is_refused(target: str, tmp_path: Path, place: Path) -> None:
    (tmp_path / "somewhere.txt").write_text("what somebody wants overwritten")
    place.symlink_to(tmp_path / target)

    with pytest.raises(FileRefused, match="is a link"):
        place_for(place, LABEL)


@only_posix
def test_link_to_a_folder_leads_there(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "stick")

    assert place_for(tmp_path / "link", LABEL).parent.resolve() == tmp_path / "stick"


def test_missing_backup_is_told(place: Path) -> None:
    with pytest.raises(FileRefused, match=r"backup\.txt can't be read: No such file"):
        read_backup(place)


def test_folder_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is not a file"):
        read_backup(tmp_path)


@only_posix
def test_pipe_is_not_waited_for(place: Path) -> None:
    os.mkfifo(place)

    with pytest.raises(FileRefused, match="is not a file"):
        read_backup(place)


def test_only_the_beginning_of_a_huge_file_is_read(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(BackupDamaged, match="is not a backup"):
        read_backup(place)


def test_damage_names_the_file(place: Path) -> None:
    place.write_text(sealed_text()[:-30])

    with pytest.raises(BackupDamaged, match=r"The backup .*backup\.txt is damaged"):
        read_backup(place)
