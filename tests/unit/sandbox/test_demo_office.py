from codalink.sandbox import World, demo_office, large_office
from codalink.sandbox.belgium import is_valid_vat
from codalink.sandbox.world import CustomerDatabase


def companies(world: World) -> list[tuple[CustomerDatabase, int]]:
    return [(database, company) for database in world.databases() for company in database.company_ids()]


def test_demo_is_as_big_as_promised() -> None:
    world = demo_office()

    assert len(world.databases()) == 28
    assert len(companies(world)) >= 32
    assert [server.name for server in world.servers.values() if not server.is_up] == ["odoo-down"]


def test_office_has_a_contract_and_no_connection() -> None:
    world = demo_office()
    office = world.proxy.office(world.office_vat)

    assert is_valid_vat(world.office_vat)
    assert (office.first_connections, office.connections) == (0, {})


def test_each_trouble_of_a_company_is_there_once() -> None:
    world = demo_office()
    partners = [
        (database.row("res.company", company), database.row("res.partner", database.row("res.company", company)["partner_id"]))
        for database, company in companies(world)
    ]

    assert sum("account_representative_id" not in company for company, _ in partners) == 1
    assert sum("vat" not in partner for _, partner in partners) == 1
    assert sum("vat" in partner and not is_valid_vat(partner["company_registry"]) for _, partner in partners) == 1
    assert sum(database.is_connected(company) for database, company in companies(world)) == 1


def test_ibans_are_valid_and_unique() -> None:
    rows = [row for database in demo_office().databases() for row in database.table("account.journal").rows.values()]
    ibans = [row["bank_acc_number"].replace(" ", "") for row in rows if "bank_acc_number" in row]

    assert all(int(iban[4:] + "1114" + iban[2:4]) % 97 == 1 for iban in ibans)
    assert all(int(iban[4:14]) % 97 in (int(iban[14:]), int(iban[14:]) - 97) for iban in ibans)
    assert len(set(ibans)) == len(ibans)


def test_companies_of_a_large_office_have_numbers_of_their_own() -> None:
    world = large_office(2000)
    numbers = {database.row("res.partner", 1)["vat"][2:] for database in world.databases()}

    assert len(numbers) == 2000
    assert all(map(is_valid_vat, numbers))
