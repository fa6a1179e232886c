"""A working day of an office, in which every command is run: the table that test_working_day.py goes through.

A new command of codalink gets a line in DAY, at the time of day at which it makes sense; a test compares the table with codalink's own
tree of commands.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import typer
from typer.core import TyperGroup

from codalink.cli.app import app
from codalink.sandbox import Company, Journal, Sandbox, World, small_office
from codalink.sandbox.belgium import iban, vat_numbers
from codalink.sandbox.offices import accountant
from codalink.sandbox.world import make_database
from tests.integration.office import CommandLine
from tests.integration.witness import Witness

VERSIONS = ("18.0", "19.0")
KEYED = "klant-002"
"""A database on Odoo 19 with an API key of its own, from the second step on."""


@dataclass(frozen=True)
class Step:
    """One command of the day.

    `arguments` stand behind the command; `{shown}` becomes the format, other braces come from `places`. `stdin` makes what is handed over,
    from the witness. `exit_code` is the only one that is right.
    """

    command: str
    arguments: str = ""
    stdin: Callable[[Witness], str] = field(default=lambda _: "")
    exit_code: int = 0
    more: tuple[str, ...] = ("--debug",)

    def words(self, names: Mapping[str, str]) -> list[str]:
        """The command line, with the names put in."""
        return [*self.command.split(), *(word.format_map(names) for word in shlex.split(self.arguments)), *self.more]


def places(office: CommandLine) -> dict[str, str]:
    """What the arguments name by their braces."""
    world, sandbox = office.sandbox.world, office.sandbox
    return {
        "office": world.office_name,
        "vat": world.office_vat,
        "login": world.login,
        **{name: server.url for name, server in sandbox.servers.items()},
        "folder": str(office.folder),
    }


# --- what is handed over on standard input -----------------------------------------------------------------------------------------------


def _logins(witness: Witness) -> str:
    return f"{witness.login_password}\n" * len(VERSIONS)


def _office_password(witness: Witness) -> str:
    return f"{witness.codalink.office.password}\n"


def _key(witness: Witness, what: str) -> str:
    """A new API key, made in Odoo, and searched for from now on."""
    key = witness.codalink.sandbox.world.database(KEYED).users[2].add_key()
    witness.secrets[f"the API key {what}"] = key
    return key


def _key_alone(witness: Witness) -> str:
    return f"{_key(witness, 'that was entered')}\n"


def _key_list(witness: Witness) -> str:
    office = witness.codalink.sandbox
    row = f"{office.url_of(KEYED)},{KEYED},{office.world.login},{_key(witness, 'that was imported')}"
    return f"url,database,login,key\n{row}\n"


# --- the table ---------------------------------------------------------------------------------------------------------------------------


DAY: tuple[Step, ...] = (
    Step("setup", "--office-name {office} --office-vat {vat} --login {login} --server {odoo18} --server {odoo19} --secret-stdin", _logins),
    Step("keys import", "-", _key_list),
    Step("keys set", f"--database {KEYED} --secret-stdin", _key_alone),
    Step("databases", "{shown}"),
    Step("check", "{shown}", exit_code=1),
    Step("check", "{shown} --fix --yes"),
    Step("connect-all", "{shown} --dry-run"),
    Step("connect", "{shown} --company klant-001 --yes --no-browser"),
    Step("connect-all", "{shown} --yes --no-browser"),
    Step("password set", "--secret-stdin", _office_password),
    Step("password show", exit_code=2),
    # `password rotate`, `verify`, `backup` and `restore` come here: the office is connected, and its password is in the keyring.
    Step("status", "{shown} --refresh --accounts --gaps --output {folder}/status"),
    Step("status", "html --output {folder}/report.html"),
    Step("retrieve", "{shown} --all --download {folder}/files"),
    Step("statements check", "{shown} --files {folder}/files"),
    Step("explain", "--company klant-001"),
    Step("letter", "connected --company klant-001 --lang nl"),
    Step("letter", "connected --all --lang fr --eml --output {folder}/letters"),
    Step("keys list", "{shown} --refresh"),
    Step("keys rotate", "{shown} --all"),
    Step("keys list", "{shown}"),
    Step("log", "table"),
    Step("log", "json"),
    Step("log", "csv"),
    Step("support", "--output {folder}/pack.zip"),
    # `password recover` and `revoke` come here: after them, the office has to begin anew.
    Step("keys forget", f"--database {KEYED} --yes"),
    Step("password forget", "--yes"),
    Step("demo", "--latency 0", more=()),
)


def commands_of(command: object, path: str = "") -> Iterator[str]:
    """The names of codalink's commands, as a user types them."""
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from commands_of(below, f"{path} {name}".strip())
    else:
        yield path


def all_commands() -> set[str]:
    """All of them."""
    return set(commands_of(typer.main.get_command(app)))


def keys_made(sandbox: Sandbox) -> dict[str, str]:
    """Every API key that is in any database now, by what it is."""
    found: dict[str, str] = {}
    for database in sandbox.world.databases():
        for user in database.users.values():
            found |= {f"API key {number} of {database.name}": key for number, key in enumerate(user.api_keys)}
    return found


def office_of_the_day() -> World:
    """Four databases in order on two servers, and a fifth whose company has no accounting firm yet, for `check --fix`."""
    world = small_office(databases=4, versions=VERSIONS)
    *_, number = islice(vat_numbers(), 5)
    company = Company("Klant 005", f"BE{number}", journals=(Journal(iban(363, 5)),))
    world.servers["odoo18"].add(make_database("klant-005", VERSIONS[0], [company], accountant(world)))
    return world
