"""How the CodaBox module stands in a database, found out in one call."""

import pytest

from codalink import errors
from codalink.odoo.codabox.module import Module, ModuleState, install, read_module
from tests.unit.fakes import ScriptedGateway

WIZARD = {"fidu_password": {"type": "char"}}


def app(state: str) -> list[dict[str, object]]:
    return [{"id": 607, "name": "l10n_be_codabox", "state": state}]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (WIZARD, ModuleState.READY),
        ({}, ModuleState.CLOSED),  # recording company_fields_get_clerk: what the user may not read is absent
        (errors.RightsMissing("No."), ModuleState.CLOSED),
        (errors.ModelMissing("No wizard."), ModuleState.TOO_OLD),
    ],
    ids=["ready", "clerk", "refused", "old"],
)
def test_wizard_tells_how_an_installed_module_stands(answer: object, state: ModuleState) -> None:
    gateway = ScriptedGateway({"fields_get": answer})

    assert read_module(gateway, is_installed=True) == Module(state)
    assert len(gateway.calls) == 1


@pytest.mark.parametrize(
    ("answer", "module"),
    [
        (app("uninstalled"), Module(ModuleState.INSTALLABLE, 607)),
        (app("to install"), Module(ModuleState.INSTALLABLE, 607)),
        (app("installed"), Module(ModuleState.READY)),
        (app("uninstallable"), Module(ModuleState.ABSENT)),
        ([], Module(ModuleState.ABSENT)),
        (errors.RightsMissing("No."), Module(ModuleState.UNKNOWN)),
    ],
    ids=["uninstalled", "to install", "installed", "uninstallable", "community", "clerk"],
)
def test_list_of_modules_tells_how_a_missing_one_stands(answer: object, module: Module) -> None:
    gateway = ScriptedGateway({"search_read": answer})

    assert read_module(gateway, is_installed=False) == module
    assert len(gateway.calls) == 1


def test_other_errors_are_not_swallowed() -> None:
    with pytest.raises(errors.AnswerTimedOut):
        read_module(ScriptedGateway({"fields_get": errors.AnswerTimedOut("Late.")}), is_installed=True)


def test_answer_of_another_shape_is_told() -> None:
    with pytest.raises(errors.AnswerUnexpected):
        read_module(ScriptedGateway({"fields_get": []}), is_installed=True)


def test_installing_presses_the_button_of_the_listed_module() -> None:
    gateway = ScriptedGateway({"button_immediate_install": {"type": "ir.actions.client", "tag": "reload"}})

    install(gateway, Module(ModuleState.INSTALLABLE, 607))

    (call,) = gateway.calls
    assert (call.model, call.ids, call.changes) == ("ir.module.module", (607,), True)
