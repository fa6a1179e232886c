"""The sandbox's judge: every recorded request of real Odoo servers, put to it again over real HTTP, in order.

What happened outside Odoo between two lines (the proxy went down, a person consented) stands in `OUTSIDE`, by the name
of the line it came before. Lines that do not agree must stand in `DISAGREEING`, each with its reason.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from codalink.sandbox import Consent, Office, Proxy, Sandbox, recorded_server
from codalink.sandbox.recorded import OFFICE_VAT

RECORDINGS = Path(__file__).parent.parent / "recordings"
VERSIONS = ("18.0", "19.0")
EXPECTED_COUNTS = {"18.0": 145, "19.0": 144}

DISAGREEING: dict[tuple[str, str], str] = {}

# Lines recorded on a second server, which has list_db = False.
ON_UNLISTED_SERVER = frozenset({"db_list_refused", "web_database_list_refused"})

# Values that depend on when the recording was made, or on how many records Odoo had made before: only types count.
VOLATILE_KEYS = frozenset({"create_date", "nextcall"})
VOLATILE_IDS = {
    "statements_search_read": {"line_ids", "attachment_ids"},
    "statement_lines_search_read": {"id"},
    "attachments_search_read": {"id"},
    "fetch_soda": {"domain"},
}


def _contract_ends(proxy: Proxy) -> None:
    proxy.offices["kept"] = proxy.offices.pop(OFFICE_VAT)


def _contract_and_timeout(proxy: Proxy) -> None:
    office: Office = proxy.offices.pop("kept")
    proxy.add_office(office)
    proxy.is_timing_out = True


def _deprecated(proxy: Proxy) -> None:
    proxy.is_timing_out, proxy.is_deprecated = False, True


def _payroll(proxy: Proxy) -> None:
    company = next(iter(proxy.office(OFFICE_VAT).connections))
    proxy.payroll[company] = ["SODA 2026/01"]


OUTSIDE: dict[str, Callable[[Proxy], object]] = {
    "open_wizard_proxy_down": lambda proxy: setattr(proxy, "is_down", True),
    "notification_no_connection": lambda proxy: setattr(proxy, "is_down", False),
    "create_connection_unknown_office": _contract_ends,
    "create_connection_timeout": _contract_and_timeout,
    "create_connection_deprecated": _deprecated,
    "create_connection_first": lambda proxy: setattr(proxy, "is_deprecated", False),
    "notification_success": lambda proxy: proxy.give_consent(OFFICE_VAT),
    "fetch_coda_no_files_error": lambda proxy: setattr(proxy, "has_no_files", True),
    "general_journal": lambda proxy: setattr(proxy, "has_no_files", False),
    "fetch_soda": _payroll,
    "notification_consent_revoked": lambda proxy: proxy.give_consent(OFFICE_VAT, Consent.CANCELLED),
}


@cache
def recording(version: str) -> list[dict[str, Any]]:
    path = RECORDINGS / f"odoo{version[:2]}-jsonrpc.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def replay(version: str) -> dict[str, list[str]]:
    """Put all lines to the sandbox; answers what differs, by the line's name."""
    unlisted_world = recorded_server(version, list_db=False)
    with Sandbox(recorded_server(version)) as sandbox, Sandbox(unlisted_world) as unlisted:
        found = {}
        for line in recording(version):
            if line["name"] in OUTSIDE:
                OUTSIDE[line["name"]](sandbox.proxy)
            target = unlisted if line["name"] in ON_UNLISTED_SERVER else sandbox
            found[line["name"]] = _put(target.servers["odoo"].port, line)
    return found


def _put(port: int, line: dict[str, Any]) -> list[str]:
    request = line["request"]
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        body = _whole(request["body"]).encode() if request["body"] is not None else None
        connection.request(request["method"], request["path"], body, request["headers"])
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    recorded = line["response"]
    differences = []
    for what, wanted, got in (
        ("status", recorded["status"], response.status),
        ("reason", recorded["reason"], response.reason),
        ("content type", recorded["headers"]["Content-Type"], response.headers["Content-Type"]),
    ):
        if wanted != got:
            differences.append(f"{what}: {wanted!r} ≠ {got!r}")
    return differences + _compare_bodies(line["name"], recorded["body"], text)


def _whole(body: str) -> str:
    """Give back its length to the one body that the recording cut."""
    cut = re.search(r"…\[(\d+) characters\]$", body)
    if cut is None:
        return body
    end = '"]]]]}}'
    return body[: cut.start()].ljust(int(cut[1]) - len(end), "x") + end


def _compare_bodies(name: str, recorded: str, got: str) -> list[str]:
    try:
        wanted = json.loads(recorded)
    except ValueError:
        return [] if recorded == got else [f"text: {recorded!r} ≠ {got!r}"]
    return list(_differences(wanted, json.loads(got), "", VOLATILE_KEYS | VOLATILE_IDS.get(name, frozenset())))


def _differences(wanted: object, got: object, where: str, volatile: frozenset[str], *, exact: bool = True) -> list[str]:
    if type(wanted) is not type(got):
        return [f"{where}: {wanted!r} ≠ {got!r}"]
    if isinstance(wanted, dict) and isinstance(got, dict):
        if wanted.keys() != got.keys():
            return [f"{where}: keys {sorted(wanted.keys() ^ got.keys())} on one side only"]
        found = [_differences(wanted[key], got[key], f"{where}.{key}", volatile, exact=exact and key not in volatile) for key in wanted]
        return [difference for part in found for difference in part]
    if isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            return [f"{where}: {len(wanted)} ≠ {len(got)} items: {got!r}"]
        found = [
            _differences(one, other, f"{where}[{index}]", volatile, exact=exact)
            for index, (one, other) in enumerate(zip(wanted, got, strict=True))
        ]
        return [difference for part in found for difference in part]
    if exact and _without_port(wanted) != _without_port(got):
        return [f"{where}: {wanted!r} ≠ {got!r}"]
    return []


def _without_port(value: object) -> object:
    return re.sub(r"http://127\.0\.0\.1:\d+/", "http://127.0.0.1/", value) if isinstance(value, str) else value


LINES = [(version, line["name"]) for version in VERSIONS for line in recording(version)]


@pytest.mark.parametrize(("version", "name"), LINES, ids=[f"{version}-{name}" for version, name in LINES])
def test_sandbox_answers_as_recorded(version: str, name: str) -> None:
    differences = replay(version)[name]

    if (version, name) in DISAGREEING:
        assert differences, "agrees by now: take it out of DISAGREEING"
    else:
        assert differences == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_recorded_line_is_replayed(version: str) -> None:
    results = replay(version)
    agreeing = sum(not differences for differences in results.values())
    print(f"Odoo {version}, JSON-RPC: {agreeing} of {len(results)} recorded lines agree")  # noqa: T201

    assert len(results) == len(recording(version)) == EXPECTED_COUNTS[version]
    assert agreeing == EXPECTED_COUNTS[version] - sum(line == version for line, _ in DISAGREEING)
