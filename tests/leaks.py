"""Searching for secrets and names in everything that a program says, writes, or is started with, in whatever form they may stand there."""

import base64
import json
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

Material = Mapping[str, bytes]
"""What is searched, by where it was found."""


def written_forms(secret: str) -> dict[str, bytes]:
    """How a text comes to be written down by programs, by the name of the way."""
    raw = secret.encode()
    forms = {
        "plain": raw,
        "address": quote(secret, safe="").encode(),
        "form": quote_plus(secret).encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "JSON in JSON": json.dumps(json.dumps(secret))[3:-3].encode(),
        "Python": repr(secret)[1:-1].encode(),
        "ASCII": ascii(secret)[1:-1].encode(),
        "CSV": secret.replace('"', '""').encode(),
        "HTML": escape(secret).encode(),
        "hexadecimal": raw.hex().encode(),
        "UTF-16": secret.encode("utf-16-le"),
        "backwards": secret[::-1].encode(),
    }
    for shift in range(3):
        # In base64 a text looks different at each of three places; its ends depend on what stands beside it.
        coded = base64.b64encode(b"\0" * shift + raw)
        inner = coded[0 if shift == 0 else 4 : len(coded) - 4]
        forms[f"base64, shifted by {shift}"] = inner
        forms[f"base64 for addresses, shifted by {shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return forms


def leaks(material: Material, secrets: Mapping[str, str]) -> list[str]:
    """Where a secret stands in the material, which one, and in which form; empty where it is clean. The secret itself is never told."""
    return [
        f"{where}: {name}, in the form: {form}"
        for name, secret in secrets.items()
        for needle, form in _by_needle(secret).items()
        for where, content in material.items()
        if needle in content
    ]


def _by_needle(secret: str) -> dict[bytes, str]:
    """The forms that differ, each by the first name of it."""
    return {needle: form for form, needle in reversed(written_forms(secret).items()) if needle}


# --- what there is to search -------------------------------------------------------------------------------------------------------------


def files_in(*folders: Path) -> dict[str, bytes]:
    """Every file below, by its path, and every path as content too; archives are unpacked, and databases read row by row besides."""
    found = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    material = {str(file): file.read_bytes() for file in found} | {"names of files": "\n".join(map(str, found)).encode()}
    for where, content in list(material.items()):
        material |= dict(_inside(where, content))
    return material


def _inside(where: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """What is in an archive or a database beyond its bytes: compressed, or spread over pages."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            yield from ((f"{where} > {name}", packed.read(name)) for name in packed.namelist())
    if content.startswith(b"SQLite format 3\0"):
        yield f"{where} > rows", "\n".join(_rows(Path(where))).encode()


def _rows(database: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            yield from (str(cell) for row in connection.execute(f'SELECT * FROM "{table}"') for cell in row)  # noqa: S608  # its own tables


def process_tree(pid: int) -> dict[str, bytes]:
    """Arguments and environment of a process and its children, as everybody on the computer may see them."""
    seen = {}
    for name in ("cmdline", "environ"):
        try:
            seen[f"{pid} {name}"] = Path(f"/proc/{pid}/{name}").read_bytes()
        except OSError:
            return seen  # it has ended
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            seen |= process_tree(int(child))
    return seen
