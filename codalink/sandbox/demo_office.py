"""The demo's office: 28 databases on three servers, and the troubles of real life, each exactly once.

All names are made up. VAT numbers and IBANs are valid by their check digits and belong to nobody we know of.
"""

from collections.abc import Iterator

from codalink.sandbox.belgium import iban, vat_numbers
from codalink.sandbox.offices import BANK_CODES, OFFICE_NAME, OFFICE_VAT, accountant, new_world
from codalink.sandbox.proxy import Consent, Office
from codalink.sandbox.world import Company, CustomerDatabase, Flavour, Journal, OdooServer, World, make_database

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


def demo_office() -> World:
    """Make the demo's world. The office has a contract with CodaBox and no connection yet."""
    world = new_world()
    builder = _Builder(world)
    builder.add_orderly(world.add(OdooServer("odoo18", "18.0")), _ON_18)
    builder.add_orderly(world.add(OdooServer("odoo19", "19.0")), _ON_19)
    builder.add_troubles_of_companies(world.servers["odoo18"], world.servers["odoo19"])
    builder.add_troubles_of_databases(world.servers["odoo18"], world.servers["odoo19"])
    builder.add_other_office(world.servers["odoo19"])
    down = world.add(OdooServer("odoo-down", "18.0", is_up=False))
    builder.add(down, "schrijnwerken-zaagsel", builder.company("Schrijnwerken Zaagsel BV"))
    return world


class _Builder:
    """Gives each company a VAT number and each journal an IBAN of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers: Iterator[str] = vat_numbers()
        self._accounts = 0

    def add_orderly(self, server: OdooServer, databases: dict[str, tuple[str, ...]]) -> None:
        for name, companies in databases.items():
            self.add(server, name, *(self.company(company) for company in companies))

    def add_troubles_of_companies(self, first: OdooServer, second: OdooServer) -> None:
        self.add(first, "optiek-brilduif", self.company("Optiek Brilduif BV", office=""))
        self.add(first, "slagerij-hakmes", self.company("Slagerij Hakmes BV", vat="BE0498765432"))
        foreign = Company("Épicerie Frontalière SARL", office=f"BE{OFFICE_VAT}", country="FR")
        self.add(second, "epicerie-frontaliere", foreign)
        self.add(first, "konditorei-zoe", self.company("Bäckerei [bold]Zoë[/bold] & Söhne"))
        two_feeds = (self.journal(), self.journal(source="online_sync", name="Spaarrekening", code="BNK2"))
        self.add(second, "hotel-de-draaideur", self.company("Hotel De Draaideur NV", journals=two_feeds), feeds=True)
        self.add(second, "atelier-sans-banque", self.company("Atelier Sans Banque SRL", journals=()))

    def add_troubles_of_databases(self, first: OdooServer, second: OdooServer) -> None:
        without = Flavour(first.version, codabox=False)
        self.add(first, "taxi-lantaarn", self.company("Taxi Lantaarn BV"), flavour=without)
        refused = self.add(second, "wasserij-zeepbel", self.company("Wasserij Zeepbel BV"))
        refused.users[2].password = "a password that the office was not told"  # noqa: S105 - nobody's

    def add_other_office(self, server: OdooServer) -> None:
        """Add a database with two companies of another office, one of them connected there already."""
        office = Office(OTHER_OFFICE_VAT, OTHER_OFFICE_NAME, consent=Consent.ALLOWED)
        office.is_registered, office.first_connections = True, 1
        self._world.proxy.add_office(office)
        companies = [
            self.company(name, office=f"BE{OTHER_OFFICE_VAT}", office_name=OTHER_OFFICE_NAME)
            for name in ("Fromagerie de la Meule SRL", "Meule Distribution SRL")
        ]
        database = self.add(server, "fromagerie-meule", *companies)
        connect(self._world, database, company_id=1)

    def add(
        self,
        server: OdooServer,
        name: str,
        *companies: Company,
        flavour: Flavour | None = None,
        feeds: bool = False,
    ) -> CustomerDatabase:
        kind = flavour or Flavour(server.version, other_feeds=feeds)
        user = accountant(self._world)
        return server.add(make_database(name, server.version, companies, user, kind))

    def company(
        self,
        name: str,
        vat: str = "",
        office: str = f"BE{OFFICE_VAT}",
        office_name: str = OFFICE_NAME,
        journals: tuple[Journal, ...] | None = None,
    ) -> Company:
        number = vat or f"BE{next(self._numbers)}"
        made = (self.journal(),) if journals is None else journals
        sundry = Journal(name="Diverse verrichtingen", code="MISC", type="general")
        return Company(name, number, office, office_name, journals=(*made, sundry))

    def journal(self, source: str = "l10n_be_codabox", name: str = "Bank", code: str = "BNK1") -> Journal:
        self._accounts += 1
        bank = BANK_CODES[self._accounts % len(BANK_CODES)]
        return Journal(iban(bank, 1_000_000 + 7_919 * self._accounts), source, name, code)


def connect(world: World, database: CustomerDatabase, company_id: int = 1) -> None:
    """Make a company connected, consent included, as if its office had done it long ago.

    The office must have a contract. Use it before the sandbox starts, to begin with a customer already connected.
    """
    row = database.row("res.company", company_id)
    partners = database.table("res.partner").rows
    company_vat = str(partners[row["partner_id"]]["company_registry"])
    office_vat = str(partners[row["account_representative_id"]]["company_registry"])
    proxy = world.proxy
    if not proxy.office(office_vat).is_registered:
        proxy.connect_first(company_vat, office_vat)
        proxy.give_consent(office_vat)
    office = proxy.office(office_vat)
    token, _ = proxy.connect_further(company_vat, office_vat, office.password)
    row |= {"l10n_be_codabox_iap_token": token, "l10n_be_codabox_is_connected": True}
