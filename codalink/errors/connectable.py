"""Why a company is left out of the plan."""

from codalink.errors.codabox import CompanyNumberMissing
from codalink.errors.family import CodalinkError, Turn
from codalink.errors.menus import COMPANIES_IN_ODOO, FIRM_IN_ODOO, JOURNALS_IN_ODOO
from codalink.errors.odoo import MODULE_STEPS


class NotConnectable(CodalinkError):
    """The company can't be connected as it stands in Odoo."""

    next_command = "codalink check --company COMPANY"


class ModuleMissing(NotConnectable):
    """The CodaBox module is not installed."""

    default_cause = "The module CodaBox is not installed in this database."
    default_remedy = "Install it in Odoo: menu Apps, search for CodaBox (l10n_be_codabox)."
    steps = ("`codalink check --fix` installs it, after asking. By hand:", *MODULE_STEPS)
    other_wordings = (r"The module CodaBox is not installed in database",)


class ModuleUnavailable(NotConnectable):
    """The CodaBox module is not among the modules that could be installed."""

    default_cause = "This Odoo doesn't have the module CodaBox at all."
    default_remedy = (
        "The module (l10n_be_codabox) is part of Odoo Enterprise. On Enterprise, choose Update Apps List in the menu Apps (developer mode) "
        "and look again."
    )


class OdooTooOld(NotConnectable):
    """A version of Odoo that codalink doesn't know, and Odoo's proxy doesn't serve any more."""

    default_cause = "The database runs a version of Odoo whose CodaBox module doesn't work any more."
    default_remedy = "Have the database upgraded: Odoo 17 is the oldest version whose CodaBox module still works."
    other_wordings = (r"The server runs Odoo",)


class NumberMissing(NotConnectable):
    """The company has no number."""

    default_cause = CompanyNumberMissing.default_cause
    default_remedy = CompanyNumberMissing.default_remedy


class NumberNotValid(NotConnectable):
    """A number in Odoo is not a valid Belgian one."""

    default_cause = "A VAT number in Odoo is not a valid Belgian one."
    default_remedy = "Correct it in Odoo. A Belgian number has ten digits, such as BE 0477.472.701."
    steps = (
        f"Check the company's VAT number in {COMPANIES_IN_ODOO}: ten digits that pass the check, such as BE 0477.472.701.",
        f"Check the VAT number of the Accounting Firm's contact in {FIRM_IN_ODOO}.",
    )
    other_wordings = (r"is not a valid Belgian one",)


class NotBelgian(NotConnectable):
    """A foreign company."""

    default_cause = "The company is not Belgian. CodaBox delivers for Belgian companies only."
    default_remedy = "Nothing to do. If it is Belgian after all, correct its country in Odoo."
    turn = Turn.NOBODY
    other_wordings = (r"The company is not Belgian",)


class OfficeNotSet(NotConnectable):
    """No accounting firm is set: connecting would register the customer as an office."""

    default_cause = "No Accounting Firm is set, so connecting would register this customer as an accounting office of its own."
    default_remedy = "Set the office as Accounting Firm in Odoo (Settings > Accounting), with its VAT number; then run again."
    steps = (
        "Never press Create Connection in Odoo as it stands: CodaBox would take this customer for an accounting office.",
        "Run `codalink check --fix`: it finds or creates your office's contact, and sets it, after asking.",
        f"Or by hand: choose your office in {FIRM_IN_ODOO}, and see that its contact has your office's VAT number.",
    )
    next_command = "codalink check --fix --company COMPANY"


class FirmWithoutNumber(NotConnectable):
    """An accounting firm is set that brings no number of its own, so that Odoo takes the company for an office."""

    default_cause = "The Accounting Firm has no VAT number of its own, so Odoo would register this customer as an accounting office."
    default_remedy = "Open the Accounting Firm's contact in Odoo and fill in its VAT number, or choose your office: Settings > Accounting."


class OtherOffice(NotConnectable):
    """The company's accounting firm is another office than the configured one."""

    default_cause = "The company's Accounting Firm in Odoo is another office than yours."
    default_remedy = "If it is your customer, set your office as Accounting Firm in Odoo: Settings > Accounting."
    steps = (
        "If the other office is right, nothing is to be done: that office connects the company.",
        (
            f"If it is your customer now, choose your office in {FIRM_IN_ODOO}. The customer signs new mandates for your office; files "
            "from before can be redelivered after that."
        ),
    )
    other_wordings = (r"The company's Accounting Firm is another office",)


class NoCodaBoxJournal(NotConnectable):
    """No bank journal of the company takes files from CodaBox."""

    default_cause = "No bank journal of this company takes its statements from CodaBox."
    default_remedy = "In Odoo, open the bank journal's settings, fill in the IBAN and set Bank Feeds to CodaBox."
    steps = (
        f"Open {JOURNALS_IN_ODOO}. Where there is no bank journal for the account yet, create one.",
        "Fill in the IBAN as Account Number, and the currency where it isn't the company's.",
        "Set Bank Feeds to CodaBox. For a second currency on the same account, create a second journal.",
    )
    other_wordings = (r"The company has no bank journal",)


class SharedConnection(NotConnectable):
    """Another company of the same database has the same number, and so the same connection: of a branch, the one it belongs to."""

    default_cause = "Another company of the same database has the same number, and so the same connection."
    default_remedy = "Nothing to do. Keep the bank journals for CodaBox in the company that is connected."
    turn = Turn.NOBODY
    other_wordings = (r"has the same VAT number: one connection serves both", r"only one of them can be connected")


class DuplicateCompany(NotConnectable):
    """The same company stands in another database too."""

    default_cause = "The same VAT number stands in another database too: one of them is probably a test copy."
    default_remedy = "Connect the real one by its path: `codalink connect --company database/company`."
    next_command = "codalink connect --company database/company"
    other_wordings = (r"is probably a test copy", r"the same database under two addresses")
