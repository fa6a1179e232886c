"""The state of the simulated office: servers, customer databases, records. No behaviour of Odoo in here.

Records are plain rows as PostgreSQL would hold them: a many2one is an id, what is unset is simply not there.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from codalink.sandbox.belgium import digits, spaced
from codalink.sandbox.troubles import Planted
from codalink.sandbox.users import User
from codalink.sandbox.versions import parse_version

if TYPE_CHECKING:
    from codalink.sandbox.proxy import Proxy

Row = dict[str, Any]

ALL_PROTOCOLS = frozenset({"jsonrpc", "json2", "xmlrpc"})
COUNTRY_IDS = {"BE": 20, "DE": 57, "FR": 75, "LU": 133, "NL": 165}
CURRENCY_IDS = {"EUR": 126, "GBP": 143, "USD": 1}


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal to be made. An IBAN is given without spaces, valid or not; ``""`` makes a journal without account number.

    A currency is named where it is another than the company's.
    """

    iban: str = ""
    source: str = "l10n_be_codabox"
    name: str = "Bank"
    code: str = "BNK1"
    type: str = "bank"
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """A contact to be made. A VAT is stored as given, valid or not; `registry` is the number beside it, the VAT's digits unless told.

    A country is its code, ``""`` for none; a language is Odoo's code, as ``nl_BE``.
    """

    name: str
    vat: str = ""
    country: str = "BE"
    email: str = ""
    phone: str = ""
    language: str = ""
    registry: str = ""
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """A company to be made, with its own contact. `office` is the Accounting Firm's VAT, ``""`` where none is set.

    A branch names its `parent` by id.
    """

    name: str
    vat: str = ""
    office: str = ""
    office_name: str = "Kantoor Demo"
    country: str = "BE"
    journals: tuple[Journal, ...] = ()
    email: str = ""
    language: str = ""
    office_email: str = ""
    office_language: str = ""
    phone: str = ""
    registry: str = ""
    parent: int = 0
    has_payroll: bool = False
    """Whether the first of its general journals takes the payroll entries (SODA)."""

    @property
    def partner(self) -> Partner:
        """Its own contact."""
        return Partner(self.name, self.vat, self.country, self.email, self.phone, self.language, self.registry)


class Flavour(NamedTuple):
    """What decides which models, fields and methods a database has."""

    version: str
    codabox: bool = True
    is_community: bool = False
    """Whether CodaBox is not even among the modules that could be installed; then without `codabox`."""
    awaits_upgrade: bool = False
    """Whether the module's state is `to upgrade`; it works all the same."""
    old_module: bool = False
    fiduciary_vat_field: bool = True
    revoke_wizard: bool = False
    other_feeds: bool = False
    keys_over_rpc: bool = True
    """Whether API keys can be made and revoked over RPC, as from 2026 on."""
    databases_app: bool = False
    """Whether this is an office's own database with Odoo's "Databases" app."""
    is_odoo_com: bool = False
    """Whether this is odoo.com's database `openerp`."""


class Table:
    """The rows of one model by id, and the last id given out."""

    __slots__ = ("last_id", "rows")

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.last_id = 0

    def insert(self, row: Row) -> int:
        """Add a row under the next id, which it answers."""
        self.last_id += 1
        self.rows[self.last_id] = row
        return self.last_id


@dataclass(slots=True)
class CustomerDatabase:
    """One database of one customer. Take `lock` to look at or change its tables while the sandbox runs."""

    name: str
    flavour: Flavour
    is_hidden: bool = False
    """Whether it is hidden in the database manager, and so missing from odoo.com's list."""
    users: dict[int, User] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def table(self, model: str) -> Table:
        """Find a model's table; an empty one where nothing was stored yet."""
        found = self.tables.get(model)
        if found is None:
            found = self.tables[model] = Table()
        return found

    def row(self, model: str, record_id: int) -> Row:
        """Find a stored row, for tests and builders."""
        return self.table(model).rows[record_id]

    def is_connected(self, company_id: int = 1) -> bool:
        """Say what Odoo believes of a company, as it would answer now."""
        return bool(self.row("res.company", company_id).get("l10n_be_codabox_is_connected"))

    def company_ids(self) -> list[int]:
        """List the companies, the user's own first."""
        return list(self.table("res.company").rows)

    def partner_of(self, company_id: int) -> Row:
        """Find the row of a company's own contact, where its name and numbers stand."""
        return self.row("res.partner", self.row("res.company", company_id)["partner_id"])

    def add_user(self, user: User) -> User:
        """Give the database one more login."""
        self.users[user.uid] = user
        return user

    def add_partner(self, partner: Partner) -> int:
        """Add a partner; answers its id."""
        given = {
            "country_id": COUNTRY_IDS.get(partner.country),
            "email": partner.email,
            "phone": partner.phone,
            "lang": partner.language,
            "vat": partner.vat,
            "company_registry": partner.registry or digits(partner.vat),
        }
        row: Row = {"name": partner.name, "is_company": True, "active": not partner.is_archived}
        row |= {field: value for field, value in given.items() if value}
        row["create_date"] = row["write_date"] = "2026-01-02 08:00:00"
        return self.table("res.partner").insert(row)

    def add_company(self, company: Company) -> int:
        """Add a company with its partner, its accounting firm and its journals; answers its id."""
        row: Row = {"partner_id": self.add_partner(company.partner)}
        company_id = self.table("res.company").insert(row)
        if company.parent:
            row["parent_id"] = company.parent
        if company.office:
            self.set_firm(company_id, self._office_partner(company))
        journals = [(self.add_journal(company_id, journal), journal.type) for journal in company.journals]
        if company.has_payroll:
            row["l10n_be_codabox_soda_journal"] = next(journal_id for journal_id, kind in journals if kind == "general")
        return company_id

    def set_firm(self, company_id: int, partner_id: int) -> None:
        """Make any partner a company's Accounting Firm."""
        self.row("res.company", company_id)["account_representative_id"] = partner_id

    def set_parameter(self, key: str, value: str) -> None:
        """Set a system parameter."""
        self.table("ir.config_parameter").insert({"key": key, "value": value})

    def add_journal(self, company_id: int, journal: Journal) -> int:
        """Add a journal to a company; answers its id."""
        row: Row = {"name": journal.name, "code": journal.code, "type": journal.type, "company_id": company_id}
        if journal.type == "bank":
            row["bank_statements_source"] = journal.source
        if journal.iban:
            row["bank_acc_number"] = spaced(journal.iban)
        if journal.currency:
            row["currency_id"] = CURRENCY_IDS[journal.currency]
        return self.table("account.journal").insert(row)

    def _office_partner(self, company: Company) -> int:
        partners = self.table("res.partner").rows
        known = (key for key, row in partners.items() if row.get("vat") == company.office)
        found = next(known, None)
        if found is not None:
            return found
        office = Partner(company.office_name, company.office, email=company.office_email, language=company.office_language)
        return self.add_partner(office)


def make_database(name: str, version: str, companies: Iterable[Company], user: User, flavour: Flavour | None = None) -> CustomerDatabase:
    """Make a database with one administrator and some companies."""
    database = CustomerDatabase(name, flavour or Flavour(version))
    database.add_user(user)
    for company in companies:
        database.add_company(company)
    return database


@dataclass(slots=True)
class OdooServer:
    """One Odoo server. `is_up` false: its address exists, and nobody listens there."""

    name: str
    version: str
    databases: dict[str, CustomerDatabase] = field(default_factory=dict)
    list_db: bool = True
    is_up: bool = True
    protocols: frozenset[str] = ALL_PROTOCOLS
    """What it speaks, as far as its version does: ``jsonrpc`` and ``xmlrpc`` go away in 22, ``json2`` came with 19."""
    has_db_service: bool = True
    """False on 20 and later: the service `db` and `/web/database/list` are gone."""
    blocked: dict[str, int] = field(default_factory=dict)
    """Beginnings of paths that a proxy in front refuses, with the status of its page: ``{"/jsonrpc": 403}``."""
    max_at_once: int | None = None
    """How many requests are worked on at once; more are answered 429."""
    retry_after_s: float = 1.0
    """What Retry-After says then."""
    hosting: str = "saas"
    """Where the server stands, as the "Databases" app writes it: odoo.com knows of ``saas`` and ``paas`` only."""
    url: str = ""
    """Its address while the sandbox runs."""

    def speaks(self, protocol: str) -> bool:
        """Say whether clients may use this protocol here."""
        return protocol in self.protocols and (protocol != "json2" or parse_version(self.version).major >= 19)

    def add(self, database: CustomerDatabase) -> CustomerDatabase:
        """Put a database on this server."""
        self.databases[database.name] = database
        return database


@dataclass(slots=True)
class World:
    """Everything there is. `login`, `password` and `api_key` are the accountant's, the same in all databases.

    `clock` answers seconds since 1970; tests move it to let wizards expire.
    """

    proxy: "Proxy"
    servers: dict[str, OdooServer] = field(default_factory=dict)
    login: str = ""
    password: str = ""
    api_key: str = ""
    office_name: str = ""
    office_vat: str = ""
    clock: Callable[[], float] = time.time
    planted: list[Planted] = field(default_factory=list)
    """What is wrong on purpose, for those who look whether it is found."""
    odoo_com: OdooServer | None = None
    """The simulated www.odoo.com, where the office has an account with the same login and secrets of its own."""

    def add(self, server: OdooServer) -> OdooServer:
        """Put a server into the world."""
        self.servers[server.name] = server
        return server

    def database(self, name: str) -> CustomerDatabase:
        """Find a database on whichever server holds it."""
        return next(server.databases[name] for server in self.servers.values() if name in server.databases)

    def databases(self) -> list[CustomerDatabase]:
        """List the databases of all servers."""
        return [database for server in self.servers.values() for database in server.databases.values()]
