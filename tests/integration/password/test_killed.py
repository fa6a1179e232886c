"""The office password's commands killed by SIGKILL, whenever it comes: the valid password is kept, and one more run makes an end of it."""

import sys
from copy import deepcopy
from pathlib import Path

import pytest

from codalink.odoo.gateway import OdooProtocol
from codalink.sandbox import Consent, World, small_office
from tests.conftest import Count
from tests.integration.doomed import Doomed, moments, some
from tests.integration.password.conftest import Making
from tests.integration.password.password_office import PasswordOffice, in_protocol

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

BATCHES = 4
IN_ORDER = ("--jobs", "1")
ROTATE = ("password", "rotate", "--yes", *IN_ORDER)
START_OVER = ("password", "recover", "--revoked", "--yes", "--no-browser", *IN_ORDER)
REVOKE = ("revoke", "--company", "klant-001", "--yes", *IN_ORDER)


class Beginning:
    """How everything stood when the office was connected, to go back to."""

    def __init__(self, office: PasswordOffice) -> None:
        self._office = office
        self._tables = {database.name: deepcopy(database.tables) for database in office.world.databases()}
        self._codabox = deepcopy(office.codalink.office)

    def again(self) -> None:
        office = self._office
        for database in office.world.databases():
            with database.lock:
                database.tables = deepcopy(self._tables[database.name])
        office.proxy.add_office(deepcopy(self._codabox))
        office.lose()
        office.keep(office.valid)


def with_wizards(world: World) -> World:
    """A newer module, which asks for the office password before it revokes."""
    for database in world.databases():
        database.flavour = database.flavour._replace(revoke_wizard=True)
    return world


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("protocol", [OdooProtocol.JSON_RPC, OdooProtocol.JSON_2])
def test_rotation_is_completed_by_the_next_run(make_office: Making, protocol: OdooProtocol, batch: int, count: Count) -> None:
    office = make_office(small_office(1, versions=("19.0",)))
    in_protocol(office, protocol)
    doomed = Doomed(office.codalink, ROTATE, Beginning(office).again)
    points = doomed.points()
    count("kill points", f"password rotate, {protocol.value}", len(moments(points)) if batch == 0 else 0)
    assert len(points) >= 50, points

    for number, point in some(points, batch, BATCHES):
        doomed.die_at(number)
        assert office.valid in {office.kept(), office.kept("new")}, point

        done = office(*ROTATE)
        assert done.exit_code == 0, f"{point}: {done}"
        assert not office.troubles(), point


@pytest.mark.parametrize("batch", range(BATCHES))
def test_rotation_that_was_killed_does_not_keep_companies_from_being_connected(make_office: Making, batch: int) -> None:
    office = make_office(small_office(2))
    del office.codalink.office.connections[max(office.codalink.office.connections)]
    office.world.database("klant-002").row("res.company", 1).update(l10n_be_codabox_is_connected=False)
    doomed = Doomed(office.codalink, ROTATE, Beginning(office).again)

    for number, point in some(doomed.points(), batch, BATCHES):
        doomed.die_at(number)
        done = office("connect-all", "--yes", "--no-browser")
        assert done.exit_code == 0, f"{point}: {done}"
        assert len(office.connected) == 2, point
        assert office.kept() == office.valid, point


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("with_wizard", [False, True], ids=["at once", "with a wizard"])
def test_revocation_is_completed_by_the_next_run(make_office: Making, with_wizard: bool, batch: int, count: Count) -> None:
    world = small_office(2)
    office = make_office(with_wizards(world) if with_wizard else world)
    doomed = Doomed(office.codalink, REVOKE, Beginning(office).again)
    points = doomed.points()
    count("kill points", f"revoke{', with a wizard' if with_wizard else ''}", len(moments(points)) if batch == 0 else 0)

    for number, point in some(points, batch, BATCHES):
        doomed.die_at(number)
        done = office(*REVOKE)
        assert done.exit_code == 0, f"{point}: {done}"
        assert office.connected == ["klant-002/1"], point
        assert not office.troubles() or "Odoo still shows" in str(office.troubles()), point


@pytest.mark.parametrize("batch", range(BATCHES))
def test_starting_over_goes_on_from_wherever_it_was_killed(make_office: Making, batch: int, count: Count) -> None:
    """What was killed before the new beginning is gone on with by the same command, and after it by `connect-all`."""
    office = make_office(small_office(2))
    beginning = Beginning(office)

    def lose_it() -> None:
        beginning.again()
        office.lose()
        office.proxy.give_consent(office.world.office_vat, Consent.CANCELLED)

    doomed = Doomed(office.codalink, START_OVER, lose_it)
    points = doomed.points()
    count("kill points", "password recover, starting over", len(moments(points)) if batch == 0 else 0)

    for number, point in some(points, batch, BATCHES):
        doomed.die_at(number)
        again = office(*START_OVER)
        done = again if again.exit_code == 0 and len(office.connected) == 2 else office("connect-all", "--yes", "--no-browser")
        assert done.exit_code == 0, f"{point}: {again}\n{done}"
        assert len(office.connected) == 2, point
        assert office.kept() == office.valid, point


def test_no_point_is_missed(tmp_path: Path) -> None:
    points = [f"{when} {what}" for what in "abcdefgh" for when in ("before", "after")]

    assert sorted(number for batch in range(BATCHES) for number, _ in some(points, batch, BATCHES)) == moments(points)
