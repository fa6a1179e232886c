"""Where databases are found: odoo.com, the office's Databases app, a server's list, a file, and several of them at once."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codalink.sandbox import Company, FaultKind, Sandbox, World, account_of_odoo_com, add_test_copy, online_office, small_office
from codalink.sandbox.calls import Call
from tests.integration.office import CommandLine, Done, connected_companies
from tests.integration.terminal import Row, clean_command_line, connections_made, envelope, login_secrets, rows_by

COPY = "klant-001-test-2"
HIDDEN = "klant-002"
LISTED = ["klant-001", COPY, "klant-003", "klant-004", "klant-005", "klant-006"]
"""What odoo.com tells: the test copy beside its original; not what is hidden in the database manager."""
APP = "kantoor-demo"
LOGIN_SERVICE = "codalink Odoo login"

Source = dict[str, str]


def configure(office: CommandLine, *sources: Source) -> None:
    """Write a configuration with these sources. Every text of TOML here is a text of JSON too."""
    world = office.sandbox.world
    lines = ["[office]", f"name = {json.dumps(world.office_name)}", f"vat = {json.dumps(world.office_vat)}"]
    for source in sources:
        lines += ["[[source]]", *(f"{key} = {json.dumps(value)}" for key, value in source.items())]
    office.config.write_text("\n".join([*lines, ""]), encoding="utf-8")


@contextmanager
def running(world: World, folder: Path, *, secret: str = "") -> Iterator[CommandLine]:
    """A command line with the accountant's API key for every server, or another secret; no configuration yet."""
    with Sandbox(world, consent_after_s=0.0) as sandbox:
        office = clean_command_line(sandbox, folder)
        sandbox.keyring.items.update(dict.fromkeys(login_secrets(sandbox), secret or world.api_key))
        if world.odoo_com is not None:
            account, _, key = account_of_odoo_com(world)
            sandbox.keyring.items[LOGIN_SERVICE, f"{account} @ {sandbox.odoo_com_url}"] = key
        yield office


def odoo_com(office: CommandLine) -> Source:
    world = office.sandbox.world
    return {"odoo_com": office.sandbox.odoo_com_url, "account": account_of_odoo_com(world)[0], "login": world.login}


def databases_app(office: CommandLine) -> Source:
    return {"databases_app": office.sandbox.url_of(APP), "database": APP, "login": office.sandbox.world.login}


def server(office: CommandLine, name: str) -> Source:
    return {"server": office.sandbox.servers[name].url, "login": office.sandbox.world.login}


def file(office: CommandLine, *databases: str, name: str = "databases.csv") -> Source:
    rows = [f"{office.sandbox.url_of(database)},{database}" for database in databases]
    (office.folder / name).write_text("\n".join(["url,database", *rows, ""]), encoding="utf-8")
    return {"file": name, "login": office.sandbox.world.login}


def listed(done: Done) -> dict[str, str]:
    """The databases and the source that told of each."""
    return {row["database"]: row["source"] for row in envelope(done)["rows"]}


# --- one source each ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def online(tmp_path: Path) -> Iterator[CommandLine]:
    with running(online_office(), tmp_path) as office:
        yield office


class TestOdooCom:
    def test_lists_the_account_s_databases_with_their_versions(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        done = online.run("databases", "json")

        assert done.exit_code == 0, done
        assert listed(done) == dict.fromkeys([*LISTED, APP], "127.0.0.1")
        versions = {row["database"]: row["version"] for row in envelope(done)["rows"]}
        assert (versions["klant-001"], versions["klant-004"]) == ("saas~18.2+e", "19.0+e")

    def test_costs_one_call_and_needs_no_version_asked(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("databases", "json")

        assert [(call.model, call.method, call.protocol) for call in online.sandbox.calls if call.server == "odoo.com"] == [
            ("odoo.database", "list", "json2")
        ]
        assert online.sandbox.calls.of("version") == []

    def test_falls_back_to_rpc_with_a_password(self, online: CommandLine) -> None:
        account, password, _ = account_of_odoo_com(online.sandbox.world)
        online.sandbox.keyring.items[LOGIN_SERVICE, f"{account} @ {online.sandbox.odoo_com_url}"] = password
        configure(online, odoo_com(online))
        done = online.run("databases", "json")

        assert done.exit_code == 0, done
        assert {call.protocol for call in online.sandbox.calls if call.server == "odoo.com"} == {"jsonrpc"}
        assert set(LISTED) < set(listed(done))

    def test_whole_flow(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        done = online.run("connect-all", "--yes", "json")

        connected = {name for name, is_connected in connected_companies(online.sandbox.world).items() if is_connected}
        assert connected == {f"{name}/1" for name in LISTED if name != COPY}
        assert online.office.first_connections == 1, done

    def test_refused_account_is_one_row_that_names_odoo_com(self, online: CommandLine) -> None:
        online.sandbox.keyring.items[LOGIN_SERVICE, f"{online.sandbox.world.login} @ {online.sandbox.odoo_com_url}"] = "f" * 40
        configure(online, odoo_com(online), file(online, HIDDEN))
        done = online.run("databases", "json")

        rows = {row["database"]: row["error"] for row in envelope(done)["rows"]}
        assert rows == {"(all databases)": "login-refused", HIDDEN: ""}
        assert done.exit_code == 1, done

    def test_account_without_a_secret_is_told_as_such_and_not_as_a_database(self, online: CommandLine) -> None:
        del online.sandbox.keyring.items[LOGIN_SERVICE, f"{online.sandbox.world.login} @ {online.sandbox.odoo_com_url}"]
        configure(online, odoo_com(online))
        runs = [online.run("databases", "json"), online.run("connect-all", "--yes", "json")]

        for done in runs:
            (row,) = envelope(done)["rows"]
            assert online.sandbox.odoo_com_url in row["cause"]
            assert "codalink setup" in row["remedy"]
        assert [done.exit_code for done in runs] == [4, 4]


class TestDatabasesApp:
    def test_lists_what_it_knows_with_version_and_without_plain_projects(self, online: CommandLine) -> None:
        configure(online, databases_app(online))
        done = online.run("databases", "json")

        assert done.exit_code == 0, done
        assert listed(done) == dict.fromkeys([*LISTED, HIDDEN], f"Databases app of {APP}")
        assert {row["version"] for row in envelope(done)["rows"]} == {"saas~18.2+e", "19.0+e"}
        assert online.sandbox.calls.of("version") == []

    def test_that_is_not_installed_is_told(self, online: CommandLine) -> None:
        configure(online, databases_app(online) | {"databases_app": online.sandbox.url_of("klant-004"), "database": "klant-004"})
        done = online.run("databases", "json")

        (row,) = envelope(done)["rows"]
        assert (row["database"], row["reachable"]) == ("(all databases)", False)
        assert 'The app "Databases" is not installed in klant-004' in row["cause"]
        assert "--app-database" in row["remedy"]
        assert done.exit_code == 5, done


class TestServer:
    def test_lists_its_databases(self, tmp_path: Path) -> None:
        with running(small_office(4, versions=("18.0", "19.0")), tmp_path) as office:
            configure(office, server(office, "odoo18"), server(office, "odoo19"))
            done = office.run("databases", "json")

            assert listed(done) == {f"klant-{n:03d}": office.sandbox.url_of(f"klant-{n:03d}") for n in range(1, 5)}

    def test_that_keeps_its_list_is_told_with_the_way_out_and_the_others_are_listed(self, tmp_path: Path) -> None:
        world = small_office(4, versions=("18.0", "19.0"))
        world.servers["odoo18"].list_db = False
        with running(world, tmp_path) as office:
            configure(office, server(office, "odoo18"), server(office, "odoo19"))
            done = office.run("databases", "json")

            rows = rows_by(done, "database")
            assert {name: row["error"] for name, row in rows.items()} == {
                "(all databases)": "database-list-closed",
                "klant-002": "",
                "klant-004": "",
            }
            assert "--databases-file" in rows["(all databases)"]["remedy"]
            assert rows["(all databases)"]["server"] == office.sandbox.servers["odoo18"].url
            assert done.exit_code == 1, done

    def test_without_the_old_service_says_so_and_does_not_claim_to_be_empty(self, tmp_path: Path) -> None:
        world = small_office(1, versions=("20.0",))
        world.servers["odoo20"].has_db_service = False
        with running(world, tmp_path) as office:
            configure(office, server(office, "odoo20"))
            done = office.run("databases", "json")

            (row,) = envelope(done)["rows"]
            assert (row["database"], row["reachable"]) == ("(all databases)", False)
            assert "file" in row["remedy"], row
            assert done.exit_code == 5, done

    def test_behind_a_proxy_that_blocks_json_rpc_is_listed_all_the_same(self, tmp_path: Path) -> None:
        world = small_office(2)
        world.servers["odoo18"].blocked = {"/jsonrpc": 403, "/web/database": 403}
        with running(world, tmp_path, secret=world.password) as office:
            configure(office, server(office, "odoo18"))
            done = office.run("databases", "json")

            assert set(listed(done)) == {"klant-001", "klant-002"}, done


class TestFile:
    def test_toml(self, tmp_path: Path) -> None:
        with running(small_office(2, versions=("19.0",)), tmp_path) as office:
            url = office.sandbox.servers["odoo19"].url
            tables = [f'[[database]]\nurl = "{url}"\nname = "klant-00{number}"\n' for number in (1, 2)]
            (tmp_path / "klanten.toml").write_text("".join(tables), encoding="utf-8")
            configure(office, {"file": "klanten.toml", "login": office.sandbox.world.login})
            done = office.run("databases", "json")

            assert listed(done) == {"klant-001": "klanten.toml", "klant-002": "klanten.toml"}, done


# --- several sources ---------------------------------------------------------------------------------------------------------------------


class TestSeveral:
    def test_each_database_is_found_once_by_the_first_source_that_tells_of_it(self, online: CommandLine) -> None:
        configure(online, file(online, "klant-003"), odoo_com(online), databases_app(online))
        done = online.run("databases", "json")

        expected = dict.fromkeys([*LISTED, APP], "127.0.0.1")
        assert listed(done) == expected | {"klant-003": "databases.csv", HIDDEN: f"Databases app of {APP}"}
        assert len(envelope(done)["rows"]) == len(expected) + 1

    def test_source_that_is_down_costs_its_row_and_nobody_else_s(self, online: CommandLine) -> None:
        online.sandbox.faults.add(FaultKind.REFUSE, server="odoo.com")
        configure(online, odoo_com(online), databases_app(online))
        done = online.run("databases", "json")

        rows = rows_by(done, "database")
        assert rows["(all databases)"]["error"] == "unreachable"
        assert set(rows) == {"(all databases)", HIDDEN, *LISTED}
        assert done.exit_code == 1, done

    def test_all_four_connect(self, tmp_path: Path) -> None:
        world = online_office()
        with running(world, tmp_path) as office:
            world.servers["online18"].list_db = True
            configure(office, odoo_com(office), databases_app(office), server(office, "online18"), file(office, "klant-003"))
            done = office.run("connect-all", "--yes", "json")

            connected = {name for name, is_connected in connected_companies(world).items() if is_connected}
            assert connected == {f"klant-{number:03d}/1" for number in range(1, 7)}, done
            assert office.office.first_connections == 1


# --- test copies -------------------------------------------------------------------------------------------------------------------------


def row_of(done: Done, database: str) -> Row:
    return next(row for row in envelope(done)["rows"] if row["database"] == database)


class TestCopy:
    def test_is_flagged_and_its_original_is_not(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        done = online.run("databases", "json")

        assert (row_of(done, COPY)["error"], row_of(done, "klant-001")["error"]) == ("duplicate-company", "")
        assert "klant-001/" in row_of(done, COPY)["cause"]

    def test_is_flagged_in_the_table(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        assert "test copy" in " ".join(online.run("databases").stdout.split())

    def test_is_never_connected_however_often_connect_all_runs(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        runs = [online.run("connect-all", "--yes", "json") for _ in range(2)]

        assert COPY not in connections_made(online.sandbox)
        assert not connected_companies(online.sandbox.world)[f"{COPY}/1"]
        assert [row_of(done, COPY)["error"] for done in runs] == ["duplicate-company"] * 2
        assert [call for call in online.sandbox.calls if call.database == COPY and "codabox" in call.model] == []

    def test_is_connected_where_it_is_named(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        done = online.run("connect", "--company", f"{COPY}/Klant 001", "--yes", "json")

        assert done.exit_code == 0, done
        assert connections_made(online.sandbox) == [COPY]

    def test_is_not_connected_by_a_pattern_that_happens_to_fit(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        done = online.run("connect-all", "--only", "klant-001*", "--yes", "json")

        assert connections_made(online.sandbox) == ["klant-001"], done

    def test_connected_original_stays_it_whatever_the_names_say(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("connect-all", "--yes", "json")
        done = online.run("databases", "json")

        assert (row_of(done, COPY)["error"], row_of(done, "klant-001")["error"]) == ("duplicate-company", "")

    def test_same_company_in_two_databases_of_unlike_names_is_connected_in_neither(self, tmp_path: Path) -> None:
        world = small_office(2)
        copied = add_test_copy(world, "klant-001")
        holder = world.servers["odoo18"].databases
        holder["proefkopie"] = holder.pop(copied.name)
        copied.name = "proefkopie"
        with running(world, tmp_path) as office:
            configure(office, server(office, "odoo18"))
            done = office.run("connect-all", "--yes", "json")

            assert {row["database"]: row["error"] for row in envelope(done)["rows"]} == {
                "klant-001": "duplicate-company",
                "klant-002": "",
                "proefkopie": "duplicate-company",
            }
            assert connections_made(office.sandbox) == ["klant-002"]


# --- branches ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def branched(tmp_path: Path) -> Iterator[CommandLine]:
    """An office of two databases; the first one's company has a branch with its number, one without, and one with its own."""
    world = small_office(2)
    database = world.database("klant-001")
    vat = database.row("res.partner", database.row("res.company", 1)["partner_id"])["vat"]
    for name, number in (("Same", vat), ("Bare", ""), ("Own", "BE0403019261")):
        branch = database.add_company(Company(name, number, f"BE{world.office_vat}" if number else ""))
        database.row("res.company", branch)["parent_id"] = 1
    with running(world, tmp_path) as office:
        configure(office, server(office, "odoo18"))
        yield office


class TestBranches:
    def test_are_told_with_their_company(self, branched: CommandLine) -> None:
        rows = rows_by(branched.run("databases", "json"), "company")

        assert {name: row["error"] for name, row in rows.items()} == {
            "Klant 001": "",
            "Same": "shared-connection",
            "Bare": "shared-connection",
            "Own": "",
            "Klant 002": "",
        }
        assert "branch of klant-001/Klant 001" in rows["Same"]["cause"]

    def test_cost_no_call_of_their_own(self, branched: CommandLine) -> None:
        branched.run("databases", "json")
        assert [call.model for call in branched.sandbox.calls.of("search_read") if call.database == "klant-001"] == ["res.company"]

    def test_with_their_company_s_number_are_not_connected(self, branched: CommandLine) -> None:
        runs = [branched.run("connect-all", "--yes", "json") for _ in range(2)]
        connected = {name for name, is_connected in connected_companies(branched.sandbox.world).items() if is_connected}

        assert connected == {"klant-001/1", "klant-001/4", "klant-002/1"}
        assert [rows_by(done, "company")["Same"]["result"] for done in runs] == ["skipped", "skipped"]
        assert sorted(connections_made(branched.sandbox)) == ["klant-001", "klant-001", "klant-002"]

    def test_are_not_told_to_be_connected_by_status(self, branched: CommandLine) -> None:
        rows = rows_by(branched.run("status", "json"), "company")
        assert [rows[name]["error"] for name in ("Klant 001", "Same", "Bare", "Own")] == ["", "shared-connection", "shared-connection", ""]


# --- new and vanished --------------------------------------------------------------------------------------------------------------------


class TestChanges:
    def test_first_look_has_nothing_new(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        done = online.run("databases", "json")
        assert "since last time" not in done.stderr, done

    def test_new_and_vanished_databases_are_told_once(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("databases", "json")
        world = online.sandbox.world
        world.database(HIDDEN).is_hidden = False
        del world.servers["online18"].databases["klant-003"]
        second, third = online.run("databases", "json"), online.run("databases", "json")

        shown = " ".join(second.stderr.split())
        assert f"New since last time: {online.sandbox.url_of(HIDDEN)}/{HIDDEN}" in shown, second
        assert f"Vanished since last time: {online.sandbox.servers['online18'].url}/klant-003" in shown, second
        assert "since last time" not in third.stderr, third

    def test_other_commands_do_not_use_up_the_news(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("databases", "json")
        world = online.sandbox.world
        world.database(HIDDEN).is_hidden = False
        del world.servers["online18"].databases["klant-003"]
        online.run("status")
        online.run("connect-all", "--dry-run")
        done = online.run("databases", "json")

        assert f"New since last time: {online.sandbox.url_of(HIDDEN)}/{HIDDEN}" in " ".join(done.stderr.split()), done
        assert f"Vanished since last time: {online.sandbox.servers['online18'].url}/klant-003" in " ".join(done.stderr.split()), done

    def test_other_commands_are_no_first_look(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("status")
        online.sandbox.world.database(HIDDEN).is_hidden = False
        done = online.run("databases", "json")
        assert "since last time" not in done.stderr, done

    def test_new_database_that_cannot_be_opened_yet_is_new_all_the_same(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("databases", "json")
        hidden = online.sandbox.world.database(HIDDEN)
        hidden.is_hidden = False
        hidden.users.clear()
        done = online.run("databases", "json")

        assert row_of(done, HIDDEN)["reachable"] is False
        assert f"New since last time: {online.sandbox.url_of(HIDDEN)}/{HIDDEN}" in " ".join(done.stderr.split()), done

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that reaches one other process alone")
    def test_interrupted_listing_uses_up_no_news_and_forgets_no_database(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("databases", "json")
        before = (online.state / "seen.json").read_text(encoding="utf-8")
        online.sandbox.world.database(HIDDEN).is_hidden = False
        with online.start("databases", "--jobs", "1") as process:
            signals = iter([signal.SIGINT])

            def interrupt_once(call: Call) -> None:
                for one in signals if call.model == "res.company" else ():
                    process.send_signal(one)

            online.sandbox.before_call = interrupt_once
            process.communicate(timeout=60)
        online.sandbox.before_call = None

        assert process.returncode == 130
        assert (online.state / "seen.json").read_text(encoding="utf-8") == before
        assert "New since last time" in online.run("databases", "json").stderr

    def test_news_are_each_office_s_own(self, online: CommandLine) -> None:
        configure(online, odoo_com(online))
        online.run("databases", "json")
        written = online.config.read_text(encoding="utf-8")
        online.config.write_text(written.replace(online.sandbox.world.office_vat, "0403019261"), encoding="utf-8")
        online.sandbox.world.database(HIDDEN).is_hidden = False
        other = online.run("databases", "json")
        online.config.write_text(written, encoding="utf-8")

        assert "since last time" not in other.stderr, other
        assert "New since last time" in online.run("databases", "json").stderr

    @pytest.mark.parametrize("down", ["online18", "odoo.com"])
    def test_what_could_not_be_asked_has_not_vanished(self, online: CommandLine, down: str) -> None:
        configure(online, odoo_com(online), file(online, HIDDEN))
        online.run("databases", "json")
        online.sandbox.faults.add(FaultKind.REFUSE, server=down)
        done = online.run("databases", "json")
        assert "since last time" not in done.stderr, done

    @pytest.mark.parametrize("down", ["online18", "odoo.com"])
    def test_what_comes_up_again_is_not_new(self, online: CommandLine, down: str) -> None:
        configure(online, odoo_com(online), file(online, HIDDEN))
        online.run("databases", "json")
        online.sandbox.faults.add(FaultKind.REFUSE, server=down)
        online.run("databases", "json")
        online.sandbox.faults.clear()
        done = online.run("databases", "json")
        assert "since last time" not in done.stderr, done

    def test_what_vanished_while_it_could_not_be_asked_is_told_afterwards(self, online: CommandLine) -> None:
        configure(online, odoo_com(online), file(online, HIDDEN))
        online.run("databases", "json")
        online.sandbox.faults.add(FaultKind.REFUSE, server="odoo.com")
        online.run("databases", "json")
        online.sandbox.faults.clear()
        del online.sandbox.world.servers["online18"].databases["klant-003"]
        done = online.run("databases", "json")
        assert f"Vanished since last time: {online.sandbox.servers['online18'].url}/klant-003" in " ".join(done.stderr.split()), done
