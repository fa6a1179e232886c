"""The sandbox's office as the shared flows see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.office import CODALINK, OFFICE_PASSWORD_SERVICE, CommandLine, Done, connected_companies, readable_passwords


@dataclass
class SandboxOffice:
    """A `FlowOffice` around a command line. `spoken` tells what is to be spoken with each server; JSON-RPC unless told."""

    line: CommandLine
    spoken: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.line.folder

    @property
    def environment(self) -> dict[str, str]:
        return self.line.environment

    def run(self, *arguments: str, program: Sequence[str] = CODALINK) -> Done:
        return self.line.run(*arguments, program=program)

    @property
    def versions(self) -> dict[str, str]:
        servers = self.line.sandbox.world.servers.values()
        return {name: server.version for server in servers for name in server.databases}

    @property
    def protocols(self) -> dict[str, str]:
        servers = self.line.sandbox.world.servers.values()
        return {name: self.spoken.get(server.name, "json-rpc") for server in servers for name in server.databases}

    @property
    def connected(self) -> dict[str, bool]:
        return connected_companies(self.line.sandbox.world)

    @property
    def readable_passwords(self) -> list[str]:
        return readable_passwords(self.line.sandbox.world)

    @property
    def password(self) -> str:
        return self.line.office.password

    @property
    def first_connections(self) -> int:
        return self.line.office.first_connections

    @property
    def kept_password(self) -> str | None:
        return self.line.sandbox.keyring.items.get((OFFICE_PASSWORD_SERVICE, self.line.office.vat))

    def keep_password(self, password: str) -> None:
        self.line.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, self.line.office.vat] = password
