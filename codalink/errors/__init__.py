"""The one family of errors. This room knows nobody.

    CodalinkError
    ├── UsageError                    something the user typed or configured (usage.py)
    │   ├── ConfigurationMissing      ├── CompanyUnknown       ├── NoTerminal
    │   ├── ConfigurationInvalid      ├── CompanyAmbiguous     └── OfficeBusy
    │   ├── AddressRefused            ├── NumberInvalid
    │   ├── DatabaseUnknown           ├── DatabaseAmbiguous
    │   ├── FileRefused ── FileDiffers                         └── LanguageUnknown
    │   ├── TemplateBroken            ├── ConsentStands        └── PackNotClean
    │   └── PassphraseWeak            └── ConfigurationExposed
    ├── SecretsError                  the keyring, or a secret in it (secrets.py)
    │   ├── KeyringMissing            ├── LoginSecretMissing
    │   ├── KeyringSilent             ├── OfficePasswordMissing
    │   ├── KeyringUnreliable         ├── OfficePasswordRefused
    │   ├── KeyFileDamaged            ├── KeyFileExposed       ├── OfficePasswordLost
    │   ├── KeyFileSealed             ├── KeyFileNotWritten
    │   └── PassphraseWrong           └── BackupDamaged        └── BackupForeign
    ├── ServerError                   no usable answer came back (server.py)
    │   ├── Unreachable               ├── CertificateRejected  ├── NotOdoo ── ProtocolMissing
    │   ├── AnswerLost                ├── RedirectRefused      └── AnswerUnexpected
    │   ├── ServerLeftAlone           ├── ServerTrouble ── TooManyRequests
    │   └── AnswerTimedOut ── FetchTimedOut
    ├── OdooError                     Odoo answered: no (odoo.py)
    │   ├── LoginRefused              ├── ModelMissing         ├── RecordGone
    │   ├── DatabaseMissing           ├── MethodMissing        ├── OdooRefused
    │   ├── DatabaseListClosed        ├── FieldMissing         └── OdooFailed
    │   ├── RightsMissing             ├── KeysNotOffered
    │   └── CodaBoxError              the CodaBox module's own refusals (codabox.py)
    │       ├── CodaBoxNotConfigured  ├── ConsentInvalid       ├── NoFiles
    │       ├── ProxyDown             ├── CompanyNumberRefused ├── ModuleTooOld
    │       ├── CodaBoxDown           ├── OfficeUnknown        ├── CompanyNumberMissing
    │       └── NoConnection          └── AlreadyRegistered    └── NotAnOffice
    ├── NotConnectable                why a company is left out (connectable.py)
    │   ├── ModuleMissing             ├── NotBelgian           ├── OfficeNotSet
    │   ├── ModuleUnavailable         ├── OdooTooOld           ├── FirmWithoutNumber
    │   ├── NumberMissing             ├── NumberNotValid       ├── OtherOffice
    │   ├── NoCodaBoxJournal          ├── DuplicateCompany     └── SharedConnection
    └── NotComplete                   why statements may not come in all the same (completeness.py)
        ├── CountryMissing            ├── VersionUntried       ├── NotYetConnected
        ├── IbanMissing               ├── IbanInvalid          ├── NoStatementYet
        ├── AccountForeign            ├── AccountTwice         ├── StatementsStale
        ├── FeedUndefined             ├── FeedNotOffered       ├── OtherFeed
        ├── FirmAmbiguous             ├── NoSodaJournal        (statements.py)
        ├── StatementTrouble          statements that don't add up (statements.py)
        │   ├── StatementsMissing     ├── StatementTwice       ├── StatementsOverlap
        │   ├── StatementsDisordered  ├── StatementsDoubtful   ├── AccountSilent
        │   ├── CodaFaulty            ├── CodaOdd              ├── NotBooked
        │   └── BookedOtherwise
        │                             an account's mandate (mandates.py)
        ├── MandateMissing            ├── MandateInPreparation ├── MandateUnsigned
        ├── MandateInCheck            ├── MandateAtBank        ├── MandateProblem
        ├── MandateArchived           ├── MandateStateUnknown  ├── AccountUnlinked
        ├── DeliveryNotSet            ├── PayrollPending
        └── JournalMissing            └── CurrencyDiffers

Every error carries a *cause* (what is wrong, where) and a *remedy* (what to do), in a bookkeeper's words, and tells code three things: is
it worth repeating, may it have happened all the same, does it concern everyone. Its class is also its page in the catalogue (catalogue.py),
from which `codalink explain`, the tables and the README are made.
"""

from codalink.errors.codabox import (
    AlreadyRegistered,
    CodaBoxDown,
    CodaBoxError,
    CodaBoxNotConfigured,
    CompanyNumberMissing,
    CompanyNumberRefused,
    ConsentInvalid,
    ModuleTooOld,
    NoConnection,
    NoFiles,
    NotAnOffice,
    OfficeUnknown,
    ProxyDown,
)
from codalink.errors.completeness import (
    AccountForeign,
    AccountTwice,
    CountryMissing,
    FeedNotOffered,
    FeedUndefined,
    FirmAmbiguous,
    IbanInvalid,
    IbanMissing,
    NoStatementYet,
    NotComplete,
    NotYetConnected,
    OtherFeed,
    StatementsStale,
    VersionUntried,
)
from codalink.errors.connectable import (
    DuplicateCompany,
    FirmWithoutNumber,
    ModuleMissing,
    ModuleUnavailable,
    NoCodaBoxJournal,
    NotBelgian,
    NotConnectable,
    NumberMissing,
    NumberNotValid,
    OdooTooOld,
    OfficeNotSet,
    OtherOffice,
    SharedConnection,
)
from codalink.errors.family import (
    CodalinkError,
    Turn,
)
from codalink.errors.mandates import (
    AccountUnlinked,
    CurrencyDiffers,
    DeliveryNotSet,
    JournalMissing,
    MandateArchived,
    MandateAtBank,
    MandateInCheck,
    MandateInPreparation,
    MandateMissing,
    MandateProblem,
    MandateStateUnknown,
    MandateUnsigned,
    PayrollPending,
)
from codalink.errors.odoo import (
    DatabaseListClosed,
    DatabaseMissing,
    FieldMissing,
    KeysNotOffered,
    LoginRefused,
    MethodMissing,
    ModelMissing,
    OdooError,
    OdooFailed,
    OdooRefused,
    RecordGone,
    RightsMissing,
)
from codalink.errors.secrets import (
    BackupDamaged,
    BackupForeign,
    KeyFileDamaged,
    KeyFileExposed,
    KeyFileNotWritten,
    KeyFileSealed,
    KeyringMissing,
    KeyringSilent,
    KeyringUnreliable,
    LoginSecretMissing,
    OfficePasswordLost,
    OfficePasswordMissing,
    OfficePasswordRefused,
    PassphraseWrong,
    SecretsError,
)
from codalink.errors.server import (
    AnswerLost,
    AnswerTimedOut,
    AnswerUnexpected,
    CertificateRejected,
    FetchTimedOut,
    NotOdoo,
    ProtocolMissing,
    RedirectRefused,
    ServerError,
    ServerLeftAlone,
    ServerTrouble,
    TooManyRequests,
    Unreachable,
)
from codalink.errors.statements import (
    AccountSilent,
    BookedOtherwise,
    CodaFaulty,
    CodaOdd,
    NoSodaJournal,
    NotBooked,
    StatementsDisordered,
    StatementsDoubtful,
    StatementsMissing,
    StatementsOverlap,
    StatementTrouble,
    StatementTwice,
)
from codalink.errors.usage import (
    AddressRefused,
    CompanyAmbiguous,
    CompanyUnknown,
    ConfigurationExposed,
    ConfigurationInvalid,
    ConfigurationMissing,
    ConsentStands,
    DatabaseAmbiguous,
    DatabaseUnknown,
    FileDiffers,
    FileRefused,
    LanguageUnknown,
    NoTerminal,
    NumberInvalid,
    OfficeBusy,
    PackNotClean,
    PassphraseWeak,
    TemplateBroken,
    UsageError,
)

__all__ = [
    "AccountForeign",
    "AccountSilent",
    "AccountTwice",
    "AccountUnlinked",
    "AddressRefused",
    "AlreadyRegistered",
    "AnswerLost",
    "AnswerTimedOut",
    "AnswerUnexpected",
    "BackupDamaged",
    "BackupForeign",
    "BookedOtherwise",
    "CertificateRejected",
    "CodaBoxDown",
    "CodaBoxError",
    "CodaBoxNotConfigured",
    "CodaFaulty",
    "CodaOdd",
    "CodalinkError",
    "CompanyAmbiguous",
    "CompanyNumberMissing",
    "CompanyNumberRefused",
    "CompanyUnknown",
    "ConfigurationExposed",
    "ConfigurationInvalid",
    "ConfigurationMissing",
    "ConsentInvalid",
    "ConsentStands",
    "CountryMissing",
    "CurrencyDiffers",
    "DatabaseAmbiguous",
    "DatabaseListClosed",
    "DatabaseMissing",
    "DatabaseUnknown",
    "DeliveryNotSet",
    "DuplicateCompany",
    "FeedNotOffered",
    "FeedUndefined",
    "FetchTimedOut",
    "FieldMissing",
    "FileDiffers",
    "FileRefused",
    "FirmAmbiguous",
    "FirmWithoutNumber",
    "IbanInvalid",
    "IbanMissing",
    "JournalMissing",
    "KeyFileDamaged",
    "KeyFileExposed",
    "KeyFileNotWritten",
    "KeyFileSealed",
    "KeyringMissing",
    "KeyringSilent",
    "KeyringUnreliable",
    "KeysNotOffered",
    "LanguageUnknown",
    "LoginRefused",
    "LoginSecretMissing",
    "MandateArchived",
    "MandateAtBank",
    "MandateInCheck",
    "MandateInPreparation",
    "MandateMissing",
    "MandateProblem",
    "MandateStateUnknown",
    "MandateUnsigned",
    "MethodMissing",
    "ModelMissing",
    "ModuleMissing",
    "ModuleTooOld",
    "ModuleUnavailable",
    "NoCodaBoxJournal",
    "NoConnection",
    "NoFiles",
    "NoSodaJournal",
    "NoStatementYet",
    "NoTerminal",
    "NotAnOffice",
    "NotBelgian",
    "NotBooked",
    "NotComplete",
    "NotConnectable",
    "NotOdoo",
    "NotYetConnected",
    "NumberInvalid",
    "NumberMissing",
    "NumberNotValid",
    "OdooError",
    "OdooFailed",
    "OdooRefused",
    "OdooTooOld",
    "OfficeBusy",
    "OfficeNotSet",
    "OfficePasswordLost",
    "OfficePasswordMissing",
    "OfficePasswordRefused",
    "OfficeUnknown",
    "OtherFeed",
    "OtherOffice",
    "PackNotClean",
    "PassphraseWeak",
    "PassphraseWrong",
    "PayrollPending",
    "ProtocolMissing",
    "ProxyDown",
    "RecordGone",
    "RedirectRefused",
    "RightsMissing",
    "SecretsError",
    "ServerError",
    "ServerLeftAlone",
    "ServerTrouble",
    "SharedConnection",
    "StatementTrouble",
    "StatementTwice",
    "StatementsDisordered",
    "StatementsDoubtful",
    "StatementsMissing",
    "StatementsOverlap",
    "StatementsStale",
    "TemplateBroken",
    "TooManyRequests",
    "Turn",
    "Unreachable",
    "UsageError",
    "VersionUntried",
]
