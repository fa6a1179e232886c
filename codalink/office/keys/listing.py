"""Who has an API key: what opens each of the office's databases, how old it is, and how long it lasts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from codalink.errors import CodalinkError
from codalink.odoo.apikeys import KeyRecord, is_key, key_records
from codalink.odoo.gateway import DatabaseAddress, Gateways
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.means import Means
from codalink.secrets.credentials import Credentials
from codalink.secrets.keys import DatabaseKeys, StoredKey


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


def refresh_keys(known: KeyList, keys: DatabaseKeys, credentials: Credentials, means: Means) -> KeyList:
    """Ask the databases, side by side, when their keys were made and until when they last; what they tell is stored too.

    Nobody else may change keys meanwhile. A database that can't be asked keeps its row, with the error. Errors for everyone are raised.
    """
    means.listener(StageStarted("Asking for API keys", len(known.rows)))

    def ask(row: KeyRow) -> KeyRow:
        try:
            return row if row.state is KeyState.NONE else _asked(row, keys, credentials, means.gateways)
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            return replace(row, error=error)

    answers: dict[DatabaseAddress, KeyRow] = {}
    for row, answer in means.runner.each(known.rows, ask, means.stop, lane=lambda row: row.database.server):
        means.listener(PieceDone(row.database.name, failed=answer.error is not None))
        answers[row.database] = answer
    means.listener(StageEnded())
    rows = tuple(answers.get(row.database, row) for row in known.rows)
    keys.keep(_with_new_expiry(rows, keys))
    return KeyList(rows, known.today)


def _asked(row: KeyRow, keys: DatabaseKeys, credentials: Credentials, gateways: Gateways) -> KeyRow:
    """The row with what Odoo says. A password has no record there, but asking shows whether it is accepted."""
    origin, name = str(row.database.server), row.database.name
    credential = credentials.find(origin, name, row.database.login)
    records = key_records(gateways.open(row.database), credential.login)
    return _told(row, records, keys.find(origin, name)) if is_key(credential.secret) else row


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
