"""Whom to write to, as Odoo tells it."""

from codalink.errors import FieldMissing
from codalink.odoo.codabox.contacts import CompanyContacts, ContactRecord, read_contacts
from codalink.odoo.gateway import Call, Json
from tests.unit.fakes import ScriptedGateway

COMPANY = {"id": 1, "partner_id": [11, "Bakkerij Kruimel BV"], "account_representative_id": [12, "Kantoor Demo"]}
OWN = {"id": 11, "name": "Bakkerij Kruimel BV", "email": "info@kruimel.example", "lang": "nl_BE"}
FIRM = {"id": 12, "name": "Kantoor Demo", "email": False, "lang": False}


def gateway(*companies: dict[str, Json], contacts: list[dict[str, Json]] | None = None) -> ScriptedGateway:
    return ScriptedGateway(
        {"res.company.search_read": list(companies), "res.partner.search_read": [OWN, FIRM] if contacts is None else contacts}
    )


def test_company_s_own_contact_is_told() -> None:
    assert read_contacts(gateway(COMPANY), [1])[1].company == ContactRecord("Bakkerij Kruimel BV", "info@kruimel.example", "nl_BE")


def test_accounting_firm_s_contact_is_told_and_what_is_false_is_empty() -> None:
    assert read_contacts(gateway(COMPANY), [1])[1].firm == ContactRecord("Kantoor Demo", "", "")


def test_company_without_accounting_firm_has_none() -> None:
    assert read_contacts(gateway({**COMPANY, "account_representative_id": False}), [1])[1].firm is None


def test_two_calls_are_made_for_the_companies_that_are_asked_for() -> None:
    odoo = gateway(COMPANY)
    read_contacts(odoo, [1, 2])

    assert [call.model for call in odoo.calls] == ["res.company", "res.partner"]
    assert {call.companies for call in odoo.calls} == {(1, 2)}


def test_version_without_accounting_firms_tells_the_company_s_own_contact() -> None:
    def companies(call: Call) -> Json:
        fields = call.arguments["fields"]
        assert isinstance(fields, list)
        if "account_representative_id" in fields:
            raise FieldMissing("Invalid field 'account_representative_id'")
        return [{"id": 1, "partner_id": [11, "Bakkerij Kruimel BV"]}]

    odoo = ScriptedGateway({"res.company.search_read": companies, "res.partner.search_read": [OWN]})
    assert read_contacts(odoo, [1])[1] == CompanyContacts(ContactRecord("Bakkerij Kruimel BV", "info@kruimel.example", "nl_BE"), None)


def test_company_that_is_gone_has_an_empty_contact() -> None:
    assert read_contacts(gateway(contacts=[]), [1])[1] == CompanyContacts(ContactRecord("", "", ""), None)
