"""An office whose databases have API keys of their own: what the tests of `codalink keys` run."""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from codalink.odoo.gateway import DatabaseAddress, DatabaseName, ServerUrl
from codalink.sandbox import Sandbox, World
from codalink.secrets.keys import DatabaseKeys, StoredKey
from codalink.secrets.masked import Secret
from tests.integration.office import CommandLine, Done, SandboxStore
from tests.integration.terminal import Row, ready_office, rows_by

VERSIONS = ("18.0", "19.0")
DATABASES = 4
WRONG_KEY = "f" * 40
PROTOCOLS = {"json-rpc": "klant-001", "json-2": "klant-002"}
"""A database for each: the one is on Odoo 18, the other on 19."""


@dataclass(frozen=True)
class KeyOffice:
    """`codalink keys`, for one sandbox; its databases are named in a file, and nothing opens them yet."""

    codalink: CommandLine

    @property
    def sandbox(self) -> Sandbox:
        return self.codalink.sandbox

    @property
    def folder(self) -> Path:
        return self.codalink.folder

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def file(self) -> Path:
        """The file of keys."""
        return self.codalink.state / "keys.codalink"

    def __call__(self, *arguments: str, stdin: str = "") -> Done:
        return self.codalink.run("keys", *arguments, stdin=stdin)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return self.codalink.start("keys", *arguments)

    def listed(self, *arguments: str) -> dict[str, Row]:
        """What `keys list` says of each database."""
        return rows_by(self("list", "json", *arguments), "database")

    def address(self, database: str) -> DatabaseAddress:
        return DatabaseAddress(ServerUrl.parse(self.sandbox.url_of(database)), DatabaseName(database), self.world.login)

    # in Odoo

    def key(self, database: str) -> str:
        """A new key in Odoo for the accountant."""
        return self.world.database(database).users[2].add_key()

    def valid(self, database: str) -> set[str]:
        """The keys that Odoo accepts, without the one that all databases share."""
        user = self.world.database(database).users[2]
        return {key for key in user.api_keys if user.accepts_key(key, self.world.clock())} - {self.world.api_key}

    # on this computer

    def give_own_keys(self, *databases: str) -> dict[str, str]:
        """Import a new key for each of these."""
        keys = {name: self.key(name) for name in databases}
        done = self("import", "-", stdin=self.csv(keys))
        assert done.exit_code == 0, done
        self.sandbox.calls.clear()
        return keys

    def csv(self, keys: dict[str, str], more: str = "") -> str:
        """A file to import; `more` goes behind each line."""
        rows = [f"{self.sandbox.url_of(name)},{name},{self.world.login},{key}{more}" for name, key in keys.items()]
        return "\n".join([f"url,database,login,key{',expires' if more else ''}", *rows, ""])

    def give_login(self, server: str) -> None:
        account = f"{self.world.login} @ {self.sandbox.servers[server].url}"
        self.sandbox.keyring.items["codalink Odoo login", account] = self.world.password

    def stored(self) -> dict[str, StoredKey]:
        """What is in the file, read by another process than the one that wrote it: this one."""
        return {key.database: key for key in self.opened().all()}

    def opened(self) -> DatabaseKeys:
        return DatabaseKeys(self.file, SandboxStore(self.sandbox))


@contextmanager
def key_office(world: World, folder: Path) -> Iterator[KeyOffice]:
    with ready_office(world, folder) as codalink:
        codalink.sandbox.keyring.items.clear()
        yield KeyOffice(codalink)


def pieces_shown(keys: Iterable[str], done: Done) -> list[str]:
    """What of these keys can be read in the output, if only a few letters of it."""
    text = done.stdout + done.stderr
    return [piece for key in keys for start in range(len(key) - 5) if (piece := key[start : start + 6]) in text]


def today() -> date:
    return datetime.now().astimezone().date()


def assert_exchanged(office: KeyOffice, name: str, old: str, *, lost: int = 0) -> None:
    """There is a new key, it is the only one that Odoo accepts, but for `lost` ones that nobody knows."""
    stored = office.stored()[name]
    assert stored.key != Secret(old)
    assert not stored.is_unfinished
    valid = office.valid(name)
    assert old not in valid
    assert stored.key.reveal() in valid
    assert len(valid) == 1 + lost
