"""A folder of original files: sorted, complete, never overwritten, never left."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from codalink.downloads import INDEX, Folder
from codalink.errors import FileRefused, OfficeBusy
from codalink.office.delivery.originals import Original, OriginalKind
from codalink.office.model import Company
from tests.unit.fakes import company

BAKERY = company("Bakkerij Peeters", "k1")


def original(number: str = "2026/001", attachment_id: int = 7, owner: Company = BAKERY, account: str = "BE56539001800388") -> Original:
    return Original(owner, account, date(2026, 3, 31), number, OriginalKind.CODA, attachment_id, 3)


def files(root: Path) -> list[str]:
    """Everything in the folder but its lock."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and path.name != ".codalink.lock")


def index(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((root / INDEX).read_text(encoding="utf-8").splitlines()))


def test_file_lies_by_company_and_account_and_sorts_by_day(tmp_path: Path) -> None:
    with Folder(tmp_path / "coda") as folder:
        folder.put(original(), b"abc")

    place = "k1/Bakkerij Peeters (0403019261)/BE56539001800388/2026-03-31 2026-001 7.coda"
    assert files(tmp_path / "coda") == [INDEX, place]
    assert (tmp_path / "coda" / place).read_bytes() == b"abc"


def test_index_tells_whose_file_it_is_and_how_to_check_it(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.put(original(), b"abc")

    (row,) = index(tmp_path)
    assert (row["company"], row["account"], row["date"], row["number"], row["size"]) == (
        *("Bakkerij Peeters", "BE56539001800388", "2026-03-31", "2026/001", "3"),
    )
    assert row["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_second_run_knows_what_is_there(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.put(original(), b"abc")

    with Folder(tmp_path) as again:
        assert again.has(original())
        assert not again.has(original(attachment_id=8))
        again.put(original("2026/002", 8), b"def")
    assert len(index(tmp_path)) == 2


@pytest.mark.parametrize("harm", ["removed", "cut"])
def test_file_that_was_removed_or_cut_is_fetched_again(tmp_path: Path, harm: str) -> None:
    with Folder(tmp_path) as folder:
        folder.put(original(), b"abc")
    place = next(tmp_path.rglob("*.coda"))
    place.unlink() if harm == "removed" else place.write_bytes(b"a")

    with Folder(tmp_path) as again:
        assert not again.has(original())


def test_file_that_differs_is_never_overwritten(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.put(original(), b"abc")
        with pytest.raises(FileRefused):
            folder.put(original(), b"other")

    assert next(tmp_path.rglob("*.coda")).read_bytes() == b"abc"


def test_what_a_run_that_died_left_half_written_is_removed_by_the_next_one(tmp_path: Path) -> None:
    (tmp_path / ".codalink-unfinished-a1b2").write_bytes(b"ab")

    with Folder(tmp_path):
        assert not files(tmp_path)


def test_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with Folder(tmp_path), pytest.raises(OfficeBusy), Folder(tmp_path):
        pass


def test_statements_of_the_same_name_lie_side_by_side(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.put(original(attachment_id=7), b"abc")
        folder.put(original(attachment_id=8), b"def")

    assert len(files(tmp_path)) == 3


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "CON", "a\\b", "..", "x" * 500, "\u202ename", "a\x00b", " ", "aux.txt"])
def test_whatever_odoo_says_stays_in_the_folder(tmp_path: Path, name: str) -> None:
    root = tmp_path / "coda"
    owner = company(name or "x", name)
    with Folder(root) as folder:
        folder.put(original(name, 7, owner, name), b"abc")

    assert list(tmp_path.iterdir()) == [root]
    (place,) = (path for path in root.rglob("*.coda"))
    assert len(place.relative_to(root).parts) == 4


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "coda"
    outside.mkdir()
    root.mkdir()
    (root / "k1").symlink_to(outside, target_is_directory=True)

    with Folder(root) as folder, pytest.raises(FileRefused):
        folder.put(original(), b"abc")
    assert not list(outside.rglob("*.coda"))


def test_index_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text("name,price\nbread,3\n", encoding="utf-8")

    with pytest.raises(FileRefused), Folder(tmp_path):
        pass
    assert (tmp_path / INDEX).read_text(encoding="utf-8") == "name,price\nbread,3\n"


def test_index_is_written_whatever_ends_the_run(tmp_path: Path) -> None:
    def interrupted() -> None:
        with Folder(tmp_path) as folder:
            folder.put(original(), b"abc")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(index(tmp_path)) == 1


def test_run_that_brings_nothing_writes_no_index(tmp_path: Path) -> None:
    with Folder(tmp_path / "coda"):
        pass

    assert files(tmp_path / "coda") == []
