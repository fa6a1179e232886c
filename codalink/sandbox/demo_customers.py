"""What the demo's customers are made of: companies with numbers, contacts, bank accounts and mandates of their own.

All names are made up. VAT numbers and IBANs are valid by their check digits and belong to nobody we know of.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from codalink.sandbox.belgium import digits, iban, is_valid_iban, is_valid_vat, vat_numbers
from codalink.sandbox.mandates import Mandate, MandateState
from codalink.sandbox.offices import BANK_CODES, OFFICE_NAME, OFFICE_VAT, accountant
from codalink.sandbox.troubles import Planted, Trouble
from codalink.sandbox.world import Company, CustomerDatabase, Flavour, Journal, OdooServer, World, make_database

OUR_VAT = f"BE{OFFICE_VAT}"
SUNDRY = Journal(name="Diverse verrichtingen", code="MISC", type="general")

_LANGUAGES = {"SRL": "fr_BE", "SA": "fr_BE", "SARL": "fr_BE", "GmbH": "de_DE"}
_FETCHED = frozenset({"l10n_be_codabox", "undefined"})
_MANDATES_SINCE = timedelta(days=45)


class Customers:
    """Makes the demo's customers, and keeps what they have of their own: no number is given out twice."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers: Iterator[str] = vat_numbers()
        self._accounts = 0

    def add(self, server: OdooServer, name: str, *companies: Company, flavour: Flavour | None = None) -> CustomerDatabase:
        """Add a database with its companies, whose accounts get an active mandate."""
        made = make_database(name, server.version, companies, accountant(self.world), flavour or Flavour(server.version))
        for company in companies:
            office_vat = OFFICE_VAT if company.office_name == OFFICE_NAME else digits(company.office)
            for journal in company.journals:
                self.add_mandate(company.name, digits(company.vat) or company.registry, office_vat, journal)
        return server.add(made)

    def company(
        self,
        name: str,
        vat: str = "",
        office: str = OUR_VAT,
        office_name: str = OFFICE_NAME,
        journals: tuple[Journal, ...] | None = None,
        *,
        bank: int = 0,
        country: str = "BE",
        language: str = "",
        registry: str = "",
        has_payroll: bool = False,
    ) -> Company:
        """Make a company: in order, unless told otherwise."""
        made = (self.journal(bank=bank),) if journals is None else journals
        return Company(
            name,
            vat or f"BE{next(self._numbers)}",
            office,
            office_name,
            country,
            journals=(*made, SUNDRY),
            email=f"info@{_domain(name)}",
            phone=f"+32 9 000 {self._accounts // 100:02d} {self._accounts % 100:02d}",
            language=language or _language(name),
            office_email=f"info@{_domain(office_name)}",
            office_language="nl_BE",
            registry=registry,
            has_payroll=has_payroll,
        )

    def journal(
        self, source: str = "l10n_be_codabox", name: str = "Bank", code: str = "BNK1", *, bank: int = 0, currency: str = ""
    ) -> Journal:
        """Make a journal with an account of its own, at a bank that the first three digits of its number tell."""
        self._accounts += 1
        bank_code = bank or BANK_CODES[self._accounts % len(BANK_CODES)]
        return Journal(iban(bank_code, 1_000_000 + 7_919 * self._accounts), source, name, code, currency=currency)

    def plant(self, trouble: Trouble, database: CustomerDatabase, company: str = "", account: str = "") -> None:
        """Write down what is wrong on purpose."""
        self.world.planted.append(Planted(trouble, database.name, company, account))

    def set_mandate(self, account: str, state: MandateState, reason: str = "") -> None:
        """Say how the mandate of an account stands, since two weeks ago."""
        proxy = self.world.proxy
        changed = replace(proxy.mandates[account], state=state, reason=reason, since=proxy.today() - timedelta(days=14))
        proxy.add_mandate(changed)

    def add_account(self, database: CustomerDatabase, journal: Journal, company_id: int = 1) -> None:
        """Give a customer's company one more bank journal; its account gets an active mandate."""
        database.add_journal(company_id, journal)
        partner = database.partner_of(company_id)
        self.add_mandate(partner["name"], digits(partner["vat"]), OFFICE_VAT, journal)

    def first_account(self, database: str) -> str:
        """Tell the IBAN, without spaces, of a database's first journal."""
        return "".join(self.world.database(database).row("account.journal", 1)["bank_acc_number"].split())

    def add_mandate(self, client: str, number: str, office_vat: str, journal: Journal) -> None:
        """Make an active mandate where CodaBox is to fill the journal, under the company's true number, whatever stands in Odoo."""
        if not is_valid_iban(journal.iban) or journal.source not in _FETCHED:
            return
        proxy = self.world.proxy
        true_number = number if is_valid_vat(number) else next(self._numbers)
        since = proxy.today() - _MANDATES_SINCE
        proxy.add_mandate(Mandate(journal.iban, client, true_number, office_vat, since=since, currency=journal.currency or "EUR"))


def _domain(name: str) -> str:
    """Make a domain of a name: nobody's, since `.example` is reserved."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'-'.join(re.findall('[a-z0-9]+', plain))}.example"


def _language(name: str) -> str:
    """Guess the language of a company from its legal form, or its umlauts."""
    told = next((language for form, language in _LANGUAGES.items() if form in name.split()), "")
    return told or ("de_DE" if set(name) & set("äöü") else "nl_BE")
