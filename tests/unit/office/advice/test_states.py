"""The catalogue of states: none is missing, and the errors of the same thing say the same."""

from enum import Enum

import pytest

from codalink.errors import Turn
from codalink.office.advice.states import STATES, WHERE_SEEN, ConsentDecision, StateGroup
from codalink.office.connecting.outcome import Result
from codalink.office.connecting.plan import Step
from codalink.office.connecting.standing import OfficeState
from codalink.office.overview.status import Connection
from codalink.office.readiness.findings import Condition, Grade
from codalink.office.readiness.gates import Gate
from codalink.office.readiness.mandates import Mandate, MandateState

ENUMS: dict[StateGroup, type[Enum]] = {
    StateGroup.CONSENT: ConsentDecision,
    StateGroup.GATE: Gate,
    StateGroup.CONNECTION: Connection,
    StateGroup.OFFICE: OfficeState,
    StateGroup.STEP: Step,
    StateGroup.RESULT: Result,
    StateGroup.CONDITION: Condition,
    StateGroup.GRADE: Grade,
}
CODA = ["Registered", "In preparation", "Awaiting signature", "Signed", "Bank procedure", "Problem", "Active", "Archived"]
SODA = ["Not signed", "Signed", "Requested", "Delayed", "Confirmed", "Active", "Archived", "Problem"]
"""As the facts have them (section 4)."""


def of(group: StateGroup) -> dict[str, Turn]:
    return {topic.name: topic.turn for topic in STATES if topic.group == group.value}


@pytest.mark.parametrize("group", ENUMS, ids=lambda group: group.value)
def test_every_state_is_explained(group: StateGroup) -> None:
    assert list(of(group)) == [state.value for state in ENUMS[group]]


def test_every_group_says_where_it_is_seen() -> None:
    assert set(WHERE_SEEN) == set(StateGroup)


def test_every_coda_state_of_the_facts_is_explained() -> None:
    assert set(CODA) <= set(of(StateGroup.CODA))


def test_every_soda_state_of_the_facts_is_explained() -> None:
    assert set(SODA) == set(of(StateGroup.SODA))


def test_every_mandate_state_of_the_export_is_explained() -> None:
    explained = {name.casefold() for group in (StateGroup.CODA, StateGroup.SODA) for name in of(group)}

    assert explained == {state.value for state in MandateState}


def test_every_consent_of_the_facts_is_explained() -> None:
    assert list(of(StateGroup.CONSENT)) == ["Allowed", "Denied", "To be determined", "Cancelled"]


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("In preparation", Turn.CODABOX),
        ("Awaiting signature", Turn.CUSTOMER),
        ("Signed", Turn.CODABOX),
        ("Bank procedure", Turn.BANK),
        ("Problem", Turn.OFFICE),
        ("Active", Turn.NOBODY),
        ("Archived", Turn.OFFICE),
    ],
)
def test_turn_of_a_coda_state_is_as_in_the_facts(name: str, turn: Turn) -> None:
    assert of(StateGroup.CODA)[name] is turn


@pytest.mark.parametrize("state", list(MandateState), ids=lambda state: state.value)
def test_coda_state_has_the_turn_and_steps_of_its_error(state: MandateState) -> None:
    trouble = Mandate("", state, state.value).trouble
    topics = [topic for topic in STATES if topic.group == StateGroup.CODA.value and topic.name.casefold() == state.value]

    for topic in topics:
        assert topic.turn is state.turn
        assert trouble is None or topic.steps == (trouble.steps or (trouble.remedy,))


def test_kbc_s_second_act_is_told_where_a_signature_is_awaited() -> None:
    (topic,) = [topic for topic in STATES if topic.name == "Awaiting signature"]

    assert any("KBC Touch" in step for step in topic.steps)
