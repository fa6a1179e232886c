"""The search for secrets finds what is there, in whatever form, and doesn't tell it."""

import base64
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.leaks import files_in, leaks

SECRETS = ("zk7Qx2VbN9tRw4Lm", "hB3-vYp8sKd1_Gf6T", 'Zé"k7\\Qx/2%+N', "hB'3<v&Yp{8}$Kd")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: json.dumps({"fidu_password": secret}),
        lambda secret: f"Traceback …\nKeyError: {secret!r}",
        lambda secret: base64.b64encode(f"login:{secret}".encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(f"me:{secret}\n".encode()).decode(),
        lambda secret: base64.b64encode(f"{secret}.".encode()).decode(),
        lambda secret: secret.encode().hex(),
    ],
)
def test_search_finds_a_planted_secret(tmp_path: Path, secret: str, write: Callable[[str], str]) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_text(f"before {write(secret)} after", encoding="utf-8")

    assert leaks(files_in(tmp_path), {"it": secret})
    assert not leaks(files_in(tmp_path), {"it": "another one"})


def test_finding_is_told_with_place_and_form_and_without_the_secret(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f"{SECRETS[0]}", encoding="utf-8")

    assert leaks(files_in(tmp_path), {"the password": SECRETS[0]}) == [f"{tmp_path / 'file'}: the password, in the form: plain"]


def test_archive_is_unpacked(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "pack.zip", "w", ZIP_DEFLATED) as packed:
        packed.writestr("deep/file", f"{SECRETS[0]}" * 9)

    assert leaks(files_in(tmp_path), {"it": SECRETS[0]}) == [f"{tmp_path / 'pack.zip'} > deep/file: it, in the form: plain"]


def test_database_is_read_row_by_row(tmp_path: Path) -> None:
    """A long cell is spread over pages, so that its bytes don't stand in one piece."""
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as connection, connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("CREATE TABLE change (cause)")
        connection.execute("INSERT INTO change VALUES (?)", ["".join(f"{number:04d}{SECRETS[0]}" for number in range(99))])

    assert any("> rows" in leak for leak in leaks(files_in(tmp_path), {"it": SECRETS[0]}))


def test_name_of_a_file_is_searched(tmp_path: Path) -> None:
    (tmp_path / f"for {SECRETS[0]}").touch()

    assert leaks({"x": files_in(tmp_path)["names of files"]}, {"it": SECRETS[0]})
