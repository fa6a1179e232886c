"""The shared flow in a sandbox, which tells besides which calls came, over which protocol, and how many connections were opened."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from codalink.sandbox import Sandbox, World
from codalink.sandbox.calls import Call
from tests.flows.main_flow import MainFlow, Step
from tests.integration.flow_office import SandboxOffice
from tests.integration.office import CommandLine, Done, readable_passwords
from tests.integration.terminal import keyring_with_api_key, ready_office

CREATE = "l10n_be_codabox_create_connection"
SPOKEN = {"json-2": "json2", "json-rpc": "jsonrpc", "xml-rpc": "xmlrpc"}
"""What codalink calls a protocol, and what the sandbox calls it."""
MOST_CALLS_TO_CONNECT = {"json-2": 4, "json-rpc": 6, "xml-rpc": 6}
MOST_CALLS_WHEN_CONNECTED = {"json-2": 1, "json-rpc": 3, "xml-rpc": 3}
LACKS_A_FIELD = {"odoo17"}
"""Servers whose module doesn't tell a company's office: that takes further calls, which are counted at the end."""


@dataclass(frozen=True)
class Way:
    """An office, the secret that opens it, and what codalink has to speak with each of its servers."""

    make: Callable[[], World]
    has_key: bool
    protocols: dict[str, str]


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
class Flow(MainFlow):
    """The shared flow, and what the sandbox saw of it, by step."""

    office: SandboxOffice
    watched: dict[str, Watched] = field(default_factory=dict)

    def take(self, steps: dict[str, Step]) -> None:
        for name, command in steps.items():
            self.watched[name] = watched(self.office.line, *command)
            self.done[name] = self.watched[name].done

    @property
    def sandbox(self) -> Sandbox:
        return self.office.line.sandbox

    @property
    def all(self) -> list[Watched]:
        return list(self.watched.values())

    @property
    def counted(self) -> dict[str, str]:
        """What is to be spoken with the databases whose calls are held against a bar: not where a field is missing."""
        servers = self.sandbox.world.servers.values()
        left_out = {name for server in servers if server.name in LACKS_A_FIELD for name in server.databases}
        return {name: protocol for name, protocol in self.office.protocols.items() if name not in left_out}


@contextmanager
def flowing(way: Way, folder: Path, steps: dict[str, Step]) -> Iterator[Flow]:
    """An office that takes these steps."""
    with ready_office(way.make(), folder) as line:
        if way.has_key:
            keyring_with_api_key(line)
        flow = Flow(SandboxOffice(line, way.protocols))
        flow.take(steps)
        yield flow


class WatchedClaims:
    """What only a sandbox can tell of a flow."""

    def test_wipes_every_password_in_every_database(self, flow: Flow) -> None:
        assert readable_passwords(flow.sandbox.world) == []

    def test_connects_each_company_once(self, flow: Flow) -> None:
        made = [(name, call.database) for name, one in flow.watched.items() for call in one.calls if call.method == CREATE]
        assert sorted(made) == [("connecting", name) for name in sorted(flow.office.protocols)]

    def test_speaks_that_protocol_and_no_other(self, flow: Flow) -> None:
        spoken = {(call.database, call.protocol) for one in flow.all for call in one.calls if call.database}
        assert spoken == {(name, SPOKEN[protocol]) for name, protocol in flow.office.protocols.items()}

    def test_calls_per_newly_connected_company_are_few(self, flow: Flow) -> None:
        """The company of the first connection is no newly connected one: the office's beginning takes calls of its own."""
        connecting = flow.watched["connecting"]
        first = next(call.database for call in connecting.calls if call.method == CREATE)
        counts = {name: (connecting.count(name), MOST_CALLS_TO_CONNECT[protocol]) for name, protocol in flow.counted.items()}
        assert {name: count for name, count in counts.items() if name != first and count[0] > count[1]} == {}

    def test_calls_per_connected_database_are_fewer(self, flow: Flow) -> None:
        counts = {name: (flow.watched["again"].count(name), MOST_CALLS_WHEN_CONNECTED[protocol]) for name, protocol in flow.counted.items()}
        assert {name: count for name, count in counts.items() if count[0] > count[1]} == {}

    def test_one_connection_per_database_at_the_most(self, flow: Flow) -> None:
        room = {server.name: len(server.databases) for server in flow.sandbox.world.servers.values()}
        opened = [{name: (count, room[name]) for name, count in one.connections.items() if count > room[name]} for one in flow.all]
        assert opened == [{}] * len(flow.all)

    def test_logs_in_once_a_database(self, flow: Flow) -> None:
        for one in flow.all:
            logins = Counter(call.database for call in one.calls if call.method in {"login", "authenticate"})
            assert logins == {name: 1 for name, protocol in flow.office.protocols.items() if protocol != "json-2"}
