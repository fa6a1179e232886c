"""Checking every company: reading its dossier in as few calls as there can be, and judging it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from codalink.errors import (
    CodalinkError,
    DuplicateCompany,
    NotBelgian,
    NotYetConnected,
    OtherOffice,
)
from codalink.odoo.codabox.connection import ask_proxy
from codalink.odoo.codabox.module import read_module
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.means import Means
from codalink.office.model import Company, DatabaseFailure, Office, Survey, by_database, server_of
from codalink.office.readiness.accounts import read_accounts
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.duplicates import find_duplicates
from codalink.office.readiness.findings import Finding, Grade
from codalink.office.readiness.judgement import BLOCKING, judge, obstacle
from codalink.office.readiness.mandates import Mandates

_ASKED = 3
"""Through how many companies the consent is asked for at most, where the first ones can't be asked."""


@dataclass(frozen=True)
class CheckedCompany:
    """One company and how every condition stands, in order."""

    company: Company
    findings: tuple[Finding, ...]
    dossier: Dossier

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """What does not stand as it should."""
        return tuple(finding for finding in self.findings if finding.grade in {Grade.WARN, Grade.FAIL})

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """What keeps it from being connected."""
        return tuple(finding for finding in self.findings if finding.grade is Grade.FAIL and finding.condition in BLOCKING)

    @property
    def is_ready(self) -> bool:
        """Whether it is connected, or could be right away."""
        return not self.obstacles


@dataclass(frozen=True)
class OfficeCheck:
    """Every company of the office, and the databases that could not be read."""

    office: Office
    companies: tuple[CheckedCompany, ...]
    failures: tuple[DatabaseFailure, ...]

    @property
    def ready(self) -> tuple[CheckedCompany, ...]:
        """The companies that are connected, or could be right away."""
        return tuple(one for one in self.companies if one.is_ready)

    @property
    def unconnected(self) -> tuple[CheckedCompany, ...]:
        """Those among them that nobody has connected yet."""
        return tuple(one for one in self.ready if any(isinstance(finding.error, NotYetConnected) for finding in one.findings))


_NOT_OURS = (OtherOffice, NotBelgian, DuplicateCompany)
"""What is mostly as it should be: nothing to free."""


@dataclass(frozen=True)
class Lever:
    """The one action that would free most companies: what is wrong, and how many it holds up alone."""

    error: CodalinkError
    companies: int


def lever(check: OfficeCheck) -> Lever | None:
    """Which single kind of trouble holds up most companies that have no other; None where nothing does. A closed database counts as one."""
    alone = [found[0].error for one in check.companies if len(found := one.obstacles) == 1]
    errors = [error for error in (*alone, *(failure.error for failure in check.failures)) if error and not isinstance(error, _NOT_OURS)]
    often = Counter(error.code for error in errors)
    if not often:
        return None
    code, number = often.most_common(1)[0]
    return Lever(next(error for error in errors if error.code == code), number)


def check_companies(
    office: Office,
    survey: Survey,
    companies: Sequence[Company],
    means: Means,
    today: date,
    *,
    is_whole: bool = True,
    mandates: Mandates | None = None,
) -> OfficeCheck:
    """Read what there is to know of these companies and judge it, without changing anything.

    Where they are the whole office (`is_whole`), the databases that could not be read belong to it. `mandates` are those of MyCodaBox,
    where a person has exported them.

    Three calls a database beyond those of the survey, and three more for the whole office. Raises SecretsError.
    """
    together = by_database(companies)
    dossiers: dict[Company, Dossier] = {}
    means.listener(StageStarted("Checking databases", len(together)))

    def read(group: Sequence[Company]) -> list[Dossier]:
        return read_dossiers(group, means)

    for group, found in means.runner.each(together, read, means.stop, lane=server_of):
        dossiers |= {dossier.company: dossier for dossier in found}
        means.listener(PieceDone(group[0].database.name, failed=any(dossier.unread for dossier in found)))
    means.listener(StageEnded())
    known = _completed(survey, dossiers)
    is_consented = _consent(office, list(known.values()), means)
    whole = (replace(known[one], is_consented=is_consented, mandates=mandates) for one in companies if one in known)
    checked = tuple(_judged(dossier, office, today) for dossier in whole)
    return OfficeCheck(office, checked, survey.failures if is_whole else ())


def _judged(dossier: Dossier, office: Office, today: date) -> CheckedCompany:
    return CheckedCompany(dossier.company, judge(dossier, office, today), dossier)


def _completed(survey: Survey, dossiers: Mapping[Company, Dossier]) -> dict[Company, Dossier]:
    """The dossiers with what only the survey of all databases tells."""
    duplicates = find_duplicates(survey.companies)
    versions = {found.database: found.version or None for found in survey.found}
    return {
        company: replace(dossier, duplicate=duplicates.get(company), version=versions.get(company.database))
        for company, dossier in dossiers.items()
    }


def read_dossiers(companies: Sequence[Company], means: Means) -> list[Dossier]:
    """What one database tells of its companies. Three calls: the module, the journals, their last statements."""
    try:
        gateway = means.gateway(companies[0])
        module = read_module(gateway, is_installed=companies[0].record.has_module)
        accounts = read_accounts(gateway, companies)
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return [Dossier(company, unread=error) for company in companies]
    return [Dossier(company, module=module, accounts=tuple(accounts.get(company.record.id, ()))) for company in companies]


def _consent(office: Office, dossiers: Sequence[Dossier], means: Means) -> bool | None:
    """Whether the office's consent is valid. It is the office's, so one company is asked for all. None where nobody knows."""
    ours = [one.company for one in dossiers if one.company.office_vat == office.vat and obstacle(one, office) is None]
    for company in sorted(ours, key=lambda one: not one.record.is_connected)[:_ASKED]:
        try:
            status = ask_proxy(means.gateway(company), company.record.id)
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            continue
        return status.is_consent_valid if status.office_connections else None
    return None
