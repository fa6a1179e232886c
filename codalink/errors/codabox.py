"""The CodaBox module's own refusals.

Sources of the texts: contract, section 3, for the module of Odoo 17 to 19; Odoo's manuals of 16 and 17 for older wordings.
"""

from codalink.errors.family import Turn
from codalink.errors.menus import (
    CODA_IN_MYCODABOX,
    COMPANIES_IN_ODOO,
    CONSENT_IN_MYCODABOX,
    FIRM_IN_ODOO,
    REVOKE_IN_ODOO,
)
from codalink.errors.odoo import MODULE_STEPS, OdooError
from codalink.errors.secrets import OfficePasswordMissing


class CodaBoxError(OdooError):
    """The CodaBox module's own refusals (contract, section 3)."""


class CodaBoxNotConfigured(CodaBoxError):
    """The number of company or office is missing in Odoo."""

    default_cause = "CodaBox is not configured in this company: its number, or its Accounting Firm's, is missing in Odoo."
    default_remedy = "Fill in the company's VAT number and its Accounting Firm (Odoo: Settings > Accounting)."
    steps = (
        f"Fill in the company's VAT number in {COMPANIES_IN_ODOO}.",
        f"Choose your office in {FIRM_IN_ODOO}; if its contact has no VAT number, open it and fill that in.",
    )
    wordings = (r"CodaBox is not configured",)
    guesses = (r"codabox[^.]*niet geconfigureerd", r"codabox[^.]*pas configur")


class ProxyDown(CodaBoxError):
    """Odoo's proxy doesn't answer."""

    default_cause = "Odoo's own server for CodaBox doesn't answer at the moment."
    default_remedy = "This passes by itself: run the command again in a while."
    steps = (
        "Wait, and try again in a while. Nothing is wrong with your databases.",
        "If it lasts longer than a day, tell Odoo's support (odoo.com/help) the database, the time and the text.",
    )
    next_command = ""
    turn = Turn.ODOO
    is_repeatable = True
    wordings = (r"connecting to the IAP server",)
    guesses = (r"fout[^.]*verbind\w*[^.]*\biap\b", r"erreur[^.]*connexion[^.]*\biap\b")


class CodaBoxDown(CodaBoxError):
    """CodaBox doesn't answer."""

    default_cause = "CodaBox doesn't answer at the moment."
    default_remedy = "This passes by itself: run the command again in a while."
    steps = (
        "Wait, and try again in a while. codalink looks first at what was done.",
        "If it lasts longer than a day, ask CodaBox's helpdesk whether it has a fault.",
    )
    next_command = ""
    turn = Turn.CODABOX
    is_repeatable = True
    may_have_happened = True
    wordings = (r"CodaBox is not responding", r"error occurred while connecting to CodaBox")
    guesses = (
        r"codabox (antwoordt|reageert) niet",
        r"codabox ne répond",
        r"fout[^.]*verbind\w* (met|naar) codabox",
        r"erreur[^.]*connexion (à|avec) codabox",
    )


class NoConnection(CodaBoxError):
    """No connection exists under these numbers."""

    default_cause = "No connection exists for this company and this office."
    default_remedy = "Run `codalink connect --company …`. If it was connected before, the VAT number has changed since."
    steps = (
        (
            "Check the company's VAT number and its Accounting Firm in Odoo: a connection is made for these two numbers, and is lost when "
            "one of them changes."
        ),
        "Connect it (again): `codalink connect --company COMPANY`.",
    )
    next_command = "codalink connect --company COMPANY"
    wordings = (r"No connection exists with", r"no connection linked to your database")
    other_wordings = (r"The company is not connected to CodaBox", r"has no connection to CodaBox")
    guesses = (r"geen verbinding[^.]*nummer", r"aucune connexion[^.]*num[ée]ro")


class ConsentInvalid(CodaBoxError):
    """The office's consent is not given yet, or was revoked."""

    default_cause = "The office's consent in MyCodaBox is missing: not given yet, or revoked."
    default_remedy = "Sign in to MyCodaBox, open Administration > CodaBox Connect, and allow the connection."
    steps = (
        "Sign in to MyCodaBox with an account that has the role Admin: others don't see the menu Administration.",
        f"Open {CONSENT_IN_MYCODABOX}, and allow Odoo's connection.",
        "Run `codalink connect-all`. It goes on from there.",
        (
            f"If Odoo doesn't stand there any more, the connection was revoked. Revoke it in {REVOKE_IN_ODOO} too, then run "
            "`codalink connect-all` for a new one."
        ),
    )
    next_command = "codalink connect-all"
    concerns_everyone = True
    wordings = (r"connection is not valid any ?more", r"consent is not valid")
    guesses = (
        r"codabox[^.]*(verbinding|toestemming)[^.]*niet (meer |langer )?geldig",
        r"(connexion|consentement) codabox[^.]*(plus|pas) valide",
    )


class CompanyNumberRefused(CodaBoxError):
    """CodaBox finds the number not valid."""

    default_cause = "CodaBox finds the VAT number not valid."
    default_remedy = "Correct the VAT number of the company and of its Accounting Firm in Odoo."
    steps = (
        f"Check the company's VAT number in {COMPANIES_IN_ODOO}: ten digits that pass the check, such as BE 0477.472.701.",
        f"Check the VAT number of the Accounting Firm's contact in {FIRM_IN_ODOO}.",
    )
    wordings = (r"number you provided is not valid",)
    guesses = (r"nummer (lijkt|is) niet geldig", r"num[ée]ro[^.]*(pas|non) valide")


class OfficeUnknown(CodaBoxError):
    """The office has no CodaBox contract under this number."""

    default_cause = "CodaBox doesn't know the office under this number."
    default_remedy = "Check the VAT number of the Accounting Firm in Odoo; ask CodaBox under which number the office's contract runs."
    steps = (
        (
            f"Check the VAT number of the Accounting Firm's contact in {FIRM_IN_ODOO}: it must be the number of the office's contract with "
            "CodaBox."
        ),
        (
            "If it is right, ask CodaBox's helpdesk under which number the contract runs, and whether the office has an Odoo environment. "
            "`codalink letter environment` writes that request."
        ),
    )
    concerns_everyone = True
    wordings = (r"number you provided does not exist in CodaBox",)
    guesses = (r"nummer[^.]*bestaat niet in codabox", r"num[ée]ro[^.]*existe pas dans codabox")


class AlreadyRegistered(CodaBoxError):
    """The office made its first connection before; a second one is refused."""

    default_cause = "The office has made its first connection before."
    default_remedy = OfficePasswordMissing.default_remedy
    steps = OfficePasswordMissing.steps
    next_command = "codalink connect-all"
    wordings = (r"already created a connection to CodaBox",)
    other_wordings = (r"The office was registered in the meantime", r"MyCodaBox still has the one of its last registration")
    guesses = (r"al een verbinding met codabox", r"déjà[^.]*une connexion à codabox")


class NoFiles(CodaBoxError):
    """There is nothing to fetch."""

    default_cause = "CodaBox has no files for this company."
    default_remedy = "Nothing to do, unless statements are missing: look at the mandates in MyCodaBox."
    steps = (
        "No movements, no files: ask whether there were any on the account.",
        f"If there were, look at the account's mandate in {CODA_IN_MYCODABOX}: files come from the day on which it is active.",
        "If it is active, check that the company's VAT number in Odoo is still the one it was connected with.",
        "If statements are missing all the same, ask CodaBox's helpdesk: `codalink letter missing --company COMPANY`.",
    )
    next_command = "codalink status --company COMPANY"
    turn = Turn.NOBODY
    wordings = (r"No files were found",)
    guesses = (r"geen bestanden[^.]*gevonden", r"aucun fichier[^.]*trouv")


class ModuleTooOld(CodaBoxError):
    """Odoo's proxy doesn't accept this version of the module any more."""

    default_cause = "The module CodaBox in this database is too old."
    default_remedy = "Upgrade the module CodaBox in Odoo (menu Apps); on Odoo 17, install CodaBox Bridge Wizard as well."
    steps = MODULE_STEPS
    wordings = (
        r"upgrade the module CodaBox",
        r"install the module CodaBox",
        r"access token is not valid for this fiduciary",
        r"Paste the access token from a previous connection",
    )
    guesses = (
        r"(werk|installeer|upgrade)[^.]*module codabox",
        r"(mettre à jour|installer|mettez à jour|installez) le module codabox",
    )


class CompanyNumberMissing(CodaBoxError):
    """The company's VAT number is not filled in."""

    default_cause = "The company has no VAT or company number in Odoo."
    default_remedy = "Fill in the company's VAT number in Odoo: Settings > Companies."
    wordings = (r"company VAT/ID number is not set", r"company VAT number or ID is not set")
    guesses = (r"nummer van het bedrijf[^.]*niet (ingevuld|ingesteld)", r"num[ée]ro[^.]*de la société[^.]*pas (renseign|défini|configur)")


class NotAnOffice(CodaBoxError):
    """Only for accounting firms."""

    default_cause = "This is only possible for companies with an Accounting Firm."
    default_remedy = "Set the Accounting Firm in Odoo: Settings > Accounting."
    wordings = (r"restricted to Accounting Firms",)
    guesses = (r"voorbehouden aan boekhoudkantoren", r"réservée? aux (bureaux|cabinets) comptables")
