"""What codalink changes, or tries to: in Odoo, at CodaBox, in the keyring. Use cases announce it, the journal writes it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from codalink.errors import CodalinkError, OdooError, OfficePasswordRefused
from codalink.odoo.gateway import DatabaseAddress
from codalink.office.events import Event, Listener
from codalink.office.model import Company


class ChangeKind(Enum):
    """What is changed, in words for the user."""

    FIRST_CONNECTION = "first connection"
    STORE_PASSWORD = "store password"  # noqa: S105  # what is done, no password
    CHANGE_PASSWORD = "change password"  # noqa: S105  # the same
    """At CodaBox, for the whole office."""
    WIPE_PASSWORD = "wipe password"  # noqa: S105  # the same
    FORGET_PASSWORD = "forget password"  # noqa: S105  # the same
    CONSENT = "consent given"
    """By a person, in MyCodaBox; codalink lets Odoo write it down."""
    CONNECT = "connect"
    REVOKE = "revoke"
    RETRIEVE = "retrieve"
    INSTALL_MODULE = "install module"
    SET_OFFICE = "set accounting firm"
    SET_FEED = "set bank feed"
    SET_COUNTRY = "set country"
    STORE_LOGIN = "store login"
    STORE_KEY = "store key"
    MAKE_KEY = "make key"
    REVOKE_KEY = "revoke key"
    FORGET_KEY = "forget key"


class ChangeResult(Enum):
    """How a change ended."""

    DONE = "done"
    REFUSED = "refused"
    """Odoo or CodaBox said no."""
    FAILED = "failed"
    """It was surely not done, and nobody said no."""
    UNKNOWN = "unknown"
    """No answer came, so it may have been done."""
    TRIED = "tried"
    """Its end was never told: codalink was killed in between, or is still at work."""


@dataclass(frozen=True, eq=False)
class Change:
    """One try to change something; equal to no other one.

    `subject` is None where only this computer is changed. `detail` says which one of several: an account, a journal, a key's name. No
    secret goes in there.
    """

    kind: ChangeKind
    subject: Company | DatabaseAddress | None = None
    detail: str = ""

    @property
    def company(self) -> Company | None:
        """The company it is about; None where it is about a whole database, or none."""
        return self.subject if isinstance(self.subject, Company) else None

    @property
    def database(self) -> DatabaseAddress | None:
        """The database it is about."""
        return self.subject.database if isinstance(self.subject, Company) else self.subject


@dataclass(frozen=True)
class ChangeStarted(Event):
    """The change is tried now; what comes next may be cut off at any point."""

    change: Change


@dataclass(frozen=True)
class ChangeEnded(Event):
    """How it ended; `error` is None where it was done, and where something other than an error of ours cut it off."""

    change: Change
    result: ChangeResult
    error: CodalinkError | None = None


@contextmanager
def announced(listener: Listener, *changes: Change) -> Iterator[None]:
    """Tell the listener that these are tried now, and at the end of the block how they ended: done, or by the error that leaves it.

    Several changes are those of one step, done all or not at all.
    """
    result, told = ChangeResult.UNKNOWN, None
    for change in changes:
        listener(ChangeStarted(change))
    try:
        yield
        result = ChangeResult.DONE
    except CodalinkError as error:
        result, told = _result_of(error), error
        raise
    finally:
        for change in changes:
            listener(ChangeEnded(change, result, told))


def _result_of(error: CodalinkError) -> ChangeResult:
    if error.may_have_happened:
        return ChangeResult.UNKNOWN
    is_answer = isinstance(error, (OdooError, OfficePasswordRefused)) and not error.is_repeatable
    return ChangeResult.REFUSED if is_answer else ChangeResult.FAILED
