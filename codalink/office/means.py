"""What a run works with, handed to every use case by cli/wiring.py."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from codalink.odoo.gateway import Gateway, Gateways
from codalink.office.events import Listener, nobody
from codalink.office.fleet import Runner, Stop
from codalink.office.leftovers import Leftovers
from codalink.office.model import Company
from codalink.secrets.passwords import OfficePasswords


@dataclass(frozen=True)
class Means:
    """Gateways, keyring, workers, and who listens.

    `prove_keyring` raises SecretsError where the keyring can't be relied on. `now` counts seconds from anywhere.
    """

    gateways: Gateways
    passwords: OfficePasswords
    prove_keyring: Callable[[], None]
    runner: Runner
    stop: Stop = field(default_factory=Stop)
    listener: Listener = nobody
    now: Callable[[], float] = time.monotonic
    leftovers: Leftovers = field(default_factory=Leftovers)

    def gateway(self, company: Company) -> Gateway:
        """The conversation with the company's database."""
        return self.gateways.open(company.database)
