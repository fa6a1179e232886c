"""codalink's command line as a process of its own, set up for one sandbox: what integration tests run."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from codalink.sandbox import Office, Sandbox, World
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item
from tests.integration.forked import ForkedProcess, may_be_forked

CHECKOUT = Path(__file__).parents[2]
CODALINK = ("-m", "codalink")
OFFICE_PASSWORD_SERVICE = "codalink office password"
"""Under which name a keyring viewer shows office passwords; the account is the office's number, ten digits."""


@dataclass(frozen=True)
class Done:
    """A process that has ended. Printed whole where an assertion on it fails."""

    command: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str

    @property
    def was_killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self.exit_code == -signal.SIGKILL

    def __str__(self) -> str:
        return f"{' '.join(self.command)} ended with {self.exit_code}\n{self.stdout}\n--- standard error\n{self.stderr}"


class Processes:
    """Runs codalink with configuration, state and temporary files in `folder` and nowhere else.

    `environment` may be changed between two runs. The keyring is chosen there.
    """

    folder: Path
    environment: dict[str, str]

    @property
    def config(self) -> Path:
        return self.folder / "codalink.toml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(self, *arguments: str, stdin: str = "", program: Sequence[str] = CODALINK, timeout_s: float = 120) -> Done:
        """Run one command to its end. Standard input is a pipe with `stdin` in it: nobody is there to answer."""
        if may_be_forked(program, self.environment):
            forked = ForkedProcess([*program, *arguments], self.environment, self.folder)
            return self._ended(forked, arguments, stdin, timeout_s)
        with self.start(*arguments, program=program) as process:
            return self._ended(process, arguments, stdin, timeout_s)

    def _ended(self, process: "ForkedProcess | subprocess.Popen[str]", arguments: Sequence[str], stdin: str, timeout_s: float) -> Done:
        try:
            stdout, stderr = process.communicate(stdin, timeout_s)
        except BaseException:
            process.kill()
            raise
        return Done(("codalink", *arguments), process.returncode, stdout, stderr)

    def start(self, *arguments: str, program: Sequence[str] = CODALINK, stdin: int = subprocess.PIPE) -> "subprocess.Popen[str]":
        """Start one command as a process from scratch, and leave it running; its three streams are pipes."""
        return subprocess.Popen(
            [sys.executable, *program, *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )


@dataclass
class CommandLine(Processes):
    """The same for one sandbox. The keyring is `demo_keyring(sandbox)`, or a Secret Service's `environment`."""

    sandbox: Sandbox
    folder: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def office(self) -> Office:
        """The office as CodaBox knows it, its password included."""
        return self.sandbox.proxy.office(self.sandbox.world.office_vat)

    def set_up(self, *more: str) -> Done:
        """Run `codalink setup`: servers that list their databases by address, the databases of the others in a file."""
        world = self.sandbox.world
        command = ["setup", "--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login]
        unlisted = []
        for server in world.servers.values():
            url = self.sandbox.servers[server.name].url
            if server.list_db and server.is_up:
                command += ["--server", url]
            else:
                unlisted += [f"{url},{name}" for name in server.databases]
        if unlisted:
            listed = self.folder / "databases.csv"
            listed.write_text("\n".join(["url,database", *unlisted, ""]), encoding="utf-8")
            command += ["--databases-file", str(listed)]
        done = self.run(*command, "--secret-stdin", "--yes", "--no-try", *more, stdin=f"{world.password}\n" * len(world.servers))
        assert done.exit_code == 0, done
        return done


def keyring_at(url: str) -> dict[str, str]:
    """The environment in which a process uses the demo's keyring, served at this address."""
    return {"PYTHON_KEYRING_BACKEND": "codalink.sandbox.keyring.DemoKeyring", "CODALINK_DEMO_KEYRING": url}


@dataclass(frozen=True)
class SandboxStore:
    """The sandbox's keyring as a SecretStore, without a process in between."""

    sandbox: Sandbox

    def read(self, item: Item) -> Secret | None:
        found = self.sandbox.keyring.items.get((item.service, item.account))
        return None if found is None else Secret(found)

    def write(self, item: Item, secret: Secret) -> None:
        self.sandbox.keyring.items[item.service, item.account] = secret.reveal()

    def delete(self, item: Item) -> bool:
        return self.sandbox.keyring.items.pop((item.service, item.account), None) is not None


def demo_keyring(sandbox: Sandbox) -> dict[str, str]:
    """The environment in which a process uses the sandbox's own keyring, `sandbox.keyring`."""
    return keyring_at(sandbox.keyring_url)


def make_command_line(sandbox: Sandbox, folder: Path, keyring: Mapping[str, str] | None = None) -> CommandLine:
    """A command line for a running sandbox, not set up yet. `keyring` as in CommandLine; the sandbox's own where it is None.

    Everything else comes from this process, which tests/conftest.py has cleaned of the user.
    """
    return CommandLine(sandbox, folder, own_environment(folder, demo_keyring(sandbox) if keyring is None else keyring))


def own_environment(folder: Path, keyring: Mapping[str, str]) -> dict[str, str]:
    """This process's environment, changed so that a command keeps to `folder` and to this keyring."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    own = {
        "CODALINK_CONFIG": str(folder / "codalink.toml"),
        "CODALINK_STATE": str(folder / "state"),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUTF8": "1",
        "TMPDIR": str(temporary),
        "TEMP": str(temporary),
        "TMP": str(temporary),
        "NO_PROXY": "127.0.0.1,localhost",
    }
    return {**os.environ, **own, **keyring}


@contextmanager
def running_office(
    world: World,
    folder: Path,
    *,
    keyring: Mapping[str, str] | None = None,
    consent_after_s: float | None = 0.0,
    latency_s: float = 0.0,
) -> Iterator[CommandLine]:
    """Run a sandbox around `world`, and give a command line that is set up for it.

    Consent is given by itself; with `consent_after_s=None` it waits for `sandbox.proxy.give_consent`.
    """
    with Sandbox(world, consent_after_s=consent_after_s) as sandbox:
        office = make_command_line(sandbox, folder, keyring)
        office.set_up()
        sandbox.calls.clear()
        sandbox.latency_s = latency_s
        yield office


def connected_companies(world: World) -> dict[str, bool]:
    """Whether Odoo counts each company as connected, by `database/id`."""
    found: dict[str, bool] = {}
    for database in world.databases():
        with database.lock:
            found |= {f"{database.name}/{company}": database.is_connected(company) for company in database.company_ids()}
    return found


def readable_passwords(world: World, wizard: str = "") -> list[str]:
    """The office passwords that wizards still show in any database: all of them, or those named like `wizard`."""
    found = []
    for database in world.databases():
        with database.lock:
            for model, table in database.tables.items():
                if model.startswith(f"l10n_be_codabox.{wizard}"):
                    found += [str(value) for row in table.rows.values() for key, value in row.items() if "fidu_password" in key and value]
    return found
