"""Whom a letter concerns, who writes it to whom in which language, and which accounts it lists."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from codalink.errors import CodalinkError, LanguageUnknown, RightsMissing, UsageError
from codalink.odoo.gateway import Call, Json
from codalink.office.advice.correspondence import (
    NOT_FOR_ALL,
    Correspondents,
    Draft,
    LetterRequest,
    NotWritten,
    concerned,
    gaps_in,
    write_about_office,
    write_letters,
)
from codalink.office.advice.letters import Language, LetterKind, MissingStatements, Party
from codalink.office.delivery.continuity import Link
from codalink.office.delivery.statements import CompanyStatements, OfficeStatements, check_account
from codalink.office.fleet import OneByOne
from codalink.office.means import Means
from codalink.office.model import Company, Vat
from codalink.office.readiness.mandates import Mandate, Mandates, MandateState
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import NUMBERS, OFFICE, OFFICE_VAT, FakeGateways, MemoryStore, ScriptedGateway, company, surveyed
from tests.unit.render.letters import BELFIUS, ING, KBC

CORRESPONDENTS = Correspondents(Party(OFFICE.name, OFFICE.vat), Party("CodaBox", emails=("helpdesk@codabox.example",)))
OTHER_OFFICE = "0403019261"
FOREIGN = "NL91ABNA0417164300"


def journal(number: int, iban: str, feed: str = "l10n_be_codabox") -> dict[str, Json]:
    return {
        "id": number,
        "name": "Bank",
        "company_id": [1, "x"],
        "bank_acc_number": iban,
        "currency_id": False,
        "bank_statements_source": feed,
    }


class Books(ScriptedGateway):
    """A database with one company: its contacts, its bank journals, its statements as (journal, date, start, end)."""

    def __init__(
        self,
        *,
        email: Json = "info@kruimel.example",
        language: Json = "nl_BE",
        firm: Mapping[str, Json] | None = None,
        journals: tuple[dict[str, Json], ...] = (journal(4, BELFIUS), journal(5, KBC)),
        statements: tuple[tuple[int, str, float, float], ...] = (),
    ) -> None:
        self.statements = statements
        links = {"id": 1, "partner_id": [11, "x"], "account_representative_id": [12, "y"] if firm is not None else False}
        contacts = [{"id": 11, "name": "x", "email": email, "lang": language}]
        contacts += [{"id": 12, "name": "Kantoor Testmans", "email": False, "lang": False, **firm}] if firm is not None else []
        super().__init__(
            {
                "res.company.search_read": [links],
                "res.partner.search_read": contacts,
                "account.journal.search_read": list(journals),
                "account.bank.statement.search_read": self._found,
            }
        )

    def _found(self, call: Call) -> Json:
        rows = [
            {"id": number, "journal_id": [one[0], "Bank"], "date": one[1], "balance_start": one[2], "balance_end_real": one[3]}
            for number, one in enumerate(self.statements, start=1)
        ]
        domain = call.arguments["domain"]
        assert isinstance(domain, list)
        for field, operator, value in domain:
            if field == "date":
                rows = [row for row in rows if (str(row["date"]) < value if operator == "<" else str(row["date"]) > value)]
        return sorted(rows, key=lambda row: str(row["date"]), reverse="desc" in str(call.arguments["order"]))


def written(
    request: LetterRequest, books: ScriptedGateway, about: Company | None = None, correspondents: Correspondents = CORRESPONDENTS
) -> list[Draft | NotWritten]:
    means = Means(FakeGateways(books), OfficePasswords(MemoryStore()), lambda: None, OneByOne())
    return write_letters(request, [about or company("Kruimel", is_connected=True)], correspondents, means)


def draft(
    request: LetterRequest, books: ScriptedGateway, about: Company | None = None, correspondents: Correspondents = CORRESPONDENTS
) -> Draft:
    (one,) = written(request, books, about, correspondents)
    assert isinstance(one, Draft)
    return one


def refusal(request: LetterRequest, books: ScriptedGateway) -> CodalinkError:
    (one,) = written(request, books)
    assert isinstance(one, NotWritten)
    return one.error


def ask(kind: LetterKind, language: Language | None = Language.DUTCH, *, for_all: bool = False) -> LetterRequest:
    return LetterRequest(kind, language, is_for_all=for_all)


# --- whom it concerns ----------------------------------------------------------------------------------------------------------------

OURS = company("Ours", "a", is_connected=True)
UNCONNECTED = company("Unconnected", "b", number=NUMBERS[1])
THEIRS = company("Theirs", "c", number=NUMBERS[2], office=OTHER_OFFICE)
THEIRS_CONNECTED = company("Theirs too", "d", number=NUMBERS[3], office=OTHER_OFFICE, is_connected=True)
COPY = company("Ours", "a-test")
SURVEY = surveyed(OURS, UNCONNECTED, THEIRS, THEIRS_CONNECTED, COPY)


@pytest.mark.parametrize(
    ("request_", "companies"),
    [
        (ask(LetterKind.CONNECTED), [OURS]),
        (ask(LetterKind.MANDATE), [OURS]),
        (LetterRequest(LetterKind.MANDATE, mandates=Mandates(())), [OURS, UNCONNECTED]),
        (ask(LetterKind.INITIATE), [THEIRS]),
    ],
    ids=["connected", "mandate", "mandate with an export", "initiate"],
)
def test_letters_for_all_go_to_those_concerned(request_: LetterRequest, companies: list[Company]) -> None:
    assert concerned(request_, SURVEY, OFFICE) == companies


def test_letters_about_gaps_go_where_there_are_some() -> None:
    request = replace(ask(LetterKind.MISSING, for_all=True), gaps={OURS: [MissingStatements("BE1")], UNCONNECTED: []})

    assert concerned(request, SURVEY, OFFICE) == [OURS]


def test_gap_has_its_days_numbers_and_the_balances_around_it() -> None:
    links = [Link(date(2026, 3, day), Decimal(day), Decimal(day + 1), number=day, label=f"2026/{day}") for day in (2, 6)]
    check = check_account("BE1", "", links, date(2026, 3, 31), None)

    ((gap,),) = gaps_in(OfficeStatements((CompanyStatements(OURS, (check,)),))).values()

    assert (gap.account, gap.since, gap.until, gap.numbers) == ("BE1", date(2026, 3, 3), date(2026, 3, 5), ("3", "4", "5"))
    assert (gap.before and gap.before.balance_end, gap.after and gap.after.balance_start) == (Decimal(3), Decimal(6))


@pytest.mark.parametrize("kind", list(NOT_FOR_ALL))
def test_some_letters_are_never_for_all(kind: LetterKind) -> None:
    assert concerned(ask(kind), SURVEY, OFFICE) == []


# --- who writes to whom --------------------------------------------------------------------------------------------------------------

FIRM = {"email": "kantoor@example.be", "lang": "fr_BE"}


@pytest.mark.parametrize("kind", [LetterKind.MANDATE, LetterKind.CONNECTED, LetterKind.SYNCTOOL])
def test_office_writes_to_the_customer_in_the_customer_s_language(kind: LetterKind) -> None:
    letter = draft(ask(kind, None), Books(firm=FIRM)).letter
    assert (letter.writer.name, letter.recipient.name, letter.language) == (OFFICE.name, "Kruimel", Language.DUTCH)
    assert letter.recipient.emails == ("info@kruimel.example",)


def test_customer_writes_to_its_accounting_firm_in_the_firm_s_language() -> None:
    letter = draft(ask(LetterKind.INITIATE, None), Books(firm={**FIRM, "name": "Bureau Exemple"})).letter
    assert (letter.writer.name, letter.recipient.name, letter.language) == ("Kruimel", "Bureau Exemple", Language.FRENCH)
    assert (letter.writer.emails, letter.recipient.emails) == (("info@kruimel.example",), ("kantoor@example.be",))


def test_customer_without_accounting_firm_writes_to_the_office() -> None:
    assert draft(ask(LetterKind.INITIATE), Books()).letter.recipient.name == OFFICE.name


def test_office_writes_to_codabox_in_its_own_language() -> None:
    letter = draft(ask(LetterKind.ENVIRONMENT, None), Books(firm=FIRM)).letter
    assert (letter.writer.name, letter.recipient, letter.language) == (OFFICE.name, CORRESPONDENTS.codabox, Language.FRENCH)


def test_language_that_was_asked_for_wins() -> None:
    assert draft(ask(LetterKind.CONNECTED, Language.GERMAN), Books()).letter.language is Language.GERMAN


@pytest.mark.parametrize("code", [False, "es_ES", ""])
def test_language_that_nobody_knows_is_asked_for(code: Json) -> None:
    error = refusal(ask(LetterKind.CONNECTED, None), Books(language=code))
    assert isinstance(error, LanguageUnknown)
    assert "Kruimel" in error.cause


def test_office_s_address_is_that_of_its_contact_in_odoo() -> None:
    assert draft(ask(LetterKind.CONNECTED), Books(firm=FIRM)).letter.writer.emails == ("kantoor@example.be",)


def test_office_s_address_in_the_configuration_goes_first() -> None:
    known = Correspondents(Party(OFFICE.name, OFFICE.vat, ("own@example.be",)), Party("CodaBox"))
    assert draft(ask(LetterKind.CONNECTED), Books(firm=FIRM), correspondents=known).letter.writer.emails == ("own@example.be",)


def test_another_office_s_address_is_not_ours() -> None:
    theirs = company("Theirs", office=OTHER_OFFICE, is_connected=True)
    assert draft(ask(LetterKind.CONNECTED), Books(firm=FIRM), theirs).letter.writer.emails == ()


def test_number_that_isn_t_valid_is_left_out() -> None:
    customer = draft(ask(LetterKind.CONNECTED), Books(), company("Kruimel", number="123")).letter.company
    assert customer == Party("Kruimel", None, ("info@kruimel.example",), Language.DUTCH)


def test_letter_about_the_office_alone_needs_no_database() -> None:
    one = write_about_office(ask(LetterKind.ENVIRONMENT), CORRESPONDENTS)
    assert (one.company, one.letter.company, one.letter.writer.vat) == (None, None, Vat(OFFICE_VAT))


def test_letter_about_the_office_alone_needs_a_language() -> None:
    with pytest.raises(LanguageUnknown):
        write_about_office(ask(LetterKind.ENVIRONMENT, None), CORRESPONDENTS)


# --- which accounts ------------------------------------------------------------------------------------------------------------------


def test_accounts_are_those_that_codabox_can_fill() -> None:
    journals = (
        journal(4, BELFIUS),
        journal(5, KBC, "undefined"),
        journal(6, ING, "online_sync"),
        journal(7, FOREIGN),
        journal(8, "BE00"),
        journal(9, ""),
        journal(10, BELFIUS),
    )
    assert draft(ask(LetterKind.CONNECTED), Books(journals=journals)).letter.accounts == (BELFIUS, KBC)


def test_mandate_is_asked_for_accounts_without_a_statement() -> None:
    books = Books(statements=((4, "2026-03-02", 0.0, 1.0),))
    assert draft(ask(LetterKind.MANDATE), books).letter.accounts == (KBC,)


def test_mandate_that_was_asked_for_lists_all_accounts_where_every_one_has_statements() -> None:
    books = Books(statements=((4, "2026-03-02", 0.0, 1.0), (5, "2026-03-02", 0.0, 1.0)))
    assert draft(ask(LetterKind.MANDATE), books).letter.accounts == (BELFIUS, KBC)


def test_company_with_statements_on_every_account_needs_no_mandate() -> None:
    books = Books(statements=((4, "2026-03-02", 0.0, 1.0), (5, "2026-03-02", 0.0, 1.0)))
    assert written(ask(LetterKind.MANDATE, for_all=True), books) == []


def exported(*rows: tuple[str, MandateState]) -> Mandates:
    return Mandates(tuple(Mandate(iban, state, state.value) for iban, state in rows))


def test_export_says_which_mandates_await_a_signature() -> None:
    mandates = exported((BELFIUS, MandateState.ACTIVE), (KBC, MandateState.AWAITING_SIGNATURE))
    request = LetterRequest(LetterKind.MANDATE, Language.DUTCH, mandates=mandates)
    assert draft(request, Books(statements=((5, "2026-03-02", 0.0, 1.0),))).letter.accounts == (KBC,)


def test_nothing_to_sign_by_the_export_is_said() -> None:
    request = LetterRequest(LetterKind.MANDATE, Language.DUTCH, mandates=exported((BELFIUS, MandateState.ACTIVE)))
    assert "no mandate of Kruimel awaits a signature" in refusal(request, Books()).cause


def test_nothing_to_sign_by_the_export_concerns_nobody() -> None:
    request = LetterRequest(LetterKind.MANDATE, Language.DUTCH, mandates=exported((BELFIUS, MandateState.ACTIVE)), is_for_all=True)
    assert written(request, Books()) == []


# --- what is missing -----------------------------------------------------------------------------------------------------------------

STATEMENTS = ((4, "2026-02-27", 0.0, 100.0), (4, "2026-03-09", 250.5, 300.0), (4, "2026-03-10", 300.0, 310.0))


def gap(account: str = BELFIUS, since: date | None = date(2026, 3, 2), until: date | None = date(2026, 3, 6)) -> LetterRequest:
    return LetterRequest(LetterKind.MISSING, Language.DUTCH, MissingStatements(account, since, until, ("41",)))


def test_statements_around_the_gap_are_read() -> None:
    missing = draft(gap(), Books(statements=STATEMENTS)).letter.missing
    assert missing is not None
    assert missing.before is not None
    assert missing.after is not None
    assert (missing.before.date, missing.before.balance_end) == (date(2026, 2, 27), Decimal("100.00"))
    assert (missing.after.date, missing.after.balance_start) == (date(2026, 3, 9), Decimal("250.50"))


def test_nothing_is_read_beyond_an_open_end() -> None:
    missing = draft(gap(since=None, until=None), Books(statements=STATEMENTS)).letter.missing
    assert missing is not None
    assert (missing.before, missing.after, missing.numbers) == (None, None, ("41",))


def test_only_account_need_not_be_named() -> None:
    missing = draft(gap(account=""), Books(journals=(journal(4, BELFIUS),))).letter.missing
    assert missing is not None
    assert missing.account == BELFIUS


@pytest.mark.parametrize("account", ["", ING], ids=["none", "an unknown one"])
def test_which_account_is_meant_has_to_be_said(account: str) -> None:
    error = refusal(gap(account=account), Books())
    assert isinstance(error, UsageError)
    assert BELFIUS in error.remedy
    assert KBC in error.remedy


# --- databases that fail -------------------------------------------------------------------------------------------------------------


def test_database_that_fails_has_no_letter_and_says_why() -> None:
    failing = ScriptedGateway({"res.company.search_read": RightsMissing()})
    assert isinstance(refusal(ask(LetterKind.CONNECTED), failing), RightsMissing)
