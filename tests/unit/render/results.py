"""Fixed results that the renderers are tried on, with every state and with hostile names."""

from datetime import date
from decimal import Decimal

from codalink import errors
from codalink.odoo.codabox.statements import JournalRecord, StatementRecord
from codalink.office.model import Account, DatabaseFailure, Survey
from codalink.office.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.plan import Plan, PlannedCompany, Step
from codalink.office.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.standing import OfficeState, Standing
from codalink.office.status import CompanyStatus, Connection, OfficeStatus
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
STATUS = OfficeStatus(
    OFFICE,
    (
        CompanyStatus(COMPANIES[0], Connection.CONNECTED, (Account(JOURNAL, date(2026, 1, 5)), Account(OTHER_JOURNAL, None))),
        CompanyStatus(COMPANIES[1], Connection.CONSENT_MISSING, (Account(JOURNAL, date(2026, 1, 5)),)),
        CompanyStatus(COMPANIES[2], Connection.NOT_CONNECTABLE, (), errors.NumberMissing()),
        CompanyStatus(COMPANIES[3], Connection.NOT_CONNECTED, (), None, errors.AnswerTimedOut("It did not answer.")),
        CompanyStatus(COMPANIES[4], Connection.NOT_CONNECTABLE, (), errors.OtherOffice("It belongs to another office.")),
        CompanyStatus(COMPANIES[5], Connection.NOT_CONNECTED),
    ),
    (BROKEN,),
    is_refreshed=False,
)
RETRIEVAL = Retrieval(
    (
        CompanyRetrieval(COMPANIES[0], (AccountRetrieval(JOURNAL, (NewStatement(STATEMENT, has_coda=True, has_pdf=False),)),)),
        CompanyRetrieval(COMPANIES[1], (AccountRetrieval(OTHER_JOURNAL, ()),)),
        *(CompanyRetrieval(one, error=errors.ConsentInvalid()) for one in COMPANIES[2:]),
    ),
    (BROKEN,),
)
