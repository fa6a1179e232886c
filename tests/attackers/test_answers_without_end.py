"""Answers without end, in size, time, depth or parts: each ends early, in bounded memory, and costs its own row only."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attackers.hostile import Answer, endless, endless_head, hostile_server, saying
from tests.attackers.victim import visiting

MOST_MIB = 400
"""A run has 60 MiB when nothing happens; a limit's worth of answer, twice, is 128."""


def bomb(mib: int) -> bytes:
    """So many MiB of blanks, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b" " * 1024**2) for _ in range(mib)), packer.flush()])


HUGE: dict[str, Callable[[], Answer]] = {
    "a gigabyte and more": lambda: endless(b" " * 65536),
    "chunks without end": lambda: endless(b"10000\r\n" + b" " * 65536 + b"\r\n", "Transfer-Encoding: chunked"),
    "a gigabyte, packed": lambda: saying(bomb(1024), "Content-Encoding: gzip"),
    "packed twice": lambda: saying(gzip.compress(bomb(256)), "Content-Encoding: gzip, gzip"),
    "packed five times": lambda: saying(b"x", "Content-Encoding: gzip, gzip, gzip, gzip, gzip"),
    "twenty million values": lambda: saying(b"[" + b"[]," * 20_000_000 + b"[]]"),
    "depth": lambda: saying(b"[" * 1_500_000 + b"]" * 1_500_000),
    "a number of a million digits": lambda: saying(b'{"jsonrpc": "2.0", "result": ' + b"9" * 1_000_000 + b"}"),
    "one header": lambda: endless_head(b"X" * 65536),
    "headers": lambda: endless_head(b"X-Flood: " + b"x" * 1000 + b"\r\n"),
}


@pytest.mark.parametrize("what", HUGE)
def test_answer_without_end_is_one_row_in_bounded_memory(what: str, tmp_path: Path) -> None:
    with hostile_server(HUGE[what]()) as server, visiting(tmp_path, server.url) as victim:
        assert victim.cause()

        assert victim.peak_mib < MOST_MIB


SLOW: dict[str, Callable[[], Answer]] = {
    "nothing": lambda: endless_head(b"", status="", pause_s=0.05),
    "a byte of the headers now and then": lambda: endless_head(b"X", pause_s=0.05),
    "a header now and then": lambda: endless_head(b"X-Slow: 1\r\n", pause_s=0.05),
    "a byte of the body now and then": lambda: endless(b" ", pause_s=0.05),
    "an empty chunk of the body now and then": lambda: endless(b"1\r\n \r\n", "Transfer-Encoding: chunked", pause_s=0.05),
    "only preliminary answers": lambda: endless_head(b"HTTP/1.1 100 Continue\r\n\r\n", status="", pause_s=0.001),
}


@pytest.mark.parametrize("what", SLOW)
def test_answer_that_comes_in_drops_ends_with_the_patience(what: str, tmp_path: Path) -> None:
    """Nothing else would end these runs."""
    with hostile_server(SLOW[what]()) as server, visiting(tmp_path, server.url) as victim:
        assert "did not answer in time" in victim.cause(patience_s=1.0)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a0 "ha">%s]>' % b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
XML = {
    "a billion laughs": b"<?xml version='1.0'?>" + LAUGHS + b"<methodResponse><params><param><value><string>&a11;</string></value></param>",
    "quadratic": b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"a" * 100_000) + b"<x>" + b"&a;" * 100_000 + b"</x>",
    "a file of ours": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><methodResponse><params><param><value>&a;</value></param>',
    "a schema elsewhere": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><methodResponse/>',
    "depth": b"<methodResponse><params><param>" + b"<value><array><data>" * 300_000,
    "twenty million values": b"<methodResponse><params><param>" + b"<value/>" * 8_000_000,
    "a number of a million digits": b"<methodResponse><params><param><value><int>" + b"9" * 1_000_000 + b"</int></value></param>",
}


@pytest.mark.parametrize("what", XML)
def test_xml_that_blows_up_is_one_row_in_bounded_memory(what: str, tmp_path: Path) -> None:
    with hostile_server(saying(XML[what])) as server, visiting(tmp_path, server.url, protocol="xml-rpc") as victim:
        assert "not Odoo's" in (cause := victim.cause()) or "more parts" in cause

        assert victim.peak_mib < MOST_MIB
