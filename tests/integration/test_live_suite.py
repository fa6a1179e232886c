"""The tests against real servers, run against the sandbox as if it were one: all is proven but the server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from codalink.sandbox import Sandbox, registry, small_office
from codalink.sandbox.fields import Fields
from codalink.sandbox.models import BaseModel, model_method
from codalink.sandbox.web import HttpServer
from tests.integration.office import CHECKOUT
from tests.live.prepare import MARK
from tests.live.settings import NO_SERVER, LiveSettings
from tests.live.stand_in import StandIn

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


class LiveKey(BaseModel):
    """What our add-on has besides the module's surface."""

    model_name = MARK
    fields: ClassVar[Fields] = {}

    @model_method
    def make(self, _name: str) -> str:
        return self.env.world.api_key


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[LiveSettings]:
    """A sandbox that has what the add-on has, and its proxy's other face."""
    world = small_office(3, versions=("19.0",))
    secret = tmp_path / "secret"
    secret.write_text(f"{world.password}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, Sandbox(world) as sandbox:
        patch.setattr(registry, "_STANDARD", (*registry._STANDARD, LiveKey))
        registry.registry_of.cache_clear()
        face = HttpServer(StandIn(sandbox.proxy))
        face.listen()
        names = tuple(database.name for database in world.databases())
        yield LiveSettings(sandbox.servers["odoo19"].url, names, world.login, secret, face.url, face.url)
        face.stop()
    registry.registry_of.cache_clear()


def pytest_of(folder: Path, environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [*PYTEST, f"--basetemp={folder / 'pytest'}", *arguments]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(command, cwd=CHECKOUT, env=own | environment, capture_output=True, encoding="utf-8", check=False)


def test_flows_hold_and_nothing_is_skipped(live_server: LiveSettings, tmp_path: Path) -> None:
    chosen = "(TestMainFlow and JSON_2) or TestKilled or TestPasswordLife"
    done = pytest_of(tmp_path, live_server.environment, "tests/live", "-k", chosen)

    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]


def test_databases_of_customers_are_left_alone(tmp_path: Path) -> None:
    """Without the add-on of tests/live, a database may be anybody's."""
    world = small_office(2)
    secret = tmp_path / "secret"
    secret.write_text(f"{world.password}\n", encoding="utf-8")
    with Sandbox(world) as sandbox:
        settings = LiveSettings(sandbox.servers["odoo18"].url, ("klant-001", "klant-002"), world.login, secret, "http://127.0.0.1:9", "")
        done = pytest_of(tmp_path, settings.environment, "tests/live", "-k", "TestKilled")

        assert "klant-001 has not the stand-in add-on" in done.stdout
        assert {call.method for call in sandbox.calls} <= {"version", "authenticate", "search_count"}


def test_without_a_server_each_is_skipped_with_what_to_do(tmp_path: Path) -> None:
    done = pytest_of(tmp_path, {}, "tests/live", "-rs")

    assert done.returncode == 0, done.stdout
    assert NO_SERVER[:60] in done.stdout
    assert "passed" not in done.stdout


def test_some_variables_alone_are_told(tmp_path: Path) -> None:
    done = pytest_of(tmp_path, {"CODALINK_LIVE_URL": "http://127.0.0.1:8069"}, "tests/live")

    assert "CODALINK_LIVE_DATABASES, CODALINK_LIVE_LOGIN, CODALINK_LIVE_SECRET_FILE, CODALINK_LIVE_PROXY_URL missing" in done.stdout


def test_whole_suite_leaves_them_out(tmp_path: Path) -> None:
    done = pytest_of(tmp_path, {}, "tests", "--collect-only", "-k", "live and flows")

    assert "tests/live/" not in done.stdout
