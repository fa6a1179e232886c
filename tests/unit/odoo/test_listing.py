"""Odoo's own lists of databases: good rows, rows to leave out, and answers of another shape."""

import pytest

from codalink import errors
from codalink.odoo.gateway import DatabaseAddress, DatabaseName, ServerUrl
from codalink.odoo.listing import ODOO_ONLINE, ListedDatabase, databases_app, my_databases
from tests.unit.fakes import LOGIN, ScriptedGateway

SERVER = ServerUrl("https", "klant.odoo.com", 443)
ODOO_COM_ROW: dict[str, object] = {"name": "klant", "url": "https://klant.odoo.com", "login": "own@example.be", "version": "19.0"}
APP_ROW: dict[str, object] = {
    "id": 1,
    "name": "Klant",
    "database_name": "klant",
    "database_hosting": "paas",
    "database_url": "https://klant.odoo.com",
    "database_api_login": "own@example.be",
    "database_version": "19.0",
}
FOUND: ListedDatabase = (DatabaseAddress(SERVER, DatabaseName("klant"), "own@example.be"), "19.0")


def of_odoo_com(answer: object) -> list[ListedDatabase]:
    return my_databases(ScriptedGateway({"odoo.database.list": answer}), LOGIN)


def of_the_app(answer: object) -> list[ListedDatabase]:
    return databases_app(ScriptedGateway({"project.project.search_read": answer}), LOGIN)


def test_row_is_a_database() -> None:
    assert of_odoo_com([ODOO_COM_ROW]) == of_the_app([APP_ROW]) == [FOUND]


@pytest.mark.parametrize("nothing", [False, "", None])
def test_database_without_login_has_the_sources(nothing: object) -> None:
    found = [*of_odoo_com([ODOO_COM_ROW | {"login": nothing}]), *of_the_app([APP_ROW | {"database_api_login": nothing}])]

    assert [address.login for address, _ in found] == [LOGIN, LOGIN]


@pytest.mark.parametrize("nothing", [False, "", None, 19])
def test_version_that_is_not_told_is_empty(nothing: object) -> None:
    found = [*of_odoo_com([ODOO_COM_ROW | {"version": nothing}]), *of_the_app([APP_ROW | {"database_version": nothing}])]

    assert [version for _, version in found] == ["", ""]


@pytest.mark.parametrize("address", [False, None, "", 7, "http://klant.example.be", "ftp://klant.odoo.com", "https://me:pw@klant.odoo.com"])
def test_row_without_a_usable_address_is_left_out(address: object) -> None:
    assert of_odoo_com([ODOO_COM_ROW | {"url": address}, ODOO_COM_ROW]) == [FOUND]
    assert of_the_app([APP_ROW | {"database_url": address}, APP_ROW]) == [FOUND]


@pytest.mark.parametrize("name", [False, None, "", 7])
def test_row_without_a_name_is_left_out(name: object) -> None:
    assert of_odoo_com([ODOO_COM_ROW | {"name": name}, {}, ODOO_COM_ROW]) == [FOUND]
    assert of_the_app([APP_ROW | {"database_name": name}, APP_ROW]) == [FOUND]


@pytest.mark.parametrize("answer", [None, False, {}, "klant", [1], [["klant"]], [ODOO_COM_ROW, None]])
def test_answer_of_another_shape_is_unexpected(answer: object) -> None:
    with pytest.raises(errors.AnswerUnexpected):
        of_odoo_com(answer)
    with pytest.raises(errors.AnswerUnexpected):
        of_the_app(answer)


def test_empty_list_has_no_databases() -> None:
    assert of_odoo_com([]) == of_the_app([]) == []


def test_list_costs_one_call_that_changes_nothing() -> None:
    gateways = [ScriptedGateway({"list": []}), ScriptedGateway({"search_read": []})]
    my_databases(gateways[0], LOGIN)
    databases_app(gateways[1], LOGIN)

    assert [[(call.model, call.method, call.changes) for call in gateway.calls] for gateway in gateways] == [
        [("odoo.database", "list", False)],
        [("project.project", "search_read", False)],
    ]


def test_no_address_stands_for_all_of_odoo_online() -> None:
    """It stands for logins; nothing is ever sent there."""
    assert "*" in ODOO_ONLINE.host


# --- refusals ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [errors.ModelMissing(), errors.MethodMissing(), errors.RightsMissing(), errors.OdooFailed()])
def test_server_that_is_not_odoo_com_is_told(error: errors.CodalinkError) -> None:
    with pytest.raises(errors.AnswerUnexpected, match=r"as odoo\.com does"):
        of_odoo_com(error)


def test_account_that_odoo_com_refuses_is_told_with_where_its_keys_are_made() -> None:
    with pytest.raises(errors.LoginRefused, match=f"refuses the login of {LOGIN}") as caught:
        of_odoo_com(errors.LoginRefused())
    assert "odoo.com/my/security" in caught.value.remedy


@pytest.mark.parametrize("error", [errors.ModelMissing(), errors.FieldMissing()])
def test_app_that_is_not_installed_is_told(error: errors.CodalinkError) -> None:
    with pytest.raises(errors.ModelMissing, match='"Databases" is not installed') as caught:
        of_the_app(error)
    assert "CodaBox" not in caught.value.remedy


def test_account_that_may_not_read_the_app_is_told() -> None:
    with pytest.raises(errors.RightsMissing, match=f"{LOGIN} may not read"):
        of_the_app(errors.RightsMissing())
