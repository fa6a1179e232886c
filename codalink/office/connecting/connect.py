"""Carrying out a plan: the first connection where the office needs one, then every further company, side by side."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from codalink.errors import CodalinkError, ConsentInvalid, OfficePasswordMissing, OfficePasswordRefused, ServerError
from codalink.odoo.codabox.companies import is_connected
from codalink.office.connecting.first import await_consent, bring_home, register_office
from codalink.office.connecting.further import connect_company
from codalink.office.connecting.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.connecting.plan import Plan, Step
from codalink.office.connecting.standing import OfficeState
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.fleet import Stop
from codalink.office.means import Means
from codalink.office.model import Company, by_database, server_of
from codalink.secrets.masked import Secret


def carry_out(plan: Plan, consent_time_limit_s: float, means: Means) -> RunOutcome:
    """Do what the plan says. Every company of the plan gets its outcome; nothing is raised for a company's sake.

    Repeatable after any interruption: a new plan has what is missing. Call it under the office's lock.
    """
    run = _Run(plan)
    if plan.has_work:
        with means.leftovers.swept(means):
            try:
                _begin_office(plan, consent_time_limit_s, means, run)
                _connect_companies(run.still_open(), plan.office.vat.digits, means, run)
            except CodalinkError as error:
                run.stopped_by = error
    return run.outcome(was_interrupted=means.stop.is_requested)


@dataclass
class _Run:
    """The outcomes so far."""

    plan: Plan

    def __post_init__(self) -> None:
        self.stopped_by: CodalinkError | None = None
        self._outcomes = {
            planned.company: CompanyOutcome(
                planned.company, Result.ALREADY_CONNECTED if planned.step is Step.ALREADY_CONNECTED else Result.SKIPPED, planned.error
            )
            for planned in self.plan.companies
            if planned.step in {Step.ALREADY_CONNECTED, Step.CANNOT}
        }

    def settle(self, outcome: CompanyOutcome) -> None:
        self._outcomes[outcome.company] = outcome

    def still_open(self) -> list[Company]:
        return [planned.company for planned in self.plan.companies if planned.company not in self._outcomes]

    def outcome(self, *, was_interrupted: bool) -> RunOutcome:
        """The outcome of all: what is still open waits for the consent that the others lack, or was not tried."""
        left = Result.WAITING_FOR_CONSENT if isinstance(self.stopped_by, ConsentInvalid) else Result.NOT_TRIED
        for company in self.still_open():
            self.settle(CompanyOutcome(company, left, self.stopped_by))
        in_order = tuple(self._outcomes[planned.company] for planned in self.plan.companies)
        return RunOutcome(in_order, self.plan.failures, self.stopped_by, was_interrupted)


def _begin_office(plan: Plan, consent_time_limit_s: float, means: Means, run: _Run) -> None:
    """See that the office is registered, its password at home and its consent given; settles the company it began with.

    Without consent everybody waits. Raises what stops the run.
    """
    first, url = _registered(plan, means, run)
    if first is None or means.stop.is_requested:
        return
    if await_consent(plan.office, first, url, consent_time_limit_s, means):
        if plan.with_step(Step.FIRST_CONNECTION) or is_connected(means.gateway(first), first.record.id):
            run.settle(CompanyOutcome(first, Result.CONNECTED))
        return
    for company in run.still_open():
        run.settle(CompanyOutcome(company, Result.WAITING_FOR_CONSENT, ConsentInvalid()))


def _registered(plan: Plan, means: Means, run: _Run) -> tuple[Company | None, str]:
    """The company that the office began with, and its consent page; None where the office is beyond its beginning."""
    standing = plan.standing
    if standing.state is OfficeState.CONSENT_MISSING:
        if standing.wizard is None:
            return standing.asked, ""
        company = standing.wizard.company
        return company, bring_home(plan.office, company, standing.wizard.shown, means)
    for company in plan.with_step(Step.FIRST_CONNECTION):
        try:
            return company, register_office(plan.office, company, means, is_starting_over=standing.is_starting_over)
        except CodalinkError as error:
            run.settle(CompanyOutcome(company, Result.FAILED, error))
            raise
    return None, ""


def _connect_companies(companies: Sequence[Company], office_vat: str, means: Means, run: _Run) -> None:
    """Connect further companies: one first, to learn whether the password is accepted, then the others side by side."""
    if not companies or means.stop.is_requested:
        return
    means.listener(StageStarted("Connecting companies", len(companies)))
    try:
        for outcome in _connected(companies, office_vat, means):
            run.settle(outcome)
            means.listener(PieceDone(outcome.company.name, failed=outcome.result is Result.FAILED))
            if outcome.error is not None and outcome.error.concerns_everyone:
                run.stopped_by = outcome.error
    finally:
        means.listener(StageEnded())


def _connected(companies: Sequence[Company], office_vat: str, means: Means) -> Iterator[CompanyOutcome]:
    """Outcomes as they come. A refusal that concerns everyone stops what has not started; a refused password is tried once, not by all."""
    stop = Stop(parent=means.stop)
    pending = list(companies)
    password = yield from _until_accepted(pending, office_vat, means)
    if password is None:
        return

    def connect_database(together: Sequence[Company]) -> list[CompanyOutcome]:
        """A gateway is not for several threads: the companies of one database go one after the other."""
        return [connect_company(company, password, means) for company in together if not stop.is_requested]

    for _, outcomes in means.runner.each(by_database(pending), connect_database, stop, lane=server_of):
        for outcome in outcomes:
            if outcome.error is not None and outcome.error.concerns_everyone:
                stop.request()
            yield outcome


def _until_accepted(pending: list[Company], office_vat: str, means: Means) -> Generator[CompanyOutcome, None, Secret | None]:
    """Connect one company after the other, until one shows that CodaBox accepts the office password; returns the password then.

    Where CodaBox refuses the one in the keyring, an exchange that was interrupted (password/rotate.py) may have made the new one valid.
    """
    password = means.passwords.find(office_vat)
    if password is None:
        raise OfficePasswordMissing
    is_new = False
    while pending and not means.stop.is_requested:
        company = pending.pop(0)
        outcome = connect_company(company, password, means)
        if isinstance(outcome.error, OfficePasswordRefused) and not is_new and (new := means.passwords.candidate(office_vat)) is not None:
            password, is_new = new, True
            pending.insert(0, company)
            continue
        if outcome.result is Result.CONNECTED and is_new:
            means.passwords.promote(office_vat, password)
        yield outcome
        if outcome.result is Result.CONNECTED:
            return password
        if outcome.error is not None and outcome.error.concerns_everyone:
            return None
        if isinstance(outcome.error, ServerError):  # others must not wait for this server
            pending.sort(key=lambda other: other.database.server == company.database.server)
    return None
