"""The sandbox's judge: every recorded request of real Odoo servers, put to it again over real HTTP, in order.

What happened outside Odoo between two lines (the proxy went down, a person consented) stands in tests/replaying.py. Lines that
do not agree must stand in `DISAGREEING`, each with its reason.
"""

import json
import re
import xmlrpc.client
from functools import cache
from http.client import HTTPConnection
from typing import Any

import pytest

from codalink.sandbox import Sandbox, World, recorded_server
from tests.replaying import OUTSIDE, VOLATILE_IDS, VOLATILE_KEYS, differences_between, recording

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

COMPARED_HEADERS = frozenset({"Content-Type", "Allow", "Location", "WWW-Authenticate", "X-Content-Type-Options"})

# The recordings write all administrators' keys as the same one; here another database's was sent.
OTHER_KEY = {"key_of_another_database": "bearer " + "a2" * 20}


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
    return list(differences_between(wanted, answered, "", VOLATILE_KEYS | VOLATILE_IDS.get(name, frozenset())))


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
