"""A keyring for the demo: items live in the memory of the sandbox's process and never touch the real one.

Chosen with ``PYTHON_KEYRING_BACKEND=codalink.sandbox.keyring.DemoKeyring``; the address of the sandbox's keyring stands
in ``CODALINK_DEMO_KEYRING``. Without that variable the backend is not viable, so it is never taken by itself.
"""

import json
import os
import urllib.error
import urllib.request
from typing import Any

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringError, PasswordDeleteError

VARIABLE = "CODALINK_DEMO_KEYRING"

# No proxy: the sandbox is on loopback, whatever the environment says.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class DemoKeyring(KeyringBackend):
    """The client side of the sandbox's keyring."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 - a property of the class
        """Tell that nothing is better, where the demo runs; raises RuntimeError anywhere else."""
        if not os.environ.get(VARIABLE):
            raise RuntimeError(f"{VARIABLE} is not set: no demo is running")
        return 100.0

    def get_password(self, service: str, username: str) -> str | None:
        """Read an item; None where there is none."""
        found = _ask("get", service, username).get("password")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store an item."""
        _ask("set", service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete an item; raises PasswordDeleteError where there is none."""
        _ask("delete", service, username)


def _ask(action: str, service: str, username: str, password: str | None = None) -> dict[str, Any]:
    address = os.environ.get(VARIABLE, "")
    if not address.startswith("http://127.0.0.1:"):
        raise KeyringError(f"{VARIABLE} does not hold the address of a running demo")
    question = {"action": action, "service": service, "username": username, "password": password}
    request = urllib.request.Request(address, json.dumps(question).encode(), {"Content-Type": "application/json"})  # noqa: S310 - loopback, checked above
    try:
        with _OPENER.open(request) as response:
            answer: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404:
                raise PasswordDeleteError("Password not found") from None
            raise KeyringError("The demo's keyring is not available") from None
    except OSError as error:
        raise KeyringError("The demo's keyring does not answer") from error
    return answer
