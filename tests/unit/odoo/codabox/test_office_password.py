"""Changing the office password: calls, their order, and answers that are not what was promised."""

import pytest

from codalink.errors import AnswerUnexpected, OdooRefused, OfficePasswordRefused
from codalink.odoo.codabox.office_password import change_password, open_change_wizard, wipe_change_wizards
from codalink.odoo.gateway import Patience
from codalink.secrets.masked import Secret
from tests.unit.fakes import ScriptedGateway
from tests.unit.odoo.codabox.test_connection import notification, window

CONNECTION = "l10n_be_codabox.connection.wizard"
WIZARD = "l10n_be_codabox.change.password.wizard"
OPEN = "l10n_be_codabox_open_change_password_wizard"
CHANGE = "l10n_be_codabox_change_password"
OLD, NEW = Secret("OfficePassword16"), Secret("NewOfficePassw17")
FIELDS = ("current_fidu_password", "new_fidu_password", "confirm_fidu_password")


def test_wizard_is_opened_from_the_connection_wizard() -> None:
    gateway = ScriptedGateway({OPEN: window(WIZARD, 7)})

    assert open_change_wizard(gateway, 3, 5) == 7
    (call,) = gateway.calls
    assert (call.model, call.ids, call.companies, call.changes) == (CONNECTION, (5,), (3,), False)


@pytest.mark.parametrize("answer", [None, True, {}, window(CONNECTION, 7), window(WIZARD, False), window(WIZARD, "7")])  # noqa: FBT003  # what Odoo says
def test_button_that_opens_something_else_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        open_change_wizard(ScriptedGateway({OPEN: answer}), 3, 5)


def test_all_three_passwords_are_typed_before_the_button_is_pressed() -> None:
    gateway = ScriptedGateway({"write": True, CHANGE: notification("success")})
    change_password(gateway, 3, 7, OLD, NEW)

    typed, pressed = gateway.calls
    assert (typed.model, typed.ids, typed.arguments) == (WIZARD, (7,), {"vals": dict(zip(FIELDS, (OLD, NEW, NEW), strict=True))})
    assert (pressed.method, pressed.ids, pressed.companies, pressed.patience) == (CHANGE, (7,), (3,), Patience.CODABOX)


def test_neither_typing_nor_pressing_is_repeated_blindly() -> None:
    """A typing that is carried out late, after another one and the wiping, would leave the passwords in the wizard."""
    gateway = ScriptedGateway({"write": True, CHANGE: notification("success")})
    change_password(gateway, 3, 7, OLD, NEW)

    assert [call.changes for call in gateway.calls] == [True, True]


@pytest.mark.parametrize("answer", [None, True, {"type": "ir.actions.act_window_close"}, notification("success"), notification("info")])
def test_whatever_else_odoo_answers_is_no_refusal(answer: object) -> None:
    """What the button answers is recorded of a stand-in only; the new password is proven anyway."""
    change_password(ScriptedGateway({"write": True, CHANGE: answer}), 3, 7, OLD, NEW)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("The provided password is not valid for this accounting firm.", OfficePasswordRefused), ("De maan staat in de weg.", OdooRefused)],
)
def test_refusal_in_a_notification_is_an_error(text: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        change_password(ScriptedGateway({"write": True, CHANGE: notification("danger", text)}), 3, 7, OLD, NEW)


def test_wiping_empties_all_three_fields_of_every_wizard_that_holds_one() -> None:
    gateway = ScriptedGateway({"search_read": [{"id": 7}, {"id": 9}], "write": True})
    wipe_change_wizards(gateway, 3)

    look, emptied = gateway.calls
    assert look.arguments["domain"] == [["company_id", "=", 3], "|", "|", *([field, "!=", False] for field in FIELDS)]
    assert look.arguments["fields"] == ["company_id"]
    assert (emptied.ids, emptied.arguments) == ((7, 9), {"vals": dict.fromkeys(FIELDS, False)})


def test_wiping_nothing_takes_one_call() -> None:
    gateway = ScriptedGateway({"search_read": []})
    wipe_change_wizards(gateway, 3)

    assert len(gateway.calls) == 1
