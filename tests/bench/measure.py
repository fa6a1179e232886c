"""Running things and measuring them: seconds, memory, and what the sandbox saw."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """One finished command: its seconds, its largest memory in MB, its output."""

    seconds: float
    megabytes: float
    output: str


@dataclass(frozen=True)
class Office:
    """A sandbox in a process of its own, and codalink set up for it. `told` is what the sandbox printed when it started."""

    told: dict[str, Any]
    environment: dict[str, str]

    def codalink(self, *arguments: str) -> Run:
        """Run a command to its end. Raises CalledProcessError on an exit code other than 0."""
        return run([sys.executable, "-m", "codalink", *arguments], self.environment)

    def seen(self) -> dict[str, Any]:
        """What the sandbox saw so far: calls, TCP connections, first connections."""
        with urllib.request.urlopen(self.told["state"]) as answer:  # noqa: S310  # our own sandbox, on loopback
            seen: dict[str, Any] = json.load(answer)
            return seen


def run(command: Sequence[str], environment: dict[str, str], *, given: str = "") -> Run:
    """Run a command and measure it. Memory is the largest of all children so far, so measure the largest last."""
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        done.check_returncode()
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Run(seconds, kilobytes / (1024**2 if sys.platform == "darwin" else 1024), done.stdout)


@contextmanager
def office(databases: int, latency_s: float, *, with_key: bool = False, statements: int = 0) -> Iterator[Office]:
    """A running office of single-company databases. With the API key codalink speaks JSON-2, with the password JSON-RPC.

    Each has one bank account, with so many `statements`.
    """
    version = "19.0" if with_key else "18.0"
    command = [sys.executable, "-m", "codalink.sandbox", "--office", "large", "--databases", str(databases), "--version", version]
    command += ["--latency", str(latency_s), "--consent-after", "0", "--statements", str(statements)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as box,
    ):
        assert box.stdin is not None
        assert box.stdout is not None
        told = json.loads(box.stdout.readline())
        told["servers"] = [server["url"] for server in told["servers"].values()]
        environment = {
            **os.environ,
            "CODALINK_CONFIG": str(Path(folder) / "codalink.toml"),
            "CODALINK_STATE": folder,
            "CODALINK_DEMO_KEYRING": told["keyring"],
            "PYTHON_KEYRING_BACKEND": "codalink.sandbox.keyring.DemoKeyring",
            "NO_PROXY": "127.0.0.1",
        }
        _set_up(told, environment, with_key=with_key)
        yield Office(told, environment)
        box.stdin.close()


def _set_up(told: dict[str, Any], environment: dict[str, str], *, with_key: bool) -> None:
    command = [sys.executable, "-m", "codalink", "setup", "--no-try", "--secret-stdin", "--login", told["login"]]
    command += ["--office-name", told["office_name"], "--office-vat", told["office_vat"]]
    command += [part for url in told["servers"] for part in ("--server", url)]
    secret = told["api_key"] if with_key else told["password"]
    run(command, environment, given=f"{secret}\n" * len(told["servers"]))
