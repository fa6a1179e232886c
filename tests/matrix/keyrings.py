"""A keyring in memory, and what may be wrong with it from some use on."""

import threading
from enum import Enum

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError


class KeyringTrouble(Enum):
    """How a keyring fails."""

    SILENT = "never answers"
    LOCKED = "is locked"
    GONE = "is gone"
    BROKEN = "reports an error"
    GARBLES = "gives back something else"
    EMPTY = "says that it has nothing"
    FORGETS = "accepts and keeps nothing"


class TroubledKeyring(KeyringBackend):
    """In memory; its uses are counted, and from the use of a number on it is troubled until it is healed."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own is not annotated
        self.items: dict[tuple[str, str], str] = {}
        self.seen: set[str] = set()
        """All secrets that it ever had."""
        self.uses: list[str] = []
        self._trouble: KeyringTrouble | None = None
        self._from = 0
        self._only = False
        self._healed = threading.Event()

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 - a property of the class
        """Never chosen by itself."""
        raise RuntimeError("only for those who ask for it")

    def trouble(self, trouble: KeyringTrouble, use: int, *, only: bool = False) -> None:
        """From this use on (1 is the next one), or this use only."""
        self.uses.clear()
        self._trouble, self._from, self._only = trouble, use, only
        self._healed.clear()

    def heal(self) -> None:
        self._trouble = None
        self._healed.set()

    def get_password(self, service: str, username: str) -> str | None:
        trouble = self._use("get", service)
        found = self.items.get((service, username))
        if trouble is KeyringTrouble.GARBLES and found is not None:
            return f"{found[::-1]}?"
        return None if trouble is KeyringTrouble.EMPTY else found

    def set_password(self, service: str, username: str, password: str) -> None:
        self.seen.add(password)
        if self._use("set", service) is not KeyringTrouble.FORGETS:
            self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self._use("delete", service) is not KeyringTrouble.FORGETS and self.items.pop((service, username), None) is None:
            raise PasswordDeleteError("Password not found")

    def _use(self, verb: str, service: str) -> KeyringTrouble | None:
        """Count a use; the trouble that changes what comes of it. Raises, or hangs, where that is the trouble."""
        self.seen.update(self.items.values())
        self.uses.append(f"{verb} {service}")
        number, trouble = len(self.uses), self._trouble
        if trouble is None or number < self._from or (self._only and number > self._from):
            return None
        match trouble:
            case KeyringTrouble.SILENT:
                self._healed.wait()
                raise KeyringError("too late")
            case KeyringTrouble.LOCKED:
                raise KeyringLocked("Failed to unlock the collection!")
            case KeyringTrouble.GONE:
                raise NoKeyringError
            case KeyringTrouble.BROKEN:
                raise KeyringError("The name org.freedesktop.secrets was not provided by any .service files")
            case _:
                return trouble
