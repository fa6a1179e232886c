"""Databases that differ from the usual: older and newer modules, and fields that a version lacks."""

import pytest

from codalink.sandbox import Flavour, World, small_office, texts
from codalink.sandbox.codabox import CONNECTION_WIZARD, REVOKE_WIZARD, VALIDATION_WIZARD
from codalink.sandbox.odoo_errors import UserError
from tests.unit.sandbox.asking import Ask, asking

CREATE = "l10n_be_codabox_create_connection"
REVOKE = "l10n_be_codabox_revoke"


def flavoured(flavour: Flavour) -> tuple[World, Ask]:
    world = small_office(databases=1, versions=(flavour.version,))
    database = world.database("klant-001")
    database.flavour = flavour
    return world, asking(world, database)


def connect(world: World, ask: Ask) -> int:
    """Connect the office's first company, consent included; answers the connection wizard's id."""
    settings = ask("res.config.settings", "create", {"company_id": 1})
    wizard: int = ask("res.config.settings", "l10n_be_codabox_open_connection_wizard", [settings])["res_id"]
    assert ask(CONNECTION_WIZARD, CREATE, [wizard])["res_model"] == VALIDATION_WIZARD
    world.proxy.give_consent(world.office_vat)
    ask(CONNECTION_WIZARD, "refresh_connection_status", [wizard])
    return wizard


def test_old_module_has_no_wizards_and_its_buttons_are_refused() -> None:
    _, ask = flavoured(Flavour("17.0", old_module=True))
    settings = ask("res.config.settings", "create", {"company_id": 1})

    with pytest.raises(UserError, match="doesn't exist"):
        ask(CONNECTION_WIZARD, "create", {"company_id": 1})
    for button in ("l10n_be_codabox_connect", REVOKE):
        with pytest.raises(UserError, match=texts.UPGRADE):
            ask("res.config.settings", button, [settings])
    assert ask("ir.module.module", "search_read", [["name", "=", "l10n_be_codabox"]], ["state"])[0]["state"] == "installed"


def test_bridge_wizard_brings_the_wizards_to_17() -> None:
    world, ask = flavoured(Flavour("17.0", old_module=True))
    bridge = ask("ir.module.module", "search_read", [["name", "=", "l10n_be_codabox_bridge_wizard"]], ["state"])[0]
    assert bridge["state"] == "uninstalled"

    ask("ir.module.module", "button_immediate_install", [bridge["id"]])

    connect(world, ask)
    assert world.database("klant-001").is_connected()


def test_company_without_the_offices_field_connects_all_the_same() -> None:
    world, ask = flavoured(Flavour("17.0", fiduciary_vat_field=False))

    wizard = connect(world, ask)

    assert "l10n_be_codabox_fiduciary_vat" not in ask("res.company", "fields_get")
    with pytest.raises(ValueError, match="Invalid field"):
        ask("res.company", "search_read", [], ["l10n_be_codabox_fiduciary_vat"])
    assert ask(CONNECTION_WIZARD, "read", [wizard], ["fiduciary_vat"])[0]["fiduciary_vat"] == world.office_vat
    assert world.database("klant-001").is_connected()


def revoke_wizard(ask: Ask, connection_wizard: int) -> int:
    action = ask(CONNECTION_WIZARD, REVOKE, [connection_wizard])
    assert action["res_model"] == REVOKE_WIZARD
    opened: int = action["res_id"]
    return opened


def test_newer_module_asks_for_the_password_before_it_revokes() -> None:
    world, ask = flavoured(Flavour("19.0", revoke_wizard=True))
    wizard = revoke_wizard(ask, connect(world, ask))
    shown = ask(REVOKE_WIZARD, "read", [wizard], ["company_vat", "fidu_password", "nb_connections"])[0]
    assert (len(shown["company_vat"]), shown["fidu_password"], shown["nb_connections"]) == (10, False, 1)

    ask(REVOKE_WIZARD, "write", [wizard], {"fidu_password": world.proxy.office(world.office_vat).password})
    ask(REVOKE_WIZARD, REVOKE, [wizard])

    assert not world.database("klant-001").is_connected()
    assert world.proxy.connected_companies(world.office_vat) == []


@pytest.mark.parametrize("password", ["", "wrong"])
def test_revoking_without_the_password_is_refused_and_leaves_nothing_typed(password: str) -> None:
    world, ask = flavoured(Flavour("19.0", revoke_wizard=True))
    wizard = revoke_wizard(ask, connect(world, ask))
    ask(REVOKE_WIZARD, "write", [wizard], {"fidu_password": password})

    with pytest.raises(UserError, match="not valid for this accounting firm"):
        ask(REVOKE_WIZARD, REVOKE, [wizard])

    assert world.database("klant-001").is_connected()
    assert ask(REVOKE_WIZARD, "read", [wizard], ["fidu_password"])[0]["fidu_password"] is False


def test_last_revocation_leaves_the_office_registered_until_mycodabox() -> None:
    world, ask = flavoured(Flavour("19.0", revoke_wizard=True))
    connection = connect(world, ask)
    wizard = revoke_wizard(ask, connection)
    ask(REVOKE_WIZARD, "write", [wizard], {"fidu_password": world.proxy.office(world.office_vat).password})
    ask(REVOKE_WIZARD, REVOKE, [wizard])

    with pytest.raises(UserError, match="already created a connection"):
        ask(CONNECTION_WIZARD, CREATE, [connection])


def test_settings_begin_with_the_users_own_company_unless_the_context_names_one(world: World, ask: Ask) -> None:
    del world

    def company_of_settings(context: dict[str, list[int]]) -> int:
        settings = ask("res.config.settings", "create", {}, context=context)
        found: int = ask("res.config.settings", "read", [settings], ["company_id"])[0]["company_id"][0]
        return found

    assert [company_of_settings(context) for context in ({}, {"allowed_company_ids": [2]})] == [1, 2]
