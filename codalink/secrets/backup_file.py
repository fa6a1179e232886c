"""Backups of the office password on disk: written whole, private, and read back before anybody relies on them."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from codalink.errors import FileRefused, SecretsError
from codalink.files import write_whole
from codalink.secrets import backup
from codalink.secrets.backup import Backup, Label, SealedPasswords
from codalink.secrets.masked import Secret


def place_for(path: Path, label: Label) -> Path:
    """Where a backup goes: `path`, or a file in it where it is a folder. Raises FileRefused where no file can be there.

    A link is refused: the file would take the link's place, and not that of the file that it leads to.
    """
    place = path.expanduser()
    if place.is_dir():
        place /= f"codalink-backup-{label.office_vat}-{label.made.isoformat()}.txt"
    if place.is_symlink():
        raise FileRefused(f"{place} is a link.", remedy="Name the file itself, or another one.")
    if not place.parent.is_dir():
        raise FileRefused(f"There is no folder {place.parent}.", remedy="Make the folder first, or name another one.")
    return place


def read_backup(path: Path) -> Backup:
    """The backup in a file. Raises FileRefused where there is none or it can't be read, BackupDamaged."""
    place = path.expanduser()
    try:
        if place.exists() and not place.is_file():
            raise FileRefused(f"{place} is not a file.", remedy="Name the backup's file.")
        with place.open("rb") as file:
            content = file.read(backup.LONGEST_BYTES)
    except OSError as error:
        raise FileRefused(f"{place} can't be read: {error.strerror or error}.") from error
    return backup.read(content, str(place))


def write_backup(
    place: Path, label: Label, passwords: SealedPasswords, passphrase: Secret, write: Callable[[Path, str], None] = write_whole
) -> None:
    """Seal the passwords into the file `place`, then open that as a restore would. A former file there is replaced.

    Raises FileRefused where it can't be written, or doesn't give back what was written; then it is taken away.
    """
    text = backup.seal(label, passwords, passphrase)
    try:
        write(place, text)
    except OSError as error:
        raise FileRefused(f"{place} can't be written: {error.strerror or error}.") from error
    if not _gives_back(place, label, passwords, passphrase):
        with suppress(OSError):
            place.unlink(missing_ok=True)
        raise FileRefused(f"{place} did not give back what was written to it.", remedy="Try another disk.")


def _gives_back(place: Path, label: Label, passwords: SealedPasswords, passphrase: Secret) -> bool:
    try:
        found = read_backup(place)
        return found.label.office_vat == label.office_vat and found.unsealed(passphrase) == passwords
    except (FileRefused, SecretsError):
        return False
