"""A folder of original files: a folder a company, one in it for each account, names that sort by day, and an index of it all.

Whatever Odoo's names say, nothing is written outside the folder, nothing that differs is overwritten, and no file is there in part. A run
that dies leaves at most a temporary file, which the next one removes: only one at a time works in a folder. What it had not yet
written into the index is fetched again, and found to be the same.
"""

import csv
import hashlib
import threading
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from codalink.errors import FileDiffers, FileRefused, OfficeBusy
from codalink.files import safe_name, write_whole
from codalink.office.delivery.originals import Original
from codalink.render.machine import comma_separated

INDEX = "index.csv"
_COLUMNS = ("database", "company", "vat", "account", "date", "number", "kind", "size", "sha256", "attachment", "file")
_LOCK = ".codalink.lock"
_UNFINISHED = ".codalink-unfinished-"
_EVERY = 50
"""So many files at most are not yet in the index while a run lasts."""

IndexRow = Mapping[str, str]


class Folder:
    """A Shelf on disk (office/delivery/originals.py). A context manager: at the end the index is written, whatever happened."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._alone = FileLock(root / _LOCK, timeout=0)
        self._rows: dict[str, IndexRow] = {}
        self._unwritten = 0

    def __enter__(self) -> Self:
        """Raises FileRefused where the folder can't be made or written, or its index is none of ours; OfficeBusy."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            self._alone.acquire()
            for left in self._root.glob(f"{_UNFINISHED}*"):
                left.unlink(missing_ok=True)
        except Timeout as error:
            raise OfficeBusy(f"Another codalink run is working in the folder {self._root}.") from error
        except OSError as error:
            raise FileRefused(f"The folder {self._root} can't be written: {error.strerror or error}.") from error
        try:
            self._rows = {row["file"]: row for row in self._read_index()}
        except FileRefused:
            self._alone.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if self._unwritten:
                self._write_index()
        finally:
            self._alone.release()

    def has(self, original: Original) -> bool:
        """See Shelf: whether the index knows the file and it lies there in the size that it had."""
        row = self._rows.get(self._name(original))
        if row is None or row["attachment"] != str(original.attachment_id):
            return False
        try:
            return self._place(original).stat().st_size == int(row["size"])
        except (OSError, ValueError):
            return False

    def put(self, original: Original, content: bytes) -> None:
        """See Shelf."""
        place = self._place(original)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._refuse_outside(place)
            if place.exists():
                if not place.is_file() or place.read_bytes() != content:
                    raise FileDiffers(f"{place} is there already and says something else. It was left as it is.")
            else:
                self._write(place, content)
        except OSError as error:
            raise FileRefused(f"{place} can't be written: {error.strerror or error}.") from error
        with self._lock:
            self._rows[self._name(original)] = self._row(original, content)
            self._unwritten += 1
            if self._unwritten >= _EVERY:
                self._write_index()

    # names

    def _name(self, original: Original) -> str:
        """Where the file lies, below the root, with `/` on every system."""
        company = original.company
        number = f" ({company.vat.digits})" if company.vat else ""
        day = original.day.isoformat() if original.day else "undated"
        # The attachment's id tells apart what else has the same name, and is the same in every run.
        name = f"{day} {safe_name(original.number.replace('/', '-'))} {original.attachment_id}.{original.kind.value}"
        return "/".join((safe_name(company.database.name), safe_name(f"{company.name}{number}"), safe_name(original.account), name))

    def _place(self, original: Original) -> Path:
        return self._root.joinpath(*self._name(original).split("/"))

    def _refuse_outside(self, place: Path) -> None:
        """A link in the folder may lead out of it."""
        if place.is_symlink() or not place.parent.resolve().is_relative_to(self._root.resolve()):
            raise FileRefused(f"{place} leads out of the folder {self._root}.", remedy="Remove the link from the folder, then try again.")

    # the index

    def _row(self, original: Original, content: bytes) -> IndexRow:
        company = original.company
        return {
            "database": company.database.name,
            "company": company.name,
            "vat": company.vat.digits if company.vat else "",
            "account": original.account,
            "date": original.day.isoformat() if original.day else "",
            "number": original.number,
            "kind": original.kind.name,
            "size": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
            "attachment": str(original.attachment_id),
            "file": self._name(original),
        }

    def _read_index(self) -> Sequence[IndexRow]:
        path = self._root / INDEX
        if path.exists() and not path.is_file():
            raise FileRefused(f"{path} is no file.", remedy="Choose another folder, or move it away.")
        try:
            rows = list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"))))
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise FileRefused(f"The index {path} can't be read: {error}.") from error
        if any(not set(_COLUMNS) <= set(row) or None in row.values() for row in rows):
            raise FileRefused(f"The index {path} is not one of codalink's.", remedy="Choose another folder, or move the file away.")
        return rows

    def _write_index(self) -> None:
        try:
            self._write(self._root / INDEX, comma_separated([dict(self._rows[name]) for name in sorted(self._rows)]))
        except OSError as error:
            raise FileRefused(f"The index in {self._root} can't be written: {error.strerror or error}.") from error
        self._unwritten = 0

    def _write(self, place: Path, content: str | bytes) -> None:
        write_whole(place, content, by_way_of=self._root / _UNFINISHED)
