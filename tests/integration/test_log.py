"""`codalink log`: the trail of real runs, also of those that were killed, ran side by side, or could not write it."""

import csv
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from codalink.journal.runs import begin_run
from codalink.sandbox import FaultKind, small_office
from codalink.sandbox.calls import Call
from tests.integration.office import CommandLine, Done, connected_companies
from tests.integration.terminal import BOUND_BY_RIGHTS, envelope, ready_office, run_in_terminal, unwrapped

CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
CREATE = "l10n_be_codabox_create_connection"
NOT_WRITTEN = "not written down in the trail"


def journal_of(office: CommandLine) -> Path:
    return office.state / "journal.sqlite"


def trail(office: CommandLine, *filters: str) -> list[dict[str, object]]:
    done = office.run("log", "json", *filters)
    assert done.exit_code == 0, done
    rows: list[dict[str, object]] = envelope(done)["rows"]
    return rows


def told(office: CommandLine, *filters: str) -> list[tuple[object, object, object]]:
    return [(row["what"], row["company"], row["result"]) for row in trail(office, *filters)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(small_office(databases=4), tmp_path) as office:
        yield office


@pytest.fixture
def connected(office: CommandLine) -> CommandLine:
    done = office.run(*CONNECT_ALL)
    assert done.exit_code == 0, done
    return office


# --- who connected this company, and when --------------------------------------------------------------------------------------------


class Connected(NamedTuple):
    """An office after connect-all, and when that began and ended."""

    office: CommandLine
    began: datetime
    ended: datetime


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    with ready_office(small_office(databases=4), tmp_path_factory.mktemp("log")) as office:
        began = datetime.now().astimezone()
        done = office.run(*CONNECT_ALL)
        assert done.exit_code == 0, done
        yield Connected(office, began, datetime.now().astimezone())


class TestConnectAll:
    def test_every_connection_is_in_the_trail_with_its_company(self, whole: Connected) -> None:
        rows = trail(whole.office, "--what", "connect")
        assert [(row["what"], row["result"]) for row in rows] == [("first connection", "done"), *[("connect", "done")] * 3]
        assert {f"{row['database']}/{row['company_id']}" for row in rows} == set(connected_companies(whole.office.sandbox.world))

    def test_every_step_of_the_first_connection_is_in_the_trail_in_its_order(self, whole: Connected) -> None:
        steps = [row["what"] for row in trail(whole.office)]
        assert steps[:4] == ["first connection", "store password", "wipe password", "consent given"]

    def test_company_is_found_by_a_part_of_its_name(self, whole: Connected) -> None:
        assert [row["company"] for row in trail(whole.office, "--company", "klant 003")] == ["Klant 003"]

    def test_company_is_found_by_its_number(self, whole: Connected) -> None:
        (row,) = trail(whole.office, "--company", "Klant 003")
        assert trail(whole.office, "--company", f"BE{row['vat']}") == [row]

    def test_entry_says_who_and_when(self, whole: Connected) -> None:
        (row,) = trail(whole.office, "--company", "klant 003")
        assert (row["person"], row["login"]) == (begin_run("", "").person, whole.office.sandbox.world.login)
        assert whole.began <= datetime.fromisoformat(str(row["at"])) <= whole.ended

    def test_entry_says_for_which_office_and_with_which_command(self, whole: Connected) -> None:
        (row,) = trail(whole.office, "--company", "klant 003")
        assert (row["office_vat"], row["command"]) == (whole.office.sandbox.world.office_vat, "connect-all")

    def test_entries_of_one_run_are_found_by_its_id(self, whole: Connected) -> None:
        rows = trail(whole.office)
        assert trail(whole.office, "--run", str(rows[0]["run"])) == rows

    def test_days_before_today_are_empty(self, whole: Connected) -> None:
        assert trail(whole.office, "--until", "2020-12-31") == []

    def test_today_is_one_day(self, whole: Connected) -> None:
        assert trail(whole.office, "--days", "2") == trail(whole.office, "--since", f"{whole.began:%Y-%m-%d}") == trail(whole.office)

    def test_limit_keeps_the_newest(self, whole: Connected) -> None:
        assert trail(whole.office, "--limit", "2") == trail(whole.office)[-2:]

    def test_nothing_failed(self, whole: Connected) -> None:
        assert trail(whole.office, "--failed") == []

    def test_table_fits_80_columns(self, whole: Connected) -> None:
        shown = run_in_terminal(whole.office, "log", columns=80)
        assert shown.exit_code == 0
        assert len(shown.widest_line) <= 80
        assert "Klant 003" in shown.text

    def test_csv_has_a_line_for_each(self, whole: Connected) -> None:
        rows = list(csv.DictReader(StringIO(whole.office.run("log", "csv").stdout)))
        assert [row["company"] for row in rows] == [row["company"] for row in trail(whole.office)]

    def test_needs_no_network_no_keyring_no_configuration(self, whole: Connected, tmp_path: Path) -> None:
        alone = CommandLine(whole.office.sandbox, tmp_path, dict(whole.office.environment))
        alone.environment |= {"CODALINK_CONFIG": str(tmp_path / "none"), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        calls = len(whole.office.sandbox.calls)
        assert trail(alone) == trail(whole.office)
        assert len(whole.office.sandbox.calls) == calls


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--what", "foo"), "first connection, "),
        (("--days", "3", "--since", "2026-01-01"), "--days and --since"),
        (("--until", "9999-12-31"), "too far away"),
    ],
)
def test_wrong_usage_is_explained(arguments: tuple[str, ...], words: str, office: CommandLine) -> None:
    done = office.run("log", *arguments)

    assert done.exit_code == 2, done
    assert words in unwrapped(done.stderr)


# --- what is written, and what isn't -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("databases",),
        ("status",),
        ("status", "--refresh"),
        ("connect-all", "--dry-run"),
        ("connect-all", "--help"),
        ("log",),
        ("password", "show"),
    ],
    ids=" ".join,
)
def test_commands_that_change_nothing_write_nothing(command: tuple[str, ...], office: CommandLine) -> None:
    office.run(*command)

    assert not journal_of(office).exists()


def test_log_before_the_first_change_says_that_there_is_none(office: CommandLine) -> None:
    done = office.run("log")

    assert done.exit_code == 0, done
    assert "Nothing is written down yet" in done.stderr


def test_second_run_that_has_nothing_to_do_adds_nothing(connected: CommandLine) -> None:
    before = trail(connected)
    connected.run(*CONNECT_ALL)

    assert trail(connected) == before


def test_fetching_is_written_for_each_company(connected: CommandLine) -> None:
    done = connected.run("retrieve", "--all")

    assert done.exit_code == 0, done
    assert sorted(told(connected, "--what", "retrieve")) == [("retrieve", f"Klant 00{number}", "done") for number in (1, 2, 3, 4)]


def test_password_that_is_entered_and_forgotten_is_in_the_trail(office: CommandLine) -> None:
    office.run("password", "set", "--secret-stdin", stdin="zk7Qx2VbN9tRw4Lm\n")
    office.run("password", "forget", "--yes")

    assert [row["what"] for row in trail(office)] == ["store password", "forget password"]


def test_refusal_is_in_the_trail_with_its_cause(office: CommandLine) -> None:
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-003", method=CREATE, text="No way, José.")
    office.run(*CONNECT_ALL)
    (row,) = trail(office, "--failed")

    assert (row["company"], row["result"], row["error"]) == ("Klant 003", "refused", "odoo-refused")
    assert "No way, José." in str(row["cause"])


def test_setup_says_for_which_server_a_login_was_stored(office: CommandLine) -> None:
    office.set_up()

    assert {(row["what"], row["detail"]) for row in trail(office)} == {
        ("store login", f"{office.sandbox.world.login} on {server.url}") for server in office.sandbox.servers.values()
    }


# --- API keys ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def rotated(tmp_path: Path) -> Iterator[tuple[CommandLine, Done]]:
    """Two databases whose keys were imported and exchanged; keys that were ever there are in `office.known`."""
    with ready_office(small_office(databases=2, versions=("19.0",)), tmp_path) as office:
        keys = {database.name: database.users[2].add_key() for database in office.sandbox.world.databases()}
        rows = [f"{office.sandbox.url_of(name)},{name},{office.sandbox.world.login},{key}" for name, key in keys.items()]
        done = office.run("keys", "import", "-", stdin="\n".join(["url,database,login,key", *rows, ""]))
        assert done.exit_code == 0, done
        (office.folder / "keys-before").write_text("\n".join(keys.values()), encoding="utf-8")
        yield office, office.run("keys", "rotate", "--all", "--jobs", "1")


def test_exchange_of_keys_is_in_the_trail_step_by_step(rotated: tuple[CommandLine, Done]) -> None:
    office, done = rotated
    assert done.exit_code == 0, done

    assert [(row["what"], row["result"]) for row in trail(office, "--database", "klant-001")] == [
        ("store key", "done"),
        ("make key", "done"),
        ("store key", "done"),
        ("revoke key", "done"),
    ]


def test_trail_names_the_new_key_as_odoo_lists_it(rotated: tuple[CommandLine, Done]) -> None:
    office, _ = rotated
    (made,) = trail(office, "--database", "klant-001", "--what", "make key")

    assert str(made["detail"]).startswith("codalink 20")


def test_forgotten_key_is_in_the_trail(rotated: tuple[CommandLine, Done]) -> None:
    office, _ = rotated
    office.run("keys", "forget", "--database", "klant-002", "--yes")

    assert [row["database"] for row in trail(office, "--what", "forget key")] == ["klant-002"]


# --- no secret -----------------------------------------------------------------------------------------------------------------------


def test_no_secret_of_a_full_run_is_in_the_file(rotated: tuple[CommandLine, Done]) -> None:
    office, _ = rotated
    world = office.sandbox.world
    office_password = office.office.next_password = "zk7Qx2VbN9tRw4Lm"
    old_keys = (office.folder / "keys-before").read_text(encoding="utf-8").splitlines()
    new_keys = [key for database in world.databases() for key in database.users[2].api_keys if key != world.api_key]
    telling = f"Bad fidu_password {office_password} {new_keys}"
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-002", method=CREATE, text=telling)
    codes = [office.run(*command).exit_code for command in (CONNECT_ALL, ("retrieve", "--all"))]
    written = b"".join(file.read_bytes() for file in office.state.glob("journal*"))

    assert codes == [1, 0]
    assert b"Bad fidu_password" in written
    assert (office.office.password, len({*old_keys, *new_keys})) == (office_password, 4)
    assert not [secret for secret in (office_password, world.password, *old_keys, *new_keys) if secret.encode() in written]


# --- several processes, killed processes ---------------------------------------------------------------------------------------------


def test_two_runs_at_once_write_everything(connected: CommandLine) -> None:
    connected.sandbox.latency_s = 0.05  # so that they meet
    with connected.start("retrieve", "--all") as first, connected.start("retrieve", "--all") as second:
        errors = [process.communicate(timeout=60)[1] for process in (first, second)]

    assert (first.returncode, second.returncode) == (0, 0), errors
    rows = trail(connected, "--what", "retrieve")
    assert sorted(Counter(str(row["run"]) for row in rows).values()) == [4, 4]
    assert {row["result"] for row in rows} == {"done"}
    assert NOT_WRITTEN not in "".join(errors)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_killed_run_leaves_a_trail_of_what_it_tried(nth: int, office: CommandLine) -> None:
    with office.start(*CONNECT_ALL, "--jobs", "1") as process:
        kill_at(office, process, nth)
        process.communicate(timeout=60)
    office.sandbox.before_call = None
    assert process.returncode == -signal.SIGKILL

    connections = told(office, "--what", "connect")
    assert [result for _, _, result in connections] == ["done"] * (nth - 1) + ["tried"]
    assert connections[-1][1] == f"Klant 00{nth}"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_run_after_a_killed_one_goes_on_in_the_same_trail(office: CommandLine) -> None:
    with office.start(*CONNECT_ALL, "--jobs", "1") as process:
        kill_at(office, process, 3)
        process.communicate(timeout=60)
    office.sandbox.before_call = None
    done = office.run(*CONNECT_ALL)

    assert done.exit_code == 0, done
    assert [(company, result) for _, company, result in told(office, "--what", "connect")] == [
        ("Klant 001", "done"),
        ("Klant 002", "done"),
        ("Klant 003", "tried"),  # Odoo carried it out, as the second run saw
        ("Klant 004", "done"),
    ]


def kill_at(office: CommandLine, process: "subprocess.Popen[str]", nth: int) -> None:
    """SIGKILL while Odoo has the n-th call that makes a connection before it."""
    seen = Counter[str]()

    def before(call: Call) -> None:
        seen[call.method] += 1
        if call.method == CREATE and seen[CREATE] == nth:
            process.kill()
            process.wait()

    office.sandbox.before_call = before


WRITING = """
import sys
from pathlib import Path
from codalink.journal.runs import begin_run
from codalink.journal.writer import Journal
from codalink.office.changes import Change, ChangeKind, announced

journal = Journal(Path(sys.argv[1]), begin_run("endless", ""), sys.exit)
number = 0
while True:
    with announced(journal, Change(ChangeKind.STORE_LOGIN, detail=str(number))):
        pass
    print(number, flush=True)
    number += 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_writers_killed_in_the_middle_lose_nothing_that_they_said_was_written(office: CommandLine) -> None:
    """Six processes write as fast as they can, each is killed after another number of changes."""
    writers = [office.start(str(journal_of(office)), program=("-c", WRITING)) for _ in range(6)]
    said = []
    for number, writer in enumerate(writers):
        with writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                if int(line) >= 20 * (number + 1):
                    break
            writer.kill()
            said.append(int(line))
            assert writer.wait() == -signal.SIGKILL, writer.stderr

    rows = trail(office)
    done = Counter(str(row["run"]) for row in rows if row["result"] == "done")
    assert len(done) == len(said)
    assert all(count > least for count, least in zip(sorted(done.values()), sorted(said), strict=True))
    assert len([row for row in rows if row["result"] != "done"]) <= len(writers)
    with closing(sqlite3.connect(journal_of(office))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- when it can't be written, or read -----------------------------------------------------------------------------------------------


def folder_in_its_place(office: CommandLine) -> None:
    journal_of(office).mkdir(parents=True)


def no_right_to_write(office: CommandLine) -> None:
    office.state.mkdir(exist_ok=True)
    (office.state / f"office-{office.sandbox.world.office_vat}.lock").touch()
    office.state.chmod(0o500)


@pytest.mark.parametrize("spoil", [folder_in_its_place, no_right_to_write])
def test_trail_that_can_not_be_written_is_told_once_and_stops_nothing(spoil: Callable[[CommandLine], None], office: CommandLine) -> None:
    spoil(office)
    done = office.run(*CONNECT_ALL, program=BOUND_BY_RIGHTS)

    assert done.exit_code == 0, done
    assert all(connected_companies(office.sandbox.world).values())
    assert done.stderr.count(NOT_WRITTEN) == 1
    assert str(journal_of(office)) in done.stderr


DISK_FULL = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # Python ignores the signal, so that writing fails
sys.argv[0] = "codalink"
runpy.run_module("codalink", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits for files")
def test_full_disk_is_told_once_and_stops_nothing(office: CommandLine) -> None:
    done = office.run(*CONNECT_ALL, program=("-c", DISK_FULL))

    assert done.exit_code == 0, done
    assert all(connected_companies(office.sandbox.world).values())
    assert done.stderr.count(NOT_WRITTEN) == 1
    assert office.run("log").exit_code == 0


def test_trail_in_a_folder_without_the_right_to_write_can_be_read(connected: CommandLine) -> None:
    before = trail(connected)
    for beside in ("-wal", "-shm"):
        journal_of(connected).with_name(f"journal.sqlite{beside}").unlink(missing_ok=True)
    no_right_to_write(connected)

    assert envelope(connected.run("log", "json", program=BOUND_BY_RIGHTS))["rows"] == before


@pytest.fixture
def damaged(connected: CommandLine) -> bytes:
    """The content of the journal, which is noise from its middle on."""
    content = journal_of(connected).read_bytes()
    journal_of(connected).write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    return journal_of(connected).read_bytes()


def test_damaged_trail_is_told_and_left_as_it_is(damaged: bytes, connected: CommandLine) -> None:
    done = connected.run("log", "json")

    assert done.exit_code == envelope(done)["exit_code"] == 2, done
    assert "is damaged" in unwrapped(done.stderr)
    assert journal_of(connected).read_bytes() == damaged


def test_run_keeps_a_damaged_trail_under_another_name_and_begins_a_new_one(damaged: bytes, connected: CommandLine) -> None:
    done = connected.run("retrieve", "--all")

    assert done.exit_code == 0, done
    (aside,) = connected.state.glob("journal-damaged-*.sqlite")
    assert aside.read_bytes() == damaged
    assert str(aside) in done.stderr
    assert len(trail(connected)) == 4


def test_log_tells_of_trails_that_were_set_aside(damaged: bytes, connected: CommandLine) -> None:
    connected.run("retrieve", "--all")
    (aside,) = connected.state.glob("journal-damaged-*.sqlite")

    assert str(aside) in connected.run("log").stderr
