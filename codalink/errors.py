"""The one family of errors. This module knows nobody.

    CodalinkError
    ├── UsageError                    something the user typed or configured
    │   ├── ConfigurationMissing      ├── CompanyUnknown       ├── NoTerminal
    │   ├── ConfigurationInvalid      ├── CompanyAmbiguous     └── OfficeBusy
    │   ├── AddressRefused            └── NumberInvalid
    │   ├── DatabaseUnknown           ├── DatabaseAmbiguous
    │   └── FileRefused
    ├── SecretsError                  the keyring, or a secret in it
    │   ├── KeyringMissing            ├── LoginSecretMissing
    │   ├── KeyringSilent             ├── OfficePasswordMissing
    │   ├── KeyringUnreliable         ├── OfficePasswordRefused
    │   ├── KeyFileDamaged            ├── KeyFileExposed
    │   └── KeyFileSealed             └── KeyFileNotWritten
    ├── ServerError                   no usable answer came back
    │   ├── Unreachable               ├── CertificateRejected  ├── NotOdoo ── ProtocolMissing
    │   ├── AnswerTimedOut            ├── RedirectRefused      └── AnswerUnexpected
    │   ├── AnswerLost                ├── ServerTrouble ── TooManyRequests
    │   └── ServerLeftAlone
    ├── OdooError                     Odoo answered: no
    │   ├── LoginRefused              ├── ModelMissing         ├── RecordGone
    │   ├── DatabaseMissing           ├── MethodMissing        ├── OdooRefused
    │   ├── DatabaseListClosed        ├── FieldMissing         └── OdooFailed
    │   ├── RightsMissing             ├── KeysNotOffered
    │   └── CodaBoxError              the CodaBox module's own refusals
    │       ├── CodaBoxNotConfigured  ├── ConsentInvalid       ├── NoFiles
    │       ├── ProxyDown             ├── CompanyNumberRefused ├── ModuleTooOld
    │       ├── CodaBoxDown           ├── OfficeUnknown        ├── CompanyNumberMissing
    │       └── NoConnection          └── AlreadyRegistered    └── NotAnOffice
    └── NotConnectable                why a company is left out
        ├── ModuleMissing             ├── NotBelgian           ├── OfficeNotSet
        ├── NumberMissing             ├── NumberNotValid       ├── OtherOffice
        └── NoCodaBoxJournal          └── DuplicateCompany

Every error carries a *cause* (what is wrong, where) and a *remedy* (what to do), in a bookkeeper's words, and tells code three things: is
it worth repeating, may it have happened all the same, does it concern everyone.
"""

import re
from enum import Enum
from typing import ClassVar


class Turn(Enum):
    """Whose turn it is to do something."""

    OFFICE = "office"
    CUSTOMER = "customer"
    BANK = "bank"
    CODABOX = "CodaBox"
    ODOO = "Odoo"
    NOBODY = "nobody"
    """Nothing to do, or it passes by itself."""


class CodalinkError(Exception):
    """Root of the family.

    `cause` and `remedy` are whole sentences for the user. They may contain text that came from a server: whoever shows them makes it
    harmless first (render/console.py).
    """

    default_cause: ClassVar[str] = "Something went wrong."
    default_remedy: ClassVar[str] = "Run the command again with --debug and read what it says."
    is_repeatable: ClassVar[bool] = False
    """The same call may well succeed a moment later."""
    may_have_happened: ClassVar[bool] = False
    """No answer came, so the server may have done it: look before trying again."""
    concerns_everyone: ClassVar[bool] = False
    """It would hit every other company too: stop the run."""
    turn: ClassVar[Turn] = Turn.OFFICE
    """Whose turn it is."""

    def __init__(self, cause: str = "", *, remedy: str = "") -> None:
        self.cause = cause or self.default_cause
        self.remedy = remedy or self.default_remedy
        super().__init__(self.cause)

    @property
    def code(self) -> str:
        """Stable name for machines, such as `office-password-refused`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(self).__name__).lower()


# --- what the user typed or configured -----------------------------------------------------------------------------------------------


class UsageError(CodalinkError):
    """Wrong usage or configuration."""

    default_cause = "The command can't be carried out like this."
    default_remedy = "See the command's --help for examples."


class ConfigurationMissing(UsageError):
    """There is no configuration file yet."""

    default_cause = "codalink is not set up yet."
    default_remedy = "Run `codalink setup`, or look around first with `codalink demo`."


class ConfigurationInvalid(UsageError):
    """The configuration file says something that codalink can't use; the cause names file and key or line."""

    default_remedy = "Correct the file, or run `codalink setup` to write it anew."


class AddressRefused(UsageError):
    """An address that codalink doesn't talk to: not an address, or one where a secret would travel in the clear."""

    default_remedy = "Use the https address of the Odoo server, such as https://odoo.example.be."


class FileRefused(UsageError):
    """A file named by the user can't be read, or can't be written."""

    default_remedy = "Check the file's name, its rights and its content."


class NumberInvalid(UsageError):
    """Not a Belgian enterprise or VAT number."""

    default_remedy = "A Belgian number has ten digits, such as BE 0477.472.701."


class CompanyUnknown(UsageError):
    """`--company` matches nothing."""

    default_remedy = "`codalink databases` lists all companies. A name, a part of it, a VAT number or database/company will do."


class CompanyAmbiguous(UsageError):
    """`--company` matches more than one company."""

    default_remedy = "Name one of them by its VAT number, or as database/company."


class NoTerminal(UsageError):
    """A question would have to be asked, but nobody is there to answer."""

    default_remedy = "Run it in a terminal, or give the answer as an option (see --help)."


class OfficeBusy(UsageError):
    """Another codalink is at work for this office."""

    default_cause = "Another codalink run is connecting companies of this office right now."
    default_remedy = "Wait until it has ended, then run this command again."


# --- the keyring, or a secret in it --------------------------------------------------------------------------------------------------


class SecretsError(CodalinkError):
    """The keyring or a secret in it is the problem."""

    concerns_everyone = True


class KeyringMissing(SecretsError):
    """The system has no keyring that codalink trusts; the remedy is for the platform at hand."""

    default_cause = "No safe keyring was found on this computer, and codalink keeps secrets nowhere else."
    default_remedy = "Install or start the system's keyring, then try again."


class KeyringSilent(SecretsError):
    """The keyring doesn't answer in time: mostly locked, with a question that nobody sees."""

    default_cause = "The keyring doesn't answer. It is probably locked and waits for its password."
    default_remedy = "Unlock the keyring (log in to the desktop, or open its password manager), then try again."
    is_repeatable = True


class KeyringUnreliable(SecretsError):
    """The keyring gave back something else than was stored."""

    default_cause = "The keyring did not give back what was stored in it."
    default_remedy = "Nothing was sent to CodaBox. Repair the keyring or choose another backend, then try again."


class LoginSecretMissing(SecretsError):
    """No password or API key is stored for a login on a server."""

    default_remedy = "Run `codalink setup` to enter it. It is kept in the keyring."
    concerns_everyone = False


class OfficePasswordMissing(SecretsError):
    """The office is registered, but its password is not in the keyring."""

    default_cause = "The office is connected to CodaBox already, but its password is not in this computer's keyring."
    default_remedy = (
        "If somebody in the office has it, run `codalink password set`. If it is lost: in MyCodaBox, go to Administration > CodaBox "
        "Connect and revoke the connection, revoke it in Odoo as well, then run `codalink connect-all` again."
    )


class OfficePasswordRefused(SecretsError):
    """CodaBox does not accept the office password."""

    default_cause = "CodaBox refuses the office password that is in the keyring."
    default_remedy = (
        "Enter the one of the office's first connection with `codalink password set`. If it is lost: revoke in MyCodaBox "
        "(Administration > CodaBox Connect), then in Odoo, and make a new first connection."
    )


# --- no usable answer ----------------------------------------------------------------------------------------------------------------


class ServerError(CodalinkError):
    """The server gave no usable answer."""


class Unreachable(ServerError):
    """No connection could be made; nothing was sent."""

    default_remedy = "Check the address and whether the server runs; then run the command again."
    is_repeatable = True


class AnswerTimedOut(ServerError):
    """The request was sent, but the answer did not come in time."""

    default_remedy = "The server may be busy. Run the command again: it looks first at what was done."
    is_repeatable = True
    may_have_happened = True


class AnswerLost(ServerError):
    """The connection broke before the whole answer was there."""

    default_remedy = "Run the command again: it looks first at what was done."
    is_repeatable = True
    may_have_happened = True


class CertificateRejected(ServerError):
    """The server's certificate can't be trusted; nothing was sent."""

    default_remedy = (
        "Check the address. If the server uses the office's own certificate authority, add that to this computer's trusted certificates."
    )


class RedirectRefused(ServerError):
    """The server sends its callers elsewhere; secrets don't follow."""

    default_remedy = "If you trust the new address, run `codalink setup` with it."


class ServerTrouble(ServerError):
    """The server, or the proxy in front of it, says that it is in trouble (HTTP 429 or 5xx)."""

    default_remedy = "Wait a moment, then run the command again."
    is_repeatable = True
    may_have_happened = True


class TooManyRequests(ServerTrouble):
    """The server asks to be left alone for a while (HTTP 429); it did nothing. `pause_s` is how long, where it says so."""

    may_have_happened = False

    def __init__(self, cause: str = "", *, remedy: str = "", pause_s: float | None = None) -> None:
        super().__init__(cause, remedy=remedy)
        self.pause_s = pause_s


class ServerLeftAlone(ServerError):
    """The server failed so often in this run that it isn't asked any more."""

    default_remedy = Unreachable.default_remedy


class NotOdoo(ServerError):
    """What answers there is no Odoo, or hides it behind a page of its own."""

    default_remedy = "Check the address in a browser: it should show Odoo's login page."
    may_have_happened = True


class ProtocolMissing(NotOdoo):
    """The server doesn't speak this protocol, so nothing was done; another one may do."""

    may_have_happened = False


class AnswerUnexpected(ServerError):
    """Odoo answered with something of another shape than its interface promises."""

    default_remedy = "Run the command again with --debug, and report it if it happens again."
    may_have_happened = True


# --- Odoo says no --------------------------------------------------------------------------------------------------------------------


class OdooError(CodalinkError):
    """Odoo answered, with an error."""


class LoginRefused(OdooError):
    """Login and password or API key don't fit."""

    default_remedy = (
        "Check login and password with `codalink setup`. Possible causes: a wrong or expired password or API key; an account with "
        "two-factor authentication, which needs an API key; on Odoo Online, a plan without external API (only Custom has it)."
    )


class DatabaseMissing(OdooError):
    """There is no such database on the server."""

    default_remedy = "Check the database's name; it may have been renamed or removed."


class DatabaseListClosed(OdooError):
    """The server doesn't tell its databases (`list_db = False`)."""

    default_remedy = "Name the databases in a file instead: `codalink setup --databases-file FILE` (TOML or CSV)."


class RightsMissing(OdooError):
    """The account may not do this in Odoo."""

    default_remedy = (
        "The account needs the rights Administration: Settings and Accounting in this database, and access to the company "
        "(Odoo: Settings > Users)."
    )


class ModelMissing(OdooError):
    """The database lacks a model: a module is missing or old."""

    default_remedy = "Install or upgrade the module CodaBox (l10n_be_codabox) in Odoo: menu Apps."


class MethodMissing(OdooError):
    """The database's version lacks a method."""

    default_remedy = "Upgrade the module CodaBox in Odoo (menu Apps)."


class FieldMissing(OdooError):
    """The database's version lacks a field."""

    default_remedy = "Upgrade the module CodaBox in Odoo (menu Apps)."


class RecordGone(OdooError):
    """A record was removed in the meantime."""

    default_remedy = "Run the command again."
    is_repeatable = True


class OdooRefused(OdooError):
    """Odoo refuses for a reason that codalink doesn't know; the cause is Odoo's own text."""

    default_remedy = "See what Odoo says; doing the same in Odoo's screen often tells more."


class OdooFailed(OdooError):
    """Odoo stumbled over itself; the cause is the last line of its own error."""

    default_remedy = "Show this text to whoever looks after the Odoo server."
    may_have_happened = True


class CodaBoxError(OdooError):
    """The CodaBox module's own refusals (contract, section 3)."""


class CodaBoxNotConfigured(CodaBoxError):
    """The number of company or office is missing in Odoo."""

    default_cause = "CodaBox is not configured in this company."
    default_remedy = "Fill in the company's VAT number and its Accounting Firm (Odoo: Settings > Accounting)."


class ProxyDown(CodaBoxError):
    """Odoo's proxy doesn't answer."""

    default_cause = "Odoo's own server for CodaBox doesn't answer at the moment."
    default_remedy = "This passes by itself: run the command again in a while."
    is_repeatable = True


class CodaBoxDown(CodaBoxError):
    """CodaBox doesn't answer."""

    default_cause = "CodaBox doesn't answer at the moment."
    default_remedy = "This passes by itself: run the command again in a while."
    is_repeatable = True
    may_have_happened = True


class NoConnection(CodaBoxError):
    """No connection exists under these numbers."""

    default_cause = "No connection exists for this company and this office."
    default_remedy = "Run `codalink connect --company …`. If it was connected before, the VAT number has changed since."


class ConsentInvalid(CodaBoxError):
    """The office's consent is not given yet, or was revoked."""

    default_cause = "The office's consent in MyCodaBox is missing: not given yet, or revoked."
    default_remedy = "Sign in to MyCodaBox, open Administration > CodaBox Connect, and allow the connection."
    concerns_everyone = True


class CompanyNumberRefused(CodaBoxError):
    """CodaBox finds the number not valid."""

    default_cause = "CodaBox finds the VAT number not valid."
    default_remedy = "Correct the VAT number of the company and of its Accounting Firm in Odoo."


class OfficeUnknown(CodaBoxError):
    """The office has no CodaBox contract under this number."""

    default_cause = "CodaBox doesn't know the office under this number."
    default_remedy = "Check the VAT number of the Accounting Firm in Odoo; ask CodaBox under which number the office's contract runs."
    concerns_everyone = True


class AlreadyRegistered(CodaBoxError):
    """The office made its first connection before; a second one is refused."""

    default_cause = "The office has made its first connection before."
    default_remedy = OfficePasswordMissing.default_remedy


class NoFiles(CodaBoxError):
    """There is nothing to fetch."""

    default_cause = "CodaBox has no files for this company."
    default_remedy = "Nothing to do, unless statements are missing: look at the mandates in MyCodaBox."


class ModuleTooOld(CodaBoxError):
    """Odoo's proxy doesn't accept this version of the module any more."""

    default_cause = "The module CodaBox in this database is too old."
    default_remedy = "Upgrade the module CodaBox in Odoo (menu Apps); on Odoo 17, install CodaBox Bridge Wizard as well."


class CompanyNumberMissing(CodaBoxError):
    """The company's VAT number is not filled in."""

    default_cause = "The company has no VAT or company number in Odoo."
    default_remedy = "Fill in the company's VAT number in Odoo: Settings > Companies."


class NotAnOffice(CodaBoxError):
    """Only for accounting firms."""

    default_cause = "This is only possible for companies with an Accounting Firm."
    default_remedy = "Set the Accounting Firm in Odoo: Settings > Accounting."


# --- why the plan leaves a company out -----------------------------------------------------------------------------------------------


class NotConnectable(CodalinkError):
    """The company can't be connected as it stands in Odoo."""


class ModuleMissing(NotConnectable):
    """The CodaBox module is not installed."""

    default_cause = "The module CodaBox is not installed in this database."
    default_remedy = "Install it in Odoo: menu Apps, search for CodaBox (l10n_be_codabox)."


class NumberMissing(NotConnectable):
    """The company has no number."""

    default_cause = CompanyNumberMissing.default_cause
    default_remedy = CompanyNumberMissing.default_remedy


class NumberNotValid(NotConnectable):
    """A number in Odoo is not a valid Belgian one."""

    default_remedy = "Correct it in Odoo. A Belgian number has ten digits, such as BE 0477.472.701."


class NotBelgian(NotConnectable):
    """A foreign company."""

    default_cause = "The company is not Belgian. CodaBox delivers for Belgian companies only."
    default_remedy = "Nothing to do. If it is Belgian after all, correct its country in Odoo."


class OfficeNotSet(NotConnectable):
    """No accounting firm is set: connecting would register the customer as an office."""

    default_cause = "No Accounting Firm is set, so connecting would register this customer as an accounting office of its own."
    default_remedy = "Set the office as Accounting Firm in Odoo (Settings > Accounting), with its VAT number; then run again."


class OtherOffice(NotConnectable):
    """The company's accounting firm is another office than the configured one."""

    default_remedy = "If it is your customer, set your office as Accounting Firm in Odoo: Settings > Accounting."


class NoCodaBoxJournal(NotConnectable):
    """No bank journal of the company takes files from CodaBox."""

    default_cause = "No bank journal of this company takes its statements from CodaBox."
    default_remedy = "In Odoo, open the bank journal's settings, fill in the IBAN and set Bank Feeds to CodaBox."


class DuplicateCompany(NotConnectable):
    """The same company stands in another database too."""

    default_remedy = "Connect the real one by its path: `codalink connect --company database/company`."


# --- API keys of databases -----------------------------------------------------------------------------------------------------------


class DatabaseUnknown(UsageError):
    """`--database` matches nothing."""

    default_remedy = "`codalink databases` lists all databases. Where two servers have one of the same name, say server/name."


class DatabaseAmbiguous(UsageError):
    """`--database` matches databases on several servers."""

    default_remedy = "Say which one, as server/name."


class KeyFileDamaged(SecretsError):
    """The file with the databases' API keys can't be read; it stays as it is."""

    default_remedy = (
        "It was left as it is. Put a copy of it from your backup in its place; or move it away, make new keys in Odoo, and enter them with "
        "`codalink keys import`."
    )


class KeyFileSealed(SecretsError):
    """The random key that opens the file with the API keys is not in the keyring, or is another one."""

    default_remedy = (
        "Keyring and file belong together: put that item back into the keyring, or use the file that goes with it. If it is lost, move the "
        "file away, make new keys in Odoo, and enter them with `codalink keys import`."
    )


class KeyFileExposed(SecretsError):
    """Others can read or change the file with the API keys."""

    default_remedy = "Make the file readable for yourself only, then run this command again."


class KeyFileNotWritten(SecretsError):
    """The file with the API keys can't be written; the former one is still there."""

    default_remedy = "The former keys are still there. Check the folder's rights and the space on the disk, then run this command again."


class KeysNotOffered(OdooError):
    """The database doesn't let API keys be made or revoked from outside."""

    default_remedy = (
        "Make a new key in Odoo (your name at the top right > Preferences > Account Security > New API Key), then enter it with "
        "`codalink keys set`."
    )
