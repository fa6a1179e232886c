"""`codalink setup`: by options, by questions, and what it refuses."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keyring
import pytest

from codalink.sandbox import Sandbox, account_of_odoo_com, online_office, small_office
from tests.integration.office import OFFICE_PASSWORD_SERVICE, CommandLine, Done, make_command_line, running_office
from tests.integration.terminal import (
    Hidden,
    clean_command_line,
    configuration,
    envelope,
    login_secrets,
    needs_terminal,
    run_in_terminal,
    unwrapped,
)
from tests.secret_service import SecretService


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    """An office that is not set up yet."""
    with Sandbox(small_office(3), consent_after_s=0.0) as sandbox:
        yield clean_command_line(sandbox, tmp_path)


def by_options(office: CommandLine, *more: str) -> list[str]:
    world = office.sandbox.world
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login]
    return ["setup", *named, "--server", office.sandbox.servers["odoo18"].url, "--secret-stdin", *more]


def set_up(office: CommandLine, *more: str) -> Done:
    return office.run(*by_options(office, *more), stdin=f"{office.sandbox.world.password}\n")


# --- by options --------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="class")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Done]]:
    with Sandbox(small_office(3)) as sandbox:
        office = clean_command_line(sandbox, tmp_path_factory.mktemp("setup"))
        yield office, set_up(office, "--include", "klant-*", "--exclude", "*test*")


class TestByOptions:
    def test_writes_office_server_login_and_patterns(self, done: tuple[CommandLine, Done]) -> None:
        office, _ = done
        written = tomllib.loads(office.config.read_text(encoding="utf-8"))
        assert written == {
            "office": {"name": "Kantoor Demo", "vat": "BE 0771.234.528"},
            "selection": {"include": ["klant-*"], "exclude": ["*test*"]},
            "source": [{"server": office.sandbox.servers["odoo18"].url, "login": office.sandbox.world.login}],
            "letters": {"from": "", "helpdesk": ""},
        }

    def test_writes_a_file_that_explains_itself(self, done: tuple[CommandLine, Done]) -> None:
        assert "# " in done[0].config.read_text(encoding="utf-8")

    def test_puts_the_secret_into_the_keyring_and_nothing_else(self, done: tuple[CommandLine, Done]) -> None:
        assert done[0].sandbox.keyring.items == login_secrets(done[0].sandbox)

    def test_writes_and_says_no_secret(self, done: tuple[CommandLine, Done]) -> None:
        office, run = done
        files = [path.read_bytes() for path in office.folder.rglob("*") if path.is_file()]
        assert not any(office.sandbox.world.password.encode() in written for written in [*files, run.stdout.encode(), run.stderr.encode()])

    @pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
    def test_keeps_the_file_to_its_owner(self, done: tuple[CommandLine, Done]) -> None:
        assert done[0].config.stat().st_mode & 0o077 == 0

    def test_tries_the_login(self, done: tuple[CommandLine, Done]) -> None:
        assert done[1].exit_code == 0, done[1]
        assert "logged in to klant-001" in done[1].stderr

    def test_leaves_standard_output_to_data(self, done: tuple[CommandLine, Done]) -> None:
        assert done[1].stdout == ""


# --- again -------------------------------------------------------------------------------------------------------------------------------


def test_the_same_again_needs_no_yes(office: CommandLine) -> None:
    set_up(office, "--no-try")
    done = set_up(office, "--no-try")
    assert done.exit_code == 0, done


def test_another_configuration_replaces_the_former_only_with_yes(office: CommandLine) -> None:
    set_up(office, "--no-try")
    before = office.config.read_text(encoding="utf-8")
    changed = ["--office-name", "Ander Kantoor", "--no-try"]
    refused = set_up(office, *changed)
    after_refusal = office.config.read_text(encoding="utf-8")
    allowed = set_up(office, *changed, "--yes")

    assert (refused.exit_code, after_refusal) == (2, before), refused
    assert "--yes" in refused.stderr
    assert allowed.exit_code == 0, allowed
    assert "Ander Kantoor" in office.config.read_text(encoding="utf-8")


def test_a_new_secret_alone_keeps_everything_else(office: CommandLine) -> None:
    set_up(office, "--no-try", "--exclude", "*-003")
    before = office.config.read_text(encoding="utf-8")
    world = office.sandbox.world
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat]
    done = office.run("setup", *named, "--secret-stdin", "--no-try", "--yes", stdin="another secret\n")

    assert done.exit_code == 0, done
    assert office.config.read_text(encoding="utf-8") == before
    assert "another secret" in office.sandbox.keyring.items.values()


def test_a_new_login_alone_is_written(office: CommandLine) -> None:
    set_up(office, "--no-try")
    world = office.sandbox.world
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat]
    done = office.run("setup", *named, "--login", "new@kantoor-demo.example", "--secret-stdin", "--no-try", "--yes", stdin="secret\n")

    assert done.exit_code == 0, done
    assert "new@kantoor-demo.example" in office.config.read_text(encoding="utf-8")


def test_a_broken_configuration_can_be_replaced(office: CommandLine) -> None:
    office.config.write_text("[office\n", encoding="utf-8")
    done = set_up(office, "--no-try", "--yes")

    assert done.exit_code == 0, done
    assert tomllib.loads(office.config.read_text(encoding="utf-8"))["office"]["name"] == "Kantoor Demo"


# --- by questions ------------------------------------------------------------------------------------------------------------------------


def answers(office: CommandLine) -> list[tuple[str, str]]:
    return [
        ("Name of the accounting office", "Kantoor Demo"),
        ("VAT number of the office", "BE 0771.234.529"),  # mistyped
        ("VAT number of the office", "BE 0771.234.528"),
        ("An Odoo server, a file", office.sandbox.servers["odoo18"].url),
        ("Login in these databases", office.sandbox.world.login),
        ("Password or API key", Hidden(office.sandbox.world.password)),
    ]


@dataclass
class Asked:
    office: CommandLine
    text: str
    exit_code: int


@pytest.fixture(scope="class")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with Sandbox(small_office(3)) as sandbox:
        office = clean_command_line(sandbox, tmp_path_factory.mktemp("asked"))
        shown = run_in_terminal(office, "setup", answers=answers(office))
        yield Asked(office, shown.text, shown.exit_code)


@needs_terminal
class TestByQuestions:
    def test_ends_well(self, asked: Asked) -> None:
        assert asked.exit_code == 0, asked.text
        assert "logged in to klant-001" in asked.text

    def test_never_echoes_the_secret(self, asked: Asked) -> None:
        assert asked.office.sandbox.world.password not in asked.text

    def test_keeps_the_secret(self, asked: Asked) -> None:
        assert asked.office.sandbox.keyring.items == login_secrets(asked.office.sandbox)

    def test_asks_again_where_the_answer_can_t_be_right(self, asked: Asked) -> None:
        assert "not a valid Belgian VAT number" in asked.text
        assert "0771.234.528" in asked.office.config.read_text(encoding="utf-8")

    def test_proposes_its_former_answers_and_keeps_the_secret_at_enter(self, asked: Asked) -> None:
        before = asked.office.config.read_text(encoding="utf-8")
        enter = [(question, type(answer)()) for question, answer in answers(asked.office) if answer != "BE 0771.234.529"]
        shown = run_in_terminal(asked.office, "setup", answers=enter)

        assert shown.exit_code == 0, shown.text
        assert asked.office.config.read_text(encoding="utf-8") == before
        assert asked.office.sandbox.keyring.items == login_secrets(asked.office.sandbox)

    def test_no_to_replacing_leaves_the_former_one(self, asked: Asked) -> None:
        before = asked.office.config.read_text(encoding="utf-8")
        changed = ["setup", "--office-name", "Ander Kantoor", "--office-vat", "0771234528", "--login", "x@example.be"]
        server = ["--server", asked.office.sandbox.servers["odoo18"].url]
        shown = run_in_terminal(asked.office, *changed, *server, answers=[("Replace the configuration", "n")])

        assert shown.exit_code == 0, shown.text
        assert asked.office.config.read_text(encoding="utf-8") == before


# --- servers and files -------------------------------------------------------------------------------------------------------------------


def test_server_that_keeps_its_list_to_itself_is_told_with_the_way_out(office: CommandLine) -> None:
    office.sandbox.world.servers["odoo18"].list_db = False
    done = set_up(office)

    assert done.exit_code == 1, done
    assert "doesn't tell which databases it has" in done.stderr
    assert "--databases-file" in done.stderr


def test_refused_login_is_told_and_the_configuration_kept(office: CommandLine) -> None:
    done = office.run(*by_options(office), stdin="wrong password\n")

    assert done.exit_code == 1, done
    assert "Odoo refuses the login" in done.stderr
    assert "two-factor" in done.stderr
    assert office.config.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "url,database\n{url},klant-001\n{url},klant-003\n"),
        ("excel.csv", "\ufeffDatabase;Login;URL\nklant-001;;{url}\n\nklant-003;{login};{url}\n"),
        (
            "list.toml",
            '[[database]]\nurl = "{url}"\nname = "klant-001"\n[[database]]\nurl = "{url}"\nname = "klant-003"\nlogin = "{login}"\n',
        ),
    ],
)
def test_list_of_databases_may_be_csv_or_toml(office: CommandLine, name: str, text: str) -> None:
    world = office.sandbox.world
    listed = office.folder / name
    listed.write_text(text.format(url=office.sandbox.servers["odoo18"].url, login=world.login), encoding="utf-8")
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login]
    done = office.run("setup", *named, "--databases-file", str(listed), "--secret-stdin", "--no-try", stdin=f"{world.password}\n")
    found = office.run("databases", "json")

    assert done.exit_code == 0, done
    assert [row["database"] for row in envelope(found)["rows"]] == ["klant-001", "klant-003"]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--office-vat", "BE 0771.234.529", "'BE 0771.234.529' is not a valid Belgian VAT number"),
        ("--server", "ftp://odoo.example.be", "not the address of a web server"),
        ("--server", "https://", "not the address of a web server"),
        ("--server", "https://odoo.example.be:eighty", "not an address"),
        ("--server", "http://odoo.example.be", "would send passwords unencrypted"),
        ("--server", "https://me:secret@odoo.example.be", "The address contains a login"),
        ("--databases-file", "no such file.csv", "can't be read"),
    ],
)
def test_wrong_answer_writes_nothing_and_says_why(office: CommandLine, option: str, value: str, words: str) -> None:
    done = set_up(office, option, value)

    assert done.exit_code == 2, done
    assert words in done.stderr
    assert "secret@" not in done.stderr
    assert not office.config.exists()
    assert office.sandbox.keyring.items == {}


def test_missing_line_of_standard_input_is_told(office: CommandLine) -> None:
    done = office.run(*by_options(office, "--no-try"), stdin="")

    assert done.exit_code == 2, done
    assert "Standard input has no line for" in done.stderr


# --- servers that only a list tells of ---------------------------------------------------------------------------------------------------

APP = "kantoor-demo"


@pytest.fixture
def online(tmp_path: Path) -> Iterator[CommandLine]:
    """An office with the Databases app, which lists databases on its own server and on another one; not set up yet."""
    with Sandbox(online_office()) as sandbox:
        yield clean_command_line(sandbox, tmp_path)


def by_app(office: CommandLine, *more: str) -> list[str]:
    world = office.sandbox.world
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login]
    return ["setup", *named, "--databases-app", office.sandbox.url_of(APP), "--app-database", APP, *more]


def secret_of(office: CommandLine, server: str) -> str | None:
    account = f"{office.sandbox.world.login} @ {office.sandbox.servers[server].url}"
    return office.sandbox.keyring.items.get(("codalink Odoo login", account))


@needs_terminal
def test_secrets_of_servers_that_the_app_lists_are_asked_for(online: CommandLine) -> None:
    key = Hidden(online.sandbox.world.api_key)
    asked = [(f"on {online.sandbox.servers[name].url}", key) for name in ("online19", "online18")]
    shown = run_in_terminal(online, *by_app(online), answers=asked)

    assert shown.exit_code == 0, shown.text
    assert (secret_of(online, "online19"), secret_of(online, "online18")) == (key, key)
    assert "logged in to klant-001" in shown.text


@needs_terminal
def test_enter_leaves_databases_to_their_own_keys_but_not_the_list(online: CommandLine) -> None:
    key = Hidden(online.sandbox.world.api_key)
    shown = run_in_terminal(
        online,
        *by_app(online),
        answers=[("Password or API key", Hidden()), ("Password or API key", key), ("its own API key", Hidden())],
    )

    assert shown.exit_code == 1, shown.text
    assert (secret_of(online, "online19"), secret_of(online, "online18")) == (key, None)
    assert "is stored for 4 of the databases: klant-001, klant-001-test-2, klant-003" in unwrapped(shown.text)
    assert "codalink keys import" in shown.text


def test_scripts_hand_over_further_lines_for_servers_that_a_list_tells_of(online: CommandLine) -> None:
    key = online.sandbox.world.api_key
    done = online.run(*by_app(online, "--secret-stdin"), stdin=f"{key}\n{key}\n")

    assert done.exit_code == 0, done
    assert secret_of(online, "online18") == key


def test_scripts_may_hand_over_no_more_than_what_the_configuration_tells(online: CommandLine) -> None:
    done = online.run(*by_app(online, "--secret-stdin"), stdin=f"{online.sandbox.world.api_key}\n")

    assert done.exit_code == 1, done
    assert "logged in to klant-002" in done.stderr
    assert "No password or API key is stored for 4 of the databases" in done.stderr


def test_databases_on_my_databases_with_a_host_of_their_own_are_asked_for_too(online: CommandLine) -> None:
    world, sandbox = online.sandbox.world, online.sandbox
    account, _, key = account_of_odoo_com(world)
    source = f'odoo_com = "{sandbox.odoo_com_url}"\naccount = "{account}"'
    online.config.write_text(configuration(world, source), encoding="utf-8")
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat]
    done = online.run("setup", *named, "--secret-stdin", "--yes", stdin=f"{key}\n\n{world.api_key}\n{world.api_key}\n")

    assert done.exit_code == 0, done
    assert {account.partition(" @ ")[2] for _, account in sandbox.keyring.items} == {
        sandbox.odoo_com_url,
        *(server.url for server in sandbox.servers.values() if server.url != sandbox.odoo_com_url),
    }


def test_databases_with_keys_of_their_own_are_not_asked_for(online: CommandLine) -> None:
    world = online.sandbox.world
    names = list(world.servers["online18"].databases)
    rows = [f"{online.sandbox.url_of(name)},{name},{world.login},{world.api_key}" for name in names]
    imported = online.run("keys", "import", "-", stdin="\n".join(["url,database,login,key", *rows, ""]))
    done = online.run(*by_app(online, "--secret-stdin"), stdin=f"{world.api_key}\n")

    assert (imported.exit_code, done.exit_code) == (0, 0), (imported, done)
    assert "logged in to klant-001" in done.stderr
    assert secret_of(online, "online18") is None


@needs_terminal
def test_account_of_odoo_com_is_proposed_as_login_in_its_databases(office: CommandLine) -> None:
    world = office.sandbox.world
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat, "--odoo-com", "me@example.be", "--no-try"]
    answers = [("[me@example.be]", ""), ("on https://www.odoo.com", Hidden("key")), ("on https://*.odoo.com", Hidden())]
    shown = run_in_terminal(office, "setup", *named, answers=answers)

    assert shown.exit_code == 0, shown.text
    assert tomllib.loads(office.config.read_text(encoding="utf-8"))["source"] == [
        {"odoo_com": "https://www.odoo.com", "account": "me@example.be", "login": "me@example.be"}
    ]


@needs_terminal
def test_many_servers_are_not_asked_for_one_by_one(office: CommandLine) -> None:
    world, listed = office.sandbox.world, office.folder / "list.csv"
    listed.write_text("\n".join(["url,database", *(f"https://odoo{n}.example.be,klant-{n}" for n in range(30))]), encoding="utf-8")
    named = ["--office-name", world.office_name, "--office-vat", world.office_vat, "--login", world.login]
    shown = run_in_terminal(office, "setup", *named, "--databases-file", str(listed))

    assert "Password or API key of" not in shown.text
    assert "on 30 servers" in unwrapped(shown.text)
    assert "codalink keys import" in shown.text
    assert shown.exit_code == 4, shown.text


def test_name_of_a_database_cannot_steer_the_terminal(office: CommandLine) -> None:
    databases = office.sandbox.world.servers["odoo18"].databases
    hostile = databases["klant-000\x1b[31m"] = databases.pop("klant-001")
    hostile.name = "klant-000\x1b[31m"
    done = set_up(office)

    assert "logged in to klant-000" in done.stderr
    assert "\x1b" not in done.stderr


def test_nothing_found_is_told(office: CommandLine) -> None:
    done = set_up(office, "--include", "nobody-*")

    assert done.exit_code == 2, done
    assert "No customer database was found" in done.stderr


def test_one_source_that_fails_is_a_part_where_another_one_opens(office: CommandLine) -> None:
    done = office.run(*by_options(office, "--server", "http://127.0.0.1:1"), stdin=f"{office.sandbox.world.password}\nx\n")

    assert done.exit_code == 1, done
    assert "logged in to klant-001" in done.stderr


# --- where it lies -----------------------------------------------------------------------------------------------------------------------


def test_without_other_orders_the_configuration_lies_in_the_user_s_folder(office: CommandLine) -> None:
    del office.environment["CODALINK_CONFIG"]
    set_up(office, "--no-try")

    found = [path.relative_to(office.folder / "home") for path in (office.folder / "home").rglob("codalink.toml")]
    assert len(found) == 1, found


def test_config_wins_over_the_variable(office: CommandLine) -> None:
    elsewhere = office.folder / "elsewhere" / "mine.toml"
    done = set_up(office, "--no-try", "--config", str(elsewhere))

    assert done.exit_code == 0, done
    assert (elsewhere.exists(), office.config.exists()) == (True, False)


def test_variables_say_what_options_say(office: CommandLine) -> None:
    world = office.sandbox.world
    office.environment |= {
        "CODALINK_OFFICE_NAME": world.office_name,
        "CODALINK_OFFICE_VAT": world.office_vat,
        "CODALINK_LOGIN": world.login,
        "CODALINK_SERVER": office.sandbox.servers["odoo18"].url,
    }
    set_up_done = office.run("setup", "--secret-stdin", "--no-try", stdin=f"{world.password}\n")
    office.environment |= {"CODALINK_FORMAT": "json", "CODALINK_YES": "1", "CODALINK_QUIET": "1", "CODALINK_ONLY": "klant-002"}
    done = office.run("connect-all")

    assert set_up_done.exit_code == 0, set_up_done
    assert (done.exit_code, done.stderr) == (0, "")
    assert [(row["database"], row["result"]) for row in envelope(done)["rows"]] == [("klant-002", "connected")]


# --- a real keyring ----------------------------------------------------------------------------------------------------------------------


def test_in_a_real_secret_service_setup_and_connect_leave_login_and_office_password(tmp_path: Path, real_keyring: SecretService) -> None:
    with running_office(small_office(2), tmp_path, keyring=real_keyring.environment) as office:
        done = office.run("connect-all", "--yes", "--no-browser")

        assert done.exit_code == 0, done
        assert keyring.get_password(OFFICE_PASSWORD_SERVICE, office.office.vat) == office.office.password
        (service, account), secret = next(iter(login_secrets(office.sandbox).items()))
        assert keyring.get_password(service, account) == secret


def test_without_a_keyring_nothing_is_written(tmp_path: Path) -> None:
    with Sandbox(small_office(1)) as sandbox:
        office = make_command_line(sandbox, tmp_path, keyring={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
        done = set_up(office)

        assert done.exit_code == 4, done
        assert "No safe keyring" in done.stderr
        assert not office.config.exists()


def test_installed_program_is_the_module(office: CommandLine) -> None:
    program = Path(sys.executable).with_name("codalink.exe" if os.name == "nt" else "codalink")
    done = subprocess.run([program, "--version"], env=office.environment, capture_output=True, text=True, check=True)

    assert done.stdout == office.run("--version").stdout
