"""What the recordings can't show of the three protocols: the log of calls, and the switches of a server."""

import json
import xmlrpc.client

import pytest

from codalink.sandbox import OdooServer, Sandbox, World, mixed_office, small_office
from codalink.sandbox.web import Response
from tests.unit.sandbox.posting import JSON_TYPE, json2, jsonrpc, post, result, xml


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(small_office(databases=2, versions=("18.0", "19.0")))


@pytest.fixture
def mixed() -> Sandbox:
    return Sandbox(mixed_office())


def login(sandbox: Sandbox, server: str, database: str) -> Response:
    world = sandbox.world
    return jsonrpc(sandbox.servers[server], "common", "login", database, world.login, world.api_key)


def companies_over_json2(sandbox: Sandbox, server: str, database: str) -> Response:
    return json2(sandbox.servers[server], database, sandbox.world.api_key, "res.company/search", domain=[])


def test_all_protocols_reach_the_same_records(sandbox: Sandbox) -> None:
    server, world = sandbox.servers["odoo19"], sandbox.world
    call: tuple[object, ...] = ("klant-002", 2, world.api_key, "res.company", "search_read", [[]], {"fields": ["name"]})

    answers = [
        result(json2(server, "klant-002", world.api_key, "res.company/search_read", domain=[], fields=["name"])),
        result(jsonrpc(server, "object", "execute_kw", *call)),
        result(xml(server, "object", "execute_kw", *call)),
    ]

    assert answers == [[{"id": 1, "name": "Klant 002"}]] * 3
    assert [each.protocol for each in sandbox.calls.of("search_read")] == ["json2", "jsonrpc", "xmlrpc"]


def test_json2_call_is_logged_with_ids_and_named_arguments_apart(sandbox: Sandbox) -> None:
    json2(sandbox.servers["odoo19"], "klant-002", sandbox.world.api_key, "res.company/write", ids=[1], vals={"name": "Nieuw"})

    call = sandbox.calls.of("write", model="res.company", database="klant-002")[0]
    assert (call.service, call.args, call.kwargs, call.has_run) == ("object", [[1]], {"vals": {"name": "Nieuw"}}, True)


def test_json2_call_to_a_database_that_is_not_there_is_logged_too(sandbox: Sandbox) -> None:
    assert companies_over_json2(sandbox, "odoo19", "nosuch").status == 404
    assert [call.database for call in sandbox.calls.of("search")] == ["nosuch"]


def test_without_header_the_only_database_is_meant(sandbox: Sandbox) -> None:
    assert companies_over_json2(sandbox, "odoo19", "").status == 200


def test_failing_json2_call_leaves_nothing_behind(sandbox: Sandbox) -> None:
    world = sandbox.world

    refused = json2(sandbox.servers["odoo19"], "klant-002", world.api_key, "res.partner/create", vals_list=[{"name": "one"}, {"nosuch": 1}])

    assert refused.status == 500
    assert "one" not in [row["name"] for row in world.database("klant-002").table("res.partner").rows.values()]


def test_result_that_xml_cannot_write_is_a_fault_after_the_call_has_run(sandbox: Sandbox) -> None:
    world = sandbox.world

    with pytest.raises(xmlrpc.client.Fault, match="cannot marshal None"):
        result(xml(sandbox.servers["odoo18"], "object", "execute_kw", "klant-001", 2, world.password, "mail.message", "unstar_all", []))

    assert sandbox.calls.of("unstar_all")[0].has_run


def test_json2_only_server_has_no_rpc_but_tells_its_version(mixed: Sandbox) -> None:
    database = next(iter(mixed.world.servers["odoo-json2"].databases))

    assert login(mixed, "odoo-json2", database).status == 404
    assert xml(mixed.servers["odoo-json2"], "common", "version").status == 404
    assert companies_over_json2(mixed, "odoo-json2", database).status == 200
    version = post(mixed.servers["odoo-json2"], "/json/version", b"", method="GET")
    assert json.loads(version.body) == {"version": "22.0", "version_info": [22, 0, 0, "final", 0, ""]}


def test_blocked_path_is_a_page_of_the_proxy_and_no_call(mixed: Sandbox) -> None:
    database = next(iter(mixed.world.servers["odoo-xmlrpc"].databases))

    refused = login(mixed, "odoo-xmlrpc", database)

    assert (refused.status, b"nginx" in refused.body) == (403, True)
    assert len(mixed.calls) == 0
    assert result(xml(mixed.servers["odoo-xmlrpc"], "common", "login", database, mixed.world.login, mixed.world.password)) == 2


@pytest.mark.parametrize("server", ["odoo17", "odoo18", "odoo-online"])
def test_json2_came_with_19(mixed: Sandbox, server: str) -> None:
    database = next(iter(mixed.world.servers[server].databases))

    assert companies_over_json2(mixed, server, database).status == 404
    assert result(login(mixed, server, database)) == 2


@pytest.mark.parametrize(
    ("version", "told", "serie"),
    [
        ("17.0", [17, 0, 0, "final", 0, ""], "17.0"),
        ("19.0+e", [19, 0, 0, "final", 0, "e"], "19.0"),
        ("saas~18.2+e", ["saas~18", 2, 0, "final", 0, "e"], "saas~18.2"),
    ],
)
def test_versions_are_told_as_odoo_does(world: World, version: str, told: list[object], serie: str) -> None:
    world.add(OdooServer("other", version))

    answer = result(jsonrpc(Sandbox(world).servers["other"], "common", "version"))

    assert (answer["server_version"], answer["server_version_info"], answer["server_serie"]) == (version, told, serie)


def test_service_db_that_is_gone_answers_as_an_unknown_one(world: World) -> None:
    world.servers["odoo18"].has_db_service = False
    server = Sandbox(world).servers["odoo18"]

    gone, unknown = (json.loads(jsonrpc(server, service, "list").body)["error"]["data"] for service in ("db", "nosuch"))

    assert gone["name"] == unknown["name"] == "builtins.KeyError"
    assert post(server, "/web/database/list", b"{}", JSON_TYPE).status == 404


def test_closed_list_is_refused_and_the_service_stays(world: World) -> None:
    world.servers["odoo18"].list_db = False
    server = Sandbox(world).servers["odoo18"]

    assert json.loads(jsonrpc(server, "db", "list").body)["error"]["data"]["name"] == "odoo.exceptions.AccessDenied"
    assert result(jsonrpc(server, "db", "db_exist", "klant-001")) is True
