"""A command that is killed at each of its points in turn (killing.py), and what the next run makes of what is left.

doomed = Doomed(codalink, ("keys", "rotate", "--all"), begin_anew)
points = doomed.points()
for number, name in some(points, batch, BATCHES):
    doomed.die_at(number)
    ...                                     # what must hold at once
    done = codalink.run(*doomed.command)    # and after one more run
"""

import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration import killing
from tests.integration.office import CommandLine, Done


@dataclass(frozen=True)
class Doomed:
    """The command, and how its office is put back to where it began."""

    codalink: CommandLine
    command: tuple[str, ...]
    begin_anew: Callable[[], object]
    stdin: str = field(default="", repr=False)

    def points(self, *arguments: str, exit_code: int = 0) -> list[str]:
        """Run to the end and tell all points on the way."""
        self.begin_anew()
        done = self._run(0, "SIGKILL", arguments)
        assert done.exit_code == exit_code, done
        return self._points_file.read_text(encoding="utf-8").splitlines()

    def die_at(self, point: int, *arguments: str) -> Done:
        """Begin anew, and be killed there (1 is the first point)."""
        self.begin_anew()
        done = self._run(point, "SIGKILL", arguments)
        assert done.was_killed, done
        return done

    def interrupted_at(self, point: int, *arguments: str) -> Done:
        """The same with Ctrl-C, after which the run comes to its own end."""
        self.begin_anew()
        return self._run(point, signal.SIGINT.name, arguments)

    @property
    def _points_file(self) -> Path:
        return self.codalink.folder / "points"

    def _run(self, at: int, number: str, arguments: Sequence[str]) -> Done:
        self.codalink.environment |= {"KILLING_AT": str(at), "KILLING_SIGNAL": number, "KILLING_POINTS": str(self._points_file)}
        return self.codalink.run(*self.command, *arguments, stdin=self.stdin, program=killing.PROGRAM)


def moments(points: Sequence[str]) -> list[int]:
    """The numbers of the points at which the world differs: right after one step and right before the next one it is the same."""
    return [
        number
        for number, name in enumerate(points, start=1)
        if number == 1 or name.startswith("after") or points[number - 2].startswith("before")
    ]


def some(points: Sequence[str], batch: int, batches: int) -> Iterator[tuple[int, str]]:
    """The numbers and names of one batch of these moments; all batches together have every one."""
    for number in moments(points)[batch::batches]:
        yield number, points[number - 1]


def first_with(words: str, points: Sequence[str]) -> int:
    """The number of the first point whose name begins like this."""
    return next(number for number, name in enumerate(points, start=1) if name.startswith(words))


def last_with(words: str, points: Sequence[str]) -> int:
    """The number of the last one."""
    return len(points) - next(back for back, name in enumerate(reversed(points)) if name.startswith(words))
