"""The main commands of the matrix: how each one's office is made, what is typed, and when the world is in order after it.

To add a command, add a row to COMMANDS.
"""

import csv
import hashlib
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from codalink.sandbox import World, add_history
from codalink.sandbox.belgium import digits
from codalink.sandbox.demo_office import connect
from codalink.sandbox.histories import LeftOut
from codalink.sandbox.world import Journal
from codalink.secrets.keys import ApiKey, StoredKey
from codalink.secrets.masked import Secret
from tests.integration.keys.key_office import KeyOffice, today
from tests.integration.office import OFFICE_PASSWORD_SERVICE, connected_companies, readable_passwords
from tests.integration.terminal import repeated_blindly
from tests.matrix.offices import MatrixOffice, Way, plain_world

LAST = date(2026, 3, 31)
DAYS = 2
JSON_AND_RPC = (Way.JSON_RPC, Way.JSON_2)


def nothing(office: MatrixOffice) -> None:
    """No more to prepare."""
    del office


def all_is_well(office: MatrixOffice) -> Iterable[str]:
    """A command that only looks leaves nothing behind."""
    del office
    return ()


@dataclass(frozen=True)
class Row:
    """One command of the matrix.

    `arguments` may have `{folder}`, `{one}` and `{two}` (the servers' addresses) and `{shown}` (json or table) in them. `judge` names what
    is not in order after a run that ended well. `gives_data` says that its output is all there is to it, so that a run that says that it
    went well has to give the same data as a clean one.
    """

    name: str
    arguments: str
    world: Callable[[Way], World] = plain_world
    prepare: Callable[[MatrixOffice], None] = nothing
    judge: Callable[[MatrixOffice], Iterable[str]] = all_is_well
    ways: tuple[Way, ...] = JSON_AND_RPC
    clean_code: int = 0
    gives_data: bool = False
    is_set_up: bool = True
    reminding: int = 0
    """So many of its last uses of the keyring are only for a reminder, which it does without."""
    stdin: Callable[[MatrixOffice], str] = lambda _office: ""

    @property
    def has_formats(self) -> bool:
        """Whether it speaks JSON."""
        return "{shown}" in self.arguments

    def typed(self, office: MatrixOffice, shown: str) -> list[str]:
        """The command line for this office."""
        one, two = (server.url for server in office.sandbox.servers.values())
        known = {"folder": office.folder, "one": one, "two": two, "shown": shown}
        return [part.format_map(known) for part in self.arguments.split()]


# --- offices -----------------------------------------------------------------------------------------------------------------------------


def begun_world(way: Way) -> World:
    """One company is connected, the others are not."""
    world = plain_world(way)
    connect(world, world.database("klant-001"))
    return world


def with_office_password(office: MatrixOffice) -> None:
    office.keyring.items[OFFICE_PASSWORD_SERVICE, office.world.office_vat] = office.codalink.office.password


def joined_world(way: Way) -> World:
    """All three companies are connected."""
    world = plain_world(way)
    for database in world.databases():
        connect(world, database)
    return world


def world_with_revoke_wizards(way: Way) -> World:
    """The same, on a newer module, which asks for the office password before it revokes."""
    world = joined_world(way)
    for database in world.databases():
        database.flavour = database.flavour._replace(revoke_wizard=True)
    return world


def delivered_world(way: Way) -> World:
    """Two connected companies with statements, a new day for each at CodaBox, and payroll entries for one of them."""
    world = plain_world(way, databases=2)
    for database in world.databases():
        add_history(world, database, 1, LAST, DAYS)
        connect(world, database)
    first = world.database("klant-001")
    payroll = first.add_journal(1, Journal(name="Payroll", code="PAY", type="general"))
    first.row("res.company", 1)["l10n_be_codabox_soda_journal"] = payroll
    world.proxy.payroll[digits(first.partner_of(1)["vat"])] = ["SODA 2026/03"]
    for account in world.proxy.bank_accounts.values():
        account.pass_days(1)
    return world


def complete_world(way: Way) -> World:
    """Two connected companies whose statements are complete."""
    world = plain_world(way, databases=2)
    for database in world.databases():
        add_history(world, database, 1, LAST, 4)
        connect(world, database)
    return world


def gap_world(way: Way) -> World:
    """The same, with a gap in one account."""
    world = plain_world(way, databases=2)
    for database, damages in zip(world.databases(), ((LeftOut(2, 1),), ()), strict=True):
        add_history(world, database, 1, LAST, 6, *damages)
        connect(world, database)
    return world


def untidy_world(way: Way) -> World:
    """Each of three databases lacks something that `check --fix` sets."""
    world = plain_world(way)
    no_firm, no_feed, no_country = world.databases()
    del no_firm.row("res.company", 1)["account_representative_id"]
    no_feed.row("account.journal", 1)["bank_statements_source"] = "undefined"
    no_country.partner_of(1).pop("country_id")
    return world


def with_own_keys(office: MatrixOffice) -> None:
    """Every database has a key of its own, and codalink keeps it."""
    own = []
    for database in office.world.databases():
        user = database.users[2]
        key = user.add_key()
        user.api_keys = {key: user.api_keys[key]}
        origin = office.sandbox.url_of(database.name)
        own.append(StoredKey(origin, database.name, office.world.login, ApiKey(Secret(key), today())))
    keys_of(office).opened().keep(own)
    office.keyring.items.update(office.sandbox.keyring.items)


def keys_of(office: MatrixOffice) -> KeyOffice:
    """The office's keys, with the items that codalink's keyring has."""
    office.sandbox.keyring.items = office.keyring.items
    return KeyOffice(office.codalink)


# --- judges ------------------------------------------------------------------------------------------------------------------------------


def is_configured(office: MatrixOffice) -> Iterable[str]:
    """The configuration is whole, and the secrets are where it needs them."""
    written = tomllib.loads(office.codalink.config.read_text(encoding="utf-8"))
    if [source["server"] for source in written["source"]] != [server.url for server in office.sandbox.servers.values()]:
        yield "the configuration lacks a server"
    kept = [secret for (service, _), secret in office.keyring.items.items() if service == "codalink Odoo login"]
    if kept != [office.login_secret] * 2:
        yield "the keyring lacks a login"


def is_connected(office: MatrixOffice) -> Iterable[str]:
    """All are connected, by one first connection, whose password is at home; Odoo shows it nowhere, unless that was told."""
    contract = office.codalink.office
    for company, connected in connected_companies(office.world).items():
        if not connected:
            yield f"{company} is not connected"
    if contract.first_connections != 1:
        yield f"{contract.first_connections} first connections"
    if office.office_password() != contract.password:
        yield "the keyring has another office password"
    if readable_passwords(office.world) and "could not be wiped" not in office.said:
        yield "Odoo still shows the office password, untold"
    if repeated_blindly(office.sandbox):
        yield "a connection was made again without a look"


def has_valid_password(office: MatrixOffice) -> Iterable[str]:
    """The valid office password is at home, no other one beside it; Odoo shows none, unless that was told."""
    kept = {secret for (service, _), secret in office.keyring.items.items() if service == OFFICE_PASSWORD_SERVICE}
    if office.office_password() != office.codalink.office.password:
        yield "the keyring has another office password"
    if kept - {office.codalink.office.password}:
        yield "another office password stands beside it"
    if readable_passwords(office.world) and "could not be wiped" not in office.said:
        yield "Odoo still shows the office password, untold"


def is_revoked(office: MatrixOffice) -> Iterable[str]:
    """One is not connected any more, the others are, and the password is as it was."""
    if [company for company, connected in connected_companies(office.world).items() if not connected] != ["klant-001/1"]:
        yield "other companies are connected than should be"
    if len(office.codalink.office.connections) != 2:
        yield "CodaBox has another number of connections"
    yield from has_valid_password(office)


def is_tidy(office: MatrixOffice) -> Iterable[str]:
    """Firm, feed and country are set."""
    for database in office.world.databases():
        if "account_representative_id" not in database.row("res.company", 1):
            yield f"{database.name} has no accounting firm"
        if database.row("account.journal", 1)["bank_statements_source"] != "l10n_be_codabox":
            yield f"{database.name} has no feed"
        if "country_id" not in database.partner_of(1):
            yield f"{database.name} has no country"
        firms = [row for row in database.table("res.partner").rows.values() if office.world.office_vat in str(row.get("vat"))]
        if len(firms) > 1:
            yield f"{database.name} has the office {len(firms)} times"


def is_at_home(office: MatrixOffice) -> Iterable[str]:
    """All files are there, whole, and in the index: two a statement, one for the payroll."""
    root = office.folder / "files"
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    for name in ("index.csv", ".codalink.lock"):
        found.pop(name, None)
    if len(found) != 2 * 2 * (DAYS + 1) + 1:
        yield f"{len(found)} files"
    with (root / "index.csv").open(encoding="utf-8", newline="") as file:
        index = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    if index != {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}:
        yield "the index is not right"


def is_rotated(office: MatrixOffice) -> Iterable[str]:
    """Each database has a key that works, nothing is half exchanged, and none of the first ones works any more."""
    keys = keys_of(office)
    for name, stored in keys.stored().items():
        valid = keys.valid(name)
        if stored.key.reveal() not in valid:
            yield f"the key of {name} doesn't work"
        if stored.is_unfinished:
            yield f"the exchange for {name} is unfinished"
        if any(key.name == "codalink" for key in office.world.database(name).users[2].api_keys.values()):
            yield f"the old key of {name} is still valid"
    if len(keys.stored()) != len(office.world.databases()):
        yield "a key is lost"


def is_written(office: MatrixOffice) -> Iterable[str]:
    """The one letter is there, and whole."""
    found = [path for path in (office.folder / "letters").rglob("*") if path.is_file()]
    if len(found) != 1 or not found[0].read_text(encoding="utf-8").startswith("Subject:"):
        yield f"{len(found)} letters"


# --- the table ---------------------------------------------------------------------------------------------------------------------------

_SETUP = "setup --office-name Kantoor --office-vat 0771234528 --server {one} --server {two} --login codalink@kantoor-demo.example"

COMMANDS = (
    Row(
        "setup",
        f"{_SETUP} --secret-stdin --yes",
        judge=is_configured,
        is_set_up=False,
        stdin=lambda office: f"{office.login_secret}\n" * 2,
    ),
    Row("databases", "databases {shown}", gives_data=True),
    Row("check", "check {shown} --jobs 1", gives_data=True),
    Row("check --fix", "check {shown} --fix --yes --jobs 1", world=untidy_world, judge=is_tidy),
    Row("connect-all from nothing", "connect-all {shown} --yes --consent-timeout 0.3", judge=is_connected, ways=tuple(Way), reminding=2),
    Row(
        "connect-all of the rest",
        "connect-all {shown} --yes --consent-timeout 0.3",
        world=begun_world,
        prepare=with_office_password,
        judge=is_connected,
        reminding=2,
    ),
    Row("status --refresh", "status {shown} --refresh", world=begun_world, prepare=with_office_password, gives_data=True),
    Row(
        "retrieve --download",
        f"retrieve {{shown}} --all --jobs 1 --download {{folder}}/files --since {LAST - timedelta(days=DAYS - 1)}",
        world=delivered_world,
        judge=is_at_home,
    ),
    Row("statements check", "statements check {shown} --silent-after 99999", world=complete_world, gives_data=True),
    Row("keys list --refresh", "keys list {shown} --refresh", prepare=with_own_keys, gives_data=True),
    Row("keys rotate", "keys rotate {shown} --all --jobs 1", prepare=with_own_keys, judge=is_rotated),
    Row("letter missing", "letter missing --all --lang nl --output {folder}/letters", world=gap_world, judge=is_written),
    Row("password verify", "password verify --jobs 1", world=joined_world, prepare=with_office_password, judge=has_valid_password),
    Row("password rotate", "password rotate --yes --jobs 1", world=joined_world, prepare=with_office_password, judge=has_valid_password),
    Row("password recover", "password recover --jobs 1", world=joined_world, prepare=with_office_password, judge=has_valid_password),
    Row("revoke", "revoke --company klant-001 --yes --jobs 1", world=joined_world, prepare=with_office_password, judge=is_revoked),
    Row(
        "revoke with a wizard",
        "revoke --company klant-001 --yes --jobs 1",
        world=world_with_revoke_wizards,
        prepare=with_office_password,
        judge=is_revoked,
    ),
)
