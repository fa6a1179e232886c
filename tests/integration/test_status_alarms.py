"""`codalink status` for schedulers and for those who watch: gaps, alarms by exit code, and a screen that is redrawn."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from codalink.sandbox import demo_office
from codalink.sandbox.demo_office import connect
from codalink.sandbox.histories import LeftOut, add_history
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import Row, envelope, needs_terminal, ready_office, rows_by, run_in_terminal

GAP, OLD, OPEN = "bakkerij-kruimel", "hotel-de-draaideur", "garage-bougie"
STATEMENTS = ("account.bank.statement", "search_read")
ALL = "gaps,stale,disconnected"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A bakery that lacks two statements, a hotel whose last one is old, and a garage that nobody has connected."""
    world = demo_office()
    for name in (GAP, OLD):
        connect(world, world.database(name))
    today = world.proxy.today()
    add_history(world, world.database(GAP), 1, today, 20, LeftOut(5, 2))
    add_history(world, world.database(OLD), 1, today - timedelta(days=50), 20)
    with ready_office(world, tmp_path_factory.mktemp("alarms"), include=[GAP, OLD, OPEN]) as line:
        yield line


@pytest.fixture(scope="module")
def told(office: CommandLine) -> Done:
    return office.run("status", "json", "--gaps")


def account(done: Done, company: str) -> Row:
    found: Row = rows_by(done, "company")[company]["accounts"][0]
    return found


class TestGaps:
    def test_are_counted_per_account(self, told: Done) -> None:
        assert (account(told, "Bakkerij Kruimel BV")["gaps"], account(told, "Hotel De Draaideur NV")["gaps"]) == (1, 0)

    def test_are_told_with_days_and_amount(self, told: Done) -> None:
        (finding,) = account(told, "Bakkerij Kruimel BV")["findings"]

        assert "is missing" in finding

    def test_come_first(self, told: Done) -> None:
        assert [row["company"] for row in envelope(told)["rows"]] == ["Bakkerij Kruimel BV", "Garage Bougie SRL", "Hotel De Draaideur NV"]

    def test_alone_don_t_change_the_exit_code(self, told: Done) -> None:
        assert told.exit_code == 0, told

    def test_are_not_read_unless_somebody_asks(self, office: CommandLine) -> None:
        office.sandbox.calls.clear()
        done = office.run("status", "json")

        read = [call for call in office.sandbox.calls if (call.model, call.method) == STATEMENTS and call.database == GAP]
        assert (len(read), account(done, "Bakkerij Kruimel BV")["gaps"]) == (1, None)


class TestFailOn:
    @pytest.mark.parametrize(
        ("words", "lines"),
        [
            ("gaps", ["gaps: 1"]),
            ("stale", ["stale: 1"]),
            ("disconnected", ["disconnected: 1"]),
            (ALL, ["gaps: 1", "stale: 1", "disconnected: 1"]),
            ("stale, gaps", ["gaps: 1", "stale: 1"]),
        ],
    )
    def test_ends_with_1_and_says_what_and_how_many(self, office: CommandLine, words: str, lines: list[str]) -> None:
        done = office.run("status", "--quiet", "--fail-on", words)

        assert done.exit_code == 1, done
        assert [line.partition(" (")[0] for line in done.stderr.splitlines()] == lines

    def test_ends_with_0_and_says_nothing_where_nothing_is_found(self, office: CommandLine) -> None:
        done = office.run("status", "--quiet", "--fail-on", ALL, "--company", "hotel-de-draaideur", "--stale-after", "60")

        assert (done.exit_code, done.stderr) == (0, ""), done

    def test_is_in_the_envelope_too(self, office: CommandLine) -> None:
        assert envelope(office.run("status", "json", "--fail-on", "stale"))["exit_code"] == 1

    def test_names_the_words_where_it_knows_none_such(self, office: CommandLine) -> None:
        done = office.run("status", "--fail-on", "gaps,old")

        assert done.exit_code == 2, done
        assert '"old"' in done.stderr
        assert "gaps, stale, disconnected" in done.stderr


class TestRows:
    def test_accounts_have_a_row_each(self, office: CommandLine) -> None:
        rows = envelope(office.run("status", "json", "--accounts"))["rows"]

        assert [(row["company"], row["iban"] != "", row["feed"]) for row in rows] == [
            ("Garage Bougie SRL", True, "l10n_be_codabox"),
            ("Hotel De Draaideur NV", True, "l10n_be_codabox"),
            ("Bakkerij Kruimel BV", True, "l10n_be_codabox"),
            ("Hotel De Draaideur NV", True, "online_sync"),
        ]

    def test_last_statement_has_its_age(self, office: CommandLine) -> None:
        assert rows_by(office.run("status", "json"), "company")["Hotel De Draaideur NV"]["age_days"] in {50, 51}  # it may be midnight

    def test_problems_leave_out_what_is_well_but_not_of_the_summary(self, office: CommandLine) -> None:
        done = office.run("status", "--problems")

        assert "Bakkerij Kruimel" not in done.stdout
        assert "Garage Bougie" in done.stdout
        assert "2 connected, 1 not connected." in done.stderr


class TestWatch:
    @needs_terminal
    def test_draws_again_until_somebody_presses_ctrl_c(self, office: CommandLine) -> None:
        office.sandbox.calls.clear()
        shown = run_in_terminal(office, "status", "--watch", "--every", "1", answers=[("Ctrl-C ends.", ""), ("Ctrl-C ends.", "\x03")])

        assert shown.exit_code == 130, shown.text
        assert shown.text.count("Hotel De Draaideur NV") >= 2
        assert len(office.sandbox.calls.of("search_read")) >= 2 * 3

    @needs_terminal
    def test_leaves_promptly_however_long_it_would_wait(self, office: CommandLine) -> None:
        shown = run_in_terminal(
            office, "status", "--watch", "--every", "3600", answers=[("Ctrl-C ends.", "\x03")], timeout_s=30
        )  # fails after half a minute, where an hour is left to wait

        assert shown.exit_code == 130, shown.text
        assert "Traceback" not in shown.text

    @needs_terminal
    def test_never_draws_more_than_fits(self, tmp_path: Path) -> None:
        with ready_office(demo_office(), tmp_path) as whole:
            shown = run_in_terminal(whole, "status", "--watch", answers=[("Ctrl-C ends.", "\x03")])

        last = shown.text.partition("more lines don't fit.")[0]
        assert shown.exit_code == 130, shown.text
        assert last.count("\n") < 50  # lines of that terminal

    def test_needs_a_terminal(self, office: CommandLine) -> None:
        done = office.run("status", "--watch")

        assert done.exit_code == 2, done
        assert "terminal" in done.stderr

    @pytest.mark.parametrize("more", [("json",), ("--output", "status.txt"), ("--fail-on", "gaps")])
    def test_goes_with_a_table_alone(self, office: CommandLine, more: tuple[str, ...]) -> None:
        done = office.run("status", *more, "--watch")

        assert done.exit_code == 2, done
        assert "--watch" in done.stderr
