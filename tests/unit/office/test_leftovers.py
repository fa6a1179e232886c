"""Sweeping up when a run ends: late enough, everywhere, and honest about what can't be wiped."""

from dataclasses import replace

import pytest

from codalink import errors
from codalink.odoo.gateway import Gateway
from codalink.office.connecting.connect import carry_out
from codalink.office.connecting.plan import Choice, make_plan
from codalink.office.connecting.standing import OfficeState, Standing
from codalink.office.events import PasswordsLeft, StepStarted
from codalink.office.fleet import Fleet
from codalink.office.leftovers import SETTLING_S
from codalink.secrets.masked import Secret
from tests.unit.fakes import OFFICE, OFFICE_PASSWORD, OFFICE_VAT, FakeCodaBox, FakeRun, surveyed


class Wiping:
    """Wipes, and writes down where."""

    def __init__(self, *failures: errors.CodalinkError) -> None:
        self.wiped: list[tuple[str, int]] = []
        self._failures = list(failures)

    def __call__(self, gateway: Gateway, company_id: int) -> None:
        if self._failures:
            raise self._failures.pop(0)
        self.wiped.append((gateway.database.name, company_id))


def noted(run: FakeRun, wiping: Wiping) -> None:
    """Everybody's password is in doubt, since just now."""
    for company in run.companies:
        run.means.leftovers.note(company, wiping, run.means.now())


def test_nothing_in_doubt_is_no_call_no_pause_and_no_word() -> None:
    run = FakeRun(1)
    run.means.leftovers.sweep(run.means)

    assert (run.log, run.time.pauses, run.events) == ([], [], [])


@pytest.mark.parametrize("jobs", [1, 4])
def test_everything_in_doubt_is_wiped(jobs: int) -> None:
    run, wiping = FakeRun(4), Wiping()
    noted(run, wiping)
    run.means.leftovers.sweep(replace(run.means, runner=Fleet(jobs)))

    assert sorted(wiping.wiped) == [(f"klant-{number:03}", 1) for number in (1, 2, 3, 4)]


def test_what_was_noted_twice_is_wiped_once() -> None:
    run, wiping = FakeRun(1), Wiping()
    noted(run, wiping)
    noted(run, wiping)
    run.means.leftovers.sweep(run.means)

    assert len(wiping.wiped) == 1


def test_late_wiping_is_announced_with_its_end() -> None:
    run, wiping = FakeRun(2), Wiping(errors.Unreachable())
    noted(run, wiping)
    run.means.leftovers.sweep(run.means)

    assert run.changes() == [("wipe password", "Klant 1", "failed"), ("wipe password", "Klant 2", "done")]


def test_requests_that_are_still_under_way_get_time_to_end() -> None:
    run = FakeRun(1)
    noted(run, Wiping())
    run.time.now_s += 5
    run.means.leftovers.sweep(run.means)

    assert run.time.pauses == [SETTLING_S - 5]


def test_interrupted_run_wipes_without_waiting() -> None:
    run, wiping = FakeRun(1), Wiping()
    noted(run, wiping)
    run.time.request()
    run.means.leftovers.sweep(run.means)

    assert len(wiping.wiped) == 1


def test_user_is_told_why_it_takes_longer() -> None:
    run = FakeRun(1)
    noted(run, Wiping())
    run.means.leftovers.sweep(run.means)

    assert list(run.happened(StepStarted)) == [StepStarted("Making sure that no wizard in Odoo still shows the office password")]


def test_password_that_can_not_be_wiped_is_told() -> None:
    run = FakeRun(3)
    noted(run, Wiping(errors.Unreachable(), errors.ServerLeftAlone()))
    run.means.leftovers.sweep(run.means)

    assert list(run.happened(PasswordsLeft)) == [PasswordsLeft((run.companies[0], run.companies[1]))]


def test_password_that_is_gone_is_not_told() -> None:
    run = FakeRun(1)
    noted(run, Wiping())
    run.means.leftovers.sweep(run.means)

    assert list(run.happened(PasswordsLeft)) == []


# --- in a run ------------------------------------------------------------------------------------------------------------------------


def test_first_connection_whose_wiping_failed_is_wiped_when_the_run_ends() -> None:
    run = FakeRun(1, FakeCodaBox(consents_when_asked=3))
    run[1].before["validate_connection"] = [errors.AnswerTimedOut()]
    standing = Standing(OfficeState.NOT_REGISTERED, run.companies[0])
    carry_out(make_plan(surveyed(*run.companies), OFFICE, standing, Choice()), 60.0, run.means)

    assert run[1].validations[1]["fidu_password"] is False


def test_run_that_is_stopped_by_an_error_is_swept_too() -> None:
    run = FakeRun(2, FakeCodaBox(is_registered=True, has_consent=True))
    run.passwords.keep(OFFICE_VAT, Secret(OFFICE_PASSWORD))
    run[1].before["create"] = [errors.AnswerTimedOut()]
    run[1].before["search_read"] = [errors.AnswerTimedOut()]
    run[2].before["l10n_be_codabox_create_connection"] = [errors.OfficePasswordRefused()]
    run[1].wizards[99] = {"company_id": 1, "fidu_password": OFFICE_PASSWORD}
    outcome = carry_out(make_plan(surveyed(*run.companies), OFFICE, Standing(OfficeState.READY), Choice()), 60.0, run.means)

    assert isinstance(outcome.stopped_by, errors.OfficePasswordRefused)
    assert run[1].holding_password() == []
