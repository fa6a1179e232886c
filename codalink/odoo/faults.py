"""Foreign errors become ours here, and nowhere else: httpx's, HTTP's, and Odoo's.

Odoo's errors are told apart by a stable part of the English text first (the `wordings` of codalink/errors), by the name of the Python
exception on the server second. Unknown text is kept as it is.
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from codalink import errors
from codalink.errors import catalogue
from codalink.odoo.gateway import DatabaseAddress, ServerUrl

if TYPE_CHECKING:
    import httpx

_OK, _REDIRECTS, _TOO_MANY, _SERVER_ERRORS = 200, range(300, 400), 429, 500
_LONGEST_PAUSE_S = 120.0
_NO_SUCH_WAY = {403, 404, 405, 410, 415, 501}
"""What servers, and proxies in front of them, answer where a protocol has no way in."""


@contextmanager
def foreign_errors(server: ServerUrl) -> Iterator[None]:
    """Translate what httpx raises while talking to `server`; the original stays as the cause."""
    import httpx  # here, because importing it takes as long as all of --help

    try:
        yield
    except httpx.ConnectTimeout as error:
        raise errors.Unreachable(f"{server} doesn't answer.") from error
    except httpx.ConnectError as error:
        raise _connecting_failed(server, error) from error
    except (httpx.PoolTimeout, httpx.ProxyError) as error:
        raise errors.Unreachable(f"No connection to {server} could be made: {error}.") from error
    except httpx.TimeoutException as error:
        raise errors.AnswerTimedOut(f"{server} did not answer in time.") from error
    except httpx.DecodingError as error:
        raise errors.NotOdoo(f"{server} gave an answer that can't be read: {error}.") from error
    except httpx.TransportError as error:
        raise errors.AnswerLost(f"The connection to {server} broke before the answer was complete.") from error
    except (httpx.InvalidURL, httpx.HTTPError) as error:
        raise errors.Unreachable(f"{server} can't be asked: {error}.") from error


def _connecting_failed(server: ServerUrl, error: "httpx.ConnectError") -> errors.CodalinkError:
    reason = _root_cause(error)
    if isinstance(reason, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
        detail = getattr(reason, "verify_message", "") or str(error)
        return errors.CertificateRejected(f"The certificate of {server} can't be trusted: {detail}.")
    if isinstance(reason, ssl.SSLError):
        return errors.Unreachable(f"{server} doesn't speak https: {getattr(reason, 'reason', None) or reason}.")
    return errors.Unreachable(f"{server} can't be reached: {_plain(error)}.")


def _plain(error: Exception) -> str:
    """The operating system's words without its number."""
    return re.sub(r"^\[.*?\]\s*", "", str(error)).lower() or "no reason given"


def _root_cause(error: BaseException) -> BaseException:
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    return error


def refuse_bad_status(server: ServerUrl, status: int, headers: Mapping[str, str]) -> None:
    """Raise for every status but 200. Odoo's own errors come with 200 (how-servers-answer.md), so these are of the way there."""
    if status == _OK:
        return
    if status in _REDIRECTS:  # the range of redirects
        where = headers.get("location", "an unnamed place")
        raise errors.RedirectRefused(f"{server} sends its callers on to {where}. codalink doesn't take passwords along.")
    if status == _TOO_MANY:
        raise errors.TooManyRequests(f"{server} gets too many requests at the moment (HTTP 429).", pause_s=_pause(headers))
    if status in _NO_SUCH_WAY:
        raise errors.ProtocolMissing(f"{server} answers HTTP {status} where Odoo should be.")
    if status >= _SERVER_ERRORS:
        raise errors.ServerTrouble(f"{server} is in trouble at the moment (HTTP {status}).", pause_s=_pause(headers))
    raise errors.NotOdoo(f"{server} answers HTTP {status} where Odoo should be.")


def _pause(headers: Mapping[str, str]) -> float | None:
    """Seconds from Retry-After, within reason; None where it doesn't say, or says a date."""
    text = headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE_S) if re.fullmatch(r"[0-9]+", text) else None


def odoo_error(name: str, message: str, database: DatabaseAddress | None = None) -> errors.CodalinkError:
    """Our error for one of Odoo's. `name` is the Python exception on the server, such as `odoo.exceptions.UserError`."""
    text = message.strip()
    where = f" in database {database.name}" if database else ""
    kind = catalogue.of_wording(text)
    if kind is None or kind in _BY_NAME.values():  # what Odoo has an exception for is told by that alone
        kind = _BY_NAME.get(name, errors.OdooFailed)
    if issubclass(kind, _SELF_EXPLAINING):
        return kind()
    if kind is errors.LoginRefused:
        return kind(f"Odoo refuses the login{where}.")
    if kind is errors.OdooFailed:
        return kind(f"Odoo stumbled{where}: {name.rpartition('.')[2]}: {_last_line(text)}")
    return kind(text if kind is errors.OdooRefused else f"{_first_line(text)} ({kind_words(kind)}{where})")


def kind_words(kind: type[errors.CodalinkError]) -> str:
    """The kind of an error in two words, to stand behind a foreign text."""
    return _WORDS.get(kind, "Odoo")


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else "No reason given."


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else "no reason given"


_SELF_EXPLAINING = (errors.CodaBoxError, errors.SecretsError)

_WORDS: dict[type[errors.CodalinkError], str] = {
    errors.DatabaseMissing: "no such database",
    errors.RightsMissing: "rights missing",
    errors.ModelMissing: "model missing",
    errors.MethodMissing: "method missing",
    errors.FieldMissing: "field missing",
    errors.RecordGone: "record gone",
}

_BY_NAME: dict[str, type[errors.CodalinkError]] = {
    "odoo.exceptions.AccessDenied": errors.LoginRefused,
    "odoo.exceptions.AccessError": errors.RightsMissing,
    "odoo.exceptions.MissingError": errors.RecordGone,
    "odoo.exceptions.UserError": errors.OdooRefused,
    "odoo.exceptions.ValidationError": errors.OdooRefused,
    "odoo.exceptions.RedirectWarning": errors.OdooRefused,
}
