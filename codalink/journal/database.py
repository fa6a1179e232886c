"""The journal's file: a SQLite database that only grows.

A change is a row in `change`, written before it is tried, and a row in `ending`, written when it is over; without the second one, nobody
knows how it ended. Nothing is ever updated or deleted: triggers refuse it. They keep out mistakes, not somebody who owns the file.

Several processes may write at once (write-ahead log, and patience with a lock). A killed one leaves whole rows behind. A power cut may
take the last ones: forcing each onto the disk would cost 5 ms a change instead of 0.1, and no run relies on them.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from codalink.errors import FileRefused

_APPLICATION = 0x434F4441
"""In the file's header, so that it is known for codalink's: "CODA"."""
_VERSION = 1
_PATIENCE_S = 10.0
_DAMAGES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps in files of their own beside the database."""

_TABLES = """
CREATE TABLE run (
    id TEXT PRIMARY KEY, command TEXT NOT NULL, version TEXT NOT NULL, person TEXT NOT NULL, office_vat TEXT NOT NULL
);
CREATE TABLE change (
    number INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL REFERENCES run (id), at TEXT NOT NULL, what TEXT NOT NULL,
    detail TEXT NOT NULL, server TEXT NOT NULL, database TEXT NOT NULL, login TEXT NOT NULL, company TEXT NOT NULL,
    company_id TEXT NOT NULL, company_vat TEXT NOT NULL
);
CREATE TABLE ending (
    change INTEGER PRIMARY KEY REFERENCES change (number), result TEXT NOT NULL, error TEXT NOT NULL, cause TEXT NOT NULL,
    took_ms INTEGER NOT NULL
);
CREATE VIEW trail AS
    SELECT number, at, run, command, version, person, office_vat, what, detail, server, database, login, company, company_id, company_vat,
        coalesce(result, 'tried') AS result, coalesce(error, '') AS error, coalesce(cause, '') AS cause, took_ms
    FROM change JOIN run ON run.id = change.run LEFT JOIN ending ON ending.change = change.number;
"""
_STAYS = """
CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE ON {table} BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
CREATE TRIGGER {table}_is_not_deleted BEFORE DELETE ON {table} BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
CREATE TRIGGER {table}_is_not_replaced BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = new.{key})
    BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
"""
_KEYS = {"run": "id", "change": "number", "ending": "change"}


def open_to_write(path: Path) -> sqlite3.Connection:
    """The journal at `path`, made where it is missing; each statement is a transaction. For any thread, one at a time.

    Only its owner may read it. Raises FileRefused where it is no journal of this version; OSError, sqlite3.Error.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)  # the files beside it take after it
        connection = _connect(path, "rw")
        try:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
                _make(connection)
            _recognise(connection, path)
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    """Tables, triggers and version in one transaction: they are there whole or not at all."""
    connection.execute("PRAGMA journal_mode = WAL")
    triggers = "".join(_STAYS.format(table=table, key=key) for table, key in _KEYS.items())
    marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
    connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} {triggers} {marks} COMMIT;")


def _recognise(connection: sqlite3.Connection, path: Path) -> None:
    (application,), (version,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
    if application != _APPLICATION:
        raise FileRefused(f"{path} is not codalink's journal.", remedy="Move it away; codalink begins a new one with its next change.")
    if version != _VERSION:
        raise FileRefused(f"The journal {path} was written by another version of codalink.", remedy="Use the newest codalink.")


@contextmanager
def opened_to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """The journal at `path`, which exists; nothing is written. Raises FileRefused; sqlite3.Error."""
    with closing(_connect_to_read(path)) as connection:
        _recognise(connection, path)
        yield connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    connection = _connect(path, "ro")
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        connection.close()
        return _connect(path, "ro&immutable=1")  # in a folder where not even the files beside it may be made
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)


def _alone(path: Path) -> FileLock:
    """Making the file, and setting it aside, is for one process at a time. Raises TimeoutError."""
    return FileLock(path.with_suffix(".lock"), timeout=_PATIENCE_S)


def as_written(at: datetime) -> str:
    """A time as it stands in the file, in UTC: what is later is greater."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def is_damage(error: Exception) -> bool:
    """Whether the error says that the file is broken, and not just out of reach."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF in _DAMAGES


def set_aside(path: Path, now: datetime) -> Path | None:
    """Give a damaged journal another name, and tell it; None where somebody else has done so. Raises OSError."""
    with _alone(path):
        if not _is_damaged(path):
            return None
        aside = path.with_name(f"{path.stem}-damaged-{now:%Y%m%d-%H%M%S}{path.suffix}")
        for ending in (*_BESIDE, ""):  # the file itself last: a new one must never meet what lay beside the old one
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + ending))
        return aside


def _is_damaged(path: Path) -> bool:
    try:
        with closing(_connect(path, "rw")) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return str(verdict) != "ok"
    except sqlite3.DatabaseError as error:
        return is_damage(error)


def damaged_before(path: Path) -> list[Path]:
    """Damaged journals that were set aside."""
    return sorted(path.parent.glob(f"{path.stem}-damaged-*{path.suffix}"))
