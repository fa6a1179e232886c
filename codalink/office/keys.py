"""The API keys of the office's databases: who has one and how long it lasts, reading many from a file, and exchanging them for new ones.

Exchanging a key (`rotate_key`). Invariants, wherever the process dies; the key file never lacks a key that works:

1. Odoo makes a new key, and the new one is stored beside the old one as candidate. Dying before it is stored leaves a key in Odoo that
   nobody knows: it bears codalink's name and the day, and expires.
2. The candidate logs in. Only then does it become the current key, and the old one a former one, in one write.
3. Odoo revokes the former key; only then is it dropped. Dying in between leaves one that Odoo refuses: that is how the next run sees it.

The next run tries what it finds (candidate, current, formers), takes the first that Odoo accepts, and goes on from there. It asks Odoo for
another new key only where none is half exchanged.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from io import StringIO

from codalink.errors import (
    AddressRefused,
    CodalinkError,
    DatabaseAmbiguous,
    DatabaseUnknown,
    FileRefused,
    KeysNotOffered,
    LoginRefused,
    RightsMissing,
    ServerError,
)
from codalink.odoo.apikeys import KeyRecord, generate_key, is_accepted, is_key, key_records, revoke_key
from codalink.odoo.gateway import DatabaseAddress, DatabaseName, Gateway, ServerUrl
from codalink.office.discover import DatabasesApp, MyDatabases, Named, ServerList, Source, Sources
from codalink.office.events import Listener, PieceDone, StageEnded, StageStarted, nobody
from codalink.office.fleet import Runner, Stop
from codalink.secrets.keys import ApiKey, Credentials, DatabaseKeys, StoredKey, is_odoo_online
from codalink.secrets.masked import Secret

_SHOWN = 8
"""How many mistakes, or matches, an error lists before it counts the rest."""

OpenWith = Callable[[DatabaseAddress, Secret], Gateway]
"""Opens a conversation with a database with this very secret."""


# --- which database ------------------------------------------------------------------------------------------------------------------


def known_databases(sources: Sources, seen: Iterable[str], stored: Sequence[StoredKey]) -> list[DatabaseAddress]:
    """The databases that codalink knows without asking anybody: named in files, seen last time, or with a key of their own.

    `seen` are those of last time, as `server/name`; they count where one of the sources may still lead to them. The login is the one of the
    database's own key, if it has one.
    """
    found: dict[tuple[str, str], DatabaseAddress] = {}
    for address in (*_named(sources), *_seen(sources, seen), *map(address_of, stored)):
        found.setdefault((str(address.server), address.name), address)
    logins = {key.place: key.login for key in stored}
    addresses = (replace(address, login=logins.get(place, address.login)) for place, address in found.items())
    return sorted(addresses, key=lambda one: (one.name, one))


def address_of(stored: StoredKey) -> DatabaseAddress:
    """The address of the database that a stored key belongs to."""
    return DatabaseAddress(ServerUrl.parse(stored.origin), DatabaseName(stored.database), stored.login)


def _named(sources: Sources) -> Iterator[DatabaseAddress]:
    for source in sources.places:
        if isinstance(source, Named):
            yield from (address for address in source.databases if sources.patterns.admit(address.name))


def _seen(sources: Sources, seen: Iterable[str]) -> Iterator[DatabaseAddress]:
    for place in seen:
        origin, _, name = place.rpartition("/")
        try:
            server = ServerUrl.parse(origin)
        except AddressRefused:
            continue
        source = next((one for one in sources.places if _may_lead_to(one, server)), None)
        if source is not None and not isinstance(source, Named) and sources.patterns.admit(name):
            yield DatabaseAddress(server, DatabaseName(name), source.login, source.protocol)


def _may_lead_to(source: Source, server: ServerUrl) -> bool:
    match source:
        case ServerList(server=listed):
            return listed == server
        case MyDatabases():
            return is_odoo_online(str(server))
        case DatabasesApp():
            return True
        case Named():
            return False


def find_database(wanted: str, databases: Sequence[DatabaseAddress]) -> DatabaseAddress:
    """The one database that `wanted` names: by its name, or as server/name, where the server is an address or just its host.

    Raises DatabaseUnknown, DatabaseAmbiguous (which lists the matches).
    """
    text = wanted.strip().casefold()
    matches = [address for address in databases if text in _names(address)]
    if not matches:
        raise DatabaseUnknown(f"No database matches {wanted!r}.")
    if len(matches) > 1:
        raise DatabaseAmbiguous(f"{wanted!r} matches {len(matches)} databases: {', '.join(f'{one.server}/{one.name}' for one in matches)}.")
    return matches[0]


def _names(address: DatabaseAddress) -> set[str]:
    places = ("", f"{address.server}/", f"{address.server.host}/", f"{address.server.host}:{address.server.port}/")
    return {f"{place}{address.name}".casefold() for place in places}


# --- who has a key -------------------------------------------------------------------------------------------------------------------


class KeyState(Enum):
    """What opens a database."""

    OWN = "own key"
    LOGIN = "server's login"
    NONE = "none"


@dataclass(frozen=True)
class KeyRow:
    """A database and what opens it. `created` and `expires` are as Odoo tells them, else as codalink knows them; None where nobody does."""

    database: DatabaseAddress
    state: KeyState
    created: date | None = None
    expires: date | None = None
    is_unfinished: bool = False
    """An exchange of keys was interrupted."""
    doubt: str = ""
    """Why Odoo could not tell more; a sentence."""
    error: CodalinkError | None = None

    def age_days(self, today: date) -> int | None:
        """How old the key is."""
        return (today - self.created).days if self.created else None

    def days_left(self, today: date) -> int | None:
        """For how long it lasts; zero and less where it has expired."""
        return (self.expires - today).days if self.expires else None


@dataclass(frozen=True)
class KeyList:
    """Every database with what opens it, and the day on which that was so."""

    rows: tuple[KeyRow, ...]
    today: date


def list_keys(databases: Sequence[DatabaseAddress], keys: DatabaseKeys, credentials: Credentials, today: date) -> KeyList:
    """What opens each database, as far as this computer knows. No call to Odoo. Raises SecretsError."""
    return KeyList(tuple(_row(database, keys.find(str(database.server), database.name), credentials) for database in databases), today)


def _row(database: DatabaseAddress, stored: StoredKey | None, credentials: Credentials) -> KeyRow:
    if stored is not None:
        mine = replace(database, login=stored.login)
        return KeyRow(mine, KeyState.OWN, stored.added, stored.expires, stored.is_unfinished)
    has_login = credentials.of_login(str(database.server), database.login) is not None
    return KeyRow(database, KeyState.LOGIN if has_login else KeyState.NONE)


def refresh_keys(
    known: KeyList,
    keys: DatabaseKeys,
    credentials: Credentials,
    open_with: OpenWith,
    runner: Runner,
    stop: Stop,
    listener: Listener = nobody,
) -> KeyList:
    """Ask the databases, side by side, when their keys were made and until when they last; what they tell is stored too.

    Nobody else may change keys meanwhile. A database that can't be asked keeps its row, with the error. Errors for everyone are raised.
    """
    listener(StageStarted("Asking for API keys", len(known.rows)))

    def ask(row: KeyRow) -> KeyRow:
        if row.state is KeyState.NONE:
            return row
        try:
            origin, name = str(row.database.server), row.database.name
            login, secret = credentials.find(origin, name, row.database.login)
            records = key_records(open_with(row.database, secret), login)
            return _told(row, records, keys.find(origin, name)) if is_key(secret) else row
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            return replace(row, error=error)

    refreshed: dict[DatabaseAddress, KeyRow] = {}
    for row, answer in runner.each(known.rows, ask, stop, lane=lambda row: row.database.server):
        listener(PieceDone(row.database.name, failed=answer.error is not None))
        refreshed[row.database] = answer
    listener(StageEnded())
    rows = tuple(refreshed.get(row.database, row) for row in known.rows)
    keys.keep(_with_new_expiry(rows, keys))
    return KeyList(rows, known.today)


def _told(row: KeyRow, records: Sequence[KeyRecord], stored: StoredKey | None) -> KeyRow:
    """The row with what Odoo tells of its key: the only one of the login, or the one of the name that codalink gave it."""
    name = stored.current.name if stored is not None else ""
    mine = [record for record in records if record.name == name] if name else records
    if len(mine) == 1:
        return replace(row, created=mine[0].created or row.created, expires=mine[0].expires)
    return replace(row, doubt=f"Odoo lists {len(records)} keys of {row.database.login} and doesn't tell which one this is.")


def _with_new_expiry(rows: Iterable[KeyRow], keys: DatabaseKeys) -> list[StoredKey]:
    changed = []
    for row in rows:
        stored = keys.find(str(row.database.server), row.database.name)
        if stored is not None and row.error is None and not row.doubt and stored.expires != row.expires:
            changed.append(replace(stored, current=replace(stored.current, expires=row.expires)))
    return changed


# --- new keys from outside -----------------------------------------------------------------------------------------------------------


def renewed(former: StoredKey | None, new: StoredKey) -> StoredKey:
    """`new` in the place of `former`: what was left of an exchange stays to be revoked, and the same key keeps its day and name."""
    if former is None:
        return new
    if former.key == new.key and former.login == new.login:
        return replace(former, current=replace(former.current, expires=new.expires or former.expires))
    rest = (*((former.candidate,) if former.candidate else ()), *former.formers)
    return replace(new, formers=tuple(one for one in rest if one.secret != new.key) if former.login == new.login else ())


@dataclass(frozen=True)
class KeyImport:
    """The keys of a file, sorted by what they would change."""

    new: tuple[StoredKey, ...] = ()
    changed: tuple[StoredKey, ...] = ()
    same: tuple[StoredKey, ...] = ()


def compare(read: Iterable[StoredKey], keys: DatabaseKeys) -> KeyImport:
    """What storing these would change. Raises SecretsError."""
    stored = [(keys.find(*key.place), key) for key in read]
    pairs = [(former, renewed(former, key)) for former, key in stored]
    return KeyImport(
        new=tuple(key for former, key in pairs if former is None),
        changed=tuple(key for former, key in pairs if former is not None and key != former),
        same=tuple(key for former, key in pairs if key == former),
    )


_COLUMNS = ("url", "database", "login", "key")
_KEY_FORM = re.compile(r"[0-9a-f]{40}")
"""What Odoo's own keys look like."""


def read_keys(text: str, source: str, today: date) -> list[StoredKey]:
    """The keys of a CSV file with the columns url, database, login, key and maybe expires; comma or semicolon, as spreadsheets write them.

    Raises FileRefused with all mistakes and their lines; no value of the file is in it, since a column may be in the wrong place.
    """
    lines = text.removeprefix("\ufeff")
    header = lines.splitlines()[0] if lines.strip() else ""
    rows = csv.DictReader(StringIO(lines), delimiter=";" if header.count(";") > header.count(",") else ",", strict=True)
    reader = _KeyReader(today)
    try:
        names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
        missing = [column for column in _COLUMNS if column not in names]
        if missing:
            raise FileRefused(
                f"{source}, line 1: the column {missing[0]} is missing.", remedy="The header is: url,database,login,key,expires"
            )
        for row in rows:
            reader.take(rows.line_num, {lower: (row.get(name) or "").strip() for lower, name in names.items()})
    except csv.Error as error:
        raise FileRefused(f"{source}, line {rows.line_num}: not a CSV file: {error}.") from None
    if reader.mistakes:
        more = f"; and {len(reader.mistakes) - _SHOWN} more" if len(reader.mistakes) > _SHOWN else ""
        raise FileRefused(
            f"{source}: {'; '.join(reader.mistakes[:_SHOWN])}{more}.",
            remedy="Correct these lines and import the file again: nothing was stored.",
        )
    if not reader.found:
        raise FileRefused(
            f"{source} holds no key.", remedy="The header is url,database,login,key,expires; a line for each database follows."
        )
    return list(reader.found.values())


class _KeyReader:
    """Takes rows, and collects keys and mistakes."""

    def __init__(self, today: date) -> None:
        self.found: dict[tuple[str, str], StoredKey] = {}
        self.mistakes: list[str] = []
        self._today = today
        self._lines: dict[tuple[str, str], int] = {}

    def take(self, line: int, row: dict[str, str]) -> None:
        """One row; an empty one is left out."""
        if not any(row.values()):
            return
        try:
            stored = self._stored(row)
        except ValueError as error:
            self.mistakes.append(f"line {line}: {error}")
            return
        first = self._lines.setdefault(stored.place, line)
        if self.found.setdefault(stored.place, stored) != stored:
            self.mistakes.append(f"line {line}: another key for the database of line {first}")

    def _stored(self, row: dict[str, str]) -> StoredKey:
        """Raises ValueError, with a text that has no value of the row in it."""
        empty = [column for column in _COLUMNS if not row[column]]
        if empty:
            raise ValueError(f"{' and '.join(empty)} missing")
        secret, server = Secret(row["key"]), _server(row["url"])
        if not row["key"].isascii() or any(character.isspace() or not character.isprintable() for character in row["key"]):
            raise ValueError("the key has a blank or a foreign character in it")
        for column in ("database", "login"):  # they are shown later, so no key may slip in there
            if "/" in row[column] or _KEY_FORM.fullmatch(row[column]):
                raise ValueError(f"{column} is not a {column}; are the columns in their places?")
        expires = _day(row["expires"]) if row.get("expires") else None
        return StoredKey(str(server), row["database"], row["login"], ApiKey(secret, self._today, expires))


def _server(text: str) -> ServerUrl:
    """A host without a dot needs a scheme: else a key in the wrong column would pass for one."""
    try:
        if "://" in text or "." in text or text.startswith("localhost"):
            return ServerUrl.parse(text)
    except AddressRefused:
        pass  # its text has the value in it
    raise ValueError("url is not an https address")


def _day(text: str) -> date:
    """A date as 2026-05-19 or 19/05/2026; what stands behind a blank, such as the time of day, is left out."""
    day = text.partition(" ")[0].partition("T")[0]
    try:
        if "/" in day:
            day = "-".join(part.zfill(2) for part in reversed(day.split("/")))
        return date.fromisoformat(day)
    except ValueError:
        raise ValueError("expires is not a date such as 2026-05-19") from None


# --- exchanging ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyRotation:
    """What became of one database's key. `was_resumed` says that an exchange which had been interrupted was brought to its end."""

    database: DatabaseAddress
    expires: date | None = None
    was_resumed: bool = False
    error: CodalinkError | None = None


@dataclass(frozen=True)
class KeyExchange:
    """Exchanges the API keys of databases for new ones, which expire on `expires`. The module's docstring has the invariants.

    `new_name` gives the names under which Odoo lists new keys, a different one each time.
    """

    keys: DatabaseKeys
    open_with: OpenWith
    new_name: Callable[[], str]
    today: date
    expires: date

    def rotate_all(
        self, databases: Sequence[DatabaseAddress], runner: Runner, stop: Stop, listener: Listener = nobody
    ) -> list[KeyRotation]:
        """Exchange the keys of several databases side by side; after a stop the rest is left out. Errors for everyone are raised."""
        listener(StageStarted("Exchanging API keys", len(databases)))
        done = []
        for database, result in runner.each(databases, self.rotate_key, stop, lane=lambda database: database.server):
            listener(PieceDone(database.name, failed=result.error is not None))
            done.append(result)
        listener(StageEnded())
        return sorted(done, key=lambda one: one.database)

    def rotate_key(self, database: DatabaseAddress) -> KeyRotation:
        """Exchange the key of a database that has one of its own; about six calls. Its failure is its outcome."""
        stored = self.keys.find(str(database.server), database.name)
        if stored is None:
            return KeyRotation(database, error=KeysNotOffered(f"The database {database.name} has no API key of its own here to exchange."))
        was_resumed = stored.is_unfinished
        try:
            if was_resumed:
                stored = self._settled(database, stored)
            if not stored.formers:
                was_resumed = False
                stored = self._settled(database, self._with_candidate(database, stored))
                if not stored.formers:
                    raise LoginRefused(f"Odoo made a new API key for {database.name}, and refuses it. The old one stays in use.")
            stored = self._without_formers(database, stored)
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            return KeyRotation(database, stored.expires, was_resumed, error)
        return KeyRotation(database, stored.expires, was_resumed)

    def _with_candidate(self, database: DatabaseAddress, stored: StoredKey) -> StoredKey:
        """Step 1."""
        name = self.new_name()
        gateway = self.open_with(database, stored.key)
        try:
            secret = generate_key(gateway, stored.key, name, self.expires)
        except (LoginRefused, RightsMissing) as error:
            if not is_accepted(gateway):
                raise
            raise KeysNotOffered(
                f"Odoo makes new API keys in {database.name} only for administrators who log in with a key, not with a password."
            ) from error
        except ServerError as error:
            if not error.may_have_happened:
                raise
            raise type(error)(error.cause, remedy=_left_behind(name)) from error
        return self._kept(replace(stored, candidate=ApiKey(secret, self.today, self.expires, name)))

    def _settled(self, database: DatabaseAddress, stored: StoredKey) -> StoredKey:
        """Step 2: the first key that Odoo accepts becomes the current one, those before it are dropped, those behind it to be revoked.

        Raises LoginRefused where it refuses all of them; they stay in the file then.
        """
        there = [*((stored.candidate,) if stored.candidate else ()), stored.current, *stored.formers]
        for number, key in enumerate(there):
            if is_accepted(self.open_with(database, key.secret)):
                settled = replace(stored, current=key, candidate=None, formers=tuple(there[number + 1 :]))
                return settled if settled == stored else self._kept(settled)
        raise LoginRefused(f"Odoo refuses every key of {stored.login} that is kept for {database.name}.")

    def _without_formers(self, database: DatabaseAddress, stored: StoredKey) -> StoredKey:
        """Step 3. What Odoo refuses to revoke because it doesn't know it, is revoked already."""
        for former in stored.formers:
            try:
                revoke_key(self.open_with(database, stored.key), former.secret)
            except CodalinkError as error:
                is_doubtful = isinstance(error, (LoginRefused, RightsMissing)) or error.may_have_happened
                if not is_doubtful or is_accepted(self.open_with(database, former.secret)):
                    raise
            stored = self._kept(replace(stored, formers=tuple(one for one in stored.formers if one is not former)))
        return stored

    def _kept(self, stored: StoredKey) -> StoredKey:
        self.keys.keep([stored])
        return stored


def _left_behind(name: str) -> str:
    return (
        f'Odoo may have made a key named "{name}" that nobody knows: if it is listed there (your name at the top right > Preferences > '
        "Account Security), remove it. Then run the command again."
    )
