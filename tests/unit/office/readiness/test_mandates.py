"""Mandates: whose turn each state is, and which of several counts."""

from datetime import date

import pytest

from codalink import errors
from codalink.errors import Turn
from codalink.office.model import Vat
from codalink.office.readiness.mandates import Mandate, MandateKind, Mandates, MandateState
from codalink.sandbox.belgium import iban as make_iban
from tests.unit.fakes import NUMBERS

IBAN, OTHER = "BE68539007547034", "BE71096123456769"
KBC, CBC = make_iban(400, 1_234_567), make_iban(732, 1_234_567)
NUMBER = Vat.parse(NUMBERS[0])


def mandate(state: MandateState | None, iban: str = IBAN, *, currency: str = "", reason: str = "", since: date | None = None) -> Mandate:
    return Mandate(iban, state, state.value if state else "Blocked", currency=currency, reason=reason, since=since)


def payroll(state: MandateState) -> Mandate:
    return Mandate("", state, state.value, MandateKind.SODA, number=NUMBER)


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (MandateState.REGISTERED, Turn.CODABOX),
        (MandateState.IN_PREPARATION, Turn.CODABOX),
        (MandateState.AWAITING_SIGNATURE, Turn.CUSTOMER),
        (MandateState.SIGNED, Turn.CODABOX),
        (MandateState.BANK_PROCEDURE, Turn.BANK),
        (MandateState.PROBLEM, Turn.OFFICE),
        (MandateState.ACTIVE, Turn.NOBODY),
        (MandateState.ARCHIVED, Turn.OFFICE),
        (MandateState.PENDING_CLIENT, Turn.CUSTOMER),
        (MandateState.PENDING_FIRST_FILE, Turn.NOBODY),
        (MandateState.PENDING_DELIVERY, Turn.CODABOX),
        (MandateState.NOT_SIGNED, Turn.CUSTOMER),
        (MandateState.REQUESTED, Turn.CODABOX),
        (MandateState.DELAYED, Turn.CODABOX),
        (MandateState.CONFIRMED, Turn.NOBODY),
    ],
)
def test_state_says_whose_turn_it_is(state: MandateState, turn: Turn) -> None:
    assert state.turn is turn


@pytest.mark.parametrize("state", list(MandateState))
def test_trouble_is_of_the_same_turn_as_the_state(state: MandateState) -> None:
    trouble = mandate(state).trouble

    assert (trouble.turn if trouble else Turn.NOBODY) is state.turn


def test_reason_of_the_export_is_told() -> None:
    trouble = mandate(MandateState.PROBLEM, reason="The signature differs.").trouble

    assert trouble is not None
    assert trouble.cause == "There is a problem with the mandate: The signature differs."


@pytest.mark.parametrize(("iban", "bank"), [(KBC, "KBC"), (CBC, "CBC")])
@pytest.mark.parametrize("state", [MandateState.AWAITING_SIGNATURE, MandateState.BANK_PROCEDURE])
def test_second_act_of_kbc_and_cbc_is_told(iban: str, bank: str, state: MandateState) -> None:
    trouble = mandate(state, iban).trouble

    assert trouble is not None
    assert f"At {bank}," in trouble.remedy


def test_second_act_is_told_for_no_other_bank() -> None:
    trouble = mandate(MandateState.AWAITING_SIGNATURE, make_iban(63, 1_234_567)).trouble

    assert trouble is not None
    assert trouble.remedy == errors.MandateUnsigned.default_remedy


def test_unknown_state_is_told_in_its_own_words() -> None:
    one = mandate(None)

    assert (one.word, one.turn, type(one.trouble)) == ("Blocked", Turn.OFFICE, errors.MandateStateUnknown)
    assert '"Blocked"' in str(one.trouble)


@pytest.mark.parametrize("asked", [IBAN, "BE68 5390 0754 7034", "be68 5390 0754 7034", " BE68539007547034 "])
def test_account_is_found_however_its_number_is_written(asked: str) -> None:
    active = mandate(MandateState.ACTIVE)

    assert Mandates((mandate(MandateState.PROBLEM, OTHER), active)).find(asked) is active


def test_account_without_mandate_has_none() -> None:
    assert Mandates((mandate(MandateState.ACTIVE),)).find(OTHER) is None


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([MandateState.ARCHIVED, MandateState.AWAITING_SIGNATURE], MandateState.AWAITING_SIGNATURE),
        ([MandateState.ACTIVE, MandateState.PROBLEM, MandateState.SIGNED], MandateState.ACTIVE),
        ([MandateState.BANK_PROCEDURE, MandateState.SIGNED], MandateState.BANK_PROCEDURE),
        ([MandateState.ARCHIVED, None], None),
        ([None, MandateState.REGISTERED], MandateState.REGISTERED),
    ],
)
def test_the_furthest_of_several_counts(rows: list[MandateState | None], counts: MandateState | None) -> None:
    found = Mandates(tuple(mandate(state) for state in rows)).find(IBAN)

    assert found is not None
    assert found.state is counts


def test_the_newest_of_equals_counts() -> None:
    old, new, undated = (mandate(MandateState.PROBLEM, since=since) for since in (date(2025, 1, 1), date(2026, 1, 1), None))

    assert Mandates((old, new, undated)).find(IBAN) is new


def test_mandate_in_the_same_currency_goes_first() -> None:
    dollars, euros = mandate(MandateState.ACTIVE, currency="USD"), mandate(MandateState.SIGNED, currency="EUR")

    assert Mandates((dollars, euros)).find(IBAN, "EUR") is euros


def test_mandate_in_another_currency_is_found_where_there_is_no_other() -> None:
    dollars = mandate(MandateState.ACTIVE, currency="USD")

    assert Mandates((dollars,)).find(IBAN, "EUR") is dollars


def test_mandates_without_journal_are_those_of_other_accounts() -> None:
    known, stray = mandate(MandateState.ACTIVE), mandate(MandateState.SIGNED, OTHER)

    assert Mandates((known, stray)).without_journal(["BE68 5390 0754 7034", ""]) == [stray]


def test_stopped_mandates_need_no_journal() -> None:
    assert Mandates((mandate(MandateState.ARCHIVED),)).without_journal([]) == []


def test_account_with_several_mandates_lacks_a_journal_once() -> None:
    stopped, active = mandate(MandateState.ARCHIVED), mandate(MandateState.ACTIVE)

    assert Mandates((stopped, active)).without_journal([]) == [active]


def test_payroll_belongs_to_the_company() -> None:
    requested, active = payroll(MandateState.REQUESTED), payroll(MandateState.ACTIVE)
    mandates = Mandates((mandate(MandateState.SIGNED), requested, active))

    assert mandates.payroll_of(NUMBER) is active


def test_company_without_number_has_no_payroll() -> None:
    assert Mandates((payroll(MandateState.ACTIVE), Mandate("", MandateState.ACTIVE, "", MandateKind.SODA))).payroll_of(None) is None


def test_payroll_is_no_mandate_for_an_account() -> None:
    mandates = Mandates((payroll(MandateState.ACTIVE),))

    assert (mandates.find(""), mandates.without_journal([])) == (None, [])
