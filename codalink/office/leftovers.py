"""Where the office password may have been left in Odoo because an answer was lost, and taking it away when the run ends.

Odoo wipes the password itself as soon as a wizard's button is carried out. Where that is in doubt, codalink wipes at once; but a request
whose answer was lost may still wait on the server, and be carried out after the wiping. So it looks once more when the run ends.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from codalink.errors import CodalinkError
from codalink.odoo.gateway import DatabaseAddress, Gateway
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.events import PasswordsLeft, StepStarted
from codalink.office.fleet import Stop
from codalink.office.model import Company

if TYPE_CHECKING:
    from codalink.office.means import Means

SETTLING_S = 15.0
"""What was under way on a server when its answer was lost has mostly come to its end by then."""

Wipe = Callable[[Gateway, int], object]
"""Takes the password out of a kind of wizard, for the company with this id. Raises CodalinkError."""


class Leftovers:
    """What is in doubt. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[tuple[Company, Wipe], float] = {}

    def note(self, company: Company, wipe: Wipe, now_s: float) -> None:
        """The password may stand in one of the company's wizards, or come to stand there; `wipe` takes it out."""
        with self._lock:
            self._noted[company, wipe] = now_s

    @contextmanager
    def swept(self, means: "Means") -> Iterator[None]:
        """Sweep at the end of the block, however it ends."""
        try:
            yield
        finally:
            self.sweep(means)

    def sweep(self, means: "Means") -> None:
        """Wipe everything in doubt, and tell what can't be. An interrupted run does so too, but doesn't wait for late requests."""
        with self._lock:
            noted, self._noted = self._noted, {}
        if not noted:
            return
        means.listener(StepStarted("Making sure that no wizard in Odoo still shows the office password"))
        means.stop.sleep(max(noted.values()) + SETTLING_S - means.now())
        by_database: dict[DatabaseAddress, list[tuple[Company, Wipe]]] = {}
        for company, wipe in noted:
            by_database.setdefault(company.database, []).append((company, wipe))

        def sweep_database(database: DatabaseAddress) -> list[Company]:
            return [company for company, wipe in by_database[database] if not _is_wiped(company, wipe, means)]

        swept = means.runner.each(list(by_database), sweep_database, Stop(), lane=lambda database: database.server)
        if left := [company for _, companies in swept for company in companies]:
            means.listener(PasswordsLeft(tuple(left)))


def _is_wiped(company: Company, wipe: Wipe, means: "Means") -> bool:
    try:
        with announced(means.listener, Change(ChangeKind.WIPE_PASSWORD, company)):
            wipe(means.gateway(company), company.record.id)
    except CodalinkError:
        return False
    return True
