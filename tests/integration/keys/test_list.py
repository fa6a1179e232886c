"""`codalink keys list` against the sandbox: what opens each database, how old it is, how long it lasts; and nothing of a key."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest

from tests.integration.keys.key_office import DATABASES, WRONG_KEY, KeyOffice, pieces_shown, today
from tests.integration.terminal import envelope, rows_by


def test_list_says_what_opens_each_database_and_asks_nobody(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    office.give_login("odoo19")  # klant-002 and klant-004
    done = office("list", "json")

    assert done.exit_code == 0, done
    assert [(row["database"], row["key"], row["age_days"]) for row in envelope(done)["rows"]] == [
        ("klant-001", "own key", 0),
        ("klant-002", "server's login", None),
        ("klant-003", "none", None),
        ("klant-004", "server's login", None),
    ]
    assert "1 with a key of their own (0 expired), 2 with their server's login, 1 with none." in done.stderr
    assert len(office.sandbox.calls) == 0


@pytest.mark.parametrize("shown", ["table", "json", "csv"])
def test_nothing_of_a_key_is_shown(shown: str, office: KeyOffice) -> None:
    keys = office.give_own_keys("klant-001", "klant-002")
    done = office("list", shown, "--refresh", "--debug")

    assert done.exit_code == 0, done
    assert pieces_shown(keys.values(), done) == []


def test_list_as_csv_has_a_row_a_database(office: KeyOffice) -> None:
    rows = list(csv.DictReader(StringIO(office("list", "csv").stdout)))

    assert sorted(row["database"] for row in rows) == [f"klant-00{number}" for number in range(1, DATABASES + 1)]


def test_expiry_of_the_import_is_shown(office: KeyOffice) -> None:
    soon = today() + timedelta(days=3)
    office("import", "-", stdin=office.csv({"klant-001": office.key("klant-001")}, more=f",{soon.isoformat()}"))
    row = office.listed()["klant-001"]

    assert (row["expires"], row["days_left"]) == (soon.isoformat(), 3)


@pytest.mark.parametrize(("days", "counted"), [(0, 1), (-5, 1), (1, 0)])
def test_expired_keys_are_counted(days: int, counted: int, office: KeyOffice) -> None:
    day = today() + timedelta(days=days)
    office("import", "-", stdin=office.csv({"klant-001": office.key("klant-001")}, more=f",{day.isoformat()}"))

    assert f"({counted} expired)" in office("list").stderr


def test_refresh_tells_age_and_expiry_from_odoo_and_remembers_it(office: KeyOffice) -> None:
    expires = datetime(2030, 1, 2, tzinfo=UTC)
    for name in ("klant-001", "klant-002"):  # over JSON-RPC and over JSON-2
        user = office.world.database(name).users[2]
        del user.api_keys[office.world.api_key]
        key = user.add_key(created_s=datetime(2026, 1, 2, 12, tzinfo=UTC).timestamp(), expires_s=expires.timestamp())
        assert office("set", "--database", name, "--secret-stdin", stdin=key).exit_code == 0
    done = office("list", "json", "--refresh")
    rows = rows_by(done, "database")

    for name in ("klant-001", "klant-002"):
        assert (rows[name]["created"], rows[name]["expires"], rows[name]["note"]) == ("2026-01-02", "2030-01-02", ""), done
        assert office.stored()[name].expires == date(2030, 1, 2)
    assert office.listed()["klant-001"]["expires"] == "2030-01-02"


def test_refresh_says_where_odoo_does_not_tell_which_key_it_is(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    row = office.listed("--refresh")["klant-001"]

    assert "2 keys" in row["note"]
    assert row["error"] == ""


def test_refresh_tells_nothing_of_a_password(office: KeyOffice) -> None:
    office.give_login("odoo18")
    row = office.listed("--refresh")["klant-001"]

    assert (row["created"], row["expires"], row["note"], row["error"]) == (None, None, "", "")


def test_key_that_expired_is_told_with_its_day(office: KeyOffice) -> None:
    office("import", "-", stdin=office.csv({"klant-001": WRONG_KEY}, more=",2026-01-31"))
    row = office.listed("--refresh")["klant-001"]

    assert "The API key expired on 2026-01-31" in row["remedy"]
    assert "codalink keys set --database klant-001" in row["remedy"]


def test_refresh_keeps_the_rows_of_databases_that_fail(office: KeyOffice) -> None:
    office.give_own_keys("klant-001", "klant-002")
    office.world.database("klant-001").users[2].api_keys.clear()
    done = office("list", "json", "--refresh")
    rows = rows_by(done, "database")

    assert (rows["klant-001"]["error"], rows["klant-002"]["error"]) == ("login-refused", "")
    assert done.exit_code == 1


def test_list_finds_databases_of_a_server_only_when_it_has_seen_them(office: KeyOffice) -> None:
    url = office.sandbox.servers["odoo18"].url
    config = office.folder / "codalink.toml"
    config.write_text(config.read_text().replace('file = "databases.csv"', f'server = "{url}"'))
    office.give_login("odoo18")

    assert office.listed() == {}
    assert set(office.listed("--refresh")) == {"klant-001", "klant-003"}
