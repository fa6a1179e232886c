"""The office password and the login's password leave codalink nowhere: all that it says, writes or is started with is searched for them."""

import base64
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from codalink.sandbox import FaultKind, small_office
from codalink.sandbox.calls import Call
from codalink.sandbox.odoo_errors import AccessError, MissingError, OdooError, UserError
from tests.integration.office import CODALINK, CommandLine, Done, running_office

CREATE = "l10n_be_codabox_create_connection"
CONNECT_ALL = ("connect-all", "--yes", "--no-browser")
FORMATS = ("table", "json", "csv")
only_awkward = pytest.mark.parametrize("secrets", ["awkward"], indirect=True)

PLAIN = ("zk7Qx2VbN9tRw4Lm", "hB3-vYp8sKd1_Gf6T")
"""The office's and the login's, as they are mostly made."""
AWKWARD = ('Zé"k7\\Qx/2%+N', "hB'3<v&Yp{8}$Kd")
"""The same with what JSON, CSV, addresses and Python's quotes write in another way."""


# The search.


def written_forms(secret: str) -> dict[str, bytes]:
    """How a text comes to be written down by programs, by the name of the way."""
    raw = secret.encode()
    forms = {
        "plain": raw,
        "address": quote(secret, safe="").encode(),
        "form": quote_plus(secret).encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "JSON in JSON": json.dumps(json.dumps(secret))[3:-3].encode(),
        "Python": repr(secret)[1:-1].encode(),
        "ASCII": ascii(secret)[1:-1].encode(),
        "CSV": secret.replace('"', '""').encode(),
        "hexadecimal": raw.hex().encode(),
        "UTF-16": secret.encode("utf-16-le"),
        "backwards": secret[::-1].encode(),
    }
    for shift in range(3):
        # In base64 a text looks different at each of three places; its ends depend on what stands beside it.
        coded = base64.b64encode(b"\0" * shift + raw)
        inner = coded[0 if shift == 0 else 4 : len(coded) - 4]
        forms[f"base64, shifted by {shift}"] = inner
        forms[f"base64 for addresses, shifted by {shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return forms


def leaks(material: dict[str, bytes], secrets: tuple[str, ...]) -> list[str]:
    """Where a secret stands in the material, and in which form; empty where it is clean."""
    return [
        f"{where}: {form} of {secret!r}"
        for where, content in material.items()
        for secret in secrets
        for form, needle in written_forms(secret).items()
        if needle in content
    ]


def files_in(*folders: Path) -> dict[str, bytes]:
    """Every file below, by its path, and every path as content too."""
    found = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return {str(file): file.read_bytes() for file in found} | {"names of files": "\n".join(map(str, found)).encode()}


def process_tree(pid: int) -> dict[str, bytes]:
    """Arguments and environment of a process and its children, as everybody on the computer may see them."""
    seen = {}
    for name in ("cmdline", "environ"):
        try:
            seen[f"{pid} {name}"] = Path(f"/proc/{pid}/{name}").read_bytes()
        except OSError:
            return seen  # it has ended
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            seen |= process_tree(int(child))
    return seen


# The runs.


@dataclass
class Witness:
    """Runs codalink and keeps all that can be seen of it."""

    codalink: CommandLine
    home: Path
    secrets: tuple[str, str]
    seen: dict[str, bytes] = field(default_factory=dict, repr=False)

    def run(self, *arguments: str, stdin: str = "", program: tuple[str, ...] = CODALINK, debug: bool = True) -> Done:
        """Run one command, with --debug, while its arguments and environment are watched."""
        command = (*arguments, "--debug") if debug else arguments
        with self.codalink.start(*command, program=program) as process:
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
        done = Done(("codalink", *command), process.returncode, stdout, stderr)
        self.seen[f"{len(self.seen)} output of {' '.join(command)}"] = stdout.encode()
        self.seen[f"{len(self.seen)} errors of {' '.join(command)}"] = stderr.encode()
        return done

    def _watch(self, pid: int, poll: Callable[[], int | None], watching: threading.Event) -> None:
        pause = threading.Event()
        while poll() is None:
            self.seen |= {f"process {name}": content for name, content in process_tree(pid).items()}
            watching.set()
            pause.wait(0.02)
        watching.set()

    def leaks(self) -> list[str]:
        """Everything seen so far, and every file that is there now."""
        return leaks(self.seen | files_in(self.codalink.folder, self.home), self.secrets)

    def inject(self, text: str, method: str, kind: type[OdooError] = UserError) -> None:
        """Let Odoo refuse a call with an error that has the text in it."""
        self.codalink.sandbox.faults.add(FaultKind.ODOO_ERROR, method=method, text=text, error=kind)


@contextmanager
def witnessed_office(secrets: tuple[str, str], folder: Path, home: Path, *, connected: bool) -> Iterator[Witness]:
    """An office with these passwords, set up; with `connected`, its first connection is made and its second company is left."""
    office_password, login_password = secrets
    world = small_office()
    world.password = login_password
    for database in world.databases():
        for user in database.users.values():
            user.password = login_password
    world.proxy.office(world.office_vat).next_password = office_password
    with running_office(world, folder, consent_after_s=0.0) as codalink:
        if connected:
            done = codalink.run("connect", "--company", "klant-001/Klant 001", "--yes", "--no-browser")
            assert done.exit_code == 0, done
            assert codalink.office.password == office_password
        yield Witness(codalink, home, secrets)


@pytest.fixture(params=["plain", "awkward"])
def secrets(request: pytest.FixtureRequest) -> tuple[str, str]:
    return AWKWARD if request.param == "awkward" else PLAIN


@pytest.fixture
def fresh(secrets: tuple[str, str], tmp_path: Path, clean_environment: Path) -> Iterator[Witness]:
    with witnessed_office(secrets, tmp_path, clean_environment, connected=False) as witness:
        yield witness


@pytest.fixture
def begun(secrets: tuple[str, str], tmp_path: Path, clean_environment: Path) -> Iterator[Witness]:
    with witnessed_office(secrets, tmp_path, clean_environment, connected=True) as witness:
        yield witness


# The search finds what is there.


@pytest.mark.parametrize("secret", [*PLAIN, *AWKWARD])
@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: json.dumps({"fidu_password": secret}),
        lambda secret: f"Traceback …\nKeyError: {secret!r}",
        lambda secret: base64.b64encode(f"login:{secret}".encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(f"me:{secret}\n".encode()).decode(),
        lambda secret: base64.b64encode(f"{secret}.".encode()).decode(),
        lambda secret: secret.encode().hex(),
    ],
)
def test_search_finds_a_planted_secret(tmp_path: Path, secret: str, write: Callable[[str], str]) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_text(f"before {write(secret)} after", encoding="utf-8")

    assert leaks(files_in(tmp_path), (secret,))
    assert not leaks(files_in(tmp_path), ("another one",))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
def test_watcher_sees_arguments_and_environment_of_processes_and_their_children(fresh: Witness) -> None:
    office_password, login_password = fresh.secrets
    fresh.codalink.environment["CARELESS"] = login_password
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()', *sys.argv[1:]])"

    fresh.run("through", office_password, program=("-c", code), debug=False)

    found = fresh.leaks()
    assert any("environ" in leak and repr(login_password) in leak for leak in found)
    assert any("cmdline" in leak and repr(office_password) in leak for leak in found)


# The job, from setup to forgetting.


@pytest.mark.parametrize(("secrets", "shown"), [("plain", "table"), ("awkward", "json"), ("awkward", "csv")], indirect=["secrets"])
def test_a_whole_working_day_leaks_nothing(fresh: Witness, shown: str) -> None:
    world, office = fresh.codalink.sandbox.world, fresh.codalink
    office.config.unlink()
    office.sandbox.keyring.items.clear()
    server = office.sandbox.servers["odoo18"].url

    about = ("--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login, "--server", server)
    codes = [
        fresh.run("setup", *about, "--secret-stdin", stdin=f"{world.password}\n").exit_code,
        fresh.run("databases", shown).exit_code,
        fresh.run("connect-all", shown, "--dry-run").exit_code,
        fresh.run("connect-all", shown, "--yes", "--no-browser").exit_code,
        fresh.run("status", shown, "--refresh", "--output", str(office.folder / "status")).exit_code,
        fresh.run("retrieve", shown, "--all").exit_code,
        fresh.run("password", "set", "--secret-stdin", stdin=f"{office.office.password}\n").exit_code,
        fresh.run("password", "show").exit_code,
        fresh.run("password", "forget", "--yes").exit_code,
        fresh.run("log", shown).exit_code,
    ]

    assert codes == [0, 0, 0, 0, 0, 0, 0, 2, 0, 0]
    assert office.office.password == fresh.secrets[0]
    assert not fresh.leaks()


# Errors that carry the secret.


@pytest.mark.parametrize(("kind", "shown"), [(UserError, "table"), (AccessError, "json"), (MissingError, "csv")])
def test_odoos_error_with_a_secret_in_its_text_is_masked(begun: Witness, shown: str, kind: type[OdooError]) -> None:
    for method, secret in ((CREATE, begun.secrets[0]), ("l10n_be_codabox_refresh_connection_status", begun.secrets[1])):
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
            raise error(f"psycopg2: fidu_password = '{begun.secrets[0]}' -- {begun.secrets!r} {call.params!r}")

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
    where = (
        f"https://elsewhere.example/?password={quote(begun.secrets[0], safe='')}&p={begun.secrets[0].encode('ascii', 'ignore').decode()}"
    )
    begun.codalink.sandbox.faults.add(FaultKind.REDIRECT, method=CREATE, location=where)

    begun.run(*CONNECT_ALL)

    assert not begun.leaks()


@only_awkward
@pytest.mark.parametrize("answer", [str, lambda secret: [{"id": 1, "name": secret}], lambda secret: {"type": secret}])
def test_answer_of_another_shape_with_the_password_in_it_leaks_nothing(begun: Witness, answer: Callable[[str], object]) -> None:
    begun.codalink.sandbox.faults.add(FaultKind.WRONG_RESULT, model="l10n_be_codabox.*", value=answer(begun.secrets[0]))

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
    done = fresh.codalink.run("password", "set", fresh.secrets[0])

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
