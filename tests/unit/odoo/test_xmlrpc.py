"""XML-RPC: requests as sent, faults to errors, None, hostile answers, and every recorded answer."""

import xmlrpc.client

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.gateway import Account, Json, Patience, create, read
from codalink.odoo.rpc import RpcGateway
from codalink.odoo.xmlrpc import XmlRpc
from codalink.secrets.masked import Secret
from tests.unit.fakes import LOGIN, NO_PAGE, ODOO, Answer, FakePool, Sent, address
from tests.unit.recorded import Recorded, file_of

KEY = "api-key-0021"


def asked(answer: Answer) -> Json:
    return XmlRpc(ODOO, FakePool(answer), address()).ask("object", "execute_kw", [], Patience.LOOK)


def raised(answer: Answer) -> CodalinkError:
    with pytest.raises(CodalinkError) as caught:
        asked(answer)
    return caught.value


def value(one: object) -> bytes:
    return xmlrpc.client.dumps((one,), methodresponse=True, allow_none=True).encode()  # type: ignore[arg-type]  # any value


def fault(code: object, text: object) -> bytes:
    return xmlrpc.client.dumps(xmlrpc.client.Fault(code, text)).encode()  # type: ignore[arg-type]  # strange ones too


# --- requests ------------------------------------------------------------------------------------------------------------------------


def answering_login(sent: Sent) -> bytes:
    return value(2) if sent.path.endswith("common") else value([])


def test_call_is_sent_after_one_login() -> None:
    pool = FakePool(answering_login)
    gateway = RpcGateway(address(), Account(LOGIN, Secret(KEY)), XmlRpc(ODOO, pool, address()))
    gateway.execute(read("res.company", 7, ["name"]))
    gateway.execute(create("wizard", {"fidu_password": Secret("office-pw-21"), "nothing": None}))

    assert [(sent.path, *xmlrpc.client.loads(sent.raw.decode())[::-1]) for sent in pool.sent] == [
        ("/xmlrpc/2/common", "login", ("klant-001", LOGIN, KEY)),
        (
            "/xmlrpc/2/object",
            "execute_kw",
            ("klant-001", 2, KEY, "res.company", "read", [[7]], {"fields": ["name"], "context": {"lang": "en_US"}}),
        ),
        (
            "/xmlrpc/2/object",
            "execute_kw",
            (
                *("klant-001", 2, KEY, "wizard", "create"),
                [[{"fidu_password": "office-pw-21", "nothing": None}]],
                {"context": {"lang": "en_US"}},
            ),
        ),
    ]
    assert {sent.headers["Content-Type"] for sent in pool.sent} == {"text/xml"}


# --- answers -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", [None, False, True, 0, -1, 1.5, "", "Zoë & Söhne 😀 <b>", [], {}, [{"id": 1, "name": False}], b"bytes"])
def test_value_is_given_back_as_it_is(one: object) -> None:
    assert asked(lambda _: value(one)) == one


def test_fault_about_nothing_is_nothing() -> None:
    text = "Traceback (most recent call last):\n  <traceback>\nTypeError: cannot marshal None unless allow_none is enabled\n"

    assert asked(lambda _: fault(1, text)) is None


def test_users_error_that_speaks_of_nothing_is_an_error() -> None:
    assert type(raised(lambda _: fault(2, "cannot marshal None"))) is errors.OdooRefused


FAULTS: dict[str, tuple[object, object, type[CodalinkError]]] = {
    "user error": (2, "The bank account is locked.", errors.OdooRefused),
    "known text": (2, "CodaBox is not responding. Please try again later.", errors.CodaBoxDown),
    "record gone": (2, "Record does not exist or has been deleted.\n(Record: res.users(99,), User: 99)", errors.RecordGone),
    "access denied": (3, "Access Denied", errors.LoginRefused),
    "access error": (4, "You may not.\n\nOperation: read", errors.RightsMissing),
    "traceback": (1, "Traceback (most recent call last):\n  <traceback>\nKeyError: 'nosuch'\n", errors.OdooFailed),
    "database": (
        1,
        'Traceback (most recent call last):\n  <traceback>\npsycopg2.OperationalError: FATAL:  database "x" does not exist\n\n',
        errors.DatabaseMissing,
    ),
    "no text": (1, "", errors.OdooFailed),
    "text of blanks": (1, " \n ", errors.OdooFailed),
    "code is a text": ("AccessDenied", "Access Denied", errors.OdooFailed),
    "text is a number": (1, 7, errors.OdooFailed),
    "unknown code": (99, "Something new", errors.OdooFailed),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_becomes_our_error(name: str) -> None:
    code, text, kind = FAULTS[name]
    error = raised(lambda _: fault(code, text))

    assert (type(error), bool(error.cause), "Traceback" in error.cause) == (kind, True, False)


def test_server_without_xml_rpc_lacks_the_protocol() -> None:
    assert type(raised(lambda _: NO_PAGE)) is errors.ProtocolMissing


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<methodResponse><params><param><value><string>&b;</string></value></param></params></methodResponse>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<methodResponse><params><param><value><string>&a;</string></value></param></params></methodResponse>"""
NOT_ODOOS = {
    "nothing": b"",
    "blank": b"  \n",
    "html": b"<!doctype html><title>Login</title>",
    "xhtml": b"<html><body>Login</body></html>",
    "json": b'{"jsonrpc": "2.0", "result": 1}',
    "cut": value([1, 2, 3])[:60],
    "not utf-8": value("x").replace(b"x", b"\xff\xfe"),
    "entities": BOMB,
    "a file": FILE,
    "no value": b"<methodResponse><params></params></methodResponse>",
    "two values": b"<methodResponse><params><param><value>1</value></param><param><value>2</value></param></params></methodResponse>",
    "bad number": b"<methodResponse><params><param><value><int>x</int></value></param></params></methodResponse>",
    "bad boolean": b"<methodResponse><params><param><value><boolean>7</boolean></value></param></params></methodResponse>",
    "bad base64": b"<methodResponse><params><param><value><base64>\xc3\xa9</base64></value></param></params></methodResponse>",
    "bad date": b"<methodResponse><params><param><value>"
    b"<dateTime.iso8601>soon</dateTime.iso8601></value></param></params></methodResponse>",
    "odd struct": b"<methodResponse><params><param><value><struct><member><name>a</name></member></struct></value></param></params>"
    b"</methodResponse>",
    "fault without code": b"<methodResponse><fault><value><struct></struct></value></fault></methodResponse>",
    "fault is a number": b"<methodResponse><fault><value><int>7</int></value></fault></methodResponse>",
    "a call": xmlrpc.client.dumps((1, 2), "method").encode(),
    "a number of 5000 digits": b"<methodResponse><params><param><value><int>"
    + b"9" * 5000
    + b"</int></value></param></params></methodResponse>",
}


@pytest.mark.parametrize("body", NOT_ODOOS.values(), ids=NOT_ODOOS)
def test_strange_answer_is_not_odoos(body: bytes) -> None:
    assert type(raised(lambda _: body)) is errors.NotOdoo


@pytest.mark.parametrize("depth", [1000, 50_000])
def test_answer_that_is_too_deep_is_a_value_or_our_error(depth: int) -> None:
    body = b"<methodResponse><params><param>" + b"<value><array><data>" * depth + b"</data></array></value>" * depth
    try:
        asked(lambda _: body + b"</param></params></methodResponse>")
    except CodalinkError as error:
        assert isinstance(error, errors.NotOdoo)  # noqa: PT017  # a value is right too


# --- recordings ----------------------------------------------------------------------------------------------------------------------

LINES = [line for name in ("odoo18-xmlrpc", "odoo19-xmlrpc") for line in file_of(name).values()]
every_line = pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.version}-{line.name}")


@every_line
def test_recorded_answer_is_its_value_or_our_error(line: Recorded) -> None:
    if b"cannot marshal None" in line.body:
        assert asked(lambda _: line.heard()) is None
    elif line.status == 200 and b"<fault>" not in line.body:
        assert (asked(lambda _: line.heard()),) == xmlrpc.client.loads(line.body.decode(), use_builtin_types=True)[0]
    else:
        error = raised(lambda _: line.heard())
        assert type(error) is not errors.NotOdoo
        assert 0 < len(error.cause) < 300
        assert "Traceback" not in error.cause
