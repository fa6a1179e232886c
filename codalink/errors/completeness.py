"""What keeps statements from coming in, or is worth a look, though the company can be connected."""

from codalink.errors.family import CodalinkError, Turn
from codalink.errors.menus import CODA_IN_MYCODABOX, FIRM_IN_ODOO, JOURNALS_IN_ODOO


class NotComplete(CodalinkError):
    """What keeps statements from coming in, though the company can be connected."""

    next_command = "codalink check --company COMPANY"


class CountryMissing(NotComplete):
    """The company has a Belgian number and no country."""

    default_cause = "The company has a Belgian number, but no country."
    default_remedy = "Run `codalink check --fix`, or set its country to Belgium in Odoo: Settings > Companies."


class VersionUntried(NotComplete):
    """A version of Odoo that is newer than codalink has been tried with."""

    default_cause = "The database runs a newer version of Odoo than this codalink has been tried with."
    default_remedy = "It will probably work. Update codalink if it doesn't."
    other_wordings = (r"is newer than this codalink has been tried with",)


class IbanMissing(NotComplete):
    """A bank journal has no account number, so that no file can find it."""

    default_cause = "A bank journal has no account number, so that no file finds it."
    default_remedy = "Fill in the account number in Odoo: Accounting > Configuration > Journals. Files for it are skipped until then."
    other_wordings = (r"has no account number",)


class IbanInvalid(NotComplete):
    """A bank journal's account number is no valid IBAN."""

    default_cause = "A bank journal's account number is not a valid IBAN, so that no file finds it."
    default_remedy = "Correct the account number in Odoo: Accounting > Configuration > Journals. Files for it are skipped until then."
    other_wordings = (r"is not a valid IBAN",)


class AccountForeign(NotComplete):
    """A foreign account, for which CodaBox brings no CODA."""

    default_cause = "The account is not a Belgian one. CodaBox brings no CODA for it."
    default_remedy = "CodaBox delivers for Belgian accounts only. Import this account's statements another way."
    turn = Turn.NOBODY
    other_wordings = (r"is not a Belgian account",)


class AccountTwice(NotComplete):
    """Two journals of a company have the same account number and currency."""

    default_cause = "Two bank journals of the company have the same account number and currency."
    default_remedy = "Keep the account number in one of the journals only: Odoo can't tell which one a file is for."
    other_wordings = (r"stands in two bank journals",)


class FeedUndefined(NotComplete):
    """No bank feed is chosen: CodaBox's files find the journal all the same, until somebody chooses another feed."""

    default_cause = "No bank feed is chosen for the journal. CodaBox's files find it all the same, until somebody chooses another feed."
    default_remedy = "Run `codalink check --fix`, or set Bank Feeds to CodaBox in the journal's settings in Odoo."
    other_wordings = (r"No bank feed is chosen for",)


class OtherFeed(NotComplete):
    """Another feed fills the journal; codalink never switches it, because both would deliver the same movements."""

    default_cause = "Another bank feed fills the journal, so CodaBox's files are skipped."
    default_remedy = (
        "If CodaBox should fill it, stop the other feed first, then set Bank Feeds to CodaBox in the journal's settings in Odoo."
    )
    steps = (
        "Decide which feed shall fill the journal. codalink never switches it: both would deliver the same movements.",
        f"For CodaBox, open {JOURNALS_IN_ODOO}, end the other feed (online synchronisation, Codaclean), and set Bank Feeds to CodaBox.",
        "Then look at the days around the change: movements may have come twice, or not at all.",
    )
    other_wordings = (
        r"is filled by another feed",
        r"CodaBox has a mandate for it too",
    )


class FeedNotOffered(NotComplete):
    """The database doesn't offer CodaBox as a bank feed."""

    default_cause = "This database doesn't offer CodaBox as a bank feed."
    default_remedy = "Install or upgrade the module CodaBox in Odoo (menu Apps)."


class FirmAmbiguous(NotComplete):
    """Several contacts could be the office."""

    default_cause = "Several contacts in the database could be the office."
    default_remedy = "Choose the right one in Odoo: Settings > Accounting > Accounting Firm; or merge the contacts first."
    steps = (
        "In Odoo's app Contacts, search for your office's VAT number, and merge or archive the contacts that shouldn't be there.",
        f"Choose the one that is left in {FIRM_IN_ODOO}, or run `codalink check --fix` again.",
    )
    other_wordings = (r"contacts have the VAT number of",)


class NotYetConnected(NotComplete):
    """Nothing stands in the way, and nobody has connected it yet."""

    default_cause = "The company is not connected yet."
    default_remedy = "Run `codalink connect-all`."
    next_command = "codalink connect-all"


class NoStatementYet(NotComplete):
    """Connected, and no statement has come in."""

    default_cause = "The company is connected, and no statement has come in for this account yet."
    default_remedy = (
        "Look at the account's mandate in MyCodaBox (Mandates & Services > CODA): until it is active, no files come. Then run "
        "`codalink retrieve`."
    )
    steps = (
        f"Look at the account's mandate in {CODA_IN_MYCODABOX}. `codalink explain` knows its states, such as Awaiting signature.",
        "If it is active and there were movements since, run `codalink retrieve --company COMPANY`.",
        "Files from before the mandate was active don't come by themselves: ask for Historical CODA there.",
        "If nothing comes, ask CodaBox's helpdesk: `codalink letter missing --company COMPANY`.",
    )
    next_command = "codalink retrieve --company COMPANY"
    other_wordings = (
        r"No statement has come in for",
        r"Nothing came in for",
    )


class StatementsStale(NotComplete):
    """The last statement is older than one would expect."""

    default_cause = "The last statement is older than one would expect."
    default_remedy = (
        "Ask whether there were movements since. If so, look at the account's mandate in MyCodaBox (Mandates & Services > CODA)."
    )
    steps = (
        "Ask whether there were movements since: no movements, no files.",
        f"If there were, look at the account's mandate in {CODA_IN_MYCODABOX}: whether it shows an action, or is archived.",
        "If it is active, choose Redeliver CODA there for the missing days: back to the mandate's activation, two years at most.",
        "If nothing comes, ask CodaBox's helpdesk: `codalink letter missing --company COMPANY`.",
    )
    next_command = "codalink retrieve --company COMPANY"
    other_wordings = (r"The last statement of \S+ is of",)
