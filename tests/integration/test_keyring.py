"""The keyring: a real Secret Service, none at all, a locked one, and some that lie. Where it fails, nothing is sent to CodaBox."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from codalink.errors import LoginSecretMissing
from codalink.sandbox import small_office
from codalink.sandbox.calls import Call
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import Item, SystemKeyring, platform_remedy, prove
from tests.integration.office import CommandLine, connected_companies, readable_passwords, running_office
from tests.secret_service import SecretService

CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
CREATE = "l10n_be_codabox_create_connection"
OPEN_WIZARD = "l10n_be_codabox_open_connection_wizard"
VAT = "0771234528"
AWKWARD = "Pä\"ss'wörd \\ 100% ♥"
SHORT_TIME_LIMIT_S = 2.0
WITHIN_THE_LIMIT_S = 15.0
"""The time limit and the program's start, generously; D-Bus itself would give up after 25 seconds."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    """An office with the sandbox's own keyring."""
    with running_office(small_office(), tmp_path) as codalink:
        yield codalink


@pytest.fixture
def real_office(tmp_path: Path, real_keyring: SecretService) -> Iterator[CommandLine]:
    """An office with a real Secret Service."""
    with running_office(small_office(), tmp_path, keyring=real_keyring.environment) as codalink:
        yield codalink


def assert_nothing_was_sent_to_codabox(office: CommandLine) -> None:
    assert not office.sandbox.calls.of(CREATE)
    assert office.office.first_connections == 0


# The real one, from this process.


def test_office_password_goes_into_the_secret_service_and_comes_back(real_keyring: SecretService) -> None:
    OfficePasswords(SystemKeyring()).keep(VAT, Secret(AWKWARD))

    found = OfficePasswords(SystemKeyring()).find(VAT)

    assert found is not None
    assert found.reveal() == AWKWARD


def test_former_office_password_is_set_aside_and_forgotten_with_the_other(real_keyring: SecretService) -> None:
    keyring = SystemKeyring()
    passwords, former = OfficePasswords(keyring), Item("codalink office password", f"{VAT} (former)")
    passwords.keep(VAT, Secret("the first one"))
    passwords.keep(VAT, Secret("the second one"))
    assert keyring.read(former) == Secret("the first one")

    assert passwords.forget(VAT)

    assert passwords.find(VAT) is None
    assert keyring.read(former) is None
    assert not passwords.forget(VAT)


def test_login_secret_is_for_its_server_only(real_keyring: SecretService) -> None:
    logins = LoginSecrets(SystemKeyring())
    logins.keep("https://odoo.example.be", "me@example.be", Secret(AWKWARD))

    assert logins.get("https://odoo.example.be", "me@example.be").reveal() == AWKWARD
    for origin in ("http://odoo.example.be", "https://odoo.example.be:8069", "https://odoo.example.be.evil.example"):
        with pytest.raises(LoginSecretMissing):
            logins.get(origin, "me@example.be")


def test_proof_leaves_nothing_behind(real_keyring: SecretService) -> None:
    prove(SystemKeyring())

    assert not list(real_keyring._collection.get_all_items())


# The commands.


def test_password_is_set_shown_and_forgotten(real_office: CommandLine) -> None:
    said = real_office.run("password", "set", "--secret-stdin", stdin=f"{AWKWARD}\n")
    assert said.exit_code == 0, said
    assert AWKWARD not in said.stdout + said.stderr

    shown = real_office.run("password", "show", "--force")
    assert (shown.exit_code, shown.stdout) == (0, f"{AWKWARD}\n")

    assert real_office.run("password", "forget", "--yes").exit_code == 0
    assert real_office.run("password", "show", "--force").exit_code == 4


def test_password_is_not_shown_to_a_pipe_unasked(real_office: CommandLine) -> None:
    real_office.run("password", "set", "--secret-stdin", stdin="to be kept quiet\n")

    done = real_office.run("password", "show")

    assert done.exit_code == 2, done
    assert done.stdout == ""
    assert "would go into a file or another program" in done.stderr


def test_empty_password_does_not_replace_one(real_office: CommandLine) -> None:
    real_office.run("password", "set", "--secret-stdin", stdin="to be kept\n")

    assert real_office.run("password", "set", "--secret-stdin", stdin="\n").exit_code == 2

    assert real_office.run("password", "show", "--force").stdout == "to be kept\n"


# Locked.


def test_locked_secret_service_stops_the_run_before_anything_is_sent(real_office: CommandLine, real_keyring: SecretService) -> None:
    with real_keyring.locked():
        done = real_office.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert "The keyring is locked" in done.stderr
    assert "Unlock the keyring" in done.stderr
    assert_nothing_was_sent_to_codabox(real_office)


def test_prompt_that_nobody_answers_stops_the_run_within_the_time_limit(real_office: CommandLine, real_keyring: SecretService) -> None:
    real_office.environment["CODALINK_KEYRING_TIMEOUT"] = str(SHORT_TIME_LIMIT_S)
    begun = time.monotonic()

    with real_keyring.locked(prompt_waits=True):
        done = real_office.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert time.monotonic() - begun < WITHIN_THE_LIMIT_S
    assert "Unlock the keyring" in done.stderr
    assert_nothing_was_sent_to_codabox(real_office)


def test_keyring_that_locks_after_the_plan_stops_the_run_before_the_first_connection(office: CommandLine) -> None:
    office.environment["CODALINK_KEYRING_TIMEOUT"] = str(SHORT_TIME_LIMIT_S)

    def lock(call: Call) -> None:
        office.sandbox.keyring.is_locked |= call.method == OPEN_WIZARD

    office.sandbox.before_call = lock
    begun = time.monotonic()

    done = office.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert time.monotonic() - begun < WITHIN_THE_LIMIT_S
    assert "Unlock the keyring" in done.stderr
    assert_nothing_was_sent_to_codabox(office)


# None, or none that is safe.


def test_without_a_keyring_the_platforms_remedy_is_told(office: CommandLine) -> None:
    office.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

    done = office.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert platform_remedy() in done.stderr
    assert_nothing_was_sent_to_codabox(office)


def test_setup_without_a_keyring_writes_no_configuration(office: CommandLine) -> None:
    office.config.unlink()
    office.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    url = next(iter(office.sandbox.servers.values())).url

    given = ("--office-name", "Kantoor", "--office-vat", VAT, "--login", "me@example.be", "--server", url)
    done = office.run("setup", *given, "--secret-stdin", stdin="Zijp-7391\n")

    assert done.exit_code == 4, done
    assert not office.config.exists()


@pytest.mark.parametrize("command", [CONNECT_ALL, ("password", "set", "--secret-stdin")])
def test_keyring_that_stores_nothing_is_refused(office: CommandLine, command: tuple[str, ...]) -> None:
    office.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

    done = office.run(*command, stdin="Zijp-7391\n")

    assert done.exit_code == 4, done
    assert platform_remedy() in done.stderr
    assert_nothing_was_sent_to_codabox(office)


PLAINTEXT = """
from pathlib import Path
from keyring.backend import KeyringBackend

class PlaintextKeyring(KeyringBackend):
    priority = 5
    file = Path(__file__).with_name("in the clear")

    def get_password(self, service, username):
        return self.file.read_text() if self.file.exists() else None

    def set_password(self, service, username, password):
        self.file.write_text(password)

    def delete_password(self, service, username):
        self.file.unlink()

class OtherPlaintextKeyring(PlaintextKeyring):
    priority = 4
"""


@pytest.fixture
def plaintext(office: CommandLine) -> Path:
    """A plain-text back end that codalink can import, found by `keyring` as an installed one is; the file that it would write."""
    folder = office.folder / "back ends"
    installed = folder / "leaky-1.dist-info"
    installed.mkdir(parents=True)
    (folder / "leaky.py").write_text(PLAINTEXT)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[keyring.backends]\nleaky = leaky\n")
    office.environment["PYTHONPATH"] += f":{folder}"
    return folder / "in the clear"


@pytest.mark.skipif(sys.platform == "win32", reason="folders of PYTHONPATH are told apart by a colon here")
@pytest.mark.parametrize("back_end", ["leaky.PlaintextKeyring", "keyring.backends.chainer.ChainerBackend"])
@pytest.mark.parametrize("command", [CONNECT_ALL, ("password", "set", "--secret-stdin")])
def test_keyring_in_plain_text_is_refused_alone_and_in_a_chain(
    office: CommandLine, plaintext: Path, back_end: str, command: tuple[str, ...]
) -> None:
    del office.environment["CODALINK_DEMO_KEYRING"]  # the chain would begin with the sandbox's
    office.environment["PYTHON_KEYRING_BACKEND"] = back_end

    done = office.run(*command, stdin="Zijp-7391\n")

    assert not plaintext.exists()
    assert done.exit_code == 4, done
    assert "plain text" in done.stderr
    assert_nothing_was_sent_to_codabox(office)


# Lying, and gone in between.


@pytest.mark.parametrize("lie", ["forgets", "garbles"])
def test_lying_keyring_is_found_out_before_the_first_connection(office: CommandLine, lie: str) -> None:
    def begin_to_lie(call: Call) -> None:
        if call.method == OPEN_WIZARD:  # when the login's password was read
            setattr(office.sandbox.keyring, lie, True)

    office.sandbox.before_call = begin_to_lie

    done = office.run(*CONNECT_ALL)

    assert done.exit_code == 4, done
    assert "did not give back what was stored" in done.stderr
    assert_nothing_was_sent_to_codabox(office)


@pytest.mark.parametrize("trouble", ["is_gone", "forgets", "garbles"])
def test_keyring_that_fails_right_after_the_first_connection_costs_nothing(office: CommandLine, trouble: str) -> None:
    def fail(call: Call, result: object) -> None:
        del result
        if call.method == CREATE:
            setattr(office.sandbox.keyring, trouble, True)

    office.sandbox.after_call = fail
    first = office.run(*CONNECT_ALL)

    assert first.exit_code == 4, first
    assert office.office.first_connections == 1
    assert office.office.password in readable_passwords(office.sandbox.world, "validation")  # not wiped: it is nowhere else
    assert "Nothing was sent to CodaBox" not in first.stdout + first.stderr

    office.sandbox.after_call = None
    setattr(office.sandbox.keyring, trouble, False)
    second = office.run(*CONNECT_ALL)

    assert second.exit_code == 0, second
    assert all(connected_companies(office.sandbox.world).values())
    assert office.office.first_connections == 1
    assert office.office.password in office.sandbox.keyring.items.values()
    assert not readable_passwords(office.sandbox.world, "validation")
