"""Results as a sentence, for standard error."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from rich.text import Text

from codalink.office.keys import KeyList, KeyState
from codalink.office.model import Survey
from codalink.office.outcome import Result, RunOutcome
from codalink.office.plan import Plan, Step
from codalink.office.rotation import KeyRotation, Rotated
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


def status(office: OfficeStatus) -> str:
    """How many companies stand where."""
    counts = Counter(row.connection.value for row in office.companies)
    asked = "" if office.is_refreshed else " This is what the databases have written down; --refresh asks CodaBox."
    return _counted(counts, sorted(counts), len(office.failures)) + asked


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
