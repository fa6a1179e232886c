"""From the first look to the statements on disk."""

import csv
import hashlib
from dataclasses import dataclass, field

from tests.flows.office import FlowOffice
from tests.integration.office import Done
from tests.integration.terminal import envelope, rows_by

Step = tuple[str, ...]
CONNECT_ALL: Step = ("connect-all", "--yes", "json")
RETRIEVE: Step = ("retrieve", "--all", "--download", "files", "json")
STEPS: dict[str, Step] = {
    "databases": ("databases", "json"),
    "connecting": CONNECT_ALL,
    "again": CONNECT_ALL,
    "status": ("status", "--refresh", "json"),
    "retrieve": RETRIEVE,
}
CHECKED_STEPS: dict[str, Step] = {
    "check": ("check", "json"),
    **STEPS,
    "statements": ("statements", "check", "json", "--files", "files"),
    "retrieve again": RETRIEVE,
}
"""The same with a look before and a look after."""
FIRST_STATEMENTS = 2
"""How many wait for each account when it is asked for the first time."""


@dataclass
class MainFlow:
    """An office, and what became of each step."""

    office: FlowOffice
    done: dict[str, Done] = field(default_factory=dict)

    def take(self, steps: dict[str, Step]) -> None:
        """Take these steps, one after the other."""
        for name, command in steps.items():
            self.done[name] = self.office.run(*command)

    @property
    def files(self) -> dict[str, bytes]:
        """The originals that were brought home, by their place in the folder."""
        root = self.office.folder / "files"
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.suffix in {".coda", ".pdf"}}


class MainFlowClaims:
    """Hold for a `flow` that has taken STEPS."""

    def test_goes_well(self, flow: MainFlow) -> None:
        assert [(str(done), done.exit_code) for done in flow.done.values() if done.exit_code != 0] == []

    def test_connects_every_company(self, flow: MainFlow) -> None:
        connected = flow.office.connected
        assert len(connected) == len(flow.office.protocols)
        assert all(connected.values()), connected
        assert {row["result"] for row in envelope(flow.done["connecting"])["rows"]} == {"connected"}

    def test_makes_one_first_connection_and_brings_its_password_home(self, flow: MainFlow) -> None:
        assert flow.office.first_connections == 1
        assert flow.office.kept_password == flow.office.password
        assert flow.office.readable_passwords == []

    def test_finds_all_connected_the_next_time(self, flow: MainFlow) -> None:
        assert {row["result"] for row in envelope(flow.done["again"])["rows"]} == {"already connected"}

    def test_shows_every_company_s_connection(self, flow: MainFlow) -> None:
        rows = rows_by(flow.done["status"], "database")
        assert {name: row["connection"] for name, row in rows.items()} == dict.fromkeys(flow.office.protocols, "connected")

    def test_fetches_every_company_s_statements(self, flow: MainFlow) -> None:
        rows = envelope(flow.done["retrieve"])["rows"]
        assert {row["database"] for row in rows if row["statement"]} == set(flow.office.protocols)
        assert [row for row in rows if row["error"] or not (row["coda"] and row["pdf"])] == []

    def test_brings_two_originals_of_each_statement_home_whole(self, flow: MainFlow) -> None:
        assert len(flow.files) == len(flow.office.protocols) * FIRST_STATEMENTS * 2
        assert all(content.startswith((b"0", b"%PDF")) and content.endswith((b"\r\n", b"%%EOF\n")) for content in flow.files.values())

    def test_lists_each_original_with_its_sum(self, flow: MainFlow) -> None:
        with (flow.office.folder / "files" / "index.csv").open(encoding="utf-8", newline="") as file:
            listed = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
        assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in flow.files.items()}

    def test_databases_tells_version_and_protocol(self, flow: MainFlow) -> None:
        rows = rows_by(flow.done["databases"], "database")
        assert {name: row["protocol"] for name, row in rows.items()} == flow.office.protocols
        assert {name: row["version"] for name, row in rows.items()} == flow.office.versions


class CheckedFlowClaims(MainFlowClaims):
    """Hold for a `flow` that has taken CHECKED_STEPS."""

    def test_nothing_stands_in_the_way_beforehand(self, flow: MainFlow) -> None:
        rows = rows_by(flow.done["check"], "database")
        assert {name: row["ready"] for name, row in rows.items()} == dict.fromkeys(flow.office.protocols, True)

    def test_statements_are_complete_in_odoo_and_on_disk(self, flow: MainFlow) -> None:
        rows = envelope(flow.done["statements"])["rows"]
        assert {(row["source"], row["statements"], row["complete"]) for row in rows} == {
            ("odoo", FIRST_STATEMENTS, True),
            ("files", FIRST_STATEMENTS, True),
        }
        assert len(rows) == 2 * len(flow.office.protocols)

    def test_fetching_again_finds_nothing_new(self, flow: MainFlow) -> None:
        assert {row["statement"] for row in envelope(flow.done["retrieve again"])["rows"]} == {""}
