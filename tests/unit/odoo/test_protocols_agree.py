"""What real servers answered to the same question in three protocols means the same to codalink."""

from collections.abc import Callable

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.codabox import companies, connection, statements
from codalink.odoo.codabox.connection import ConsentState
from codalink.odoo.gateway import Account, Gateway, Json, Patience, read
from codalink.odoo.http import HttpAnswer
from codalink.odoo.json2 import Json2Gateway
from codalink.odoo.jsonrpc import JsonRpc
from codalink.odoo.rpc import RpcGateway
from codalink.odoo.xmlrpc import XmlRpc
from codalink.secrets.masked import Secret
from tests.unit.fakes import LOGIN, ODOO, FakePool, Sent, address
from tests.unit.odoo.test_faults import RECORDED
from tests.unit.odoo.test_recordings import PASSWORD, READERS, SINGLE, expected_company
from tests.unit.recorded import OTHER_PROTOCOLS, Recorded, file_of, recording

ACCOUNT = Account(LOGIN, Secret("00112233445566778899aabbccddeeff00112233"))


def heard(file: str, line: Recorded) -> Json | type[CodalinkError]:
    """The value, or the kind of the error."""
    pool = FakePool(lambda _: line.heard())
    try:
        if file.endswith("json2"):
            gateway: Gateway = Json2Gateway(address(), ACCOUNT, pool)
            return gateway.execute(read("res.company", 1, []))
        transport = XmlRpc(ODOO, pool, address()) if file.endswith("xmlrpc") else JsonRpc(ODOO, pool, address())
        return transport.ask("object", "execute_kw", [], Patience.LOOK)
    except CodalinkError as error:
        return type(error)


REFUSALS = [
    (file, name)
    for file in OTHER_PROTOCOLS
    for name in file_of(file)
    if name in RECORDED and name in recording(file_of(file)[name].version) and recording(file_of(file)[name].version)[name].error
]


@pytest.mark.parametrize(("file", "name"), REFUSALS)
def test_error_is_of_the_same_kind_as_over_json_rpc(file: str, name: str) -> None:
    assert heard(file, file_of(file)[name]) is RECORDED[name]


# --- codalink's own readers ----------------------------------------------------------------------------------------------------------

LOGGED_IN = b"<methodResponse><params><param><value><int>2</int></value></param></params></methodResponse>"
every_file = pytest.mark.parametrize("file", OTHER_PROTOCOLS)


def answered(file: str, *lines: Recorded) -> Gateway:
    """A real gateway whose calls are answered by these recorded lines, in turn."""
    left = list(lines)

    def answer(sent: Sent) -> bytes | HttpAnswer:
        return LOGGED_IN if sent.path == "/xmlrpc/2/common" else left.pop(0).heard()

    pool = FakePool(answer)
    return Json2Gateway(address(), ACCOUNT, pool) if file.endswith("json2") else RpcGateway(address(), ACCOUNT, XmlRpc(ODOO, pool))


def outcome(reader: Callable[[Gateway], object], file: str, *names: str) -> object:
    """The value, or the kind of our error; anything else is raised."""
    try:
        return reader(answered(file, *(file_of(file)[name] for name in names)))
    except CodalinkError as error:
        return type(error)


@every_file
@pytest.mark.parametrize("reader", READERS)
def test_no_reader_stumbles_over_any_recorded_answer(reader: str, file: str) -> None:
    """As over JSON-RPC: what it raises is ours."""
    outcomes = [outcome(READERS[reader], file, *[name] * 8) for name in file_of(file)]

    assert len(outcomes) == len(file_of(file)) > 100


@every_file
def test_company_is_read_alike(file: str) -> None:
    version = file_of(file)["company_search_read"].version

    assert outcome(companies.read_companies, file, "company_search_read") == [expected_company(*SINGLE[version], "0123456749")]


@every_file
def test_database_without_the_module_is_read_with_the_fields_it_has(file: str) -> None:
    version = file_of(file)["company_search_read"].version
    names = ("company_unknown_field", "company_fields_get_nomodule", "company_search_read", "read_gone", "empty_values")

    assert outcome(companies.read_companies, file, *names) == [expected_company(*SINGLE[version], "0123456749", has_module=False)]


@every_file
def test_first_connection_shows_the_password_alike(file: str) -> None:
    shown = outcome(lambda gateway: connection.make_first_connection(gateway, 1, 1), file, "create_connection_first", "validation_read")

    assert isinstance(shown, connection.FirstConnection)
    assert (shown.password, "/mycodabox/consent/" in shown.consent_url) == (PASSWORD, True)


@every_file
@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("notification_success", ConsentState.VALID),
        ("notification_no_consent", ConsentState.NO_CONSENT),
        ("notification_consent_revoked", ConsentState.NO_CONSENT),
        ("notification_no_connection", ConsentState.NO_CONNECTION),
    ],
)
def test_notification_is_understood_alike(file: str, name: str, state: ConsentState) -> None:
    assert outcome(lambda gateway: connection.refresh(gateway, 1, 1), file, name) is state


@every_file
@pytest.mark.parametrize(("name", "expected"), [("fetch_coda_nothing", []), ("fetch_coda_no_consent", errors.ConsentInvalid)])
def test_fetching_is_understood_alike(file: str, name: str, expected: object) -> None:
    assert outcome(lambda gateway: statements.fetch_coda(gateway, 1, 13), file, name) == expected
