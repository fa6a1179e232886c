"""The demo's office: as big as promised, and wrong exactly where it says so."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest

from codalink.sandbox import ACCOUNTING_GROUP, ADMIN_GROUP, MandateState, OdooServer, Trouble, World, demo_office, large_office
from codalink.sandbox.belgium import is_valid_iban, is_valid_vat
from codalink.sandbox.codabox import OFFICE_PARAMETER
from codalink.sandbox.demo_office import OTHER_OFFICE_VAT
from codalink.sandbox.world import CustomerDatabase, Row

SEVERAL = {
    Trouble.OTHER_OFFICE: 2,  # a database with two companies
    Trouble.NO_STATEMENT: 8,  # one for each state of a mandate that brings none
}


@dataclass
class Case:
    """A company and all that is around it."""

    world: World
    server: OdooServer
    database: CustomerDatabase
    company_id: int

    @property
    def company(self) -> Row:
        return self.database.row("res.company", self.company_id)

    @property
    def partner(self) -> Row:
        return self.database.partner_of(self.company_id)

    @property
    def firm(self) -> Row:
        firm = self.company.get("account_representative_id")
        return self.database.row("res.partner", firm) if firm else {}

    @property
    def journals(self) -> list[Row]:
        rows = self.database.table("account.journal").rows.values()
        return [row for row in rows if row["company_id"] == self.company_id and row["type"] == "bank"]

    @property
    def ibans(self) -> list[str]:
        return [row["bank_acc_number"].replace(" ", "") for row in self.journals if "bank_acc_number" in row]

    @property
    def has_firm(self) -> bool:
        parameters = self.database.table("ir.config_parameter").rows.values()
        return bool(self.firm) or any(row["key"] == OFFICE_PARAMETER for row in parameters)

    @property
    def office_contacts(self) -> int:
        rows = self.database.table("res.partner").rows.values()
        return sum(row.get("vat") == f"BE{self.world.office_vat}" for row in rows)

    def has(self, group: str) -> bool:
        return group in self.database.users[2].groups

    def feeds(self) -> set[str]:
        is_installed = self.database.flavour.codabox
        return {row["bank_statements_source"] for row in self.journals} if is_installed else set()

    def days(self) -> list[tuple[Row, Row]]:
        """Each statement with the one that comes after it; one that is there twice comes after itself."""
        rows = self.database.table("account.bank.statement").rows.values()
        own = sorted((row for row in rows if row["company_id"] == self.company_id), key=lambda row: str(row["date"]))
        return list(pairwise(own))

    def states(self) -> set[MandateState]:
        mandates = self.world.proxy.mandates
        return {mandates[iban].state for iban in self.ibans if iban in mandates}


IS_THERE: dict[Trouble, Callable[[Case], bool]] = {
    Trouble.SERVER_DOWN: lambda case: not case.server.is_up,
    Trouble.ODOO_TOO_OLD: lambda case: case.server.version == "16.0",
    Trouble.LOGIN_REFUSED: lambda case: case.database.users[2].password != case.world.password,
    Trouble.NO_SETTINGS_RIGHT: lambda case: not case.has(ADMIN_GROUP),
    Trouble.NO_ACCOUNTING_RIGHT: lambda case: not case.has(ACCOUNTING_GROUP),
    Trouble.MODULE_NOT_INSTALLED: lambda case: not case.database.flavour.codabox and not case.database.flavour.is_community,
    Trouble.MODULE_NOT_ON_OFFER: lambda case: case.database.flavour.is_community,
    Trouble.MODULE_TOO_OLD: lambda case: case.database.flavour.old_module,
    Trouble.COUNTRY_MISSING: lambda case: "country_id" not in case.partner,
    Trouble.COUNTRY_FOREIGN: lambda case: case.partner.get("country_id") not in (None, 20),
    Trouble.NUMBER_MISSING: lambda case: "company_registry" not in case.partner,
    Trouble.NUMBER_INVALID: lambda case: (
        case.partner.get("country_id") == 20 and "company_registry" in case.partner and not is_valid_vat(case.partner["company_registry"])
    ),
    Trouble.FIRM_MISSING: lambda case: not case.has_firm and case.office_contacts < 2,
    Trouble.FIRM_AMBIGUOUS: lambda case: not case.has_firm and case.office_contacts > 1,
    Trouble.FIRM_WITHOUT_NUMBER: lambda case: bool(case.firm) and "vat" not in case.firm,
    Trouble.FIRM_NUMBER_INVALID: lambda case: "vat" in case.firm and not is_valid_vat(case.firm["company_registry"]),
    Trouble.FIRM_IS_CUSTOMER: lambda case: case.firm == case.partner,
    Trouble.OTHER_OFFICE: lambda case: case.firm.get("company_registry") == OTHER_OFFICE_VAT,
    Trouble.TEST_COPY: lambda case: "-test-" in case.database.name,
    Trouble.NO_BANK_JOURNAL: lambda case: not case.journals and case.partner["country_id"] == 20,
    Trouble.IBAN_MISSING: lambda case: len(case.ibans) < len(case.journals),
    Trouble.IBAN_INVALID: lambda case: any(iban.startswith("BE") and not is_valid_iban(iban) for iban in case.ibans),
    Trouble.IBAN_FOREIGN: lambda case: any(not iban.startswith("BE") for iban in case.ibans),
    Trouble.IBAN_TWICE: lambda case: len(set(case.ibans)) < len(case.ibans),
    Trouble.FEED_UNDEFINED: lambda case: "undefined" in case.feeds(),
    Trouble.OTHER_FEED: lambda case: bool(case.feeds() - {"undefined", "l10n_be_codabox"}),
    Trouble.STATEMENTS_OLD: lambda case: MandateState.ARCHIVED in case.states(),
    Trouble.STATEMENTS_MISSING: lambda case: any(
        before["balance_end_real"] != after["balance_start"] for before, after in case.days() if before["date"] != after["date"]
    ),
    Trouble.STATEMENT_TWICE: lambda case: any(before["date"] == after["date"] for before, after in case.days()),
    Trouble.NO_STATEMENT: lambda case: bool(case.states() - {MandateState.ACTIVE, MandateState.ARCHIVED}),
}


@pytest.fixture(scope="module")
def world() -> World:
    return demo_office()


def cases(world: World) -> Iterator[Case]:
    for server in world.servers.values():
        for database in server.databases.values():
            yield from (Case(world, server, database, company_id) for company_id in database.company_ids())


def test_demo_is_as_big_as_promised(world: World) -> None:
    readable = [case for case in cases(world) if case.server.is_up and case.database.users[2].password == world.password]

    assert (len(world.databases()), len(readable)) == (41, 45)


def test_office_has_a_contract_and_no_connection(world: World) -> None:
    office = world.proxy.office(world.office_vat)

    assert is_valid_vat(world.office_vat)
    assert (office.first_connections, office.connections) == (0, {})


def test_only_the_other_office_has_a_company_connected(world: World) -> None:
    assert [case.partner["name"] for case in cases(world) if case.database.is_connected(case.company_id)] == ["Fromagerie de la Meule SRL"]


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name.lower())
def test_trouble_is_where_it_is_planted_and_nowhere_else(world: World, trouble: Trouble) -> None:
    planted = {(one.database, one.company) for one in world.planted if one.trouble is trouble}
    found = {(case.database.name, case.partner["name"]) for case in cases(world) if IS_THERE[trouble](case)}
    if not any(company for _, company in planted):
        found = {(database, "") for database, _ in found}  # the whole database is out of reach

    assert found == planted


def test_each_trouble_is_planted_once(world: World) -> None:
    counts = Counter(one.trouble for one in world.planted)

    assert counts == {trouble: SEVERAL.get(trouble, 1) for trouble in Trouble}


def test_every_state_of_a_mandate_is_there(world: World) -> None:
    assert {mandate.state for mandate in world.proxy.mandates.values()} == set(MandateState)


def test_accounts_with_a_history_end_where_they_should(world: World) -> None:
    today = world.proxy.today()
    ends = {
        database.name: max(row["date"] for row in rows.values())
        for database in world.databases()
        if (rows := database.table("account.bank.statement").rows)
    }

    assert ends == {
        "apotheek-munthof": str(today - timedelta(days=1)),
        "groothandel-zuivelhof": str(today - timedelta(days=1)),
        "kapsalon-schaartje": str(today - timedelta(days=70)),
        "librairie-marque-page": str(today - timedelta(days=1)),
    }


def test_ibans_are_valid_and_unique_but_for_the_planted_ones(world: World) -> None:
    wrong = {Trouble.IBAN_INVALID, Trouble.IBAN_FOREIGN, Trouble.IBAN_TWICE}
    planted = {one.account for one in world.planted if one.trouble in wrong}
    ibans = [iban for case in cases(world) if "-test-" not in case.database.name for iban in case.ibans if iban not in planted]

    assert all(map(is_valid_iban, ibans))
    assert len(set(ibans)) == len(ibans)


def test_every_company_can_be_written_to(world: World) -> None:
    partners = [case.partner for case in cases(world)]

    assert [row["name"] for row in partners if not (row.get("email") and row.get("phone") and row.get("lang"))] == []
    assert {row["lang"] for row in partners} == {"nl_BE", "fr_BE", "fr_FR", "de_DE", "en_US"}
    assert all(case.firm.get("email") for case in cases(world) if case.firm.get("vat") == f"BE{world.office_vat}")


def test_companies_of_a_large_office_have_numbers_of_their_own() -> None:
    world = large_office(2000)
    numbers = {database.row("res.partner", 1)["vat"][2:] for database in world.databases()}

    assert len(numbers) == 2000
    assert all(map(is_valid_vat, numbers))
