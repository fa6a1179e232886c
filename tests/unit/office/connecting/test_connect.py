"""Carrying out a plan: who is connected, who waits, who was not tried, and that nothing is done twice."""

from collections.abc import Sequence
from dataclasses import replace

from codalink import errors
from codalink.odoo.gateway import DatabaseAddress, ServerUrl
from codalink.office.changes import ChangeEnded, ChangeStarted
from codalink.office.connecting.connect import carry_out
from codalink.office.connecting.outcome import Result, RunOutcome
from codalink.office.connecting.plan import Choice, make_plan
from codalink.office.connecting.standing import OfficeState, Standing, find_standing
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.fleet import Fleet
from codalink.office.model import Company, DatabaseFailure
from codalink.secrets.masked import Secret
from tests.unit.fakes import (
    NUMBERS,
    OFFICE,
    OFFICE_PASSWORD,
    OFFICE_VAT,
    FakeCodaBox,
    FakeDatabase,
    FakeGateways,
    FakeRun,
    company,
    surveyed,
)

CREATE = "l10n_be_codabox_create_connection"
PASSWORD = Secret(OFFICE_PASSWORD)
C, A, W, F, S, N = (
    Result.CONNECTED,
    Result.ALREADY_CONNECTED,
    Result.WAITING_FOR_CONSENT,
    Result.FAILED,
    Result.SKIPPED,
    Result.NOT_TRIED,
)


def carried_out(
    run: FakeRun, *, limit_s: float = 60.0, standing: Standing | None = None, failures: Sequence[DatabaseFailure] = ()
) -> RunOutcome:
    """What `connect-all` does, from finding the standing on."""
    found = standing or find_standing(OFFICE, run.companies, run.gateways, run.passwords, run.means.runner, run.time)
    plan = make_plan(surveyed(*run.companies, failures=failures), OFFICE, found, Choice())
    run.log.clear()
    return carry_out(plan, limit_s, run.means)


def results(outcome: RunOutcome) -> list[Result]:
    return [row.result for row in outcome.companies]


def ready(databases: int, *, consent: bool = True, password: str = OFFICE_PASSWORD) -> FakeRun:
    """An office beyond its beginning, with the password in the keyring."""
    run = FakeRun(databases, FakeCodaBox(is_registered=True, has_consent=consent, connections={("elsewhere", 1)}))
    run.passwords.keep(OFFICE_VAT, Secret(password))
    return run


READY = Standing(OfficeState.READY)


class Moved:
    """A database on another server."""

    def __init__(self, inner: FakeDatabase, database: DatabaseAddress) -> None:
        self.database = database
        self.execute = inner.execute


def first_calls(run: FakeRun) -> list[str]:
    """The databases in the order in which they were first called."""
    return list(dict.fromkeys(line.split()[0] for line in run.log if line.startswith("klant-")))


# --- the whole way -------------------------------------------------------------------------------------------------------------------


def test_new_office_is_connected_from_first_to_last() -> None:
    run = FakeRun(4, FakeCodaBox(consents_when_asked=5))

    assert results(carried_out(run)) == [C, C, C, C]


def test_every_company_is_connected_once() -> None:
    run = FakeRun(4, FakeCodaBox(consents_when_asked=5))
    carried_out(run)

    assert [run[number].count(CREATE) for number in (1, 2, 3, 4)] == [1, 1, 1, 1]


def test_further_companies_wait_for_the_consent() -> None:
    run = FakeRun(2, FakeCodaBox(consents_when_asked=5))
    carried_out(run)

    assert run.log.index("klant-001 l10n_be_codabox_refresh_connection_status") < run.log.index(f"klant-002 {CREATE}")


def test_without_consent_everybody_waits() -> None:
    outcome = carried_out(FakeRun(3))

    assert results(outcome) == [W, W, W]
    assert all(isinstance(row.error, errors.ConsentInvalid) for row in outcome.companies)


def test_without_consent_nobody_else_is_connected() -> None:
    run = FakeRun(3)
    carried_out(run)

    assert run[2].log.count(f"klant-002 {CREATE}") == 0


def test_run_after_the_consent_goes_on_from_there() -> None:
    run = FakeRun(3)
    carried_out(run)
    run.codabox.has_consent = True

    assert results(carried_out(run)) == [C, C, C]


def test_run_that_died_before_the_password_was_stored_brings_it_home() -> None:
    run = FakeRun(2)
    carried_out(run)
    run.store.items.clear()
    run[1].validations[1]["fidu_password"] = OFFICE_PASSWORD
    run.codabox.has_consent = True

    assert results(carried_out(run)) == [C, C]
    assert run.kept() == PASSWORD


def test_nothing_to_do_makes_no_call() -> None:
    run = ready(1)
    run.companies = [company(is_connected=True), company("French", country="FR")]

    assert results(carried_out(run)) == [A, S]
    assert run.log == []


def test_failures_of_databases_are_kept() -> None:
    failure = DatabaseFailure("klant-009", "https://odoo.example.be", errors.Unreachable())

    assert carried_out(ready(1), failures=[failure]).failures == (failure,)


def test_skipped_company_keeps_its_reason() -> None:
    run = ready(1)
    run.companies = [company("French", country="FR")]

    assert isinstance(carried_out(run).companies[0].error, errors.NotBelgian)


def test_listeners_hear_of_every_company() -> None:
    run = ready(3)
    carried_out(run)

    assert [event for event in run.events if not isinstance(event, (ChangeStarted, ChangeEnded))] == [
        StageStarted("Connecting companies", 3),
        *[PieceDone(f"Klant {number}", failed=False) for number in (1, 2, 3)],
        StageEnded(),
    ]


def test_every_try_to_connect_is_announced_with_its_end() -> None:
    run = ready(2)
    run[2].before[CREATE] = [errors.RightsMissing()]
    carried_out(run)

    assert run.changes() == [("connect", "Klant 1", "done"), ("connect", "Klant 2", "refused")]


def test_try_is_announced_before_anything_is_sent() -> None:
    run = ready(1)
    logged: list[int] = []
    run.listen = lambda event: logged.append(len(run.log)) if isinstance(event, ChangeStarted) else None
    carried_out(run)

    assert logged == [0]


def test_lost_answers_that_are_tried_again_are_one_change() -> None:
    run = ready(1)
    run[1].before[CREATE] = [errors.AnswerLost()]
    carried_out(run)

    assert run[1].count(CREATE) > 1
    assert run.changes() == [("connect", "Klant 1", "done")]


# --- what stops the run --------------------------------------------------------------------------------------------------------------


def test_refused_password_is_tried_by_one_company_only() -> None:
    run = ready(5, password="not-the-password")
    outcome = carried_out(run)

    assert run.codabox.refused == 1
    assert results(outcome) == [F, N, N, N, N]


def test_refused_password_is_tried_by_one_company_only_side_by_side() -> None:
    """Five at once would be five refusals, and perhaps a lock at CodaBox."""
    run = ready(5, password="not-the-password")
    run.means = replace(run.means, runner=Fleet(5))
    carried_out(run, standing=READY)

    assert run.codabox.refused == 1


def test_side_by_side_everybody_is_connected() -> None:
    run = ready(12)
    run.means = replace(run.means, runner=Fleet(4))

    assert results(carried_out(run, standing=READY)) == [C] * 12


def test_refused_password_stops_the_run() -> None:
    outcome = carried_out(ready(3, password="not-the-password"))

    assert isinstance(outcome.stopped_by, errors.OfficePasswordRefused)
    assert all(row.error is outcome.stopped_by for row in outcome.companies)


def test_password_refused_later_on_stops_what_has_not_started() -> None:
    run = ready(5)
    run[3].before[CREATE] = [errors.OfficePasswordRefused()]

    assert results(carried_out(run)) == [C, C, F, N, N]


def test_one_failure_is_one_row() -> None:
    run = ready(4)
    run[1].before["create"] = [errors.RightsMissing()]
    run[3].before["create"] = [errors.Unreachable()]

    assert results(carried_out(run, standing=READY)) == [F, C, F, C]


def test_company_on_a_server_in_trouble_lets_those_on_other_servers_go_first() -> None:
    """The first company is connected alone, to learn whether the password is accepted: nobody shall wait for a server that hangs."""
    run = ready(4)
    elsewhere = ServerUrl("https", "other.example.be", 443)
    moved = replace(run.companies[3], database=replace(run.companies[3].database, server=elsewhere))
    run.gateways = FakeGateways(run[1], run[2], run[3], Moved(run[4], moved.database))
    run.companies[3] = moved
    run.means = replace(run.means, gateways=run.gateways)
    run[1].before["create"] = [errors.AnswerTimedOut() for _ in range(3)]
    carried_out(run, standing=READY)

    assert first_calls(run) == ["klant-001", "klant-004", "klant-002", "klant-003"]


def test_failed_first_connection_stops_the_run() -> None:
    run = FakeRun(3)
    standing = Standing(OfficeState.NOT_REGISTERED, run.companies[0])
    run[1].before[CREATE] = [errors.ModuleTooOld()]
    outcome = carried_out(run, standing=standing)

    assert results(outcome) == [F, N, N]
    assert isinstance(outcome.stopped_by, errors.ModuleTooOld)


def test_missing_password_stops_the_run() -> None:
    run = ready(2)
    run.store.items.clear()
    outcome = carried_out(run, standing=READY)

    assert results(outcome) == [N, N]
    assert isinstance(outcome.stopped_by, errors.OfficePasswordMissing)


def test_keyring_that_fails_stops_the_run_before_any_call() -> None:
    run = FakeRun(2)
    standing = Standing(OfficeState.NOT_REGISTERED, run.companies[0])
    run.store.trouble = errors.KeyringSilent()
    outcome = carried_out(run, standing=standing)

    assert isinstance(outcome.stopped_by, errors.KeyringSilent)
    assert run.log == ["prove"]


def test_interrupted_wait_tells_so() -> None:
    run = FakeRun(2)
    run.time.stops_after = 0

    assert carried_out(run).was_interrupted


def test_stop_before_anything_does_nothing() -> None:
    run = ready(2)
    run.time.request()
    outcome = carried_out(run, standing=READY)

    assert (results(outcome), outcome.was_interrupted, run.log) == ([N, N], True, [])


def test_no_outcome_shows_the_password() -> None:
    run = FakeRun(3, FakeCodaBox(consents_when_asked=5))

    assert OFFICE_PASSWORD not in repr(carried_out(run))


def test_companies_of_one_database_go_one_after_the_other() -> None:
    run = ready(1)
    companies: list[Company] = [company(f"Klant {number}", record_id=number, number=NUMBERS[number]) for number in (1, 2, 3)]
    run.companies = companies

    assert results(carried_out(run)) == [C, C, C]
    assert run[1].connected == {1, 2, 3}
