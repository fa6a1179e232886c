"""Connecting one further company: what is tried, looked at, tried again, and cleaned up."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.office.connecting.further import connect_company
from codalink.office.connecting.outcome import Result
from codalink.secrets.masked import Secret
from tests.unit.fakes import OFFICE_PASSWORD, OFFICE_VAT, FakeCodaBox, FakeRun

CREATE = "l10n_be_codabox_create_connection"
REFRESH = "l10n_be_codabox_refresh_connection_status"
PASSWORD = Secret(OFFICE_PASSWORD)
C, W, F = Result.CONNECTED, Result.WAITING_FOR_CONSENT, Result.FAILED


def ready(*, consent: bool = True) -> FakeRun:
    """An office beyond its beginning, with one database."""
    run = FakeRun(1, FakeCodaBox(is_registered=True, has_consent=consent, connections={("elsewhere", 1)}))
    run.passwords.keep(OFFICE_VAT, PASSWORD)
    return run


def connected(run: FakeRun) -> tuple[Result, type[CodalinkError] | None]:
    outcome = connect_company(run.companies[0], PASSWORD, run.means)
    return outcome.result, type(outcome.error) if outcome.error else None


def swept(run: FakeRun) -> list[int]:
    """The wizards that hold the password when the run has ended."""
    run.means.leftovers.sweep(run.means)
    return run[1].holding_password()


def test_company_is_connected_in_three_calls() -> None:
    run = ready()
    run.log.clear()

    assert connected(run) == (C, None)
    assert swept(run) == []
    assert run.log == ["klant-001 create", f"klant-001 {CREATE}", "klant-001 read"]


def test_company_without_consent_waits() -> None:
    assert connected(ready(consent=False)) == (W, errors.ConsentInvalid)


@pytest.mark.parametrize("error", [errors.AnswerLost(), errors.AnswerTimedOut(), errors.ServerTrouble(), errors.CodaBoxDown()])
def test_connection_whose_answer_was_lost_is_found(error: CodalinkError) -> None:
    run = ready()
    run[1].after[CREATE] = [error]

    assert connected(run) == (C, None)
    assert run[1].count(CREATE) == 1


def test_answer_that_was_lost_before_anything_happened_is_tried_again() -> None:
    """CodaBox was asked in between, so it is known that nothing happened."""
    run = ready()
    run[1].before[CREATE] = [errors.AnswerTimedOut()]

    assert connected(run) == (C, None)
    assert run[1].count(CREATE) == 2


def test_answers_that_are_always_lost_before_anything_happened_are_a_failure() -> None:
    run = ready()
    run[1].before[CREATE] = [errors.AnswerTimedOut() for _ in range(9)]

    assert connected(run) == (F, errors.AnswerTimedOut)
    assert run[1].count(CREATE) == 3


def test_connection_that_exists_already_is_found() -> None:
    run = ready()
    run.codabox.connections.add(("klant-001", 1))
    run[1].before[CREATE] = [errors.AlreadyRegistered()]

    assert connected(run) == (C, None)


@pytest.mark.parametrize(
    "error",
    [errors.OfficePasswordRefused(), errors.RightsMissing(), errors.ModuleTooOld(), errors.Unreachable(), errors.CompanyNumberRefused()],
)
def test_refusal_is_a_failure_without_looking(error: CodalinkError) -> None:
    run = ready()
    run[1].before[CREATE] = [error]

    assert connected(run) == (F, type(error))
    assert run[1].count("read") == 0


def test_refusal_for_want_of_consent_is_waiting() -> None:
    run = ready()
    run[1].before[CREATE] = [errors.ConsentInvalid()]

    assert connected(run) == (W, errors.ConsentInvalid)


def test_trouble_while_looking_is_a_failure() -> None:
    run = ready()
    run[1].after[CREATE] = [errors.AnswerLost()]
    run[1].before["read"] = [errors.LoginRefused()]

    assert connected(run) == (F, errors.LoginRefused)


def test_gateway_that_does_not_open_is_the_companys_failure() -> None:
    """The docstring: its failure is its outcome."""
    run = ready()
    run.gateways.broken[run.companies[0].database] = errors.LoginSecretMissing()

    assert connected(run) == (F, errors.LoginSecretMissing)


# --- the wizard that holds the password ----------------------------------------------------------------------------------------------

LOST = [errors.AnswerLost(), errors.AnswerTimedOut(), errors.ServerTrouble(), errors.AnswerUnexpected()]
BROKEN_OFF = [*LOST, errors.Unreachable(), errors.TooManyRequests(), errors.RightsMissing(), errors.OdooRefused()]


@pytest.mark.parametrize("error", LOST[:3])
def test_wizard_whose_answer_was_lost_is_wiped_and_another_one_made(error: CodalinkError) -> None:
    run = ready()
    run[1].after["create"] = [error]

    assert connected(run) == (C, None)
    assert run[1].holding_password() == []


def test_lost_wizard_is_looked_for_before_another_one_is_made() -> None:
    run = ready()
    run[1].before["create"] = [errors.AnswerLost()]
    run.log.clear()
    connected(run)

    assert run.log[:3] == ["klant-001 create", "klant-001 search_read", "klant-001 create"]


def test_wizard_that_no_button_was_pressed_of_is_no_reason_to_ask_codabox() -> None:
    run = ready()
    run[1].before["create"] = [errors.AnswerLost()]
    connected(run)

    assert run[1].count(REFRESH) == 0


def test_wizard_that_odoo_makes_only_after_the_wiping_is_wiped_when_the_run_ends() -> None:
    run = ready()
    run[1].before["create"] = [errors.AnswerTimedOut()]
    connected(run)
    run[1].wizards[99] = {"company_id": 1, "fidu_password": OFFICE_PASSWORD}

    assert swept(run) == []


def test_lost_wizards_are_a_failure_after_three() -> None:
    run = ready()
    run[1].after["create"] = [errors.AnswerLost() for _ in range(9)]

    assert connected(run) == (F, errors.AnswerLost)
    assert (run[1].count("create"), run[1].holding_password()) == (3, [])


def test_server_that_does_not_answer_the_look_for_a_wizard_is_not_asked_to_make_another_one() -> None:
    run = ready()
    run[1].before["create"] = [errors.AnswerTimedOut()]
    run[1].before["search_read"] = [errors.AnswerTimedOut()]

    assert connected(run) == (F, errors.AnswerTimedOut)
    assert run[1].count("create") == 1


@pytest.mark.parametrize("error", BROKEN_OFF)
def test_password_is_wiped_where_the_button_was_not_carried_out(error: CodalinkError) -> None:
    run = ready()
    run[1].before[CREATE] = [error]
    connected(run)

    assert run[1].holding_password() == []


@pytest.mark.parametrize("error", BROKEN_OFF)
def test_password_that_can_not_be_wiped_at_once_is_wiped_when_the_run_ends(error: CodalinkError) -> None:
    run = ready()
    run[1].before[CREATE] = [error]
    run[1].before["search_read"] = [errors.Unreachable()]
    run[1].before["read"] = [errors.Unreachable()]
    connected(run)
    assert run[1].holding_password() == [1]

    assert swept(run) == []


@pytest.mark.parametrize("error", [errors.OfficePasswordRefused(), errors.CompanyNumberRefused(), errors.CodaBoxDown()])
def test_refusal_by_the_button_itself_needs_no_wiping(error: CodalinkError) -> None:
    """Odoo has done so before (recording wizard_read_wiped)."""
    run = ready()
    run[1].before[CREATE] = [error]
    connected(run)

    assert run[1].count("search_read") == 0


def test_wizard_that_surely_was_not_made_needs_no_wiping() -> None:
    run = ready()
    run[1].before["create"] = [errors.Unreachable()]
    run.log.clear()
    connected(run)
    swept(run)

    assert run.log == ["klant-001 create"]
