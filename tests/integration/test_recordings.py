"""The sandbox's judge: every recorded request of real Odoo servers, put to it again over real HTTP, in order.

What happened outside Odoo between two lines (the proxy went down, a person consented) stands in `OUTSIDE`, by the name
of the line it came before. Lines that do not agree must stand in `DISAGREEING`, each with its reason.
"""

import json
import re
import xmlrpc.client
from collections.abc import Callable
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from codalink.sandbox import Consent, Office, Proxy, Sandbox, World, recorded_server
from codalink.sandbox.recorded import OFFICE_VAT

RECORDINGS = Path(__file__).parent.parent / "recordings"
EXPECTED_COUNTS = {
    "odoo18-jsonrpc": 145,
    "odoo18-xmlrpc": 122,
    "odoo19-jsonrpc": 144,
    "odoo19-xmlrpc": 122,
    "odoo19-json2": 150,
}
FILES = tuple(EXPECTED_COUNTS)

DISAGREEING: dict[tuple[str, str], str] = {
    ("odoo19-json2", "body_none"): (
        "all of real Odoo's 200 fields of a company, cut at 20,000 characters; the sandbox has the fields an office looks at"
    ),
}

# Lines recorded on a second server, which has list_db = False.
ON_UNLISTED_SERVER = frozenset({"db_list_refused", "web_database_list_refused", "nolist_with_header"})
# Lines recorded on a third one, which shows a single database.
ON_SINGLE_SERVER = frozenset({"mono_no_database_header"})
SINGLE_DATABASE = "c19_06"

# The recordings write all administrators' keys as the same one; here another database's was sent.
OTHER_KEY = {"key_of_another_database": "bearer " + "a2" * 20}

# Values that depend on when the recording was made, or on how many records Odoo had made before: only types count.
VOLATILE_KEYS = frozenset({"create_date", "nextcall"})
COMPARED_HEADERS = frozenset({"Content-Type", "Allow", "Location", "WWW-Authenticate", "X-Content-Type-Options"})
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
def recording(file: str) -> list[dict[str, Any]]:
    text = (RECORDINGS / f"{file}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@cache
def replay(file: str) -> dict[str, list[str]]:
    """Put all lines to the sandbox; answers what differs, by the line's name."""
    version = f"{file.removeprefix('odoo')[:2]}.0"
    others = Sandbox(recorded_server(version, list_db=False)), Sandbox(_single_database(version))
    with Sandbox(recorded_server(version)) as sandbox, others[0] as unlisted, others[1] as single:
        found = {}
        for line in recording(file):
            if line["name"] in OUTSIDE:
                OUTSIDE[line["name"]](sandbox.proxy)
            target = unlisted if line["name"] in ON_UNLISTED_SERVER else single if line["name"] in ON_SINGLE_SERVER else sandbox
            found[line["name"]] = _put(target.servers["odoo"].port, line)
    return found


def _single_database(version: str) -> World:
    world = recorded_server(version)
    server = world.servers["odoo"]
    server.databases = {name: database for name, database in server.databases.items() if name == SINGLE_DATABASE}
    return world


def _put(port: int, line: dict[str, Any]) -> list[str]:
    request = line["request"]
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(request["method"], request["path"], skip_accept_encoding=True)
        body = _whole(request["body"]).encode() if request["body"] is not None else None
        for name, value in _headers(line).items():
            connection.putheader(name, value)
        if body is not None or request["method"] == "POST":
            connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    recorded = line["response"]
    compared = [("status", recorded["status"], response.status), ("reason", recorded["reason"], response.reason)]
    compared += [(name, value, response.headers[name]) for name, value in recorded["headers"].items() if name in COMPARED_HEADERS]
    differences = [f"{what}: {wanted!r} ≠ {got!r}" for what, wanted, got in compared if wanted != got]
    return differences + _compare_bodies(line["name"], recorded["body"], text)


def _headers(line: dict[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = dict(line["request"]["headers"])
    return headers | ({"Authorization": OTHER_KEY[line["name"]]} if line["name"] in OTHER_KEY else {})


def _whole(body: str) -> str:
    """Give back its length to the one request whose body the recording cut."""
    cut = re.search(r"…\[(\d+) characters\]$", body)
    if cut is None:
        return body
    end = '"]]]]}}' if body.startswith('{"jsonrpc"') else '"]]}'
    return body[: cut.start()].ljust(int(cut[1]) - len(end), "x") + end


def _compare_bodies(name: str, recorded: str, got: str) -> list[str]:
    try:
        wanted, answered = _parsed(recorded), _parsed(got)
    except ValueError:
        return [] if recorded == got else [f"text: {recorded!r} ≠ {got!r}"]
    return list(_differences(wanted, answered, "", VOLATILE_KEYS | VOLATILE_IDS.get(name, frozenset())))


def _parsed(body: str) -> object:
    """Read JSON or XML-RPC; a fault becomes what it holds. Raises ValueError for anything else.

    The recordings' mark for what was taken out of a traceback is no XML.
    """
    if not body.startswith("<?xml"):
        return json.loads(body)
    try:
        return xmlrpc.client.loads(body.replace("<traceback>", "&lt;traceback&gt;"))[0]
    except xmlrpc.client.Fault as fault:
        return {"faultCode": fault.faultCode, "faultString": fault.faultString}


def _differences(wanted: object, got: object, where: str, volatile: frozenset[str], *, exact: bool = True) -> list[str]:
    if type(wanted) is not type(got):
        return [f"{where}: {wanted!r} ≠ {got!r}"]
    if isinstance(wanted, dict) and isinstance(got, dict):
        if wanted.keys() != got.keys():
            return [f"{where}: keys {sorted(wanted.keys() ^ got.keys())} on one side only"]
        found = [_differences(wanted[key], got[key], f"{where}.{key}", volatile, exact=exact and key not in volatile) for key in wanted]
        return [difference for part in found for difference in part]
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
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


LINES = [(file, line["name"]) for file in FILES for line in recording(file)]


@pytest.mark.parametrize(("file", "name"), LINES, ids=[f"{file}-{name}" for file, name in LINES])
def test_sandbox_answers_as_recorded(file: str, name: str) -> None:
    differences = replay(file)[name]

    if (file, name) in DISAGREEING:
        assert differences, "agrees by now: take it out of DISAGREEING"
    else:
        assert differences == []


@pytest.mark.parametrize("file", FILES)
def test_every_recorded_line_is_replayed(file: str) -> None:
    results = replay(file)
    agreeing = sum(not differences for differences in results.values())
    print(f"{file}: {agreeing} of {len(results)} recorded lines agree")  # noqa: T201

    assert len(results) == len(recording(file)) == EXPECTED_COUNTS[file]
    assert agreeing == EXPECTED_COUNTS[file] - sum(each == file for each, _ in DISAGREEING)
