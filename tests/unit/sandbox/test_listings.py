"""Where an office reads which databases it has: odoo.com and its own "Databases" app."""

from typing import Any

import pytest

from codalink.sandbox import Sandbox, account_of_odoo_com, online_office
from codalink.sandbox.odoo_site import OdooSite
from codalink.sandbox.web import HttpServer
from tests.unit.sandbox.posting import execute, json2, jsonrpc, result


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(online_office())


@pytest.fixture
def odoo_com(sandbox: Sandbox) -> HttpServer:
    assert sandbox.world.odoo_com is not None
    for server in sandbox.world.servers.values():
        server.url = f"http://{server.name}"
    return HttpServer(OdooSite(sandbox.world.odoo_com, sandbox))


def rows_by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows}


def test_odoo_com_lists_copies_but_no_hidden_database(sandbox: Sandbox, odoo_com: HttpServer) -> None:
    _, _, key = account_of_odoo_com(sandbox.world)

    rows = rows_by_name(result(json2(odoo_com, "openerp", key, "odoo.database/list")))

    login = sandbox.world.login
    assert rows["klant-001"] == {"name": "klant-001", "url": "http://online18", "login": login, "version": "saas~18.2+e"}
    assert rows["klant-004"]["version"] == "19.0+e"
    assert "klant-001-test-2" in rows
    assert "klant-002" not in rows


def test_odoo_com_answers_the_same_over_json_rpc(sandbox: Sandbox, odoo_com: HttpServer) -> None:
    login, password, key = account_of_odoo_com(sandbox.world)

    uid = result(jsonrpc(odoo_com, "common", "login", "openerp", login, password))
    rows = result(jsonrpc(odoo_com, "object", "execute_kw", "openerp", uid, key, "odoo.database", "list", []))

    assert rows == result(json2(odoo_com, "openerp", key, "odoo.database/list"))


def test_keys_of_databases_do_not_open_odoo_com(sandbox: Sandbox, odoo_com: HttpServer) -> None:
    assert json2(odoo_com, "openerp", sandbox.world.api_key, "odoo.database/list").status == 401


def test_test_copy_has_the_same_companies_and_a_life_of_its_own(sandbox: Sandbox) -> None:
    execute(sandbox, "klant-001-test-2", "res.company", "write", [1], {"name": "Kopie"})

    original, duplicate = (sandbox.world.database(name) for name in ("klant-001", "klant-001-test-2"))
    assert original.row("res.partner", 1)["vat"] == duplicate.row("res.partner", 1)["vat"]
    assert (original.row("res.partner", 1)["name"], duplicate.row("res.partner", 1)["name"]) == ("Klant 001", "Kopie")


@pytest.mark.usefixtures("odoo_com")
def test_databases_app_mixes_databases_with_plain_projects(sandbox: Sandbox) -> None:
    fields = ["name", "database_name", "database_hosting", "database_url", "database_api_login", "database_version"]

    everything = result(execute(sandbox, "kantoor-demo", "project.project", "search_read", [], fields))
    databases = result(execute(sandbox, "kantoor-demo", "project.project", "search_read", [["database_hosting", "!=", False]], fields))

    plain = [row for row in everything if not row["database_hosting"]]
    assert len(plain) == 2
    assert [row for row in everything if row not in plain] == databases
    found = next(row for row in databases if row["database_name"] == "klant-002")
    del found["id"]
    assert found == {
        "name": "Klant 002",
        "database_name": "klant-002",
        "database_hosting": "saas",
        "database_url": "http://online19",
        "database_api_login": sandbox.world.login,
        "database_version": "19.0+e",
    }
