"""`codalink retrieve --download`: the original files at home, each once, whole, under names of our making, and nowhere else."""

import csv
import hashlib
import resource
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from codalink.sandbox import World, add_history, small_office
from codalink.sandbox.belgium import digits
from codalink.sandbox.demo_office import connect
from codalink.sandbox.world import Journal
from tests.conftest import Count
from tests.integration.doomed import Doomed, first_with, moments, some
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import BOUND_BY_RIGHTS, envelope, ready_office, unwrapped

ALL = ("retrieve", "--all", "--download", "files")
LAST = date(2026, 3, 31)
DAYS = 4
KILLED_BATCHES = 6
PERIOD = (*ALL, "--since", "2026-03-28")
"""All the statements that the customers had when the test began, and what comes in besides."""
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that reaches one other process alone")


def connected_office(databases: int = 2, versions: tuple[str, ...] = ("18.0",), days: int = DAYS) -> World:
    """Customers that are connected, with a history of so many days each and nothing that waits; the first has a payroll journal."""
    world = small_office(databases, versions=versions)
    for database in world.databases():
        add_history(world, database, 1, LAST, days)
        connect(world, database)
    first = world.database("klant-001")
    payroll = first.add_journal(1, Journal(name="Payroll", code="PAY", type="general"))
    first.row("res.company", 1)["l10n_be_codabox_soda_journal"] = payroll
    return world


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(connected_office(), tmp_path) as office:
        yield office


def new_days(office: CommandLine, days: int = 1) -> None:
    for account in office.sandbox.proxy.bank_accounts.values():
        account.pass_days(days)


def payroll(office: CommandLine, *references: str) -> None:
    company = office.sandbox.world.database("klant-001").partner_of(1)
    office.sandbox.proxy.payroll[digits(company["vat"])] = list(references)


def files(office: CommandLine) -> dict[str, bytes]:
    """Everything below the folder, hidden files too, but the lock."""
    root = office.folder / "files"
    found = (path for path in root.rglob("*") if path.is_file() and path.name != ".codalink.lock")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def originals(office: CommandLine) -> dict[str, bytes]:
    return {name: content for name, content in files(office).items() if name != "index.csv"}


def index(office: CommandLine) -> list[dict[str, str]]:
    with (office.folder / "files" / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents_read(office: CommandLine) -> int:
    """How many calls fetched files' contents."""
    return sum(call.model == "ir.attachment" and call.method == "read" for call in office.sandbox.calls)


def assert_all_is_there(office: CommandLine, *, databases: int = 2, days: int = DAYS) -> None:
    """Two files a statement, whole, each in the index with its sum; nothing else."""
    found = originals(office)
    assert len(found) == databases * days * 2, sorted(found)
    assert {row["file"]: row["sha256"] for row in index(office)} == {name: hashlib.sha256(one).hexdigest() for name, one in found.items()}
    assert all(one.startswith((b"0", b"%PDF")) for one in found.values())


def succeeded(done: Done) -> Done:
    assert done.exit_code == 0, done
    return done


class TestLayout:
    def test_folder_for_each_company_and_account_and_names_that_sort(self, office: CommandLine) -> None:
        new_days(office)
        succeeded(office.run(*ALL))
        names = sorted(originals(office))

        assert len(names) == 4
        database, company, account, name = names[0].split("/")
        assert (database, company[:11], account[:2]) == ("klant-001", "Klant 001 (", "BE")
        assert name.startswith(f"{LAST + timedelta(days=1)} ")
        assert {Path(one).suffix for one in names} == {".coda", ".pdf"}

    def test_index_tells_whose_each_file_is(self, office: CommandLine) -> None:
        new_days(office)
        succeeded(office.run(*ALL))

        assert {(row["database"], row["company"], row["date"], row["kind"]) for row in index(office)} == {
            (f"klant-00{number}", f"Klant 00{number}", str(LAST + timedelta(days=1)), kind) for number in (1, 2) for kind in ("CODA", "PDF")
        }

    def test_only_what_came_in_is_brought_home_where_no_period_is_told(self, office: CommandLine) -> None:
        succeeded(office.run(*ALL))

        assert originals(office) == {}

    def test_period_brings_what_was_there_before(self, office: CommandLine) -> None:
        succeeded(office.run(*PERIOD))

        assert_all_is_there(office)

    def test_until_leaves_later_days_out(self, office: CommandLine) -> None:
        succeeded(office.run(*ALL, "--since", "2026-03-29", "--until", "2026-03-30"))

        assert {row["date"] for row in index(office)} == {"2026-03-29", "2026-03-30"}

    def test_files_are_those_that_odoo_has(self, office: CommandLine) -> None:
        succeeded(office.run(*PERIOD))
        coda = [one for name, one in originals(office).items() if name.endswith(".coda")]

        assert all({len(line) for line in one.decode("cp1252").split("\r\n")[:-1]} == {128} for one in coda)


class TestAgain:
    def test_downloads_nothing(self, office: CommandLine) -> None:
        succeeded(office.run(*PERIOD))
        before, stamps = files(office), {path: path.stat().st_mtime_ns for path in (office.folder / "files").rglob("*.coda")}
        office.sandbox.calls.clear()
        done = succeeded(office.run(*PERIOD))

        assert contents_read(office) == 0
        assert files(office) == before
        assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
        assert "0 files downloaded, 16 there already" in unwrapped(done.stderr)

    def test_brings_only_what_is_missing(self, office: CommandLine) -> None:
        succeeded(office.run(*PERIOD))
        gone = next((office.folder / "files").rglob("*.coda"))
        gone.unlink()
        done = succeeded(office.run(*PERIOD))

        assert "1 file downloaded, 15 there already" in unwrapped(done.stderr)
        assert_all_is_there(office)

    def test_leaves_alone_what_differs_and_brings_the_rest(self, office: CommandLine) -> None:
        succeeded(office.run(*PERIOD))
        changed, *gone = sorted((office.folder / "files" / "klant-001").rglob("*.coda"))
        changed.write_bytes(b"something else")
        for path in gone:
            path.unlink()
        done = office.run(*PERIOD)

        assert changed.read_bytes() == b"something else"
        assert "was left as it is" in unwrapped(done.stdout)
        assert all(path.is_file() for path in gone)
        assert done.exit_code == 1, done


class TestPayroll:
    def test_new_entries_bring_their_files(self, office: CommandLine) -> None:
        payroll(office, "SODA 2026/01", "SODA 2026/02")
        succeeded(office.run(*ALL))

        assert sorted(Path(name).suffix for name in originals(office)) == [".xml", ".xml"]
        assert {row["account"] for row in index(office)} == {"SODA"}

    def test_entries_are_told_with_their_drafts(self, office: CommandLine) -> None:
        payroll(office, "SODA 2026/01", "SODA 2026/02")
        shown = unwrapped(succeeded(office.run("retrieve", "--all")).stdout)

        assert "2 payroll entries, 2 to be posted by you" in shown

    def test_period_brings_files_of_earlier_runs_too(self, office: CommandLine) -> None:
        payroll(office, "SODA 2026/01")
        succeeded(office.run("retrieve", "--all"))
        succeeded(office.run(*ALL, "--since", "2026-04-01"))

        assert [Path(name).suffix for name in originals(office)] == [".xml"]

    def test_soda_alone_leaves_statements_at_codabox(self, office: CommandLine) -> None:
        new_days(office)
        payroll(office, "SODA 2026/01")
        done = office.run("retrieve", "json", "--soda", "--company", "Klant 001")

        assert [(row["kind"], row["statement"], row["draft"]) for row in envelope(done)["rows"]] == [("soda", "SODA 2026/01", True)]
        assert done.exit_code == 0, done
        assert office.sandbox.calls.of("l10n_be_codabox_manually_fetch_coda_transactions") == []

    def test_company_without_payroll_journal_says_where_to_choose_one(self, office: CommandLine) -> None:
        (row,) = envelope(office.run("retrieve", "json", "--soda", "--company", "Klant 002"))["rows"]

        assert row["error"] == "no-soda-journal"
        assert "SODA Journal" in row["remedy"]


class TestSeveral:
    def test_companies_that_are_named_are_asked_and_no_others(self, tmp_path: Path) -> None:
        with ready_office(connected_office(3), tmp_path) as office:
            new_days(office)
            done = office.run("retrieve", "json", "--company", "Klant 001", "--company", "Klant 003", "--company", "klant-001/Klant 001")

        assert [row["company"] for row in envelope(done)["rows"]] == ["Klant 001", "Klant 003"]

    def test_account_without_news_beside_others_that_have_some_is_told(self, office: CommandLine) -> None:
        database = office.sandbox.world.database("klant-001")
        second = database.add_journal(1, Journal("BE68539007547034", name="Spaarrekening", code="BNK2"))
        add_history(office.sandbox.world, database, second, LAST)
        office.sandbox.proxy.bank_accounts[next(iter(office.sandbox.proxy.bank_accounts))].pass_days(1)
        shown = unwrapped(succeeded(office.run("retrieve", "--company", "Klant 001")).stdout)

        assert "Nothing came in for BE68 5390" in shown


HOSTILE = ["../../x", "CON", "\u202egnp.exe", "a\nb", "/etc/passwd", "..\\..\\x", "~/.ssh", "x" * 300]


@pytest.mark.parametrize("name", HOSTILE, ids=["up", "device", "backwards", "newline", "absolute", "backslash", "home", "long"])
def test_whatever_odoo_says_nothing_is_written_elsewhere(office: CommandLine, name: str) -> None:
    database = office.sandbox.world.database("klant-001")
    database.partner_of(1)["name"] = name
    database.row("account.bank.statement", 1)["name"] = name
    database.row("ir.attachment", 1)["name"] = f"{name}.coda"
    before = {path for path in office.folder.rglob("*") if "files" not in path.parts}
    done = succeeded(office.run(*PERIOD))

    assert len(originals(office)) == 2 * DAYS * 2, done
    assert set(office.folder.rglob("*.coda")) == set((office.folder / "files").rglob("*.coda"))
    assert not {path for path in office.folder.rglob("*") if "files" not in path.parts and path.suffix in {".coda", ".pdf"}} - before
    assert all(len(one.split("/")) == 4 and one.isprintable() for one in originals(office))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_link_that_leads_out_of_the_folder_is_refused(office: CommandLine) -> None:
    (office.folder / "elsewhere").mkdir()
    (office.folder / "files").mkdir()
    (office.folder / "files" / "klant-001").symlink_to(office.folder / "elsewhere", target_is_directory=True)
    done = office.run(*PERIOD)

    assert not list((office.folder / "elsewhere").rglob("*.coda"))
    assert "leads out of the folder" in unwrapped(done.stdout)
    assert done.exit_code == 1, done
    assert len(list((office.folder / "files" / "klant-002").rglob("*.coda"))) == DAYS


# --- what goes wrong on the disk ------------------------------------------------------------------------------------------------------


def test_folder_that_cannot_be_written_is_told_without_a_trace(office: CommandLine) -> None:
    (office.folder / "files").mkdir(mode=0o500)
    done = office.run(*PERIOD, program=BOUND_BY_RIGHTS)

    assert done.exit_code != 0
    assert "can't be written" in unwrapped(done.stderr)
    assert "Traceback" not in done.stderr


def test_file_in_the_place_of_the_folder_is_told(office: CommandLine) -> None:
    (office.folder / "files").write_text("mine")
    done = office.run(*PERIOD)

    assert done.exit_code != 0
    assert "can't be" in unwrapped(done.stderr)
    assert "Traceback" not in done.stderr
    assert (office.folder / "files").read_text() == "mine"


@needs_signals
def test_file_that_the_disk_does_not_take_is_told_and_leaves_nothing_in_part(office: CommandLine) -> None:
    """A limit on the size of files is as near as a test comes to a full disk. It is inherited: so this process is no fork."""
    rows = office.sandbox.world.database("klant-001").table("ir.attachment").rows
    large = next(row for row in rows.values() if row["name"].endswith(".pdf"))
    large["datas"] = "AAAA" * 1_000_000
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, former[1]))
    try:
        process = office.start(*PERIOD)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    with process:
        stdout, stderr = process.communicate(timeout=120)

    assert process.returncode == 1, stderr
    assert "can't be written" in unwrapped(stdout)
    assert all(len(one) < 1_000_000 for one in files(office).values())
    assert not [name for name in files(office) if "unfinished" in name]
    assert {row["file"] for row in index(office)} == set(originals(office))


def begin_anew(office: CommandLine) -> None:
    """Nothing is downloaded yet. What Odoo has stays: a period asks for all of it each time."""
    shutil.rmtree(office.folder / "files", ignore_errors=True)


def assert_nothing_is_in_part(office: CommandLine) -> None:
    whole = [one for name, one in originals(office).items() if "unfinished" not in name]
    assert all(one.startswith((b"0", b"%PDF")) and one.endswith((b"\r\n", b"%%EOF\n")) for one in whole)


@needs_signals
@pytest.mark.parametrize("batch", range(KILLED_BATCHES))
def test_run_that_is_killed_at_any_point_is_completed_by_the_next_one(tmp_path: Path, batch: int, count: Count) -> None:
    """Two customers with one statement each: four files and the index."""
    with ready_office(connected_office(days=1), tmp_path) as office:
        doomed = Doomed(office, (*PERIOD, "--jobs", "1"), lambda: begin_anew(office))
        points = doomed.points()
        assert sum(name.startswith("before replace") for name in points) >= 5, points
        count("kill points", "retrieve --download", len(moments(points)) if batch == 0 else 0)

        for number, _ in some(points, batch, KILLED_BATCHES):
            doomed.die_at(number)
            assert_nothing_is_in_part(office)
            succeeded(office.run(*PERIOD))
            assert_all_is_there(office, days=1)


@needs_signals
@pytest.mark.parametrize("words", ["before sync", "before replace 20", "after replace 20", "after replace index.csv"])
def test_run_that_is_interrupted_while_it_writes_is_completed_by_the_next_one(office: CommandLine, words: str) -> None:
    doomed = Doomed(office, PERIOD, lambda: begin_anew(office))
    stopped = doomed.interrupted_at(first_with(words, doomed.points()))

    assert stopped.exit_code in {0, 130}, stopped
    assert_nothing_is_in_part(office)
    succeeded(office.run(*PERIOD))
    assert_all_is_there(office)


@needs_signals
def test_interrupted_run_says_how_to_get_what_is_left(office: CommandLine) -> None:
    doomed = Doomed(office, (*ALL, "--jobs", "1"), lambda: new_days(office, 3))
    stopped = doomed.interrupted_at(first_with("before replace 20", doomed.points()))

    assert stopped.exit_code == 130, stopped
    assert f"--since {LAST + timedelta(days=4)}" in unwrapped(stopped.stderr)
