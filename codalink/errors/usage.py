"""What the user typed or configured."""

from codalink.errors.family import CodalinkError, Turn
from codalink.errors.menus import CONSENT_IN_MYCODABOX


class UsageError(CodalinkError):
    """Wrong usage or configuration."""

    default_cause = "The command can't be carried out like this."
    default_remedy = "See the command's --help for examples."


class ConfigurationMissing(UsageError):
    """There is no configuration file yet."""

    default_cause = "codalink is not set up yet."
    default_remedy = "Run `codalink setup`, or look around first with `codalink demo`."
    next_command = "codalink setup"
    other_wordings = (r"There is no configuration at",)


class ConfigurationInvalid(UsageError):
    """The configuration file says something that codalink can't use; the cause names file and key or line."""

    default_cause = "The configuration file says something that codalink can't use."
    default_remedy = "Correct the file, or run `codalink setup` to write it anew."
    next_command = "codalink databases"


class ConfigurationExposed(UsageError):
    """Other users of this computer can change the configuration; the cause names the file or folder."""

    default_cause = "Other users of this computer can change the configuration, and with it where codalink connects."
    default_remedy = (
        "Take their right away with `chmod go-w`, look whether the file still says what you wrote, then run this command again."
    )
    other_wordings = (r"belongs to another user of this computer", r"can change .*, and with it where codalink connects")


class AddressRefused(UsageError):
    """An address that codalink doesn't talk to: not an address, or one where a secret would travel in the clear."""

    default_cause = "codalink doesn't talk to this address: it is none, or passwords would travel unencrypted."
    default_remedy = "Use the https address of the Odoo server, such as https://odoo.example.be."
    other_wordings = (
        r"would send passwords unencrypted",
        r"is not the address of a web server",
        r"is not an address:",
        r"The address contains a login",
    )


class FileRefused(UsageError):
    """A file named by the user can't be read, or can't be written."""

    default_cause = "A file can't be read, or can't be written."
    default_remedy = "Check the file's name, its rights and its content."
    other_wordings = (r"The list of databases .* can't be read", r"can't be written:", r"is not a text in UTF-8", r"not a CSV file:")


class FileDiffers(FileRefused):
    """A file is there already and says something else; it was left as it is."""

    default_cause = "A file is there already and says something else."
    default_remedy = "Look at the file. If it isn't needed, move it away, then run the command again."


class PassphraseWeak(UsageError):
    """A passphrase that somebody with the backup in their hands could guess."""

    default_cause = "The passphrase is too easy to guess."
    default_remedy = (
        "Choose five or six words that have nothing to do with each other, at random from a dictionary. Whoever finds the backup may guess "
        "as long as they like, and nothing but the passphrase stops them."
    )
    next_command = "codalink password backup"
    other_wordings = (r"The passphrase (is empty|has \d+ characters|repeats|is hardly more|is the office password)",)


class TemplateBroken(UsageError):
    """A letter's template can't be used; the cause names file and line."""

    default_cause = "A letter's template can't be used."
    default_remedy = "Correct the template in the folder `letters` beside the configuration, or remove it to use codalink's own."


class LanguageUnknown(UsageError):
    """Nobody says in which language a letter is to be written."""

    default_cause = "Nobody says in which language the letter is to be written."
    default_remedy = "Say --lang nl, fr, de or en; or set the contact's language in Odoo."
    other_wordings = (r"doesn't tell in which language to write", r"A letter to CodaBox needs a language")


class NumberInvalid(UsageError):
    """Not a Belgian enterprise or VAT number."""

    default_cause = "This is not a valid Belgian VAT number."
    default_remedy = "A Belgian number has ten digits, such as BE 0477.472.701."
    other_wordings = (r"is not a valid Belgian VAT number",)


class CompanyUnknown(UsageError):
    """`--company` matches nothing."""

    default_cause = "No company matches what was asked for."
    default_remedy = "`codalink databases` lists all companies. A name, a part of it, a VAT number or database/company will do."
    next_command = "codalink databases"
    other_wordings = (r"No company matches",)


class CompanyAmbiguous(UsageError):
    """`--company` matches more than one company."""

    default_cause = "More than one company matches what was asked for."
    default_remedy = "Name one of them as it is listed here, or by its VAT number."
    other_wordings = (r"matches \d+ companies",)


class DatabaseUnknown(UsageError):
    """`--database` matches nothing."""

    default_cause = "No database matches what was asked for."
    default_remedy = "`codalink databases` lists all databases. Where two servers have one of the same name, say server/name."
    next_command = "codalink databases"
    other_wordings = (r"No database matches",)


class DatabaseAmbiguous(UsageError):
    """`--database` matches databases on several servers."""

    default_cause = "Several servers have a database of this name."
    default_remedy = "Say which one, as server/name."
    other_wordings = (r"matches \d+ databases",)


class NoTerminal(UsageError):
    """A question would have to be asked, but nobody is there to answer."""

    default_cause = "A question would have to be asked, and nobody is there to answer."
    default_remedy = "Run it in a terminal, or give the answer as an option (see --help)."
    other_wordings = (r"Nobody is there to answer",)


class OfficeBusy(UsageError):
    """Another codalink is at work for this office."""

    default_cause = "Another codalink run is connecting companies of this office right now."
    default_remedy = "Wait until it has ended, then run this command again."
    turn = Turn.NOBODY
    other_wordings = (r"Another codalink run is (connecting|changing)",)


class ConsentStands(UsageError):
    """Somebody says that Odoo's access was revoked in MyCodaBox, and it was not."""

    default_cause = "The office's consent in MyCodaBox still stands, so codalink doesn't start over: the connections work."
    default_remedy = "Sign in to MyCodaBox, open Administration > CodaBox Connect, revoke Odoo's access, and run the command again."
    steps = (
        "Sign in to MyCodaBox with an account that has the role Admin: others don't see the menu Administration.",
        f"Open {CONSENT_IN_MYCODABOX}, and revoke Odoo's access. From then on no files come, until the new consent is given.",
        "Run `codalink password recover` again. It revokes in Odoo, makes a new first connection, and connects every company again.",
    )
    next_command = "codalink password recover --revoked"


class PackNotClean(UsageError):
    """A support pack would have had something in it by which somebody could be known; it was not written."""

    default_cause = "The support pack would have told who somebody is, so it was not written."
    default_remedy = "Report this sentence, with codalink's version, in place of the pack."
    next_command = "codalink support"
