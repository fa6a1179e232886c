"""What stands around gateways: what is repeated and what never, and when a server is left alone."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.gateway import Call, Gateway, Json, ServerUrl
from codalink.odoo.wrappers import TRIES, GuardedGateway, PatientGateway, ServerHealth
from tests.unit.fakes import ODOO, address

OTHER = ServerUrl("https", "other.example.be", 443)
READING = Call("res.company", "read", ids=(1,))
CHANGING = Call("wizard", "press", ids=(1,), changes=True)
LONGEST_PAUSE_S = 20.0


class Failing:
    """A Gateway that fails in these ways, one after the other, and then answers."""

    def __init__(self, *failures: CodalinkError, server: ServerUrl = ODOO, name: str = "k1") -> None:
        self.database = address(name, server=server)
        self.asked = 0
        self._left = list(failures)

    def execute(self, call: Call) -> Json:
        del call
        self.asked += 1
        if self._left:
            raise self._left.pop(0)
        return "done"


class Patient:
    """A PatientGateway around a failing one, and the pauses that it makes. The user interrupts during the pause after so many."""

    def __init__(self, *failures: CodalinkError, interrupted_after: int | None = None) -> None:
        self.inner = Failing(*failures)
        self.pauses: list[float] = []
        self.gateway = PatientGateway(self.inner, self._sleep)
        self._interrupted_after = interrupted_after

    def _sleep(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return self._interrupted_after is not None and len(self.pauses) > self._interrupted_after


PASSING = [errors.TooManyRequests(), errors.ServerTrouble(), errors.AnswerLost()]
FINAL = [
    *(errors.Unreachable(), errors.CertificateRejected(), errors.RedirectRefused(), errors.NotOdoo(), errors.ProtocolMissing()),
    *(errors.AnswerUnexpected(), errors.ServerLeftAlone(), errors.LoginRefused(), errors.OdooFailed(), errors.RightsMissing()),
    *(errors.CodaBoxDown(), errors.ProxyDown(), errors.RecordGone(), errors.KeyringSilent()),
]


def named(error: CodalinkError) -> str:
    return error.code


@pytest.mark.parametrize("error", PASSING, ids=named)
def test_reading_is_repeated_until_it_is_answered(error: CodalinkError) -> None:
    patient = Patient(error, error)

    assert patient.gateway.execute(READING) == "done"
    assert (patient.inner.asked, len(patient.pauses)) == (3, 2)


@pytest.mark.parametrize("error", FINAL, ids=named)
@pytest.mark.parametrize("call", [READING, CHANGING], ids=["reading", "changing"])
def test_what_does_not_pass_is_not_repeated(error: CodalinkError, call: Call) -> None:
    patient = Patient(error)
    with pytest.raises(type(error)) as raised:
        patient.gateway.execute(call)

    assert raised.value is error
    assert (patient.inner.asked, patient.pauses) == (1, [])


@pytest.mark.parametrize("error", [errors.ServerTrouble(), errors.AnswerLost(), errors.AnswerTimedOut()], ids=named)
def test_change_that_may_have_happened_is_never_repeated(error: CodalinkError) -> None:
    patient = Patient(error)
    with pytest.raises(type(error)):
        patient.gateway.execute(CHANGING)

    assert patient.inner.asked == 1


def test_change_that_surely_did_not_happen_is_repeated() -> None:
    patient = Patient(errors.TooManyRequests())

    assert patient.gateway.execute(CHANGING) == "done"
    assert patient.inner.asked == 2


def test_change_is_not_repeated_once_it_may_have_happened() -> None:
    patient = Patient(errors.TooManyRequests(), errors.AnswerLost())
    with pytest.raises(errors.AnswerLost):
        patient.gateway.execute(CHANGING)

    assert patient.inner.asked == 2


def test_patience_ends_with_the_last_error() -> None:
    last = errors.ServerTrouble("the last one")
    patient = Patient(*[errors.ServerTrouble() for _ in range(TRIES - 1)], last)
    with pytest.raises(errors.ServerTrouble) as raised:
        patient.gateway.execute(READING)

    assert raised.value is last
    assert (patient.inner.asked, len(patient.pauses)) == (TRIES, TRIES - 1)


def test_answer_that_does_not_come_in_time_is_asked_for_once_more() -> None:
    patient = Patient(errors.AnswerTimedOut())

    assert patient.gateway.execute(READING) == "done"


def test_second_answer_that_does_not_come_in_time_is_the_last_one() -> None:
    """Each costs a minute."""
    patient = Patient(errors.AnswerTimedOut(), errors.ServerTrouble(), errors.AnswerTimedOut())
    with pytest.raises(errors.AnswerTimedOut):
        patient.gateway.execute(READING)

    assert patient.inner.asked == 3


@pytest.mark.parametrize("kind", [errors.TooManyRequests, errors.ServerTrouble])
@pytest.mark.parametrize("pause_s", [0.0, 7.0, 120.0])
def test_server_decides_how_long_to_wait(kind: type[errors.ServerTrouble], pause_s: float) -> None:
    patient = Patient(kind(pause_s=pause_s))
    patient.gateway.execute(READING)

    assert patient.pauses == [pause_s]


def test_pauses_are_random_and_never_too_long() -> None:
    runs = [Patient(*[errors.ServerTrouble() for _ in range(TRIES - 1)]) for _ in range(20)]
    for patient in runs:
        patient.gateway.execute(READING)

    assert all(0 <= pause <= LONGEST_PAUSE_S for patient in runs for pause in patient.pauses)
    assert len({tuple(patient.pauses) for patient in runs}) > 1


def test_interrupt_during_a_pause_ends_the_repeating_with_the_last_error() -> None:
    last = errors.ServerTrouble("the last one")
    patient = Patient(errors.ServerTrouble(), last, interrupted_after=1)
    with pytest.raises(errors.ServerTrouble) as raised:
        patient.gateway.execute(READING)

    assert raised.value is last
    assert patient.inner.asked == 2


# --- leaving a server alone ----------------------------------------------------------------------------------------------------------


def tried(gateway: Gateway, call: Call = READING) -> str:
    try:
        return str(gateway.execute(call))
    except CodalinkError as error:
        return error.code


def failing_in_turn(health: ServerHealth, *failures: CodalinkError | None, call: Call = READING) -> list[str]:
    """What one database after the other says; None is one that answers."""
    inner = [Failing(*filter(None, [failure]), name=f"k{number}") for number, failure in enumerate(failures)]
    return [tried(GuardedGateway(one, health), call) for one in inner]


PERSISTENT = [errors.Unreachable(), errors.AnswerTimedOut(), errors.ServerTrouble(), errors.TooManyRequests(), errors.AnswerLost()]


@pytest.mark.parametrize("error", PERSISTENT, ids=named)
def test_server_is_left_alone_after_three_databases_failed_in_a_row(error: CodalinkError) -> None:
    health = ServerHealth()
    inner = [Failing(error, name=f"k{number}") for number in range(5)]

    assert [tried(GuardedGateway(one, health)) for one in inner] == [error.code] * 3 + ["server-left-alone"] * 2
    assert [one.asked for one in inner] == [1, 1, 1, 0, 0]


@pytest.mark.parametrize("error", PERSISTENT, ids=named)
def test_one_database_that_always_fails_does_not_condemn_its_server(error: CodalinkError) -> None:
    health = ServerHealth()
    for _ in range(5):
        tried(GuardedGateway(Failing(error), health))

    assert failing_in_turn(health, None) == ["done"]


@pytest.mark.parametrize(
    "between", [None, errors.LoginRefused(), errors.NotOdoo(), errors.CodaBoxDown()], ids=["answer", "refusal", "no Odoo", "CodaBox"]
)
def test_any_answer_in_between_begins_anew(between: CodalinkError | None) -> None:
    health = ServerHealth()
    failing_in_turn(health, errors.Unreachable(), errors.Unreachable(), between, errors.Unreachable(), errors.Unreachable())

    assert health.refusal(ODOO) is None


HICCUPS = pytest.mark.parametrize("error", [errors.ServerTrouble(), errors.AnswerLost()], ids=named)


@HICCUPS
def test_changes_that_went_wrong_once_do_not_condemn_their_server(error: CodalinkError) -> None:
    """They are not repeated, so that each may be a hiccup."""
    health = ServerHealth()
    failing_in_turn(health, *[error] * 5, call=CHANGING)

    assert health.refusal(ODOO) is None


@HICCUPS
def test_change_that_went_wrong_does_not_make_up_for_former_failures(error: CodalinkError) -> None:
    health = ServerHealth()
    failing_in_turn(health, *[errors.Unreachable()] * 2)
    failing_in_turn(health, error, call=CHANGING)
    tried(GuardedGateway(Failing(errors.Unreachable(), name="third"), health))

    assert health.refusal(ODOO) is not None


def test_failures_count_for_all_databases_of_a_server_and_no_other_server() -> None:
    health = ServerHealth()
    failing_in_turn(health, *[errors.Unreachable()] * 3)

    assert tried(GuardedGateway(Failing(), health)) == "server-left-alone"
    assert tried(GuardedGateway(Failing(server=OTHER), health)) == "done"


def test_server_left_alone_says_what_happened_and_what_to_do() -> None:
    health = ServerHealth()
    failing_in_turn(health, *[errors.AnswerTimedOut("It did not answer.", remedy="Wait.")] * 3)

    with pytest.raises(errors.ServerLeftAlone, match=r"^It did not answer\. .* not asked any more") as raised:
        GuardedGateway(Failing(), health).execute(READING)
    assert raised.value.remedy == "Wait."
