"""A small office for one cell: a world of its own, codalink set up for it, and a keyring in memory."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from threading import Thread

from codalink.sandbox import OdooServer, Sandbox, World
from codalink.sandbox.offices import new_world, spread
from codalink.sandbox.world import ALL_PROTOCOLS
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done
from tests.integration.terminal import clean_command_line, login_secrets
from tests.matrix.inside import KEYRING_TIMEOUT_S, run_inside
from tests.matrix.keyrings import TroubledKeyring


class Way(Enum):
    """How codalink speaks with Odoo: its version, the protocols that it lets through, and whether the login has a key."""

    JSON_RPC = ("18.0", ALL_PROTOCOLS, False)
    JSON_2 = ("19.0", ALL_PROTOCOLS, True)
    XML_RPC = ("18.0", frozenset({"xmlrpc"}), False)

    def __init__(self, version: str, protocols: frozenset[str], has_key: bool) -> None:
        self.version = version
        self.protocols = protocols
        self.has_key = has_key


def plain_world(way: Way, databases: int = 3) -> World:
    """Databases `klant-001`… on two servers in turn, one company each, all in order and none connected."""
    world = new_world()
    for name in ("one", "two"):
        world.add(OdooServer(name, way.version, protocols=way.protocols))
    spread(world, databases)
    return world


@dataclass
class MatrixOffice:
    """One office, and codalink for it."""

    codalink: CommandLine
    keyring: TroubledKeyring
    way: Way
    said: str = ""
    """All that codalink has said so far."""

    @property
    def sandbox(self) -> Sandbox:
        return self.codalink.sandbox

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def folder(self) -> Path:
        return self.codalink.folder

    @property
    def login_secret(self) -> str:
        """What opens every database."""
        return self.world.api_key if self.way.has_key else self.world.password

    def run(self, arguments: Sequence[str], stdin: str = "") -> Done:
        done = run_inside(self.codalink.environment, self.keyring, tuple(arguments), stdin)
        self.said += done.stdout + done.stderr
        return done

    def office_password(self) -> str | None:
        """What the keyring has."""
        return self.keyring.items.get((OFFICE_PASSWORD_SERVICE, self.world.office_vat))

    def set_up(self) -> None:
        """Write configuration and keyring as `codalink setup` leaves them."""
        self.codalink.config.write_text(self.configuration(), encoding="utf-8")
        self.keyring.items.update(dict.fromkeys(login_secrets(self.sandbox), self.login_secret))

    def configuration(self) -> str:
        world = self.world
        office = f"[office]\nname = {json.dumps(world.office_name)}\nvat = {json.dumps(world.office_vat)}\n"
        login = json.dumps(world.login)
        sources = (f'[[source]]\nserver = "{server.url}"\nlogin = {login}\n' for server in self.sandbox.servers.values())
        return "".join((office, *sources))

    def wait_until_idle(self) -> None:
        """Until Odoo has carried out what codalink gave up."""
        end = time.monotonic() + 30
        while any(site._at_work for site in self.sandbox.sites.values()):
            assert time.monotonic() < end
            time.sleep(0.005)

    def secrets(self) -> set[str]:
        """All that must be seen nowhere: passwords, keys, and whatever else the keyring holds or held."""
        world = self.world
        keys = {key for database in world.databases() for user in database.users.values() for key in user.api_keys}
        passwords = {office.password for office in self.sandbox.proxy.offices.values()}
        return keys | passwords | {world.password, world.api_key} | self.keyring.seen


@contextmanager
def running(world: World, way: Way, folder: Path) -> Iterator[MatrixOffice]:
    """Run the world; consent is given at once."""
    sandbox = Sandbox(world)
    sandbox.start()
    sandbox.proxy.on_first_connection = lambda office: sandbox.proxy.give_consent(office.vat)
    try:
        codalink = clean_command_line(sandbox, folder)
        codalink.environment["CODALINK_KEYRING_TIMEOUT"] = str(KEYRING_TIMEOUT_S)
        keyring = TroubledKeyring()
        yield MatrixOffice(codalink, keyring, way)
        keyring.heal()
    finally:
        Thread(target=sandbox.stop, daemon=True).start()  # which takes longer than a run
