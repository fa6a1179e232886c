"""Reading the journal, without network and keyring, also while others write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path

from codalink.errors import FileRefused
from codalink.journal.database import as_written, is_damage, opened_to_read
from codalink.office.changes import ChangeResult
from codalink.office.model import parsed_or_none
from codalink.office.trail import Run, Trail, TrailEntry, TrailFilter

_CONDITIONS = {
    "company": "company <> '' AND (company_vat = :number OR instr(folded(database || '/' || company), :company))",
    "database": ":database IN (folded(database), folded(server || '/' || database), folded({host} || '/' || database))".format(
        host="substr(server, instr(server, '://') + 3)"
    ),
    "what": "instr(what, :what)",
    "run": "instr(run, :run) = 1",
    "since": "at >= :since",
    "until": "at < :until",
    "failed": "result <> 'done'",
}
"""What is asked of a row, by what is said in a TrailFilter."""


def read_trail(path: Path, wanted: TrailFilter, newest: int | None = None) -> Trail:
    """The wanted entries of the journal at `path`, of many only the newest ones; nothing where there is no journal yet.

    Raises FileRefused where it can't be read.
    """
    if not path.exists():
        return Trail()
    with _reading(path) as connection:
        found = list(_found(connection, wanted, newest))
        total, begins = connection.execute("SELECT count(*), min(at) FROM change").fetchone()
        return Trail(tuple(reversed(found)), total, _time(begins) if begins else None)


_NAMES = ("server", "database", "login", "company", "company_vat", "detail")


def names_in(path: Path) -> set[str]:
    """Every name in the journal, of whatever sort, each once; none where there is no journal. Raises FileRefused where it can't be read."""
    if not path.exists():
        return set()
    queries = [f"SELECT {column} FROM change" for column in _NAMES]  # noqa: S608  # those above
    with _reading(path) as connection:
        found = connection.execute(" UNION ".join([*queries, "SELECT person FROM run", "SELECT office_vat FROM run"]))
        return {str(name) for (name,) in found if name}


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The journal, with what may go wrong told as ours. Raises FileRefused."""
    try:
        with opened_to_read(path) as connection:
            yield connection
    except (sqlite3.Error, ValueError, TypeError) as error:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            raise FileRefused(f"The journal {path} can't be read: {error}.") from error
        raise FileRefused(f"The journal {path} is damaged: {error}.", remedy=_DAMAGED) from error


_DAMAGED = (
    "It was left as it is. The next run that changes something keeps it under another name and begins a new one; `sqlite3 FILE .recover` "
    "gets out of it what can still be read."
)


def _found(connection: sqlite3.Connection, wanted: TrailFilter, newest: int | None) -> Iterator[TrailEntry]:
    """The wanted entries, the newest first. Raises ValueError, TypeError where somebody wrote nonsense into the file."""
    said = _said(wanted)
    conditions = " AND ".join(f"({_CONDITIONS[name]})" for name in said) or "true"
    query = f"SELECT * FROM trail WHERE {conditions} ORDER BY number DESC LIMIT :newest"  # noqa: S608  # only those written above
    number = parsed_or_none(wanted.company)
    connection.row_factory = sqlite3.Row
    connection.create_function("folded", 1, str.casefold, deterministic=True)
    for row in connection.execute(query, {**said, "number": number.digits if number else None, "newest": -1 if newest is None else newest}):
        yield _entry(row)


def _entry(row: sqlite3.Row) -> TrailEntry:
    """A row of the trail. SQLite keeps whatever somebody writes into a column, whatever the column is for."""
    texts = {name: row[name] for name in row.keys() if name not in {"number", "took_ms"}}  # noqa: SIM118  # a Row is no dict
    took_ms = row["took_ms"]
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(took_ms, int | None):
        raise TypeError(f"entry {row['number']} has something else in it than texts")
    run, company_id = texts.pop("run"), texts.pop("company_id")
    about = Run(run, *(texts.pop(name) for name in ("command", "version", "person", "office_vat")))
    return TrailEntry(
        run=about,
        at=_time(texts.pop("at")),
        company_id=int(company_id) if company_id else None,
        result=ChangeResult(texts.pop("result")),
        took_ms=took_ms,
        **texts,
    )


def _time(text: str) -> datetime:
    """With its zone, and not at the end of time, where no other zone's clock shows it."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not MINYEAR < at.year < MAXYEAR:
        raise ValueError(f"{text!r} is no time of a change")
    return at


def _said(wanted: TrailFilter) -> dict[str, str]:
    """What the filter says, as it stands in the file."""
    said = {
        "company": wanted.company.strip().casefold(),
        "database": wanted.database.strip().casefold(),
        "what": wanted.what.casefold(),
        "run": wanted.run.casefold(),
        "since": as_written(wanted.since) if wanted.since else "",
        "until": as_written(wanted.until) if wanted.until else "",
        "failed": "yes" if wanted.only_failed else "",
    }
    return {name: value for name, value in said.items() if value}
