"""Users without rights: Odoo's own words, and nothing more is closed to them than it is in Odoo."""

import pytest

from codalink.sandbox import ACCOUNTING_GROUP, ADMIN_GROUP, Sandbox, World, small_office
from codalink.sandbox.odoo_errors import AccessError
from tests.unit.sandbox.asking import Ask, asking
from tests.unit.sandbox.posting import execute, json2

JOURNALS_18 = (
    "You are not allowed to access 'Journal' (account.journal) records.\n\n"
    "This operation is allowed for the following groups:\n"
    "\t- Accounting/Billing\n\t- Accounting/Billing Administrator\n\t- Technical/Show Accounting Features - Readonly\n\n"
    "Contact your administrator to request access if necessary."
)


def without(world: World, group: str, database: str = "klant-001") -> Ask:
    found = world.database(database)
    found.users[2].groups -= {group}
    return asking(world, found)


@pytest.mark.parametrize("model", ["account.journal", "account.bank.statement", "account.bank.statement.line", "account.move"])
def test_who_has_no_accounting_rights_reads_no_books(world: World, model: str) -> None:
    with pytest.raises(AccessError, match=f"not allowed to access .*{model}"):
        without(world, ACCOUNTING_GROUP)(model, "search_read", [])


def test_refusal_names_the_groups_that_may(world: World) -> None:
    with pytest.raises(AccessError) as refused:
        without(world, ACCOUNTING_GROUP)("account.journal", "search", [])

    assert refused.value.message == JOURNALS_18


def test_newer_odoo_names_its_own_groups() -> None:
    world = small_office(1, versions=("19.0",))

    with pytest.raises(AccessError, match="\t- Accounting/Administrator\n\t- Accounting/Invoicing\n"):
        without(world, ACCOUNTING_GROUP)("account.journal", "search", [])


def test_who_has_no_accounting_rights_may_connect(world: World) -> None:
    ask = without(world, ACCOUNTING_GROUP)
    settings = ask("res.config.settings", "create", {"company_id": 1})

    assert ask("res.config.settings", "l10n_be_codabox_open_connection_wizard", [settings])["res_id"]


@pytest.mark.parametrize("model", ["ir.module.module", "ir.cron", "ir.config_parameter", "res.config.settings"])
def test_who_may_not_change_settings_does_not_see_them(world: World, model: str) -> None:
    with pytest.raises(AccessError, match=f"not allowed to access .*{model}.*\n\n.*\n\t- Administration/Settings"):
        without(world, ADMIN_GROUP)(model, "search_read", [])


def test_who_may_not_change_settings_reads_companies_and_journals(world: World) -> None:
    ask = without(world, ADMIN_GROUP)

    assert len(ask("res.company", "search", [], context={})) == 2
    assert len(ask("account.journal", "search", [], context={})) == 2


def test_guarded_fields_are_absent_for_who_may_not_change_settings(world: World) -> None:
    fields = without(world, ADMIN_GROUP)("l10n_be_codabox.connection.wizard", "fields_get", ["fidu_password", "company_id"], ["type"])

    assert set(fields) == {"company_id"}


def test_refusal_comes_with_the_status_of_each_protocol() -> None:
    sandbox = Sandbox(small_office(2, versions=("18.0", "19.0")))
    for database in sandbox.world.databases():
        database.users[2].groups -= {ACCOUNTING_GROUP}
    old = execute(sandbox, "klant-001", "account.journal", "search", [])
    new = json2(sandbox.servers["odoo19"], "klant-002", sandbox.world.api_key, "account.journal/search", domain=[])

    assert (old.status, b"odoo.exceptions.AccessError" in old.body) == (200, True)
    assert (new.status, b"odoo.exceptions.AccessError" in new.body) == (403, True)
