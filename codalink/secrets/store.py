"""The operating system's keyring as a store of secrets: the only module that knows the `keyring` library.

Every call has a time limit, because a locked keyring may wait for ever on a question that nobody sees. Every error of the library or of
its back ends becomes one of ours here. There is no fall-back: without a keyring that is safe, codalink stops.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Protocol, TypeVar

from codalink.errors import KeyringMissing, KeyringSilent, KeyringUnreliable
from codalink.secrets.masked import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

DEFAULT_TIME_LIMIT_S = 30.0
"""Long enough to type the keyring's password into the question of a desktop, short enough for a job at night."""


@dataclass(frozen=True)
class Item:
    """The name of one secret: `service` and `account`, as the system's keyring viewer shows them."""

    service: str
    account: str


class SecretStore(Protocol):
    """Where secrets live. All methods raise KeyringMissing, KeyringSilent or KeyringUnreliable."""

    def read(self, item: Item) -> Secret | None:
        """The secret, or None where there is none."""

    def write(self, item: Item, secret: Secret) -> None:
        """Store the secret in place of a former one, and read it back; returns only when it is safely there."""

    def delete(self, item: Item) -> bool:
        """Remove the secret; False where there was none."""


def prove(store: SecretStore) -> None:
    """Write, read back and delete a random value, so that nothing depends on a keyring that only looks like one."""
    probe, value = Item("codalink self-test", token_urlsafe(6)), Secret(token_urlsafe(24))
    store.write(probe, value)
    store.delete(probe)
    if store.read(probe) is not None:
        raise KeyringUnreliable("The keyring still shows a secret that was deleted from it.")


class SystemKeyring:
    """The keyring of the operating system, through the `keyring` library."""

    def __init__(self, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> None:
        self._time_limit_s = time_limit_s
        self._backend: KeyringBackend | None = None
        self._lock = threading.Lock()

    def read(self, item: Item) -> Secret | None:
        """See SecretStore."""
        value = self._within_time(lambda backend: backend.get_password(item.service, item.account))
        return None if value is None else Secret(value)

    def write(self, item: Item, secret: Secret) -> None:
        """See SecretStore."""
        self._within_time(lambda backend: backend.set_password(item.service, item.account, secret.reveal()))
        if self.read(item) != secret:
            raise KeyringUnreliable

    def delete(self, item: Item) -> bool:
        """See SecretStore."""
        if self.read(item) is None:
            return False
        self._within_time(lambda backend: backend.delete_password(item.service, item.account))
        return True

    def back_ends(self) -> list[str]:
        """The names of the back end that the system offers, and of those inside it; no secret is read. Raises as a SecretStore does."""
        return self._within_time(lambda backend: [_name(one) for one in (backend, *getattr(backend, "backends", ()))])

    def _within_time(self, call: "Callable[[KeyringBackend], T]") -> T:
        """Run `call` in a thread of its own and give up waiting after the time limit (the thread is a daemon: it can't hold up the end)."""
        answers: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

        def run() -> None:
            try:
                answers.put((call(self._open()), None))
            except Exception as error:  # noqa: BLE001  # back ends raise what their system raises; all of it is translated below
                answers.put((None, error))

        threading.Thread(target=run, name="codalink-keyring", daemon=True).start()
        try:
            answer, error = answers.get(timeout=self._time_limit_s)
        except Empty:
            raise KeyringSilent from None
        if error is not None:
            raise _translated(error) from error
        return answer  # type: ignore[return-value]  # None is an answer where T admits it

    def _open(self) -> "KeyringBackend":
        """The back end that the system offers; found once, since looking for it asks the system's services."""
        with self._lock:
            if self._backend is None:
                import keyring

                backend = keyring.get_keyring()
                _refuse_unsafe(backend)
                self._backend = backend
            return self._backend


def _refuse_unsafe(backend: "KeyringBackend") -> None:
    """Back ends that store nothing, or store in plain text, are no keyring."""
    for inner in getattr(backend, "backends", ()):  # a chain writes to the first that takes it
        _refuse_unsafe(inner)
    name = _name(backend)
    if name.startswith(("keyring.backends.fail.", "keyring.backends.null.")):
        raise KeyringMissing(remedy=platform_remedy())
    if "plaintext" in name.lower():
        cause = f"The keyring back end {name} stores secrets in plain text, and codalink keeps secrets nowhere else than in a safe keyring."
        raise KeyringMissing(cause, remedy=platform_remedy())


def _name(backend: "KeyringBackend") -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _translated(error: Exception) -> Exception:
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, (KeyringMissing, KeyringSilent, KeyringUnreliable)):
        return error
    if isinstance(error, NoKeyringError):
        return KeyringMissing(remedy=platform_remedy())
    if isinstance(error, KeyringLocked) or type(error).__name__ in {"PromptDismissedException", "LockedException"}:
        return KeyringSilent("The keyring is locked, and was not unlocked.")
    return KeyringUnreliable(
        f"The keyring reports an error: {type(error).__name__}: {error}",
        remedy="Open the system's password manager and see whether the keyring works there; then try again.",
    )


def platform_remedy(platform: str = sys.platform) -> str:
    """What to install or do on this platform (as in `sys.platform`) to have a keyring."""
    if platform == "win32":
        return "Windows has the Credential Manager: run codalink as a user who is signed in, not as a service account without a profile."
    if platform == "darwin":
        return "macOS has the Keychain: run codalink in the session of a signed-in user, and allow it when the Keychain asks."
    return (
        "Install a Secret Service, such as gnome-keyring (`sudo apt install gnome-keyring`) or KWallet, and use a desktop session. "
        "On a server: `dbus-run-session -- bash`, then `gnome-keyring-daemon --unlock --components=secrets`."
    )
