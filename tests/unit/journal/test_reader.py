"""Reading the trail."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from codalink import errors
from codalink.errors import FileRefused
from codalink.journal.reader import names_in, read_trail
from codalink.journal.writer import Journal
from codalink.odoo.gateway import ServerUrl
from codalink.office.changes import Change, ChangeKind, ChangeStarted
from codalink.office.trail import Run, Trail, TrailFilter
from tests.unit.fakes import NUMBERS, OFFICE_VAT, company
from tests.unit.journal.journals import BEGIN, RUN, journal, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def written(path: Path) -> Path:
    listener = journal(path)
    write(listener, *(Change(ChangeKind.CONNECT, company(name)) for name in ("First", "Second", "Third")))
    listener.close()
    return path


def names(trail: Trail) -> list[str]:
    return [entry.company for entry in trail.entries]


def test_no_journal_yet_is_an_empty_trail(path: Path) -> None:
    assert read_trail(path, TrailFilter()) == Trail()
    assert not path.exists()


def test_newest_come_last(written: Path) -> None:
    assert names(read_trail(written, TrailFilter())) == ["First", "Second", "Third"]


def test_limit_keeps_the_newest(written: Path) -> None:
    assert names(read_trail(written, TrailFilter(), newest=2)) == ["Second", "Third"]


def test_limit_counts_what_is_wanted(written: Path) -> None:
    assert names(read_trail(written, TrailFilter(company="ir"), newest=2)) == ["First", "Third"]


# --- looking for something -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(path: Path) -> Path:
    """Some work of two runs; the database klant-002 is on another server."""
    peeters, etoile = company("Bakkerij Peeters", "klant-001"), company("Café L'ÉTOILE", "klant-002", number=NUMBERS[1])
    elsewhere = replace(etoile, database=replace(etoile.database, server=ServerUrl.parse("https://other.example.be:8069")))
    first, second = journal(path), journal(path, run=Run("aabbccddee", "keys rotate", "1.2.3", "an", OFFICE_VAT))
    write(first, Change(ChangeKind.FIRST_CONNECTION, peeters))
    write(first, Change(ChangeKind.CONNECT, elsewhere), error=errors.CodaBoxDown())
    write(first, Change(ChangeKind.RETRIEVE, peeters))
    write(second, Change(ChangeKind.MAKE_KEY, peeters.database))
    second(ChangeStarted(Change(ChangeKind.REVOKE_KEY, peeters.database)))
    return path


CASES = [
    (TrailFilter(), ["first connection", "connect", "retrieve", "make key", "revoke key"]),
    (TrailFilter(company="Bakkerij Peeters"), ["first connection", "retrieve"]),
    (TrailFilter(company=" peeters "), ["first connection", "retrieve"]),
    (TrailFilter(company="café l'étoile"), ["connect"]),
    (TrailFilter(company="klant-002/café"), ["connect"]),
    (TrailFilter(company=f"BE {NUMBERS[1][:4]}.{NUMBERS[1][4:7]}.{NUMBERS[1][7:]}"), ["connect"]),
    (TrailFilter(company="100%"), []),
    (TrailFilter(database="klant-001"), ["first connection", "retrieve", "make key", "revoke key"]),
    (TrailFilter(database="KLANT-002"), ["connect"]),
    (TrailFilter(database="https://other.example.be:8069/klant-002"), ["connect"]),
    (TrailFilter(database="other.example.be:8069/klant-002"), ["connect"]),
    (TrailFilter(database="odoo.example.be/klant-002"), []),
    (TrailFilter(database="klant"), []),
    (TrailFilter(what="connect"), ["first connection", "connect"]),
    (TrailFilter(what="Key"), ["make key", "revoke key"]),
    (TrailFilter(run="AABB"), ["make key", "revoke key"]),
    (TrailFilter(run="bbcc"), []),
    (TrailFilter(only_failed=True), ["connect", "revoke key"]),
    (TrailFilter(company="klant-001", what="retrieve"), ["retrieve"]),
    (TrailFilter(since=BEGIN + timedelta(minutes=1)), ["connect", "retrieve", "revoke key"]),
    (TrailFilter(until=BEGIN + timedelta(minutes=1)), ["first connection", "make key"]),
    (TrailFilter(since=(BEGIN + timedelta(minutes=2)).astimezone(timezone(timedelta(hours=-5)))), ["retrieve"]),
]
"""The clock of each run begins anew."""


@pytest.mark.parametrize(("wanted", "found"), CASES)
def test_filter_finds(wanted: TrailFilter, found: list[str], office: Path) -> None:
    assert [entry.what for entry in read_trail(office, wanted).entries] == found


# --- reading -------------------------------------------------------------------------------------------------------------------------


def test_trail_says_how_long_it_is_and_since_when(written: Path) -> None:
    trail = read_trail(written, TrailFilter(company="Second"))

    assert (trail.total, trail.begins) == (3, BEGIN)


def test_reading_changes_nothing(written: Path) -> None:
    before = written.read_bytes()
    read_trail(written, TrailFilter())

    assert written.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database" * 400, b"SQLite format 3\0" + b"\xa5" * 9000], ids=["text", "noise"])
def test_damaged_journal_is_told_and_left(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="damaged") as refused:
        read_trail(path, TrailFilter())

    assert str(path) in refused.value.cause
    assert path.read_bytes() == content


NONSENSE = ["yesterday", "", "2026-05-19T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", b"2026"]


@pytest.mark.parametrize("at", NONSENSE)
def test_nonsense_in_a_row_is_damage(at: str | bytes, written: Path) -> None:
    with closing(sqlite3.connect(written)) as connection, connection:
        connection.execute(
            "INSERT INTO change SELECT NULL, run, ?, what, detail, server, database, login, company, company_id, company_vat FROM change",
            [at],
        )

    with pytest.raises(FileRefused, match="damaged"):
        read_trail(written, TrailFilter())


def test_somebody_elses_database_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE letters (text)")

    with pytest.raises(FileRefused, match="not codalink's journal"):
        read_trail(path, TrailFilter())


def test_journal_of_a_newer_codalink_is_told(written: Path) -> None:
    with closing(sqlite3.connect(written)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(FileRefused, match="another version"):
        read_trail(written, TrailFilter())


def test_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(FileRefused, match="can't be read"):
        read_trail(path, TrailFilter())


def test_clock_that_was_set_back_leaves_the_order_in_which_things_were_done(path: Path) -> None:
    times = iter([BEGIN, BEGIN - timedelta(days=1), BEGIN - timedelta(days=2)])
    listener = Journal(path, RUN, pytest.fail, lambda: next(times), lambda: 0.0)
    write(listener, *(Change(ChangeKind.CONNECT, company(name)) for name in ("First", "Second", "Third")))
    trail = read_trail(path, TrailFilter())

    assert names(trail) == ["First", "Second", "Third"]
    assert trail.begins == BEGIN - timedelta(days=2)


def test_every_name_is_told_once(office: Path) -> None:
    found = names_in(office)

    assert {"Bakkerij Peeters", "klant-001", NUMBERS[0], "https://other.example.be:8069", "an", "jan", OFFICE_VAT} <= found
    assert "" not in found


def test_no_journal_has_no_names(path: Path) -> None:
    assert names_in(path) == set()
