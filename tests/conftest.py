"""What all tests share: an environment without the user in it, and a real Secret Service for those that ask."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from codalink.secrets import masked
from tests import secret_service as secret_services
from tests.secret_service import SecretService

# Variables that would let the person who runs the tests shine through.
PERSONAL = re.compile(
    r".*_PROXY|CODALINK_.*|PYTHON_KEYRING_BACKEND|DBUS_SESSION_BUS_ADDRESS|(WAYLAND_)?DISPLAY"
    r"|NO_COLOR|FORCE_COLOR|COLUMNS",
    re.IGNORECASE,
)
FOLDERS = (
    "HOME",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "APPDATA",
    "LOCALAPPDATA",
)

Count = Callable[[str, str, int], None]
"""Counts towards a figure that is told at the end: the figure's title, what of it, and how many."""


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Count something, such as kill points, for the figures at the end of the tests."""

    def counted(title: str, what: str, number: int) -> None:
        record_property("counted", (title, what, number))

    return counted


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the figures. They come with the reports of the tests' ends, from whichever process ran them."""
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for report in (one for reports in terminalreporter.stats.values() for one in reports if getattr(one, "when", "") == "teardown"):
        for title, what, number in (value for name, value in report.user_properties if name == "counted"):
            figures[title][what] += number
    for title, counted in figures.items():
        told = ", ".join(f"{what} {number}" for what, number in counted.items())
        terminalreporter.write_line(f"{title}: {counted.total()} ({told})")


LIVE = Path(__file__).parent / "live"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the tests against real servers to those who name them: without a server they could only be skipped."""
    if collection_path != LIVE:
        return None
    named = (Path(argument.partition("::")[0]).absolute() for argument in config.args)
    return None if any(LIVE in (path, *path.parents) for path in named) else True


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the user's settings, files and keyring out of every test; return the new home folder."""
    for name in filter(PERSONAL.fullmatch, list(os.environ)):
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    for name in FOLDERS:
        folder = home / name.lower() if name not in {"HOME", "USERPROFILE"} else home
        folder.mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    # Here and in every subprocess, keyring refuses to work unless a test asks for `keyring_environment`.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    return home


@pytest.fixture(autouse=True)
def forget_secrets() -> Iterator[None]:
    """Forget the secrets that a test has met, so that the next one's texts are not masked: some tests' secrets are any six letters."""
    before = dict(masked._known._by_beginning)
    yield
    masked._known._by_beginning = before


@pytest.fixture(scope="session")
def secret_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretService]:
    """Run one Secret Service per test process; tests take `keyring_environment`, which also empties it."""
    if missing := secret_services.missing_packages():
        message = f"a real Secret Service is missing; on Debian or Ubuntu: apt-get install {' '.join(missing)}"
        # A run on somebody's machine may do without, CI proves it.
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with secret_services.running(tmp_path_factory.mktemp("secret-service")) as service:
        yield service


@pytest.fixture
def keyring_environment(secret_service: SecretService) -> dict[str, str]:
    """Return the environment for a subprocess that uses an empty, unlocked, real keyring."""
    secret_service.clear()
    return os.environ | secret_service.environment


@pytest.fixture
def real_keyring(
    keyring_environment: dict[str, str],
    secret_service: SecretService,
    monkeypatch: pytest.MonkeyPatch,
) -> SecretService:
    """Let this very process use the empty, unlocked, real keyring, and return the service behind it."""
    for name in secret_service.environment:
        monkeypatch.setenv(name, keyring_environment[name])
    keyring.set_keyring(load_keyring(keyring_environment["PYTHON_KEYRING_BACKEND"]))
    return secret_service
