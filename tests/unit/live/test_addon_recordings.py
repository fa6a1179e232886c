"""The add-on against what real servers answered: every recorded call of CodaBox's models, in its order, put to the add-on in a fake Odoo.

The recordings were made with an add-on like this one, so its actions, texts and what it wipes should be the same to the letter.
"""

import copy
import json
from typing import Any

import pytest

from codalink.sandbox import recorded_server
from codalink.sandbox.web import HttpServer
from tests.live.stand_in import StandIn
from tests.replaying import OUTSIDE, VOLATILE_IDS, VOLATILE_KEYS, differences_between, recording
from tests.unit.live.odoo_stub import Database, Model, UserError

VERSIONS = ("18", "19")
ADMIN_UID = 2
REPLAYED = 52
"""Lines of each file that are put again."""
OF_ODOO_ITSELF = {"missing_error", "missing_method", "private_method", "create_list", "create_keyword", "company_search_read_multi"}
"""Lines about Odoo's own manners, and one that asks for an order of companies, which the fake doesn't know."""
OURS = {
    "l10n_be_codabox.connection.wizard",
    "l10n_be_codabox.validation.wizard",
    "l10n_be_codabox.change.password.wizard",
    "res.config.settings",
}


def asked_of_us(line: dict[str, Any]) -> list[Any] | None:
    """Database, user, key, model, method, arguments, keywords; None where the line isn't about the add-on."""
    body = line["request"]["body"]
    if not body or '"service": "object"' not in body or "…" in body or line["name"] in OF_ODOO_ITSELF:
        return None
    call: list[Any] = json.loads(body).get("params", {}).get("args", [])
    if len(call) < 6 or call[1] != ADMIN_UID or call[0].endswith("_nomodule"):
        return None
    model, method = call[3:5]
    is_ours = model in OURS or "codabox" in method or (model == "res.company" and "codabox" in json.dumps(call[5:]))
    return call if is_ours and method != "fields_get" else None


def shown(record: Any, name: str) -> Any:  # noqa: ANN401 - any model's record, and the type of its field
    value = getattr(record, name)
    is_record = isinstance(value, Model)
    return ([value.id, value.name] if value else False) if is_record else value


def known(record: Model, names: list[str]) -> list[str]:
    return [name for name in names if name in record.fields()]


def answer(database: Database, model: str, method: str, args: list[Any], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
    """What the call answers over RPC; fields that the fake doesn't know are left out."""
    context = kwargs.get("context", {})
    if method == "create":
        return database.call(model, [], "create", *args, context=context).id
    if method == "search":
        return database.call(model, [], "search", *args, context=context).ids
    if method not in {"read", "search_read"}:
        return database.call(model, args[0], method, *args[1:], context=context)
    records = database.environment(context)[model]
    records = records.browse(args[0]).exists() if method == "read" else records.search(args[0])
    return [{"id": one.id} | {name: shown(one, name) for name in known(one, kwargs["fields"])} for one in records]


def replay(version: str, registry: dict[str, type[Model]]) -> dict[str, list[str]]:
    """What differs, by the name of the line."""
    world = recorded_server(f"{version}.0")
    server = HttpServer(StandIn(world.proxy))
    server.listen()
    try:
        databases = {
            one.name: Database(registry, {model: copy.deepcopy(table.rows) for model, table in one.tables.items()}, server.url)
            for one in world.databases()
        }
        found = {}
        for line in recording(f"odoo{version}-jsonrpc"):
            if line["name"] in OUTSIDE:
                OUTSIDE[line["name"]](world.proxy)
            if call := asked_of_us(line):
                found[line["name"]] = put(databases[call[0]], line, call)
        return found
    finally:
        server.stop()


def put(database: Database, line: dict[str, Any], call: list[Any]) -> list[str]:
    recorded = json.loads(line["response"]["body"])
    wanted = recorded["result"] if "result" in recorded else {"error": recorded["error"]["data"]["message"]}
    try:
        got = answer(database, call[3], call[4], call[5], call[6] if len(call) > 6 else {})
    except UserError as error:
        got = {"error": error.args[0]}
    if isinstance(wanted, list) and isinstance(got, list):
        wanted = [{key: row[key] for key in got[0]} if isinstance(row, dict) and got else row for row in wanted]
    return differences_between(wanted, got, "", VOLATILE_KEYS | VOLATILE_IDS.get(line["name"], frozenset()))


@pytest.fixture(scope="module", params=VERSIONS)
def replayed(request: pytest.FixtureRequest, registry: dict[str, type[Model]]) -> dict[str, list[str]]:
    return replay(request.param, registry)


def test_addon_answers_as_recorded(replayed: dict[str, list[str]]) -> None:
    assert {name: found for name, found in replayed.items() if found} == {}


def test_no_line_about_the_addon_is_left_out(replayed: dict[str, list[str]]) -> None:
    assert len(replayed) == REPLAYED, sorted(replayed)
