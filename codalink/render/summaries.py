"""Results as a sentence, for standard error."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from rich.text import Text

from codalink.errors import Turn
from codalink.office.connecting.outcome import Result, RunOutcome
from codalink.office.connecting.plan import Plan, Step
from codalink.office.connecting.standing import OfficeState
from codalink.office.keys.listing import KeyList, KeyState
from codalink.office.keys.rotation import KeyRotation, Rotated
from codalink.office.model import Office, Survey
from codalink.office.overview.alarms import Alarm, Raised
from codalink.office.overview.attention import Freshness
from codalink.office.overview.status import OfficeStatus
from codalink.office.readiness.check import OfficeCheck, lever
from codalink.office.readiness.findings import Condition, Grade
from codalink.office.readiness.gates import Gate
from codalink.office.readiness.mandates import Mandates
from codalink.office.readiness.repair import RepairOutcome, RepairPlan, repairable
from codalink.render.console import foreign
from codalink.render.messages import sentence


def databases(survey: Survey, new: Collection[str], vanished: Collection[str]) -> list[Text]:
    """How many there are, and what has changed since last time, as `server/name`."""
    counted = f"{len(survey.companies)} companies in {len(survey.found)} databases; {len(survey.failures)} not reached."
    lines = [Text(counted)]
    lines += [Text.assemble("New since last time: ", foreign(", ".join(sorted(new)), longest=_LONGEST_LIST))] if new else []
    lines += [Text.assemble("Vanished since last time: ", foreign(", ".join(sorted(vanished)), longest=_LONGEST_LIST))] if vanished else []
    return lines


_LONGEST_LIST = 5000


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


def backup_missing(office: Office) -> Text:
    """What would be lost with this computer, and how that is prevented."""
    return sentence(
        f"There is no backup of the password of {office.name}. If this computer's keyring is lost, the office has to revoke its consent "
        "and begin anew with every company. `codalink password backup FILE` makes an encrypted copy."
    )


FOREIGN_EXPORT = "The export has none of these accounts: is it this office's, and of CODA mandates?"


def status(office: OfficeStatus) -> list[str]:
    """How many companies stand where, whom their accounts wait for, and how more can be known."""
    counts = Counter(row.connection.value for row in office.companies)
    lines = [_counted(counts, sorted(counts), len(office.failures)), *_waiting_accounts(office), *_complete_accounts(office)]
    lines += [] if office.is_refreshed else ["This is what the databases have written down; --refresh asks CodaBox."]
    if not office.has_mandates:
        return [*lines, "Mandates are known to MyCodaBox only: --mandates FILE reads its export."]
    is_foreign = not any(one.passage.mandate for row in office.companies for one in row.accounts)
    return [*lines, FOREIGN_EXPORT] if is_foreign else lines


def _complete_accounts(office: OfficeStatus) -> list[str]:
    """How many accounts' statements follow each other, where somebody has looked."""
    checks = [one.check for row in office.companies for one in row.accounts if one.check is not None]
    broken = sum(not check.is_complete for check in checks)
    told = f"{broken} of {len(checks)} accounts have gaps or other breaks in their statements: see `codalink statements check`."
    return [told] if broken else ["The statements of all accounts follow each other."] if checks else []


def alarms(raised: Iterable[Raised], freshness: Freshness) -> list[str]:
    """What was found, and how many."""
    days = freshness.stale_after.days
    words = {
        Alarm.GAPS: "accounts whose statements don't follow each other",
        Alarm.STALE: f"accounts without a statement for more than {days} days",
        Alarm.DISCONNECTED: "companies that could be connected and are not, or that lack the consent",
    }
    return [f"{one.alarm.value}: {one.count} ({words[one.alarm]})" for one in raised]


def _waiting_accounts(office: OfficeStatus) -> list[str]:
    """Whom the accounts wait for, those of mandates without journal among them; then those that wait for nobody."""
    passages = [passage for row in office.companies for passage in (*(one.passage for one in row.accounts), *row.strays)]
    passages += office.strays
    closed = Counter((passage.turn, passage.gate) for passage in passages if passage.is_closed)
    parts = [_waiting_for(turn, {gate: closed[turn, gate] for gate in Gate if closed[turn, gate]}) for turn in Turn]
    others = Counter(passage.word for passage in passages if not passage.is_closed)
    parts += [f"{number} {word}" for word, number in sorted(others.items())]
    return [f"{len(passages)} accounts: {', '.join(filter(None, parts))}."] if passages else []


def _waiting_for(turn: Turn, gates: Mapping[Gate, int]) -> str:
    if not gates:
        return ""
    which = ", ".join(gate.value if len(gates) == 1 else f"{number} {gate.value}" for gate, number in gates.items())
    return f"{sum(gates.values())} {_WHO[turn]} ({which})"


_WHO = {
    Turn.OFFICE: "waiting for you",
    Turn.CUSTOMER: "waiting for the customer",
    Turn.BANK: "waiting for the bank",
    Turn.CODABOX: "waiting for CodaBox",
    Turn.ODOO: "waiting for Odoo",
    Turn.NOBODY: "without CODA",
}


def left_out(mandates: Mandates) -> list[Text]:
    """The rows of the export that could not be used: the first ones, and how many more."""
    lines = [sentence(line, "waiting") for line in mandates.left_out[:_LEFT_OUT_SHOWN]]
    more = len(mandates.left_out) - _LEFT_OUT_SHOWN
    return [*lines, Text(f"{more} more rows were left out.", style="waiting")] if more > 0 else lines


_LEFT_OUT_SHOWN = 5


def check(checked: OfficeCheck, *, is_fixed: bool = False) -> list[str]:
    """How many companies are ready, what would free most of the others, and what to run next; `is_fixed`: what could be repaired was."""
    connected = sum(one.company.record.is_connected for one in checked.ready)
    counted = f"{len(checked.ready)} of {len(checked.companies)} companies are ready, {connected} of them connected."
    lines = [counted + (f" {len(checked.failures)} databases not reached." if checked.failures else "")]
    if len(checked.companies) == 1:
        return [f"Next: {_next(checked, is_fixed=is_fixed)}"]
    if (first := lever(checked)) is not None:
        lines.append(f"What would free most of the others ({first.companies}): {first.error.remedy}")
    return [*lines, f"Next: {_next(checked, is_fixed=is_fixed)}"]


def _next(checked: OfficeCheck, *, is_fixed: bool) -> str:
    if not is_fixed and (number := repairable(checked)):
        return f"`codalink check --fix` shows what it can put in order ({number} {'thing' if number == 1 else 'things'}), and asks."
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


def keys(listing: KeyList) -> str:
    """How many databases are opened by what."""
    states = Counter(row.state for row in listing.rows)
    expired = sum(row.expires is not None and row.expires <= listing.today for row in listing.rows)
    own, login, none = (states[state] for state in (KeyState.OWN, KeyState.LOGIN, KeyState.NONE))
    return f"{own} with a key of their own ({expired} expired), {login} with their server's login, {none} with none."


def rotations(done: Sequence[KeyRotation]) -> str:
    """How many keys were exchanged."""
    results = Counter(one.result for one in done)
    counted = f"{results[Rotated.NEW] + results[Rotated.FINISHED]} keys exchanged, {results[Rotated.FAILED]} failed"
    return counted + (f", {results[Rotated.NOT_TRIED]} not tried." if results[Rotated.NOT_TRIED] else ".")


def _counted(counts: Counter[str], words: Iterable[str], unreached: int) -> str:
    parts = [f"{counts[word]} {word}" for word in words if counts[word]]
    parts += [f"{unreached} not reached"] if unreached else []
    return ", ".join(parts)[:1].upper() + ", ".join(parts)[1:] + "." if parts else "No companies."
