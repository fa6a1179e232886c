"""Every text of the contract's section 3, provoked by its switch and told by each protocol at the button where Odoo says it."""

import json
import xmlrpc.client
from collections.abc import Callable
from typing import Any

import pytest

from codalink.sandbox import Button, Refusal, Sandbox, small_office
from tests.unit.sandbox.posting import json2, jsonrpc, result, xml

WIZARD, SETTINGS, JOURNAL = "l10n_be_codabox.connection.wizard", "res.config.settings", "account.journal"
CHANGE_WIZARD = "l10n_be_codabox.change.password.wizard"
CONTEXT = {"lang": "en_US"}

# The contract's section 3, as a client reads it.
TEXTS = {
    Refusal.NOT_CONFIGURED: "CodaBox is not configured. Please check your configuration.",
    Refusal.PROXY_DOWN: "An error occurred while connecting to the IAP server. Please contact Odoo support.",
    Refusal.CODABOX_DOWN: "CodaBox is not responding. Please try again later.",
    Refusal.CODABOX_ERROR: "An error occurred while connecting to CodaBox. Please contact Odoo support.",
    Refusal.NO_CONNECTION: "No connection exists with these VAT/Company ID number(s). Please check your configuration.",
    Refusal.CONNECTION_INVALID: "It seems that your CodaBox connection is not valid anymore.  Please connect again.",
    Refusal.CONSENT_INVALID: "CodaBox consent is not valid. Please reconnect.",
    Refusal.WRONG_PASSWORD: "The provided password is not valid for this VAT/Company ID number.",
    Refusal.WRONG_PASSWORD_FIRM: "The provided password is not valid for this accounting firm.",
    Refusal.VAT_INVALID: "It seems that the VAT/Company ID number you provided is not valid. Please check your configuration.",
    Refusal.UNKNOWN_OFFICE: (
        "It seems that the VAT/Company ID number you provided does not exist in CodaBox. Please check your configuration."
    ),
    Refusal.ALREADY_REGISTERED: (
        "It seems you have already created a connection to CodaBox with this account. "
        "To create a new connection, you must first revoke the old one on myCodaBox portal."
    ),
    Refusal.NO_FILES: "No files were found. Please check your configuration.",
    Refusal.UPGRADE: "Please upgrade the module CodaBox.",
    Refusal.INSTALL_BRIDGE: (
        "Please install the module CodaBox Bridge Wizard to use this feature (you may have to Update the Apps List first)."
    ),
    Refusal.VAT_NOT_SET: "The company VAT number or ID is not set.",
    Refusal.VAT_ID_NOT_SET: "The company VAT/ID number is not set.",
    Refusal.NOT_AN_OFFICE: "The feature is restricted to Accounting Firms.",
}

Execute = Callable[..., Any]
"""Calls a model's method: with an id, or with the values of a new record; answers its result, or an error's text."""


def over_jsonrpc(sandbox: Sandbox) -> Execute:
    def execute(model: str, method: str, argument: object) -> Any:  # noqa: ANN401 - whatever the method answers
        arguments = [argument] if isinstance(argument, dict) else [[argument]]
        login = ("klant-001", 2, sandbox.world.password)
        response = jsonrpc(sandbox.servers["odoo18"], "object", "execute_kw", *login, model, method, arguments, {"context": CONTEXT})
        answer = json.loads(response.body)
        return answer["error"]["data"]["message"] if "error" in answer else answer["result"]

    return execute


def over_xmlrpc(sandbox: Sandbox) -> Execute:
    def execute(model: str, method: str, argument: object) -> Any:  # noqa: ANN401 - whatever the method answers
        arguments = [argument] if isinstance(argument, dict) else [[argument]]
        login = ("klant-001", 2, sandbox.world.password)
        response = xml(sandbox.servers["odoo18"], "object", "execute_kw", *login, model, method, arguments, {"context": CONTEXT})
        try:
            return result(response)
        except xmlrpc.client.Fault as fault:
            return fault.faultString

    return execute


def over_json2(sandbox: Sandbox) -> Execute:
    def execute(model: str, method: str, argument: object) -> Any:  # noqa: ANN401 - whatever the method answers
        named = {"vals_list": [argument]} if isinstance(argument, dict) else {"ids": [argument]}
        server, key = sandbox.servers["odoo19"], sandbox.world.api_key
        answer = json.loads(json2(server, "klant-002", key, f"{model}/{method}", context=CONTEXT, **named).body)
        return answer["message"] if isinstance(answer, dict) and "debug" in answer else answer[0] if isinstance(answer, list) else answer

    return execute


def press(button: Button, execute: Execute) -> str:
    """Press a button in Odoo; answers what it says: an error's text, or a notification's."""
    model, values, method = {
        Button.OPEN_WIZARD: (SETTINGS, {"company_id": 1}, "l10n_be_codabox_open_connection_wizard"),
        Button.CONNECT: (WIZARD, {"company_id": 1}, "l10n_be_codabox_create_connection"),
        Button.REFRESH: (SETTINGS, {"company_id": 1}, "l10n_be_codabox_refresh_connection_status"),
        Button.RETRIEVE: (JOURNAL, None, "l10n_be_codabox_manually_fetch_coda_transactions"),
        Button.REVOKE: (WIZARD, {"company_id": 1}, "l10n_be_codabox_revoke"),
        Button.CHANGE_PASSWORD: (
            CHANGE_WIZARD,
            {"company_id": 1, "new_fidu_password": "a", "confirm_fidu_password": "a"},
            "l10n_be_codabox_change_password",
        ),
        Button.SODA_MAPPING: (SETTINGS, {"company_id": 1}, "l10n_be_codabox_open_soda_mapping"),
    }[button]
    record_id = 1 if values is None else execute(model, "create", values)
    told = execute(model, method, record_id)
    return told["params"]["message"] if isinstance(told, dict) and "params" in told else str(told)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(small_office(databases=2, versions=("18.0", "19.0")))


def test_table_has_every_refusal() -> None:
    assert set(TEXTS) == set(Refusal)


@pytest.mark.parametrize("over", [over_jsonrpc, over_xmlrpc, over_json2], ids=["json-rpc", "xml-rpc", "json-2"])
@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name.lower())
def test_switch_makes_odoo_say_it(sandbox: Sandbox, refusal: Refusal, over: Callable[[Sandbox], Execute]) -> None:
    dialled = sandbox.proxy.refuse(refusal)

    assert press(refusal.usual_button, over(sandbox)) == TEXTS[refusal]
    assert dialled.fired == 1


@pytest.mark.parametrize("button", Button, ids=lambda button: button.name.lower())
def test_any_button_can_refuse(sandbox: Sandbox, button: Button) -> None:
    sandbox.proxy.refuse(Refusal.CODABOX_ERROR, button)

    assert press(button, over_jsonrpc(sandbox)) == TEXTS[Refusal.CODABOX_ERROR]


def test_refusal_is_over_after_its_times(sandbox: Sandbox) -> None:
    sandbox.proxy.refuse(Refusal.NOT_CONFIGURED, times=2)
    told = [press(Button.OPEN_WIZARD, over_jsonrpc(sandbox)) for _ in range(3)]

    assert [text == TEXTS[Refusal.NOT_CONFIGURED] for text in told] == [True, True, False]


def test_refusal_without_end_ends_when_it_is_cleared(sandbox: Sandbox) -> None:
    sandbox.proxy.refuse(Refusal.NOT_CONFIGURED, times=None)
    before = press(Button.OPEN_WIZARD, over_jsonrpc(sandbox))
    sandbox.proxy.refusals.clear()

    assert before == TEXTS[Refusal.NOT_CONFIGURED] != press(Button.OPEN_WIZARD, over_jsonrpc(sandbox))


def test_refusal_may_be_meant_for_one_company(sandbox: Sandbox) -> None:
    meant = sandbox.world.database("klant-002").partner_of(1)["company_registry"]
    sandbox.proxy.refuse(Refusal.NOT_CONFIGURED, company_vat=meant)

    assert press(Button.OPEN_WIZARD, over_jsonrpc(sandbox)) != TEXTS[Refusal.NOT_CONFIGURED]
    assert press(Button.OPEN_WIZARD, over_json2(sandbox)) == TEXTS[Refusal.NOT_CONFIGURED]


def test_refused_connection_leaves_the_office_unregistered(sandbox: Sandbox) -> None:
    sandbox.proxy.refuse(Refusal.CODABOX_ERROR)
    press(Button.CONNECT, over_jsonrpc(sandbox))

    assert sandbox.proxy.office(sandbox.world.office_vat).first_connections == 0


@pytest.mark.parametrize(("refusal", "stays"), [(Refusal.CODABOX_DOWN, True), (Refusal.NO_CONNECTION, False)])
def test_refreshing_forgets_a_connection_only_when_it_is_surely_gone(sandbox: Sandbox, refusal: Refusal, *, stays: bool) -> None:
    sandbox.world.database("klant-001").row("res.company", 1)["l10n_be_codabox_is_connected"] = True
    sandbox.proxy.refuse(refusal, Button.REFRESH)
    press(Button.REFRESH, over_jsonrpc(sandbox))

    assert sandbox.world.database("klant-001").is_connected() is stays
