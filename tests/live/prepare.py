"""Makes databases fit for one flow: a new office, customers with new numbers and accounts, nothing connected. Over RPC only.

Each flow begins with an office that CodaBox has never heard of, so databases can be used again and again. What is there from before
is left, but for bank journals, which are archived. Databases without our stand-in add-on are refused: this is for no customer's data.
"""

import secrets
from dataclasses import dataclass

from codalink.sandbox.belgium import iban, spaced, vat_number
from tests.live.remote import Odoo, RemoteError, StandInProxy

ADDON = "l10n_be_codabox"
MARK = "codalink.live.key"
"""A model that only our add-on has."""
ADDRESS = "l10n_be_codabox.stand_in_proxy"
FEED = "l10n_be_codabox"
OFFICE_NAME = "Kantoor Proef"
WIZARDS = tuple(f"l10n_be_codabox.{kind}.wizard" for kind in ("connection", "validation", "change.password"))
_BANK = 363


@dataclass(frozen=True)
class PreparedOffice:
    """The office of one flow. `vat` is ten digits."""

    vat: str
    name: str = OFFICE_NAME


def make_database(odoo: Odoo, master_password: str, database: str) -> None:
    """Make a Belgian database without demonstration data, whose administrator is the account, and install the add-on in it."""
    with_demonstration = False
    odoo.service("db", "create_database", master_password, database, with_demonstration, "en_US", odoo.secret, odoo.login, "BE")
    install_addon(odoo, database)


def install_addon(odoo: Odoo, database: str) -> None:
    """Install the add-on where it isn't; it must be in the server's addons path."""
    odoo.call(database, "ir.module.module", "update_list")
    found = odoo.call(database, "ir.module.module", "search_read", [["name", "=", ADDON]], fields=["state"])
    if not found:
        raise RemoteError(f"{odoo.url} has no add-on {ADDON}: put tests/live/addons into its addons path")
    if found[0]["state"] != "installed":
        odoo.call(database, "ir.module.module", "button_immediate_install", [found[0]["id"]])


def prepare_office(odoo: Odoo, proxy: StandInProxy, proxy_url_for_odoo: str, databases: tuple[str, ...]) -> PreparedOffice:
    """Make a new office with a contract, and each database one of its customers, not connected yet."""
    office = PreparedOffice(_new_vat())
    for database in databases:
        _refuse_customers(odoo, database)
        odoo.call(database, "ir.config_parameter", "set_param", ADDRESS, proxy_url_for_odoo)
        _forget_wizards(odoo, database)
        _prepare_company(odoo, database, office)
    proxy.order("new_office", office.vat, office.name, proxy.url)
    return office


def make_key(odoo: Odoo, database: str) -> str:
    """Make an API key for the account in one database."""
    return str(odoo.call(database, MARK, "make", "codalink's tests"))


def _new_vat() -> str:
    return vat_number(4_000_000 + secrets.randbelow(1_000_000))


def _refuse_customers(odoo: Odoo, database: str) -> None:
    if not odoo.call(database, "ir.model", "search_count", [["model", "=", MARK]]):
        raise RemoteError(f"{database} has not the stand-in add-on of tests/live installed, so it may be a customer's: it was left alone")


def _forget_wizards(odoo: Odoo, database: str) -> None:
    for model in WIZARDS:
        if left := odoo.call(database, model, "search", []):
            odoo.call(database, model, "unlink", left)


def _prepare_company(odoo: Odoo, database: str, office: PreparedOffice) -> None:
    """Give the first company a new number, the office as its accounting firm, and one bank journal with a new account."""
    (belgium,) = odoo.call(database, "res.country", "search", [["code", "=", "BE"]])
    contact = {"name": office.name, "vat": f"BE{office.vat}", "country_id": belgium, "is_company": True}
    firm = odoo.call(database, "res.partner", "create", contact)
    company = odoo.call(database, "res.company", "search", [], order="id", limit=1)
    vat = _new_vat()
    numbers = {"country_id": belgium, "vat": f"BE{vat}", "company_registry": vat}
    connection = {"l10n_be_codabox_iap_token": False, "l10n_be_codabox_is_connected": False}
    values = {"name": f"Klant {database}", **numbers, "account_representative_id": firm, **connection}
    odoo.call(database, "res.company", "write", company, values)
    if journals := odoo.call(database, "account.journal", "search", [["type", "=", "bank"], ["company_id", "=", company[0]]]):
        odoo.call(database, "account.journal", "write", journals, {"active": False})
    account = spaced(iban(_BANK, secrets.randbelow(10_000_000)))
    code = f"B{secrets.randbelow(10_000):04d}"
    bank = {"name": f"Bank {code}", "code": code, "type": "bank", "company_id": company[0]}
    odoo.call(database, "account.journal", "create", {**bank, "bank_acc_number": account, "bank_statements_source": FEED})
