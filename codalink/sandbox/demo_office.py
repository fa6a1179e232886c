"""The demo's office: an accounting office with customers of all kinds, and the troubles of real life, each exactly once.

What is wrong on purpose is written down in the world, as `planted`. Customers are made in `demo_customers`, most of their troubles
in `demo_troubles`.
"""

from datetime import timedelta

from codalink.sandbox.belgium import vat_number
from codalink.sandbox.codabox import OFFICE_PARAMETER, numbers_of
from codalink.sandbox.demo_customers import Customers
from codalink.sandbox.demo_troubles import add_troubles, set_mandates
from codalink.sandbox.environment import Environment
from codalink.sandbox.histories import SYSTEM, add_history
from codalink.sandbox.offices import OFFICE_VAT, new_world
from codalink.sandbox.proxy import Consent, Office
from codalink.sandbox.troubles import Trouble
from codalink.sandbox.world import CustomerDatabase, OdooServer, World

OTHER_OFFICE_VAT = "0772345672"
OTHER_OFFICE_NAME = "Bureau Exemple"

# Databases that are in order: name of the database, then the names of its companies.
_ON_18: dict[str, tuple[str, ...]] = {
    "bakkerij-kruimel": ("Bakkerij Kruimel BV",),
    "brouwerij-hoppebel": ("Brouwerij Hoppebel NV", "Hoppebel Taverne BV", "Hoppebel Vastgoed BV"),
    "dakwerken-leisteen": ("Dakwerken Leisteen BV",),
    "fietsen-de-ketting": ("Fietsen De Ketting BV",),
    "garage-bougie": ("Garage Bougie SRL",),
    "groothandel-zuivelhof": ("Groothandel Zuivelhof NV", "Zuivelhof Transport BV"),
    "imprimerie-papyrus": ("Imprimerie Papyrus SRL",),
    "kapsalon-schaartje": ("Kapsalon Schaartje",),
    "loonwerk-ploegschaar": ("Loonwerk Ploegschaar BV", "Ploegschaar Verhuur BV"),
    "menuiserie-copeau": ("Menuiserie Copeau SRL",),
}
_ON_19: dict[str, tuple[str, ...]] = {
    "apotheek-munthof": ("Apotheek Munthof BV",),
    "boucherie-du-lavoir": ("Boucherie du Lavoir SRL",),
    "chocolaterie-cabosse": ("Chocolaterie Cabosse SA", "Cabosse Boutiques SRL"),
    "drukkerij-inktvlek": ("Drukkerij Inktvlek BV",),
    "frituur-puntzak": ("Frituur Puntzak BV",),
    "ijssalon-poolster": ("IJssalon Poolster BV",),
    "librairie-marque-page": ("Librairie Marque-Page SRL",),
    "tuinen-groenhart": ("Tuinen Groenhart BV",),
}
_WITH_PAYROLL = {"Brouwerij Hoppebel NV", "Groothandel Zuivelhof NV", "Librairie Marque-Page SRL"}
_BANKS = {"fietsen-de-ketting": 734, "garage-bougie": 732}
"""Customers of KBC and of CBC, where signing a mandate is not enough; the others' banks come in turn."""


def demo_office() -> World:
    """Make the demo's world. The office has a contract with CodaBox and no connection yet."""
    world = new_world()
    customers = Customers(world)
    first, second = world.add(OdooServer("odoo18", "18.0")), world.add(OdooServer("odoo19", "19.0"))
    _add_orderly(customers, first, _ON_18)
    _add_orderly(customers, second, _ON_19)
    add_troubles(customers, first, second)
    _add_other_office(customers, second)
    _add_odd_but_orderly(customers, first, second)
    set_mandates(customers)
    return world


def _add_orderly(customers: Customers, server: OdooServer, databases: dict[str, tuple[str, ...]]) -> None:
    for name, companies in databases.items():
        bank = _BANKS.get(name, 0)
        made = (customers.company(company, bank=bank, has_payroll=company in _WITH_PAYROLL) for company in companies)
        customers.add(server, name, *made)


def _add_odd_but_orderly(customers: Customers, first: OdooServer, second: OdooServer) -> None:
    """Add what looks like trouble and is none: a check must not complain about it."""
    told_by_parameter = customers.add(first, "boekhandel-kaftje", customers.company("Boekhandel Kaftje BV", office=""))
    told_by_parameter.set_parameter(OFFICE_PARAMETER, f"BE{OFFICE_VAT}")
    number_beside = customers.company("Schoenmakerij De Leest VZW", vat="/", registry=vat_number(4_912_345))
    customers.add(second, "schoenmakerij-de-leest", number_beside)
    brewery = customers.world.database("brouwerij-hoppebel")
    customers.add_account(brewery, customers.journal(name="Dollarrekening", code="BNK2", currency="USD"))
    brewery.row("res.company", 2)["parent_id"] = 1
    bookshop = customers.world.database("librairie-marque-page")
    add_history(customers.world, bookshop, journal_id=1, until=customers.world.proxy.today() - timedelta(days=1))


def _add_other_office(customers: Customers, server: OdooServer) -> None:
    """Add a database with two companies of another office, one of them connected there already."""
    office = Office(OTHER_OFFICE_VAT, OTHER_OFFICE_NAME, consent=Consent.ALLOWED)
    office.is_registered, office.first_connections = True, 1
    customers.world.proxy.add_office(office)
    names = ("Fromagerie de la Meule SRL", "Meule Distribution SRL")
    companies = [customers.company(name, office=f"BE{OTHER_OFFICE_VAT}", office_name=OTHER_OFFICE_NAME) for name in names]
    database = customers.add(server, "fromagerie-meule", *companies)
    for name in names:
        customers.plant(Trouble.OTHER_OFFICE, database, name)
    connect(customers.world, database, company_id=1)


def connect(world: World, database: CustomerDatabase, company_id: int = 1) -> None:
    """Make a company connected, consent included, as if its office had done it long ago.

    The office must have a contract. Use it before the sandbox starts, to begin with a customer already connected.
    """
    company_vat, office_vat = numbers_of(Environment(world, database, SYSTEM, {}).browse("res.company", company_id))
    proxy = world.proxy
    if not proxy.office(office_vat).is_registered:
        proxy.connect_first(company_vat, office_vat)
        proxy.give_consent(office_vat)
    office = proxy.office(office_vat)
    token, _ = proxy.connect_further(company_vat, office_vat, office.password)
    database.row("res.company", company_id).update(l10n_be_codabox_iap_token=token, l10n_be_codabox_is_connected=True)
