"""Writing changes down: before they are tried, without secrets, and never at the run's cost."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.journal.reader import read_trail
from codalink.journal.writer import Journal
from codalink.office.changes import Change, ChangeEnded, ChangeKind, ChangeResult, ChangeStarted, announced
from codalink.office.events import PieceDone
from codalink.office.trail import Run, TrailEntry, TrailFilter
from codalink.secrets.masked import MASK, Secret
from tests.unit.fakes import LOGIN, NUMBERS, address, company
from tests.unit.journal.journals import BEGIN, COMPANY, RUN, journal, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite"


def entries(path: Path) -> list[TrailEntry]:
    return list(read_trail(path, TrailFilter()).entries)


def test_change_is_written_with_all_that_is_known_of_it(path: Path) -> None:
    write(journal(path), Change(ChangeKind.CONNECT, COMPANY, "with care"))

    assert entries(path) == [
        TrailEntry(
            run=RUN,
            at=BEGIN,
            what="connect",
            detail="with care",
            server="https://odoo.example.be",
            database="klant-001",
            login=LOGIN,
            company="Bakkerij Peeters",
            company_id=1,
            company_vat=NUMBERS[0],
            result=ChangeResult.DONE,
            error="",
            cause="",
            took_ms=0,
        )
    ]


def test_change_that_did_not_end_is_there_as_tried(path: Path) -> None:
    journal(path)(ChangeStarted(Change(ChangeKind.CONNECT, COMPANY)))

    assert [(one.result, one.took_ms) for one in entries(path)] == [(ChangeResult.TRIED, None)]


def test_error_is_written_with_its_name_and_cause(path: Path) -> None:
    write(journal(path), error=errors.OfficePasswordRefused("CodaBox says no."))

    assert [(one.result, one.error, one.cause) for one in entries(path)] == [
        (ChangeResult.REFUSED, "office-password-refused", "CodaBox says no.")
    ]


def test_time_taken_is_written_in_milliseconds(path: Path) -> None:
    ticks = iter([10.0, 11.5])
    write(Journal(path, RUN, pytest.fail, lambda: BEGIN, lambda: next(ticks)))

    assert entries(path)[0].took_ms == 1500


def test_change_of_a_database_has_no_company(path: Path) -> None:
    write(journal(path), Change(ChangeKind.MAKE_KEY, address("k1")))

    assert [(one.database, one.company, one.company_id) for one in entries(path)] == [("k1", "", None)]


def test_change_on_this_computer_has_no_database(path: Path) -> None:
    write(journal(path), Change(ChangeKind.FORGET_PASSWORD))

    assert [(one.server, one.database, one.login) for one in entries(path)] == [("", "", "")]


def test_changes_under_way_at_once_end_each_on_its_own(path: Path) -> None:
    listener = journal(path)
    first, second = (Change(ChangeKind.CONNECT, company(name)) for name in ("First", "Second"))
    for event in (ChangeStarted(first), ChangeStarted(second), ChangeEnded(first, ChangeResult.DONE)):
        listener(event)

    assert [(one.company, one.result) for one in entries(path)] == [("First", ChangeResult.DONE), ("Second", ChangeResult.TRIED)]


def test_run_without_a_change_leaves_no_file(path: Path) -> None:
    listener = journal(path)
    listener(PieceDone("Bakkerij"))
    listener.close()

    assert not path.parent.exists()


def test_runs_are_told_apart(path: Path) -> None:
    other = Run("7777777777", "retrieve", "1.2.3", "an", "")
    write(journal(path))
    write(journal(path, run=other))

    assert [one.run for one in entries(path)] == [RUN, other]


# --- secrets and foreign text --------------------------------------------------------------------------------------------------------


def test_known_secret_is_masked_wherever_it_comes_from(path: Path) -> None:
    secret = Secret("zk7Qx2VbN9tRw4Lm")
    shouting = company(f"Firm {secret.reveal()}", f"db-{secret.reveal()}")
    write(journal(path), Change(ChangeKind.CONNECT, shouting, secret.reveal()), error=errors.OdooRefused(f"Bad {secret.reveal()}."))

    assert all(secret.reveal().encode() not in file.read_bytes() for file in path.parent.iterdir())
    assert [(one.company, one.detail, one.cause) for one in entries(path)] == [(f"Firm {MASK}", MASK, f"Bad {MASK}.")]


@pytest.mark.parametrize(
    "name", ["\ud83d half", "nul\0nul", "'); DROP TABLE change; --", "x" * 1_000_000], ids=["half", "nul", "sql", "long"]
)
def test_odd_name_is_written_all_the_same(name: str, path: Path) -> None:
    notices: list[str] = []
    write(journal(path, notices), Change(ChangeKind.CONNECT, company(name)))

    assert notices == []
    assert len(entries(path)[0].company) == min(len(name), 2000)


def test_absurd_id_is_written_all_the_same(path: Path) -> None:
    write(journal(path), Change(ChangeKind.CONNECT, company(record_id=2**200)))

    assert entries(path)[0].company_id == 2**200


# --- when it can't be written --------------------------------------------------------------------------------------------------------


def in_a_file(path: Path) -> None:
    path.parent.write_text("no folder")


def as_a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def of_somebody_else(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE letters (text)")
    connection.close()


def of_another_version(path: Path) -> None:
    listener = journal(path)
    write(listener)
    listener.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize("spoil", [in_a_file, as_a_folder, of_somebody_else, of_another_version])
def test_journal_that_can_not_be_written_is_told_once_and_the_run_goes_on(spoil: object, path: Path) -> None:
    assert callable(spoil)
    spoil(path)
    notices: list[str] = []
    write(journal(path, notices), *(Change(ChangeKind.CONNECT, COMPANY) for _ in range(3)))

    assert len(notices) == 1
    assert str(path.parent) in notices[0]
    assert notices[0].endswith("The run itself goes on.")


def test_file_of_another_version_is_left_as_it_is(path: Path) -> None:
    of_another_version(path)
    before = path.read_bytes()
    write(journal(path, []))

    assert path.read_bytes() == before


def test_disk_that_becomes_full_is_told_once_and_the_run_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notices: list[str] = []
    listener = journal(path, notices)
    write(listener)
    assert listener._connection is not None
    listener._connection.execute("PRAGMA max_page_count = 1")  # as many pages as there are: not one more
    write(listener, *(Change(ChangeKind.CONNECT, COMPANY, "x" * 2000) for _ in range(9)))

    assert len(notices) == 1
    assert "full" in notices[0]


def test_what_was_written_before_the_disk_was_full_stays(path: Path) -> None:
    listener = journal(path, [])
    write(listener)
    assert listener._connection is not None
    listener._connection.execute("PRAGMA max_page_count = 1")
    write(listener, *(Change(ChangeKind.CONNECT, COMPANY, "x" * 2000) for _ in range(9)))

    assert entries(path)[0].result is ChangeResult.DONE


def test_disk_that_can_not_make_the_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    notices: list[str] = []
    monkeypatch.setattr("codalink.journal.database.os.open", full)
    write(journal(path, notices))

    assert len(notices) == 1
    assert "No space left" in notices[0]


def test_error_of_the_run_itself_comes_through(path: Path) -> None:
    in_a_file(path)
    with pytest.raises(CodalinkError, match="out of reach"), announced(journal(path, []), Change(ChangeKind.CONNECT, COMPANY)):
        raise errors.Unreachable("It is out of reach.")
