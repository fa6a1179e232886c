"""Whom to write to about a company: its own contact in Odoo, and its accounting firm's."""

from collections.abc import Sequence
from dataclasses import dataclass

from codalink.errors import FieldMissing
from codalink.odoo import answers
from codalink.odoo.gateway import Gateway, search_read


@dataclass(frozen=True)
class ContactRecord:
    """A contact as it stands in Odoo. `email` is as typed, maybe several; `language` is Odoo's code, such as `nl_BE`. Empty: not known."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class CompanyContacts:
    """A company's own contact, and its accounting firm's where one is set."""

    company: ContactRecord
    firm: ContactRecord | None


def read_contacts(gateway: Gateway, company_ids: Sequence[int]) -> dict[int, CompanyContacts]:
    """The contacts of each of these companies, by its id. Two calls; a third where this version knows no accounting firms."""
    try:
        companies = _companies(gateway, company_ids, ["partner_id", "account_representative_id"])
    except FieldMissing:
        companies = _companies(gateway, company_ids, ["partner_id"])
    links = {
        answers.own_id(row): (answers.reference(row, "partner_id") or 0, answers.reference(row, "account_representative_id"))
        for row in companies
    }
    contacts = _contacts(gateway, company_ids, sorted({number for pair in links.values() for number in pair if number}))
    return {
        company: CompanyContacts(contacts.get(own, _NOBODY), contacts.get(firm) if firm else None)
        for company in company_ids
        for own, firm in [links.get(company, (0, None))]
    }


_NOBODY = ContactRecord("", "", "")


def _companies(gateway: Gateway, company_ids: Sequence[int], fields: Sequence[str]) -> list[answers.Row]:
    call = search_read("res.company", [["id", "in", list(company_ids)]], fields, companies=company_ids)
    return answers.rows(gateway.execute(call), "its companies")


def _contacts(gateway: Gateway, company_ids: Sequence[int], contact_ids: Sequence[int]) -> dict[int, ContactRecord]:
    call = search_read("res.partner", [["id", "in", list(contact_ids)]], ["name", "email", "lang"], companies=company_ids)
    return {
        answers.own_id(row): ContactRecord(answers.text(row, "name"), answers.text(row, "email"), answers.text(row, "lang"))
        for row in answers.rows(gateway.execute(call), "its contacts")
    }
