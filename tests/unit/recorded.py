"""The recorded answers of real Odoo servers, by version and name."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codalink.odoo.faults import refuse_bad_status
from codalink.odoo.http import HttpAnswer
from tests.unit.fakes import ODOO

FOLDER = Path(__file__).parent.parent / "recordings"
VERSIONS = ("18", "19")
COUNTS = {"18": 145, "19": 144}
OTHER_PROTOCOLS = ("odoo18-xmlrpc", "odoo19-xmlrpc", "odoo19-json2")


@dataclass(frozen=True)
class Recorded:
    """One recorded line."""

    version: str
    name: str
    request: str
    status: int
    headers: dict[str, str]
    body: bytes

    def given(self) -> bytes:
        """What `HttpPool.post_json` and `post_xml` make of this answer."""
        refuse_bad_status(ODOO, self.status, self.headers)
        return self.body

    def heard(self) -> HttpAnswer:
        """What `HttpPool.post` makes of it."""
        return HttpAnswer(self.status, self.headers, self.body)

    @property
    def answer(self) -> dict[str, object]:
        """The body as JSON."""
        loaded = json.loads(self.body)
        assert isinstance(loaded, dict)
        return loaded

    @property
    def result(self) -> object:
        """The result in the answer."""
        return self.answer["result"]

    @property
    def error(self) -> tuple[str, str] | None:
        """Name and message of the error in the answer, if it is one of Odoo's."""
        if self.status != 200:
            return None
        error = self.answer.get("error")
        if not isinstance(error, dict):
            return None
        return error["data"]["name"], error["data"]["message"]


def recording(version: str) -> dict[str, Recorded]:
    """All lines of one version's file of JSON-RPC, by name."""
    return file_of(f"odoo{version}-jsonrpc")


@cache
def file_of(name: str) -> dict[str, Recorded]:
    """All lines of one file, by name."""
    version = name.removeprefix("odoo").partition("-")[0]
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    if name.endswith("xmlrpc"):
        text = text.replace("<traceback>", "&lt;traceback&gt;")  # put there by who recorded, in place of the server's lines
    lines = [json.loads(line) for line in text.splitlines()]
    found = {line["name"]: _recorded(version, line["name"], line["request"], line["response"]) for line in lines}
    assert len(found) == len(lines), "two lines share a name"
    return found


def _recorded(version: str, name: str, request: dict[str, str], response: dict[str, object]) -> Recorded:
    status, headers, body = response["status"], response["headers"], response["body"]
    assert isinstance(status, int)
    assert isinstance(headers, dict)
    assert isinstance(body, str)
    return Recorded(version, name, request["body"], status, {key.lower(): str(value) for key, value in headers.items()}, body.encode())


def everything() -> list[Recorded]:
    """All lines of all versions."""
    return [line for version in VERSIONS for line in recording(version).values()]
