"""The demo's troubles, one place each: out of reach, in the database, with the company's numbers or its office, with a bank account."""

from dataclasses import replace
from datetime import timedelta

from codalink.sandbox.demo_customers import OUR_VAT, Customers
from codalink.sandbox.histories import Damage, Doubled, LeftOut, add_history
from codalink.sandbox.listings import add_test_copy
from codalink.sandbox.mandates import MandateState
from codalink.sandbox.offices import OFFICE_NAME, OFFICE_VAT
from codalink.sandbox.troubles import Trouble
from codalink.sandbox.users import ACCOUNTING_GROUP, ADMIN_GROUP
from codalink.sandbox.world import Company, Flavour, Journal, OdooServer, Partner

_OLD = timedelta(days=70)
_DAYS = 120
"""So long are histories in which something is wrong: long enough to be seen on a timeline of a year."""
_DAMAGES: dict[str, tuple[Trouble, Damage]] = {
    "apotheek-munthof": (Trouble.STATEMENTS_MISSING, LeftOut(60, count=9)),
    "groothandel-zuivelhof": (Trouble.STATEMENT_TWICE, Doubled(100)),
}
_FOREIGN_IBAN = "LU140018123456700000"
_MANDATES: dict[str, tuple[MandateState, str]] = {
    "boucherie-du-lavoir": (MandateState.REGISTERED, ""),
    "dakwerken-leisteen": (MandateState.IN_PREPARATION, "The client's e-mail address is missing"),
    "fietsen-de-ketting": (MandateState.AWAITING_SIGNATURE, ""),
    "garage-bougie": (MandateState.AWAITING_SIGNATURE, ""),
    "imprimerie-papyrus": (MandateState.SIGNED, ""),
    "drukkerij-inktvlek": (MandateState.BANK_PROCEDURE, "Sent to the bank"),
    "loonwerk-ploegschaar": (MandateState.PROBLEM, "The signatory is not authorised for this account"),
    "kapsalon-schaartje": (MandateState.ARCHIVED, "Stopped by the client"),
    "menuiserie-copeau": (MandateState.NONE, ""),
}


def add_troubles(customers: Customers, first: OdooServer, second: OdooServer) -> None:
    """Add the customers with whom something is wrong, and what is wrong with orderly ones."""
    _add_wrong_companies(customers, first, second)
    _add_wrong_databases(customers, first)
    _add_wrong_rights(customers, first, second)
    _add_wrong_firms(customers, first, second)
    _add_wrong_accounts(customers, second)
    _add_unreachable(customers, first, second)
    _add_broken_histories(customers)
    copy = add_test_copy(customers.world, "tuinen-groenhart")
    customers.plant(Trouble.TEST_COPY, copy, "Tuinen Groenhart BV")


def _add_wrong_companies(customers: Customers, first: OdooServer, second: OdooServer) -> None:
    def add(trouble: Trouble, server: OdooServer, name: str, company: Company) -> None:
        customers.plant(trouble, customers.add(server, name, company), company.name)

    add(Trouble.FIRM_MISSING, first, "optiek-brilduif", customers.company("Optiek Brilduif BV", office=""))
    add(Trouble.NUMBER_INVALID, first, "slagerij-hakmes", customers.company("Slagerij Hakmes BV", vat="BE0498765432"))
    foreign = customers.company("Épicerie Frontalière SARL", vat="FR50912345670", journals=(), country="FR", language="fr_FR")
    add(Trouble.COUNTRY_FOREIGN, second, "epicerie-frontaliere", foreign)
    customers.add(first, "konditorei-zoe", customers.company("Bäckerei [bold]Zoë[/bold] & Söhne"))
    workshop = customers.company("Atelier Sans Banque SRL", journals=())
    add(Trouble.NO_BANK_JOURNAL, second, "atelier-sans-banque", workshop)
    customers.add_mandate(workshop.name, workshop.vat.removeprefix("BE"), OFFICE_VAT, customers.journal())  # and Odoo lacks the journal
    add(Trouble.COUNTRY_MISSING, first, "rijschool-achteruit", customers.company("Rijschool Achteruit BV", country=""))
    add(Trouble.NUMBER_MISSING, second, "fleuriste-tournesol", customers.company("Fleuriste Tournesol SRL", vat="/"))


def _add_wrong_databases(customers: Customers, server: OdooServer) -> None:
    taxi = customers.company("Taxi Lantaarn BV", journals=(customers.journal("undefined"),))
    database = customers.add(server, "taxi-lantaarn", taxi, flavour=Flavour(server.version, codabox=False))
    customers.plant(Trouble.MODULE_NOT_INSTALLED, database, taxi.name)
    camping = customers.company("Camping De Haring BV", journals=(customers.journal("undefined"),))
    database = customers.add(server, "camping-de-haring", camping, flavour=Flavour(server.version, codabox=False, is_community=True))
    customers.plant(Trouble.MODULE_NOT_ON_OFFER, database, camping.name)
    old = customers.world.add(OdooServer("odoo16", "16.0"))
    handyman = customers.company("Klusbedrijf Schroefje BV")
    flavour = Flavour(old.version, old_module=True, fiduciary_vat_field=False)
    database = customers.add(old, "klusbedrijf-schroefje", handyman, flavour=flavour)
    customers.plant(Trouble.ODOO_TOO_OLD, database, handyman.name)
    customers.plant(Trouble.MODULE_TOO_OLD, database, handyman.name)


def _add_wrong_rights(customers: Customers, first: OdooServer, second: OdooServer) -> None:
    flowers = customers.company("Bloemen Vergeet-mij-niet BV")
    database = customers.add(first, "bloemen-vergeetmijniet", flowers)
    database.users[2].groups -= {ADMIN_GROUP}
    customers.plant(Trouble.NO_SETTINGS_RIGHT, database, flowers.name)
    tearoom = customers.company("Thames Tearoom BV", language="en_US")
    database = customers.add(second, "thames-tearoom", tearoom)
    database.users[2].groups -= {ACCOUNTING_GROUP}
    customers.plant(Trouble.NO_ACCOUNTING_RIGHT, database, tearoom.name)


def _add_wrong_firms(customers: Customers, first: OdooServer, second: OdooServer) -> None:
    joinery = customers.company("Schreinerei Holzwurm GmbH", office="")
    database = customers.add(second, "schreinerei-holzwurm", joinery)
    database.set_firm(1, database.add_partner(Partner(OFFICE_NAME)))
    customers.plant(Trouble.FIRM_WITHOUT_NUMBER, database, joinery.name)
    lingerie = customers.company("Lingerie Zijdelings BV", office=f"{OUR_VAT[:-1]}9")
    customers.plant(Trouble.FIRM_NUMBER_INVALID, customers.add(first, "lingerie-zijdelings", lingerie), lingerie.name)
    hairdresser = customers.company("Coiffure Ciseaux SRL", office="")
    database = customers.add(second, "coiffure-ciseaux", hairdresser)
    database.set_firm(1, database.row("res.company", 1)["partner_id"])
    customers.plant(Trouble.FIRM_IS_CUSTOMER, database, hairdresser.name)
    fishmonger = customers.company("Viswinkel Graatje BV", office="")
    database = customers.add(first, "viswinkel-graatje", fishmonger)
    for name in (OFFICE_NAME, f"{OFFICE_NAME} (oud adres)"):
        database.add_partner(Partner(name, OUR_VAT))
    customers.plant(Trouble.FIRM_AMBIGUOUS, database, fishmonger.name)


def _add_wrong_accounts(customers: Customers, second: OdooServer) -> None:
    """Give customers a second journal, with which something is wrong."""
    hotel = customers.company("Hotel De Draaideur NV")
    customers.add(second, "hotel-de-draaideur", hotel, flavour=Flavour(second.version, other_feeds=True))

    def add(trouble: Trouble, name: str, journal: Journal, company_id: int = 1) -> None:
        database = customers.world.database(name)
        customers.add_account(database, journal, company_id)
        customers.plant(trouble, database, database.partner_of(company_id)["name"], journal.iban or journal.name)

    good = customers.journal(name="Spaarrekening", code="BNK2")
    add(Trouble.OTHER_FEED, "hotel-de-draaideur", replace(good, source="online_sync"))
    add(Trouble.FEED_UNDEFINED, "frituur-puntzak", customers.journal("undefined", "Spaarrekening", "BNK2"))
    add(Trouble.IBAN_MISSING, "groothandel-zuivelhof", replace(good, iban="", name="Kredietlijn"))
    add(Trouble.IBAN_INVALID, "chocolaterie-cabosse", Journal("BE71096123456760", name="Compte épargne", code="BNK2"))
    add(Trouble.IBAN_FOREIGN, "brouwerij-hoppebel", Journal(_FOREIGN_IBAN, name="Rekening Luxemburg", code="BNK2"), company_id=3)
    twice = customers.first_account("ijssalon-poolster")
    add(Trouble.IBAN_TWICE, "ijssalon-poolster", Journal(twice, name="Bank (oud)", code="BNK2"))


def _add_unreachable(customers: Customers, first: OdooServer, second: OdooServer) -> None:
    refused = customers.add(second, "wasserij-zeepbel", customers.company("Wasserij Zeepbel BV"))
    refused.users[2].password = "a password that the office was not told"  # noqa: S105 - nobody's
    customers.plant(Trouble.LOGIN_REFUSED, refused)
    down = customers.world.add(OdooServer("odoo-down", first.version, is_up=False))
    customers.plant(Trouble.SERVER_DOWN, customers.add(down, "schrijnwerken-zaagsel", customers.company("Schrijnwerken Zaagsel BV")))


def _add_broken_histories(customers: Customers) -> None:
    """Let statements that came in long before the demo not add up."""
    for name, (trouble, damage) in _DAMAGES.items():
        database = customers.world.database(name)
        add_history(customers.world, database, 1, customers.world.proxy.today() - timedelta(days=1), _DAYS, damage)
        customers.plant(trouble, database, database.partner_of(1)["name"], customers.first_account(name))


def set_mandates(customers: Customers) -> None:
    """Let mandates stand in every state there is, each with its first journal's account; only from active ones, statements come."""
    for name, (state, reason) in _MANDATES.items():
        account = customers.first_account(name)
        customers.set_mandate(account, state, reason)
        database = customers.world.database(name)
        trouble = Trouble.NO_STATEMENT
        if state is MandateState.ARCHIVED:
            trouble = Trouble.STATEMENTS_OLD
            add_history(customers.world, database, journal_id=1, until=customers.world.proxy.today() - _OLD)
        customers.plant(trouble, database, database.partner_of(1)["name"], account)
