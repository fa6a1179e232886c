"""The whole office flow over all of Odoo's protocols in one office, with a look before and after."""

from collections.abc import Iterator

import pytest

from codalink.sandbox import mixed_office
from tests.flows.main_flow import CHECKED_STEPS, CheckedFlowClaims
from tests.integration.watched_flow import Flow, WatchedClaims, Way, flowing

MIXED = {
    "odoo17": "json-rpc",
    "odoo18": "json-rpc",
    "odoo19": "json-2",
    "odoo-online": "json-rpc",
    "odoo-json2": "json-2",
    "odoo-xmlrpc": "xml-rpc",
}


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    way = Way(mixed_office, has_key=True, protocols=MIXED)
    with flowing(way, tmp_path_factory.mktemp("mixed"), CHECKED_STEPS) as flow:
        yield flow


class TestMixedOfficeFlow(CheckedFlowClaims, WatchedClaims):
    """With 17, 18, 19, and servers that speak one protocol only."""
