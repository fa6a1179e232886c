"""Errors as Odoo's RPC tells them: the class's full name, a message, and the last line of a traceback."""

from http import HTTPStatus
from typing import NamedTuple


class OdooError(Exception):
    """Base of the errors that Odoo itself defines; `message` is what the user reads."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UserError(OdooError):
    """Something the user can put right."""


class ValidationError(OdooError):
    """A constraint on a record does not hold."""


class MissingError(OdooError):
    """The record is gone."""


class AccessError(OdooError):
    """The user is known but may not do this."""


class AccessDenied(OdooError):
    """Login, password or key refused."""

    def __init__(self, message: str = "Access Denied") -> None:
        super().__init__(message)


class NoDatabaseError(Exception):
    """The request names no database that the server has; told as a page of the web server, not by Odoo."""


class WebError(Exception):
    """An error with a status of HTTP, which only JSON-2 tells: 400, 401, 404 or 422."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    @property
    def title(self) -> str:
        """The status in words."""
        return HTTPStatus(self.status).phrase if self.status != 422 else "Unprocessable Entity"


class PostgresError(Exception):
    """An error of the database server that Odoo passes through: `name` is psycopg2's, `tail` the traceback's end."""

    def __init__(self, name: str, message: str, tail: str | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.tail = tail


class ErrorDescription(NamedTuple):
    """What a client sees of an error."""

    name: str
    message: str
    debug: str


def describe(error: BaseException, *, hides_denials: bool = False) -> ErrorDescription:
    """Put an error into the words in which Odoo serialises it; from 19 on, denials come without a traceback."""
    if isinstance(error, PostgresError):
        name, message = error.name, error.message
        tail = f"{name}: {message}" if error.tail is None else error.tail
    elif isinstance(error, OdooError):
        name, message = f"odoo.exceptions.{type(error).__name__}", error.message
        tail = f"{name}: {message}"
    elif isinstance(error, WebError):
        name, message = f"werkzeug.exceptions.{error.title.replace(' ', '')}", error.message
        tail = f"{name}: {error.status} {error.title}: {message}"
    else:
        name = f"{type(error).__module__}.{type(error).__name__}"
        message = str(error.args[0]) if error.args else ""
        tail = f"{name.removeprefix('builtins.')}: {error}"
    if hides_denials and isinstance(error, AccessDenied):
        return ErrorDescription(name, message, f"{tail}\n")
    return ErrorDescription(name, message, f"Traceback (most recent call last):\n  <traceback>\n{tail}\n")
