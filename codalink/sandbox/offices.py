"""Plain offices for tests and benchmarks: many databases that are all in order."""

import secrets

from codalink.sandbox.belgium import iban, vat_numbers
from codalink.sandbox.proxy import Office, Proxy
from codalink.sandbox.world import Company, Flavour, Journal, OdooServer, User, World, make_database

LOGIN = "codalink@kantoor-demo.example"
OFFICE_NAME = "Kantoor Demo"
OFFICE_VAT = "0771234528"
BANK_CODES = (1, 63, 230, 363, 377, 539, 751, 973)


def accountant(password: str, language: str = "nl_BE") -> User:
    """Make the accountant's administrator account, as in every database of the office."""
    return User(2, LOGIN, password, lang=language)


def new_world() -> World:
    """Make an empty world with the office's contract and a random password for the accountant."""
    proxy = Proxy()
    proxy.add_office(Office(OFFICE_VAT, OFFICE_NAME))
    return World(
        proxy,
        login=LOGIN,
        password=secrets.token_urlsafe(12),
        office_name=OFFICE_NAME,
        office_vat=OFFICE_VAT,
    )


def small_office(databases: int = 3, companies: int = 1, versions: tuple[str, ...] = ("18.0",)) -> World:
    """Make an office whose databases `klant-001`… are spread over one server per version (`odoo18`, `odoo19`)."""
    world = new_world()
    for version in versions:
        world.add(OdooServer(f"odoo{version.partition('.')[0]}", version))
    servers = list(world.servers.values())
    numbers = vat_numbers()
    flavours = {server.name: Flavour(server.version) for server in servers}
    for index in range(databases):
        server = servers[index % len(servers)]
        made = [_company(f"Klant {index + 1:03d}", part, next(numbers), companies) for part in range(companies)]
        name = f"klant-{index + 1:03d}"
        user = accountant(world.password)
        server.add(make_database(name, server.version, made, user, flavours[server.name]))
    return world


def large_office(databases: int = 2000) -> World:
    """Make a big office of single-company databases, half on each version."""
    return small_office(databases, versions=("18.0", "19.0"))


def _company(name: str, part: int, vat: str, parts: int) -> Company:
    code = BANK_CODES[int(vat[:8]) % len(BANK_CODES)]
    journal = Journal(iban(code, int(vat[1:8])))
    full_name = name if parts == 1 else f"{name} afdeling {part + 1}"
    return Company(full_name, f"BE{vat}", f"BE{OFFICE_VAT}", OFFICE_NAME, journals=(journal,))
