"""The whole office flow over each of Odoo's three protocols; how many calls that takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codalink.sandbox import World, small_office
from tests.flows.main_flow import STEPS, MainFlowClaims
from tests.integration.office import connected_companies
from tests.integration.terminal import envelope, keyring_with_api_key, ready_office, rows_by
from tests.integration.watched_flow import SPOKEN, Flow, WatchedClaims, Way, flowing, watched


def only_xml_rpc() -> World:
    world = small_office(3)
    world.servers["odoo18"].blocked = {"/jsonrpc": 403}
    return world


WAYS = {
    "json-2": Way(lambda: small_office(3, versions=("19.0",)), has_key=True, protocols={"odoo19": "json-2"}),
    "json-rpc": Way(lambda: small_office(3), has_key=False, protocols={"odoo18": "json-rpc"}),
    "json-rpc-on-19": Way(lambda: small_office(3, versions=("19.0",)), has_key=False, protocols={"odoo19": "json-rpc"}),
    "json-rpc-with-key": Way(lambda: small_office(3), has_key=True, protocols={"odoo18": "json-rpc"}),
    "xml-rpc": Way(only_xml_rpc, has_key=False, protocols={"odoo18": "xml-rpc"}),
    "xml-rpc-with-key": Way(only_xml_rpc, has_key=True, protocols={"odoo18": "xml-rpc"}),
}


@pytest.fixture(scope="module", params=WAYS)
def flow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    with flowing(WAYS[request.param], tmp_path_factory.mktemp("flow"), STEPS) as flow:
        yield flow


class TestOfficeFlow(MainFlowClaims, WatchedClaims):
    """Over one protocol at a time."""


# --- the configuration's word ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("protocol", "has_key"), [("json-rpc", True), ("xml-rpc", True), ("json-rpc", False), ("xml-rpc", False)])
def test_protocol_of_the_configuration_overrides(tmp_path: Path, protocol: str, has_key: bool) -> None:
    with ready_office(small_office(2, versions=("19.0",)), tmp_path) as office:
        if has_key:
            keyring_with_api_key(office)
        office.config.write_text(f'{office.config.read_text(encoding="utf-8")}protocol = "{protocol}"\n', encoding="utf-8")
        listed, done = office.run("databases", "json"), office.run("connect-all", "--yes", "json")

        assert done.exit_code == 0, done
        assert {row["protocol"] for row in envelope(listed)["rows"]} == {protocol}
        assert {call.protocol for call in office.sandbox.calls if call.database} == {SPOKEN[protocol]}
        assert all(connected_companies(office.sandbox.world).values())


def test_protocol_of_one_database_in_the_file_overrides_for_it_alone(tmp_path: Path) -> None:
    with ready_office(small_office(2, versions=("19.0",)), tmp_path) as office:
        keyring_with_api_key(office)
        url = office.sandbox.servers["odoo19"].url
        listed = f"url,database,protocol\n{url},klant-001,xml-rpc\n{url},klant-002,\n"
        (tmp_path / "databases.csv").write_text(listed, encoding="utf-8")
        rows = rows_by(office.run("databases", "json"), "database")

        assert {name: row["protocol"] for name, row in rows.items()} == {"klant-001": "xml-rpc", "klant-002": "json-2"}


def test_protocol_that_the_server_lacks_is_told_and_no_other_is_tried(tmp_path: Path) -> None:
    with ready_office(small_office(1), tmp_path) as office:
        keyring_with_api_key(office)
        office.config.write_text(f'{office.config.read_text(encoding="utf-8")}protocol = "json-2"\n', encoding="utf-8")
        done = office.run("databases", "json")

        assert envelope(done)["rows"][0]["error"] == "protocol-missing", done
        assert [call for call in office.sandbox.calls if call.database] == []


def test_protocol_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with ready_office(small_office(1), tmp_path) as office:
        office.config.write_text(f'{office.config.read_text(encoding="utf-8")}protocol = "soap"\n', encoding="utf-8")
        done = office.run("databases")

        assert done.exit_code == 2, done
        assert "json-2, json-rpc, xml-rpc" in done.stderr


def test_password_where_only_json_2_is_spoken_says_that_a_key_is_needed(tmp_path: Path) -> None:
    world = small_office(1, versions=("19.0",))
    world.servers["odoo19"].protocols = frozenset({"json2"})
    with ready_office(world, tmp_path) as office:
        row = envelope(office.run("databases", "json"))["rows"][0]

        assert row["reachable"] is False
        assert "API key" in row["remedy"], row


# --- versions whose module doesn't tell a company's office -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "has_key", "to_connect", "when_connected"),
    [("17.0", False, 7, 4), ("17.0", True, 7, 4), ("19.0", False, 7, 4), ("19.0", True, 6, 3)],
    ids=["17 json-rpc", "17 json-rpc with key", "later json-rpc", "later json-2"],
)
def test_version_without_the_office_s_field_takes_two_calls_more_a_database(
    tmp_path: Path, version: str, has_key: bool, to_connect: int, when_connected: int
) -> None:
    """The system parameter and the Accounting Firm. Which fields there are is asked in the first database only."""
    world = small_office(4, versions=(version,))
    for database in world.databases():
        database.flavour = database.flavour._replace(fiduciary_vat_field=False)
    with ready_office(world, tmp_path) as office:
        if has_key:
            keyring_with_api_key(office)
        connecting, again = (watched(office, "connect-all", "--yes", "json", "--jobs", "1") for _ in range(2))

        assert (connecting.done.exit_code, again.done.exit_code) == (0, 0), connecting.done
        taught = ["klant-002", "klant-003", "klant-004"]
        assert [connecting.count(name) for name in taught] == [to_connect] * 3
        assert [again.count(name) for name in taught] == [when_connected] * 3
        assert len([call for call in connecting.calls if call.method == "fields_get"]) == 1


def test_protocol_that_the_configuration_asks_for_and_the_server_lacks_is_told(tmp_path: Path) -> None:
    with ready_office(small_office(1, versions=("18.0",)), tmp_path) as office:
        keyring_with_api_key(office)
        text = office.config.read_text(encoding="utf-8")
        office.config.write_text(f'{text}protocol = "json-2"\n', encoding="utf-8")
        done = office.run("databases", "json")

        assert "leave `protocol` out" in rows_by(done, "database")["klant-001"]["remedy"], done
