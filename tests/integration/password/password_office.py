"""An office that is connected, its password at home: in CodaBox's hands, in the keyring's, and in nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codalink.odoo.gateway import OdooProtocol
from codalink.sandbox import Consent, World
from codalink.sandbox.demo_office import connect
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done, connected_companies, readable_passwords
from tests.integration.terminal import keyring_with_api_key, ready_office

CHANGE = "l10n_be_codabox_change_password"
REVOKE = "l10n_be_codabox_revoke"


class PasswordOffice:
    """The command line of an office, what CodaBox holds valid, and what the keyring holds."""

    def __init__(self, codalink: CommandLine) -> None:
        self.codalink = codalink
        self.sandbox = codalink.sandbox
        self.world = codalink.sandbox.world
        self.proxy = codalink.sandbox.proxy

    def __call__(self, *arguments: str, stdin: str = "", program: tuple[str, ...] = ("-m", "codalink")) -> Done:
        return self.codalink.run(*arguments, stdin=stdin, program=program)

    @property
    def valid(self) -> str:
        """The password that CodaBox accepts."""
        return self.codalink.office.password

    def kept(self, beside: str = "") -> str | None:
        """The office password in the keyring; `beside` is `new` or `former` for those beside it."""
        account = self.world.office_vat + (f" ({beside})" if beside else "")
        return self.sandbox.keyring.items.get((OFFICE_PASSWORD_SERVICE, account))

    def keep(self, password: str, beside: str = "") -> None:
        """Put a password into the keyring."""
        account = self.world.office_vat + (f" ({beside})" if beside else "")
        self.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, account] = password

    def lose(self) -> None:
        """Take all office passwords out of the keyring."""
        for item in [item for item in self.sandbox.keyring.items if item[0] == OFFICE_PASSWORD_SERVICE]:
            del self.sandbox.keyring.items[item]

    def revoke_in_mycodabox(self) -> None:
        """What a person does there; the next consent comes by itself."""
        self.proxy.give_consent(self.world.office_vat, Consent.CANCELLED)

    @property
    def connected(self) -> list[str]:
        """The companies that Odoo counts as connected, as database/id."""
        return [company for company, is_connected in connected_companies(self.world).items() if is_connected]

    def troubles(self) -> list[str]:
        """What is not as it should be; empty where the valid password is at home, alone, and readable nowhere else."""
        checks = {
            f"the keyring has {self.kept()!r}": self.kept() == self.valid,
            "another password stands beside it": self.kept("new") is None and self.kept("former") is None,
            "Odoo still shows a password": not readable_passwords(self.world),
        }
        return [trouble for trouble, is_well in checks.items() if not is_well]


def in_protocol(office: PasswordOffice, protocol: OdooProtocol) -> None:
    """Let codalink speak one protocol with all databases."""
    if protocol is OdooProtocol.JSON_2:
        keyring_with_api_key(office.codalink)
    text = office.codalink.config.read_text(encoding="utf-8")
    office.codalink.config.write_text(f'{text}protocol = "{protocol.value}"\n', encoding="utf-8")


@contextmanager
def connected_office(world: World, folder: Path) -> Iterator[PasswordOffice]:
    """Run an office whose companies are all connected, and whose password is in the sandbox's keyring."""
    for database in world.databases():
        connect(world, database)
    with ready_office(world, folder) as codalink:
        office = PasswordOffice(codalink)
        office.keep(office.valid)
        yield office
