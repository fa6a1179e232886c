"""One pool of kept-alive connections for all databases, and what is common to every request: time-outs, certificates, size, redirects.

Proxies come from the environment, certificates from the system's trust store. A redirect is never followed: it is an error that names
the new address.
"""

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx
import truststore

from codalink.errors import UsageError
from codalink.odoo.faults import foreign_errors, refuse_bad_status
from codalink.odoo.gateway import ServerUrl
from codalink.odoo.keepalive import keep_alive

CONNECT_LIMIT_S = 5.0
"""A host that doesn't answer the telephone within this time is not there."""
POOL_LIMIT_S = 120.0
ANSWER_LIMIT_BYTES = 64 * 1024 * 1024
"""More than any answer that codalink asks for."""
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
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=KEPT_ALIVE, keepalive_expiry=60.0)
        try:
            self._client = httpx.Client(
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                limits=limits,
                follow_redirects=False,
                headers={"User-Agent": user_agent},
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise UsageError(
                "The proxy that the environment names can't be used.",
                remedy="Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY: http:// or https://.",
            ) from error

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
        with (
            foreign_errors(server),
            self._client.stream(
                method, url, content=body, headers=dict(headers), timeout=timeout, extensions={"trace": keep_alive}
            ) as response,
        ):
            answer = _read_within_limit(response)
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _read_within_limit(response: httpx.Response) -> bytes:
    """The whole body. An answer beyond the limit is given up, so that a hostile server can't fill the memory."""
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > ANSWER_LIMIT_BYTES:
            msg = f"the answer is larger than {ANSWER_LIMIT_BYTES // 1024**2} MiB"
            raise httpx.DecodingError(msg)
        chunks.append(chunk)
    return b"".join(chunks)
