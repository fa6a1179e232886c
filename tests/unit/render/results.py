"""Fixed results that the renderers are tried on, with every state and with hostile names."""

from datetime import date, timedelta
from decimal import Decimal

from codalink import errors
from codalink.odoo.codabox.statements import JournalRecord, StatementRecord
from codalink.office.connecting.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.connecting.plan import Plan, PlannedCompany, Step
from codalink.office.connecting.standing import OfficeState, Standing
from codalink.office.delivery.continuity import Link
from codalink.office.delivery.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.delivery.statements import CompanyStatements, OfficeStatements, check_account
from codalink.office.model import Account, DatabaseFailure, Survey
from codalink.office.overview.attention import Freshness
from codalink.office.overview.status import AccountStatus, CompanyStatus, Connection, OfficeStatus, with_statements
from codalink.office.readiness.gates import CompanyGates, first_closed, without_journal
from codalink.office.readiness.mandates import Mandate, Mandates, MandateState
from tests.unit.fakes import NUMBERS, OFFICE, company, surveyed

BROKEN = DatabaseFailure("klant-099", "https://odoo.example.be", errors.LoginRefused("Odoo refuses the login."))
LONG = "Vennootschap met een heel lange naam en nog veel meer woorden daarachter, zoals het in de statuten staat"
COMPANIES = [
    company("Bakkerij Peeters", "klant-001"),
    company(LONG, "klant-002-met-een-lange-naam", number=NUMBERS[1]),
    company("Zoë & Söhne 😀", "klant-003", number=""),
    company("日本語の会社", "klant-004", number="onbekend"),
    company("Garage", "klant-005", office=NUMBERS[1]),
    company("Slagerij", "klant-006"),
]
JOURNAL = JournalRecord(13, 1, "Bank", "BE56539001800388", "EUR", "l10n_be_codabox")
OTHER_JOURNAL = JournalRecord(14, 1, "Second", "BE68539007547034", "", "online_sync")
STATEMENT = StatementRecord(1, 13, "2026/001", date(2026, 1, 5), Decimal("10000.00"), Decimal("-250.50"), (4, 5))

SURVEY: Survey = surveyed(*COMPANIES, failures=[BROKEN])
PLAN = Plan(
    OFFICE,
    Standing(OfficeState.NOT_REGISTERED),
    tuple(
        PlannedCompany(one, step, errors.NotBelgian() if step is Step.CANNOT else None)
        for one, step in zip(COMPANIES, [*Step, Step.CONNECT], strict=True)
    ),
    (BROKEN,),
)
OUTCOME = RunOutcome(
    tuple(
        CompanyOutcome(one, result, None if "connected" in result.value else errors.ConsentInvalid())
        for one, result in zip(COMPANIES, Result, strict=True)
    ),
    (BROKEN,),
)
UNSIGNED = Mandate(JOURNAL.iban, MandateState.AWAITING_SIGNATURE, "Awaiting signature", since=date(2026, 1, 2))
STRAY = Mandate("BE71096123456769", MandateState.ACTIVE, "Active", company="Nowhere BV", number=OFFICE.vat)
MANDATES = Mandates((UNSIGNED, STRAY))


def account(journal: JournalRecord, last: date | None, *, is_consented: bool | None = None) -> AccountStatus:
    """An account of a connected company."""
    return AccountStatus(
        Account(journal, last), first_closed(journal, CompanyGates(is_connected=True, is_consented=is_consented), MANDATES)
    )


STATUS = OfficeStatus(
    OFFICE,
    (
        CompanyStatus(COMPANIES[0], Connection.CONNECTED, (account(JOURNAL, date(2026, 1, 5)), account(OTHER_JOURNAL, None))),
        CompanyStatus(COMPANIES[1], Connection.CONSENT_MISSING, (account(JOURNAL, date(2026, 1, 5), is_consented=False),)),
        CompanyStatus(COMPANIES[2], Connection.NOT_CONNECTABLE, (), errors.NumberMissing()),
        CompanyStatus(COMPANIES[3], Connection.NOT_CONNECTED, (), None, errors.AnswerTimedOut("It did not answer.")),
        CompanyStatus(COMPANIES[4], Connection.NOT_CONNECTABLE, (), errors.OtherOffice("It belongs to another office.")),
        CompanyStatus(COMPANIES[5], Connection.NOT_CONNECTED),
    ),
    (BROKEN,),
    is_refreshed=False,
    has_mandates=True,
    strays=(without_journal(STRAY),),
)
FRESHNESS = Freshness(date(2026, 1, 15), timedelta(days=35))
WELL = CompanyStatus(
    company("Well BV", "klant-007"),
    Connection.CONNECTED,
    (AccountStatus(Account(JOURNAL, date(2026, 1, 5)), first_closed(JOURNAL, CompanyGates(is_connected=True, is_consented=True))),),
)


def with_gaps(row: CompanyStatus = WELL) -> OfficeStatus:
    """A company whose first account lacks a statement, and has one twice."""
    days = [date(2026, 1, day) for day in (2, 3, 5)]
    links = [Link(days[0], Decimal(0), Decimal(10)), Link(days[1], Decimal(10), Decimal(20)), Link(days[2], Decimal(50), Decimal(60))]
    check = check_account(JOURNAL.iban, JOURNAL.currency, [*links, links[1]], FRESHNESS.today, FRESHNESS.stale_after)
    office = OfficeStatus(OFFICE, (row,), (), is_refreshed=True)
    return with_statements(office, OfficeStatements((CompanyStatements(row.company, (check,)),)))


RETRIEVAL = Retrieval(
    (
        CompanyRetrieval(COMPANIES[0], (AccountRetrieval(JOURNAL, (NewStatement(STATEMENT, has_coda=True, has_pdf=False),)),)),
        CompanyRetrieval(COMPANIES[1], (AccountRetrieval(OTHER_JOURNAL, ()),)),
        *(CompanyRetrieval(one, error=errors.ConsentInvalid()) for one in COMPANIES[2:]),
    ),
    (BROKEN,),
)
