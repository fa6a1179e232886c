"""How a server defends itself, and how slow it is."""

import threading

import pytest

from codalink.sandbox import Sandbox, World
from codalink.sandbox.calls import Call
from tests.unit.sandbox.posting import jsonrpc

SHORT_S = 20


def test_requests_beyond_the_limit_are_sent_away_and_have_not_run(world: World) -> None:
    server = world.servers["odoo18"]
    server.max_at_once, server.retry_after_s = 1, 2.5
    sandbox = Sandbox(world)
    is_at_work, may_go_on = threading.Event(), threading.Event()

    def hold(_call: Call) -> None:
        is_at_work.set()
        may_go_on.wait(SHORT_S)

    sandbox.before_call = hold
    first = threading.Thread(target=jsonrpc, args=(sandbox.servers["odoo18"], "common", "version"))
    first.start()
    is_at_work.wait(SHORT_S)

    refused = jsonrpc(sandbox.servers["odoo18"], "common", "version")
    may_go_on.set()
    first.join()

    assert (refused.status, refused.headers) == (429, (("Retry-After", "3"),))
    assert [call.has_run for call in sandbox.calls] == [True, False]
    assert sandbox.sites["odoo18"].most_at_once == 1
    assert jsonrpc(sandbox.servers["odoo18"], "common", "version").status == 200


@pytest.mark.parametrize(("verb", "expected_s"), [("login", [0.75]), ("version", [0.25])])
def test_logins_take_longer(world: World, monkeypatch: pytest.MonkeyPatch, verb: str, expected_s: list[float]) -> None:
    sandbox = Sandbox(world, latency_s=0.25, login_latency_s=0.5)
    waited: list[float] = []
    monkeypatch.setattr(sandbox, "wait", waited.append)

    jsonrpc(sandbox.servers["odoo18"], "common", verb)

    assert waited == expected_s
