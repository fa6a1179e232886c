"""Plain offices for tests and benchmarks: many databases that are all in order."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from codalink.sandbox.belgium import digits, iban, vat_numbers
from codalink.sandbox.coda import BankAccount
from codalink.sandbox.histories import book_bare, working_days
from codalink.sandbox.mandates import Mandate
from codalink.sandbox.proxy import Office, Proxy
from codalink.sandbox.users import User
from codalink.sandbox.versions import parse_version
from codalink.sandbox.world import Company, Flavour, Journal, OdooServer, World, make_database

LOGIN = "codalink@kantoor-demo.example"
OFFICE_NAME = "Kantoor Demo"
OFFICE_VAT = "0771234528"
BANK_CODES = (1, 63, 230, 363, 377, 539, 751, 973)


def accountant(world: World, language: str = "nl_BE") -> User:
    """Make the accountant's administrator account, with password and API key, as in every database of the office."""
    return User(2, world.login, world.password, (world.api_key,), lang=language)


def new_world() -> World:
    """Make an empty world with the office's contract and a random password for the accountant."""
    proxy = Proxy()
    proxy.add_office(Office(OFFICE_VAT, OFFICE_NAME))
    return World(
        proxy,
        login=LOGIN,
        password=secrets.token_urlsafe(12),
        api_key=secrets.token_hex(20),
        office_name=OFFICE_NAME,
        office_vat=OFFICE_VAT,
    )


def small_office(databases: int = 3, companies: int = 1, versions: tuple[str, ...] = ("18.0",)) -> World:
    """Make an office whose databases `klant-001`… are spread over one server per version (`odoo18`, `odoo19`)."""
    world = new_world()
    for version in versions:
        world.add(OdooServer(f"odoo{version.partition('.')[0]}", version))
    spread(world, databases, companies)
    return world


def large_office(databases: int = 2000, versions: Sequence[str] | None = None, statements: int = 0) -> World:
    """Make a big office of single-company databases, spread evenly over versions: 18.0 and 19.0 unless given.

    With `statements`, each account has so many of them, up to yesterday, without their files.
    """
    world = small_office(databases, versions=tuple(versions or ("18.0", "19.0")))
    if statements:
        # The same for all: what they say makes no difference, and half a million take long to make.
        history = working_days(BankAccount("BE56539001800388", "", ""), statements)
        late = world.proxy.today() - timedelta(days=1) - history[-1].day
        moved = [replace(one, day=one.day + late, old_day=one.old_day + late) for one in history]
        for database in world.databases():
            book_bare(database, 1, moved)
    return world


def spread(world: World, databases: int, companies: int = 1) -> None:
    """Deal out databases `klant-001`… to the servers there are, each with so many companies that are all in order."""
    servers = list(world.servers.values())
    numbers = vat_numbers()
    flavours = {server.name: usual_flavour(server.version) for server in servers}
    for index in range(databases):
        server = servers[index % len(servers)]
        made = [_company(f"Klant {index + 1:03d}", part, next(numbers), companies) for part in range(companies)]
        name = f"klant-{index + 1:03d}"
        for company in made:
            for journal in company.journals:
                world.proxy.add_mandate(Mandate(journal.iban, company.name, digits(company.vat), OFFICE_VAT))
        server.add(make_database(name, server.version, made, accountant(world), flavours[server.name]))


def usual_flavour(version: str) -> Flavour:
    """Give what a version usually brings: 17's module has no field for the office's number, and 17 makes no keys over RPC."""
    is_old = parse_version(version).major < 18
    return Flavour(version, fiduciary_vat_field=not is_old, keys_over_rpc=not is_old)


def _company(name: str, part: int, vat: str, parts: int) -> Company:
    code = BANK_CODES[int(vat[:8]) % len(BANK_CODES)]
    journal = Journal(iban(code, int(vat[1:8])))
    full_name = name if parts == 1 else f"{name} afdeling {part + 1}"
    return Company(full_name, f"BE{vat}", f"BE{OFFICE_VAT}", OFFICE_NAME, journals=(journal,))
