"""`make live`: starts real Odoo servers with Docker, runs the tests against one after the other, and removes everything in any case.

    python -m tests.live [17] [18] [19] [-- more for pytest]

Servers that are there already are used instead where the variables CODALINK_LIVE_* name one. Without these and without Docker the
tests are skipped, with a word on what to do.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.live.prepare import make_database
from tests.live.remote import Odoo, RemoteError
from tests.live.settings import LiveSettings

VERSIONS = ("17", "18", "19")
COMPOSE = ("docker", "compose", "--file", str(Path(__file__).with_name("compose.yaml")))
DATABASES = ("klant-1", "klant-2", "klant-3")
LOGIN = "admin"
MASTER_PASSWORD = "admin"  # what Odoo's image has where nobody has set one; the servers are ours and on loopback
PROXY_INSIDE = "http://proxy:8070"
CHECKOUT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; answers the exit code: pytest's, or 2 where a version isn't known."""
    chosen, more = _split(arguments)
    if unknown := [one for one in chosen if one not in VERSIONS]:
        _tell(f"There is no Odoo {', '.join(unknown)} here: choose among {', '.join(VERSIONS)}.")
        return 2
    if any(name.startswith("CODALINK_LIVE_") for name in os.environ):
        return _pytest({}, more)
    if trouble := missing_docker():
        _tell(trouble)
        return _pytest({}, more)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is removed then too
    return _run_all(chosen or list(VERSIONS), more)


def missing_docker() -> str:
    """Say what is missing to start servers; ``""`` where nothing is."""
    if shutil.which("docker") is None:
        return "Docker is not installed here."
    for command, trouble in (
        (("docker", "compose", "version"), "Docker has no `compose` here (package docker-compose-plugin)."),
        (("docker", "info"), "Docker is installed here but doesn't run, or you may not use it."),
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return trouble
    return ""


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    place = list(arguments).index("--") if "--" in arguments else len(arguments)
    return list(arguments[:place]), list(arguments[place + 1 :])


def _run_all(versions: list[str], more: list[str]) -> int:
    environment = os.environ | {"CODALINK_LIVE_POSTGRES_PASSWORD": secrets.token_hex(16)}
    codes = []
    try:
        for version in versions:
            _tell(f"Odoo {version}: starting. The first time, images are fetched (about 2 GB each).")
            codes.append(_run_one(version, environment, more))
            _compose(environment, "rm", "--stop", "--force", "--volumes", f"odoo{version}", f"db{version}")
    except subprocess.CalledProcessError as error:
        _tell(f"{' '.join(map(str, error.cmd))} ended with {error.returncode}.")
        codes.append(1)
    except RemoteError as error:
        _tell(str(error))
        codes.append(1)
    except KeyboardInterrupt:
        codes.append(130)
    finally:
        _compose(environment, "down", "--volumes", "--remove-orphans", "--timeout", "10")
    return max(codes)


def _run_one(version: str, environment: Mapping[str, str], more: list[str]) -> int:
    _compose(environment, "up", "--detach", "--wait", f"odoo{version}")
    url, proxy_url = _address(environment, f"odoo{version}", 8069), _address(environment, "proxy", 8070)
    with tempfile.TemporaryDirectory() as folder:
        secret_file = Path(folder) / "secret"
        secret_file.touch(mode=0o600)
        secret_file.write_text(f"{secrets.token_urlsafe(16)}\n", encoding="utf-8")
        settings = LiveSettings(url, DATABASES, LOGIN, secret_file, proxy_url, PROXY_INSIDE)
        odoo = Odoo(url, LOGIN, settings.secret)
        for database in DATABASES:
            _tell(f"Odoo {version}: making database {database} (accounting, Belgium) ...")
            make_database(odoo, MASTER_PASSWORD, database)
        code = _pytest(settings.environment, more)
    if code:
        _compose(environment, "logs", "--no-color", "--tail", "100", f"odoo{version}", "proxy")
    return code


def _address(environment: Mapping[str, str], service: str, port: int) -> str:
    """Where a container's port is on this computer."""
    found = subprocess.run([*COMPOSE, "port", service, str(port)], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return f"http://{found.stdout.strip()}"


def _compose(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run([*COMPOSE, *arguments], env=environment, check=True)


def _pytest(environment: Mapping[str, str], more: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", "tests/live", *more]
    return subprocess.run(command, cwd=CHECKOUT, env=os.environ | environment, check=False).returncode


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
