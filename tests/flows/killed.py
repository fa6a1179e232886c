"""The run is killed when Odoo has just made the office password, which codalink has not stored yet. The next run completes it."""

from dataclasses import dataclass

from tests.flows.main_flow import CONNECT_ALL
from tests.flows.office import FlowOffice
from tests.integration import killing
from tests.integration.office import Done
from tests.integration.terminal import envelope

POINT = "after*l10n_be_codabox_create_connection"


@dataclass
class KilledRun:
    """Such a run, what was left of it, and the next one."""

    office: FlowOffice
    died: Done
    kept_when_it_died: str | None
    readable_when_it_died: list[str]
    next: Done


def killed_and_again(office: FlowOffice) -> KilledRun:
    """Kill the first connection of an office where nothing is connected, and run again."""
    office.environment.update(KILLING_AT=POINT, KILLING_POINTS=str(office.folder / "points"))
    died = office.run(*CONNECT_ALL, "--jobs", "1", program=killing.PROGRAM)
    kept, readable = office.kept_password, office.readable_passwords
    return KilledRun(office, died, kept, readable, office.run(*CONNECT_ALL))


class KilledRunClaims:
    """Hold for a `killed` run."""

    def test_died_with_the_password_in_odoo_alone(self, killed: KilledRun) -> None:
        assert killed.died.was_killed, killed.died
        assert (killed.kept_when_it_died, killed.readable_when_it_died) == (None, [killed.office.password])

    def test_next_run_connects_everybody(self, killed: KilledRun) -> None:
        assert killed.next.exit_code == 0, killed.next
        assert {row["result"] for row in envelope(killed.next)["rows"]} <= {"connected", "already connected"}
        assert all(killed.office.connected.values())

    def test_next_run_brings_the_password_home_and_wipes_it(self, killed: KilledRun) -> None:
        assert killed.office.kept_password == killed.office.password
        assert killed.office.readable_passwords == []

    def test_there_was_one_first_connection(self, killed: KilledRun) -> None:
        assert killed.office.first_connections == 1
