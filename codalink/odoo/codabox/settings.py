"""What a company needs in Odoo before files can come: its accounting firm, its country, its journals' bank feed. Reading and setting it."""

from collections.abc import Sequence
from dataclasses import dataclass

from codalink.errors import AnswerUnexpected
from codalink.odoo import answers
from codalink.odoo.codabox.statements import CODABOX_FEED
from codalink.odoo.gateway import Call, Gateway, Json, create, search_read, write


@dataclass(frozen=True)
class PartnerRecord:
    """A contact that may be an accounting firm. `vat` as it stands in Odoo."""

    id: int
    name: str
    vat: str


def find_partners(gateway: Gateway, number: str) -> list[PartnerRecord]:
    """The contacts whose VAT contains these ten digits, in any notation, as Odoo keeps numbers as they were typed. One call.

    People of a company, who carry its VAT too, are left out.
    """
    pattern = f"%{number[:4]}%{number[4:7]}%{number[7:]}"
    call = search_read("res.partner", [["vat", "=ilike", pattern], ["parent_id", "=", False]], ["name", "vat"])
    rows = answers.rows(gateway.execute(call), "its contacts")
    return [PartnerRecord(answers.own_id(row), answers.text(row, "name"), answers.text(row, "vat")) for row in rows]


def create_firm(gateway: Gateway, name: str, number: str) -> int:
    """Make a contact for an accounting firm; its id. Two calls. After a lost answer, `find_partners` tells whether it is there."""
    values: dict[str, Json] = {"name": name, "vat": f"BE{number}", "is_company": True, "country_id": belgium(gateway)}
    return answers.one_id(gateway.execute(create("res.partner", values)), "a contact")


def set_accounting_firm(gateway: Gateway, company_id: int, partner_id: int) -> None:
    """Make a contact the company's accounting firm. One call, repeatable."""
    gateway.execute(write("res.company", [company_id], {"account_representative_id": partner_id}, companies=[company_id], changes=False))


def belgium(gateway: Gateway) -> int:
    """The id of the country Belgium. One call. Raises AnswerUnexpected where the database lacks it."""
    rows = answers.rows(gateway.execute(search_read("res.country", [["code", "=", "BE"]], ["code"])), "its countries")
    if not rows:
        raise AnswerUnexpected("Odoo doesn't know the country Belgium.")
    return answers.own_id(rows[0])


def set_country(gateway: Gateway, company_id: int, country_id: int) -> None:
    """Set the company's country. One call, repeatable."""
    gateway.execute(write("res.company", [company_id], {"country_id": country_id}, companies=[company_id], changes=False))


def bank_feeds(gateway: Gateway) -> list[str]:
    """The bank feeds that this database offers. One call. Ask first: Odoo stores an unknown one too (how-servers-answer.md)."""
    field = "bank_statements_source"
    told = gateway.execute(Call("account.journal", "fields_get", arguments={"allfields": [field], "attributes": ["selection"]}))
    described = told.get(field) if isinstance(told, dict) else None
    choices = described.get("selection") if isinstance(described, dict) else None
    if not isinstance(choices, list):
        raise AnswerUnexpected("Odoo doesn't tell which bank feeds there are.")
    return [str(choice[0]) for choice in choices if isinstance(choice, Sequence) and choice]


def set_codabox_feed(gateway: Gateway, company_id: int, journal_id: int) -> None:
    """Let CodaBox fill the journal. One call, repeatable."""
    gateway.execute(write("account.journal", [journal_id], {"bank_statements_source": CODABOX_FEED}, companies=[company_id], changes=False))
