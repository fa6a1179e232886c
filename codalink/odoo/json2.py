"""Odoo over JSON-2, from Odoo 19 on: one request a call, no login, an API key for each.

All arguments are named; errors are told by the HTTP status and a JSON body (recordings odoo19-json2.jsonl).
"""

import json
import re

from codalink.errors import CodalinkError, DatabaseMissing, LoginRefused, NotOdoo, ProtocolMissing
from codalink.odoo.faults import odoo_error, refuse_bad_status
from codalink.odoo.gateway import Account, Call, DatabaseAddress, Json
from codalink.odoo.http import HttpAnswer, HttpPool
from codalink.odoo.rpc import opened

_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 401, 403, 404
_IN_A_HEADER = re.compile("[!-~]+")
_NO_DATABASE = b"No database is selected"
"""What Odoo 19 answers, in HTML, where the named database doesn't exist (recording wrong_database_header)."""


class Json2Gateway:
    """A Gateway over JSON-2 (gateway.py has the contract). Raises ProtocolMissing where the server is older than 19."""

    def __init__(self, database: DatabaseAddress, account: Account, pool: HttpPool) -> None:
        self._database = database
        self._account = account
        self._pool = pool

    @property
    def database(self) -> DatabaseAddress:
        """See Gateway."""
        return self._database

    def execute(self, call: Call) -> Json:
        """See Gateway."""
        body: dict[str, Json] = {**call.arguments, "context": call.context}
        if call.ids is not None:
            body["ids"] = list(call.ids)
        headers = {"Content-Type": "application/json", **self._identity()}
        answer = self._pool.post(
            self._database.server,
            f"/json/2/{call.model}/{call.method}",
            json.dumps(opened(body)).encode(),
            headers=headers,
            answer_limit_s=call.patience.value,
        )
        content = _content(answer)
        if answer.status != _OK:
            raise self._refusal(answer, content)
        if content is _NOT_JSON:
            raise NotOdoo(f"{self._database.server} gives an answer that is not Odoo's.")
        return content

    def _identity(self) -> dict[str, str]:
        """The headers that say who asks which database. Raises LoginRefused, DatabaseMissing for what no header can hold."""
        key, name = self._account.secret.reveal(), self._database.name
        if not _IN_A_HEADER.fullmatch(key):
            who = f"{self._account.login} in database {name}"
            raise LoginRefused(f"What is stored for {who} can't be sent over JSON-2: an API key has neither accents nor blanks.")
        if not _IN_A_HEADER.fullmatch(name):
            raise DatabaseMissing(f"There is no database {name} on {self._database.server}: their names have neither accents nor blanks.")
        return {"Authorization": f"bearer {key}", "X-Odoo-Database": name}

    def _refusal(self, answer: HttpAnswer, content: Json) -> CodalinkError:
        """Our error for an answer that is none: Odoo's own, told in JSON, or one of the way there."""
        if isinstance(content, dict) and isinstance(content.get("name"), str):
            if answer.status == _UNAUTHORIZED:
                return LoginRefused(f"Odoo refuses the API key of {self._account.login} in database {self._database.name}.")
            name = "odoo.exceptions.AccessError" if answer.status == _FORBIDDEN else content["name"]
            return odoo_error(name, str(content.get("message", "")), self._database)
        if answer.status == _NOT_FOUND and _NO_DATABASE in answer.body:
            return DatabaseMissing(f"There is no database {self._database.name} on {self._database.server}.")
        try:
            refuse_bad_status(self._database.server, answer.status, answer.headers)
        except CodalinkError as error:
            return error
        return ProtocolMissing(f"{self._database.server} doesn't speak JSON-2.")


_NOT_JSON = object()


def _content(answer: HttpAnswer) -> Json:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return _NOT_JSON
