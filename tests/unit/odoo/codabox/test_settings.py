"""What a company needs in Odoo before files can come: reading and setting it."""

import pytest

from codalink import errors
from codalink.odoo.codabox import settings
from tests.unit.fakes import OFFICE_VAT, ScriptedGateway


def test_partners_are_looked_for_in_any_notation_and_without_their_people() -> None:
    gateway = ScriptedGateway({"search_read": [{"id": 7, "name": "Kantoor", "vat": "BE 0123.456.749"}]})

    assert settings.find_partners(gateway, OFFICE_VAT) == [settings.PartnerRecord(7, "Kantoor", "BE 0123.456.749")]
    assert gateway.calls[0].arguments["domain"] == [["vat", "=ilike", "%0123%456%749"], ["parent_id", "=", False]]


def test_firm_is_a_belgian_company_with_its_number() -> None:
    gateway = ScriptedGateway({"res.country.search_read": [{"id": 20, "code": "BE"}], "res.partner.create": [8]})

    assert settings.create_firm(gateway, "Kantoor", OFFICE_VAT) == 8
    values = {"name": "Kantoor", "vat": f"BE{OFFICE_VAT}", "is_company": True, "country_id": 20}
    assert gateway.calls[1].arguments == {"vals_list": [values]}
    assert gateway.calls[1].changes


def test_database_without_belgium_is_told() -> None:
    with pytest.raises(errors.AnswerUnexpected):
        settings.belgium(ScriptedGateway({"search_read": []}))


def test_feeds_are_those_of_the_selection() -> None:
    described = {"bank_statements_source": {"type": "selection", "selection": [["undefined", "Undefined"], ["l10n_be_codabox", "CodaBox"]]}}

    assert settings.bank_feeds(ScriptedGateway({"fields_get": described})) == ["undefined", "l10n_be_codabox"]


@pytest.mark.parametrize("answer", [None, [], {}, {"bank_statements_source": {}}, {"bank_statements_source": {"selection": 1}}])
def test_feeds_of_another_shape_are_told(answer: object) -> None:
    with pytest.raises(errors.AnswerUnexpected):
        settings.bank_feeds(ScriptedGateway({"fields_get": answer}))


def test_settings_are_written_for_their_company_and_may_be_written_twice() -> None:
    gateway = ScriptedGateway({"write": True})

    settings.set_accounting_firm(gateway, 3, 7)
    settings.set_country(gateway, 3, 20)
    settings.set_codabox_feed(gateway, 3, 13)

    written = [(call.model, call.ids, call.arguments["vals"]) for call in gateway.calls]
    assert written == [
        ("res.company", (3,), {"account_representative_id": 7}),
        ("res.company", (3,), {"country_id": 20}),
        ("account.journal", (13,), {"bank_statements_source": "l10n_be_codabox"}),
    ]
    assert {(call.companies, call.changes) for call in gateway.calls} == {((3,), False)}
