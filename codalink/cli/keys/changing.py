"""What commands that change keys have in common: they do it one after the other, and they know the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from codalink.cli import seen
from codalink.cli.wiring import Session
from codalink.errors import KeyFileNotWritten, OfficeBusy


@contextmanager
def changing(session: Session) -> Iterator[None]:
    """Let no other run change keys meanwhile, and build on what the last one left. Raises OfficeBusy, KeyFileNotWritten."""
    from filelock import FileLock, Timeout

    folder = seen.keys_file().parent
    lock = FileLock(folder / "keys.changing.lock", timeout=0)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise OfficeBusy("Another codalink run is changing API keys right now.") from error
    except OSError as error:
        raise KeyFileNotWritten(f"The folder {folder} can't be used: {error.strerror or error}.") from error
    try:
        session.keys.look_again()
        yield
    finally:
        lock.release()


def today() -> date:
    """The day on this computer's calendar."""
    return datetime.now().astimezone().date()
