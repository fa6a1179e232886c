"""The connection of a company: calls, their order, and answers that are not what was promised."""

import pytest

from codalink.errors import AnswerUnexpected, ConsentInvalid, NoConnection, OdooRefused, ProxyDown
from codalink.odoo.codabox.connection import (
    ConsentState,
    ask_proxy,
    connect_further,
    fill_in_password,
    find_first_connection,
    make_first_connection,
    open_settings,
    refresh,
    wipe_connection_wizards,
    wipe_password,
)
from codalink.odoo.gateway import Patience
from codalink.secrets.masked import Secret
from tests.unit.fakes import CONSENT_URL, ScriptedGateway

CONNECTION = "l10n_be_codabox.connection.wizard"
VALIDATION = "l10n_be_codabox.validation.wizard"
CREATE = "l10n_be_codabox_create_connection"
OPEN = "l10n_be_codabox_open_connection_wizard"
REFRESH = "l10n_be_codabox_refresh_connection_status"
NO_ACTIONS: list[object] = [None, False, True, 1, "x", [], {}, {"type": None}]


def window(model: str, record_id: object = 5) -> dict[str, object]:
    return {"type": "ir.actions.act_window", "res_model": model, "res_id": record_id}


def notification(kind: object, message: object = "") -> dict[str, object]:
    return {"type": "ir.actions.client", "params": {"type": kind, "message": message}}


# --- asking the proxy ----------------------------------------------------------------------------------------------------------------


def test_asking_the_proxy_takes_three_calls() -> None:
    wizard = [{"id": 5, "nb_connections": 2, "connection_exists": True, "is_fidu_consent_valid": False}]
    gateway = ScriptedGateway({"create": [4], OPEN: window(CONNECTION), "read": wizard})
    ask_proxy(gateway, 3)

    assert [(call.model, call.method, call.ids, call.companies) for call in gateway.calls] == [
        ("res.config.settings", "create", None, (3,)),
        ("res.config.settings", OPEN, (4,), (3,)),
        (CONNECTION, "read", (5,), (3,)),
    ]


@pytest.mark.parametrize("answer", NO_ACTIONS)
def test_button_without_an_action_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        ask_proxy(ScriptedGateway({"create": 4, OPEN: answer}), 3)


@pytest.mark.parametrize("opened", [window("res.partner"), window(CONNECTION, False), window(CONNECTION, "5"), window(CONNECTION, 0)])  # noqa: FBT003  # what Odoo says
def test_button_that_opens_something_else_is_unexpected(opened: object) -> None:
    with pytest.raises(AnswerUnexpected):
        ask_proxy(ScriptedGateway({"create": 4, OPEN: opened}), 3)


@pytest.mark.parametrize("wizard", [[], [{"id": 5}], [{"id": 5, "nb_connections": "2"}], [{"id": 5, "nb_connections": None}], None, {}])
def test_wizard_that_tells_no_number_is_unexpected(wizard: object) -> None:
    with pytest.raises(AnswerUnexpected):
        ask_proxy(ScriptedGateway({"create": 4, OPEN: window(CONNECTION), "read": wizard}), 3)


def test_no_number_at_all_is_not_taken_for_zero() -> None:
    """Zero means that the office is not registered, and would lead to a first connection."""
    wizard = [{"id": 5, "nb_connections": False, "connection_exists": False, "is_fidu_consent_valid": False}]

    with pytest.raises(AnswerUnexpected):
        ask_proxy(ScriptedGateway({"create": 4, OPEN: window(CONNECTION), "read": wizard}), 3)


@pytest.mark.parametrize("answer", [None, False, [], [1, 2], "4", {}])
def test_settings_without_an_id_are_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        open_settings(ScriptedGateway({"create": answer}), 3)


# --- the first connection ------------------------------------------------------------------------------------------------------------


def test_first_connection_takes_two_calls() -> None:
    shown = [{"id": 5, "fidu_password": "pw-0001", "confirmation_url": CONSENT_URL}]
    gateway = ScriptedGateway({CREATE: window(VALIDATION), "read": shown})
    make_first_connection(gateway, 3, 9)

    assert [(call.model, call.method, call.ids, call.companies) for call in gateway.calls] == [
        (CONNECTION, CREATE, (9,), (3,)),
        (VALIDATION, "read", (5,), (3,)),
    ]


def test_password_is_masked_from_the_start() -> None:
    shown = [{"id": 5, "fidu_password": "pw-0002", "confirmation_url": CONSENT_URL}]

    assert "pw-0002" not in repr(make_first_connection(ScriptedGateway({CREATE: window(VALIDATION), "read": shown}), 3, 9))


@pytest.mark.parametrize("answer", [*NO_ACTIONS, window(CONNECTION), window(VALIDATION, None)])
def test_first_connection_that_opens_no_password_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        make_first_connection(ScriptedGateway({CREATE: answer}), 3, 9)


@pytest.mark.parametrize("shown", [[], None, [7], {}])
def test_first_connection_whose_wizard_is_gone_is_unexpected(shown: object) -> None:
    with pytest.raises(AnswerUnexpected):
        make_first_connection(ScriptedGateway({CREATE: window(VALIDATION), "read": shown}), 3, 9)


def test_unexpected_answer_to_the_first_connection_may_have_happened() -> None:
    assert AnswerUnexpected.may_have_happened


# --- wizards that still live ---------------------------------------------------------------------------------------------------------


def test_living_wizards_are_asked_newest_first() -> None:
    gateway = ScriptedGateway({"search_read": []})
    find_first_connection(gateway, [3, 4])

    assert (gateway.calls[0].arguments["order"], gateway.calls[0].arguments["domain"]) == ("id desc", [["company_id", "in", [3, 4]]])


def test_wizard_of_no_company_is_left_out() -> None:
    rows = [{"id": 1, "company_id": False, "fidu_password": "x"}]

    assert find_first_connection(ScriptedGateway({"search_read": rows}), [3]) == []


@pytest.mark.parametrize("password", [False, None, "", 7])
def test_wizard_without_a_password_has_none(password: object) -> None:
    rows = [{"id": 1, "company_id": [3, "x"], "fidu_password": password, "confirmation_url": False}]
    ((_, shown),) = find_first_connection(ScriptedGateway({"search_read": rows}), [3])

    assert (shown.password, shown.consent_url) == (None, "")


@pytest.mark.parametrize("answer", [None, False, {}, [1]])
def test_strange_wizards_are_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        find_first_connection(ScriptedGateway({"search_read": answer}), [3])


# --- wiping --------------------------------------------------------------------------------------------------------------------------


def test_wiping_tells_the_consent_page() -> None:
    assert wipe_password(ScriptedGateway({"validate_connection": {"type": "x", "url": CONSENT_URL}}), 3, 5) == CONSENT_URL


def test_wiping_without_a_page_is_empty() -> None:
    assert wipe_password(ScriptedGateway({"validate_connection": {"type": "x", "url": False}}), 3, 5) == ""


@pytest.mark.parametrize("answer", NO_ACTIONS)
def test_strange_answer_to_wiping_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        wipe_password(ScriptedGateway({"validate_connection": answer}), 3, 5)


# --- a further connection ------------------------------------------------------------------------------------------------------------


def test_further_connection_takes_two_calls() -> None:
    gateway = ScriptedGateway({"create": [5], CREATE: window(CONNECTION)})
    connect_further(gateway, 3, fill_in_password(gateway, 3, Secret("pw-0003")))

    assert [(call.model, call.method, call.ids, call.companies) for call in gateway.calls] == [
        (CONNECTION, "create", None, (3,)),
        (CONNECTION, CREATE, (5,), (3,)),
    ]


def test_password_goes_into_the_wizard_closed() -> None:
    gateway = ScriptedGateway({"create": [5]})
    fill_in_password(gateway, 3, Secret("pw-0004"))

    assert gateway.calls[0].arguments["vals_list"] == [{"company_id": 3, "fidu_password": Secret("pw-0004")}]
    assert "pw-0004" not in repr(gateway.calls)


def test_neither_call_is_repeated_without_looking() -> None:
    gateway = ScriptedGateway({"create": [5], CREATE: window(CONNECTION)})
    connect_further(gateway, 3, fill_in_password(gateway, 3, Secret("pw-0007")))

    assert [call.changes for call in gateway.calls] == [True, True]


def test_connecting_waits_for_codabox() -> None:
    gateway = ScriptedGateway({CREATE: window(CONNECTION)})
    connect_further(gateway, 3, 5)

    assert gateway.calls[0].patience is Patience.CODABOX


@pytest.mark.parametrize("answer", [None, False, [], [1, 2], "4", {}])
def test_wizard_without_an_id_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        fill_in_password(ScriptedGateway({"create": answer}), 3, Secret("pw-0006"))


@pytest.mark.parametrize("answer", NO_ACTIONS)
def test_strange_answer_to_connecting_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        connect_further(ScriptedGateway({CREATE: answer}), 3, 5)


# --- passwords left behind -----------------------------------------------------------------------------------------------------------


def test_only_wizards_that_hold_a_password_are_looked_for() -> None:
    gateway = ScriptedGateway({"search_read": []})
    wipe_connection_wizards(gateway, 3)

    assert [call.arguments["domain"] for call in gateway.calls] == [[["company_id", "=", 3], ["fidu_password", "!=", False]]]


def test_all_of_them_are_wiped_in_one_call_that_may_be_repeated() -> None:
    gateway = ScriptedGateway({"search_read": [{"id": 5}, {"id": 7}], "write": True})
    wipe_connection_wizards(gateway, 3)

    written = gateway.calls[1]
    assert (written.model, written.ids, written.arguments, written.changes) == (
        CONNECTION,
        (5, 7),
        {"vals": {"fidu_password": False}},
        False,
    )


# --- refreshing ----------------------------------------------------------------------------------------------------------------------


def test_success_is_valid() -> None:
    assert refresh(ScriptedGateway({REFRESH: notification("success", "whatever")}), 3, 4) is ConsentState.VALID


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("CodaBox consent is not valid. Please reconnect.", ConsentState.NO_CONSENT),
        ("It seems that your CodaBox connection is not valid anymore.  Please connect again.", ConsentState.NO_CONSENT),
        ("No connection exists with these VAT/Company ID number(s). Please check your configuration.", ConsentState.NO_CONNECTION),
    ],
)
def test_refusal_in_a_notification_is_a_state(text: str, state: ConsentState) -> None:
    assert refresh(ScriptedGateway({REFRESH: notification("danger", text)}), 3, 4) is state


def test_trouble_in_a_notification_is_an_error() -> None:
    text = "An error occurred while connecting to the IAP server. Please contact Odoo support."

    with pytest.raises(ProxyDown):
        refresh(ScriptedGateway({REFRESH: notification("danger", text)}), 3, 4)


def test_unknown_text_in_a_notification_is_kept() -> None:
    with pytest.raises(OdooRefused, match=r"^Something new$"):
        refresh(ScriptedGateway({REFRESH: notification("danger", "Something new")}), 3, 4)


@pytest.mark.parametrize(("kind", "message"), [("danger", None), ("danger", ""), (None, None), ("warning", 7), ("info", {})])
def test_notification_without_a_text_is_no_success(kind: object, message: object) -> None:
    with pytest.raises(OdooRefused):
        refresh(ScriptedGateway({REFRESH: notification(kind, message)}), 3, 4)


@pytest.mark.parametrize("answer", [*NO_ACTIONS, {"type": "x"}, {"type": "x", "params": None}, {"type": "x", "params": []}])
def test_strange_notification_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        refresh(ScriptedGateway({REFRESH: answer}), 3, 4)


@pytest.mark.parametrize("error", [ConsentInvalid(), NoConnection()])
def test_refusal_raised_by_the_button_is_an_error(error: Exception) -> None:
    with pytest.raises(type(error)):
        refresh(ScriptedGateway({REFRESH: error}), 3, 4)
