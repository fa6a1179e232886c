"""Which files Odoo skips, as far as the mandates tell."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from codalink import errors
from codalink.errors.statements import NoSodaJournal
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.delivery.retrieve import AccountRetrieval, CompanyRetrieval, Retrieval
from codalink.office.delivery.skipped import with_mandates
from codalink.office.model import Company, Office, Vat
from codalink.office.readiness.gates import Gate
from codalink.office.readiness.mandates import Mandate, MandateKind, Mandates, MandateState
from tests.unit.fakes import NUMBERS, OFFICE, company

IBAN, OTHER = "BE68539007547034", "BE71096123456769"
BAKERY = company("Bakkerij", "k1", is_connected=True, number=NUMBERS[0])
NUMBER = Vat(NUMBERS[0])


def journal(number: int = 13, iban: str = IBAN, feed: str = "l10n_be_codabox", currency: str = "") -> JournalRecord:
    return JournalRecord(number, 1, "Bank", iban, currency, feed)


def mandate(iban: str = IBAN, state: MandateState | None = MandateState.ACTIVE, number: Vat | None = NUMBER, **more: str) -> Mandate:
    return Mandate(iban, state, state.value if state else "Frozen", number=number, **more)  # type: ignore[arg-type]  # the tests know


def fetched(*journals: JournalRecord, one: Company = BAKERY) -> CompanyRetrieval:
    taken = (AccountRetrieval(journal, ()) for journal in journals if journal.takes_codabox)
    return CompanyRetrieval(one, tuple(taken), journals=journals)


def told(row: CompanyRetrieval, *known: Mandate, office: Office = OFFICE, surveyed: Sequence[Company] = (BAKERY,)) -> CompanyRetrieval:
    (found,) = with_mandates(Retrieval((row,)), Mandates(known), office, surveyed).companies
    return found


def skipped(row: CompanyRetrieval) -> list[tuple[str, Gate, type[errors.CodalinkError]]]:
    return [(one.mandate.iban, one.gate, type(one.reason)) for one in row.skipped if one.mandate and one.reason]


def test_account_with_a_journal_is_not_skipped_and_has_its_mandate() -> None:
    found = told(fetched(journal()), mandate())

    assert found.skipped == ()
    (account,) = found.accounts
    assert account.passage is not None
    assert (account.passage.gate, account.passage.mandate) == (Gate.OPEN, mandate())


def test_account_without_a_journal_is_skipped() -> None:
    assert skipped(told(fetched(journal()), mandate(), mandate(OTHER))) == [(OTHER, Gate.JOURNAL, errors.JournalMissing)]


def test_company_without_any_journal_is_told_too() -> None:
    row = replace(fetched(), error=errors.NoCodaBoxJournal())

    assert skipped(told(row, mandate())) == [(IBAN, Gate.JOURNAL, errors.JournalMissing)]


@pytest.mark.parametrize("state", [MandateState.AWAITING_SIGNATURE, MandateState.PROBLEM, MandateState.ARCHIVED, None])
def test_mandate_that_brings_no_files_lets_none_be_skipped(state: MandateState | None) -> None:
    assert told(fetched(journal()), mandate(OTHER, state)).skipped == ()


def test_journal_with_another_feed_takes_no_files() -> None:
    row = fetched(journal(), journal(14, OTHER, "online_sync"))

    assert skipped(told(row, mandate(), mandate(OTHER))) == [(OTHER, Gate.OTHER_FEED, errors.OtherFeed)]


def test_other_feed_without_a_mandate_is_somebody_s_choice() -> None:
    assert told(fetched(journal(), journal(14, OTHER, "online_sync")), mandate()).skipped == ()


def test_account_that_one_of_two_journals_takes_is_not_skipped() -> None:
    assert told(fetched(journal(), journal(14, IBAN, "online_sync")), mandate()).skipped == ()


def test_journal_in_another_currency_takes_no_files() -> None:
    row = fetched(journal(currency="USD"))

    assert skipped(told(row, mandate(currency="EUR"))) == [(IBAN, Gate.JOURNAL, errors.CurrencyDiffers)]


def test_mandates_of_other_companies_are_not_told_here() -> None:
    assert told(fetched(journal()), mandate(OTHER, number=Vat(NUMBERS[1])), mandate(OTHER, number=None)).skipped == ()


def test_nothing_is_said_where_the_journals_were_not_read() -> None:
    assert told(CompanyRetrieval(BAKERY, error=errors.RightsMissing()), mandate()).skipped == ()


def test_nothing_is_said_of_another_office_s_company() -> None:
    row = fetched(journal())

    assert told(row, mandate(), mandate(OTHER), office=Office("Autre", Vat(NUMBERS[2]))) == row


def test_account_may_have_its_journal_in_another_company_of_the_same_number() -> None:
    """A branch for example, that was not among those to fetch for."""
    branch = company("Winkel", "k1", number=NUMBERS[0])

    assert told(fetched(journal()), mandate(OTHER), surveyed=(BAKERY, branch)).skipped == ()


def test_account_has_its_journal_in_another_company_that_was_fetched_too() -> None:
    branch = company("Winkel", "k1", is_connected=True, number=NUMBERS[0])
    rows = (fetched(journal()), fetched(journal(14, OTHER), one=branch))
    found = with_mandates(Retrieval(rows), Mandates((mandate(), mandate(OTHER))), OFFICE, (BAKERY, branch))

    assert [row.skipped for row in found.companies] == [(), ()]


PAYROLL = mandate("", kind=MandateKind.SODA)  # type: ignore[arg-type]  # as above


def test_payroll_files_without_a_journal_are_skipped() -> None:
    assert skipped(told(fetched(journal()), mandate(), PAYROLL)) == [("", Gate.JOURNAL, NoSodaJournal)]


def test_payroll_files_with_a_journal_are_not() -> None:
    chosen = replace(BAKERY, record=replace(BAKERY.record, soda_journal_id=9))

    assert told(fetched(journal(), one=chosen), mandate(), PAYROLL, surveyed=(chosen,)).skipped == ()


def test_payroll_mandate_that_brings_no_files_yet_is_not_told() -> None:
    delayed = replace(PAYROLL, state=MandateState.DELAYED)

    assert told(fetched(journal()), mandate(), delayed).skipped == ()
