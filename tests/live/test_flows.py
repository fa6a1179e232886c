"""The shared flows on a real server: nothing here knows more of it than tests/flows does of any office."""

from collections.abc import Iterator

import pytest

from tests.flows.killed import KilledRun, KilledRunClaims, killed_and_again
from tests.flows.main_flow import CHECKED_STEPS, CheckedFlowClaims, MainFlow
from tests.flows.password_life import PasswordLife, PasswordLifeClaims, live_through
from tests.flows.refused_password import RefusedPassword, RefusedPasswordClaims, with_wrong_password
from tests.live.conftest import MakeOffice
from tests.live.office import Way


@pytest.fixture(scope="module", params=Way)
def flow(request: pytest.FixtureRequest, make_office: MakeOffice) -> Iterator[MainFlow]:
    with make_office(request.param) as office:
        flow = MainFlow(office)
        flow.take(CHECKED_STEPS)
        yield flow


class TestMainFlow(CheckedFlowClaims):
    """Over each protocol that the server speaks."""


@pytest.fixture(scope="module")
def refused(make_office: MakeOffice) -> Iterator[RefusedPassword]:
    with make_office(Way.JSON_RPC) as office:
        first = office.run("connect-all", "--yes", "--only", office.settings.databases[0])
        assert first.exit_code == 0, first
        yield with_wrong_password(office)


class TestRefusedPassword(RefusedPasswordClaims):
    """Odoo wipes it, whatever comes."""


@pytest.fixture(scope="module")
def killed(make_office: MakeOffice, best_way: Way) -> Iterator[KilledRun]:
    with make_office(best_way) as office:
        yield killed_and_again(office)


class TestKilledBeforeThePasswordCameHome(KilledRunClaims):
    """With the protocol that codalink likes best there."""


@pytest.fixture(scope="module")
def life(make_office: MakeOffice, best_way: Way) -> Iterator[PasswordLife]:
    with make_office(best_way) as office:
        yield live_through(office)


class TestPasswordLife(PasswordLifeClaims):
    """Through Odoo's own wizards for changing and revoking."""
