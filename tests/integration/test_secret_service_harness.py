"""The Secret Service that the other tests rely on does what they expect of it."""

import subprocess
import sys
from pathlib import Path

import keyring
import keyring.errors
import pytest

from tests.secret_service import SecretService

SERVICE = "codalink/harness"


def run_keyring(code: str, environment: dict[str, str], timeout_s: float = 60) -> str:
    """Run one expression with keyring in a process of its own; return what it printed, or its last line of trouble."""
    done = subprocess.run(
        [sys.executable, "-c", f"import keyring; print({code})"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_another_process_writes_reads_and_deletes(keyring_environment: dict[str, str]) -> None:
    run_keyring(f"keyring.set_password({SERVICE!r}, 'office', 'né ♥')", keyring_environment)
    assert run_keyring(f"ascii(keyring.get_password({SERVICE!r}, 'office'))", keyring_environment) == ascii("né ♥")

    run_keyring(f"keyring.delete_password({SERVICE!r}, 'office')", keyring_environment)
    assert run_keyring(f"keyring.get_password({SERVICE!r}, 'office')", keyring_environment) == "None"


@pytest.mark.parametrize("test", ["this one", "the next one"])
def test_each_test_finds_an_empty_keyring(real_keyring: SecretService, test: str) -> None:
    assert keyring.get_password(SERVICE, "left over") is None
    keyring.set_password(SERVICE, "left over", test)


def test_locked_keyring_refuses_and_opens_again(keyring_environment: dict[str, str], secret_service: SecretService) -> None:
    run_keyring(f"keyring.set_password({SERVICE!r}, 'office', 'kept')", keyring_environment)

    with secret_service.locked():
        answer = run_keyring(f"keyring.get_password({SERVICE!r}, 'office')", keyring_environment)
    assert answer.startswith("keyring.errors.KeyringLocked")
    assert run_keyring(f"keyring.get_password({SERVICE!r}, 'office')", keyring_environment) == "kept"


def test_prompt_that_nobody_answers_hangs(keyring_environment: dict[str, str], secret_service: SecretService) -> None:
    with secret_service.locked(prompt_waits=True), pytest.raises(subprocess.TimeoutExpired):
        run_keyring(f"keyring.get_password({SERVICE!r}, 'office')", keyring_environment, timeout_s=2)


def test_without_asking_no_test_has_a_keyring(clean_environment: Path) -> None:
    assert Path.home() == clean_environment
    with pytest.raises(keyring.errors.NoKeyringError):
        keyring.get_password(SERVICE, "office")
