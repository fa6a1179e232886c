"""Results as tables that fit the terminal: pure functions of a result and a width in columns."""

from rich.console import RenderableType
from rich.text import Text

from codalink.errors import CodalinkError, DuplicateCompany, NotConnectable
from codalink.office.connecting.outcome import CompanyOutcome, Result, RunOutcome
from codalink.office.connecting.plan import Plan, Step
from codalink.office.model import Company, DatabaseFindings, Survey
from codalink.office.readiness.duplicates import find_duplicates
from codalink.render import gathered
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Cells, Column, company_cells, company_columns, failed, grid, number, place, with_reasons
from codalink.render.messages import reason, sentence

_STYLES: dict[Step | Result, str] = {
    Step.FIRST_CONNECTION: "strong",
    Step.AWAIT_CONSENT: "waiting",
    Step.CONNECT: "",
    Step.ALREADY_CONNECTED: "good",
    Step.CANNOT: "bad",
    Result.CONNECTED: "good",
    Result.ALREADY_CONNECTED: "good",
    Result.WAITING_FOR_CONSENT: "waiting",
    Result.FAILED: "bad",
    Result.SKIPPED: "bad",
    Result.NOT_TRIED: "waiting",
}


def databases(survey: Survey, width: int) -> RenderableType:
    """What was found: databases with server, version and protocol, where they were found, and the companies in them."""
    duplicates = find_duplicates(survey.companies)
    rows: list[Cells] = []
    for found in survey.found:
        lines = [_company_line(company, duplicates.get(company)) for company in found.companies]
        rows.append((*_database(found, width), Text("\n").join(lines) or Text("none", style="background")))
    rows += [(*place(failure, width)[:-1], reason(failure.error)) for failure in gathered.databases(survey.failures)]
    columns = (Column("Database"), Column("Server")) if width >= WIDE else (Column("Database"),)
    return grid((*columns, Column("Companies", grows=True)), rows)


def _database(found: DatabaseFindings, width: int) -> Cells:
    name = foreign(found.database.name, link=found.database.link)
    protocol = found.protocol.value if found.protocol else ""
    parts = [str(found.database.server), found.version, protocol]
    if found.source != str(found.database.server):
        parts.append(f"({found.source})")
    server = foreign("  ".join(part for part in parts if part), "background")
    return (name, server) if width >= WIDE else (Text.assemble(name, "\n", server),)


def _company_line(company: Company, duplicate: NotConnectable | None) -> Text:
    line = Text.assemble(foreign(company.name), "  ", number(company))
    style = "waiting" if isinstance(duplicate, DuplicateCompany) else "background"
    return Text.assemble(line, "\n  ", sentence(duplicate.cause, style)) if duplicate else line


def plan(planned: Plan, width: int) -> RenderableType:
    """What a run would do."""
    rows = [
        (*company_cells(row.company, width), _word(row.step), reason(row.error) if row.step is Step.CANNOT else Text(""))
        for row in planned.companies
    ]
    columns = (*company_columns(width), Column("Plan"), Column("Reason", grows=True))
    return with_reasons(columns, rows + failed(planned.failures, width), width)


def outcome(run: RunOutcome, width: int) -> RenderableType:
    """What a run did: one row a company, with reason and next step."""
    shown, failures = gathered.companies(run.companies, lambda row: row.company, _error_of_failed)
    rows = [(*company_cells(row.company, width), _word(row.result), _next_step(row)) for row in shown]
    rows += [(*place(failure, width), _word(Result.FAILED), reason(failure.error)) for failure in failures]
    columns = (*company_columns(width), Column("Result"), Column("Reason and next step", grows=True))
    return with_reasons(columns, rows + failed(run.failures, width), width)


def _error_of_failed(row: CompanyOutcome) -> CodalinkError | None:
    return row.error if row.result is Result.FAILED else None


def _next_step(row: CompanyOutcome) -> Text:
    is_done = row.result in {Result.CONNECTED, Result.ALREADY_CONNECTED}
    return Text("") if is_done else reason(row.error)


def _word(value: Step | Result) -> Text:
    return Text(value.value, style=_STYLES[value])
