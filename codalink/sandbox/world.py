"""The state of the simulated office: servers, customer databases, records. No behaviour of Odoo in here.

Records are plain rows as PostgreSQL would hold them: a many2one is an id, what is unset is simply not there.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from codalink.sandbox.belgium import digits, spaced
from codalink.sandbox.users import User
from codalink.sandbox.versions import parse_version

if TYPE_CHECKING:
    from codalink.sandbox.proxy import Proxy

Row = dict[str, Any]

ALL_PROTOCOLS = frozenset({"jsonrpc", "json2", "xmlrpc"})
COUNTRY_IDS = {"BE": 20, "DE": 57, "FR": 75, "LU": 133, "NL": 165}


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal to be made. An IBAN is given without spaces; ``""`` makes a journal without account number."""

    iban: str = ""
    source: str = "l10n_be_codabox"
    name: str = "Bank"
    code: str = "BNK1"
    type: str = "bank"


@dataclass(frozen=True, slots=True)
class Company:
    """A company to be made. `office` is the Accounting Firm's VAT, ``""`` where none is set."""

    name: str
    vat: str = ""
    office: str = ""
    office_name: str = "Kantoor Demo"
    country: str = "BE"
    journals: tuple[Journal, ...] = ()


class Flavour(NamedTuple):
    """What decides which models, fields and methods a database has."""

    version: str
    codabox: bool = True
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

    def add_user(self, user: User) -> User:
        """Give the database one more login."""
        self.users[user.uid] = user
        return user

    def add_partner(self, name: str, vat: str = "", country: str = "BE") -> int:
        """Add a partner; a VAT is stored as given, valid or not."""
        row: Row = {"name": name, "is_company": True, "country_id": COUNTRY_IDS[country]}
        if vat:
            row |= {"vat": vat, "company_registry": digits(vat)}
        row["create_date"] = row["write_date"] = "2026-01-02 08:00:00"
        return self.table("res.partner").insert(row)

    def add_company(self, company: Company) -> int:
        """Add a company with its partner, its accounting firm and its journals; answers its id."""
        row: Row = {"partner_id": self.add_partner(company.name, company.vat, company.country)}
        company_id = self.table("res.company").insert(row)
        if company.office:
            row["account_representative_id"] = self._office_partner(company)
        for journal in company.journals:
            self.add_journal(company_id, journal)
        return company_id

    def add_journal(self, company_id: int, journal: Journal) -> int:
        """Add a journal to a company; answers its id."""
        row: Row = {"name": journal.name, "code": journal.code, "type": journal.type, "company_id": company_id}
        if journal.type == "bank":
            row["bank_statements_source"] = journal.source
        if journal.iban:
            row["bank_acc_number"] = spaced(journal.iban)
        return self.table("account.journal").insert(row)

    def _office_partner(self, company: Company) -> int:
        partners = self.table("res.partner").rows
        known = (key for key, row in partners.items() if row.get("vat") == company.office)
        found = next(known, None)
        return found if found is not None else self.add_partner(company.office_name, company.office)


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
