"""Foreign errors become ours: Odoo's texts, httpx's exceptions, HTTP's statuses."""

import ssl
from collections.abc import Iterator

import httpx
import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.faults import foreign_errors, odoo_error, refuse_bad_status
from tests.unit.errors.texts import CONTRACT, MANUALS
from tests.unit.fakes import ODOO, address
from tests.unit.recorded import Recorded, everything, recording

USER_ERROR = "odoo.exceptions.UserError"

# --- Odoo's texts --------------------------------------------------------------------------------------------------------------------

KNOWN = CONTRACT | MANUALS
CODABOX_KINDS = {kind for kind in errors.CodaBoxError.__subclasses__() if kind.__module__.startswith(f"{errors.__name__}.")}


@pytest.mark.parametrize("text", KNOWN, ids=lambda text: text[:40])
def test_text_of_contract_and_manuals_is_known(text: str) -> None:
    assert type(odoo_error(USER_ERROR, text)) is KNOWN[text]


@pytest.mark.parametrize("text", KNOWN, ids=lambda text: text[:40])
def test_text_is_known_under_another_exception_and_with_blanks_around(text: str) -> None:
    assert type(odoo_error("odoo.exceptions.ValidationError", f"\n {text} \n")) is KNOWN[text]


@pytest.mark.parametrize("text", KNOWN, ids=lambda text: text[:40])
def test_known_text_is_told_in_our_words(text: str) -> None:
    assert odoo_error(USER_ERROR, text).cause == KNOWN[text].default_cause


def test_every_kind_of_codabox_error_has_a_text() -> None:
    assert set(CONTRACT.values()) >= CODABOX_KINDS


@pytest.mark.parametrize("text", ["The new passwords do not match.", "Something new from Odoo 21\nwith two lines"])
def test_unknown_text_is_kept_as_it_is(text: str) -> None:
    error = odoo_error(USER_ERROR, text, address())

    assert (type(error), error.cause) == (errors.OdooRefused, text)


def test_unknown_exception_is_told_with_its_last_line() -> None:
    error = odoo_error("builtins.ValueError", "first\nlast", address("klant-007"))

    assert (type(error), error.cause) == (errors.OdooFailed, "Odoo stumbled in database klant-007: ValueError: last")


def test_user_error_without_text_still_has_a_cause() -> None:
    assert odoo_error(USER_ERROR, "").cause


def test_error_without_name_still_has_a_cause() -> None:
    assert odoo_error("", "").cause.endswith("no reason given")


def test_refused_login_says_in_which_database() -> None:
    assert "klant-007" in odoo_error("odoo.exceptions.AccessDenied", "Access Denied", address("klant-007")).cause


def test_missing_rights_tell_odoos_first_line_only() -> None:
    error = odoo_error("odoo.exceptions.AccessError", "You may not.\n\nOperation: read", address("klant-007"))

    assert error.cause == "You may not. (rights missing in database klant-007)"


# --- the recordings' errors ----------------------------------------------------------------------------------------------------------

RECORDED = {
    "db_list_refused": errors.LoginRefused,
    "web_database_list_refused": errors.LoginRefused,
    "login_wrong_database": errors.DatabaseMissing,
    "login_empty_password": errors.OdooFailed,
    "login_too_few_arguments": errors.OdooFailed,
    "execute_wrong_password": errors.LoginRefused,
    "execute_empty_password": errors.LoginRefused,
    "execute_wrong_uid": errors.RecordGone,
    "execute_uid_false": errors.LoginRefused,
    "execute_wrong_database": errors.DatabaseMissing,
    "unknown_service_method": errors.OdooFailed,
    "unknown_object_method": errors.OdooFailed,
    "unknown_service": errors.OdooFailed,
    "params_missing": errors.OdooFailed,
    "nul_character": errors.OdooFailed,
    "company_domain_not_stored": errors.OdooFailed,
    "company_unknown_field": errors.FieldMissing,
    "company_unknown_field_read": errors.FieldMissing,
    "company_unknown_field_domain": errors.FieldMissing,
    "missing_model": errors.ModelMissing,
    "missing_method": errors.MethodMissing,
    "private_method": errors.MethodMissing,
    "api_private_method": errors.MethodMissing,
    "wrong_argument_name": errors.OdooFailed,
    "missing_argument": errors.OdooFailed,
    "access_iap_token_clerk": errors.RightsMissing,
    "access_create_wizard_clerk": errors.RightsMissing,
    "access_create_settings_clerk": errors.RightsMissing,
    "access_call_settings_clerk": errors.RightsMissing,
    "access_multi_company": errors.RightsMissing,
    "validation_read_clerk": errors.RightsMissing,
    "missing_error": errors.RecordGone,
    "validation_error": errors.OdooRefused,
    "change_password_again": errors.OdooRefused,
    "big_id": errors.OdooFailed,
    "create_connection_badvat": errors.CompanyNumberRefused,
    "open_wizard_novat": errors.CompanyNumberMissing,
    "open_wizard_proxy_down": errors.ProxyDown,
    "create_connection_unknown_office": errors.OfficeUnknown,
    "create_connection_timeout": errors.CodaBoxDown,
    "create_connection_deprecated": errors.ModuleTooOld,
    "create_connection_again": errors.AlreadyRegistered,
    "create_connection_wrong_password": errors.OfficePasswordRefused,
    "fetch_coda_no_consent": errors.ConsentInvalid,
    "fetch_coda_no_files_error": errors.NoFiles,
    "revoke_again": errors.NoConnection,
    "selection_static": errors.OdooFailed,
    "create_keyword": errors.OdooFailed,
}
ERRORS = [line for line in everything() if line.error is not None]


@pytest.mark.parametrize("line", ERRORS, ids=lambda line: f"{line.version}-{line.name}")
def test_recorded_error_is_of_the_expected_kind(line: Recorded) -> None:
    assert line.error is not None
    name, message = line.error

    assert type(odoo_error(name, message, address())) is RECORDED[line.name]


@pytest.mark.parametrize("line", ERRORS, ids=lambda line: f"{line.version}-{line.name}")
def test_recorded_error_is_told_in_one_short_cause(line: Recorded) -> None:
    assert line.error is not None
    cause = odoo_error(*line.error, address()).cause

    assert 0 < len(cause) < 300
    assert "Traceback" not in cause


def test_every_expected_kind_was_recorded() -> None:
    assert {line.name for line in ERRORS} == set(RECORDED)


def test_refused_text_is_kept_without_the_blanks_around_it() -> None:
    name, message = recording("18")["validation_error"].error or ("", "")

    assert odoo_error(name, message).cause == message.strip()


# --- httpx -------------------------------------------------------------------------------------------------------------------------

REQUEST = httpx.Request("POST", "https://odoo.example.be/jsonrpc")
HTTPX: dict[type[httpx.HTTPError], type[CodalinkError]] = {
    httpx.ConnectTimeout: errors.Unreachable,
    httpx.ConnectError: errors.Unreachable,
    httpx.PoolTimeout: errors.Unreachable,
    httpx.ProxyError: errors.Unreachable,
    httpx.ReadTimeout: errors.AnswerTimedOut,
    httpx.WriteTimeout: errors.AnswerTimedOut,
    httpx.TimeoutException: errors.AnswerTimedOut,
    httpx.DecodingError: errors.NotOdoo,
    httpx.ReadError: errors.AnswerLost,
    httpx.WriteError: errors.AnswerLost,
    httpx.CloseError: errors.AnswerLost,
    httpx.NetworkError: errors.AnswerLost,
    httpx.ProtocolError: errors.AnswerLost,
    httpx.LocalProtocolError: errors.AnswerLost,
    httpx.RemoteProtocolError: errors.AnswerLost,
    httpx.UnsupportedProtocol: errors.AnswerLost,
    httpx.TransportError: errors.AnswerLost,
    httpx.RequestError: errors.Unreachable,
    httpx.TooManyRedirects: errors.Unreachable,
    httpx.HTTPStatusError: errors.Unreachable,
}
BEFORE_ANYTHING_WAS_SENT = (httpx.ConnectTimeout, httpx.ConnectError, httpx.PoolTimeout, httpx.ProxyError)


def _walk(kind: type[httpx.HTTPError]) -> Iterator[type[httpx.HTTPError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _walk(below)


def _made(kind: type[httpx.HTTPError], text: str = "went wrong") -> httpx.HTTPError:
    if issubclass(kind, httpx.HTTPStatusError):
        return kind(text, request=REQUEST, response=httpx.Response(500, request=REQUEST))
    return kind(text)


def _translated(foreign: Exception) -> CodalinkError:
    with pytest.raises(CodalinkError) as raised, foreign_errors(ODOO):
        raise foreign
    return raised.value


def test_every_error_of_httpx_is_in_the_table() -> None:
    assert {kind for kind in _walk(httpx.HTTPError) if kind.__module__.startswith("httpx")} == set(HTTPX)


@pytest.mark.parametrize("kind", HTTPX, ids=lambda kind: kind.__name__)
def test_error_of_httpx_becomes_ours(kind: type[httpx.HTTPError]) -> None:
    assert type(_translated(_made(kind))) is HTTPX[kind]


@pytest.mark.parametrize("kind", HTTPX, ids=lambda kind: kind.__name__)
def test_error_of_httpx_stays_as_the_cause(kind: type[httpx.HTTPError]) -> None:
    foreign = _made(kind)

    assert _translated(foreign).__cause__ is foreign


@pytest.mark.parametrize("kind", HTTPX, ids=lambda kind: kind.__name__)
def test_error_of_httpx_is_told_with_the_server(kind: type[httpx.HTTPError]) -> None:
    assert "https://odoo.example.be" in _translated(_made(kind)).cause


@pytest.mark.parametrize("kind", BEFORE_ANYTHING_WAS_SENT, ids=lambda kind: kind.__name__)
def test_what_was_not_sent_did_not_happen(kind: type[httpx.HTTPError]) -> None:
    assert not _translated(_made(kind)).may_have_happened


@pytest.mark.parametrize("kind", [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError])
def test_what_was_sent_may_have_happened(kind: type[httpx.HTTPError]) -> None:
    assert _translated(_made(kind)).may_have_happened


def test_impossible_address_is_unreachable() -> None:
    assert type(_translated(httpx.InvalidURL("bad host"))) is errors.Unreachable


def test_error_of_ours_passes_through() -> None:
    ours = errors.NoFiles()
    with pytest.raises(errors.NoFiles) as raised, foreign_errors(ODOO):
        raise ours

    assert raised.value is ours


def _connect_error(text: str, reason: BaseException | None = None) -> httpx.ConnectError:
    error = httpx.ConnectError(text)
    error.__cause__ = reason
    return error


def test_rejected_certificate_is_known_by_its_exception() -> None:
    reason = ssl.SSLCertVerificationError(1, "certificate verify failed")
    reason.verify_message = "self-signed certificate"

    error = _translated(_connect_error("[SSL] went wrong", reason))

    assert (type(error), "self-signed certificate" in error.cause) == (errors.CertificateRejected, True)


def test_rejected_certificate_is_known_by_its_text() -> None:
    text = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)"

    assert type(_translated(_connect_error(text))) is errors.CertificateRejected


def _talking_https_to_plain_http() -> ssl.SSLError:
    """What the ssl module itself raises."""
    answers = ssl.MemoryBIO()
    answers.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    client = ssl.create_default_context().wrap_bio(answers, ssl.MemoryBIO(), server_hostname="odoo.example.be")
    with pytest.raises(ssl.SSLError) as raised:
        client.do_handshake()
    return raised.value


def test_plain_http_behind_https_is_unreachable() -> None:
    error = _translated(_connect_error("[SSL] wrong", _talking_https_to_plain_http()))

    assert (type(error), "doesn't speak https" in error.cause) == (errors.Unreachable, True)


def test_refused_connection_is_told_without_its_number() -> None:
    assert _translated(_connect_error("[Errno 111] Connection refused")).cause.endswith("can't be reached: connection refused.")


def test_connection_error_without_text_has_a_cause() -> None:
    assert _translated(_connect_error("")).cause.endswith("no reason given.")


# --- statuses ------------------------------------------------------------------------------------------------------------------------

STATUSES = {
    301: errors.RedirectRefused,
    302: errors.RedirectRefused,
    303: errors.RedirectRefused,
    307: errors.RedirectRefused,
    308: errors.RedirectRefused,
    400: errors.NotOdoo,
    401: errors.NotOdoo,
    403: errors.ProtocolMissing,
    404: errors.ProtocolMissing,
    405: errors.ProtocolMissing,
    410: errors.ProtocolMissing,
    413: errors.NotOdoo,
    415: errors.ProtocolMissing,
    429: errors.TooManyRequests,
    500: errors.ServerTrouble,
    501: errors.ProtocolMissing,
    502: errors.ServerTrouble,
    503: errors.ServerTrouble,
    504: errors.ServerTrouble,
    204: errors.NotOdoo,
}


@pytest.mark.parametrize("status", STATUSES)
def test_status_becomes_our_error(status: int) -> None:
    with pytest.raises(CodalinkError) as raised:
        refuse_bad_status(ODOO, status, {})

    assert type(raised.value) is STATUSES[status]


@pytest.mark.parametrize(
    ("said", "pause_s"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("99999", 120.0),
        ("9" * 5000, 120.0),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("\N{SUPERSCRIPT TWO}", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_pause_is_what_the_server_says_within_reason(status: int, said: str, pause_s: float | None) -> None:
    with pytest.raises(errors.ServerTrouble) as raised:
        refuse_bad_status(ODOO, status, {"retry-after": said})

    assert raised.value.pause_s == pause_s


def test_status_200_is_good() -> None:
    refuse_bad_status(ODOO, 200, {})


def test_redirect_names_the_new_address() -> None:
    with pytest.raises(errors.RedirectRefused, match=r"https://www\.odoo\.com/typo"):
        refuse_bad_status(ODOO, 301, {"location": "https://www.odoo.com/typo?db=x"})


def test_redirect_without_address_is_refused_too() -> None:
    with pytest.raises(errors.RedirectRefused, match="an unnamed place"):
        refuse_bad_status(ODOO, 302, {})


@pytest.mark.parametrize("status", [400, 404, 500, 502])
def test_status_is_told(status: int) -> None:
    with pytest.raises(CodalinkError, match=f"HTTP {status}"):
        refuse_bad_status(ODOO, status, {})
