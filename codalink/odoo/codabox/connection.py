"""The connection of a company, and the office password behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from codalink.errors import AnswerUnexpected, ConsentInvalid, NoConnection
from codalink.odoo import answers
from codalink.odoo.codabox.wizards import CONNECTION_WIZARD, opened_record, wipe_wizards
from codalink.odoo.faults import odoo_error
from codalink.odoo.gateway import Gateway, Json, create, press, read, search_read
from codalink.secrets.masked import Secret

_VALIDATION_WIZARD = "l10n_be_codabox.validation.wizard"


@dataclass(frozen=True)
class ProxyStatus:
    """What Odoo's proxy knows of a company and its office."""

    wizard_id: int
    office_connections: int
    """How many companies the office has connected already, in whatever database."""
    connection_exists: bool
    """This company is connected to this office."""
    is_consent_valid: bool


@dataclass(frozen=True)
class FirstConnection:
    """What Odoo shows once, after the office's first connection. `password` is None once it was wiped; the page outlives it."""

    wizard_id: int
    password: Secret | None
    consent_url: str


class ConsentState(Enum):
    """What asking CodaBox, through Odoo, says of a company's connection."""

    VALID = "valid"
    NO_CONSENT = "no consent"
    NO_CONNECTION = "no connection"


def open_settings(gateway: Gateway, company_id: int) -> int:
    """Make the settings record that the buttons below need. One call."""
    values: dict[str, Json] = {"company_id": company_id}
    return answers.one_id(gateway.execute(create("res.config.settings", values, companies=[company_id], changes=False)), "a settings page")


def ask_proxy(gateway: Gateway, company_id: int) -> ProxyStatus:
    """Open the connection wizard, which asks the proxy. Three calls."""
    settings_id = open_settings(gateway, company_id)
    button = "l10n_be_codabox_open_connection_wizard"
    opened = answers.action(
        gateway.execute(press("res.config.settings", button, settings_id, companies=[company_id], changes=False)),
        "open the connection wizard",
    )
    wizard_id = opened_record(opened, CONNECTION_WIZARD)
    if wizard_id is None:
        raise AnswerUnexpected("Odoo did not open the connection wizard.")
    fields = ["nb_connections", "connection_exists", "is_fidu_consent_valid"]
    found = answers.rows(gateway.execute(read(CONNECTION_WIZARD, wizard_id, fields, companies=[company_id])), "the connection wizard")
    connections = found[0].get("nb_connections") if found else None
    if not isinstance(connections, int) or isinstance(connections, bool):
        raise AnswerUnexpected("The connection wizard doesn't tell how many companies the office has connected.")
    return ProxyStatus(
        wizard_id=wizard_id,
        office_connections=connections,
        connection_exists=answers.flag(found[0], "connection_exists"),
        is_consent_valid=answers.flag(found[0], "is_fidu_consent_valid"),
    )


def make_first_connection(gateway: Gateway, company_id: int, wizard_id: int) -> FirstConnection:
    """Register the office. Two calls. Not to be repeated: a second first connection is refused with AlreadyRegistered.

    If the second call fails, or the answer to the first one is lost, `find_first_connection` has the password as long as the wizard lives.
    """
    answer = gateway.execute(press(CONNECTION_WIZARD, "l10n_be_codabox_create_connection", wizard_id, companies=[company_id]))
    validation_id = opened_record(answers.action(answer, "make the first connection"), _VALIDATION_WIZARD)
    if validation_id is None:
        raise AnswerUnexpected("Odoo made a connection, but did not show the office password.")
    fields = ["fidu_password", "confirmation_url"]
    found = answers.rows(gateway.execute(read(_VALIDATION_WIZARD, validation_id, fields, companies=[company_id])), "the office password")
    if not found:
        raise AnswerUnexpected("The wizard with the office password is gone as soon as it was opened.")
    return _first_connection(found[0])


def find_first_connection(gateway: Gateway, company_ids: Sequence[int]) -> list[tuple[int, FirstConnection]]:
    """The validation wizards that still live in Odoo (about an hour), as (company id, what it shows), newest first. One call."""
    call = search_read(
        _VALIDATION_WIZARD,
        [["company_id", "in", list(company_ids)]],
        ["company_id", "fidu_password", "confirmation_url"],
        order="id desc",
        companies=company_ids,
    )
    found = answers.rows(gateway.execute(call), "validation wizards")
    pairs = [(answers.reference(row, "company_id"), _first_connection(row)) for row in found]
    return [(company_id, connection) for company_id, connection in pairs if company_id is not None]


def _first_connection(row: answers.Row) -> FirstConnection:
    password = answers.text(row, "fidu_password")
    return FirstConnection(answers.own_id(row), Secret(password) if password else None, answers.text(row, "confirmation_url"))


def wipe_password(gateway: Gateway, company_id: int, validation_id: int) -> str:
    """Let Odoo forget the office password it shows, and tell the consent page's address ("" where it has none). One call, repeatable."""
    answer = gateway.execute(press(_VALIDATION_WIZARD, "validate_connection", validation_id, companies=[company_id], changes=False))
    return answers.text(answers.action(answer, "wipe the office password"), "url")


def fill_in_password(gateway: Gateway, company_id: int, password: Secret) -> int:
    """Make a connection wizard that holds the office password; gives its id. One call.

    The password can be read there until the wizard's button is pressed, or `wipe_connection_wizards` has been there.
    """
    values: dict[str, Json] = {"company_id": company_id, "fidu_password": password}
    return answers.one_id(gateway.execute(create(CONNECTION_WIZARD, values, companies=[company_id])), "a connection wizard")


def connect_further(gateway: Gateway, company_id: int, wizard_id: int) -> None:
    """Press the button of a wizard that holds the office password. One call.

    Raises OfficePasswordRefused, AlreadyRegistered, ConsentInvalid and other CodaBoxErrors, in each case after Odoo has wiped the password
    (recording wizard_read_wiped).
    """
    answer = gateway.execute(press(CONNECTION_WIZARD, "l10n_be_codabox_create_connection", wizard_id, companies=[company_id]))
    answers.action(answer, "connect the company")


def wipe_connection_wizards(gateway: Gateway, company_id: int) -> None:
    """Take the office password out of all connection wizards of the company. One call, and another one where there is any."""
    wipe_wizards(gateway, company_id, CONNECTION_WIZARD, ["fidu_password"])


def refresh(gateway: Gateway, company_id: int, settings_id: int) -> ConsentState:
    """Ask CodaBox, through Odoo, how the company stands; Odoo writes it down in the company. One call."""
    button = "l10n_be_codabox_refresh_connection_status"
    pressed = press("res.config.settings", button, settings_id, companies=[company_id], changes=False)
    shown = answers.action(gateway.execute(pressed), "refresh the connection")
    parameters = shown.get("params")
    if not isinstance(parameters, dict):
        raise AnswerUnexpected("Odoo refreshed the connection, but did not tell how it stands.")
    if parameters.get("type") == "success":
        return ConsentState.VALID
    error = odoo_error("odoo.exceptions.UserError", answers.text(parameters, "message"), gateway.database)
    if isinstance(error, ConsentInvalid):
        return ConsentState.NO_CONSENT
    if isinstance(error, NoConnection):
        return ConsentState.NO_CONNECTION
    raise error
