"""One pool of kept-alive connections for all databases, and what is common to every request: time-outs, certificates, size, redirects.

Proxies come from the environment, certificates from the system's trust store. A redirect is never followed: it is an error that names
the new address.
"""

import logging
import ssl
from types import TracebackType
from typing import Self

import httpx
import truststore

from codalink.errors import UsageError
from codalink.odoo.faults import foreign_errors, refuse_bad_status
from codalink.odoo.gateway import ServerUrl

CONNECT_LIMIT_S = 5.0
"""A host that doesn't answer the telephone within this time is not there."""
POOL_LIMIT_S = 120.0
ANSWER_LIMIT_BYTES = 64 * 1024 * 1024
"""More than any answer that codalink asks for."""
KEPT_ALIVE = 64

logger = logging.getLogger(__name__)


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

    def post_json(self, server: ServerUrl, path: str, body: bytes, *, answer_limit_s: float) -> bytes:
        """Send a JSON body and give back the bytes of a successful answer.

        Raises ServerError; its `may_have_happened` is false only where the request surely was not carried out.
        """
        url = f"{server}{path}"
        timeout = httpx.Timeout(answer_limit_s, connect=CONNECT_LIMIT_S, pool=POOL_LIMIT_S)
        headers = {"Content-Type": "application/json"}
        with foreign_errors(server), self._client.stream("POST", url, content=body, headers=headers, timeout=timeout) as response:
            answer = _read_within_limit(response)
        logger.debug("%s answered %s with %s bytes in %.3f s", url, response.status_code, len(answer), response.elapsed.total_seconds())
        refuse_bad_status(server, response.status_code, response.headers)
        return answer

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
