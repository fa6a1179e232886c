"""`codalink demo`: an office of simulated Odoo servers, and codalink's own commands run against it, as a user would type them.

Nothing of the user's is touched: configuration and state lie in a temporary folder, and the keyring is the sandbox's own, in its memory.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codalink.sandbox import Sandbox

_CONSENT_AFTER_S = 2.0
_INSTALLING = 100
"""How many times as long as another call it takes to install a module."""
_MANDATES = "mandates.csv"
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What is there? Three servers answer, one is down, and one database refuses the login.", ("databases",)),
    ("Connect them all. The office's consent is given by itself here; in real life, you click.", ("connect-all", "--yes")),
    ("Fetch the statements of one company.", ("retrieve", "--company", "Bakkerij Kruimel")),
    ("And this is where everybody stands now.", ("status",)),
)


def demo(
    interactive: Annotated[bool, typer.Option("--interactive", "-i", help="Give the consent yourself, on the simulated page.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Only keep the office running, for commands from another terminal.")] = False,
    latency: Annotated[float, typer.Option("--latency", min=0, metavar="SECONDS", help="How long each call to Odoo takes.")] = 0.02,
) -> None:
    """Try codalink on an embedded office: simulated Odoo servers on this computer.

    Walks through the main job with codalink's own commands. Touches nothing of yours: no configuration, no keyring, no network.
    """
    by_itself = None if interactive or serve else _CONSENT_AFTER_S
    with running_office(latency_s=latency, consent_after_s=by_itself, is_shown=not serve) as environment:
        if serve:
            _serve(environment)
            return
        codes = [_step(words, command, environment, interactive=interactive) for words, command in _STEPS]
    is_good = all(code in {Exit.DONE, Exit.SOME_FAILED} for code in codes)  # the office has troubles on purpose
    raise typer.Exit(Exit.DONE if is_good else Exit.SOME_FAILED)


@contextmanager
def running_office(*, latency_s: float = 0.0, consent_after_s: float | None = None, is_shown: bool = False) -> "Iterator[dict[str, str]]":
    """The demo's office, running and set up; gives the environment in which codalink works on it and on nothing else."""
    from codalink.sandbox import Sandbox, demo_office

    with (
        Sandbox(demo_office(), latency_s=latency_s, install_latency_s=latency_s * _INSTALLING, consent_after_s=consent_after_s) as sandbox,
        tempfile.TemporaryDirectory(prefix="codalink-demo-", ignore_cleanup_errors=True) as name,
    ):
        environment = _environment(sandbox, Path(name))
        _set_up(sandbox, Path(name), environment, is_shown=is_shown)
        _export_mandates(sandbox, Path(name))
        yield environment


def _environment(sandbox: "Sandbox", folder: Path) -> dict[str, str]:
    """What a command needs to work on the demo's office and on nothing else."""
    return {
        "CODALINK_CONFIG": str(folder / "codalink.toml"),
        "CODALINK_STATE": str(folder / "state"),
        "CODALINK_DEMO_KEYRING": sandbox.keyring_url,
        "PYTHON_KEYRING_BACKEND": "codalink.sandbox.keyring.DemoKeyring",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def _set_up(sandbox: "Sandbox", folder: Path, environment: dict[str, str], *, is_shown: bool) -> None:
    """Run `codalink setup` as a script would: one server that lists its databases, and a file for the others."""
    world = sandbox.world
    listed, *others = world.servers.values()
    rows = [f"{sandbox.servers[server.name].url},{name}" for server in others for name in server.databases]
    (folder / "databases.csv").write_text("\n".join(["url,database", *rows]) + "\n", encoding="utf-8")
    command = ["setup", "--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login]
    command += [
        "--server",
        sandbox.servers[listed.name].url,
        "--databases-file",
        str(folder / "databases.csv"),
        "--secret-stdin",
        "--no-try",
    ]
    secrets = f"{world.password}\n" * len(world.servers)
    if is_shown:
        _announce("Tell codalink about the office. The password comes in on standard input and goes into the demo's keyring.", command)
    subprocess.run(_program(command), env={**os.environ, **environment}, input=secrets, text=True, check=True)  # noqa: S603  # our own program


def _export_mandates(sandbox: "Sandbox", folder: Path) -> None:
    """Lay MyCodaBox's export beside the configuration, as if a person had downloaded it."""
    from codalink.sandbox import mandates_export

    world = sandbox.world
    text = mandates_export(world.proxy.mandates.values(), world.office_vat)
    (folder / _MANDATES).write_bytes(text.encode())


def _step(words: str, command: Sequence[str], environment: dict[str, str], *, interactive: bool) -> int:
    _announce(words, command)
    typed = [*command, "--no-browser"] if command[0] == "connect-all" and not interactive else list(command)
    return subprocess.run(_program(typed), env={**os.environ, **environment}, check=False).returncode  # noqa: S603  # our own program


def _program(command: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "codalink", *command]


def _announce(words: str, command: Sequence[str]) -> None:
    from codalink.render.console import open_streams

    streams = open_streams()
    streams.notice("")
    streams.notice(words)
    streams.err.print(f"$ codalink {shlex.join(command)}", style="strong", soft_wrap=True)


def _serve(environment: dict[str, str]) -> None:
    """Print what to export, and stay until interrupted."""
    from codalink.render.console import open_streams

    is_windows = sys.platform == "win32"
    for name, value in environment.items():
        typer.echo(f'$env:{name} = "{value}"' if is_windows else f"export {name}={shlex.quote(value)}")
    sys.stdout.flush()
    mandates = Path(environment["CODALINK_CONFIG"]).parent / _MANDATES
    notice = open_streams().notice
    notice("The demo's office is running. Paste these lines into another terminal, then try codalink there. Ctrl-C ends it.")
    notice(f"MyCodaBox's export of the mandates, as a person would download it: codalink status --mandates {shlex.quote(str(mandates))}")
    while not threading.Event().wait(0.5):
        pass
