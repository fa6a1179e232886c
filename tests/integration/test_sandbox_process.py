"""The sandbox in a process of its own, as benchmarks run it."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "codalink.sandbox", "--office", "large", "--databases", "4", "--consent-after", "0"]
SOON_S = 30

# No proxy: everything is on loopback, whatever the environment says.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


@pytest.fixture
def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def ask(url: str, body: dict[str, Any] | None = None, **headers: str) -> Any:  # noqa: ANN401 - whatever JSON there is
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | headers)  # noqa: S310 - loopback
    with OPENER.open(request, timeout=SOON_S) as response:
        return json.load(response)


def test_first_line_tells_all_that_a_client_needs(told: dict[str, Any]) -> None:
    server = told["servers"]["odoo19"]
    headers = {"Authorization": f"bearer {told['api_key']}", "X-Odoo-Database": "klant-002"}

    companies = ask(f"{server['url']}/json/2/res.company/search_read", {"fields": ["name"]}, **headers)

    assert companies == [{"id": 1, "name": "Klant 002"}]
    assert told["databases"] == [f"klant-00{number}" for number in (1, 3, 2, 4)]
    assert ask(told["keyring"], {"action": "get", "service": "a", "username": "b"}) == {"password": None}


def test_state_counts_calls_and_connections_until_reset(told: dict[str, Any]) -> None:
    version = {"params": {"service": "common", "method": "version", "args": []}}
    ask(told["servers"]["odoo18"]["url"] + "/jsonrpc", version)

    state = ask(told["state"])

    assert (state["calls"], state["calls_total"]) == ({"": {"common.version": 1}}, 1)
    assert state["tcp_connections"] == {"odoo18": 1, "odoo19": 0}
    assert state["first_connections"] == {told["office_vat"]: 0}
    assert state["connected_companies"] == {told["office_vat"]: []}
    ask(told["state"], {})
    assert (ask(told["state"])["calls_total"], ask(told["state"])["tcp_connections_total"]) == (0, 0)


def test_state_is_nobodys_who_does_not_know_its_address(told: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        ask(told["mycodabox"] + "/sandbox/state")
    refused.value.close()


def test_closed_input_ends_it(process: subprocess.Popen[str], told: dict[str, Any]) -> None:
    del told
    assert process.stdin is not None
    process.stdin.close()

    assert process.wait(SOON_S) == 0
