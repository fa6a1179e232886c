"""A real Secret Service for tests: gnome-keyring on a D-Bus session of its own, far from the user's keyring."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secretstorage import Collection

# Program, and the Debian package it comes from; .ci/prepare installs them.
NEEDED = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring"}

PASSWORD = "opens the tests' keyring"

# Prints the bus's address once it listens. Ends the bus as soon as its standard input closes, which also happens when
# the tests are killed; the keyring leaves with its bus.
BUS_UNTIL_STDIN_CLOSES = """
dbus-daemon --nofork --print-address=1 --config-file="$1" --address="unix:dir=$2" &
exec >&-
read -r _
kill $!
wait
"""


def missing_packages() -> list[str]:
    """Return the Debian packages without which no Secret Service can run here; empty when all is there."""
    return [package for program, package in NEEDED.items() if shutil.which(program) is None]


@dataclass(frozen=True)
class SecretService:
    """A running Secret Service; its default collection is unlocked."""

    environment: dict[str, str]
    """What a process needs in its environment, besides the usual, for its `keyring` to use this service."""
    _collection: "Collection"
    _prompt_waits: Path

    def clear(self) -> None:
        """Delete every item."""
        for item in self._collection.get_all_items():
            item.delete()

    @contextmanager
    def locked(self, *, prompt_waits: bool = False) -> Iterator[None]:
        """Lock the default collection for a while.

        Whoever then wants a secret is refused at once, as on a server: `keyring.errors.KeyringLocked`. With
        `prompt_waits` the call hangs, as on a desktop whose user doesn't answer; D-Bus gives up after 25 seconds.
        """
        if prompt_waits:
            self._prompt_waits.touch()
        self._collection.lock()
        try:
            yield
        finally:
            self._prompt_waits.unlink(missing_ok=True)
            self._unlock()

    def _unlock(self) -> None:
        """Unlock without a prompt, through the interface that gnome-keyring keeps for PAM and for tests."""
        from secretstorage.util import DBusAddressWrapper, format_secret, open_session

        connection = self._collection.connection
        interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
        secret = format_secret(open_session(connection), PASSWORD.encode(), "text/plain")
        DBusAddressWrapper("/org/freedesktop/secrets", interface, connection).call(
            "UnlockWithMasterPassword", "o(oayays)", self._collection.collection_path, secret
        )


@contextmanager
def running(folder: Path) -> Iterator[SecretService]:
    """Run a Secret Service that keeps everything in `folder`, until the block ends."""
    with _bus(folder) as address:
        import secretstorage
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped] # ships no types

        with closing(open_dbus_connection(address)) as connection:
            yield SecretService(
                environment={
                    "DBUS_SESSION_BUS_ADDRESS": address,
                    "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
                },
                _collection=secretstorage.get_default_collection(connection),
                _prompt_waits=folder / "prompt-waits",
            )


@contextmanager
def _bus(folder: Path) -> Iterator[str]:
    """Run a D-Bus session whose services live in `folder`, and yield its address."""
    # gnome-keyring keeps its sockets only in a folder nobody else can open.
    folder.chmod(0o700)
    log = folder / "log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "KEYRING_PASSWORD": PASSWORD,
    }
    # A session of its own: Ctrl-C is for pytest, which then ends the bus in good order.
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            ["sh", "-c", BUS_UNTIL_STDIN_CLOSES, "sh", Path(__file__).with_name("bus.conf"), folder],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        ) as bus,
    ):
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        if not address:
            raise RuntimeError(f"No D-Bus session for the tests:\n{log.read_text()}")
        yield address
