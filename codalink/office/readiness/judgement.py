"""What stands between a company and its statements: the one truth that plan, check and status share.

Pure judgements of a dossier, no calls. A condition about which nothing is known yet is UNKNOWN, so that the plan, which knows only the
companies' records, and the check, which has read more, never contradict each other.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from codalink.errors import (
    AccountTwice,
    CodalinkError,
    ConsentInvalid,
    CountryMissing,
    DatabaseMissing,
    FirmWithoutNumber,
    LoginRefused,
    MandateMissing,
    ModuleMissing,
    ModuleTooOld,
    ModuleUnavailable,
    NoCodaBoxJournal,
    NoStatementYet,
    NotBelgian,
    NotYetConnected,
    NumberMissing,
    NumberNotValid,
    OdooTooOld,
    OfficeNotSet,
    OtherOffice,
    RightsMissing,
    SecretsError,
    SharedConnection,
    StatementsStale,
    VersionUntried,
)
from codalink.odoo.codabox.module import ModuleState
from codalink.office.model import Account, Company, Office
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.findings import Condition, Finding, Grade
from codalink.office.readiness.journals import OWN_CURRENCY, account_trouble, feed_trouble

OLDEST_VERSION, NEWEST_VERSION = 17, 20
"""Majors that codalink is made for."""
STALE_AFTER = timedelta(days=35)
"""Banks send a file when something moved; a month without one is worth a look (facts: some accounts follow a monthly paper statement)."""

BLOCKING = frozenset(
    {
        Condition.SERVER,
        Condition.LOGIN,
        Condition.VERSION,
        Condition.MODULE,
        Condition.RIGHTS,
        Condition.COUNTRY,
        Condition.NUMBER,
        Condition.FIRM,
        Condition.OFFICE,
        Condition.ORIGINAL,
    }
)
"""What must not fail before a company is connected."""


def judge(dossier: Dossier, office: Office, today: date) -> tuple[Finding, ...]:
    """Every condition of the company, in the order of Condition; those about bank accounts once for each account."""
    if isinstance(dossier.duplicate, SharedConnection):  # whatever a branch lacks, its company has
        shared = dossier.duplicate.cause
        return (Finding(Condition.ORIGINAL, Grade.PASS, note=shared), Finding(Condition.CONNECTION, Grade.UNKNOWN, note=shared))
    return tuple(finding for judgement in _JUDGEMENTS for finding in judgement(dossier, office, today))


def obstacle(dossier: Dossier, office: Office) -> CodalinkError | None:
    """Why this company can't be connected to this office, as far as is known; None where nothing is in the way.

    A branch shares its company's connection, whatever it lacks itself.
    """
    if isinstance(dossier.duplicate, SharedConnection):
        return dossier.duplicate
    findings = (finding for judgement in _BEFORE_CONNECTING for finding in judgement(dossier, office, date.min))
    return next((finding.error for finding in findings if finding.grade is Grade.FAIL), None)


# --- before connecting ---------------------------------------------------------------------------------------------------------------


def _reached(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    """Only where the database broke off after its companies had been read: nobody knows then how the rest stands."""
    del office, today
    if dossier.unread is not None and not isinstance(dossier.unread, RightsMissing):
        yield _fails(failed_condition(dossier.unread), dossier.unread)


def failed_condition(error: CodalinkError) -> Condition:
    """The condition that a database which could not be read fails."""
    if isinstance(error, (LoginRefused, SecretsError, DatabaseMissing)):
        return Condition.LOGIN
    return Condition.RIGHTS if isinstance(error, RightsMissing) else Condition.SERVER


def _version(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del office, today
    number = re.search(r"\d+", dossier.version or "")
    if number is None:
        yield _unknown(Condition.VERSION)
    elif int(number[0]) < OLDEST_VERSION:
        yield _fails(Condition.VERSION, OdooTooOld(f"The server runs Odoo {dossier.version}."))
    elif int(number[0]) > NEWEST_VERSION:
        yield _warns(Condition.VERSION, VersionUntried(f"Odoo {dossier.version} is newer than this codalink has been tried with."))
    else:
        yield _passes(Condition.VERSION)


def _module(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del office, today
    missing = f"The module CodaBox is not installed in database {dossier.company.database.name}."
    state = dossier.module.state if dossier.module else None
    if state is ModuleState.ABSENT:
        yield _fails(Condition.MODULE, ModuleUnavailable())
    elif state is ModuleState.TOO_OLD:
        yield _fails(Condition.MODULE, ModuleTooOld())
    elif not dossier.company.record.has_module:
        yield _fails(Condition.MODULE, ModuleMissing(missing))
    else:
        yield _passes(Condition.MODULE)


def _rights(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del office, today
    if dossier.module is not None and dossier.module.state in {ModuleState.CLOSED, ModuleState.UNKNOWN}:
        yield _fails(
            Condition.RIGHTS, RightsMissing("The account may not change settings in this database, so it can't connect companies.")
        )
    elif isinstance(dossier.unread, RightsMissing):
        cause = "The account may not read bank journals and statements in this database."
        yield _warns(Condition.RIGHTS, RightsMissing(cause))  # which keeps nobody from connecting
    else:
        yield _unknown(Condition.RIGHTS) if dossier.module is None else _passes(Condition.RIGHTS)


def _country(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del office, today
    code = dossier.company.record.country_code
    if _is_foreign(dossier.company):
        cause = f"The company is not Belgian (country {code}). CodaBox delivers for Belgian companies only."
        yield _fails(Condition.COUNTRY, NotBelgian(cause))
    else:
        yield _passes(Condition.COUNTRY) if code else _warns(Condition.COUNTRY, CountryMissing())


def _number(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del office, today
    number = dossier.company.record.company_number
    if _is_foreign(dossier.company):
        yield _unknown(Condition.NUMBER)
    elif not number:
        yield _fails(Condition.NUMBER, NumberMissing())
    elif dossier.company.vat is None:
        yield _fails(Condition.NUMBER, NumberNotValid(f"The company's number {number} is not a valid Belgian one."))
    else:
        yield _passes(Condition.NUMBER)


def _is_foreign(company: Company) -> bool:
    return company.record.country_code not in {"", "BE"}


def _firm(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    """Never connect the wrong office: without accounting firm, Odoo takes the company itself for one (contract, section 2)."""
    del today
    company, number = dossier.company, dossier.company.record.office_number or "(none)"
    if _is_foreign(company) or not company.record.has_module:
        yield _unknown(Condition.FIRM)
    elif company.office_vat == office.vat:
        yield _passes(Condition.FIRM)
    elif _is_its_own_office(company):
        yield _fails(Condition.FIRM, FirmWithoutNumber() if company.record.has_accounting_firm else OfficeNotSet())
    elif company.office_vat is None:
        yield _fails(Condition.FIRM, NumberNotValid(f"The Accounting Firm's VAT number {number} is not a valid Belgian one."))
    else:
        yield _passes(Condition.FIRM)


def _is_its_own_office(company: Company) -> bool:
    return company.record.office_number == company.record.company_number or (company.vat is not None and company.office_vat == company.vat)


def _office(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del today
    company = dossier.company
    if company.office_vat == office.vat:
        yield _passes(Condition.OFFICE)
    elif _has_another_office(company, office):
        cause = f"The company's Accounting Firm is another office ({company.office_vat}), not {office.name} ({office.vat})."
        yield _fails(Condition.OFFICE, OtherOffice(cause))
    else:
        yield _unknown(Condition.OFFICE)


def _has_another_office(company: Company, office: Office) -> bool:
    is_named = company.record.has_module and company.office_vat is not None and not _is_its_own_office(company)
    return is_named and company.office_vat != office.vat and not _is_foreign(company)


def _original(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del office, today
    yield _fails(Condition.ORIGINAL, dossier.duplicate) if dossier.duplicate else _passes(Condition.ORIGINAL)


# --- beside and after ----------------------------------------------------------------------------------------------------------------


def _is_ours(dossier: Dossier, office: Office) -> bool:
    """Whether the company's journals and statements are the office's business."""
    company = dossier.company
    return not (_is_foreign(company) or _has_another_office(company, office) or dossier.duplicate)


def _accounts(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del today
    if dossier.accounts is None or not _is_ours(dossier, office):
        yield _unknown(Condition.ACCOUNT)
        return
    if not dossier.accounts:
        yield _fails(Condition.ACCOUNT, NoCodaBoxJournal("The company has no bank journal."))
    often = Counter((account.journal.iban, account.journal.currency) for account in dossier.accounts if account.journal.iban)
    for account in dossier.accounts:
        is_twice = often[account.journal.iban, account.journal.currency] > 1
        trouble = account_trouble(account.journal) or (_twice(account) if is_twice else None)
        yield _warns(Condition.ACCOUNT, trouble, account) if trouble else _passes(Condition.ACCOUNT, account)


def _twice(account: Account) -> AccountTwice:
    return AccountTwice(f"{account.journal.iban} stands in two bank journals with the same currency.")


def _feeds(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del today
    if not dossier.accounts or not dossier.company.record.has_module or not _is_ours(dossier, office):
        yield _unknown(Condition.FEED)  # without the module, CodaBox is not on offer as a feed
        return
    for account in dossier.accounts:
        trouble = feed_trouble(account.journal)
        yield _warns(Condition.FEED, trouble, account) if trouble else _passes(Condition.FEED, account)


def _soda(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    """Not every company has payroll: none chosen is in order too."""
    del office, today
    note = "" if dossier.company.record.soda_journal_id else "None is chosen, so no payroll entries (SODA) are fetched."
    yield Finding(Condition.SODA, Grade.PASS, note=note)


def _connection(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del today
    is_ours = dossier.company.office_vat == office.vat
    if dossier.company.record.is_connected and is_ours:
        yield _passes(Condition.CONNECTION)
    elif obstacle(dossier, office) is None:
        yield _warns(Condition.CONNECTION, NotYetConnected())
    else:
        yield _unknown(Condition.CONNECTION, "What fails above stands in the way.")


def _consent(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    del today
    if dossier.is_consented is None or dossier.company.office_vat != office.vat:
        yield _unknown(Condition.CONSENT, "It is asked for at the office's first connection.")
    else:
        yield _passes(Condition.CONSENT) if dossier.is_consented else _fails(Condition.CONSENT, ConsentInvalid())


def _mandates(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    """Of accounts that CodaBox could fill: the export is the office's own, so it says nothing about another office's companies."""
    del today
    usable = [account for account in dossier.accounts or () if account.journal.takes_codabox and account_trouble(account.journal) is None]
    if dossier.mandates is None:
        yield _unknown(Condition.MANDATE, "Mandates are known to MyCodaBox only: --mandates FILE reads its export.")
        return
    if not usable or dossier.company.office_vat != office.vat:
        yield _unknown(Condition.MANDATE)
        return
    for account in usable:
        mandate = dossier.mandates.find(account.journal.iban, account.journal.currency or OWN_CURRENCY)
        trouble = mandate.trouble if mandate else MandateMissing()
        yield _warns(Condition.MANDATE, trouble, account) if trouble else _passes(Condition.MANDATE, account)


def _statements(dossier: Dossier, office: Office, today: date) -> Iterator[Finding]:
    expected = [account for account in _sound(dossier, office, today) if feed_trouble(account.journal) is None]
    if not expected or not dossier.company.record.is_connected or dossier.company.office_vat != office.vat:
        yield _unknown(Condition.STATEMENT, "Statements come once the company is connected.")
        return
    for account in expected:
        trouble = _statement_trouble(account, today)
        yield _warns(Condition.STATEMENT, trouble, account) if trouble else _passes(Condition.STATEMENT, account)


def _sound(dossier: Dossier, office: Office, today: date) -> list[Account]:
    """The accounts for which files can come: those with a valid Belgian number of their own."""
    sound = {finding.account for finding in _accounts(dossier, office, today) if finding.grade is Grade.PASS}
    return [account for account in dossier.accounts or () if _named(account) in sound]


def _statement_trouble(account: Account, today: date) -> CodalinkError | None:
    if account.last_statement is None:
        return NoStatementYet(f"No statement has come in for {_named(account)} yet.")
    if today - account.last_statement > STALE_AFTER:
        return StatementsStale(f"The last statement of {_named(account)} is of {account.last_statement.isoformat()}.")
    return None


Judgement = Callable[[Dossier, Office, date], Iterator[Finding]]

_BEFORE_CONNECTING: tuple[Judgement, ...] = (_version, _module, _rights, _country, _number, _firm, _office, _original)
_JUDGEMENTS: tuple[Judgement, ...] = (
    _reached,
    *_BEFORE_CONNECTING,
    _accounts,
    _feeds,
    _soda,
    _connection,
    _consent,
    _mandates,
    _statements,
)


def _named(account: Account) -> str:
    return account.journal.iban or account.journal.name


def _passes(condition: Condition, account: Account | None = None) -> Finding:
    return Finding(condition, Grade.PASS, account=_named(account) if account else "")


def _unknown(condition: Condition, note: str = "") -> Finding:
    return Finding(condition, Grade.UNKNOWN, note=note)


def _warns(condition: Condition, error: CodalinkError, account: Account | None = None) -> Finding:
    return Finding(condition, Grade.WARN, error, _named(account) if account else "")


def _fails(condition: Condition, error: CodalinkError) -> Finding:
    return Finding(condition, Grade.FAIL, error)
