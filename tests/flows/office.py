"""The little that a flow may know of an office."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tests.integration.office import CODALINK, Done


class FlowOffice(Protocol):
    """An office whose codalink is set up, with nothing connected yet. Consent is given by itself as soon as it is asked for."""

    @property
    def folder(self) -> Path:
        """Where commands are run, and the only place where they write."""

    @property
    def environment(self) -> dict[str, str]:
        """That of each command; may be added to between two."""

    def run(self, *arguments: str, program: Sequence[str] = CODALINK) -> Done:
        """Run one command to its end."""

    @property
    def versions(self) -> dict[str, str]:
        """Each database's version of Odoo, as codalink tells it."""

    @property
    def protocols(self) -> dict[str, str]:
        """What codalink has to speak with each database."""

    @property
    def connected(self) -> dict[str, bool]:
        """Whether Odoo counts each company as connected, by `database/id`."""

    @property
    def readable_passwords(self) -> list[str]:
        """The office passwords that wizards still show in any database."""

    @property
    def password(self) -> str:
        """The office password that counts at CodaBox."""

    @property
    def first_connections(self) -> int:
        """How many first connections the office has made."""

    @property
    def kept_password(self) -> str | None:
        """The office password in the keyring."""

    def keep_password(self, password: str) -> None:
        """Put another one there."""
