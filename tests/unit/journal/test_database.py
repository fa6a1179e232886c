"""The journal's file: private, only growing, shared by processes, and never destroyed when it is damaged."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from codalink.journal.database import damaged_before, open_to_write, set_aside
from codalink.journal.reader import read_trail
from codalink.office.changes import Change, ChangeKind, ChangeResult, ChangeStarted
from codalink.office.trail import Run, TrailEntry, TrailFilter
from tests.unit.journal.journals import BEGIN, COMPANY, journal, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def written(path: Path) -> Path:
    """A journal with one change in it."""
    listener = journal(path)
    write(listener)
    listener.close()
    return path


def entries(path: Path) -> tuple[TrailEntry, ...]:
    return read_trail(path, TrailFilter()).entries


def aside_of(path: Path) -> list[Path]:
    return damaged_before(path)


# --- only growing --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["run", "change", "ending"])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {table}",
        "UPDATE {table} SET rowid = rowid + 1",
        "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ],
)
def test_what_is_written_can_not_be_changed(table: str, statement: str, written: Path) -> None:
    with closing(open_to_write(written)) as connection, pytest.raises(sqlite3.DatabaseError, match="only grows"):
        connection.execute(statement.format(table=table))


def test_end_is_written_once(written: Path) -> None:
    with closing(open_to_write(written)) as connection, pytest.raises(sqlite3.DatabaseError, match="only grows"):
        connection.execute("INSERT OR REPLACE INTO ending VALUES (1, 'failed', '', '', 0)")


# --- rights --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_files_are_their_owners_alone(path: Path) -> None:
    former = os.umask(0)
    try:
        with closing(open_to_write(path)) as connection:
            connection.execute("INSERT INTO run VALUES ('1', '', '', '', '')")
            found = {file.name: file.stat().st_mode & 0o777 for file in path.parent.glob("journal.sqlite*")}
    finally:
        os.umask(former)

    assert found == dict.fromkeys(("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"), 0o600)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_file_that_others_could_read_is_closed_to_them(written: Path) -> None:
    written.chmod(0o644)
    open_to_write(written).close()

    assert written.stat().st_mode & 0o777 == 0o600


# --- several at once -----------------------------------------------------------------------------------------------------------------


def test_many_writers_at_once_lose_nothing(path: Path) -> None:
    notices: list[str] = []

    def work(number: int) -> None:
        listener = journal(path, notices, Run(f"{number:010}", "connect-all", "1", "jan", ""))
        write(listener, *(Change(ChangeKind.CONNECT, COMPANY) for _ in range(20)))
        listener.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert notices == []
    assert len(entries(path)) == 6 * 20
    assert {entry.result for entry in entries(path)} == {ChangeResult.DONE}


def test_many_that_make_the_file_at_once_all_have_it(path: Path) -> None:
    together, made = threading.Barrier(8), []

    def work() -> None:
        together.wait(10)
        open_to_write(path).close()
        made.append(path)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 8


def test_change_is_there_for_others_as_soon_as_it_is_tried(path: Path) -> None:
    journal(path)(ChangeStarted(Change(ChangeKind.CONNECT, COMPANY)))

    assert len(entries(path)) == 1


# --- damage --------------------------------------------------------------------------------------------------------------------------


def no_database(path: Path) -> None:
    path.write_bytes(b"this is not a database at all" * 100)


def overwritten(path: Path) -> None:
    """Everything behind the first page is noise."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def cut(path: Path) -> None:
    os.truncate(path, 5000)


damages = pytest.mark.parametrize("damage", [no_database, overwritten, cut])


@damages
def test_damaged_journal_is_kept_under_another_name(damage: Callable[[Path], None], written: Path) -> None:
    damage(written)
    before = written.read_bytes()
    write(journal(written, []))

    assert [file.read_bytes() for file in aside_of(written)] == [before]


@damages
def test_new_journal_begins_where_the_old_one_is_damaged(damage: Callable[[Path], None], written: Path) -> None:
    damage(written)
    notices: list[str] = []
    write(journal(written, notices))

    assert [entry.result for entry in entries(written)] == [ChangeResult.DONE]
    assert len(notices) == 1
    assert str(aside_of(written)[0]) in notices[0]


def test_damage_while_a_run_writes_is_survived(written: Path) -> None:
    notices: list[str] = []
    listener = journal(written, notices, Run("7777777777", "retrieve", "1.2.3", "an", ""))
    write(listener)
    assert listener._connection is not None
    listener._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwritten(written)
    listener._connection.execute("PRAGMA shrink_memory")  # so that it doesn't go on with what it remembers of the file
    write(listener, Change(ChangeKind.CONNECT, COMPANY, "after"))

    assert [entry.detail for entry in entries(written)] == ["after"]
    assert len(notices) == 1


def test_what_lay_beside_a_damaged_journal_goes_with_it(written: Path) -> None:
    beside = written.with_name("journal.sqlite-wal")
    with closing(open_to_write(written)) as another_process:
        another_process.execute("INSERT INTO run VALUES ('1', '', '', '', '')")
        no_database(written)
        rows = beside.read_bytes()
        aside = set_aside(written, BEGIN)

    assert aside is not None
    assert rows
    assert not beside.exists()


def test_journal_that_is_well_is_not_set_aside(written: Path) -> None:
    assert set_aside(written, BEGIN) is None
    assert len(entries(written)) == 1


def test_journal_that_died_while_it_was_made_is_made_again(path: Path) -> None:
    path.touch()
    write(journal(path))

    assert len(entries(path)) == 1
