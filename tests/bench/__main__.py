"""Print a line for each figure: `BENCH name value bar ok|short`; exit 1 where one falls short.

    python -m tests.bench [PART …]     one or more of: help, connect, status, statements; all of them unless named

Everything is measured against the sandbox with 50 ms per call, in a process of its own. The ideal is what the calls alone would take:
calls needed times latency, divided by how many databases of the office's one server are worked on at once.
"""

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from codalink.cli.options import JOBS_PER_SERVER
from tests.bench.measure import Office, office, run

LATENCY_S = 0.05
JOBS = 16
AT_ONCE = min(JOBS, JOBS_PER_SERVER)
DATABASES = 200
MANY = 2000
STATEMENTS = 250
BY_HAND = 10
"""On so many databases the script is measured; its time grows with their number, since it does one after the other."""


@dataclass
class Figures:
    """The figures so far."""

    short: int = 0

    def tell(self, name: str, value: float, bar: float, *, at_least: bool = False) -> None:
        """Print one figure and count it if it falls short."""
        is_ok = value >= bar if at_least else value <= bar
        self.short += not is_ok
        sys.stdout.write(f"BENCH {name} {value:.2f} {'>=' if at_least else '<='}{bar:g} {'ok' if is_ok else 'short'}\n")
        sys.stdout.flush()


def main(wanted: Sequence[str]) -> None:
    """Measure what is wanted, or everything, the largest office last."""
    figures = Figures()
    for name in wanted or PARTS:
        for part in PARTS[name]:
            part(figures)
    sys.exit(1 if figures.short else 0)


def help_time(figures: Figures) -> None:
    """`codalink --help` against an empty Typer program, in turns, the medians."""
    empty = [sys.executable, "-c", "import typer; app = typer.Typer(); app.command()(lambda: None); app(['--help'])"]
    ours = [sys.executable, "-m", "codalink", "--help"]
    pairs = [(run(ours, {}).seconds, run(empty, {}).seconds) for _ in range(15)]
    figures.tell("help_against_empty_typer", statistics.median(mine / theirs for mine, theirs in pairs), 1.3)


def connecting(figures: Figures, *, with_key: bool) -> None:
    """connect-all of an office, new and again."""
    protocol, most_new, most_again = ("json2", 4, 1) if with_key else ("jsonrpc", 6, 3)
    with office(DATABASES, LATENCY_S, with_key=with_key) as bureau:
        bureau.codalink("connect", "--company", f"{bureau.told['databases'][0]}", "--yes", "--no-browser", "--quiet")
        before = bureau.seen()
        all_new = bureau.codalink("connect-all", "--yes", "--no-browser", "--quiet", "--jobs", str(JOBS))
        after = bureau.seen()
        needed = after["calls_total"] - before["calls_total"]
        connections = after["tcp_connections_total"] - before["tcp_connections_total"]
        figures.tell(f"connect_all_against_ideal_{protocol}", all_new.seconds / (needed * LATENCY_S / AT_ONCE), 1.3)
        figures.tell(f"calls_per_new_company_{protocol}", needed / DATABASES, most_new)
        figures.tell(f"tcp_connections_per_database_{protocol}", connections / DATABASES, 1)
        bureau.codalink("connect-all", "--yes", "--quiet")
        again = bureau.seen()["calls_total"] - after["calls_total"]
        figures.tell(f"calls_per_database_when_connected_{protocol}", again / DATABASES, most_again + 1 / DATABASES)
        if not with_key:
            figures.tell("connect_all_against_script", _by_hand(bureau) / all_new.seconds, 20, at_least=True)


def _by_hand(done: Office) -> float:
    """Seconds that the script would take for the whole office, from some databases of another one."""
    with office(BY_HAND + 1, LATENCY_S) as bureau:
        bureau.codalink("connect", "--company", f"{bureau.told['databases'][0]}", "--yes", "--no-browser", "--quiet")
        server = urlsplit(bureau.told["servers"][0])
        office_password = bureau.codalink("password", "show", "--force").output.strip()
        names = bureau.told["databases"][1 : BY_HAND + 1]
        asked = {
            "login": bureau.told["login"],
            "password": bureau.told["password"],
            "office_password": office_password,
            "databases": [[server.hostname, server.port, name] for name in names],
        }
        script = run([sys.executable, "-m", "tests.bench.by_hand"], bureau.environment, given=json.dumps(asked))
    return float(script.output) / BY_HAND * len(done.told["databases"])


def growth_and_status(figures: Figures) -> None:
    """`status` of a few and of many databases: calls, time, memory."""
    per_database = {}
    for databases in (100, MANY):
        with office(databases, LATENCY_S) as bureau:
            before = bureau.seen()["calls_total"]
            status = bureau.codalink("status", "json", "--quiet", "--jobs", str(JOBS))
            calls = bureau.seen()["calls_total"] - before
            per_database[databases] = calls / databases
            if databases == MANY:
                figures.tell("status_2000_against_ideal", status.seconds / (calls * LATENCY_S / AT_ONCE), 1.3)
                figures.tell("status_2000_megabytes", status.megabytes, 150)
    figures.tell("calls_per_database_2000_against_100", per_database[MANY] / per_database[100], 1.05)


def statements(figures: Figures) -> None:
    """`statements check` of half a million statements: time, memory, calls. The ideal is made of latency alone: all else is ours."""
    with office(MANY, LATENCY_S, statements=STATEMENTS) as bureau:
        before = bureau.seen()["calls_total"]
        done = bureau.codalink("statements", "check", "json", "--quiet", "--jobs", str(JOBS))
        calls = bureau.seen()["calls_total"] - before
        read = sum(row["statements"] for row in json.loads(done.output)["rows"])
        figures.tell("statements_read", read, MANY * STATEMENTS, at_least=True)
        figures.tell("statements_check_against_ideal", done.seconds / (calls * LATENCY_S / AT_ONCE), 1.5)
        figures.tell("statements_check_megabytes", done.megabytes, 150)
        figures.tell("statements_check_calls_per_account", calls / MANY, 5)


PARTS: dict[str, Sequence[Callable[[Figures], None]]] = {
    "help": (help_time,),
    "connect": (partial(connecting, with_key=False), partial(connecting, with_key=True)),
    "status": (growth_and_status,),
    "statements": (statements,),
}


if __name__ == "__main__":
    main(sys.argv[1:])
