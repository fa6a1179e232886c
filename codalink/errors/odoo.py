"""Odoo answered: no."""

from codalink.errors.family import CodalinkError
from codalink.errors.menus import API_KEYS_IN_ODOO, APPS_IN_ODOO, USERS_IN_ODOO

MODULE_STEPS = (
    f"Open {APPS_IN_ODOO}, remove the filter Apps, and search for CodaBox (l10n_be_codabox).",
    "Choose Activate where it is not installed, Upgrade where it is. On Odoo 17, install CodaBox Bridge Wizard as well.",
    "If it isn't found, choose Update Apps List there (in developer mode) and look again. It is part of Odoo Enterprise.",
)
"""How the module is installed or upgraded."""


class OdooError(CodalinkError):
    """Odoo answered, with an error."""

    next_command = "codalink check --company COMPANY"


class LoginRefused(OdooError):
    """Login and password or API key don't fit."""

    default_cause = "Odoo refuses the login: login and password, or API key, don't fit this database."
    default_remedy = (
        "Check login and password with `codalink setup`. Possible causes: a wrong or expired password or API key; an account with "
        "two-factor authentication, which needs an API key; on Odoo Online, a plan without external API (only Custom has it)."
    )
    steps = (
        (
            "Log in to this very database in the browser, with the login that codalink uses. If that fails, the login or its password is "
            "wrong there: correct it with `codalink setup`."
        ),
        (
            "If the account has two-factor authentication, only an API key works from outside. Keys expire as well, most after three "
            f"months. Make one in {API_KEYS_IN_ODOO}, and enter it with `codalink keys set`."
        ),
        "On Odoo Online, look at the database's plan: only Custom lets programs in. A login that works in the browser is refused then.",
    )
    next_command = "codalink databases"
    wordings = (r"^Access Denied\.?$", r"^Invalid apikey$")
    other_wordings = (
        r"Odoo refuses (the login|the API key|every key)",
        r"new API key .* and refuses it",
        r"refuses every API key",
        r"refuses the login of",
        r"can't be sent over JSON-2",
    )
    guesses = (r"toegang geweigerd", r"accès refusé")


class DatabaseMissing(OdooError):
    """There is no such database on the server."""

    default_cause = "There is no such database on the server."
    default_remedy = "Check the database's name; it may have been renamed or removed."
    next_command = "codalink databases"
    wordings = (r"database \".*\" does not exist",)
    other_wordings = (r"There is no database \S+ on",)


class DatabaseListClosed(OdooError):
    """The server doesn't tell its databases (`list_db = False`)."""

    default_cause = "The server doesn't tell which databases it has."
    default_remedy = (
        "Name the databases in a file instead: `codalink setup --databases-file FILE` (TOML or CSV). Those of Odoo Online are listed on "
        "odoo.com: `codalink setup --odoo-com LOGIN`."
    )
    next_command = "codalink databases"
    other_wordings = (r"doesn't tell which databases it has",)


class RightsMissing(OdooError):
    """The account may not do this in Odoo."""

    default_cause = "The account may not do this in Odoo."
    default_remedy = (
        "The account needs the rights Administration: Settings and Accounting in this database, and access to the company "
        "(Odoo: Settings > Users)."
    )
    steps = (
        f"Have an administrator of this database open the account that codalink uses, in {USERS_IN_ODOO}.",
        "Give it the rights Administration: Settings and Accounting.",
        "Where the database has several companies, put all those that codalink should see into Allowed Companies.",
    )
    wordings = (
        r"You are not allowed to \S+ '.*' \(\S+\) records",
        r"You do not have enough rights to access the field",
        r"Access to unauthorized or invalid companies",
    )
    other_wordings = (r"rights missing in database", r"The account may not (read|change) ", r"may not read the app \"Databases\"")
    guesses = (r"(geen|onvoldoende) (toegangs)?rechten", r"droits( d'accès)? insuffisants")


class ModelMissing(OdooError):
    """The database lacks a model: a module is missing or old."""

    default_cause = "The database lacks what the module CodaBox brings: it is not installed, or too old."
    default_remedy = "Install or upgrade the module CodaBox (l10n_be_codabox) in Odoo: menu Apps."
    steps = MODULE_STEPS
    wordings = (r"^Object \S+ doesn'?t exist", r"^The model '?\S+'? does not exist")
    other_wordings = (r"\(model missing", r"The app \"Databases\" is not installed")


class MethodMissing(OdooError):
    """The database's version lacks a method."""

    default_cause = "The module CodaBox in this database lacks a function that codalink needs: it is too old."
    default_remedy = "Upgrade the module CodaBox in Odoo (menu Apps)."
    steps = MODULE_STEPS
    wordings = (r"^The method '\S+' does not exist", r"^Private methods \(such as .*\) cannot be called remotely")
    other_wordings = (r"\(method missing",)


class FieldMissing(OdooError):
    """The database's version lacks a field."""

    default_cause = "The module CodaBox in this database lacks a field that codalink needs: it is too old."
    default_remedy = "Upgrade the module CodaBox in Odoo (menu Apps)."
    steps = MODULE_STEPS
    wordings = (r"^Invalid field \S+",)
    other_wordings = (r"\(field missing",)


class RecordGone(OdooError):
    """A record was removed in the meantime."""

    default_cause = "Somebody removed a record in the meantime."
    default_remedy = "Run the command again."
    next_command = ""
    is_repeatable = True
    wordings = (r"Record does not exist or has been deleted",)
    other_wordings = (r"\(record gone",)


class OdooRefused(OdooError):
    """Odoo refuses for a reason that codalink doesn't know; the cause is Odoo's own text."""

    default_cause = "Odoo refuses, for a reason that codalink doesn't know."
    default_remedy = "See what Odoo says; doing the same in Odoo's screen often tells more."


class OdooFailed(OdooError):
    """Odoo stumbled over itself; the cause is the last line of its own error."""

    default_cause = "Odoo stumbled over an error of its own."
    default_remedy = "Show this text to whoever looks after the Odoo server."
    may_have_happened = True
    other_wordings = (r"Odoo stumbled",)


class KeysNotOffered(OdooError):
    """The database doesn't let API keys be made or revoked from outside."""

    default_cause = "The database doesn't let API keys be made or revoked from outside."
    default_remedy = (
        "Make a new key in Odoo (your name at the top right > Preferences > Account Security > New API Key), then enter it with "
        "`codalink keys set`."
    )
    next_command = "codalink keys list"
    other_wordings = (
        r"doesn't let API keys be made",
        r"has no API key of its own here to exchange",
        r"new API keys in .* only for administrators",
    )
