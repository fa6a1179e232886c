"""What files say: of the user, of a bank, of MyCodaBox, and codalink's own after somebody else had them."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import example
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from codalink import config
from codalink.cli import seen
from codalink.coda import check_files, links_by_account, read_coda
from codalink.journal.reader import read_trail
from codalink.mycodabox import read_mandates
from codalink.odoo.gateway import DatabaseName
from codalink.office.advice.letters import Language, LetterKind, Party
from codalink.office.delivery.continuity import Link, check_chain
from codalink.office.keys.key_csv import read_keys
from codalink.office.model import Office, Survey, Vat
from codalink.office.selection import Patterns
from codalink.office.spreadsheet import read_rows
from codalink.office.trail import TrailFilter
from codalink.render import log as shown_log
from codalink.render.console import plain
from codalink.render.letters import Templates
from codalink.secrets.keyfile import KeyFile
from codalink.secrets.keys import DatabaseKeys
from tests.fuzz.inputs import damaged, ibans, texts, values, vats
from tests.fuzz.test_answers import _assert_harmless, _is_clean
from tests.fuzz.trying import Tried, read_or_refused, trying
from tests.unit.fakes import MemoryStore
from tests.unit.journal.journals import journal, write
from tests.unit.mycodabox.exports import BAKERY, GARAGE, HEADER, csv_file, workbook
from tests.unit.render.letters import letter
from tests.unit.secrets.stored_keys import stored
from tests.unit.test_coda import coda

TODAY = date(2026, 6, 1)


def reading(content: bytes, name: str, read: Callable[[Path], object]) -> None:
    """Try a file with this content and name."""
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        read_or_refused(lambda: read(path))
    finally:
        shutil.rmtree(folder)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# --- of a bank ---------------------------------------------------------------------------------------------------------------------------

CODA = coda(3)
coda_lines = st.lists(st.sampled_from(CODA.split(b"\r\n")).flatmap(damaged), max_size=12).map(b"\r\n".join)


@trying(st.binary(max_size=600) | damaged(CODA) | coda_lines)
def test_coda(content: bytes) -> None:
    def read() -> None:
        file = read_coda(content, "a.cod")
        links_by_account([file])
        check_files([file], TODAY)

    read_or_refused(read)


amounts = st.sampled_from([Decimal(0), Decimal(1), Decimal("-0.01"), Decimal("1E+12")])
days = st.dates(date(2026, 1, 1), date(2026, 1, 6))
links = st.builds(Link, days, amounts, amounts, st.none() | days, st.integers(0, 4))


@trying(st.lists(links, max_size=14))
def test_statements_that_follow_each_other_or_not(chain: list[Link]) -> None:
    read_or_refused(lambda: check_chain(chain, today=TODAY, silent_after=timedelta(days=35)))


# --- of MyCodaBox ------------------------------------------------------------------------------------------------------------------------


def _made(make: Callable[[Path], Path], ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make(Path(folder) / f"export.{ending}").read_bytes()


CSV, XLSX = _made(csv_file, "csv"), _made(workbook, "xlsx")
cells = st.sampled_from([*HEADER, *BAKERY, *GARAGE]) | texts | ibans | vats
csv_tables = st.lists(st.lists(cells, min_size=1, max_size=7).map(";".join), max_size=6).map(lambda lines: encoded("\n".join(lines)))
header_first = csv_tables.map(lambda table: encoded(";".join(HEADER)) + b"\n" + table)


@trying(damaged(CSV) | csv_tables | header_first | st.binary(max_size=200))
def test_export_of_mandates(content: bytes) -> None:
    reading(content, "export.csv", read_mandates)


@trying(damaged(XLSX) | st.binary(max_size=200).map(lambda noise: XLSX[:30] + noise))
def test_workbook(content: bytes) -> None:
    reading(content, "export.xlsx", read_mandates)


@trying(st.lists(st.lists(st.none() | st.booleans() | st.integers() | st.dates() | cells, max_size=7), max_size=5))
def test_cells_of_a_workbook(rows: list[list[object]]) -> None:
    def with_cells() -> bytes | None:
        try:
            return _made(lambda path: workbook(path, [HEADER, *rows]), "xlsx")
        except (IllegalCharacterError, ValueError, OverflowError):  # openpyxl writes no control characters, and no halves of characters
            return None

    content = with_cells()
    if content is not None:
        reading(content, "export.xlsx", read_mandates)


# --- of the user -------------------------------------------------------------------------------------------------------------------------

CONFIGURATION = b"""[office]
name = "Kantoor"
vat = "BE0477472701"
[selection]
include = ["a*"]
[letters]
from = "a@example.be"
[[source]]
server = "https://odoo.example.be"
login = "me"
[[source]]
file = "databases.csv"
protocol = "json-2"
"""
DATABASES = b"url,database,login,protocol\nhttps://a.example.be,a,me,json-2\nhttps://b.example.be;b,,\n"
DATABASES_TOML = b'[[database]]\nurl = "https://a.example.be"\nname = "a"\nlogin = "me"\n'
KEYS = b"url,database,login,key,expires\nhttps://a.example.be,a,me,%s,2026-09-01\n" % (b"a1" * 20)


def tomls(whole: bytes) -> st.SearchStrategy[bytes]:
    return damaged(whole) | texts.map(encoded) | st.integers(1, 4000).map(lambda depth: b"x = " + b"[" * depth + b"]" * depth)


@trying(tomls(CONFIGURATION))
def test_configuration(content: bytes) -> None:
    reading(content, "codalink.toml", lambda path: config.sources(config.load(path), path))


@trying(st.lists(texts, min_size=6, max_size=6))
def test_configuration_written_from_foreign_texts_is_read_back(said: list[str]) -> None:
    """Whatever somebody typed or pasted, the file says just that and nothing more."""
    name, place, login, account, database, pattern = (text.encode("utf-8", "replace").decode().strip() or "x" for text in said)
    entry = config.SourceEntry(config.Kind.FILE, place, login, account, database)
    office = Office(name, Vat.parse("BE0477472701"))
    told = config.Configuration(office, (entry,), Patterns((pattern,), ()))

    def read(path: Path) -> config.Configuration:
        config.save(told, path)
        return config.load(path)

    folder = Path(tempfile.mkdtemp())
    try:
        assert read_or_refused(lambda: read(folder / "codalink.toml")) in {told, None}
    finally:
        shutil.rmtree(folder)


@trying(damaged(DATABASES) | csv_tables | st.binary(max_size=100))
def test_list_of_databases(content: bytes) -> None:
    reading(content, "databases.csv", lambda path: config.load_databases(path, "me"))


@trying(tomls(DATABASES_TOML))
def test_list_of_databases_in_toml(content: bytes) -> None:
    reading(content, "databases.toml", lambda path: config.load_databases(path, "me"))


@trying(damaged(KEYS).map(lambda content: content.decode("utf-8", "replace")) | texts)
def test_keys_in_csv(text: str) -> None:
    read_or_refused(lambda: read_keys(text, "keys.csv", TODAY))


@trying(texts, st.sampled_from([("url",), ()]))
def test_spreadsheet(text: str, needed: tuple[str, ...]) -> None:
    Tried.count += 1
    try:
        read_rows(text, needed)
    except ValueError as error:
        told = str(error)
    else:
        return
    assert told.startswith("line ")


OWN = (
    "Subject: {{ company.name }}\n\n{{ accounts|listed }} {{ 12|number }}\n",
    "Subject: x\n\n{% for x in accounts %}{{ x }}{% endfor %}{% include 'closing.nl.txt' %}\n",
    "Subject: x\n\n{{ company.__class__ }}{{ company.name.format }}{{ [].append(1) }}{{ missing.before|amount }}\n",
)


@trying(st.sampled_from([encoded(one) for one in OWN]).flatmap(damaged) | texts.map(encoded), st.sampled_from(LetterKind))
def test_template_of_the_office(content: bytes, kind: LetterKind) -> None:
    reading(content, f"{kind.value}.nl.txt", lambda path: Templates(path.parent).write(letter(kind)))


@trying(st.sampled_from(LetterKind), st.sampled_from(Language), texts, st.lists(ibans, max_size=2))
def test_letter_about_a_stranger(kind: LetterKind, language: Language, name: str, accounts: list[str]) -> None:
    """One subject on one line, and nothing that steers a terminal."""
    written = read_or_refused(
        lambda: Templates(Path("nowhere")).write(letter(kind, language, company=Party(name), accounts=tuple(accounts)))
    )
    assert written is not None
    assert "\n" not in written.subject
    assert _is_clean(str(written))


# --- codalink's own ----------------------------------------------------------------------------------------------------------------------


def _key_file() -> tuple[bytes, MemoryStore]:
    store = MemoryStore()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        DatabaseKeys(path, store).keep([stored("a"), stored("b", expires=TODAY)])
        return path.read_bytes(), store


KEY_FILE, KEY_STORE = _key_file()


@trying(damaged(KEY_FILE) | st.binary(max_size=100))
def test_file_with_keys(content: bytes) -> None:
    reading(content, "keys", lambda path: DatabaseKeys(path, KEY_STORE).all())


@trying(values | st.lists(st.dictionaries(st.sampled_from(["origin", "database", "login", "current", "next", "key", "added"]), values)))
def test_well_encrypted_nonsense(content: object) -> None:
    def read(path: Path) -> object:
        path.unlink()
        file = KeyFile(path, KEY_STORE)
        with file.alone():
            file.replace(json.dumps(content).encode())
        return DatabaseKeys(path, KEY_STORE).all()

    reading(b"", "keys", read)


def _journal() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        writer = journal(path)
        write(writer)
        writer.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
        return path.read_bytes()


JOURNAL = _journal()
COLUMNS = {
    "run": ("id", "command", "version", "person", "office_vat"),
    "change": ("at", "what", "detail", "server", "database", "login", "company", "company_id", "company_vat"),
    "ending": ("result", "error", "cause", "took_ms"),
}
places = st.sampled_from([(table, column) for table, columns in COLUMNS.items() for column in columns])
nonsense = (
    st.binary(max_size=8)
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | texts.map(lambda text: text.encode("utf-8", "replace").decode())
)


def _shown(path: Path) -> None:
    for wanted in (TrailFilter(), TrailFilter(company="x", what="connect", only_failed=True)):
        trail = read_trail(path, wanted)
        assert _is_clean(plain(shown_log.table(trail, 120), 120))
        assert shown_log.summary(trail)
        _assert_harmless(shown_log.records(trail))


@trying(damaged(JOURNAL) | st.binary(max_size=200))
def test_damaged_journal(content: bytes) -> None:
    reading(content, "journal.sqlite", _shown)


@trying(st.dictionaries(places, nonsense, min_size=1, max_size=4))
@example({("change", "what"): "\x1b[31m\x1b]8;;http://evil.example\x07"})
@example({("run", "command"): b""})
def test_journal_in_which_somebody_wrote(said: dict[tuple[str, str], object]) -> None:
    def read(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            for name, *_ in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("PRAGMA foreign_keys = OFF")
            for (table, column), value in said.items():
                connection.execute(f"UPDATE {table} SET {column} = ?", [value])  # noqa: S608  # our own names
        _shown(path)

    reading(JOURNAL, "journal.sqlite", read)


seen_files = values.map(lambda value: json.dumps(value).encode()) | st.dictionaries(
    st.sampled_from(["databases", "companies", "places"]), values | st.lists(st.lists(values, min_size=3, max_size=3), max_size=3)
).map(lambda value: json.dumps(value).encode())


@trying(seen_files | seen_files.flatmap(damaged) | st.integers(1, 200_000).map(lambda depth: b"[" * depth), texts)
def test_what_was_seen_last_time(content: bytes, typed: str) -> None:
    def read(path: Path) -> None:
        os.environ["CODALINK_STATE"] = str(path.parent)
        shutil.copy(path, path.with_name("listed-0477472701.json"))
        seen.complete_company(typed)
        assert all(isinstance(name, str) for name in seen.complete_database(typed))
        seen.changes(Survey((), ()), "0477472701")
        assert DatabaseName(typed) is not None

    reading(content, "seen.json", read)
