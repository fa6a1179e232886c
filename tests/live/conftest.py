"""Finds the server, or skips with a word on what to do."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.live.office import LiveOffice, Way, has_json_2, live_office
from tests.live.remote import Odoo
from tests.live.settings import NO_SERVER, LiveSettings, read_settings

# Before any test cleans the environment of the user.
GIVEN = dict(os.environ)

MakeOffice = Callable[[Way], AbstractContextManager[LiveOffice]]


@pytest.fixture(scope="session")
def live_settings() -> LiveSettings:
    settings = read_settings(GIVEN)
    if settings is None:
        pytest.skip(NO_SERVER)
    return settings


@pytest.fixture(scope="session")
def best_way(live_settings: LiveSettings) -> Way:
    """What codalink would choose with an API key."""
    return Way.JSON_2 if has_json_2(Odoo(live_settings.url, live_settings.login, live_settings.secret).version) else Way.JSON_RPC


@pytest.fixture(scope="session")
def make_office(live_settings: LiveSettings, best_way: Way, tmp_path_factory: pytest.TempPathFactory) -> MakeOffice:
    def make(way: Way) -> AbstractContextManager[LiveOffice]:
        if way is Way.JSON_2 and best_way is not Way.JSON_2:
            pytest.skip("this server is older than JSON-2")
        return live_office(live_settings, way, Path(tmp_path_factory.mktemp(way.value)))

    return make
