"""The world on which the recordings were made, with its ids, names, passwords and amounts."""

from decimal import Decimal

from codalink.sandbox.belgium import iban as make_iban
from codalink.sandbox.belgium import vat_number
from codalink.sandbox.coda import BankAccount
from codalink.sandbox.proxy import Office, Proxy
from codalink.sandbox.users import USER_GROUP, User
from codalink.sandbox.world import (
    Company,
    CustomerDatabase,
    Flavour,
    Journal,
    OdooServer,
    Partner,
    World,
)

OFFICE_VAT = "0123456749"
OFFICE_VAT_IN_ODOO = f"BE{OFFICE_VAT}"
OFFICE_PASSWORD = "OfficePassword16"  # noqa: S105 - the recordings'
ADMIN_KEY = "a1" * 20
CLERK_KEY = "c1" * 20

_OFFICE_NAME = "Kantoor Testmans"
_FIRST_TOKEN = "e5" * 16
_AMOUNTS = {
    "18.0": (("659.12", "-813.70", "-1370.00"), ("-373.85", "-1797.69", "1217.24")),
    "19.0": (("525.03", "470.44", "1978.59"), ("133.08", "-435.57", "2377.70")),
}
_IBANS = {"18.0": "BE56539001800388", "19.0": "BE04363001900331"}


def recorded_server(version: str, *, list_db: bool = True) -> World:
    """Make the world of one file of recordings: a server `odoo` with the databases `c18_01`… or `c19_01`…

    The office has its contract; a replay that begins before it takes it away first.
    """
    world = World(_proxy(version), login="admin", password="admin", office_name=_OFFICE_NAME, office_vat=OFFICE_VAT)  # noqa: S106
    server = world.add(OdooServer("odoo", version, list_db=list_db))
    major = version.partition(".")[0]
    for number in range(1, 5 if major == "18" else 7):
        company = _company(f"Klant C{major} {number:02d}", version, number)
        server.add(_database(f"c{major}_{number:02d}", version, company))
    multi = server.add(_database(f"x{major}_multi", version, _company(f"Klant X{major} MULTI", version, 90)))
    multi.add_company(_company(f"Klant X{major} MULTI BIS", version, 91))
    multi.add_company(Company(f"Klant X{major} MULTI FRANCE", country="FR"))
    nofirm = Company(f"Klant X{major} NOFIRM", _vat(version, 60))
    server.add(_database(f"x{major}_nofirm", version, nofirm))
    badvat = Company(f"Klant X{major} BADVAT", "BE0123456789", OFFICE_VAT_IN_ODOO, _OFFICE_NAME)
    server.add(_database(f"x{major}_badvat", version, badvat))
    nomodule = Company(f"Klant X{major} NOMODULE", _vat(version, 70))
    server.add(_database(f"x{major}_nomodule", version, nomodule, codabox=False))
    return world


def _proxy(version: str) -> Proxy:
    proxy = Proxy()
    proxy.fixed_token = _FIRST_TOKEN
    office = Office(OFFICE_VAT, _OFFICE_NAME, OFFICE_PASSWORD, "consent-token-of-the-office-0001")
    proxy.add_office(office)
    vat = _vat(version, 3).removeprefix("BE")
    account = BankAccount(_IBANS[version], f"LAB COMPANY {vat}", vat)
    for day, amounts in zip(("2026-01-05", "2026-01-06"), _AMOUNTS[version], strict=True):
        texts = (f"LAB PAYMENT {day} {index}" for index in range(1, 4))
        account.add_day(tuple(zip(texts, map(Decimal, amounts), strict=True)), prefix="LAB")
    proxy.bank_accounts[account.iban] = account
    return proxy


def _vat(version: str, number: int) -> str:
    """Give a company's number; its first eight digits tell version and kind of database."""
    return f"BE{vat_number(2_000_000 + int(version[:2]) * 1_000 + number)}"


def _company(name: str, version: str, number: int) -> Company:
    return Company(name, _vat(version, number), OFFICE_VAT_IN_ODOO, _OFFICE_NAME)


def _database(name: str, version: str, company: Company, *, codabox: bool = True) -> CustomerDatabase:
    """Make a database with the ids that Odoo gave out on each version."""
    is_18 = version == "18.0"
    database = CustomerDatabase(name, Flavour(version, codabox=codabox))
    database.add_user(User(2, "admin", "admin", {ADMIN_KEY}))
    database.add_user(User(6 if is_18 else 5, "clerk", "clerk", {CLERK_KEY}, frozenset({USER_GROUP})))
    partners, journals = database.table("res.partner"), database.table("account.journal")
    partners.last_id = 7 if is_18 else 6
    database.add_partner(Partner(_OFFICE_NAME, OFFICE_VAT_IN_ODOO))
    office_id, partners.last_id = partners.last_id, 0
    database.add_company(company)
    partners.last_id = office_id
    journals.last_id = 9 if is_18 else 8
    database.add_journal(1, Journal(name="Miscellaneous Operations", code="MISC", type="general"))
    journals.last_id = 12 if is_18 else 11
    iban = _IBANS[version] if name.endswith("_03") else _other_iban(version, company)
    database.add_journal(1, Journal(iban))
    return database


def _other_iban(version: str, company: Company) -> str:
    return make_iban(539 if version == "18.0" else 363, int(company.vat[3:10]) % 1_000_000)
