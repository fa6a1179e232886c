"""What came in, and where nothing did: accounts without news beside others, mandates, and files that Odoo skips."""

from dataclasses import replace

import pytest

from codalink.errors.statements import NoSodaJournal
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.delivery.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement, Retrieval
from codalink.office.readiness.gates import CompanyGates, Gate, Passage, first_closed, without_journal
from codalink.office.readiness.mandates import Mandate, MandateKind, Mandates, MandateState
from codalink.render import retrieval
from codalink.render.console import plain
from codalink.render.summaries import FOREIGN_EXPORT
from tests.unit.fakes import company
from tests.unit.render.results import JOURNAL, STATEMENT

IBAN, FOREIGN = "BE68539007547034", "LU280019400644750000"
BAKERY = company("Bakkerij", "k1", is_connected=True)
NEWS = AccountRetrieval(JOURNAL, (NewStatement(STATEMENT, has_coda=True, has_pdf=True),))


def account(iban: str = IBAN, state: MandateState | None = None, text: str = "") -> AccountRetrieval:
    """Nothing new on it; with the state of its mandate where one is given."""
    journal = JournalRecord(14, 1, "Bank", iban, "", "l10n_be_codabox")
    known = Mandates((Mandate(iban, state, text or state.value),)) if state else None
    gates = CompanyGates(is_connected=True, is_consented=True)
    return AccountRetrieval(journal, (), first_closed(journal, gates, known) if known else None)


def row(*accounts: AccountRetrieval, skipped: tuple[Passage, ...] = ()) -> Retrieval:
    return Retrieval((CompanyRetrieval(BAKERY, accounts, skipped=skipped),))


def shown(result: Retrieval, width: int = 160) -> str:
    return " ".join(plain(retrieval.table(result, (), width), width).split())


# --- nothing came in ---------------------------------------------------------------------------------------------------------------------


def test_account_without_news_beside_others_with_news_is_told_with_what_to_do() -> None:
    told = shown(row(NEWS, account()))

    assert "BE68 5390 0754 7034 nothing new" in told
    assert "Nothing came in for BE68 5390 0754 7034, while other accounts of the company have news." in told
    assert "Look at the account's mandate in MyCodaBox" in told


@pytest.mark.parametrize(
    "accounts", [(account(),), (account(), account(iban="BE71096123456769")), (NEWS,), (NEWS, account(FOREIGN))], ids=str
)
def test_where_nobody_has_news_or_none_can_come_nothing_is_missed(accounts: tuple[AccountRetrieval, ...]) -> None:
    """There is no CODA for a foreign account."""
    assert "Nothing came in" not in shown(row(*accounts))


def test_account_without_news_beside_others_is_told_to_machines() -> None:
    first, second = retrieval.records(row(NEWS, account()))

    assert (first["error"], second["error"], second["iban"]) == ("", "no-statement-yet", IBAN)


def test_mandate_that_is_known_says_why_nothing_came_in() -> None:
    told = shown(row(NEWS, account(state=MandateState.AWAITING_SIGNATURE)))

    assert "nothing new, mandate awaiting signature" in told
    assert "Ask the customer's legal representative to sign it." in told
    assert "while other accounts" not in told


def test_account_that_the_export_lacks_has_no_mandate() -> None:
    elsewhere = Mandates((Mandate("BE71096123456769", MandateState.ACTIVE, "Active"),))
    passage = first_closed(account().journal, CompanyGates(is_connected=True, is_consented=True), elsewhere)

    assert "nothing new, mandate missing" in shown(row(replace(account(), passage=passage)))


def test_active_mandate_explains_nothing_and_is_not_shown() -> None:
    told = shown(row(NEWS, account(state=MandateState.ACTIVE)))

    assert "mandate active" not in told
    assert "while other accounts of the company have news" in told


def test_mandate_is_told_to_machines() -> None:
    assert [one["mandate"] for one in retrieval.records(row(account(state=MandateState.SIGNED), account()))] == ["signed", None]


# --- files that are skipped --------------------------------------------------------------------------------------------------------------

STRAY = without_journal(Mandate(IBAN, MandateState.ACTIVE, "Active", company="Bakkerij"))
PAYROLL = Passage(Gate.JOURNAL, NoSodaJournal(), mandate=Mandate("", MandateState.ACTIVE, "Active", MandateKind.SODA))


@pytest.mark.parametrize("width", [60, 80, 160])
def test_skipped_files_stand_in_the_table_with_what_to_do(width: int) -> None:
    told = shown(row(NEWS, skipped=(STRAY,)), width)

    assert "files skipped" in told
    assert f"CodaBox has a mandate for {IBAN} (active), but no bank journal in Odoo has this account number." in told
    assert "Make a bank journal with this account number in Odoo" in told


def test_skipped_payroll_is_called_soda() -> None:
    assert "SODA files skipped" in shown(row(NEWS, skipped=(PAYROLL,)))


def test_skipped_files_are_a_row_for_machines() -> None:
    found = retrieval.records(row(NEWS, skipped=(STRAY, PAYROLL)))[1:]

    assert [(one["kind"], one["iban"], one["mandate"], one["error"], one["statement"]) for one in found] == [
        ("coda", IBAN, "active", "journal-missing", ""),
        ("soda", "", "active", "no-soda-journal", ""),
    ]


@pytest.mark.parametrize(
    ("skipped", "words"),
    [((STRAY,), "Odoo skips the files of 1 account for which"), ((STRAY, PAYROLL), "Odoo skips the files of 2 accounts for which")],
)
def test_summary_counts_them(skipped: tuple[Passage, ...], words: str) -> None:
    assert words in retrieval.summary(row(NEWS, skipped=skipped))


def test_summary_says_nothing_of_mandates_that_nobody_told() -> None:
    assert retrieval.summary(row(NEWS, account())) == "1 new statement for 1 company."


def test_summary_doubts_an_export_that_has_none_of_the_accounts() -> None:
    elsewhere = Mandates((Mandate("BE71096123456769", MandateState.ACTIVE, "Active"),))
    passage = first_closed(account().journal, CompanyGates(is_connected=True, is_consented=True), elsewhere)

    assert FOREIGN_EXPORT in retrieval.summary(row(replace(account(), passage=passage)))
    assert FOREIGN_EXPORT not in retrieval.summary(row(account(state=MandateState.SIGNED)))


def test_hostile_state_of_a_mandate_is_harmless() -> None:
    hostile = replace(account(state=MandateState.SIGNED))
    passage = replace(hostile.passage, mandate=Mandate(IBAN, None, "\x1b[31m[bold]Rood")) if hostile.passage else None

    assert "nothing new, mandate [31m[bold]Rood" in shown(row(replace(hostile, passage=passage)))
