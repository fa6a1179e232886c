"""Reading an answer's body from a server that may mean harm: so large, so slow, and of so many parts, and no further.

A server may pack its answer once, with gzip, because that is all it was told; a packed answer is unpacked piece by piece, so that a few
bytes never become gigabytes before anybody has looked.
"""

import zlib
from collections.abc import Callable, Iterator

import httpx

LIMIT_BYTES = 64 * 1024 * 1024
"""More than any answer that codalink asks for, once it is unpacked."""
PARTS = 2_000_000
"""More values than any answer has. Each costs Python up to a hundred bytes, where it took two of the answer's own."""
SLOWEST_BYTES_PER_S = 32 * 1024
"""An answer that comes in drops is given up: no line that an office works with is slower."""
PACKINGS = "gzip"
"""What servers are told that codalink can unpack (`Accept-Encoding`)."""

_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_MARKS = (b",", b"[", b"{", b"<")
"""One of these stands before or behind each value, in JSON and in XML."""


def read_body(response: httpx.Response, more_time: Callable[[float], None]) -> bytes:
    """The whole body, unpacked. `more_time` is told how many seconds what came in is worth.

    Raises httpx.DecodingError where it goes beyond a limit, or is packed in another way.
    """
    chunks, size, parts = [], 0, 0
    for chunk in _unpacked(response, more_time):
        size += len(chunk)
        parts += sum(map(chunk.count, _MARKS))
        if size > LIMIT_BYTES:
            raise httpx.DecodingError(f"the answer is larger than {LIMIT_BYTES // 1024**2} MiB")
        if parts > PARTS:
            raise httpx.DecodingError("the answer has more parts than anything that codalink asks for")
        chunks.append(chunk)
    return b"".join(chunks)


def _unpacked(response: httpx.Response, more_time: Callable[[float], None]) -> Iterator[bytes]:
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", PACKINGS}:
        raise httpx.DecodingError("it is packed in a way that nobody asked for")
    received = _received(response, more_time)
    return _gunzipped(received) if packing == PACKINGS else received


def _received(response: httpx.Response, more_time: Callable[[float], None]) -> Iterator[bytes]:
    for chunk in response.iter_raw():
        more_time(len(chunk) / SLOWEST_BYTES_PER_S)
        yield chunk


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    gzip = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            yield gzip.decompress(chunk, _PIECE)
            while gzip.unconsumed_tail:
                yield gzip.decompress(gzip.unconsumed_tail, _PIECE)
        yield gzip.flush()
    except zlib.error as error:
        raise httpx.DecodingError(f"it is packed wrongly: {error}") from error
