"""The whole office flow over each of Odoo's three protocols, and over all of them in one office; how many calls that takes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from codalink.sandbox import World, mixed_office, small_office
from codalink.sandbox.calls import Call
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done, connected_companies, readable_passwords
from tests.integration.terminal import connections_made, envelope, keyring_with_api_key, ready_office, rows_by

SPOKEN = {"json-2": "json2", "json-rpc": "jsonrpc", "xml-rpc": "xmlrpc"}
"""What codalink calls a protocol, and what the sandbox calls it."""
MOST_CALLS_TO_CONNECT = {"json-2": 4, "json-rpc": 6, "xml-rpc": 6}
MOST_CALLS_WHEN_CONNECTED = {"json-2": 1, "json-rpc": 3, "xml-rpc": 3}
MIXED = {
    "odoo17": "json-rpc",
    "odoo18": "json-rpc",
    "odoo19": "json-2",
    "odoo-online": "json-rpc",
    "odoo-json2": "json-2",
    "odoo-xmlrpc": "xml-rpc",
}
LACKS_A_FIELD = {"odoo17"}
"""Servers whose module doesn't tell a company's office: that takes further calls, which are counted at the end."""


def only_xml_rpc() -> World:
    world = small_office(3)
    world.servers["odoo18"].blocked = {"/jsonrpc": 403}
    return world


@dataclass(frozen=True)
class Way:
    """An office, the secret that opens it, and what codalink has to speak with each of its servers."""

    make: Callable[[], World]
    has_key: bool
    protocols: dict[str, str]


WAYS = {
    "json-2": Way(lambda: small_office(3, versions=("19.0",)), has_key=True, protocols={"odoo19": "json-2"}),
    "json-rpc": Way(lambda: small_office(3), has_key=False, protocols={"odoo18": "json-rpc"}),
    "json-rpc-on-19": Way(lambda: small_office(3, versions=("19.0",)), has_key=False, protocols={"odoo19": "json-rpc"}),
    "json-rpc-with-key": Way(lambda: small_office(3), has_key=True, protocols={"odoo18": "json-rpc"}),
    "xml-rpc": Way(only_xml_rpc, has_key=False, protocols={"odoo18": "xml-rpc"}),
    "xml-rpc-with-key": Way(only_xml_rpc, has_key=True, protocols={"odoo18": "xml-rpc"}),
    "mixed": Way(mixed_office, has_key=True, protocols=MIXED),
}


@dataclass
class Watched:
    """One run, the calls that came to Odoo, and the connections that were opened to each server."""

    done: Done
    calls: list[Call]
    connections: dict[str, int]

    def count(self, database: str) -> int:
        return sum(call.database == database for call in self.calls)


def watched(office: CommandLine, *arguments: str) -> Watched:
    office.sandbox.reset_counts()
    done = office.run(*arguments)
    return Watched(done, list(office.sandbox.calls), {name: one.connection_count for name, one in office.sandbox.servers.items()})


@dataclass
class Flow:
    """What an office does with codalink, from the first look to the statements."""

    way: Way
    office: CommandLine
    databases: Watched
    connecting: Watched
    again: Watched
    status: Watched
    retrieve: Watched

    @property
    def all(self) -> list[Watched]:
        return [self.databases, self.connecting, self.again, self.status, self.retrieve]

    @property
    def protocols(self) -> dict[str, str]:
        """What is to be spoken with each database."""
        servers = self.office.sandbox.world.servers.values()
        return {name: self.way.protocols[server.name] for server in servers for name in server.databases}

    @property
    def counted(self) -> dict[str, str]:
        """The same, of the databases whose calls are held against a bar: not where a field is missing."""
        servers = self.office.sandbox.world.servers.values()
        left_out = {name for server in servers if server.name in LACKS_A_FIELD for name in server.databases}
        return {name: protocol for name, protocol in self.protocols.items() if name not in left_out}


@pytest.fixture(scope="module", params=WAYS)
def flow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    way = WAYS[request.param]
    with ready_office(way.make(), tmp_path_factory.mktemp("flow")) as office:
        if way.has_key:
            keyring_with_api_key(office)
        connect_all = ("connect-all", "--yes", "json")
        commands = [("databases", "json"), connect_all, connect_all, ("status", "json"), ("retrieve", "--all", "json")]
        yield Flow(way, office, *[watched(office, *command) for command in commands])


class TestOfficeFlow:
    def test_goes_well(self, flow: Flow) -> None:
        assert [(str(one.done), one.done.exit_code) for one in flow.all if one.done.exit_code != 0] == []

    def test_connects_every_company(self, flow: Flow) -> None:
        connected = connected_companies(flow.office.sandbox.world)
        assert len(connected) == len(flow.protocols)
        assert all(connected.values()), connected
        assert {row["result"] for row in envelope(flow.connecting.done)["rows"]} == {"connected"}

    def test_makes_one_first_connection_and_brings_its_password_home(self, flow: Flow) -> None:
        office = flow.office.office
        assert office.first_connections == 1
        assert flow.office.sandbox.keyring.items[OFFICE_PASSWORD_SERVICE, office.vat] == office.password
        assert readable_passwords(flow.office.sandbox.world) == []

    def test_connects_each_company_once(self, flow: Flow) -> None:
        made = [call.database for call in flow.connecting.calls if call.method == "l10n_be_codabox_create_connection"]
        assert sorted(made) == sorted(flow.protocols)
        assert connections_made(flow.office.sandbox) == []

    def test_finds_all_connected_the_next_time(self, flow: Flow) -> None:
        assert {row["result"] for row in envelope(flow.again.done)["rows"]} == {"already connected"}

    def test_shows_every_company_s_connection(self, flow: Flow) -> None:
        rows = rows_by(flow.status.done, "database")
        assert {name: row["connection"] for name, row in rows.items()} == dict.fromkeys(flow.protocols, "connected")

    def test_fetches_every_company_s_statements(self, flow: Flow) -> None:
        rows = envelope(flow.retrieve.done)["rows"]
        assert {row["database"] for row in rows if row["statement"]} == set(flow.protocols)
        assert [row for row in rows if row["error"] or not (row["coda"] and row["pdf"])] == []

    def test_databases_tells_version_and_protocol(self, flow: Flow) -> None:
        rows = rows_by(flow.databases.done, "database")
        assert {name: row["protocol"] for name, row in rows.items()} == flow.protocols
        told = {name: row["version"] for name, row in rows.items()}
        servers = flow.office.sandbox.world.servers.values()
        assert told == {name: server.version for server in servers for name in server.databases}

    def test_speaks_that_protocol_and_no_other(self, flow: Flow) -> None:
        spoken = {(call.database, call.protocol) for one in flow.all for call in one.calls if call.database}
        assert spoken == {(name, SPOKEN[protocol]) for name, protocol in flow.protocols.items()}


class TestHowMuchItTakes:
    def test_calls_per_newly_connected_company_are_few(self, flow: Flow) -> None:
        """The company of the first connection is no newly connected one: the office's beginning takes calls of its own."""
        first = next(call.database for call in flow.connecting.calls if call.method == "l10n_be_codabox_create_connection")
        counts = {name: (flow.connecting.count(name), MOST_CALLS_TO_CONNECT[protocol]) for name, protocol in flow.counted.items()}
        assert {name: count for name, count in counts.items() if name != first and count[0] > count[1]} == {}

    def test_calls_per_connected_database_are_fewer(self, flow: Flow) -> None:
        counts = {name: (flow.again.count(name), MOST_CALLS_WHEN_CONNECTED[protocol]) for name, protocol in flow.counted.items()}
        assert {name: count for name, count in counts.items() if count[0] > count[1]} == {}

    def test_one_connection_per_database_at_the_most(self, flow: Flow) -> None:
        room = {server.name: len(server.databases) for server in flow.office.sandbox.world.servers.values()}
        opened = [{name: (count, room[name]) for name, count in one.connections.items() if count > room[name]} for one in flow.all]
        assert opened == [{}] * len(flow.all)

    def test_logs_in_once_a_database(self, flow: Flow) -> None:
        for one in flow.all:
            logins = Counter(call.database for call in one.calls if call.method in {"login", "authenticate"})
            assert logins == {name: 1 for name, protocol in flow.protocols.items() if protocol != "json-2"}


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
