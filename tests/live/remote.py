"""The servers seen from outside of codalink: Odoo over JSON-RPC, and the stand-in proxy. On purpose not with codalink's own gateway."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

_TIMEOUT_S = 900
"""Making a database and installing accounting takes minutes."""
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RemoteError(Exception):
    """A server refused; the text is its own."""


@dataclass
class Odoo:
    """One server, and one account in all its databases."""

    url: str
    login: str
    secret: str = field(repr=False)
    _uids: dict[str, int] = field(default_factory=dict, repr=False)

    def service(self, service: str, method: str, *args: Any) -> Any:  # noqa: ANN401 - whatever Odoo answers
        """Call one of Odoo's services."""
        params = {"service": service, "method": method, "args": args}
        answer = _post(f"{self.url}/jsonrpc", {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1})
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise RemoteError(f"{service}.{method}: {data.get('message') or answer['error'].get('message')}")
        return answer["result"]

    @property
    def version(self) -> str:
        """Such as ``18.0`` or ``18.0-20260421``."""
        return str(self.service("common", "version")["server_version"])

    def call(self, database: str, model: str, method: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call a method of a model as the account."""
        uid = self._uids.get(database) or self.service("common", "authenticate", database, self.login, self.secret, {})
        if not uid:
            raise RemoteError(f"{self.login} can't log in to {database}")
        self._uids[database] = uid
        return self.service("object", "execute_kw", database, uid, self.secret, model, method, args, kwargs)


@dataclass(frozen=True)
class StandInProxy:
    """The stand-in, as tests/live/stand_in.py serves it."""

    url: str

    def order(self, order: str, *args: object) -> Any:  # noqa: ANN401 - whatever it answers
        """Give an order, or ask what it knows."""
        return _post(f"{self.url}/stand-in/{order}", list(args))["answer"]


def _post(url: str, content: object) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with _opener.open(request, timeout=_TIMEOUT_S) as response:
            answer = json.load(response)
    except urllib.error.URLError as error:
        raise RemoteError(f"{url}: {error}") from None
    assert isinstance(answer, dict)
    return answer
