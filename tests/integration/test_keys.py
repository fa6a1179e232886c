"""`codalink keys` against the sandbox: many databases' keys, in one file, and exchanged without ever being without one that works."""

import csv
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from codalink.errors import AnswerLost, CodalinkError
from codalink.files import write_whole
from codalink.odoo.apikeys import refusal_remedy
from codalink.odoo.connector import Connector
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, Gateway, Json, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.office.fleet import Fleet, Stop
from codalink.office.keys import KeyExchange, KeyRotation
from codalink.sandbox import Sandbox, World, small_office
from codalink.sandbox.calls import Call as Arrived
from codalink.secrets.keys import ApiKey, DatabaseKeys, OneSecret, StoredKey
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item

CHECKOUT = Path(__file__).parents[2]
VERSIONS = ("18.0", "19.0")
DATABASES = 4
WRONG_KEY = "f" * 40


@dataclass(frozen=True)
class Done:
    """A process that has ended. Printed whole where an assertion on it fails."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.stdout)["rows"]
        return rows

    def __str__(self) -> str:
        return f"ended with {self.exit_code}\n{self.stdout}\n--- standard error\n{self.stderr}"


@dataclass(frozen=True)
class Run:
    """codalink as a process, for one sandbox; its databases are named in a file."""

    sandbox: Sandbox
    folder: Path

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def file(self) -> Path:
        return self.folder / "state" / "keys.codalink"

    def set_up(self) -> None:
        office = f'[office]\nname = "Kantoor"\nvat = "{self.world.office_vat}"\n'
        config = f'{office}\n[[source]]\nfile = "databases.csv"\nlogin = "{self.world.login}"\n'
        (self.folder / "codalink.toml").write_text(config)
        rows = [f"{self.sandbox.url_of(one.name)},{one.name}" for one in self.world.databases()]
        (self.folder / "databases.csv").write_text("\n".join(["url,database", *rows, ""]))

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        own = {
            "CODALINK_CONFIG": str(self.folder / "codalink.toml"),
            "CODALINK_STATE": str(self.folder / "state"),
            "PYTHON_KEYRING_BACKEND": "codalink.sandbox.keyring.DemoKeyring",
            "CODALINK_DEMO_KEYRING": self.sandbox.keyring_url,
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONUTF8": "1",
            "NO_PROXY": "127.0.0.1,localhost",
        }
        command = [sys.executable, "-m", "codalink", "keys", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env={**os.environ, **own}, cwd=self.folder, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")

    def __call__(self, *arguments: str, stdin: str = "") -> Done:
        with self.start(*arguments) as process:
            stdout, stderr = process.communicate(stdin, 60)
        return Done(process.returncode, stdout, stderr)

    def key(self, database: str) -> str:
        """A new key in Odoo for the accountant."""
        return self.world.database(database).users[2].add_key()

    def valid(self, database: str) -> set[str]:
        """The keys that Odoo accepts, without the one that all databases share."""
        user = self.world.database(database).users[2]
        return {key for key in user.api_keys if user.accepts_key(key, self.world.clock())} - {self.world.api_key}

    def give_own_keys(self, *databases: str) -> dict[str, str]:
        """Import a new key for each of these."""
        keys = {name: self.key(name) for name in databases}
        done = self("import", "-", stdin=self.listed(keys))
        assert done.exit_code == 0, done
        self.sandbox.calls.clear()
        return keys

    def listed(self, keys: dict[str, str], login: str = "", more: str = "") -> str:
        rows = [f"{self.sandbox.url_of(name)},{name},{login or self.world.login},{key}{more}" for name, key in keys.items()]
        return "\n".join([f"url,database,login,key{',expires' if more else ''}", *rows, ""])

    def give_login(self, server: str) -> None:
        account = f"{self.world.login} @ {self.sandbox.servers[server].url}"
        self.sandbox.keyring.items["codalink Odoo login", account] = self.world.password

    def stored(self) -> dict[str, StoredKey]:
        """What is in the file, read by another process than the one that wrote it: this one."""
        return {key.database: key for key in self.opened().all()}

    def opened(self) -> DatabaseKeys:
        return DatabaseKeys(self.file, SandboxStore(self.sandbox))


@dataclass(frozen=True)
class SandboxStore:
    """The sandbox's keyring, without a process in between."""

    sandbox: Sandbox

    def read(self, item: Item) -> Secret | None:
        found = self.sandbox.keyring.items.get((item.service, item.account))
        return None if found is None else Secret(found)

    def write(self, item: Item, secret: Secret) -> None:
        self.sandbox.keyring.items[item.service, item.account] = secret.reveal()

    def delete(self, item: Item) -> bool:
        return self.sandbox.keyring.items.pop((item.service, item.account), None) is not None


@contextmanager
def running(world: World, folder: Path) -> Iterator[Run]:
    with Sandbox(world) as sandbox:
        run = Run(sandbox, folder)
        run.set_up()
        yield run


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with running(small_office(DATABASES, versions=VERSIONS), tmp_path) as office:
        yield office


def today() -> date:
    return datetime.now().astimezone().date()


# --- list ----------------------------------------------------------------------------------------------------------------------------


def test_list_says_what_opens_each_database_and_asks_nobody(run: Run) -> None:
    run.give_own_keys("klant-001")
    run.give_login("odoo19")  # klant-002 and klant-004
    done = run("list", "json")

    assert done.exit_code == 0, done
    assert sorted((row["database"], row["key"], row["age_days"]) for row in done.rows) == [
        ("klant-001", "own key", 0),
        ("klant-002", "server's login", None),
        ("klant-003", "none", None),
        ("klant-004", "server's login", None),
    ]
    assert "1 with a key of their own (0 expired), 2 with their server's login, 1 with none." in done.stderr
    assert len(run.sandbox.calls) == 0


@pytest.mark.parametrize("shown", ["table", "json", "csv"])
def test_nothing_of_a_key_is_shown(shown: str, run: Run) -> None:
    keys = run.give_own_keys("klant-001", "klant-002")
    done = run("list", shown, "--refresh", "--debug")

    for key in keys.values():
        assert key[:4] not in done.stdout.replace(run.sandbox.url_of("klant-001"), "")
        assert key[-4:] not in done.stdout
        assert key not in done.stderr


def test_list_as_csv_has_a_row_a_database(run: Run) -> None:
    rows = list(csv.DictReader(StringIO(run("list", "csv").stdout)))

    assert sorted(row["database"] for row in rows) == [f"klant-00{number}" for number in range(1, DATABASES + 1)]


def test_expiry_of_the_import_is_shown(run: Run) -> None:
    soon = today() + timedelta(days=3)
    run("import", "-", stdin=run.listed({"klant-001": run.key("klant-001")}, more=f",{soon.isoformat()}"))
    row = next(row for row in run("list", "json").rows if row["database"] == "klant-001")

    assert (row["expires"], row["days_left"]) == (soon.isoformat(), 3)


@pytest.mark.parametrize(("days", "counted"), [(0, 1), (-5, 1), (1, 0)])
def test_expired_keys_are_counted(days: int, counted: int, run: Run) -> None:
    day = today() + timedelta(days=days)
    run("import", "-", stdin=run.listed({"klant-001": run.key("klant-001")}, more=f",{day.isoformat()}"))

    assert f"({counted} expired)" in run("list").stderr


def test_refresh_tells_age_and_expiry_from_odoo_and_remembers_it(run: Run) -> None:
    expires = datetime(2030, 1, 2, tzinfo=UTC)
    for name in ("klant-001", "klant-002"):  # over JSON-RPC and over JSON-2
        user = run.world.database(name).users[2]
        del user.api_keys[run.world.api_key]
        key = user.add_key(created_s=datetime(2026, 1, 2, 12, tzinfo=UTC).timestamp(), expires_s=expires.timestamp())
        assert run("set", "--database", name, "--stdin", stdin=key).exit_code == 0
    done = run("list", "json", "--refresh")
    rows = {row["database"]: row for row in done.rows}

    for name in ("klant-001", "klant-002"):
        assert (rows[name]["created"], rows[name]["expires"], rows[name]["note"]) == ("2026-01-02", "2030-01-02", ""), done
        assert run.stored()[name].expires == date(2030, 1, 2)
    assert next(row for row in run("list", "json").rows if row["database"] == "klant-001")["expires"] == "2030-01-02"


def test_refresh_says_where_odoo_does_not_tell_which_key_it_is(run: Run) -> None:
    run.give_own_keys("klant-001")
    row = next(row for row in run("list", "json", "--refresh").rows if row["database"] == "klant-001")

    assert "2 keys" in row["note"]
    assert row["error"] == ""


def test_refresh_tells_nothing_of_a_password(run: Run) -> None:
    run.give_login("odoo18")
    row = next(row for row in run("list", "json", "--refresh").rows if row["database"] == "klant-001")

    assert (row["created"], row["expires"], row["note"], row["error"]) == (None, None, "", "")


def test_key_that_expired_is_told_with_its_day(run: Run) -> None:
    run("import", "-", stdin=run.listed({"klant-001": WRONG_KEY}, more=",2026-01-31"))
    row = next(row for row in run("list", "json", "--refresh").rows if row["database"] == "klant-001")

    assert "The key expired on 2026-01-31" in row["remedy"]
    assert "codalink keys set --database klant-001" in row["remedy"]


DAY = date(2026, 5, 19)


@pytest.mark.parametrize(
    ("url", "secret", "expires", "named", "not_named"),
    [
        ("https://a.be", WRONG_KEY, None, ["API key has expired", "another login than me"], ["two-factor", "Online", "password"]),
        ("https://a.be", WRONG_KEY, date(2026, 5, 20), ["API key has expired"], ["2026-05-20"]),
        ("https://a.be", WRONG_KEY, DAY, ["expired on 2026-05-19"], ["Possible causes"]),
        ("https://a.be", "password", None, ["two-factor", "password has changed"], ["Online"]),
        ("https://klant.odoo.com", WRONG_KEY, None, ["Online without external API"], ["two-factor"]),
        ("https://klant.odoo.com", "password", None, ["Online without external API", "two-factor"], []),
        ("https://odoo.com.evil.example", "password", None, ["two-factor"], ["Online"]),
    ],
)
def test_causes_are_those_that_are_possible(url: str, secret: str, expires: date | None, named: list[str], not_named: list[str]) -> None:
    database = DatabaseAddress(ServerUrl.parse(url), DatabaseName("klant"), "me")
    remedy = refusal_remedy(database, Secret(secret), expires=expires, today=DAY).replace("If it is the key or password", "")

    assert all(words in remedy for words in named), remedy
    assert not any(words in remedy for words in not_named), remedy


def test_refresh_keeps_the_rows_of_databases_that_fail(run: Run) -> None:
    run.give_own_keys("klant-001", "klant-002")
    run.world.database("klant-001").users[2].api_keys.clear()
    done = run("list", "json", "--refresh")
    rows = {row["database"]: row for row in done.rows}

    assert (rows["klant-001"]["error"], rows["klant-002"]["error"]) == ("login-refused", "")
    assert done.exit_code == 1


def test_list_finds_databases_of_a_server_only_when_it_has_seen_them(run: Run) -> None:
    url = run.sandbox.servers["odoo18"].url
    config = run.folder / "codalink.toml"
    config.write_text(config.read_text().replace('file = "databases.csv"', f'server = "{url}"'))
    run.give_login("odoo18")

    assert run("list", "json").rows == []
    assert {row["database"] for row in run("list", "json", "--refresh").rows} == {"klant-001", "klant-003"}


# --- set -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["klant-001", "klant-002"], ids=["json-rpc", "json-2"])
def test_key_is_tried_and_stored(name: str, run: Run) -> None:
    key = run.key(name)
    done = run("set", "--database", name, "--stdin", stdin=f"{key}\n")

    assert done.exit_code == 0, done
    assert run.stored()[name].key == Secret(key)
    assert run.stored()[name].login == run.world.login
    assert "Odoo accepts it." in done.stderr


def test_key_file_is_for_its_owner_and_encrypted(run: Run) -> None:
    keys = run.give_own_keys("klant-001")

    assert sys.platform == "win32" or stat.S_IMODE(run.file.stat().st_mode) == 0o600
    assert keys["klant-001"] not in run.file.read_text()
    assert [service for service, _ in run.sandbox.keyring.items] == ["codalink key file"]


@pytest.mark.parametrize("name", ["klant-001", "klant-002"], ids=["json-rpc", "json-2"])
def test_refused_key_is_not_stored_and_the_causes_are_named(name: str, run: Run) -> None:
    done = run("set", "--database", name, "--stdin", stdin=WRONG_KEY)

    assert done.exit_code == 1, done
    assert "has expired" in done.stderr
    assert "belongs to another login" in done.stderr
    assert "Odoo Online" not in done.stderr
    assert not run.file.exists()


def test_password_of_an_account_with_two_factors_is_explained(run: Run) -> None:
    run.world.database("klant-001").users[2].has_two_factors = True
    done = run("set", "--database", "klant-001", "--stdin", stdin=run.world.password)

    assert done.exit_code == 1, done
    assert "two-factor" in done.stderr


def test_key_of_somebody_else_is_not_stored(run: Run) -> None:
    """With JSON-2 nobody logs in, so Odoo accepts it."""
    database = run.world.database("klant-002")
    other = database.add_user(type(database.users[2])(7, "other@example.be", "x"))
    done = run("set", "--database", "klant-002", "--stdin", stdin=other.add_key())

    assert done.exit_code == 2, done
    assert "other@example.be" in done.stderr
    assert not run.file.exists()


def test_key_may_be_another_logins_if_that_is_said(run: Run) -> None:
    database = run.world.database("klant-002")
    other = database.add_user(type(database.users[2])(7, "other@example.be", "x"))
    done = run("set", "--database", "klant-002", "--login", "other@example.be", "--stdin", stdin=other.add_key())

    assert done.exit_code == 0, done
    assert run.stored()["klant-002"].login == "other@example.be"


def test_key_is_not_tried_if_not_wanted(run: Run) -> None:
    done = run("set", "--database", "klant-001", "--stdin", "--no-try", stdin=WRONG_KEY)

    assert done.exit_code == 0, done
    assert len(run.sandbox.calls) == 0
    assert run.stored()["klant-001"].key == Secret(WRONG_KEY)


def test_database_is_named_with_its_server_where_two_have_it(run: Run) -> None:
    first, second = (run.sandbox.servers[name].url for name in ("odoo18", "odoo19"))
    (run.folder / "databases.csv").write_text(f"url,database\n{first},same\n{second},same\n")
    vague = run("set", "-d", "same", "--stdin", "--no-try", stdin=WRONG_KEY)
    exact = run("set", "-d", f"{second}/same", "--stdin", "--no-try", stdin=WRONG_KEY)

    assert (vague.exit_code, exact.exit_code) == (2, 0), vague
    assert first in vague.stderr
    assert run.stored()["same"].origin == second


def test_unknown_database_is_an_error(run: Run) -> None:
    done = run("set", "-d", "nobody", "--stdin", stdin=WRONG_KEY)

    assert done.exit_code == 2, done
    assert "No database matches 'nobody'." in done.stderr


def test_key_is_asked_for_only_in_a_terminal(run: Run) -> None:
    assert run("set", "-d", "klant-001").exit_code == 2
    assert run("set", "-d", "klant-001", "--stdin").exit_code == 2  # an empty line


def test_damaged_file_ends_with_4_and_stays(run: Run) -> None:
    run.give_own_keys("klant-001")
    write_whole(run.file, "rubbish")

    for arguments in (
        ("list",),
        ("set", "-d", "klant-002", "--stdin", "--no-try"),
        ("rotate", "--all"),
        ("forget", "-d", "klant-001", "-y"),
    ):
        assert run(*arguments, stdin=WRONG_KEY).exit_code == 4
    assert run.file.read_text() == "rubbish"


def test_missing_random_key_ends_with_4(run: Run) -> None:
    run.give_own_keys("klant-001")
    run.sandbox.keyring.items.clear()
    done = run("list")

    assert done.exit_code == 4, done
    assert "codalink key file" in done.stderr


@pytest.mark.parametrize("switch", ["forgets", "garbles", "is_gone"])
def test_keyring_that_lies_ends_with_4_and_no_file(switch: str, run: Run) -> None:
    setattr(run.sandbox.keyring, switch, True)
    done = run("set", "-d", "klant-001", "--stdin", "--no-try", stdin=WRONG_KEY)

    assert done.exit_code == 4, done
    assert not run.file.exists()


# --- import --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["comma", "semicolon", "byte order mark", "other order"])
def test_import_takes_what_spreadsheets_write(form: str, run: Run) -> None:
    url = run.sandbox.url_of("klant-001")
    text = {
        "comma": f"url,database,login,key\n{url},klant-001,me@example.be,{WRONG_KEY}\n",
        "semicolon": f'"url";"database";"login";"key"\r\n"{url}";"klant-001";"me@example.be";"{WRONG_KEY}"\r\n;;;\r\n',
        "byte order mark": f"\ufeffURL,Database,Login,Key\n{url},klant-001,me@example.be,{WRONG_KEY}\n",
        "other order": f"key,note,login,database,url\n{WRONG_KEY},x,me@example.be,klant-001,{url}/web\n",
    }[form]
    file = run.folder / "keys.csv"
    file.write_text(text, encoding="utf-8")
    done = run("import", str(file))

    assert done.exit_code == 0, done
    assert "1 new keys, 0 changed, 0 the same." in done.stderr
    assert f"Delete {file} now" in done.stderr
    assert run.stored()["klant-001"] == StoredKey(url, "klant-001", "me@example.be", ApiKey(Secret(WRONG_KEY), today()))
    assert len(run.sandbox.calls) == 0


def test_import_says_what_changes(run: Run) -> None:
    run("import", "-", stdin=run.listed({"klant-001": "1" * 40, "klant-002": "2" * 40}))
    done = run("import", "-", stdin=run.listed({"klant-001": "1" * 40, "klant-002": "3" * 40, "klant-003": "4" * 40}))

    assert "1 new keys, 1 changed, 1 the same." in done.stderr
    assert run.stored()["klant-002"].key == Secret("3" * 40)


def test_import_names_databases_that_nobody_knows(run: Run) -> None:
    done = run("import", "-", stdin=f"url,database,login,key\nhttps://odoo.example.be,mistyped,me,{WRONG_KEY}\n")

    assert done.exit_code == 0
    assert "https://odoo.example.be/mistyped" in done.stderr


def test_import_works_before_setup(run: Run) -> None:
    (run.folder / "codalink.toml").unlink()

    assert run("import", "-", stdin=run.listed({"klant-001": WRONG_KEY})).exit_code == 0


MISTAKES = {
    "a column is missing": (f"url,database,login\nhttps://a.be,b,{WRONG_KEY}\n", "line 1"),
    "no header": (f"https://a.be,b,c,{WRONG_KEY}\n", "line 1"),
    "key as url": (f"url,database,login,key\n{WRONG_KEY},b,c,d\n", "line 2: url is not an https address"),
    "key as database": (f"url,database,login,key\nhttps://a.be,{WRONG_KEY},c,b\n", "line 2: database is not a database"),
    "key as login": (f"url,database,login,key\nhttps://a.be,b,{WRONG_KEY},c\n", "line 2: login is not a login"),
    "key as everything": (f"url,database,login,key\n{WRONG_KEY},{WRONG_KEY},{WRONG_KEY},{WRONG_KEY}\n", "line 2: url is not"),
    "a foreign character": (
        f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY}é\n",
        "line 2: the key has a blank or a foreign character",
    ),
    "no https": (f"url,database,login,key\nhttp://a.be,b,c,{WRONG_KEY}\n", "line 2: url is not an https address"),
    "an empty cell": (f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY}\nhttps://a.be,,c,{WRONG_KEY}\n", "line 3: database missing"),
    "two empty cells": ("url,database,login,key\nhttps://a.be,b,,\n", "line 2: login and key missing"),
    "a date that is none": (f"url,database,login,key,expires\nhttps://a.be,b,c,{WRONG_KEY},{WRONG_KEY}\n", "line 2: expires is not a date"),
    "two keys": (
        f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY}\nhttps://a.be,b,c,{'e' * 40}\n",
        "line 3: another key for the database of line 2",
    ),
    "a blank in the key": (f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY[:9]} {WRONG_KEY}\n", "line 2: the key has a blank or"),
    "quotes that don't end": (f'url,database,login,key\nhttps://a.be,b,c,"{WRONG_KEY}\n', "not a CSV file"),
    "nothing": ("", "url is missing"),
    "only a header": ("url,database,login,key\n", "holds no key"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_import_with_a_mistake_stores_nothing_and_shows_no_key(kind: str, run: Run) -> None:
    text, told = MISTAKES[kind]
    good = run.listed({"klant-001": "1" * 40})
    assert run("import", "-", stdin=good).exit_code == 0
    before = run.file.read_bytes()
    done = run("import", "-", "--debug", stdin=text)

    assert done.exit_code == 2, done
    assert told in done.stderr
    assert WRONG_KEY[:9] not in done.stdout + done.stderr
    assert run.file.read_bytes() == before


def test_all_mistakes_are_told_at_once(run: Run) -> None:
    rows = "".join(f"https://a.be,,c,{WRONG_KEY}\n" for _ in range(12))
    done = run("import", "-", stdin=f"url,database,login,key\n{rows}")

    assert "line 2: database missing; line 3: database missing" in done.stderr
    assert "and 4 more" in done.stderr


def test_file_that_is_no_utf8_is_refused(run: Run) -> None:
    (run.folder / "keys.csv").write_bytes(f"url,database,login,key\nhttps://a.be,\xe9,c,{WRONG_KEY}\n".encode("latin-1"))
    done = run("import", "keys.csv", "--debug")

    assert done.exit_code == 2, done
    assert WRONG_KEY not in done.stderr


@pytest.mark.parametrize("written", ["2026-05-19", "19/05/2026", "2026-05-19 00:00:00", "2026-05-19T10:00:00Z"])
def test_dates_are_read_as_odoo_and_belgians_write_them(written: str, run: Run) -> None:
    run("import", "-", stdin=run.listed({"klant-001": WRONG_KEY}, more=f",{written}"))

    assert run.stored()["klant-001"].expires == date(2026, 5, 19)


# --- forget --------------------------------------------------------------------------------------------------------------------------


def test_forgotten_key_is_gone_here_and_valid_in_odoo(run: Run) -> None:
    keys = run.give_own_keys("klant-001", "klant-002")
    done = run("forget", "--database", "klant-001", "--yes")

    assert done.exit_code == 0, done
    assert list(run.stored()) == ["klant-002"]
    assert run.valid("klant-001") == {keys["klant-001"]}


def test_forget_asks_first(run: Run) -> None:
    run.give_own_keys("klant-001")

    assert run("forget", "--database", "klant-001").exit_code == 2
    assert list(run.stored()) == ["klant-001"]


def test_forgetting_what_was_never_kept_is_an_error(run: Run) -> None:
    assert run("forget", "--database", "klant-001", "--yes").exit_code == 2


# --- rotate --------------------------------------------------------------------------------------------------------------------------


def assert_exchanged(run: Run, name: str, old: str, *, lost: int = 0) -> None:
    """There is a new key, it is the only one that Odoo accepts, but for `lost` ones that nobody knows."""
    stored = run.stored()[name]
    assert stored.key != Secret(old)
    assert not stored.is_unfinished
    valid = run.valid(name)
    assert old not in valid
    assert stored.key.reveal() in valid
    assert len(valid) == 1 + lost


@pytest.mark.parametrize("name", ["klant-001", "klant-002"], ids=["json-rpc", "json-2"])
def test_rotated_key_is_new_and_the_old_one_is_revoked(name: str, run: Run) -> None:
    old = run.give_own_keys(name)[name]
    done = run("rotate", "--database", name)

    assert done.exit_code == 0, done
    assert_exchanged(run, name, old)
    assert run.stored()[name].expires == today() + timedelta(days=90)
    assert run("list", "json").rows[0]["key"] in {"own key", "none"}


def test_key_is_rotated_over_xml_rpc(tmp_path: Path) -> None:
    world = small_office(1)
    world.servers["odoo18"].protocols = frozenset({"xmlrpc"})
    with running(world, tmp_path) as run:
        old = run.give_own_keys("klant-001")["klant-001"]
        done = run("rotate", "--all")

        assert done.exit_code == 0, done
        assert_exchanged(run, "klant-001", old)
        assert {call.protocol for call in run.sandbox.calls if call.method == "revoke"} == {"xmlrpc"}


def test_rotated_key_is_known_by_its_name_in_odoo(run: Run) -> None:
    run.give_own_keys("klant-001")
    run("rotate", "--database", "klant-001", "--days", "30")
    row = next(row for row in run("list", "json", "--refresh").rows if row["database"] == "klant-001")

    assert (row["note"], row["days_left"], row["age_days"]) == ("", 30, 0)


def test_all_keys_are_rotated_and_a_failure_is_one_row(run: Run) -> None:
    keys = run.give_own_keys("klant-001", "klant-002", "klant-003")
    run.world.database("klant-003").users[2].api_keys.clear()
    done = run("rotate", "--all")

    assert done.exit_code == 1, done
    for name in ("klant-001", "klant-002"):
        assert_exchanged(run, name, keys[name])
    assert run.stored()["klant-003"].key == Secret(keys["klant-003"])
    assert "2 keys exchanged, 1 failed." in done.stderr
    assert "klant-003" in done.stderr


def test_no_key_is_shown_while_it_is_rotated(run: Run) -> None:
    keys = run.give_own_keys("klant-001", "klant-002")
    done = run("rotate", "--all", "--debug")

    for name, old in keys.items():
        assert old not in done.stderr + done.stdout
        assert run.stored()[name].key.reveal() not in done.stderr + done.stdout


def test_server_that_makes_no_keys_says_so(tmp_path: Path) -> None:
    world = small_office(2, versions=VERSIONS)
    for database in world.databases():
        database.flavour = database.flavour._replace(keys_over_rpc=False)
    with running(world, tmp_path) as run:
        keys = run.give_own_keys("klant-001", "klant-002")
        done = run("rotate", "--all")

        assert done.exit_code == 1, done
        assert done.stderr.count("doesn't let API keys be made or revoked from outside") == 2
        assert "codalink keys set" in done.stderr
        assert {name: stored.key.reveal() for name, stored in run.stored().items()} == keys


def test_ten_keys_are_enough(run: Run) -> None:
    old = run.give_own_keys("klant-001")["klant-001"]
    for _ in range(8):
        run.key("klant-001")
    done = run("rotate", "--database", "klant-001")

    assert done.exit_code == 1, done
    assert "10 API keys" in done.stderr
    assert "Remove keys that nobody needs" in done.stderr
    assert run.stored()["klant-001"].key == Secret(old)


def test_password_in_place_of_a_key_makes_no_keys(run: Run) -> None:
    run("set", "-d", "klant-001", "--stdin", stdin=run.world.password)
    done = run("rotate", "-d", "klant-001")

    assert done.exit_code == 1, done
    assert "not with a password" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("--all", "--database", "klant-001")])
def test_which_keys_must_be_said(arguments: tuple[str, ...], run: Run) -> None:
    run.give_own_keys("klant-001")

    assert run("rotate", *arguments).exit_code == 2


def test_nothing_to_rotate_is_an_error(run: Run) -> None:
    done = run("rotate", "--all")

    assert done.exit_code == 2, done
    assert "No database has an API key of its own." in done.stderr


def test_two_runs_at_once_do_not_change_keys(run: Run) -> None:
    old = run.give_own_keys("klant-001")["klant-001"]
    arrived, go_on = threading.Event(), threading.Event()

    def hold(call: Arrived) -> None:
        if call.method == "generate":
            arrived.set()
            go_on.wait(30)

    run.sandbox.before_call = hold
    with run.start("rotate", "--all") as first:
        assert arrived.wait(30)
        second = run("set", "-d", "klant-002", "--stdin", "--no-try", stdin=WRONG_KEY)
        go_on.set()
        first.communicate(timeout=30)

    assert second.exit_code == 2, second
    assert "Another codalink run is changing API keys" in second.stderr
    assert_exchanged(run, "klant-001", old)


def test_set_builds_on_what_another_run_left_while_somebody_typed(run: Run) -> None:
    run.give_own_keys("klant-001")
    entered = run.key("klant-001")
    with run.start("set", "-d", "klant-001", "--stdin", "--no-try") as slow:
        run("rotate", "--all")
        rotated = run.stored()["klant-001"]
        run.opened().keep([replace(rotated, formers=(ApiKey(Secret(WRONG_KEY), today()),))])
        slow.communicate(f"{entered}\n", 30)

    assert run.stored()["klant-001"].key == Secret(entered)
    assert [one.secret for one in run.stored()["klant-001"].formers] == [Secret(WRONG_KEY)]


# --- killed ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("name", ["klant-001", "klant-002"], ids=["json-rpc", "json-2"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["generate", "context_get", "revoke"])
def test_killed_while_odoo_works_the_next_run_finishes(method: str, when: str, name: str, run: Run) -> None:
    old = run.give_own_keys(name)[name]
    process: list[subprocess.Popen[str]] = []
    ready = threading.Event()

    def kill(call: Arrived, _result: object = None) -> None:
        if call.method == method:
            assert ready.wait(30)
            process[0].send_signal(signal.SIGKILL)
            process[0].wait(30)

    if when == "before":
        run.sandbox.before_call = kill
    else:
        run.sandbox.after_call = kill
    with run.start("rotate", "--all") as running_process:
        process.append(running_process)
        ready.set()
        running_process.communicate(timeout=60)
    run.sandbox.before_call = run.sandbox.after_call = None

    assert process[0].returncode == -signal.SIGKILL
    assert run.stored()[name].key.reveal() in run.valid(name)  # whatever happened, there is one that works
    done = run("rotate", "--all")
    assert done.exit_code == 0, done
    # The sandbox carries out the call even though its caller is dead; a key whose answer nobody got stays in Odoo.
    assert_exchanged(run, name, old, lost=1 if method == "generate" else 0)


class Killed(BaseException):
    """The process is gone at this point."""


class Points:
    """Counts what happens, and ends it at one point."""

    def __init__(self, at: int) -> None:
        self.left = at

    def pass_one(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@dataclass(frozen=True)
class KilledGateway:
    """A real conversation with Odoo, with a point before and after each call."""

    inner: Gateway
    points: Points

    @property
    def database(self) -> DatabaseAddress:
        return self.inner.database

    def execute(self, call: Call) -> Json:
        self.points.pass_one()
        answer = self.inner.execute(call)
        self.points.pass_one()
        return answer


def rotate_here(run: Run, name: str, pool: HttpPool, points: Points) -> KeyRotation:
    """One exchange in this process, with points around every call and every write."""

    def write(path: Path, text: str) -> None:
        points.pass_one()
        write_whole(path, text)
        points.pass_one()

    def open_with(database: DatabaseAddress, secret: Secret) -> Gateway:
        return KilledGateway(Connector(pool, OneSecret(secret)).open(database), points)

    keys = DatabaseKeys(run.file, SandboxStore(run.sandbox), write)
    exchange = KeyExchange(keys, open_with, lambda: "codalink", today(), today() + timedelta(days=90))
    address = DatabaseAddress(ServerUrl.parse(run.sandbox.url_of(name)), DatabaseName(name), run.world.login)
    return exchange.rotate_key(address)


@pytest.mark.parametrize("name", ["klant-001", "klant-002"], ids=["json-rpc", "json-2"])
def test_killed_anywhere_and_once_more_no_working_key_is_lost(name: str, run: Run) -> None:
    """Killed at every call and every write of an exchange, and then of the run that finishes it, there is always a key that works."""
    user = run.world.database(name).users[2]
    killed_runs = 0
    with HttpPool() as pool:
        for at in range(1, 100):
            ended = True
            for again in (at, 1 + at % 5, 1000):  # the second run dies early too, the third one lives
                user.api_keys = {key: known for key, known in user.api_keys.items() if key == run.world.api_key} if ended else user.api_keys
                if ended:
                    old = run.key(name)
                    run.opened().keep([StoredKey(run.sandbox.url_of(name), name, run.world.login, ApiKey(Secret(old), today()))])
                ended = False
                try:
                    result = rotate_here(run, name, pool, Points(again))
                except Killed:
                    killed_runs += 1
                    assert run.stored()[name].key.reveal() in run.valid(name)
                    continue
                assert result.error is None
                ended = True
                break
            assert ended
            assert old not in run.valid(name)
            assert not run.stored()[name].is_unfinished
            assert run.stored()[name].key.reveal() in run.valid(name)
            assert len(run.valid(name)) <= 3  # the current one, and one for each run that died with the answer in its hands
            if again == at:
                break
    assert at > 15  # about as many points as there are calls and writes, twice
    assert killed_runs > at


class Broken:
    """An Odoo that says something else for some calls: `broken` maps a method to what it raises, after doing it or without."""

    def __init__(self, inner: Gateway, broken: dict[str, tuple[CodalinkError, bool]]) -> None:
        self.inner = inner
        self.broken = broken

    @property
    def database(self) -> DatabaseAddress:
        return self.inner.database

    def execute(self, call: Call) -> Json:
        error, is_done = self.broken.get(call.method, (None, True))
        answer = self.inner.execute(call) if is_done else None
        if error is not None:
            raise error
        return answer


def rotate_broken(run: Run, name: str, broken: dict[str, tuple[CodalinkError, bool]]) -> KeyRotation:
    with HttpPool() as pool:

        def open_with(database: DatabaseAddress, secret: Secret) -> Gateway:
            return Broken(Connector(pool, OneSecret(secret)).open(database), broken)

        exchange = KeyExchange(run.opened(), open_with, lambda: "codalink 0001", today(), today() + timedelta(days=90))
        address = DatabaseAddress(ServerUrl.parse(run.sandbox.url_of(name)), DatabaseName(name), run.world.login)
        (result,) = exchange.rotate_all([address], Fleet(2), Stop())
        return result


@pytest.mark.parametrize("name", ["klant-001", "klant-002"], ids=["json-rpc", "json-2"])
@pytest.mark.parametrize("is_done", [True, False])
def test_lost_answer_to_revoking_is_looked_at(is_done: bool, name: str, run: Run) -> None:
    old = run.give_own_keys(name)[name]
    result = rotate_broken(run, name, {"revoke": (AnswerLost("It broke."), is_done)})

    assert isinstance(result.error, AnswerLost) is not is_done
    assert run.stored()[name].is_unfinished is not is_done
    assert rotate_broken(run, name, {}).was_resumed is not is_done
    assert old not in run.valid(name)
    assert len(run.valid(name)) == 1


def test_lost_answer_to_making_a_key_names_the_key_to_remove(run: Run) -> None:
    old = run.give_own_keys("klant-001")["klant-001"]
    result = rotate_broken(run, "klant-001", {"generate": (AnswerLost("It broke."), True)})

    assert isinstance(result.error, AnswerLost)
    assert '"codalink 0001"' in result.error.remedy
    assert run.stored()["klant-001"].key == Secret(old)


def test_key_that_was_revoked_by_somebody_else_meanwhile_is_not_taken(run: Run) -> None:
    """Of an interrupted exchange the older key is the one that still works."""
    old = run.give_own_keys("klant-001")["klant-001"]
    stored = run.stored()["klant-001"]
    newer = ApiKey(Secret(WRONG_KEY), today())
    run.opened().keep([StoredKey(stored.origin, stored.database, stored.login, newer, formers=(stored.current,))])
    done = run("rotate", "--all")

    assert done.exit_code == 0, done
    assert_exchanged(run, "klant-001", old)


def test_no_key_works_any_more_and_all_of_them_stay(run: Run) -> None:
    run.give_own_keys("klant-001")
    stored = run.stored()["klant-001"]
    unfinished = StoredKey(stored.origin, stored.database, stored.login, stored.current, ApiKey(Secret(WRONG_KEY), today()))
    run.opened().keep([unfinished])
    run.world.database("klant-001").users[2].api_keys.clear()
    done = run("rotate", "--all")

    assert done.exit_code == 1, done
    assert run.stored()["klant-001"] == unfinished


def test_interrupted_exchange_is_told_and_survives_a_new_key(run: Run) -> None:
    run.give_own_keys("klant-001")
    stored = run.stored()["klant-001"]
    candidate = run.key("klant-001")
    run.opened().keep([StoredKey(stored.origin, stored.database, stored.login, stored.current, ApiKey(Secret(candidate), today()))])

    assert "interrupted" in run("list").stdout
    entered = run.key("klant-001")
    run("set", "-d", "klant-001", "--stdin", stdin=entered)
    assert run("rotate", "--all").exit_code == 0
    assert run.stored()["klant-001"].key == Secret(entered)
    assert candidate not in run.valid("klant-001")
