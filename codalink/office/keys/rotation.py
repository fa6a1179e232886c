"""Exchanging API keys for new ones, without ever being without one that works.

Invariants, wherever the process dies; the key file never lacks a key that works:

1. Odoo makes a new key, and the new one is stored beside the old one as candidate. Dying before it is stored leaves a key in Odoo that
   nobody knows: it bears codalink's name and the day, and expires. Where it can't be stored, it is revoked at once.
2. The candidate logs in. Only then does it become the current key, and the old one a former one, in one write.
3. Odoo revokes the former key; only then is it dropped. Dying in between leaves one that Odoo refuses: that is how the next run sees it.

The next run tries what it finds (candidate, current, formers), takes the first that Odoo accepts, and goes on from there. It asks Odoo for
another new key only where none is half exchanged.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from codalink.errors import CodalinkError, KeysNotOffered, LoginRefused, RightsMissing, SecretsError, ServerError
from codalink.odoo.apikeys import generate_key, is_accepted, revoke_key
from codalink.odoo.gateway import DatabaseAddress, Gateway
from codalink.odoo.refusals import refusal_remedy
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.events import Listener, PieceDone, StageEnded, StageStarted, nobody
from codalink.office.means import Means
from codalink.secrets.credentials import Credential
from codalink.secrets.keys import ApiKey, DatabaseKeys, StoredKey
from codalink.secrets.masked import Secret

OpenWith = Callable[[DatabaseAddress, Credential], Gateway]
"""Opens a conversation with a database with this very secret."""


class Rotated(Enum):
    """What became of a database's key."""

    NEW = "new key"
    FINISHED = "interrupted exchange finished"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True)
class KeyRotation:
    """What became of one database's key, and when the one that is stored now expires; None where nobody knows."""

    database: DatabaseAddress
    result: Rotated
    expires: date | None = None
    error: CodalinkError | None = None


@dataclass(frozen=True)
class KeyExchange:
    """Exchanges the API keys of databases for new ones, which expire on `expires`. The module's docstring has the invariants.

    `new_name` gives the names under which Odoo lists new keys, a different one each time. Nobody else may change keys meanwhile.
    """

    keys: DatabaseKeys
    open_with: OpenWith
    new_name: Callable[[], str]
    today: date
    expires: date

    def rotate_all(self, databases: Sequence[DatabaseAddress], means: Means) -> list[KeyRotation]:
        """Exchange the keys of several databases side by side; a row each, in their order. Errors for everyone are raised."""
        means.listener(StageStarted("Exchanging API keys", len(databases)))
        done: dict[DatabaseAddress, KeyRotation] = {}

        def rotate_one(database: DatabaseAddress) -> KeyRotation:
            return self.rotate_key(database, means.listener)

        for database, rotation in means.runner.each(databases, rotate_one, means.stop, lane=lambda database: database.server):
            means.listener(PieceDone(database.name, failed=rotation.error is not None))
            done[database] = rotation
        means.listener(StageEnded())
        return [done[one] if one in done else KeyRotation(one, Rotated.NOT_TRIED, self._expiry(one)) for one in databases]

    def rotate_key(self, database: DatabaseAddress, listener: Listener = nobody) -> KeyRotation:
        """Exchange the key of a database that has one of its own; about six calls. Its failure is its outcome."""
        try:
            result = _Exchange(self, database, listener).carry_out()
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            return KeyRotation(database, Rotated.FAILED, self._expiry(database), error)
        return KeyRotation(database, result, self._expiry(database))

    def _expiry(self, database: DatabaseAddress) -> date | None:
        stored = self.keys.find(str(database.server), database.name)
        return stored.expires if stored is not None else None


class _Exchange:
    """The exchange of one database's key, step by step; `stored` is what the key file has at each moment."""

    def __init__(self, exchange: KeyExchange, database: DatabaseAddress, listener: Listener) -> None:
        """Raises KeysNotOffered where the database has no key of its own."""
        stored = exchange.keys.find(str(database.server), database.name)
        if stored is None:
            raise KeysNotOffered(f"The database {database.name} has no API key of its own here to exchange.")
        self.stored = stored
        self._exchange = exchange
        self._database = database
        self._listener = listener
        self._opened: list[tuple[Secret, Gateway]] = []

    def carry_out(self) -> Rotated:
        """Bring an interrupted exchange to its end; where there is none, make a new key."""
        if self.stored.is_unfinished:
            self._settle()
            if self.stored.formers:
                self._revoke_formers()
                return Rotated.FINISHED
        self._make_candidate()
        self._settle()
        if not self.stored.formers:
            raise LoginRefused(
                f"Odoo made a new API key for {self._database.name}, and refuses it. The old one stays in use.",
                remedy="Run the command again later. If it happens again, make a key in Odoo and enter it with `codalink keys set`.",
            )
        self._revoke_formers()
        return Rotated.NEW

    def _make_candidate(self) -> None:
        """Step 1."""
        name, expires = self._exchange.new_name(), self._exchange.expires
        gateway = self._gateway(self.stored.current)
        try:
            with announced(self._listener, Change(ChangeKind.MAKE_KEY, self._database, name)):
                secret = generate_key(gateway, self.stored.key, name, expires)
        except (LoginRefused, RightsMissing) as error:
            if not is_accepted(gateway):
                raise
            raise KeysNotOffered(
                f"Odoo makes new API keys in {self._database.name} only for administrators who log in with a key, not with a password."
            ) from error
        except ServerError as error:
            if not error.may_have_happened:
                raise
            raise type(error)(error.cause, remedy=_left_behind(name)) from error
        try:
            with announced(self._listener, Change(ChangeKind.STORE_KEY, self._database, name)):
                self._keep(replace(self.stored, candidate=ApiKey(secret, self._exchange.today, expires, name)))
        except SecretsError:
            with suppress(CodalinkError):  # nobody could use it any more
                revoke_key(gateway, secret)
            raise

    def _settle(self) -> None:
        """Step 2: the first key that Odoo accepts becomes the current one, those before it are dropped, those behind it to be revoked.

        Raises LoginRefused where it refuses all of them; they stay in the file then.
        """
        stored = self.stored
        there = [*((stored.candidate,) if stored.candidate else ()), stored.current, *stored.formers]
        for number, key in enumerate(there):
            if is_accepted(self._gateway(key)):
                self._keep(replace(stored, current=key, candidate=None, formers=tuple(there[number + 1 :])))
                return
        raise LoginRefused(
            f"Odoo refuses every API key of {stored.login} that is kept for {self._database.name}.",
            remedy=refusal_remedy(self._database, Credential.own(stored.login, stored.current), self._exchange.today),
        )

    def _revoke_formers(self) -> None:
        """Step 3. What Odoo doesn't know is revoked already; but not where it refuses the current key just now as well."""
        for former in self.stored.formers:
            with announced(self._listener, Change(ChangeKind.REVOKE_KEY, self._database, former.name)):
                self._revoke(former)
            self._keep(replace(self.stored, formers=tuple(one for one in self.stored.formers if one is not former)))

    def _revoke(self, former: ApiKey) -> None:
        try:
            revoke_key(self._gateway(self.stored.current), former.secret)
        except CodalinkError as error:
            is_doubtful = isinstance(error, (LoginRefused, RightsMissing)) or error.may_have_happened
            if not is_doubtful or is_accepted(self._gateway(former)) or not is_accepted(self._gateway(self.stored.current)):
                raise

    def _keep(self, stored: StoredKey) -> None:
        self._exchange.keys.keep([stored])
        self.stored = stored

    def _gateway(self, key: ApiKey) -> Gateway:
        """The conversation with this key, one for each: RPC logs in for each, which is slow."""
        known = next((gateway for secret, gateway in self._opened if secret == key.secret), None)
        if known is None:
            known = self._exchange.open_with(self._database, Credential.own(self.stored.login, key))
            self._opened.append((key.secret, known))
        return known


def _left_behind(name: str) -> str:
    return (
        f'Odoo may have made a key named "{name}" that nobody knows: if it is listed there (your name at the top right > Preferences > '
        "Account Security), remove it. Then run the command again."
    )
