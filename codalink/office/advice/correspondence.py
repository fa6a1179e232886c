"""Writing letters: whom they concern, and reading the facts that go into them. Changes nothing, sends nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from codalink.errors import CodalinkError, LanguageUnknown, OtherOffice, UsageError
from codalink.odoo.codabox.contacts import CompanyContacts, ContactRecord, read_contacts
from codalink.odoo.codabox.statements import StatementRecord, first_statement_after, last_statement_before
from codalink.office.advice.letters import Language, Letter, LetterKind, MissingStatements, Party, addresses
from codalink.office.delivery.continuity import Breach, Discontinuity, Link
from codalink.office.delivery.statements import AccountCheck, OfficeStatements
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.means import Means
from codalink.office.model import Account, Company, Office, Survey, Vat, by_database, server_of
from codalink.office.readiness.accounts import read_accounts
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.duplicates import find_duplicates
from codalink.office.readiness.journals import OWN_CURRENCY, account_trouble
from codalink.office.readiness.judgement import obstacle
from codalink.office.readiness.mandates import Mandates, MandateState

_NUMBERS = 20
"""How many numbers of missing statements a letter lists at most: the days say the rest."""


@dataclass(frozen=True)
class LetterRequest:
    """What the user wants written. `language` is None where each contact has its own."""

    kind: LetterKind
    language: Language | None = None
    missing: MissingStatements | None = None
    mandates: Mandates | None = None
    """MyCodaBox's export, where it was read."""
    gaps: Mapping[Company, Sequence[MissingStatements]] = field(default_factory=dict)
    """What is missing in each company, for letters about that to all; see `gaps_in`."""
    is_for_all: bool = False
    """For all companies that it concerns: one that turns out to have nothing to sign is left out."""


@dataclass(frozen=True)
class Correspondents:
    """Those who stand in the letters of every company."""

    office: Party
    codabox: Party


@dataclass(frozen=True)
class Draft:
    """A letter to be put into words. `company` is None for one about the office alone."""

    company: Company | None
    letter: Letter


@dataclass(frozen=True)
class NotWritten:
    """A letter that there should be, and why there is none. `company` as in Draft."""

    company: Company | None
    error: CodalinkError


# --- whom it concerns ----------------------------------------------------------------------------------------------------------------


NOT_FOR_ALL = {
    LetterKind.SYNCTOOL: "Odoo doesn't know which customers have a CodaBox contract of their own.",
    LetterKind.ENVIRONMENT: "The request for an Odoo environment is one letter for the whole office.",
}
"""Kinds of which Odoo can't tell whom they concern, and why."""


def concerned(request: LetterRequest, survey: Survey, office: Office) -> list[Company]:
    """The companies that this letter is for, as far as their records tell; test copies are left out, and all for kinds in NOT_FOR_ALL."""
    copies = find_duplicates(survey.companies)
    originals = [company for company in survey.companies if company not in copies]
    ours = [company for company in originals if company.office_vat == office.vat]
    match request.kind:
        case LetterKind.MANDATE if request.mandates is not None:
            return ours  # a mandate can be signed before the connection is made
        case LetterKind.MANDATE | LetterKind.CONNECTED:
            return [company for company in ours if company.record.is_connected]
        case LetterKind.INITIATE:
            unconnected = [company for company in originals if not company.record.is_connected]
            return [company for company in unconnected if isinstance(obstacle(Dossier(company), office), OtherOffice)]
        case LetterKind.MISSING:
            return [company for company in ours if request.gaps.get(company)]
        case _:
            return []


def gaps_in(statements: OfficeStatements) -> dict[Company, list[MissingStatements]]:
    """Every gap that balances prove, by company: the days between the statements around it, and these."""
    return {
        row.company: [
            _gap(account, trouble.place)
            for account in row.accounts
            for trouble in account.troubles
            if trouble.place is not None and trouble.place.breach is Breach.GAP
        ]
        for row in statements.companies
    }


def _gap(account: AccountCheck, place: Discontinuity) -> MissingStatements:
    before, after = place.before, place.after
    assert before is not None and after is not None  # noqa: S101, PT018  # a gap lies between two statements
    first, last = before.closed + timedelta(days=1), after.closed - timedelta(days=1)
    if first > last:  # nothing but the balances shows it: something is missing on the day itself
        first = last = after.closed
    numbers = tuple(str(number) for number in range(place.numbers[0], place.numbers[1] + 1)) if place.numbers else ()
    currency = account.currency or OWN_CURRENCY
    return MissingStatements(account.account, first, last, numbers[:_NUMBERS], currency, _record(before), _record(after))


def _record(link: Link) -> StatementRecord:
    """The statement as it is told in a letter, where its records' numbers don't matter."""
    return StatementRecord(0, 0, link.label, link.closed, link.old, link.new, ())


# --- what goes into it ---------------------------------------------------------------------------------------------------------------


def write_about_office(request: LetterRequest, correspondents: Correspondents) -> Draft:
    """A letter about the office alone. No call. Raises LanguageUnknown."""
    if request.language is None:
        raise LanguageUnknown("A letter to CodaBox needs a language.")
    office = correspondents.office
    return Draft(None, Letter(request.kind, request.language, office, correspondents.codabox, office))


def write_letters(
    request: LetterRequest, companies: Sequence[Company], correspondents: Correspondents, means: Means
) -> list[Draft | NotWritten]:
    """A draft for each company, in order, or for each of its gaps: two to six calls a database. Raises SecretsError."""
    together = by_database(companies)
    drafts: dict[Company | None, list[Draft | NotWritten]] = defaultdict(list)
    means.listener(StageStarted("Reading contacts", len(together)))

    def draft(group: Sequence[Company]) -> list[Draft | NotWritten]:
        return _drafts(group, request, correspondents, means)

    for group, found in means.runner.each(together, draft, means.stop, lane=server_of):
        for one in found:
            drafts[one.company].append(one)
        means.listener(PieceDone(group[0].database.name, failed=any(isinstance(one, NotWritten) for one in found)))
    means.listener(StageEnded())
    return [one for company in companies for one in drafts[company]]


@dataclass(frozen=True)
class _Known:
    """What a company's database tells of it beyond its record."""

    company: Company
    contacts: CompanyContacts
    accounts: Sequence[Account]


def _drafts(companies: Sequence[Company], request: LetterRequest, correspondents: Correspondents, means: Means) -> list[Draft | NotWritten]:
    """One database's letters; its failure is that of each of its companies."""
    try:
        gateway = means.gateway(companies[0])
        contacts = read_contacts(gateway, [company.record.id for company in companies])
        accounts: Mapping[int, list[Account]] = read_accounts(gateway, companies) if request.kind in _ABOUT_ACCOUNTS else {}
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return [NotWritten(company, error) for company in companies]
    known = [_Known(company, contacts[company.record.id], accounts.get(company.record.id, [])) for company in companies]
    return [
        _draft(one, asked, correspondents, means)
        for one in known
        if not request.is_for_all or _is_concerned(one, request)
        for asked in _each_gap(one.company, request)
    ]


def _each_gap(company: Company, request: LetterRequest) -> list[LetterRequest]:
    """A letter for each gap; the request as it is where it is about none."""
    return [replace(request, missing=gap) for gap in request.gaps.get(company, ())] or [request]


_ABOUT_ACCOUNTS = frozenset({LetterKind.MANDATE, LetterKind.INITIATE, LetterKind.CONNECTED, LetterKind.MISSING})


def _is_concerned(known: _Known, request: LetterRequest) -> bool:
    return request.kind is not LetterKind.MANDATE or bool(_unsigned(known, request))


def _draft(known: _Known, request: LetterRequest, correspondents: Correspondents, means: Means) -> Draft | NotWritten:
    try:
        letter = _addressed(known, request, correspondents)
        missing = _missing(known, request.missing, means) if request.missing else None
        accounts = _mentioned(known, request)
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return NotWritten(known.company, error)
    return Draft(known.company, replace(letter, accounts=accounts, missing=missing))


def _mentioned(known: _Known, request: LetterRequest) -> tuple[str, ...]:
    """The accounts that the letter lists. Raises UsageError where MyCodaBox's export knows that nothing is to be signed."""
    accounts = _codabox_accounts(known)
    if request.kind is LetterKind.MANDATE:
        unsigned = _unsigned(known, request)
        if not unsigned and request.mandates is not None:
            cause = f"By MyCodaBox's export, no mandate of {known.company.name} awaits a signature."
            raise UsageError(cause, remedy="Export the mandates anew, or leave --mandates away to write all the same.")
        accounts = unsigned or accounts
    return tuple(dict.fromkeys(account.journal.iban for account in accounts))


def _codabox_accounts(known: _Known) -> list[Account]:
    return [account for account in known.accounts if account.journal.takes_codabox and account_trouble(account.journal) is None]


def _unsigned(known: _Known, request: LetterRequest) -> list[Account]:
    """The accounts whose mandate awaits a signature; without MyCodaBox's export, those without a statement are taken for them."""
    accounts, mandates = _codabox_accounts(known), request.mandates
    if mandates is None:
        return [account for account in accounts if account.last_statement is None]
    found = [(account, mandates.find(account.journal.iban, account.journal.currency or OWN_CURRENCY)) for account in accounts]
    return [account for account, mandate in found if mandate is not None and mandate.state is MandateState.AWAITING_SIGNATURE]


def _addressed(known: _Known, request: LetterRequest, correspondents: Correspondents) -> Letter:
    """The letter with who writes it to whom. Raises LanguageUnknown."""
    customer = _party(known.company.name, known.company.vat, known.contacts.company)
    firm = _firm(known, correspondents)
    is_ours = firm.vat == correspondents.office.vat
    own_emails = correspondents.office.emails or (firm.emails if is_ours else ())
    office = replace(correspondents.office, emails=own_emails)
    match request.kind:
        case LetterKind.MANDATE | LetterKind.CONNECTED | LetterKind.SYNCTOOL:
            writer, recipient, own_language = office, customer, customer.language
        case LetterKind.INITIATE:
            writer, recipient, own_language = customer, firm, firm.language or customer.language
        case LetterKind.ENVIRONMENT | LetterKind.MISSING:
            writer, recipient, own_language = office, correspondents.codabox, firm.language if is_ours else None
    language = request.language or own_language
    if language is None:
        raise LanguageUnknown(f"Odoo doesn't tell in which language to write this letter about {known.company.name}.")
    return Letter(request.kind, language, writer, recipient, office, customer)


def _firm(known: _Known, correspondents: Correspondents) -> Party:
    """The company's accountant: its accounting firm in Odoo, else the office itself."""
    firm = known.contacts.firm
    return _party(firm.name, known.company.office_vat, firm) if firm else correspondents.office


def _party(name: str, vat: Vat | None, contact: ContactRecord) -> Party:
    return Party(name, vat, addresses(contact.email), Language.of(contact.language))


def _missing(known: _Known, wanted: MissingStatements, means: Means) -> MissingStatements:
    """The account that is meant, and the statements around the gap, where they are not known. Up to two calls. Raises UsageError."""
    if wanted.before or wanted.after:
        return wanted
    journal = _account_meant(known, wanted.account).journal
    gateway, ids = means.gateway(known.company), (known.company.record.id, journal.id)
    return replace(
        wanted,
        account=journal.iban,
        currency=journal.currency or OWN_CURRENCY,
        before=last_statement_before(gateway, *ids, wanted.since) if wanted.since else None,
        after=first_statement_after(gateway, *ids, wanted.until) if wanted.until else None,
    )


def _account_meant(known: _Known, iban: str) -> Account:
    named = [account for account in known.accounts if account.journal.iban]
    found = [account for account in named if account.journal.iban == iban] if iban else named
    if len(found) == 1 or (iban and found):
        return found[0]
    listed = ", ".join(account.journal.iban for account in named) or "none"
    cause = f"{known.company.name} has no bank journal for {iban}." if iban else f"Which account of {known.company.name}?"
    raise UsageError(cause, remedy=f"Say --account IBAN. Its accounts in Odoo: {listed}.")
