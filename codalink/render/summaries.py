"""Results as a sentence, for standard error."""

from collections import Counter
from collections.abc import Collection, Iterable

from rich.text import Text

from codalink.office.check import OfficeCheck, lever
from codalink.office.findings import Condition, Grade
from codalink.office.model import Survey
from codalink.office.outcome import Result, RunOutcome
from codalink.office.plan import Plan, Step
from codalink.office.repair import RepairOutcome, RepairPlan, repairable
from codalink.office.standing import OfficeState
from codalink.office.status import OfficeStatus
from codalink.render.console import foreign


def databases(survey: Survey, new: Collection[str], vanished: Collection[str]) -> list[Text]:
    """How many there are, and what has changed since last time, as `server/name`."""
    counted = f"{len(survey.companies)} companies in {len(survey.found)} databases; {len(survey.failures)} not reached."
    lines = [Text(counted)]
    lines += [Text.assemble("New since last time: ", foreign(", ".join(sorted(new)), longest=_LONGEST_LIST))] if new else []
    lines += [Text.assemble("Vanished since last time: ", foreign(", ".join(sorted(vanished)), longest=_LONGEST_LIST))] if vanished else []
    return lines


_LONGEST_LIST = 500


def plan(planned: Plan) -> str:
    """How many companies are up for what, and what the office needs first."""
    counts = Counter(row.step.value for row in planned.companies)
    parts = _counted(counts, [step.value for step in Step], len(planned.failures))
    return f"{_OFFICE_WORDS[planned.standing.state].format(office=planned.office.name)} {parts}"


_OFFICE_WORDS = {
    OfficeState.NOT_REGISTERED: "{office} is not registered with CodaBox Connect yet.",
    OfficeState.CONSENT_MISSING: "{office} is registered; its consent in MyCodaBox is missing.",
    OfficeState.PASSWORD_MISSING: "{office} is registered, but its password is not in the keyring: see `codalink password set --help`.",
    OfficeState.READY: "{office} is ready.",
    OfficeState.UNKNOWN: "Where {office} stands with CodaBox could not be found out.",
}


def outcome(run: RunOutcome) -> str:
    """How many companies ended how."""
    counts = Counter(row.result.value for row in run.companies)
    return _counted(counts, [result.value for result in Result], len(run.failures))


def waiting(run: RunOutcome) -> str:
    """What to do where the consent was not given in time; empty where nobody waits for it."""
    if not run.counts[Result.WAITING_FOR_CONSENT]:
        return ""
    return "Give the consent in MyCodaBox (Administration > CodaBox Connect), then run `codalink connect-all` again: it goes on from there."


def status(office: OfficeStatus) -> str:
    """How many companies stand where."""
    counts = Counter(row.connection.value for row in office.companies)
    asked = "" if office.is_refreshed else " This is what the databases have written down; --refresh asks CodaBox."
    return _counted(counts, sorted(counts), len(office.failures)) + asked


def check(checked: OfficeCheck) -> list[str]:
    """How many companies are ready, what would free most of the others, and what to run next."""
    connected = sum(one.company.record.is_connected for one in checked.ready)
    counted = f"{len(checked.ready)} of {len(checked.companies)} companies are ready, {connected} of them connected."
    lines = [counted + (f" {len(checked.failures)} databases not reached." if checked.failures else "")]
    if len(checked.companies) == 1:
        return [f"Next: {_next(checked)}"]
    if (first := lever(checked)) is not None:
        lines.append(f"What would free most of the others ({first.companies}): {first.error.remedy}")
    return [*lines, f"Next: {_next(checked)}"]


def _next(checked: OfficeCheck) -> str:
    if is_repairable := repairable(checked):
        return f"`codalink check --fix` shows what it can put in order ({is_repairable} things), and asks."
    if any(finding.condition is Condition.CONSENT and finding.grade is Grade.FAIL for one in checked.companies for finding in one.findings):
        return "give the office's consent in MyCodaBox (Administration > CodaBox Connect)."
    if checked.unconnected:
        return f"`codalink connect-all` connects {len(checked.unconnected)} companies."
    return "`codalink retrieve --all` fetches new statements."


def repairs(plan: RepairPlan) -> str:
    """How many things would be set."""
    databases = {repair.company.database for repair in plan.repairs}
    return f"{len(plan.repairs)} things to put in order in {len(databases)} databases. Nothing that somebody chose is changed."


def repaired(outcomes: Collection[RepairOutcome]) -> str:
    """How many of them were."""
    failed = sum(one.error is not None for one in outcomes)
    return f"{len(outcomes) - failed} things put in order" + (f", {failed} failed." if failed else ".")


def _counted(counts: Counter[str], words: Iterable[str], unreached: int) -> str:
    parts = [f"{counts[word]} {word}" for word in words if counts[word]]
    parts += [f"{unreached} not reached"] if unreached else []
    return ", ".join(parts)[:1].upper() + ", ".join(parts)[1:] + "." if parts else "No companies."
