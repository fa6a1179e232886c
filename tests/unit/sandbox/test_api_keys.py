import json
import xmlrpc.client
from typing import Any

import pytest

from codalink.sandbox import Sandbox, User, World, mixed_office, small_office
from codalink.sandbox.odoo_errors import AccessDenied, AccessError, UserError
from tests.unit.sandbox.asking import Ask, Clock, asking
from tests.unit.sandbox.posting import json2, jsonrpc, result, xml

MODEL = "res.users.apikeys"
NEXT_MONTH = "2027-02-15 08:00:00"  # the clock stands at 2027-01-15 08:00


def generate(world: World, ask: Ask, expiration_date: str | None = NEXT_MONTH) -> str:
    made: str = ask(MODEL, "generate", world.api_key, "rpc", "codalink", expiration_date)
    return made


def test_made_key_opens_and_a_revoked_one_does_not(world: World, ask: Ask) -> None:
    server = Sandbox(world).servers["odoo18"]
    made = generate(world, ask)

    assert result(jsonrpc(server, "common", "login", "klant-001", world.login, made)) == 2
    ask(MODEL, "revoke", made)
    assert result(jsonrpc(server, "common", "login", "klant-001", world.login, made)) is False
    assert result(jsonrpc(server, "common", "login", "klant-001", world.login, world.api_key)) == 2


def test_expired_key_is_refused_as_a_wrong_one(clock: Clock) -> None:
    world = small_office(databases=1, versions=("19.0",))
    world.clock = clock
    server = Sandbox(world).servers["odoo19"]
    made = generate(world, asking(world, world.database("klant-001")))

    def refusals(key: str) -> list[Any]:
        over_json2 = json2(server, "klant-001", key, "res.company/search", domain=[])
        over_rpc = jsonrpc(server, "object", "execute_kw", "klant-001", 2, key, "res.company", "search", [[]])
        login = jsonrpc(server, "common", "login", "klant-001", world.login, key)
        return [over_json2.status, json.loads(over_rpc.body).get("error", {}).get("data", {}).get("name"), result(login)]

    assert refusals(made) == [200, None, 2]
    clock.now_s += 32 * 24 * 3600
    assert refusals(made) == refusals("0" * 40) == [401, "odoo.exceptions.AccessDenied", False]


def test_list_tells_everything_but_the_key(world: World, ask: Ask) -> None:
    made = generate(world, ask)

    rows = ask(MODEL, "search_read", [], ["name", "create_date", "expiration_date", "scope", "user_id"])

    assert [row["expiration_date"] for row in rows] == [False, NEXT_MONTH]
    assert rows[1]["create_date"] == "2027-01-15 08:00:00"
    assert (rows[1]["name"], rows[1]["scope"], rows[1]["user_id"][0]) == ("codalink", "rpc", 2)
    everything = json.dumps(ask(MODEL, "search_read", []))
    assert made not in everything
    assert world.api_key not in everything


def test_ten_keys_are_the_most(world: World, ask: Ask) -> None:
    for _ in range(9):
        generate(world, ask)

    with pytest.raises(UserError, match="more than 10"):
        generate(world, ask)


def test_wrong_proof_clerk_and_past_date_are_refused(world: World, ask: Ask) -> None:
    database = world.database("klant-001")
    clerk = database.add_user(User(6, "clerk", "clerk", ("c1" * 20,), frozenset()))

    with pytest.raises(AccessDenied):
        ask(MODEL, "generate", "0" * 40, "rpc", "codalink", NEXT_MONTH)
    with pytest.raises(AccessError):
        asking(world, database, uid=6)(MODEL, "generate", "c1" * 20, "rpc", "mine", NEXT_MONTH)
    with pytest.raises(UserError, match="future"):
        generate(world, ask, "2026-01-01")
    assert (len(clerk.api_keys), len(database.users[2].api_keys)) == (1, 1)


def test_clerk_sees_no_keys_but_his_own(world: World) -> None:
    database = world.database("klant-001")
    database.add_user(User(6, "clerk", "clerk", ("c1" * 20,), frozenset()))

    assert [row["user_id"][0] for row in asking(world, database, uid=6)(MODEL, "search_read", [])] == [6]


def test_revoking_over_xml_is_a_fault_and_done_all_the_same(world: World) -> None:
    server = Sandbox(world).servers["odoo18"]

    with pytest.raises(xmlrpc.client.Fault, match="cannot marshal None"):
        result(xml(server, "object", "execute_kw", "klant-001", 2, world.password, MODEL, "revoke", [world.api_key]))

    assert world.database("klant-001").users[2].api_keys == {}


def test_old_version_has_keys_without_expiry_and_makes_none_over_rpc() -> None:
    world = mixed_office()
    database = next(iter(world.servers["odoo17"].databases.values()))
    ask = asking(world, database)

    assert "expiration_date" not in ask(MODEL, "fields_get")
    with pytest.raises(AttributeError):
        ask(MODEL, "generate", world.api_key, "rpc", "codalink", None)


def test_two_factors_leave_only_the_key(world: World) -> None:
    world.database("klant-001").users[2].has_two_factors = True
    server = Sandbox(world).servers["odoo18"]

    answers = [result(jsonrpc(server, "common", "login", "klant-001", world.login, each)) for each in (world.password, world.api_key)]

    assert answers == [False, 2]
