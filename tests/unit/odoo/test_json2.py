"""JSON-2: requests exactly as sent, statuses and bodies to errors, answers of any shape, and no secret in a log."""

import json
import logging

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.gateway import Account, Call, OdooProtocol, Patience, create, press, read, search_read
from codalink.odoo.http import HttpAnswer
from codalink.odoo.json2 import Json2Gateway
from codalink.odoo.wrappers import LoggedGateway
from codalink.secrets.masked import Secret
from tests.unit.fakes import LOGIN, NO_PAGE, ODOO, Answer, FakePool, Sent, address
from tests.unit.recorded import Recorded, file_of

KEY = "00112233445566778899aabbccddeeff00112233"
CALL = read("res.company", 1, ["name"])
HTML = {"content-type": "text/html; charset=utf-8"}


def asking(answer: Answer) -> tuple[Json2Gateway, FakePool]:
    pool = FakePool(answer)
    return Json2Gateway(address(), Account(LOGIN, Secret(KEY)), pool), pool


def refused_unsent(key: str = KEY, database: str = "klant-001") -> CodalinkError:
    """What is raised instead of sending a header that can't be."""
    pool = FakePool(lambda _: pytest.fail("was sent"))
    with pytest.raises(CodalinkError) as caught:
        Json2Gateway(address(database), Account(LOGIN, Secret(key)), pool).execute(CALL)
    return caught.value


def sent_for(call: Call) -> Sent:
    gateway, pool = asking(lambda _: b"[]")
    gateway.execute(call)
    (sent,) = pool.sent
    return sent


def raised(answer: HttpAnswer) -> CodalinkError:
    with pytest.raises(CodalinkError) as caught:
        asking(lambda _: answer)[0].execute(CALL)
    return caught.value


# --- requests ------------------------------------------------------------------------------------------------------------------------

BODIES: dict[str, tuple[Call, str, dict[str, object]]] = {
    "search_read": (
        search_read("res.company", [["id", "=", 1]], ["name"], limit=5, companies=[3]),
        "/json/2/res.company/search_read",
        {
            "domain": [["id", "=", 1]],
            "fields": ["name"],
            "order": "id",
            "limit": 5,
            "context": {"lang": "en_US", "allowed_company_ids": [3]},
        },
    ),
    "read": (read("res.company", 7, ["name"]), "/json/2/res.company/read", {"ids": [7], "fields": ["name"], "context": {"lang": "en_US"}}),
    "create": (
        create("wizard", {"fidu_password": Secret("office-pw-11")}),
        "/json/2/wizard/create",
        {"vals_list": [{"fidu_password": "office-pw-11"}], "context": {"lang": "en_US"}},
    ),
    "press": (press("account.journal", "fetch", 13), "/json/2/account.journal/fetch", {"ids": [13], "context": {"lang": "en_US"}}),
}


@pytest.mark.parametrize("name", BODIES)
def test_all_arguments_are_named(name: str) -> None:
    call, path, body = BODIES[name]
    sent = sent_for(call)

    assert (sent.server, sent.path, sent.body) == (ODOO, path, body)


def test_key_and_database_are_in_the_headers() -> None:
    assert sent_for(CALL).headers == {"Content-Type": "application/json", "Authorization": f"bearer {KEY}", "X-Odoo-Database": "klant-001"}


@pytest.mark.parametrize("patience", list(Patience))
def test_call_is_given_its_time(patience: Patience) -> None:
    assert sent_for(Call("res.company", "search", patience=patience)).answer_limit_s == patience.value


# --- answers -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, [{"id": 1}], "text", 1.5])
def test_answer_is_given_back_as_it_is(value: object) -> None:
    assert asking(lambda _: json.dumps(value).encode())[0].execute(CALL) == value


@pytest.mark.parametrize("body", [b"", b"  ", b"<html>", b'[{"id": 1', b'"\xff\xfe"', b"[" * 100_000, b"9" * 5000])
def test_strange_answer_is_not_odoos(body: bytes) -> None:
    assert type(raised(HttpAnswer(200, {}, body))) is errors.NotOdoo


STATUSES = {
    301: errors.RedirectRefused,
    303: errors.RedirectRefused,
    400: errors.NotOdoo,
    401: errors.NotOdoo,
    403: errors.ProtocolMissing,
    404: errors.ProtocolMissing,
    405: errors.ProtocolMissing,
    429: errors.TooManyRequests,
    500: errors.ServerTrouble,
    502: errors.ServerTrouble,
    503: errors.ServerTrouble,
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"{}", b"null", b'{"name": 7}', b'{"error": "no"}'])
def test_status_of_somebody_else_becomes_our_error(status: int, body: bytes) -> None:
    assert type(raised(HttpAnswer(status, HTML, body))) is STATUSES[status]


def test_older_server_lacks_the_protocol_and_did_nothing() -> None:
    error = raised(NO_PAGE)

    assert (type(error), error.may_have_happened) == (errors.ProtocolMissing, False)


def test_unknown_database_is_no_missing_protocol() -> None:
    assert type(raised(file_of("odoo19-json2")["wrong_database_header"].heard())) is errors.DatabaseMissing


def test_refused_key_is_told_with_login_and_database() -> None:
    error = raised(file_of("odoo19-json2")["bad_key"].heard())

    assert type(error) is errors.LoginRefused
    assert LOGIN in error.cause
    assert "klant-001" in error.cause


@pytest.mark.parametrize("said", [None, 7, "", ["x"], {"a": 1}])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500])
def test_error_with_a_strange_message_is_an_error_of_ours(said: object, status: int) -> None:
    body = json.dumps({"name": "odoo.exceptions.UserError", "message": said}).encode()

    assert raised(HttpAnswer(status, {}, body)).cause


@pytest.mark.parametrize("secret", ["pässwörd", "with a blank", "trailing ", "new\nline", "\x00", "😀", ""])
def test_password_that_no_header_can_hold_is_refused_unsent(secret: str) -> None:
    error = refused_unsent(key=secret)

    assert (type(error), error.may_have_happened) == (errors.LoginRefused, False)
    assert f"What is stored for {LOGIN} in database klant-001 can't be sent" in error.cause
    assert not secret or secret not in error.cause


@pytest.mark.parametrize("name", ["klänt", "klant 1", "klant\r\nX-Odoo-Database: other"])
def test_database_whose_name_no_header_can_hold_does_not_exist(name: str) -> None:
    assert type(refused_unsent(database=name)) is errors.DatabaseMissing


# --- recordings ----------------------------------------------------------------------------------------------------------------------

LINES = list(file_of("odoo19-json2").values())
every_line = pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)


@every_line
def test_recorded_answer_is_its_value_or_our_error(line: Recorded) -> None:
    if line.body.endswith("…[cut]".encode()):  # by who recorded
        assert type(raised(line.heard())) is errors.NotOdoo
        return
    if line.status == 200:
        assert asking(lambda _: line.heard())[0].execute(CALL) == json.loads(line.body)
        return
    error = raised(line.heard())
    assert 0 < len(error.cause) < 300
    assert "Traceback" not in error.cause


# --- logs ----------------------------------------------------------------------------------------------------------------------------


def test_secrets_are_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gateway, _ = asking(lambda _: b"[]")
    LoggedGateway(gateway, lambda: OdooProtocol.JSON_2).execute(create("wizard", {"fidu_password": Secret("office-pw-12")}))

    assert "wizard.create over json-2 in" in caplog.text
    assert KEY not in caplog.text
    assert "office-pw-12" not in caplog.text
