"""codalink with a killer inside: `python -m tests.integration.killing COMMAND …` works as codalink does, up to one point.

Points are passed right before and right after every request to Odoo, every use that codalink makes of its keyring, every call of the
keyring's back end, every file that is begun, brought to the disk, put in its place or taken away, and every row of the trail. At the point
number `KILLING_AT` (1 is the first; or a pattern for its name, such as `after*create_connection`) the process sends itself SIGKILL, or the
signal that `KILLING_SIGNAL` names. A process that reaches its end writes the names of all points that it passed to the file
`KILLING_POINTS`, a line each.
"""

import json
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

from keyring.backends.SecretService import Keyring as SecretServiceKeyring

from codalink.cli.app import main
from codalink.journal.writer import Journal
from codalink.odoo.http import HttpPool
from codalink.secrets.store import Item, SystemKeyring

PROGRAM = ("-m", "tests.integration.killing")


class Killer:
    """Counts the points, from all threads."""

    def __init__(self, at: str, number: signal.Signals) -> None:
        self.at = at
        self.number = number
        self.passed: list[str] = []
        self._lock = threading.Lock()
        self._within = threading.local()

    def point(self, name: str) -> None:
        with self._lock:
            self.passed.append(name)
            if self.at == str(len(self.passed)) or fnmatchcase(name, self.at):
                os.kill(os.getpid(), self.number)

    def surround(self, kind: object, method: str, name: Callable[..., str], *, outermost: bool = False) -> None:
        """Put a point before and after each call of a method. With `outermost`, calls from within such a call have none."""
        inner = getattr(kind, method)

        def called(*args: object, **kwargs: object) -> object:
            if getattr(self._within, "is_inside", False):
                return inner(*args, **kwargs)
            self._within.is_inside = outermost
            self.point(f"before {name(*args, **kwargs)}")
            try:
                return inner(*args, **kwargs)
            finally:
                self._within.is_inside = False
                self.point(f"after {name(*args, **kwargs)}")

        setattr(kind, method, called)


def request_name(_pool: object, _server: object, path: str, body: bytes, **_more: object) -> str:
    """What is asked of Odoo: service and method, and for a model's method the database too. No secret."""
    if path.startswith("/json/2/"):
        return path.replace("/", ".").replace(".json.2.", "/json/2 ")
    asked = json.loads(body)["params"]
    if asked["service"] != "object":
        return f"{path} {asked['service']}.{asked['method']}"
    database, _, _, model, method = asked["args"][:5]
    return f"{path} {database} {model}.{method}"


def use_name(verb: str) -> Callable[..., str]:
    def name(_keyring: object, item: Item, *_secret: object) -> str:
        return f"keyring {verb}: {item.service}"

    return name


def back_end_name(verb: str) -> Callable[..., str]:
    def name(_back_end: object, service: str, *_rest: object) -> str:
        return f"back end {verb}: {service}"

    return name


def work() -> None:
    killer = Killer(os.environ["KILLING_AT"], signal.Signals[os.environ.get("KILLING_SIGNAL", "SIGKILL")])
    killer.surround(HttpPool, "post", request_name)
    killer.surround(Path, "replace", lambda _path, target: f"replace {target.name}")
    killer.surround(Path, "unlink", lambda path, **_more: f"unlink {path.name}")
    killer.surround(tempfile, "mkstemp", lambda **_where: "a file is begun")
    killer.surround(os, "fsync", lambda _handle: "sync")
    killer.surround(Journal, "_insert", lambda _journal, event: f"trail {type(event).__name__}")
    for verb in ("read", "write", "delete"):
        killer.surround(SystemKeyring, verb, use_name(verb), outermost=True)
    for verb in ("get_password", "set_password", "delete_password"):
        killer.surround(SecretServiceKeyring, verb, back_end_name(verb))
    try:
        main()
    finally:
        Path(os.environ["KILLING_POINTS"]).write_text("\n".join(killer.passed), encoding="utf-8")


if __name__ == "__main__":
    work()
