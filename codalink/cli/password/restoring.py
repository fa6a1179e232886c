"""`codalink password restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import options
from codalink.cli.password import passphrases
from codalink.cli.wiring import Session
from codalink.errors import BackupForeign

if TYPE_CHECKING:
    from codalink.office.model import Office
    from codalink.secrets.backup import Label, SealedPasswords


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `codalink password backup` has made.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask where the keyring has another password.")] = False,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read the passphrase from the first line of standard input.")
    ] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Put the office password from a backup into this computer's keyring.

    Asks for the backup's passphrase. Where the keyring has another password for this office, it is told and asked before that one is set
    aside. On a new computer, run `codalink setup` first.
    """
    with Session("password restore", options.common(config, quiet, verbose, debug)) as session:
        from codalink.render.messages import sentence
        from codalink.secrets.backup_file import read_backup

        office = session.configuration.office
        sealed = read_backup(file)
        _refuse_foreign(sealed.label, sealed.where, office)
        passwords = sealed.unsealed(passphrases.entered(session, from_stdin=secret_stdin))
        there = session.passwords.known(office.vat.digits)
        if there[:1] == [passwords.password] and all(password in there for password in passwords.all):
            done = f"The keyring has this very password of {office.name} ({office.vat}) already. Nothing was changed."
        elif not there or yes or session.confirm(_question(office, sealed.label), otherwise="--yes"):
            _restore(session, file, office, passwords)
            done = f"The password of {office.name} ({office.vat}), backed up on {sealed.label.made}, is in the keyring."
        else:
            return
        session.backups.keep(office.vat.digits, sealed.label.made, passwords)
        session.streams.notice(sentence(done))
        session.streams.notice("Whether it is still the valid one, `codalink password verify` asks CodaBox.")


def _refuse_foreign(label: "Label", where: str, office: "Office") -> None:
    """Raises BackupForeign."""
    if label.office_vat != office.vat.digits:
        theirs, ours = f"{label.office_name} ({label.office_vat})", f"{office.name} ({office.vat.digits})"
        raise BackupForeign(f"The backup {where} is of {theirs}, and the configuration of {ours}.")


def _question(office: "Office", label: "Label") -> str:
    return (
        f"The keyring has another password for {office.name}. Put the one from the backup of {label.made} in its place? Only one of them "
        'is valid, mostly the newer. The other is set aside, under "(former)".'
    )


def _restore(session: Session, file: Path, office: "Office", passwords: "SealedPasswords") -> None:
    from codalink.office.changes import Change, ChangeKind, announced
    from codalink.render.console import harmless

    with announced(session.journal, Change(ChangeKind.RESTORE_PASSWORD, detail=harmless(file.name))):
        if passwords.candidate is not None:
            session.passwords.stage(office.vat.digits, passwords.candidate)  # of an exchange that was interrupted: either may be valid
        session.passwords.keep(office.vat.digits, passwords.password)
