"""`codalink password backup` and `restore`, in a real Secret Service and a real terminal: the password comes back, or it is said why."""

import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from codalink.sandbox import Sandbox, small_office
from codalink.sandbox.calls import Call
from codalink.secrets.backup_file import read_backup
from codalink.secrets.backup_record import BackupRecords
from codalink.secrets.masked import Secret
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import Item, SystemKeyring
from tests.conftest import Count
from tests.integration.doomed import Doomed, moments, some
from tests.integration.office import CODALINK, OFFICE_PASSWORD_SERVICE, CommandLine, Done, make_command_line
from tests.integration.terminal import (
    BOUND_BY_RIGHTS,
    Hidden,
    configuration,
    envelope,
    needs_terminal,
    ready_office,
    run_in_terminal,
    unwrapped,
)
from tests.leaks import files_in, leaks
from tests.secret_service import SecretService

PASSWORD, OTHER = "zk7Qx2VbN9tRw4Lm", "Wm3Hc8LrD5yTf1Js"
PASSPHRASE, ANOTHER = "batterij paard nietje juist", "lantaarn roeispaan krijtje acht"
OTHER_VAT = "0403019261"
BATCHES = 8
EXPECTED_AT_LEAST = 10
"""Into which the points are dealt at which codalink is killed."""
CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
REMINDER = "There is no backup of the password of"
only_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights, and links only for some")


class Keeper:
    """An office's command line, and what its keyring has."""

    def __init__(self, codalink: CommandLine) -> None:
        self.codalink = codalink
        self.folder = codalink.folder
        self.vat = codalink.sandbox.world.office_vat
        self.file = self.folder / "backup.txt"
        self.passwords = OfficePasswords(SystemKeyring())

    def back_up(self, *arguments: str, passphrase: str = PASSPHRASE, program: Sequence[str] = CODALINK) -> Done:
        command = ("password", "backup", *(arguments or (str(self.file),)), "--secret-stdin")
        return self.codalink.run(*command, stdin=f"{passphrase}\n", program=program)

    def restore(self, *arguments: str, passphrase: str = PASSPHRASE) -> Done:
        return self.codalink.run("password", "restore", *(arguments or (str(self.file),)), "--secret-stdin", stdin=f"{passphrase}\n")

    def keep(self, password: str) -> None:
        self.passwords.keep(self.vat, Secret(password))

    def kept(self, account: str = "") -> str | None:
        """The password in the keyring, or another item beside it."""
        found = SystemKeyring().read(Item(OFFICE_PASSWORD_SERVICE, f"{self.vat}{account}"))
        return found.reveal() if found else None

    def is_noted(self) -> bool:
        """Whether the keyring says that its password was backed up."""
        password = self.passwords.find(self.vat)
        return password is not None and BackupRecords(SystemKeyring()).day_of(self.vat, password) is not None

    def in_file(self, passphrase: str = PASSPHRASE) -> str:
        """The password in the backup."""
        return read_backup(self.file).unsealed(Secret(passphrase)).password.reveal()

    def trail(self) -> list[tuple[str, str, str]]:
        rows = envelope(self.codalink.run("log", "json", "--what", "password"))["rows"]
        return [(row["what"], row["detail"], row["result"]) for row in rows]


@pytest.fixture
def keeper(tmp_path: Path, real_keyring: SecretService) -> Iterator[Keeper]:
    """An office whose password is in a real Secret Service."""
    world = small_office()
    with Sandbox(world) as sandbox:
        codalink = make_command_line(sandbox, tmp_path, real_keyring.environment)
        codalink.config.write_text(configuration(world, 'file = "databases.csv"'), encoding="utf-8")
        one = Keeper(codalink)
        one.keep(PASSWORD)
        yield one


# --- there and back ----------------------------------------------------------------------------------------------------------------------


def test_password_comes_back_on_a_computer_that_has_none(keeper: Keeper) -> None:
    made = keeper.back_up()
    assert made.exit_code == 0, made
    assert "is backed up in" in made.stderr
    keeper.passwords.forget(keeper.vat)

    done = keeper.restore()

    assert done.exit_code == 0, done
    assert keeper.kept() == PASSWORD
    assert keeper.is_noted()


def test_backup_says_where_to_keep_file_and_passphrase(keeper: Keeper) -> None:
    done = keeper.back_up()

    assert "the passphrase in another place than the file" in unwrapped(done.stderr)


@only_posix
def test_backup_is_for_its_owner_only(keeper: Keeper) -> None:
    keeper.back_up()

    assert stat.S_IMODE(keeper.file.stat().st_mode) == 0o600


def test_backup_in_a_folder_is_named_by_office_and_day(keeper: Keeper) -> None:
    keeper.back_up(str(keeper.folder))

    (made,) = keeper.folder.glob("codalink-backup-*.txt")
    assert keeper.vat in made.name
    assert keeper.restore(str(made)).exit_code == 0


def test_both_are_in_the_trail_with_the_files_name_only(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.passwords.forget(keeper.vat)
    keeper.restore()

    assert keeper.trail() == [("back up password", "backup.txt", "done"), ("restore password", "backup.txt", "done")]


def test_no_form_of_the_password_or_the_passphrase_is_in_any_file_or_output(keeper: Keeper, clean_environment: Path) -> None:
    said = [keeper.back_up(str(keeper.file), "--debug"), keeper.restore(str(keeper.file), "--debug")]
    keeper.passwords.forget(keeper.vat)
    said += [keeper.restore(str(keeper.file), "--debug"), keeper.restore(str(keeper.file), "--debug", passphrase=ANOTHER)]

    seen = {str(number): f"{done.stdout}{done.stderr}".encode() for number, done in enumerate(said)}
    assert [done.exit_code for done in said] == [0, 0, 0, 4]
    assert not leaks(
        seen | files_in(keeper.folder, clean_environment), {"password": PASSWORD, "passphrase": PASSPHRASE, "another": ANOTHER}
    )


@needs_terminal
def test_passphrase_is_asked_for_twice_and_again_while_it_is_weak(keeper: Keeper) -> None:
    answers = [
        ("Passphrase", Hidden("Welkom2026!")),
        ("Repeat", Hidden("Welkom2026!")),
        ("should have 15 at least", Hidden(PASSPHRASE)),
        ("Repeat", Hidden(ANOTHER)),
        ("do not match", Hidden(PASSPHRASE)),
        ("Repeat", Hidden(PASSPHRASE)),
    ]

    shown = run_in_terminal(keeper.codalink, "password", "backup", str(keeper.file), answers=answers)

    assert shown.exit_code == 0, shown.text
    assert PASSPHRASE not in shown.raw
    assert keeper.in_file() == PASSWORD


@needs_terminal
def test_restore_asks_for_the_passphrase_once(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.passwords.forget(keeper.vat)

    shown = run_in_terminal(
        keeper.codalink, "password", "restore", str(keeper.file), answers=[("Passphrase of the backup", Hidden(PASSPHRASE))]
    )

    assert shown.exit_code == 0, shown.text
    assert PASSPHRASE not in shown.raw
    assert keeper.kept() == PASSWORD


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_nothing_is_asked_where_nobody_is(command: str, keeper: Keeper) -> None:
    keeper.back_up()

    done = keeper.codalink.run("password", command, str(keeper.file))

    assert done.exit_code == 2, done
    assert "--secret-stdin" in done.stderr


# --- a backup that is not made -----------------------------------------------------------------------------------------------------------


def test_weak_passphrase_makes_no_backup(keeper: Keeper) -> None:
    done = keeper.back_up(passphrase="Welkom2026!")

    assert done.exit_code == 2, done
    assert "five or six words" in unwrapped(done.stderr).lower()
    assert not keeper.file.exists()


def test_without_a_password_there_is_nothing_to_back_up(keeper: Keeper) -> None:
    keeper.passwords.forget(keeper.vat)

    done = keeper.back_up()

    assert done.exit_code == 4, done
    assert not keeper.file.exists()


def test_locked_keyring_makes_no_backup(keeper: Keeper, real_keyring: SecretService) -> None:
    with real_keyring.locked():
        done = keeper.back_up()

    assert done.exit_code == 4, done
    assert "The keyring is locked" in done.stderr
    assert not keeper.file.exists()


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("content", ["something of the user's", ""])
def test_file_that_is_no_backup_is_never_overwritten(content: str, force: tuple[str, ...], keeper: Keeper) -> None:
    keeper.file.write_text(content)

    done = keeper.back_up(str(keeper.file), *force)

    assert done.exit_code == 2, done
    assert "left as it is" in unwrapped(done.stderr)
    assert keeper.file.read_text() == content


def test_backup_of_another_office_is_never_overwritten(keeper: Keeper) -> None:
    keeper.back_up()
    before = keeper.file.read_text()
    keeper.codalink.config.write_text(keeper.codalink.config.read_text().replace(keeper.vat, OTHER_VAT))
    OfficePasswords(SystemKeyring()).keep(OTHER_VAT, Secret(OTHER))

    done = keeper.back_up(str(keeper.file), "--force")

    assert done.exit_code == 2, done
    assert "another office" in done.stderr
    assert keeper.file.read_text() == before


def test_earlier_backup_is_replaced_with_force_only(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.keep(OTHER)

    refused = keeper.back_up()
    assert refused.exit_code == 2, refused
    assert "--force" in refused.stderr
    assert keeper.in_file() == PASSWORD

    assert keeper.back_up(str(keeper.file), "--force").exit_code == 0
    assert keeper.in_file() == OTHER


def test_same_backup_again_is_left_alone_and_told(keeper: Keeper) -> None:
    keeper.back_up()
    before = keeper.file.read_text()

    done = keeper.back_up()

    assert done.exit_code == 0, done
    assert "already" in done.stderr
    assert keeper.file.read_text() == before


@only_posix
def test_link_is_not_followed(keeper: Keeper) -> None:
    (keeper.folder / "target").write_text("what somebody wants overwritten")
    keeper.file.symlink_to(keeper.folder / "target")

    done = keeper.back_up(str(keeper.file), "--force")

    assert done.exit_code == 2, done
    assert (keeper.folder / "target").read_text() == "what somebody wants overwritten"
    assert keeper.file.is_symlink()


@only_posix
def test_folder_that_can_not_be_written_to_is_told(keeper: Keeper) -> None:
    sealed_off = keeper.folder / "read-only"
    sealed_off.mkdir(mode=0o500)

    done = keeper.back_up(str(sealed_off), program=BOUND_BY_RIGHTS)

    assert done.exit_code == 2, done
    assert "can't be written" in unwrapped(done.stderr)
    assert [(what, result) for what, _, result in keeper.trail()] == [("back up password", "failed")]
    assert not keeper.is_noted()


FULL_DISK = (
    "-c",
    """
import resource, signal, sys
from codalink.secrets import backup_file
write = backup_file.write_whole
def with_little_room(place, text):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
    try:
        write(place, text)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
backup_file.write_backup.__defaults__ = (with_little_room,)
from codalink.cli.app import main
main()
""",
)
"""A limit on the size of files, while the backup is written, is as near as a test comes to a full disk."""


@only_posix
def test_full_disk_leaves_the_earlier_backup(keeper: Keeper) -> None:
    keeper.back_up()
    before = keeper.file.read_text()
    keeper.keep(OTHER)

    done = keeper.back_up(str(keeper.file), "--force", program=FULL_DISK)

    assert done.exit_code == 2, done
    assert "can't be written" in unwrapped(done.stderr)
    assert keeper.file.read_text() == before
    assert not list(keeper.folder.glob(".backup.txt*"))


# --- a restore that is refused -----------------------------------------------------------------------------------------------------------


def test_wrong_passphrase_changes_nothing(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.keep(OTHER)

    done = keeper.restore(passphrase=ANOTHER)

    assert done.exit_code == 4, done
    assert "does not open with this passphrase" in unwrapped(done.stderr)
    assert keeper.kept() == OTHER


def test_damaged_backup_is_told_before_the_passphrase_is_asked_for(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.file.write_text(keeper.file.read_text()[:-20])

    done = keeper.codalink.run("password", "restore", str(keeper.file))

    assert done.exit_code == 4, done
    assert "is damaged" in unwrapped(done.stderr)


def test_missing_file_is_told(keeper: Keeper) -> None:
    done = keeper.restore()

    assert done.exit_code == 2, done
    assert "can't be read" in unwrapped(done.stderr)


def test_backup_of_another_office_is_refused_and_both_are_named(keeper: Keeper) -> None:
    keeper.back_up()
    world = keeper.codalink.sandbox.world
    elsewhere = make_command_line(keeper.codalink.sandbox, keeper.folder / "elsewhere", {})
    elsewhere.environment = {**keeper.codalink.environment, "CODALINK_CONFIG": str(elsewhere.config)}
    text = configuration(world, 'file = "databases.csv"').replace(world.office_vat, OTHER_VAT).replace(world.office_name, "Ander Kantoor")
    elsewhere.config.write_text(text, encoding="utf-8")

    done = elsewhere.run("password", "restore", str(keeper.file), "--secret-stdin", stdin=f"{PASSPHRASE}\n")

    assert done.exit_code == 4, done
    told = unwrapped(done.stderr)
    assert all(one in told for one in (world.office_name, keeper.vat, "Ander Kantoor", OTHER_VAT))


def test_same_password_there_already_is_told_and_nothing_is_changed(keeper: Keeper) -> None:
    keeper.back_up()

    done = keeper.restore()

    assert done.exit_code == 0, done
    assert "Nothing was changed" in done.stderr
    assert keeper.kept(" (former)") is None
    assert [what for what, _, _ in keeper.trail()] == ["back up password"]


def test_both_passwords_of_an_interrupted_exchange_come_back(keeper: Keeper) -> None:
    """Either may be the valid one; `codalink password rotate` finds out."""
    keeper.passwords.stage(keeper.vat, Secret(OTHER))
    assert keeper.back_up().exit_code == 0
    keeper.passwords.forget(keeper.vat)

    done = keeper.restore()

    assert done.exit_code == 0, done
    assert (keeper.kept(), keeper.passwords.candidate(keeper.vat)) == (PASSWORD, Secret(OTHER))
    assert "Nothing was changed" in keeper.restore().stderr


def test_exchanged_password_has_no_backup(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.passwords.promote(keeper.vat, Secret(OTHER))

    assert BackupRecords(SystemKeyring()).day_of(keeper.vat, Secret(OTHER)) is None


def test_another_password_is_not_replaced_unasked(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.keep(OTHER)

    done = keeper.restore()

    assert done.exit_code == 2, done
    assert "another password" in unwrapped(done.stderr)
    assert keeper.kept() == OTHER


def test_another_password_is_set_aside(keeper: Keeper) -> None:
    keeper.back_up()
    keeper.keep(OTHER)

    done = keeper.restore(str(keeper.file), "--yes")

    assert done.exit_code == 0, done
    assert (keeper.kept(), keeper.kept(" (former)")) == (PASSWORD, OTHER)


def test_locked_keyring_is_told_at_a_restore(keeper: Keeper, real_keyring: SecretService) -> None:
    keeper.back_up()

    with real_keyring.locked():
        done = keeper.restore()

    assert done.exit_code == 4, done
    assert "The keyring is locked" in done.stderr


# --- killed ------------------------------------------------------------------------------------------------------------------------------


def doomed(keeper: Keeper, command: str, begin_anew: Callable[[], object]) -> Doomed:
    return Doomed(keeper.codalink, ("password", command, str(keeper.file), "--secret-stdin"), begin_anew, f"{PASSPHRASE}\n")


@only_posix
@pytest.mark.parametrize("batch", range(BATCHES))
def test_backup_killed_at_any_point_is_completed_by_the_same_command(batch: int, keeper: Keeper, count: Count) -> None:
    """Between keyring and file above all: the file is a whole one or not there, and no note tells of a backup that is not."""

    def begin_anew() -> None:
        keeper.file.unlink(missing_ok=True)
        keeper.passwords.forget(keeper.vat)
        keeper.keep(PASSWORD)

    backing_up = doomed(keeper, "backup", begin_anew)
    points = backing_up.points()
    assert len(points) >= EXPECTED_AT_LEAST
    assert "after replace backup.txt" in points
    count("kill points", "password backup", len(moments(points)) if batch == 0 else 0)

    for number, point in some(points, batch, BATCHES):
        backing_up.die_at(number)
        assert not keeper.file.exists() or read_backup(keeper.file).label.office_vat == keeper.vat, point  # a whole one
        assert keeper.file.exists() or not keeper.is_noted(), point

        done = keeper.back_up()
        assert done.exit_code == 0, f"{point}: {done}"
        assert keeper.is_noted(), point
        assert keeper.in_file() == PASSWORD, point


@only_posix
@pytest.mark.parametrize("batch", range(BATCHES))
def test_restore_killed_at_any_point_is_completed_by_the_same_command(batch: int, keeper: Keeper, count: Count) -> None:
    keeper.back_up()
    restoring = doomed(keeper, "restore", lambda: keeper.passwords.forget(keeper.vat))
    points = restoring.points()
    assert len(points) >= EXPECTED_AT_LEAST
    count("kill points", "password restore", len(moments(points)) if batch == 0 else 0)

    for number, point in some(points, batch, BATCHES):
        restoring.die_at(number)

        done = keeper.restore()
        assert done.exit_code == 0, f"{point}: {done}"
        assert (keeper.kept(), keeper.kept(" (former)"), keeper.is_noted()) == (PASSWORD, None, True), point


# --- connect-all reminds of it -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    """An office that makes its first connection, with the sandbox's own keyring."""
    with ready_office(small_office(), tmp_path) as codalink:
        yield codalink


def test_connect_all_reminds_of_a_backup_until_there_is_one(office: CommandLine) -> None:
    connected = office.run(*CONNECT_ALL)
    assert connected.exit_code == 0, connected
    assert REMINDER in connected.stderr
    assert "codalink password backup" in connected.stderr
    assert REMINDER not in connected.stdout

    made = office.run("password", "backup", str(office.folder), "--secret-stdin", stdin=f"{PASSPHRASE}\n")
    assert made.exit_code == 0, made
    assert REMINDER not in office.run(*CONNECT_ALL).stderr

    office.run("password", "set", "--secret-stdin", stdin=f"{OTHER}\n")
    assert REMINDER in office.run(*CONNECT_ALL).stderr


def test_reminder_is_told_while_the_consent_is_waited_for(office: CommandLine) -> None:
    office.sandbox.proxy.on_first_connection = None

    done = office.run(*CONNECT_ALL, "--consent-timeout", "0")

    assert done.exit_code == 3, done
    assert REMINDER in done.stderr


@pytest.mark.parametrize("option", ["--quiet", "--dry-run"])
def test_reminder_is_not_told_quietly_nor_where_nothing_is_done(option: str, office: CommandLine) -> None:
    office.run(*CONNECT_ALL)

    assert REMINDER not in office.run(*CONNECT_ALL, option).stderr


def test_reminder_is_not_told_where_the_password_is_refused(office: CommandLine) -> None:
    office.run("connect", "--company", "klant-001/Klant 001", "--yes", "--no-browser")
    office.office.password = "changed by somebody else"

    done = office.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert REMINDER not in done.stderr


def test_keyring_that_is_gone_at_the_end_does_not_fail_the_run(office: CommandLine) -> None:
    def lose(call: Call, result: object) -> None:
        del result
        office.sandbox.keyring.is_gone |= call.method == "l10n_be_codabox_create_connection"

    office.run("connect", "--company", "klant-001/Klant 001", "--yes", "--no-browser")
    office.sandbox.after_call = lose

    done = office.run("connect", "--company", "klant-002/Klant 002", "--yes", "--no-browser")

    assert office.sandbox.keyring.is_gone
    assert done.exit_code == 0, done
    assert REMINDER not in done.stderr
