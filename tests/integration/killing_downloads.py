"""codalink with a killer inside, as `killing` is, whose points lie around the writing of files: before and after each sync and rename.

    KILLING_AT=3 python -m tests.integration.killing_downloads retrieve …

At the point number `KILLING_AT` the process sends itself SIGKILL, or the signal that `KILLING_SIGNAL` names.
"""

import os
import signal
from pathlib import Path

from codalink.cli.app import main
from codalink.downloads import Folder

PROGRAM = ("-m", "tests.integration.killing_downloads")


class Killer:
    """Counts what comes right before and after each of the calls that it surrounds, from all threads."""

    def __init__(self, at: int, number: int) -> None:
        self._at, self._number, self._passed = at, number, 0

    def surround(self, kind: object, method: str) -> None:
        inner = getattr(kind, method)

        def called(*arguments: object, **more: object) -> object:
            self._point()
            answer = inner(*arguments, **more)
            self._point()
            return answer

        setattr(kind, method, called)

    def _point(self) -> None:
        self._passed += 1
        if self._passed == self._at:
            os.kill(os.getpid(), self._number)


def work() -> None:
    """Nothing counts before the folder is open."""
    killer = Killer(int(os.environ["KILLING_AT"]), signal.Signals[os.environ.get("KILLING_SIGNAL", "SIGKILL")])
    enter = Folder.__enter__

    def entered(folder: Folder) -> Folder:
        found = enter(folder)
        killer.surround(os, "fsync")
        killer.surround(Path, "replace")
        return found

    setattr(Folder, "__enter__", entered)  # noqa: B010  # mypy would have the very type
    main()


if __name__ == "__main__":
    work()
