"""What a check finds beside the reasons why a company can't be connected."""

from codalink.errors import CodalinkError, NotConnectable, Turn


class OdooTooOld(NotConnectable):
    """A version of Odoo that codalink doesn't know, and Odoo's proxy doesn't serve any more."""

    default_remedy = "Have the database upgraded: Odoo 17 is the oldest version whose CodaBox module still works."


class ModuleUnavailable(NotConnectable):
    """The CodaBox module is not among the modules that could be installed."""

    default_cause = "This Odoo doesn't have the module CodaBox at all."
    default_remedy = (
        "The module (l10n_be_codabox) is part of Odoo Enterprise. On Enterprise, choose Update Apps List in the menu Apps (developer mode) "
        "and look again."
    )


class FirmWithoutNumber(NotConnectable):
    """An accounting firm is set that brings no number of its own, so that Odoo takes the company for an office."""

    default_cause = "The Accounting Firm has no VAT number of its own, so Odoo would register this customer as an accounting office."
    default_remedy = "Open the Accounting Firm's contact in Odoo and fill in its VAT number, or choose your office: Settings > Accounting."


class NotComplete(CodalinkError):
    """What keeps statements from coming in, though the company can be connected."""


class CountryMissing(NotComplete):
    """The company has a Belgian number and no country."""

    default_cause = "The company has a Belgian number, but no country."
    default_remedy = "Run `codalink check --fix`, or set its country to Belgium in Odoo: Settings > Companies."


class VersionUntried(NotComplete):
    """A version of Odoo that is newer than codalink has been tried with."""

    default_remedy = "It will probably work. Update codalink if it doesn't."


class IbanMissing(NotComplete):
    """A bank journal has no account number, so that no file can find it."""

    default_remedy = "Fill in the account number in Odoo: Accounting > Configuration > Journals. Files for it are skipped until then."


class IbanInvalid(NotComplete):
    """A bank journal's account number is no valid IBAN."""

    default_remedy = "Correct the account number in Odoo: Accounting > Configuration > Journals. Files for it are skipped until then."


class AccountForeign(NotComplete):
    """A foreign account, for which CodaBox brings no CODA."""

    default_remedy = "CodaBox delivers for Belgian accounts only. Import this account's statements another way."
    turn = Turn.NOBODY


class AccountTwice(NotComplete):
    """Two journals of a company have the same account number and currency."""

    default_remedy = "Keep the account number in one of the journals only: Odoo can't tell which one a file is for."


class FeedUndefined(NotComplete):
    """No bank feed is chosen: CodaBox's files find the journal all the same, until somebody chooses another feed."""

    default_remedy = "Run `codalink check --fix`, or set Bank Feeds to CodaBox in the journal's settings in Odoo."


class OtherFeed(NotComplete):
    """Another feed fills the journal; codalink never switches it, because both would deliver the same movements."""

    default_remedy = (
        "If CodaBox should fill it, stop the other feed first, then set Bank Feeds to CodaBox in the journal's settings in Odoo."
    )


class NotYetConnected(NotComplete):
    """Nothing stands in the way, and nobody has connected it yet."""

    default_cause = "The company is not connected yet."
    default_remedy = "Run `codalink connect-all`."


class NoStatementYet(NotComplete):
    """Connected, and no statement has come in."""

    default_remedy = (
        "Look at the account's mandate in MyCodaBox (Mandates & Services > CODA): until it is active, no files come. Then run "
        "`codalink retrieve`."
    )


class StatementsStale(NotComplete):
    """The last statement is older than one would expect."""

    default_remedy = (
        "Ask whether there were movements since. If so, look at the account's mandate in MyCodaBox (Mandates & Services > CODA)."
    )


class FirmAmbiguous(NotComplete):
    """Several contacts could be the office."""

    default_remedy = "Choose the right one in Odoo: Settings > Accounting > Accounting Firm; or merge the contacts first."


class FeedNotOffered(NotComplete):
    """The database doesn't offer CodaBox as a bank feed."""

    default_cause = "This database doesn't offer CodaBox as a bank feed."
    default_remedy = "Install or upgrade the module CodaBox in Odoo (menu Apps)."
