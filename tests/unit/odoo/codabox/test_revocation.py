"""Revoking a connection: at once, or through the wizard of a newer module."""

import pytest

from codalink.errors import ModelMissing, OfficePasswordMissing
from codalink.odoo.codabox.revocation import revoke_connection, wipe_revoke_wizards
from codalink.secrets.masked import Secret
from tests.unit.fakes import ScriptedGateway
from tests.unit.odoo.codabox.test_connection import window

CONNECTION = "l10n_be_codabox.connection.wizard"
WIZARD = "l10n_be_codabox.revoke.wizard"
REVOKE = "l10n_be_codabox_revoke"
PASSWORD = Secret("OfficePassword16")


@pytest.mark.parametrize("answer", [None, True, window(CONNECTION, 5), {"type": "ir.actions.act_window_close"}])
def test_older_module_takes_one_call_whatever_it_answers(answer: object) -> None:
    gateway = ScriptedGateway({REVOKE: answer})
    revoke_connection(gateway, 3, 5, PASSWORD)

    (call,) = gateway.calls
    assert (call.model, call.ids, call.companies, call.changes) == (CONNECTION, (5,), (3,), True)


def test_newer_module_gets_the_password_and_a_second_press() -> None:
    gateway = ScriptedGateway({f"{CONNECTION}.{REVOKE}": window(WIZARD, 8), "write": True, f"{WIZARD}.{REVOKE}": None})
    revoke_connection(gateway, 3, 5, PASSWORD)

    assert [(call.model, call.method, call.ids) for call in gateway.calls] == [
        (CONNECTION, REVOKE, (5,)),
        (WIZARD, "write", (8,)),
        (WIZARD, REVOKE, (8,)),
    ]
    assert gateway.calls[1].arguments == {"vals": {"fidu_password": PASSWORD}}


def test_newer_module_without_a_password_is_told_before_anything_is_typed() -> None:
    gateway = ScriptedGateway({REVOKE: window(WIZARD, 8)})
    with pytest.raises(OfficePasswordMissing):
        revoke_connection(gateway, 3, 5, None)

    assert len(gateway.calls) == 1


def test_wiping_where_there_are_no_such_wizards_is_done_already() -> None:
    wipe_revoke_wizards(ScriptedGateway({"search_read": ModelMissing()}), 3)


def test_wiping_empties_what_is_found() -> None:
    gateway = ScriptedGateway({"search_read": [{"id": 8}], "write": True})
    wipe_revoke_wizards(gateway, 3)

    assert (gateway.calls[1].ids, gateway.calls[1].arguments) == ((8,), {"vals": {"fidu_password": False}})
