"""Companies, contacts and journals as the odd customer has them, and what writing to them does."""

from typing import Any

import pytest

from codalink.sandbox import Company, CustomerDatabase, Journal, Partner, World
from codalink.sandbox.belgium import vat_number
from codalink.sandbox.odoo_errors import ValidationError
from tests.unit.sandbox.asking import Ask, asking

ALL: dict[str, Any] = {}


@pytest.fixture
def database(world: World) -> CustomerDatabase:
    return world.database("klant-001")


@pytest.fixture
def everyone(world: World, database: CustomerDatabase) -> Ask:
    """Asks without choosing a company."""
    ask = asking(world, database)
    return lambda model, method, *args: ask(model, method, *args, context=ALL)


def test_branches_know_their_parent_and_it_knows_them(database: CustomerDatabase, everyone: Ask) -> None:
    branch = database.add_company(Company("Klant 001 filiaal", parent=1))
    parent, child = everyone("res.company", "read", [1, branch], ["parent_id", "child_ids"])

    assert (parent["parent_id"], parent["child_ids"]) == (False, [branch])
    assert (child["parent_id"][0], child["child_ids"]) == (1, [])


def test_archived_contact_is_found_only_on_request(database: CustomerDatabase, everyone: Ask) -> None:
    vat = f"BE{vat_number(4_999_999)}"
    known, archived = database.add_partner(Partner("Kantoor", vat)), database.add_partner(Partner("Kantoor (oud)", vat, is_archived=True))

    assert everyone("res.partner", "search", [["vat", "=", vat]]) == [known]
    assert everyone("res.partner", "search", [["vat", "=", vat], ["active", "in", [True, False]]]) == [known, archived]


def test_archiving_hides_a_journal(everyone: Ask) -> None:
    before = everyone("account.journal", "search", [])
    everyone("account.journal", "write", before[:1], {"active": False})

    assert everyone("account.journal", "search", []) == before[1:]


def test_country_of_a_company_is_that_of_its_contact(database: CustomerDatabase, everyone: Ask) -> None:
    company = database.add_company(Company("Landloos BV", f"BE{vat_number(4_999_999)}", country=""))
    before = everyone("res.company", "read", [company], ["country_id", "country_code"])[0]
    everyone("res.company", "write", [company], {"country_id": 20})
    after = everyone("res.company", "read", [company], ["country_id", "country_code"])[0]

    assert (before["country_id"], before["country_code"]) == (False, False)
    assert (after["country_id"], after["country_code"]) == ([20, "Belgium"], "BE")
    assert database.partner_of(company)["country_id"] == 20


def test_country_is_refused_where_it_makes_the_number_invalid(database: CustomerDatabase, everyone: Ask) -> None:
    company = database.add_company(Company("Landloos BV", "BE0123456789", country=""))

    with pytest.raises(ValidationError, match="does not seem to be valid"):
        everyone("res.company", "write", [company], {"country_id": 20})
    assert "country_id" not in database.partner_of(company)


def test_number_beside_an_empty_vat_counts(database: CustomerDatabase, everyone: Ask) -> None:
    company = database.add_company(Company("Nummer BV", "/", registry=vat_number(4_999_999)))

    assert everyone("res.company", "read", [company], ["l10n_be_codabox_company_vat"])[0]["l10n_be_codabox_company_vat"] == vat_number(
        4_999_999
    )


def test_firm_without_number_leaves_the_company_as_its_own_office(database: CustomerDatabase, everyone: Ask) -> None:
    database.set_firm(1, database.add_partner(Partner("Kantoor zonder nummer")))
    row = everyone("res.company", "read", [1], ["l10n_be_codabox_fiduciary_vat", "l10n_be_codabox_company_vat"])[0]

    assert row["l10n_be_codabox_fiduciary_vat"] == row["l10n_be_codabox_company_vat"] != ""


def test_system_parameter_names_the_office_for_all(database: CustomerDatabase, everyone: Ask) -> None:
    database.set_parameter("l10n_be_codabox.codabox_contract", "BE0772.345.672")

    assert {row["l10n_be_codabox_fiduciary_vat"] for row in everyone("res.company", "search_read", [], [])} == {"0772345672"}


def test_journal_in_another_currency_names_it(database: CustomerDatabase, everyone: Ask) -> None:
    dollars = database.add_journal(1, Journal(currency="USD", code="BNK9"))
    shown = {row["id"]: row["currency_id"] for row in everyone("account.journal", "search_read", [], ["currency_id"])}

    assert (shown.pop(dollars), set(shown.values())) == ([1, "USD"], {False})


def test_payroll_goes_to_the_general_journal(database: CustomerDatabase, everyone: Ask) -> None:
    journals = (Journal(code="BNK9"), Journal(name="Lonen", code="LON", type="general"))
    company = database.add_company(Company("Loonrijk BV", journals=journals, has_payroll=True))

    assert everyone("res.company", "read", [company], ["l10n_be_codabox_soda_journal"])[0]["l10n_be_codabox_soda_journal"][1] == "Lonen"
