"""The first closed gate before an account's statements, and whose turn it is."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError, Turn
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.readiness.gates import CompanyGates, Gate, first_closed, without_journal
from codalink.office.readiness.mandates import Mandate, Mandates, MandateState

IBAN = "BE68539007547034"
ALL_OPEN = CompanyGates(is_connected=True, is_consented=True)
CONNECTED = CompanyGates(is_connected=True)
NO_CONSENT = CompanyGates(is_connected=True, is_consented=False)
NOT_CONNECTED = CompanyGates(is_connected=False)
FRENCH = CompanyGates(is_connected=False, obstacle=errors.NotBelgian())


def journal(iban: str = IBAN, currency: str = "", feed: str = "l10n_be_codabox") -> JournalRecord:
    return JournalRecord(13, 1, "Bank", iban, currency, feed)


def mandates(state: MandateState | None = MandateState.ACTIVE, iban: str = IBAN, currency: str = "") -> Mandates:
    return Mandates((Mandate(iban, state, state.value if state else "Blocked", currency=currency),))


ACTIVE = mandates()


@pytest.mark.parametrize(
    ("account", "company", "known", "gate", "turn", "reason"),
    [
        (journal(), ALL_OPEN, ACTIVE, Gate.OPEN, Turn.NOBODY, None),
        (journal(feed="undefined"), ALL_OPEN, ACTIVE, Gate.OPEN, Turn.NOBODY, None),
        (journal(feed=""), ALL_OPEN, ACTIVE, Gate.OPEN, Turn.NOBODY, None),
        (journal(), ALL_OPEN, mandates(MandateState.PENDING_FIRST_FILE), Gate.OPEN, Turn.NOBODY, None),
        (journal(), NOT_CONNECTED, ACTIVE, Gate.CONNECTION, Turn.OFFICE, errors.NotYetConnected),
        (journal(), FRENCH, ACTIVE, Gate.CONNECTION, Turn.NOBODY, errors.NotBelgian),
        (journal(), NO_CONSENT, ACTIVE, Gate.CONSENT, Turn.OFFICE, errors.ConsentInvalid),
        (journal(), ALL_OPEN, mandates(MandateState.AWAITING_SIGNATURE), Gate.MANDATE, Turn.CUSTOMER, errors.MandateUnsigned),
        (journal(), ALL_OPEN, mandates(MandateState.BANK_PROCEDURE), Gate.MANDATE, Turn.BANK, errors.MandateAtBank),
        (journal(), ALL_OPEN, mandates(MandateState.SIGNED), Gate.MANDATE, Turn.CODABOX, errors.MandateInCheck),
        (journal(), ALL_OPEN, mandates(MandateState.PROBLEM), Gate.MANDATE, Turn.OFFICE, errors.MandateProblem),
        (journal(), ALL_OPEN, mandates(iban="BE71096123456769"), Gate.MANDATE, Turn.OFFICE, errors.MandateMissing),
        (journal(iban=""), ALL_OPEN, ACTIVE, Gate.JOURNAL, Turn.OFFICE, errors.IbanMissing),
        (journal(iban="BE00"), ALL_OPEN, ACTIVE, Gate.JOURNAL, Turn.OFFICE, errors.IbanInvalid),
        (journal(iban="FR1420041010050500013M02606"), ALL_OPEN, ACTIVE, Gate.JOURNAL, Turn.NOBODY, errors.AccountForeign),
        (journal(currency="EUR"), ALL_OPEN, mandates(currency="USD"), Gate.JOURNAL, Turn.OFFICE, errors.CurrencyDiffers),
        (journal(), ALL_OPEN, mandates(currency="EUR"), Gate.OPEN, Turn.NOBODY, None),
        (journal(feed="online_sync"), ALL_OPEN, None, Gate.OTHER_FEED, Turn.NOBODY, errors.OtherFeed),
        (journal(feed="online_sync"), NOT_CONNECTED, mandates(MandateState.PROBLEM), Gate.OTHER_FEED, Turn.NOBODY, errors.OtherFeed),
    ],
)
def test_account_stands_at_its_first_closed_gate(
    account: JournalRecord, company: CompanyGates, known: Mandates | None, gate: Gate, turn: Turn, reason: type[CodalinkError] | None
) -> None:
    passage = first_closed(account, company, known)

    assert (passage.gate, passage.turn) == (gate, turn)
    assert type(passage.reason) is (reason or type(None))


@pytest.mark.parametrize(
    ("company", "state", "gate"),
    [
        (NOT_CONNECTED, MandateState.PROBLEM, Gate.CONNECTION),
        (NO_CONSENT, MandateState.PROBLEM, Gate.CONSENT),
        (ALL_OPEN, MandateState.PROBLEM, Gate.MANDATE),
    ],
)
def test_gates_are_closed_in_their_order(company: CompanyGates, state: MandateState, gate: Gate) -> None:
    assert first_closed(journal(currency="USD"), company, mandates(state, currency="EUR")).gate is gate


@pytest.mark.parametrize(
    ("company", "known", "unknown"),
    [
        (ALL_OPEN, ACTIVE, ()),
        (CONNECTED, ACTIVE, (Gate.CONSENT,)),
        (ALL_OPEN, None, (Gate.MANDATE,)),
        (CONNECTED, None, (Gate.CONSENT, Gate.MANDATE)),
        (ALL_OPEN, mandates(None), (Gate.MANDATE,)),
    ],
)
def test_what_nobody_looked_at_is_unknown(company: CompanyGates, known: Mandates | None, unknown: tuple[Gate, ...]) -> None:
    passage = first_closed(journal(), company, known)

    assert (passage.gate, passage.unknown) == (Gate.OPEN, unknown)
    assert passage.word == ("open as far as known" if unknown else "open")


def test_state_that_nobody_knows_closes_nothing_and_is_told() -> None:
    passage = first_closed(journal(), ALL_OPEN, mandates(None))

    assert not passage.is_closed
    assert '"Blocked"' in str(passage.reason)


def test_mandate_is_not_missed_where_the_journal_has_no_number() -> None:
    assert Gate.MANDATE in first_closed(journal(iban=""), ALL_OPEN, ACTIVE).unknown


def test_mandate_beside_another_feed_is_told() -> None:
    passage = first_closed(journal(feed="online_sync"), ALL_OPEN, ACTIVE)

    assert (
        str(passage.reason) == "The bank journal Bank is filled by another feed (online_sync). CodaBox has a mandate for it too (active)."
    )


def test_mandate_without_journal_is_the_offices_turn() -> None:
    passage = without_journal(ACTIVE.rows[0])

    assert (passage.gate, passage.turn, type(passage.reason)) == (Gate.JOURNAL, Turn.OFFICE, errors.JournalMissing)
    assert IBAN in str(passage.reason)
