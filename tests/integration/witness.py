"""Runs codalink and keeps all that can be seen of it: what it says, what it is started with, and every file, also those of a moment."""

import secrets
import string
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from codalink.sandbox import FaultKind, World, small_office
from codalink.sandbox.odoo_errors import OdooError, UserError
from tests.integration.office import CODALINK, CommandLine, Done, running_office
from tests.leaks import files_in, leaks, process_tree

OFFICE_PASSWORD, LOGIN_PASSWORD = "the office password", "the login's password"


def invented(kind: str) -> dict[str, str]:
    """New secrets for one run, so that none of them means anything to anybody, by their names.

    `plain` ones are as they are mostly made; `awkward` ones have what JSON, CSV, addresses, pages and Python's quotes write in another way.
    """
    first, second = (_letters(10) for _ in range(2))
    if kind == "plain":
        return {OFFICE_PASSWORD: f"z{first}4Lm", LOGIN_PASSWORD: f"h{second[:4]}-{second[4:]}_Gf6T"}
    return {OFFICE_PASSWORD: f'Zé"{first}\\Qx/2%+N', LOGIN_PASSWORD: f"hB'3<v&{second}{{8}}$Kd"}


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))


@dataclass
class Witness:
    """One office's codalink, watched. `secrets` are those to be searched for, by what they are; there may come more."""

    codalink: CommandLine
    home: Path
    secrets: dict[str, str] = field(repr=False)
    seen: dict[str, bytes] = field(default_factory=dict, repr=False)
    _files: set[tuple[Path, int, int]] = field(default_factory=set, repr=False)

    @property
    def office_password(self) -> str:
        return self.secrets[OFFICE_PASSWORD]

    @property
    def login_password(self) -> str:
        return self.secrets[LOGIN_PASSWORD]

    def run(
        self,
        *arguments: str,
        stdin: str = "",
        program: tuple[str, ...] = CODALINK,
        debug: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> Done:
        """Run one command, with --debug, while arguments, environment and files are watched."""
        command = (*arguments, "--debug") if debug else arguments
        office = CommandLine(self.codalink.sandbox, self.codalink.folder, {**self.codalink.environment, **(environment or {})})
        with office.start(*command, program=program) as process:
            watching = threading.Event()
            watcher = threading.Thread(target=self._watch, args=(process.pid, process.poll, watching))
            watcher.start()
            assert watching.wait(30)
            try:
                stdout, stderr = process.communicate(stdin, timeout=120)
            finally:
                process.kill()
                process.wait()
                watcher.join()
        number = len(self.seen)
        self.seen[f"{number} output of {' '.join(command)}"] = stdout.encode()
        self.seen[f"{number} errors of {' '.join(command)}"] = stderr.encode()
        return Done(("codalink", *command), process.returncode, stdout, stderr)

    def _watch(self, pid: int, poll: Callable[[], int | None], watching: threading.Event) -> None:
        pause = threading.Event()
        while poll() is None:
            self.seen |= {f"process {name}": content for name, content in process_tree(pid).items()}
            self._look_at_files()
            watching.set()
            pause.wait(0.02)
        watching.set()

    def _look_at_files(self) -> None:
        """Keep every file that has changed since the last look: temporary ones, and those beside a database that is open."""
        for file in [*self.codalink.folder.rglob("*"), *self.home.rglob("*")]:
            try:
                about = file.stat()
                state = (file, about.st_mtime_ns, about.st_size)
                if state not in self._files and file.is_file():
                    self.seen[f"{file} as it was at {about.st_mtime_ns}"] = file.read_bytes()
                    self._files.add(state)
            except OSError:
                continue  # it was there for a moment only

    def leaks(self) -> list[str]:
        """Everything seen so far, and every file that is there now."""
        return leaks(self.seen | files_in(self.codalink.folder, self.home), self.secrets)

    def inject(self, text: str, method: str, kind: type[OdooError] = UserError) -> None:
        """Let Odoo refuse a call with an error that has the text in it."""
        self.codalink.sandbox.faults.add(FaultKind.ODOO_ERROR, method=method, text=text, error=kind)


@contextmanager
def witnessed_office(
    secrets: dict[str, str], folder: Path, home: Path, *, connected: bool, world: World | None = None
) -> Iterator[Witness]:
    """An office with these passwords, set up; with `connected`, its first connection is made and its second company is left."""
    world = world or small_office()
    world.password = secrets[LOGIN_PASSWORD]
    for database in world.databases():
        for user in database.users.values():
            user.password = secrets[LOGIN_PASSWORD]
    world.proxy.office(world.office_vat).next_password = secrets[OFFICE_PASSWORD]
    with running_office(world, folder, consent_after_s=0.0) as codalink:
        if connected:
            done = codalink.run("connect", "--company", "klant-001/Klant 001", "--yes", "--no-browser")
            assert done.exit_code == 0, done
            assert secrets[OFFICE_PASSWORD] == codalink.office.password, "not the one that was to be"
        yield Witness(codalink, home, secrets)
