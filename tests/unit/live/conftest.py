"""The add-on of tests/live, imported into a fake Odoo, and its stand-in proxy on loopback."""

from collections.abc import Iterator

import pytest

from codalink.sandbox.web import HttpServer
from tests.live.stand_in import StandIn
from tests.unit.live.odoo_stub import Model, imported_addon


@pytest.fixture(scope="package")
def registry() -> Iterator[dict[str, type[Model]]]:
    with imported_addon() as models:
        yield models


@pytest.fixture
def stand_in() -> Iterator[HttpServer]:
    server = HttpServer(StandIn())
    server.listen()
    yield server
    server.stop()
