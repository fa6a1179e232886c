"""The office password and the login's password leave codalink nowhere, whatever goes wrong: all that it says, writes or is started with is
searched for them. test_working_day.py does the same where all goes well, for every command."""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from codalink.sandbox import FaultKind
from codalink.sandbox.calls import Call
from codalink.sandbox.odoo_errors import AccessError, MissingError, OdooError, UserError
from tests.integration.witness import LOGIN_PASSWORD, OFFICE_PASSWORD, Witness, invented, witnessed_office

CREATE = "l10n_be_codabox_create_connection"
CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
FORMATS = ("table", "json", "csv")
only_awkward = pytest.mark.parametrize("secrets", ["awkward"], indirect=True)


@pytest.fixture(params=["plain", "awkward"])
def secrets(request: pytest.FixtureRequest) -> dict[str, str]:
    return invented(request.param)


@pytest.fixture
def fresh(secrets: dict[str, str], tmp_path: Path, clean_environment: Path) -> Iterator[Witness]:
    with witnessed_office(secrets, tmp_path, clean_environment, connected=False) as witness:
        yield witness


@pytest.fixture
def begun(secrets: dict[str, str], tmp_path: Path, clean_environment: Path) -> Iterator[Witness]:
    with witnessed_office(secrets, tmp_path, clean_environment, connected=True) as witness:
        yield witness


# The witness sees what is there.


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
def test_watcher_sees_arguments_and_environment_of_processes_and_their_children(fresh: Witness) -> None:
    fresh.codalink.environment["CARELESS"] = fresh.login_password
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()', *sys.argv[1:]])"

    fresh.run("through", fresh.office_password, program=("-c", code), debug=False)

    found = fresh.leaks()
    assert any("environ" in leak and LOGIN_PASSWORD in leak for leak in found)
    assert any("cmdline" in leak and OFFICE_PASSWORD in leak for leak in found)


def test_watcher_sees_a_file_that_is_there_for_a_moment_only(fresh: Witness) -> None:
    """The moment lasts until it has looked: whether it looks often enough, a test can't promise on every machine."""
    code = """
import pathlib, sys, time
moment = pathlib.Path('tmp/moment')
moment.write_text(sys.stdin.readline())
while not pathlib.Path('tmp/seen').exists():
    time.sleep(0.01)
moment.unlink()
"""
    has_ended = threading.Event()

    def release() -> None:
        while not has_ended.wait(0.01):
            if any("moment as it was" in where for where in list(fresh.seen)):
                (fresh.codalink.folder / "tmp" / "seen").touch()
                return

    releasing = threading.Thread(target=release)
    releasing.start()
    try:
        fresh.run("x", stdin=f"{fresh.login_password}\n", program=("-c", code), debug=False)
    finally:
        has_ended.set()
        releasing.join()

    assert not (fresh.codalink.folder / "tmp" / "moment").exists()
    assert any("moment as it was" in leak for leak in fresh.leaks())


# Errors that carry the secret.


@pytest.mark.parametrize(("kind", "shown"), [(UserError, "table"), (AccessError, "json"), (MissingError, "csv")])
def test_odoos_error_with_a_secret_in_its_text_is_masked(begun: Witness, shown: str, kind: type[OdooError]) -> None:
    for method, secret in ((CREATE, begun.office_password), ("l10n_be_codabox_refresh_connection_status", begun.login_password)):
        begun.inject(f"Bad value fidu_password={secret!s}, sorry ({secret!r}; {json.dumps(secret)}; {quote(secret)})", method, kind)

    connecting = begun.run("connect-all", shown, "--yes", "--no-browser")
    refreshing = begun.run("status", shown, "--refresh")

    assert "fidu_password=" in connecting.stdout, connecting
    assert refreshing.exit_code in {0, 1}, refreshing
    assert not begun.leaks()


@pytest.mark.parametrize(("error", "shown"), [(ValueError, "table"), (KeyError, "json"), (RuntimeError, "csv")])
def test_odoos_traceback_with_a_secret_in_it_is_masked(begun: Witness, shown: str, error: type[Exception]) -> None:
    def stumble(call: Call, result: object) -> None:
        del result
        if call.model and call.method in {CREATE, "create"}:
            raise error(f"psycopg2: fidu_password = '{begun.office_password}' -- {[*begun.secrets.values()]!r} {call.params!r}")

    begun.codalink.sandbox.after_call = stumble

    done = begun.run("connect-all", shown, "--yes", "--no-browser")

    assert done.exit_code == 1, done
    assert not begun.leaks()


@only_awkward
@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RESET_AFTER, FaultKind.CUT_BODY, FaultKind.TRUNCATED_JSON])
def test_answers_that_break_while_they_carry_the_password_leak_nothing(fresh: Witness, kind: FaultKind) -> None:
    fresh.codalink.sandbox.faults.add(kind, model="l10n_be_codabox.validation.wizard")

    fresh.run(*CONNECT_ALL)

    assert fresh.codalink.office.first_connections == 1
    assert not fresh.leaks()


def test_redirect_to_an_address_with_the_secret_in_it_is_masked(begun: Witness) -> None:
    secret = begun.office_password
    where = f"https://elsewhere.example/?password={quote(secret, safe='')}&p={secret.encode('ascii', 'ignore').decode()}"
    begun.codalink.sandbox.faults.add(FaultKind.REDIRECT, method=CREATE, location=where)

    begun.run(*CONNECT_ALL)

    assert not begun.leaks()


@only_awkward
@pytest.mark.parametrize("answer", [str, lambda secret: [{"id": 1, "name": secret}], lambda secret: {"type": secret}])
def test_answer_of_another_shape_with_the_password_in_it_leaks_nothing(begun: Witness, answer: Callable[[str], object]) -> None:
    begun.codalink.sandbox.faults.add(FaultKind.WRONG_RESULT, model="l10n_be_codabox.*", value=answer(begun.office_password))

    done = begun.run(*CONNECT_ALL)

    assert done.exit_code == 1, done
    assert not begun.leaks()


@only_awkward
@pytest.mark.parametrize("shown", FORMATS)
def test_refused_office_password_is_not_told(begun: Witness, shown: str) -> None:
    begun.codalink.office.password = "changed by somebody else"

    done = begun.run("connect-all", shown, "--yes", "--no-browser")

    assert done.exit_code == 4, done
    assert not begun.leaks()


@only_awkward
@pytest.mark.parametrize("shown", FORMATS)
def test_refused_login_is_not_told(begun: Witness, shown: str) -> None:
    for database in begun.codalink.sandbox.world.databases():
        for user in database.users.values():
            user.password = "changed by somebody else"

    done = begun.run("databases", shown)

    assert done.exit_code == 5, done
    assert not begun.leaks()


def test_secret_typed_as_an_argument_is_refused_without_repeating_it_in_files(fresh: Witness) -> None:
    """It stands in the arguments then, by the user's own doing; codalink has no option for it, and keeps it nowhere."""
    done = fresh.codalink.run("password", "set", fresh.office_password)

    assert done.exit_code == 2, done
    assert not fresh.leaks()


# Errors that nobody foresaw.

RAISING = """
import codalink.cli.app
from codalink.render import tables
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import SystemKeyring

def fail(run, width):
    revealed = OfficePasswords(SystemKeyring()).find(run.companies[0].company.office_vat.digits).reveal()
    try:
        {{}}[revealed]
    except KeyError as error:
        raise {error} from error

tables.outcome = fail
codalink.cli.app.main()
"""


@pytest.mark.parametrize(
    "error",
    [
        "RuntimeError(f'the password {revealed} makes no sense')",
        "ValueError({'fidu_password': revealed})",
        "UnicodeError(revealed.encode('unicode_escape'))",
        "ExceptionGroup('several', [RuntimeError(revealed), KeyError(revealed)])",
    ],
)
def test_unforeseen_error_with_the_password_in_it_is_masked(begun: Witness, error: str) -> None:
    done = begun.run(*CONNECT_ALL, program=("-c", RAISING.format(error=error)))

    assert done.exit_code == 1, done
    assert "Traceback" in done.stderr
    assert "codalink met something that it does not know" in done.stderr
    assert not begun.leaks()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
def test_crash_would_leave_no_image_of_the_memory(begun: Witness) -> None:
    """Secrets are in there, so the system is told to keep none."""
    limits: list[str] = []

    def look(call: Call) -> None:
        del call
        with suppress(OSError):
            limits.append(Path(f"/proc/{process.pid}/limits").read_text(encoding="utf-8"))

    generous = "import resource, runpy; resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)); "
    careless = ("-c", generous + "runpy.run_module('codalink', run_name='__main__')")
    process = begun.codalink.start("databases", program=careless)
    begun.codalink.sandbox.before_call = look
    with process:
        process.communicate(timeout=60)

    assert limits
    assert all(re.search(r"Max core file size +0 ", one) for one in limits)
