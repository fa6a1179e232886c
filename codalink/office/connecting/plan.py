"""The plan of a run: a value that is shown to the user, and then carried out as it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from codalink.errors import CodalinkError, OfficePasswordMissing, UsageError
from codalink.office.connecting.standing import OfficeState, Standing
from codalink.office.model import Company, DatabaseFailure, Office, Survey, Vat
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.duplicates import find_duplicates
from codalink.office.readiness.judgement import obstacle
from codalink.office.selection import Patterns, find_company, find_surveyed


class Step(Enum):
    """What the run would do with a company."""

    FIRST_CONNECTION = "first connection"
    AWAIT_CONSENT = "await the consent"
    """Its first connection is made; the office's consent is missing, not given yet or not valid any more."""
    CONNECT = "connect"
    ALREADY_CONNECTED = "already connected"
    CANNOT = "cannot"


@dataclass(frozen=True)
class PlannedCompany:
    """One company's part of the plan. `error` is the reason where the step is CANNOT."""

    company: Company
    step: Step
    error: CodalinkError | None = None


@dataclass(frozen=True)
class Plan:
    """What a run would do, for whom, in which order."""

    office: Office
    standing: Standing
    companies: tuple[PlannedCompany, ...]
    failures: tuple[DatabaseFailure, ...] = ()

    def with_step(self, *steps: Step) -> list[Company]:
        """The companies for which one of these steps is planned."""
        return [planned.company for planned in self.companies if planned.step in steps]

    @property
    def has_work(self) -> bool:
        """Whether carrying it out would do anything."""
        return bool(self.with_step(Step.FIRST_CONNECTION, Step.AWAIT_CONSENT, Step.CONNECT))


@dataclass(frozen=True)
class Choice:
    """Which companies the user wants connected, and which one first."""

    patterns: Patterns = field(default_factory=Patterns)
    company: str = ""
    """As `--company` takes it; empty for all."""
    first: str = ""
    """The company of the first connection, likewise; empty for any."""

    def means(self, name: str) -> bool:
        """Whether the user typed this very name to choose companies."""
        return name.casefold() in {text.strip().casefold() for text in (self.company, self.first, *self.patterns.include)}

    def chosen(self, survey: Survey) -> list[Company]:
        """The companies that the user wants. Raises what find_surveyed raises."""
        if self.company:
            return [find_surveyed(self.company, survey)]
        return [company for company in survey.companies if self.patterns.admit_company(company)]


def obstacles(survey: Survey, office: Office, choice: Choice) -> dict[Company, CodalinkError]:
    """What stands in the way of companies, for those where something does. A duplicate that was named explicitly is meant."""
    meant = _meant(survey.companies, choice)
    duplicates = {company: reason for company, reason in find_duplicates(survey.companies).items() if company not in meant}
    reasons = ((company, obstacle(Dossier(company, duplicate=duplicates.get(company)), office)) for company in survey.companies)
    return {company: reason for company, reason in reasons if reason is not None}


def _meant(companies: Sequence[Company], choice: Choice) -> set[Company]:
    """Those that the user named: by a path or a database that no other company with the same number has.

    Where another one in the database has the connection already, nobody can mean a second one.
    """
    taken = {(company.database, company.vat) for company in companies if company.record.is_connected}
    bearers: dict[tuple[Vat, str], list[Company]] = defaultdict(list)
    for company in companies:
        for name in (company.database.name, company.path, company.full_path):
            if company.vat is not None and (company.database, company.vat) not in taken and choice.means(name):
                bearers[company.vat, name].append(company)
    return {found[0] for found in bearers.values() if len(found) == 1}


def candidates(survey: Survey, office: Office, choice: Choice) -> list[Company]:
    """The office's companies that nothing stands in the way of, connected or not."""
    reasons = obstacles(survey, office, choice)
    return [company for company in survey.companies if company not in reasons]


def make_plan(survey: Survey, office: Office, standing: Standing, choice: Choice) -> Plan:
    """Decide what to do with each chosen company. Raises CompanyUnknown, CompanyAmbiguous, UsageError where `first` can't be first."""
    chosen = choice.chosen(survey)
    reasons = obstacles(survey, office, choice)
    first = _first(chosen, reasons, standing, choice)
    planned = tuple(_planned(company, reasons.get(company), office, standing, first) for company in chosen)
    failures = () if choice.company else survey.failures
    return Plan(office, standing, planned, failures)


def _first(chosen: Sequence[Company], reasons: Mapping[Company, CodalinkError], standing: Standing, choice: Choice) -> Company | None:
    """The company with which the office begins, or began; None where the office is beyond that."""
    if standing.state is OfficeState.CONSENT_MISSING:
        return standing.wizard.company if standing.wizard else standing.asked
    if standing.state is not OfficeState.NOT_REGISTERED:
        return None
    if choice.first:
        wanted = find_company(choice.first, chosen)
        if (reason := reasons.get(wanted)) is not None:
            raise UsageError(f"{wanted.path} can't be the first: {reason.cause}", remedy=reason.remedy)
        return wanted
    return next((company for company in chosen if company not in reasons), None)


def _planned(company: Company, reason: CodalinkError | None, office: Office, standing: Standing, first: Company | None) -> PlannedCompany:
    if company.record.is_connected and (reason is None or company.office_vat == office.vat):
        return PlannedCompany(company, Step.ALREADY_CONNECTED)
    if reason is not None:
        return PlannedCompany(company, Step.CANNOT, reason)
    if standing.state is OfficeState.PASSWORD_MISSING:
        return PlannedCompany(company, Step.CANNOT, OfficePasswordMissing())
    if standing.state is OfficeState.UNKNOWN:
        return PlannedCompany(company, Step.CANNOT, standing.error)
    if company == first:
        is_registered = standing.state is OfficeState.CONSENT_MISSING
        return PlannedCompany(company, Step.AWAIT_CONSENT if is_registered else Step.FIRST_CONNECTION)
    return PlannedCompany(company, Step.CONNECT)
