"""`codalink keys rotate` against the sandbox: a new key in place of the old one, proven before the old one goes."""

import csv
import signal
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from codalink.sandbox import FaultKind, small_office
from codalink.sandbox.calls import Call as Arrived
from codalink.secrets.keys import ApiKey
from codalink.secrets.masked import Secret
from tests.integration.keys.key_office import PROTOCOLS, VERSIONS, WRONG_KEY, KeyOffice, assert_exchanged, key_office, pieces_shown, today
from tests.integration.office import Done
from tests.integration.terminal import envelope, rows_by


@pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)
def test_rotated_key_is_new_and_the_old_one_is_revoked(name: str, office: KeyOffice) -> None:
    old = office.give_own_keys(name)[name]
    done = office("rotate", "--database", name)

    assert done.exit_code == 0, done
    assert_exchanged(office, name, old)
    assert office.stored()[name].expires == today() + timedelta(days=90)
    assert office.listed()[name]["key"] == "own key"


def test_key_is_rotated_over_xml_rpc(tmp_path: Path) -> None:
    world = small_office(1)
    world.servers["odoo18"].protocols = frozenset({"xmlrpc"})
    with key_office(world, tmp_path) as office:
        old = office.give_own_keys("klant-001")["klant-001"]
        done = office("rotate", "--all")

        assert done.exit_code == 0, done
        assert_exchanged(office, "klant-001", old)
        assert {call.protocol for call in office.sandbox.calls if call.method == "revoke"} == {"xmlrpc"}


def test_rotated_key_is_known_by_its_name_in_odoo(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    office("rotate", "--database", "klant-001", "--days", "30")
    row = office.listed("--refresh")["klant-001"]

    assert (row["note"], row["days_left"], row["age_days"]) == ("", 30, 0)


def test_all_keys_are_rotated_and_a_failure_is_one_row(office: KeyOffice) -> None:
    keys = office.give_own_keys("klant-001", "klant-002", "klant-003")
    office.world.database("klant-003").users[2].api_keys.clear()
    done = office("rotate", "--all")

    assert done.exit_code == 1, done
    for name in ("klant-001", "klant-002"):
        assert_exchanged(office, name, keys[name])
    assert office.stored()["klant-003"].key == Secret(keys["klant-003"])
    assert "2 keys exchanged, 1 failed." in done.stderr
    assert all(name in done.stdout for name in keys)


@pytest.mark.parametrize("shown", ["table", "json", "csv"])
def test_no_key_is_shown_while_it_is_rotated(shown: str, office: KeyOffice) -> None:
    old = office.give_own_keys("klant-001", "klant-002")
    done = office("rotate", shown, "--all", "--debug")

    assert done.exit_code == 0, done
    new = [stored.key.reveal() for stored in office.stored().values()]
    assert pieces_shown([*old.values(), *new], done) == []


def test_json_has_a_row_a_database_in_the_envelope(office: KeyOffice) -> None:
    office.give_own_keys("klant-001", "klant-002")
    office.world.database("klant-002").users[2].api_keys.clear()
    done = office("rotate", "json", "--all")
    document, rows = envelope(done), rows_by(done, "database")

    assert (document["command"], document["status"], document["exit_code"], done.exit_code) == ("keys rotate", "partial", 1, 1)
    assert rows["klant-001"] == {
        "database": "klant-001",
        "server": office.sandbox.url_of("klant-001"),
        "login": office.world.login,
        "result": "new key",
        "expires": (today() + timedelta(days=90)).isoformat(),
        "error": "",
        "cause": "",
        "remedy": "",
    }
    assert (rows["klant-002"]["result"], rows["klant-002"]["error"]) == ("failed", "login-refused")


def test_csv_has_a_row_a_database(office: KeyOffice) -> None:
    office.give_own_keys("klant-001", "klant-002")
    rows = list(csv.DictReader(StringIO(office("rotate", "csv", "--all", "--quiet").stdout)))

    assert [(row["database"], row["result"]) for row in rows] == [("klant-001", "new key"), ("klant-002", "new key")]


def test_error_for_everyone_is_in_the_envelope(office: KeyOffice) -> None:
    done = office("rotate", "json", "--all")

    assert (envelope(done)["status"], envelope(done)["rows"], done.exit_code) == ("error", [], 2)
    assert envelope(done)["errors"][0]["cause"] == "No database has an API key of its own."


@pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)
def test_old_key_goes_only_when_the_new_one_is_stored_and_has_worked(name: str, office: KeyOffice) -> None:
    old = office.give_own_keys(name)[name]
    when_revoked: list[tuple[bool, list[str]]] = []

    def look(call: Arrived) -> None:
        if call.method == "revoke":
            stored = office.stored()[name]
            is_kept = stored.key != Secret(old) and [former.secret for former in stored.formers] == [Secret(old)]
            when_revoked.append((is_kept, [one.method for one in office.sandbox.calls if one.has_run]))

    office.sandbox.before_call = look
    assert office("rotate", "--all").exit_code == 0

    ((is_kept, done_before),) = when_revoked
    assert is_kept
    assert done_before[-1] == "context_get"  # asked with the new key: it has worked
    assert "generate" in done_before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts otherwise")
def test_interrupted_run_tells_what_it_left_out(office: KeyOffice) -> None:
    keys = office.give_own_keys("klant-001", "klant-003")
    arrived, go_on = threading.Event(), threading.Event()

    def hold(call: Arrived) -> None:
        if call.method == "generate":
            arrived.set()
            go_on.wait(30)

    office.sandbox.before_call = hold
    with office.start("rotate", "json", "--all", "--jobs", "1") as process:
        assert arrived.wait(30)
        process.send_signal(signal.SIGINT)
        assert "Stopping" in (process.stderr.readline() if process.stderr else "")
        go_on.set()
        stdout, stderr = process.communicate(timeout=30)
    done = Done(("keys", "rotate"), process.returncode, stdout, stderr)

    rows = rows_by(done, "database")
    assert (done.exit_code, envelope(done)["exit_code"]) == (130, 130), done
    assert [rows[name]["result"] for name in keys] == ["new key", "not tried"]
    assert office.stored()["klant-003"].key == Secret(keys["klant-003"])


@pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)
def test_old_key_is_not_forgotten_where_odoo_refuses_everybody_just_when_it_is_to_be_revoked(name: str, office: KeyOffice) -> None:
    """As it does for a while after too many wrong passwords."""
    old = office.give_own_keys(name)[name]

    def lock_out(call: Arrived) -> None:
        if call.method == "revoke":
            office.sandbox.faults.add(FaultKind.LOGGED_OUT, database=name)

    office.sandbox.before_call = lock_out
    refused = office("rotate", "--all")
    office.sandbox.before_call = None
    office.sandbox.faults.clear()

    assert refused.exit_code == 1, refused
    assert [one.secret for one in office.stored()[name].formers] == [Secret(old)]
    assert office("rotate", "--all").exit_code == 0
    assert_exchanged(office, name, old)


def test_refused_key_is_explained_for_that_very_database(office: KeyOffice) -> None:
    office("import", "-", stdin=office.csv({"klant-001": WRONG_KEY}, more=",2026-01-31"))
    office("set", "-d", "klant-002", "--secret-stdin", "--no-try", stdin=WRONG_KEY)
    rows = rows_by(office("rotate", "json", "--all"), "database")

    assert "The API key expired on 2026-01-31" in rows["klant-001"]["remedy"]
    assert "has expired (Odoo lets most live" in rows["klant-002"]["remedy"]
    assert not any("Online" in row["remedy"] for row in rows.values())


def test_server_that_makes_no_keys_says_so(tmp_path: Path) -> None:
    world = small_office(2, versions=VERSIONS)
    for database in world.databases():
        database.flavour = database.flavour._replace(keys_over_rpc=False)
    with key_office(world, tmp_path) as office:
        keys = office.give_own_keys("klant-001", "klant-002")
        done = office("rotate", "json", "--all")

        assert done.exit_code == 1, done
        for row in rows_by(done, "database").values():
            assert "doesn't let API keys be made or revoked from outside" in row["cause"]
            assert "codalink keys set" in row["remedy"]
        assert {name: stored.key.reveal() for name, stored in office.stored().items()} == keys


def test_ten_keys_are_enough(office: KeyOffice) -> None:
    old = office.give_own_keys("klant-001")["klant-001"]
    for _ in range(8):
        office.key("klant-001")
    done = office("rotate", "json", "--database", "klant-001")
    row = rows_by(done, "database")["klant-001"]

    assert done.exit_code == 1, done
    assert "10 API keys" in row["cause"]
    assert "Remove keys that nobody needs" in row["remedy"]
    assert office.stored()["klant-001"].key == Secret(old)


def test_password_in_place_of_a_key_makes_no_keys(office: KeyOffice) -> None:
    office("set", "-d", "klant-001", "--secret-stdin", stdin=office.world.password)
    done = office("rotate", "json", "-d", "klant-001")

    assert done.exit_code == 1, done
    assert "not with a password" in rows_by(done, "database")["klant-001"]["cause"]


@pytest.mark.parametrize("arguments", [(), ("--all", "--database", "klant-001")])
def test_which_keys_must_be_said(arguments: tuple[str, ...], office: KeyOffice) -> None:
    office.give_own_keys("klant-001")

    assert office("rotate", *arguments).exit_code == 2


def test_nothing_to_rotate_is_an_error(office: KeyOffice) -> None:
    done = office("rotate", "--all")

    assert done.exit_code == 2, done
    assert "No database has an API key of its own." in done.stderr


def test_two_runs_at_once_do_not_change_keys(office: KeyOffice) -> None:
    old = office.give_own_keys("klant-001")["klant-001"]
    arrived, go_on = threading.Event(), threading.Event()

    def hold(call: Arrived) -> None:
        if call.method == "generate":
            arrived.set()
            go_on.wait(30)

    office.sandbox.before_call = hold
    with office.start("rotate", "--all") as first:
        assert arrived.wait(30)
        second = office("set", "-d", "klant-002", "--secret-stdin", "--no-try", stdin=WRONG_KEY)
        go_on.set()
        first.communicate(timeout=30)

    assert second.exit_code == 2, second
    assert "Another codalink run is changing API keys" in second.stderr
    assert_exchanged(office, "klant-001", old)


def test_set_builds_on_what_another_run_left_while_somebody_typed(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    entered = office.key("klant-001")
    with office.start("set", "-d", "klant-001", "--secret-stdin", "--no-try") as slow:
        office("rotate", "--all")
        rotated = office.stored()["klant-001"]
        office.opened().keep([replace(rotated, formers=(ApiKey(Secret(WRONG_KEY), today()),))])
        slow.communicate(f"{entered}\n", 30)

    assert office.stored()["klant-001"].key == Secret(entered)
    assert [one.secret for one in office.stored()["klant-001"].formers] == [Secret(WRONG_KEY)]
