"""Results for machines: a JSON envelope with a version, and CSV that a spreadsheet can't be tricked with.

The fields are listed here by hand, so that none appears or vanishes unnoticed; tests/unit/render/test_machine.py pins them.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Sequence
from io import StringIO

from codalink.errors import CodalinkError
from codalink.office.check import OfficeCheck, condition_of
from codalink.office.duplicates import find_duplicates
from codalink.office.findings import Finding, Grade
from codalink.office.keys import KeyList
from codalink.office.model import Company, DatabaseFailure, Survey
from codalink.office.outcome import RunOutcome
from codalink.office.plan import Plan
from codalink.office.repair import RepairOutcome
from codalink.office.retrieve import Retrieval
from codalink.office.status import OfficeStatus
from codalink.secrets.masked import redact

FORMAT_VERSION = 1
"""Grows when a field is renamed or removed; new fields may come without notice."""

Record = dict[str, object]
_STATUS = {0: "ok", 1: "partial", 3: "waiting"}


def envelope(command: str, exit_code: int, rows: Sequence[Record], errors: Sequence[CodalinkError] = ()) -> str:
    """The JSON document of a command: its rows, and the errors that are not a row's own."""
    document = {
        "codalink": FORMAT_VERSION,
        "command": command,
        "status": _STATUS.get(exit_code, "error"),
        "exit_code": exit_code,
        "rows": list(rows),
        "errors": [_error(error) for error in errors],
    }
    text = json.dumps(_masked(document), indent=2, ensure_ascii=False)
    return "".join(json.dumps(character)[1:-1] if _is_steering(character) else character for character in text)


def comma_separated(rows: Sequence[Record]) -> str:
    """Rows as CSV with a header. Lists become one cell, a part per line."""
    text = StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return " ".join(filter(None, (_cell(one) for one in value.values())))
    text = "".join(character for character in redact(str(value)) if not _is_steering(character))
    is_formula = text.startswith(("=", "+", "-", "@")) and not re.fullmatch(r"-\d+(\.\d+)?", text)
    return f"'{text}" if is_formula else text


def _masked(value: object) -> object:
    """`value` with every secret that this process knows masked in every text in it."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return value


def _is_steering(character: str) -> bool:
    """Whether the character could steer a terminal or a spreadsheet: controls, invisible turns of direction, halves of characters."""
    return character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def _error(error: CodalinkError) -> Record:
    return {"code": error.code, "cause": error.cause, "remedy": error.remedy}


def _company(company: Company) -> Record:
    return {
        "company": company.name,
        "database": company.database.name,
        "server": str(company.database.server),
        "vat": company.vat.digits if company.vat else "",
        "office_vat": company.office_vat.digits if company.office_vat else "",
    }


def _place(failure: DatabaseFailure) -> Record:
    return {"company": "", "database": failure.where, "server": failure.server, "vat": "", "office_vat": ""}


def _reason(error: CodalinkError | None) -> Record:
    return {"error": error.code if error else "", "cause": error.cause if error else "", "remedy": error.remedy if error else ""}


def databases(survey: Survey) -> list[Record]:
    """A row a company, and one for each database that could not be read or has none."""
    duplicates = find_duplicates(survey.companies)
    rows: list[Record] = []
    for found in survey.found:
        protocol = found.protocol.value if found.protocol else ""
        common: Record = {"source": found.source, "version": found.version, "protocol": protocol, "reachable": True}
        if not found.companies:
            rows.append({**_place_of(found.database.name, str(found.database.server)), **common, **_reason(None)})
        rows += [{**_company(company), **common, **_reason(duplicates.get(company))} for company in found.companies]
    unknown: Record = {"source": "", "version": "", "protocol": "", "reachable": False}
    rows += [{**_place(failure), **unknown, **_reason(failure.error)} for failure in survey.failures]
    return rows


def _place_of(database: str, server: str) -> Record:
    return {"company": "", "database": database, "server": server, "vat": "", "office_vat": ""}


def plan(planned: Plan) -> list[Record]:
    """A row a company."""
    rows: list[Record] = [{**_company(row.company), "plan": row.step.value, **_reason(row.error)} for row in planned.companies]
    rows += [{**_place(failure), "plan": "not reached", **_reason(failure.error)} for failure in planned.failures]
    return rows


def outcome(run: RunOutcome) -> list[Record]:
    """A row a company."""
    rows: list[Record] = [{**_company(row.company), "result": row.result.value, **_reason(row.error)} for row in run.companies]
    rows += [{**_place(failure), "result": "not reached", **_reason(failure.error)} for failure in run.failures]
    return rows


def status(office: OfficeStatus) -> list[Record]:
    """A row a company, its accounts in a list."""
    rows: list[Record] = []
    for row in office.companies:
        accounts: list[Record] = [
            {
                "iban": account.journal.iban,
                "journal": account.journal.name,
                "currency": account.journal.currency,
                "feed": account.journal.feed,
                "last_statement": account.last_statement.isoformat() if account.last_statement else None,
            }
            for account in row.accounts
        ]
        last = row.last_statement.isoformat() if row.last_statement else None
        connection: Record = {"connection": row.connection.value, "last_statement": last, "accounts": accounts}
        rows.append({**_company(row.company), **connection, **_reason(row.trouble or row.obstacle)})
    unknown: Record = {"connection": "unknown", "last_statement": None, "accounts": []}
    rows += [{**_place(failure), **unknown, **_reason(failure.error)} for failure in office.failures]
    return rows


def check(checked: OfficeCheck, repaired: Sequence[RepairOutcome] = ()) -> list[Record]:
    """A row a company with all its findings, and what was repaired; a row for each database that could not be read."""
    rows: list[Record] = [
        {
            **_company(one.company),
            "ready": one.is_ready,
            "connected": one.company.record.is_connected,
            "findings": [_finding(finding) for finding in one.findings],
            "repairs": [_repair(outcome) for outcome in repaired if _is_same(outcome.repair.company, one.company)],
        }
        for one in checked.companies
    ]
    for failure in checked.failures:
        finding = _finding(Finding(condition_of(failure), Grade.FAIL, failure.error))
        rows.append({**_place(failure), "ready": False, "connected": False, "findings": [finding], "repairs": []})
    return rows


def _is_same(one: Company, other: Company) -> bool:
    return (one.database, one.record.id) == (other.database, other.record.id)


def _finding(finding: Finding) -> Record:
    return {
        "condition": finding.condition.value,
        "grade": finding.grade.value,
        "account": finding.account,
        "note": finding.note,
        **_reason(finding.error),
    }


def _repair(outcome: RepairOutcome) -> Record:
    return {"what": outcome.repair.kind.value, "detail": outcome.repair.detail, **_reason(outcome.error)}


def retrieval(result: Retrieval) -> list[Record]:
    """A row a new statement, one for each account without news, and one for each company or database where nothing could be fetched."""
    rows: list[Record] = []
    for row in result.companies:
        if row.error is not None:
            rows.append({**_company(row.company), **_NO_STATEMENT, **_reason(row.error)})
        for account in row.accounts:
            common: Record = {**_company(row.company), **_NO_STATEMENT, "iban": account.journal.iban}
            rows += [{**common, **_reason(None)}] if not account.statements else []
            rows += [
                {
                    **common,
                    "statement": one.record.name,
                    "date": one.record.date.isoformat() if one.record.date else None,
                    "balance_start": str(one.record.balance_start),
                    "balance_end": str(one.record.balance_end),
                    "coda": one.has_coda,
                    "pdf": one.has_pdf,
                    **_reason(None),
                }
                for one in account.statements
            ]
    rows += [{**_place(failure), **_NO_STATEMENT, **_reason(failure.error)} for failure in result.failures]
    return rows


def keys(listing: KeyList) -> list[Record]:
    """A row a database. Nothing of a key is in it."""
    return [
        {
            "database": row.database.name,
            "server": str(row.database.server),
            "login": row.database.login,
            "key": row.state.value,
            "created": row.created.isoformat() if row.created else None,
            "age_days": row.age_days(listing.today),
            "expires": row.expires.isoformat() if row.expires else None,
            "days_left": row.days_left(listing.today),
            "unfinished": row.is_unfinished,
            "note": row.doubt,
            **_reason(row.error),
        }
        for row in listing.rows
    ]


_NO_STATEMENT: Record = {
    "iban": "",
    "statement": "",
    "date": None,
    "balance_start": None,
    "balance_end": None,
    "coda": None,
    "pdf": None,
}
