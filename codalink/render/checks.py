"""Checks and repairs for people: the office in a table with every trouble told once, and one company as a checklist."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from codalink.errors import NotYetConnected, SharedConnection
from codalink.office.changes import ChangeKind
from codalink.office.model import DatabaseFailure
from codalink.office.readiness.check import CheckedCompany, OfficeCheck
from codalink.office.readiness.findings import Condition, Finding, Grade
from codalink.office.readiness.judgement import failed_condition
from codalink.office.readiness.repair import Repair, RepairOutcome, RepairPlan
from codalink.render import gathered
from codalink.render.console import foreign
from codalink.render.layout import Cells, Column, company_cells, company_columns, grid, notes, place, spaced
from codalink.render.messages import reason

_STYLES = {Grade.PASS: "good", Grade.WARN: "waiting", Grade.FAIL: "bad", Grade.UNKNOWN: "background"}

_WORDS = {
    ChangeKind.INSTALL_MODULE: "install the module CodaBox",
    ChangeKind.SET_OFFICE: "set the accounting firm",
    ChangeKind.SET_FEED: "set the bank feed to CodaBox",
    ChangeKind.SET_COUNTRY: "set the country to Belgium",
}


def office(check: OfficeCheck, width: int, *, only_problems: bool = False) -> RenderableType:
    """A row a company, with what is open; below, each trouble once with the companies that have it, the gravest and most frequent first."""
    shown = [one for one in check.companies if _troubles(one) or not only_problems]
    rows = [(*company_cells(one.company, width), _state(one), _open_points(one)) for one in shown]
    failures = gathered.databases(check.failures)
    rows += [_unreached(failure, width) for failure in failures]
    columns = (*company_columns(width), Column("State"), Column("Open points", grows=True))
    pairs = [(one.company.name, finding.grade, reason(finding.error)) for one in shown for finding in _troubles(one)]
    pairs += [(failure.where, Grade.FAIL, reason(failure.error)) for failure in failures]
    often = Counter(why.plain for _, _, why in pairs)
    pairs.sort(key=lambda pair: (pair[1] is not Grade.FAIL, -often[pair[2].plain], pair[2].plain))
    return Group(grid(columns, rows), notes((foreign(name), why) for name, _, why in pairs))


def _troubles(one: CheckedCompany) -> list[Finding]:
    """What is worth telling in the office's table: that a ready company waits for `connect-all` is told by its state."""
    return [finding for finding in one.troubles if not isinstance(finding.error, NotYetConnected)]


def _state(one: CheckedCompany) -> Text:
    if one.company.record.is_connected:
        return Text("connected", style="good" if one.is_ready else "waiting")
    if isinstance(one.dossier.duplicate, SharedConnection):
        return Text("shares one", style="background")
    return Text("ready") if one.is_ready else Text("not ready", style="bad")


def _open_points(one: CheckedCompany) -> Text:
    troubles = _troubles(one)
    worst = {finding.condition: _STYLES[finding.grade] for finding in sorted(troubles, key=lambda found: found.grade is Grade.FAIL)}
    return Text(", ").join(Text(condition.value, style=worst[condition]) for condition in Condition if condition in worst)


def _unreached(failure: DatabaseFailure, width: int) -> Cells:
    return (*place(failure, width), Text("not reached", style="bad"), Text(failed_condition(failure.error).value, style="bad"))


def company(one: CheckedCompany) -> RenderableType:
    """Every condition of one company, in order."""
    rows: list[Cells] = [
        (
            Text(finding.grade.value, style=_STYLES[finding.grade]),
            Text.assemble(finding.condition.value, "\n" if finding.account else "", (_account(finding), "background")),
            reason(finding.error) if finding.error else Text(finding.note, style="background"),
        )
        for finding in one.findings
    ]
    return grid((Column(""), Column("Condition"), Column("What is wrong, and what to do", grows=True)), rows)


def _account(finding: Finding) -> str:
    """The IBAN in groups, or the journal's name."""
    return foreign(spaced(finding.account) if finding.account[:2].isalpha() and finding.account[2:4].isdigit() else finding.account).plain


def repairs(plan: RepairPlan, width: int) -> RenderableType:
    """What would be set in each company, and what is left to a person."""
    rows = [(*company_cells(repair.company, width), _what(repair)) for repair in plan.repairs]
    return Group(grid((*company_columns(width), Column("What would be done", grows=True)), rows), left_alone(plan))


def left_alone(plan: RepairPlan) -> RenderableType:
    """What codalink doesn't decide, or could not look at."""
    return notes((foreign(one.company.name), reason(one.error)) for one in plan.left)


def repaired(outcomes: Sequence[RepairOutcome], width: int) -> RenderableType:
    """What was set, and what could not be."""
    rows = [
        (
            *company_cells(outcome.repair.company, width),
            _what(outcome.repair),
            reason(outcome.error) if outcome.error else Text("done", style="good"),
        )
        for outcome in outcomes
    ]
    return grid((*company_columns(width), Column("What"), Column("Result", grows=True)), rows)


def _what(repair: Repair) -> Text:
    what = Text(_WORDS[repair.kind])
    return Text.assemble(what, ": ", foreign(repair.detail, "background")) if repair.detail else what
