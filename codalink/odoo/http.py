"""One pool of kept-alive connections for all databases, and what is common to every request: time-outs, certificates, size, redirects.

Proxies come from the environment, except for this computer itself; certificates from the system's trust store. A redirect is never
followed: it is an error that names the new address. Cookies are never taken: one server's would go to its neighbours.
"""

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx
import truststore

from codalink.errors import UsageError
from codalink.odoo.body import PACKINGS, read_body
from codalink.odoo.deadlines import Deadline, keep
from codalink.odoo.faults import foreign_errors, refuse_bad_status
from codalink.odoo.gateway import ServerUrl, is_loopback

CONNECT_LIMIT_S = 5.0
"""A host that doesn't answer the telephone within this time is not there."""
POOL_LIMIT_S = 120.0
KEPT_ALIVE = 64

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class HttpAnswer:
    """What came back: status, headers, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the server says that all went well."""
        return self.status == httpx.codes.OK


class HttpPool:
    """Kept-alive connections to any number of servers. Safe for several threads. Close it, or use it in a `with`."""

    def __init__(self, *, user_agent: str = "codalink") -> None:
        self._deadline = Deadline()
        try:
            self._client = self._made(user_agent, takes_proxies=True)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise UsageError(
                "The proxy that the environment names can't be used.",
                remedy="Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY: http:// or https://.",
            ) from error
        self._direct = self._made(user_agent, takes_proxies=False)

    def _made(self, user_agent: str, *, takes_proxies: bool) -> httpx.Client:
        client = httpx.Client(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=KEPT_ALIVE, keepalive_expiry=60.0),
            follow_redirects=False,
            headers={"User-Agent": user_agent, "Accept-Encoding": PACKINGS},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=takes_proxies,
        )
        keep(client, self._deadline)
        return client

    def post(self, server: ServerUrl, path: str, body: bytes, *, headers: Mapping[str, str], answer_limit_s: float) -> HttpAnswer:
        """Send a request and give back its answer, whatever its status.

        Raises ServerError where no whole answer came; its `may_have_happened` is false only where the request surely was not carried out.
        """
        return self._send("POST", server, path, body, headers, answer_limit_s)

    def get(self, server: ServerUrl, path: str, *, answer_limit_s: float) -> HttpAnswer:
        """The same for a page."""
        return self._send("GET", server, path, None, {}, answer_limit_s)

    def _send(
        self, method: str, server: ServerUrl, path: str, body: bytes | None, headers: Mapping[str, str], answer_limit_s: float
    ) -> HttpAnswer:
        url = f"{server}{path}"
        timeout = httpx.Timeout(answer_limit_s, connect=CONNECT_LIMIT_S, pool=POOL_LIMIT_S)
        # http is for this computer only: a proxy would be given its passwords in clear.
        client = self._direct if is_loopback(server.host) else self._client
        with (
            foreign_errors(server),
            self._deadline.within(answer_limit_s),
            client.stream(method, url, content=body, headers=dict(headers), timeout=timeout) as response,
        ):
            answer = read_body(response, self._deadline.extend)
        if response.status_code != httpx.codes.OK:  # all else is told by whoever asked
            logger.debug("%s %s: answered with status %s", method, url, response.status_code)
        return HttpAnswer(response.status_code, response.headers, answer)

    def post_json(self, server: ServerUrl, path: str, body: bytes, *, answer_limit_s: float) -> bytes:
        """Send JSON and give back the body of a successful answer; every other status is a ServerError too."""
        return self._successful(server, path, body, "application/json", answer_limit_s)

    def post_xml(self, server: ServerUrl, path: str, body: bytes, *, answer_limit_s: float) -> bytes:
        """The same with XML."""
        return self._successful(server, path, body, "text/xml", answer_limit_s)

    def _successful(self, server: ServerUrl, path: str, body: bytes, content_type: str, answer_limit_s: float) -> bytes:
        answer = self.post(server, path, body, headers={"Content-Type": content_type}, answer_limit_s=answer_limit_s)
        refuse_bad_status(server, answer.status, answer.headers)
        return answer.body

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
        self._direct.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
