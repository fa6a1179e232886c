"""The HTTP front of one Odoo server, asked without a socket."""

import json

import pytest

from codalink.sandbox import Fault, FaultKind, Sandbox, World, small_office
from codalink.sandbox.calls import Call
from codalink.sandbox.odoo_errors import AccessError
from codalink.sandbox.web import HangUpError, Headers, Request, Response
from tests.unit.sandbox.posting import json2, jsonrpc, result


def rename(sandbox: Sandbox, name: str) -> Response:
    args = ["klant-001", 2, sandbox.world.password, "res.company", "write", [[1], {"name": name}]]
    headers = Headers([("Content-Type", "application/json")])
    body = json.dumps({"id": 1, "params": {"service": "object", "method": "execute_kw", "args": args}}).encode()
    return sandbox.servers["odoo18"].site(Request("POST", "/jsonrpc", {}, headers, body))


def name_of(world: World) -> str:
    return str(world.database("klant-001").row("res.partner", 1)["name"])


@pytest.mark.parametrize(("kind", "has_run"), [(FaultKind.RESET_BEFORE, False), (FaultKind.RESET_AFTER, True)])
def test_reset_comes_before_or_after_the_call(world: World, kind: FaultKind, has_run: bool) -> None:
    sandbox = Sandbox(world)
    fault = sandbox.faults.add(kind, model="res.company", method="write", times=1)

    with pytest.raises(HangUpError):
        rename(sandbox, "Nieuw")

    assert (name_of(world) == "Nieuw") is has_run
    assert fault.fired == 1
    assert fault.comes_after is has_run
    assert json.loads(rename(sandbox, "Later").body)["result"] is True


def test_fault_waits_for_the_nth_call_and_counts(world: World) -> None:
    sandbox = Sandbox(world)
    fault = sandbox.faults.add(Fault(kind=FaultKind.SERVER_ERROR, database="klant-*", nth=2, times=1))

    assert [rename(sandbox, "x").status for _ in range(3)] == [200, 500, 200]
    assert (fault.fired, fault.seen) == (1, 3)


def test_fault_elsewhere_does_not_fire(world: World) -> None:
    sandbox = Sandbox(world)
    fault = sandbox.faults.add(FaultKind.BAD_GATEWAY, database="other-*")

    assert rename(sandbox, "x").status == 200
    assert fault.fired == 0


def test_odoo_error_of_any_kind_and_text(world: World) -> None:
    sandbox = Sandbox(world)
    sandbox.faults.add(FaultKind.ODOO_ERROR, text="Not today.", error=AccessError)

    data = json.loads(rename(sandbox, "x").body)["error"]["data"]

    assert (data["name"], data["message"]) == ("odoo.exceptions.AccessError", "Not today.")


def test_calls_are_logged_and_hooks_called(world: World) -> None:
    sandbox = Sandbox(world)
    seen: list[tuple[Call, object]] = []
    sandbox.after_call = lambda call, result: seen.append((call, result))

    rename(sandbox, "x")

    call = sandbox.calls.of("write", model="res.company", database="klant-001")[0]
    assert call.args == [[1], {"name": "x"}]
    assert seen == [(call, True)]


def test_server_that_goes_down_hangs_up_once_and_refuses_from_then_on(world: World) -> None:
    sandbox = Sandbox(world)
    fault = sandbox.faults.add(FaultKind.GO_DOWN, server="odoo18", nth=2)

    assert rename(sandbox, "x").status == 200
    assert not sandbox.faults.is_refused("odoo18")
    with pytest.raises(HangUpError):
        rename(sandbox, "y")
    assert (fault.fired, name_of(world)) == (1, "x")
    assert (sandbox.faults.is_refused("odoo18"), sandbox.faults.is_refused("odoo19")) == (True, False)


def test_server_that_went_down_is_back_when_the_fault_is_taken_out(world: World) -> None:
    with Sandbox(world) as sandbox:
        fault = sandbox.faults.add(FaultKind.GO_DOWN, server="odoo18")
        with pytest.raises(HangUpError):
            rename(sandbox, "x")
        assert not sandbox.servers["odoo18"].is_listening
        sandbox.faults.remove(fault)
        assert sandbox.servers["odoo18"].is_listening


def test_secret_that_odoo_does_not_know_any_more_is_refused_as_a_wrong_one(world: World) -> None:
    sandbox = Sandbox(world)
    sandbox.faults.add(FaultKind.LOGGED_OUT, database="klant-001", nth=2)

    assert json.loads(rename(sandbox, "x").body)["result"] is True
    assert json.loads(rename(sandbox, "y").body)["error"]["data"]["name"] == "odoo.exceptions.AccessDenied"
    assert result(jsonrpc(sandbox.servers["odoo18"], "common", "login", "klant-001", world.login, world.password)) is False
    assert name_of(world) == "x"


def test_key_that_odoo_does_not_know_any_more_is_refused_as_a_wrong_one() -> None:
    world = small_office(1, versions=("19.0",))
    sandbox = Sandbox(world)
    sandbox.faults.add(FaultKind.LOGGED_OUT)
    answer = json2(sandbox.servers["odoo19"], "klant-001", world.api_key, "res.company/search_read", domain=[], fields=["name"])

    assert (answer.status, json.loads(answer.body)["message"]) == (401, "Invalid apikey")
