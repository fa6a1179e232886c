"""Writing files so that they are there whole or not at all, under names that every system allows, and nothing lost by it."""

import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

_LONGEST_NAME_BYTES = 150
"""Leaves room for an ending within the 255 that file systems allow."""

_DEVICE = re.compile(r"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3])(?= *(?:\.|$))", re.IGNORECASE)
"""What Windows takes for a device, whatever ending and blanks stand behind it."""


def write_whole(path: Path, content: str | bytes, *, by_way_of: Path | None = None) -> None:
    """Replace the file at `path`, in an existing folder: temporary name, sync, rename, sync. Readable by its owner only. Raises OSError.

    The temporary file lies beside it, or where its path begins like `by_way_of`, on the same disk.
    """
    begin = by_way_of or path.with_name(f".{path.name[:50]}.")
    handle, temporary = tempfile.mkstemp(dir=begin.parent, prefix=begin.name)  # mkstemp makes it private
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Let the rename outlive a power cut too, where the system can sync folders: Windows can't, and some network drives."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def write_new(path: Path, content: bytes) -> None:
    """The same for a name that nothing bears yet, not even a link. Raises FileExistsError, OSError."""
    path.open("xb").close()  # nobody else can take the name from now on
    try:
        write_whole(path, content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_unless_other(path: Path, text: str) -> None:
    """The same, but leave a file alone that is there already. Raises FileExistsError where it says something else, OSError."""
    try:
        is_same = path.read_text(encoding="utf-8") == text
    except FileNotFoundError:
        write_whole(path, text)
        return
    except UnicodeDecodeError:
        is_same = False
    if not is_same:
        raise FileExistsError(path)


def safe_name(text: str) -> str:
    """Foreign text as the beginning of a file's name, allowed on Linux, macOS and Windows, hidden nowhere; never empty."""
    from pathvalidate import sanitize_filename

    shown = "".join(character for character in unicodedata.normalize("NFC", " ".join(text.split())) if character.isprintable())
    name = sanitize_filename(shown, platform="universal").lstrip(" .-~")
    name = sanitize_filename(name, platform="universal", max_len=_LONGEST_NAME_BYTES)  # ".CON" has become "CON"
    return _DEVICE.sub(r"\1_", " ".join(name.split())) or "unnamed"
