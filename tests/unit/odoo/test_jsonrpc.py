"""JSON-RPC: requests exactly as sent, one login, answers of any shape, and no secret in a log."""

import json
import logging

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.gateway import Call, OdooProtocol, Patience, ServerUrl, create, press, read, search_read
from codalink.odoo.http import HttpAnswer
from codalink.odoo.servers import database_names, server_version
from codalink.odoo.wrappers import LoggedGateway
from codalink.secrets.masked import Secret
from tests.unit.fakes import LOGIN, NO_PAGE, ODOO, FakePool, Sent, address, in_turn, logging_in_first, result, speaking_to

KEY = "api-key-0001"


def sent_for(call: Call) -> dict[str, object]:
    """The parameters of the request that this call becomes, after the login."""
    pool = FakePool(in_turn(result([])))
    speaking_to(pool).execute(call)
    return pool.sent[-1].params


# --- requests ------------------------------------------------------------------------------------------------------------------------


def test_search_read_has_all_arguments_by_name() -> None:
    assert sent_for(search_read("res.company", [["id", "=", 1]], ["name"], limit=5, companies=[3])) == {
        "service": "object",
        "method": "execute_kw",
        "args": [
            "klant-001",
            2,
            KEY,
            "res.company",
            "search_read",
            [],
            {
                "domain": [["id", "=", 1]],
                "fields": ["name"],
                "order": "id",
                "limit": 5,
                "context": {"lang": "en_US", "allowed_company_ids": [3]},
            },
        ],
    }


def test_ids_go_first_in_a_list() -> None:
    args = sent_for(read("res.company", 7, ["name"]))["args"]

    assert isinstance(args, list)
    assert args[3:] == ["res.company", "read", [[7]], {"fields": ["name"], "context": {"lang": "en_US"}}]


def test_create_has_its_values_by_position() -> None:
    args = sent_for(create("res.config.settings", {"company_id": 1}, companies=[1]))["args"]

    assert isinstance(args, list)
    assert args[3:] == [
        "res.config.settings",
        "create",
        [[{"company_id": 1}]],
        {"context": {"lang": "en_US", "allowed_company_ids": [1]}},
    ]


def test_button_has_nothing_but_its_record_and_the_context() -> None:
    args = sent_for(press("account.journal", "fetch", 13, companies=[1]))["args"]

    assert isinstance(args, list)
    assert args[3:] == ["account.journal", "fetch", [[13]], {"context": {"lang": "en_US", "allowed_company_ids": [1]}}]


def test_secret_is_opened_in_the_request() -> None:
    args = sent_for(create("wizard", {"company_id": 1, "fidu_password": Secret("office-pw-01")}))["args"]

    assert isinstance(args, list)
    assert args[5] == [[{"company_id": 1, "fidu_password": "office-pw-01"}]]


def test_secret_stays_closed_in_the_call() -> None:
    call = create("wizard", {"fidu_password": Secret("office-pw-02")})
    sent_for(call)

    assert "office-pw-02" not in repr(call)


def test_request_is_json_rpc() -> None:
    pool = FakePool(in_turn(result([])))
    speaking_to(pool).execute(read("res.company", 1, []))

    assert {key: value for key, value in pool.sent[-1].body.items() if key not in {"id", "params"}} == {"jsonrpc": "2.0", "method": "call"}


@pytest.mark.parametrize(
    "typed", ["https://odoo.example.be", "http://localhost:8069", "http://[::1]:8069", "https://[2001:db8::1]", "https://bücher.example"]
)
def test_request_goes_to_the_server_and_its_path(typed: str) -> None:
    server = ServerUrl.parse(typed)
    pool = FakePool(in_turn(result([])))
    speaking_to(pool, address(server=server)).execute(read("res.company", 1, []))

    assert {(sent.server, sent.path) for sent in pool.sent} == {(server, "/jsonrpc")}


@pytest.mark.parametrize("patience", list(Patience))
def test_call_is_given_its_time(patience: Patience) -> None:
    pool = FakePool(in_turn(result([])))
    speaking_to(pool).execute(Call("res.company", "search", patience=patience))

    assert [sent.answer_limit_s for sent in pool.sent] == [Patience.LOOK.value, patience.value]


# --- logging in ----------------------------------------------------------------------------------------------------------------------


def test_login_names_database_login_and_secret() -> None:
    pool = FakePool(in_turn(result([])))
    speaking_to(pool).execute(read("res.company", 1, []))

    assert pool.sent[0].params == {"service": "common", "method": "login", "args": ["klant-001", LOGIN, KEY]}


def test_nothing_is_sent_before_the_first_call() -> None:
    pool = FakePool(in_turn())
    speaking_to(pool)

    assert pool.sent == []


def test_gateway_logs_in_once() -> None:
    pool = FakePool(in_turn(result(1), result(2), result(3)))
    gateway = speaking_to(pool)
    for _ in range(3):
        gateway.execute(read("res.company", 1, []))

    assert [sent.params["method"] for sent in pool.sent] == ["login", "execute_kw", "execute_kw", "execute_kw"]


@pytest.mark.parametrize("uid", [False, None, "2", [2], True, {}])
def test_login_without_a_user_is_refused(uid: object) -> None:
    with pytest.raises(errors.LoginRefused):
        speaking_to(FakePool(lambda _: result(uid))).execute(read("res.company", 1, []))


def test_refused_login_is_tried_again_by_the_next_call() -> None:
    answers = [result(value=False), result(2), result("done")]
    gateway = speaking_to(FakePool(lambda _: answers.pop(0)))
    with pytest.raises(errors.LoginRefused):
        gateway.execute(read("res.company", 1, []))

    assert gateway.execute(read("res.company", 1, [])) == "done"


def test_refused_login_names_login_and_database() -> None:
    with pytest.raises(errors.LoginRefused, match=rf"{LOGIN} in database klant-001"):
        speaking_to(FakePool(lambda _: result(value=False))).execute(read("res.company", 1, []))


# --- answers -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, [{"id": 1}], "text", 1.5])
def test_result_is_given_back_as_it_is(value: object) -> None:
    assert speaking_to(FakePool(in_turn(result(value)))).execute(read("res.company", 1, [])) == value


def test_answer_without_a_result_is_none() -> None:
    assert speaking_to(FakePool(in_turn(b'{"jsonrpc": "2.0", "id": 1}'))).execute(read("mail.message", 1, [])) is None


NOT_ODOOS = {
    "nothing": b"",
    "blank": b"  \n",
    "html": b"<!doctype html><title>Login</title>",
    "cut": b'{"jsonrpc": "2.0", "id": 1, "result": [{"id": 1, "na',
    "not utf-8": b'{"jsonrpc": "2.0", "result": "\xff\xfe"}',
    "utf-16": '{"jsonrpc": "2.0", "result": 1}'.encode("utf-16"),
    "null": b"null",
    "number": b"42",
    "string": b'"jsonrpc"',
    "list": b"[]",
    "list of an answer": b'[{"jsonrpc": "2.0", "result": 1}]',
    "object of another": b'{"status": "ok"}',
    "empty object": b"{}",
    "error is a text": b'{"jsonrpc": "2.0", "error": "no"}',
    "error is a list": b'{"jsonrpc": "2.0", "error": [1]}',
    "error is a number": b'{"jsonrpc": "2.0", "error": 7}',
    "error is true": b'{"jsonrpc": "2.0", "error": true}',
    "error without data": b'{"jsonrpc": "2.0", "error": {"code": 200, "message": "Odoo Server Error"}}',
    "error with null data": b'{"jsonrpc": "2.0", "error": {"code": 200, "data": null}}',
    "error with a text as data": b'{"jsonrpc": "2.0", "error": {"code": 200, "data": "no"}}',
    "error with a list as data": b'{"jsonrpc": "2.0", "error": {"code": 200, "data": []}}',
    "error without message": b'{"jsonrpc": "2.0", "error": {"code": 200, "data": {"name": "x"}}}',
    "too deep": b'{"jsonrpc": "2.0", "result": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a number of 5000 digits": b'{"jsonrpc": "2.0", "result": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", NOT_ODOOS.values(), ids=NOT_ODOOS.keys())
def test_strange_answer_is_not_odoos(body: bytes) -> None:
    with pytest.raises(errors.NotOdoo):
        speaking_to(FakePool(in_turn(body))).execute(read("res.company", 1, []))


@pytest.mark.parametrize("name", ["odoo.exceptions.UserError", "", None, 7, ["x"]])
@pytest.mark.parametrize("message", ["", None, 7, ["x"], {"a": 1}])
def test_error_with_strange_data_is_an_error_of_ours(name: object, message: object) -> None:
    body = json.dumps({"jsonrpc": "2.0", "error": {"code": 0, "data": {"name": name, "message": message}}}).encode()

    with pytest.raises(CodalinkError):
        speaking_to(FakePool(in_turn(body))).execute(read("res.company", 1, []))


def test_error_of_the_pool_passes_through() -> None:
    def time_out(sent: Sent) -> bytes:
        raise errors.AnswerTimedOut

    with pytest.raises(errors.AnswerTimedOut):
        speaking_to(FakePool(logging_in_first(time_out))).execute(read("res.company", 1, []))


def test_odoos_traceback_is_not_carried_along() -> None:
    body = json.dumps({"jsonrpc": "2.0", "error": {"data": {"name": "x", "message": "m", "debug": "Traceback of the server"}}}).encode()

    with pytest.raises(errors.OdooFailed) as raised:
        speaking_to(FakePool(in_turn(body))).execute(read("res.company", 1, []))

    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


# --- the server itself ---------------------------------------------------------------------------------------------------------------


def test_version_is_read() -> None:
    assert server_version(ODOO, FakePool(lambda _: result({"server_version": "saas~18.2+e"}))) == "saas~18.2+e"


@pytest.mark.parametrize("answer", [None, False, [], "18.0", {}, {"server_version": None}, {"server_version": [18, 0]}])
def test_server_without_a_version_is_not_odoo(answer: object) -> None:
    with pytest.raises(errors.NotOdoo):
        server_version(ODOO, FakePool(lambda _: result(answer)))


def test_databases_are_listed() -> None:
    assert database_names(ODOO, FakePool(lambda _: result(["a", "b"]))) == ["a", "b"]


@pytest.mark.parametrize("answer", [None, False, {}, "a", [1], ["a", None]])
def test_strange_list_of_databases_is_unexpected(answer: object) -> None:
    with pytest.raises(errors.AnswerUnexpected):
        database_names(ODOO, FakePool(lambda _: result(answer)))


def test_version_is_asked_without_any_secret() -> None:
    pool = FakePool(lambda _: result({"server_version": "18.0"}))
    server_version(ODOO, pool)

    assert [sent.params for sent in pool.sent] == [{"service": "common", "method": "version", "args": []}]


def test_databases_are_asked_without_any_secret() -> None:
    pool = FakePool(lambda _: result(["a"]))
    database_names(ODOO, pool)

    assert [(sent.path, sent.params) for sent in pool.sent] == [("/web/database/list", {})]


def test_databases_are_asked_of_the_db_service_where_the_web_client_is_blocked() -> None:
    pool = FakePool(lambda sent: NO_PAGE if sent.path == "/web/database/list" else result(["a"]))

    assert database_names(ODOO, pool) == ["a"]
    assert pool.sent[-1].params == {"service": "db", "method": "list", "args": []}


@pytest.mark.parametrize("page", ["/web/version", "/json/version"])
def test_version_is_read_from_the_page_of_newer_servers(page: str) -> None:
    pool = FakePool(lambda _: result(None), {page: HttpAnswer(200, {}, b'{"version_info": [19, 0], "version": "19.0"}')})

    assert server_version(ODOO, pool) == "19.0"
    assert pool.sent == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"version": 19}', b"[" * 100_000])
def test_strange_page_is_passed_over(body: bytes) -> None:
    pool = FakePool(lambda _: result({"server_version": "18.0"}), {"/web/version": HttpAnswer(200, {}, body)})

    assert server_version(ODOO, pool) == "18.0"


# --- logs ----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def talkative(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything logs at DEBUG, OdooRPC too."""
    for name in ("", "odoorpc", "odoorpc.rpc", "odoorpc.rpc.jsonrpclib", "codalink"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def test_api_key_is_never_logged(talkative: pytest.LogCaptureFixture) -> None:
    speaking_to(FakePool(in_turn(result([])))).execute(read("res.company", 1, []))

    assert KEY not in talkative.text


def test_office_password_in_a_request_is_never_logged(talkative: pytest.LogCaptureFixture) -> None:
    call = create("wizard", {"fidu_password": Secret("office-pw-03")})
    speaking_to(FakePool(in_turn(result([1])))).execute(call)

    assert "office-pw-03" not in talkative.text


def test_office_password_in_an_answer_is_never_logged(talkative: pytest.LogCaptureFixture) -> None:
    speaking_to(FakePool(in_turn(result([{"id": 1, "fidu_password": "office-pw-04"}])))).execute(read("wizard", 1, ["fidu_password"]))

    assert "office-pw-04" not in talkative.text


def test_odoorpc_logs_nothing_at_all(talkative: pytest.LogCaptureFixture) -> None:
    speaking_to(FakePool(in_turn(result([])))).execute(read("res.company", 1, []))

    assert [entry.name for entry in talkative.records if entry.name.startswith("odoorpc")] == []


def test_own_log_names_the_method(talkative: pytest.LogCaptureFixture) -> None:
    gateway = speaking_to(FakePool(in_turn(result([]))))
    LoggedGateway(gateway, lambda: OdooProtocol.JSON_RPC).execute(read("res.company", 1, []))

    assert "res.company.read over json-rpc in" in talkative.text
