"""`codalink password backup`.

The order of writes: first the file, whole, read back and opened; then the record in the keyring that there is one. Killed in between, or
run again for whatever reason, the same command finds its own file, opens it, and writes down the record.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import options
from codalink.cli.keys.changing import today
from codalink.cli.password import passphrases
from codalink.cli.wiring import Session
from codalink.errors import BackupDamaged, FileDiffers, OfficePasswordMissing, PassphraseWrong, SecretsError

if TYPE_CHECKING:
    from datetime import date

    from codalink.office.model import Office
    from codalink.secrets.backup import Backup, Label, SealedPasswords
    from codalink.secrets.masked import Secret


def back_up(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make, or a folder for it.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier backup of this office; never another file.")] = False,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read the passphrase from the first line of standard input.")
    ] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Make an encrypted copy of the office password, for the day on which this computer or its keyring is lost.

    The file opens only with a passphrase that you choose: keep the two apart. It is read back and opened before codalink says that it is
    done. After the password has changed, make a new one.
    """
    with Session("password backup", options.common(config, quiet, verbose, debug)) as session:
        from codalink.secrets.backup import Label
        from codalink.secrets.backup_file import place_for
        from codalink.secrets.passphrase import refuse_weak

        office = session.configuration.office
        label = Label(office.vat.digits, office.name, today())
        place = place_for(file, label)
        there = _backup_at(place, label)
        passwords = _in_keyring(session, office)
        in_clear = (office.name, office.vat.digits)
        passphrase = passphrases.chosen(
            session, from_stdin=secret_stdin, check=lambda one: refuse_weak(one, sealed=passwords.all, in_clear=in_clear)
        )
        if there is not None and _holds(there, passwords, passphrase):
            made, done = there.label.made, f"{place} is a backup of the password of {office.name} already, and opens with this passphrase."
        elif there is not None and not force:
            raise FileDiffers(
                f"{place} is an earlier backup of {office.name}, with another password or passphrase.",
                remedy="Name another file, or replace it with --force.",
            )
        else:
            _make(session, place, label, passwords, passphrase)
            made, done = label.made, f"The password of {office.name} ({office.vat}) is backed up in {place}: read back, and opened."
        _note(session, place, label.office_vat, made, passwords)
        _tell(session, done)


def _in_keyring(session: Session, office: "Office") -> "SealedPasswords":
    """What there is to back up. Raises OfficePasswordMissing."""
    from codalink.secrets.backup import SealedPasswords

    password = session.passwords.find(office.vat.digits)
    if password is None:
        raise OfficePasswordMissing(f"The keyring has no password for {office.name} ({office.vat}).")
    return SealedPasswords(password, session.passwords.candidate(office.vat.digits))


def _backup_at(place: Path, label: "Label") -> "Backup | None":
    """This office's earlier backup in that place; None where nothing is there. Raises FileDiffers for whatever else there is."""
    from codalink.secrets.backup_file import read_backup

    if not place.exists():
        return None
    try:
        there = read_backup(place)
    except BackupDamaged as error:
        raise FileDiffers(f"{error.cause} It was left as it is.", remedy="Name another file, or move this one away first.") from error
    if there.label.office_vat != label.office_vat:
        raise FileDiffers(f"{place} is a backup of another office: {there.label.office_name}.", remedy="Name another file.")
    return there


def _holds(there: "Backup", passwords: "SealedPasswords", passphrase: "Secret") -> bool:
    """Whether the backup opens with this passphrase, to just these passwords."""
    try:
        return there.unsealed(passphrase) == passwords
    except (PassphraseWrong, BackupDamaged):
        return False


def _make(session: Session, place: Path, label: "Label", passwords: "SealedPasswords", passphrase: "Secret") -> None:
    from codalink.office.changes import Change, ChangeKind, announced
    from codalink.render.console import harmless
    from codalink.secrets.backup_file import write_backup

    with announced(session.journal, Change(ChangeKind.BACK_UP_PASSWORD, detail=harmless(place.name))):
        write_backup(place, label, passwords, passphrase)


def _note(session: Session, place: Path, office_vat: str, made: "date", passwords: "SealedPasswords") -> None:
    """Write down in the keyring that there is a backup. Raises SecretsError, which doesn't unmake it."""
    try:
        session.backups.keep(office_vat, made, passwords)
    except SecretsError as error:
        raise type(error)(
            f"{error.cause} The backup {place} is whole, and was opened. Only the note that there is one could not be kept.",
            remedy="Unlock or repair the keyring, then run the same command again: it finds the backup, and makes none anew.",
        ) from error


def _tell(session: Session, done: str) -> None:
    from codalink.render.messages import sentence

    session.streams.notice(sentence(done))
    session.streams.notice(
        "Keep the file outside this computer (a USB stick in the safe, the office's backups), and the passphrase in another place than the "
        "file: whoever has both has the password, and without the passphrase nobody can open it. `codalink password restore` reads it."
    )
