"""The module CodaBox in each of its states, and installing it."""

import pytest

from codalink.sandbox import ADMIN_GROUP, Flavour, Sandbox, World, small_office, texts
from codalink.sandbox.odoo_errors import AccessDenied, UserError
from tests.unit.sandbox.asking import Ask, asking
from tests.unit.sandbox.posting import execute, result

INSTALL = "button_immediate_install"
CODABOX = ["name", "=", "l10n_be_codabox"]
SETTINGS = "res.config.settings"


def flavoured(flavour: Flavour) -> tuple[World, Ask]:
    world = small_office(databases=1, versions=(flavour.version,))
    database = world.database("klant-001")
    database.flavour = flavour
    return world, asking(world, database)


def states(ask: Ask) -> dict[str, str]:
    return {row["name"]: row["state"] for row in ask("ir.module.module", "search_read", [], ["name", "state"])}


def install(ask: Ask, name: str = "l10n_be_codabox") -> None:
    module = ask("ir.module.module", "search", [["name", "=", name]])
    ask("ir.module.module", INSTALL, module)


@pytest.mark.parametrize("version", ["18.0", "19.0"])
def test_installing_brings_fields_wizards_and_needed_modules(version: str) -> None:
    _, ask = flavoured(Flavour(version, codabox=False))
    before = ask("res.company", "fields_get", ["account_representative_id", "l10n_be_codabox_is_connected"])
    install(ask)

    assert before == {}
    assert len(ask("res.company", "fields_get", ["account_representative_id", "l10n_be_codabox_is_connected"])) == 2
    assert ask("l10n_be_codabox.connection.wizard", "create", {"company_id": 1})
    assert {states(ask)[name] for name in ("l10n_be_codabox", "l10n_be_coda", "l10n_be_soda")} == {"installed"}


def test_feed_is_on_offer_once_the_module_is_there() -> None:
    _, ask = flavoured(Flavour("18.0", codabox=False))

    def feeds() -> list[str]:
        field = ask("account.journal", "fields_get", ["bank_statements_source"], ["selection"])["bank_statements_source"]
        return [choice[0] for choice in field["selection"]]

    before = feeds()
    install(ask)

    assert (before, feeds()) == (["undefined"], ["undefined", "l10n_be_codabox"])


def test_community_has_no_such_module() -> None:
    _, ask = flavoured(Flavour("18.0", codabox=False, is_community=True))

    assert states(ask) == {"account": "installed"}
    assert ask("ir.module.module", "search_count", [CODABOX]) == 0


def test_module_that_awaits_its_upgrade_works() -> None:
    _, ask = flavoured(Flavour("18.0", awaits_upgrade=True))

    assert states(ask)["l10n_be_codabox"] == "to upgrade"
    assert ask("l10n_be_codabox.connection.wizard", "create", {"company_id": 1})


def test_16_has_neither_wizard_nor_bridge_even_after_installing() -> None:
    _, ask = flavoured(Flavour("16.0", codabox=False))
    install(ask)

    assert "l10n_be_codabox_bridge_wizard" not in states(ask)
    with pytest.raises(UserError, match="doesn't exist"):
        ask("l10n_be_codabox.connection.wizard", "search", [])


def test_17_gets_the_bridge_along_with_the_module() -> None:
    _, ask = flavoured(Flavour("17.0", codabox=False))
    install(ask)

    assert states(ask)["l10n_be_codabox_bridge_wizard"] == "installed"
    assert ask("l10n_be_codabox.connection.wizard", "create", {"company_id": 1})


def test_17_without_the_bridge_says_so() -> None:
    _, ask = flavoured(Flavour("17.0", old_module=True))
    settings = ask(SETTINGS, "create", {"company_id": 1})

    for button in ("l10n_be_codabox_refresh_connection_status", "l10n_be_codabox_open_soda_mapping"):
        with pytest.raises(UserError) as refused:
            ask(SETTINGS, button, [settings])
        assert refused.value.message == texts.INSTALL_BRIDGE


def test_who_may_not_change_settings_is_denied_by_the_button_itself() -> None:
    world, ask = flavoured(Flavour("18.0", codabox=False))
    module = ask("ir.module.module", "search", [CODABOX])
    world.database("klant-001").users[2].groups -= {ADMIN_GROUP}

    with pytest.raises(AccessDenied):
        ask("ir.module.module", INSTALL, module)
    assert not world.database("klant-001").flavour.codabox


def test_installing_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ask = flavoured(Flavour("18.0", codabox=False))
    module = ask("ir.module.module", "search", [CODABOX])
    sandbox = Sandbox(world, install_latency_s=7.0)
    waited: list[float] = []
    monkeypatch.setattr(sandbox, "wait", waited.append)

    assert result(execute(sandbox, "klant-001", "ir.module.module", INSTALL, module))["tag"] == "reload"
    assert waited == [7.0]
