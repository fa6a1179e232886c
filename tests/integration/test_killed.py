"""The office's first connection survives SIGKILL, whenever it comes: one more run completes it, and the password is never lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import pytest

from codalink.sandbox import Company, Office, Proxy, World, small_office
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import SystemKeyring
from tests.conftest import Count
from tests.flows.killed import KilledRun, KilledRunClaims, killed_and_again
from tests.integration.doomed import Doomed, first_with, last_with, moments, some
from tests.integration.flow_office import SandboxOffice
from tests.integration.office import CommandLine, Done, connected_companies, readable_passwords, running_office
from tests.integration.terminal import ready_office, unwrapped
from tests.secret_service import SecretService

CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
IN_ORDER = ("--jobs", "1")
"""One database after the other, so that the points come in the same order each time."""
WAITING = 3
EXPECTED_AT_LEAST = 90
BATCHES = 8
MORE_THAN_AN_HOUR_S = 4000.0


class DoomedOffice:
    """An office whose first connection is made again and again, each time killed at another point."""

    def __init__(self, codalink: CommandLine) -> None:
        self.codalink = codalink
        self.world = codalink.sandbox.world
        self.proxy = codalink.sandbox.proxy
        self.passwords = OfficePasswords(SystemKeyring())
        self.doomed = Doomed(codalink, CONNECT_ALL, self.begin_anew)
        self._tables = {database.name: deepcopy(database.tables) for database in self.world.databases()}

    @property
    def office(self) -> Office:
        return self.codalink.office

    def begin_anew(self) -> None:
        """Nobody is registered, nothing is connected, no password is known; the office's next one is another one."""
        for database in self.world.databases():
            with database.lock:
                database.tables = deepcopy(self._tables[database.name])
        self.proxy.add_office(Office(self.world.office_vat, self.world.office_name))
        self.passwords.forget(self.world.office_vat)
        self.world.clock = time.time

    def has_password(self) -> bool:
        """Whether the keyring holds the office's password."""
        kept = self.passwords.find(self.world.office_vat)
        return kept is not None and kept.reveal() == self.office.password

    def pass_an_hour(self) -> None:
        """Odoo vacuums its wizards."""
        self.world.clock = lambda: time.time() + MORE_THAN_AN_HOUR_S

    def left_to_do(self, done: Done) -> list[str]:
        """What is not as it should be after the last run; empty where all is well."""
        unconnected = [company for company, is_connected in connected_companies(self.world).items() if not is_connected]
        checks = {
            f"exit code {done.exit_code}": done.exit_code == 0,
            f"not connected: {unconnected}": not unconnected,
            f"first connections: {self.office.first_connections}": self.office.first_connections == 1,
            "the keyring has another password": self.has_password(),
            "Odoo still shows a password": not readable_passwords(self.world, "validation"),
        }
        return [trouble for trouble, is_well in checks.items() if not is_well]


def consent_at_once(proxy: Proxy) -> None:
    """Before Odoo even answers: so no run has to wait."""
    proxy.on_first_connection = lambda office: proxy.give_consent(office.vat)


@contextmanager
def doomed_office(world: World, folder: Path, service: SecretService) -> Iterator[DoomedOffice]:
    with running_office(world, folder, keyring=service.environment, consent_after_s=None) as codalink:
        yield DoomedOffice(codalink)


@pytest.fixture
def doomed(tmp_path: Path, real_keyring: SecretService) -> Iterator[DoomedOffice]:
    world = small_office(databases=3)
    world.database("klant-002").add_company(Company("Klant 002 bis", "BE0477472701", f"BE{world.office_vat}"))
    with doomed_office(world, tmp_path, real_keyring) as office:
        yield office


@pytest.mark.parametrize("batch", range(BATCHES))
def test_first_connection_killed_at_any_point_is_completed_by_the_next_run(doomed: DoomedOffice, batch: int, count: Count) -> None:
    consent_at_once(doomed.proxy)
    points = doomed.doomed.points(*IN_ORDER)
    assert len(points) >= EXPECTED_AT_LEAST
    count("kill points", "connect-all", len(moments(points)) if batch == 0 else 0)

    troubles = {}
    for number, name in some(points, batch, BATCHES):
        doomed.doomed.die_at(number, *IN_ORDER)
        done = doomed.codalink.run(*CONNECT_ALL)
        if trouble := doomed.left_to_do(done):
            troubles[f"{number}, {name}"] = [*trouble, str(done)]

    assert not troubles


def test_killed_while_many_databases_are_connected_side_by_side(doomed: DoomedOffice) -> None:
    consent_at_once(doomed.proxy)
    points = doomed.doomed.points()

    troubles = {}
    for number in range(first_with("before /jsonrpc klant-002 l10n_be_codabox", points), len(points), 4):
        doomed.doomed.die_at(number)
        if trouble := doomed.left_to_do(done := doomed.codalink.run(*CONNECT_ALL)):
            troubles[number] = [*trouble, str(done)]

    assert not troubles


@pytest.mark.parametrize("part", [0, 1])
def test_killed_while_it_waits_for_the_consent(doomed: DoomedOffice, part: int) -> None:
    """Two rounds of asking, and the pause between them; whatever of it was done, the consent that a person gives meanwhile is enough."""
    points = doomed.doomed.points(*IN_ORDER, "--consent-timeout", "0", exit_code=WAITING)
    begun = last_with("after /jsonrpc klant-001 l10n_be_codabox.validation.wizard.validate_connection", points)
    one_round = len(points) - begun
    assert one_round >= 6, points

    troubles = {}
    for number in range(begun + part, begun + 2 * one_round + 1, 2):
        doomed.doomed.die_at(number, *IN_ORDER)
        doomed.proxy.give_consent(doomed.office.vat)
        if trouble := doomed.left_to_do(done := doomed.codalink.run(*CONNECT_ALL)):
            troubles[number] = [*trouble, str(done)]

    assert not troubles


@pytest.mark.parametrize("part", [0, 1])
def test_killed_with_the_password_at_home_and_run_again_when_odoo_has_lost_its_wizard(doomed: DoomedOffice, part: int) -> None:
    waiting = (*IN_ORDER, "--consent-timeout", "0")
    points = doomed.doomed.points(*waiting, exit_code=WAITING)
    begun = last_with("after back end set_password: codalink office password", points)
    assert len(points) - begun >= 10, points

    troubles = {}
    for number in range(begun + part, len(points) + 1, 2):
        doomed.doomed.die_at(number, *waiting)
        assert doomed.has_password(), points[number - 1]
        doomed.pass_an_hour()
        doomed.proxy.give_consent(doomed.office.vat)
        if trouble := doomed.left_to_do(done := doomed.codalink.run(*CONNECT_ALL)):
            troubles[f"{number}, {points[number - 1]}"] = [*trouble, str(done)]

    assert not troubles


def test_password_that_odoo_has_lost_before_it_came_home_is_told_and_nothing_is_made_worse(doomed: DoomedOffice) -> None:
    points = doomed.doomed.points(*IN_ORDER, "--consent-timeout", "0", exit_code=WAITING)
    doomed.doomed.die_at(last_with("before back end set_password: codalink office password", points), *IN_ORDER)
    doomed.pass_an_hour()

    done = doomed.codalink.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert "codalink password recover" in unwrapped(done.stdout)
    assert doomed.office.first_connections == 1


@pytest.fixture(scope="class")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledRun]:
    with ready_office(small_office(2), tmp_path_factory.mktemp("killed")) as codalink:
        yield killed_and_again(SandboxOffice(codalink))


class TestKilledBeforeThePasswordCameHome(KilledRunClaims):
    """The one point of them all that is tried on real servers too."""
