"""Results for machines: a JSON envelope with a version, and CSV that a spreadsheet can't be tricked with.

The fields are listed here by hand, so that none appears or vanishes unnoticed; tests/unit/render/test_machine.py pins them.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from io import StringIO

from codalink.errors import CodalinkError
from codalink.office.connecting.outcome import RunOutcome
from codalink.office.connecting.plan import Plan
from codalink.office.keys.listing import KeyList
from codalink.office.keys.rotation import KeyRotation
from codalink.office.model import Company, DatabaseFailure, Survey
from codalink.office.overview.attention import Freshness, accounts_by_attention, by_attention
from codalink.office.overview.status import AccountStatus, CompanyStatus, OfficeStatus
from codalink.office.readiness.check import OfficeCheck
from codalink.office.readiness.duplicates import find_duplicates
from codalink.office.readiness.findings import Finding, Grade
from codalink.office.readiness.gates import Passage
from codalink.office.readiness.judgement import failed_condition
from codalink.office.readiness.mandates import Mandate
from codalink.office.readiness.repair import RepairOutcome
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


def company_fields(company: Company) -> Record:
    """Which company, in every row that is about one."""
    return {
        "company": company.name,
        "database": company.database.name,
        "server": str(company.database.server),
        "vat": company.vat.digits if company.vat else "",
        "office_vat": company.office_vat.digits if company.office_vat else "",
    }


def _place(failure: DatabaseFailure) -> Record:
    return {"company": "", "database": failure.where, "server": failure.server, "vat": "", "office_vat": ""}


def error_fields(error: CodalinkError | None) -> Record:
    """What is wrong and what to do, empty where nothing is."""
    return {"error": error.code if error else "", "cause": error.cause if error else "", "remedy": error.remedy if error else ""}


def databases(survey: Survey) -> list[Record]:
    """A row a company, and one for each database that could not be read or has none."""
    duplicates = find_duplicates(survey.companies)
    rows: list[Record] = []
    for found in survey.found:
        protocol = found.protocol.value if found.protocol else ""
        common: Record = {"source": found.source, "version": found.version, "protocol": protocol, "reachable": True}
        if not found.companies:
            rows.append({**place_fields(found.database.name, str(found.database.server)), **common, **error_fields(None)})
        rows += [{**company_fields(company), **common, **error_fields(duplicates.get(company))} for company in found.companies]
    unknown: Record = {"source": "", "version": "", "protocol": "", "reachable": False}
    rows += [{**_place(failure), **unknown, **error_fields(failure.error)} for failure in survey.failures]
    return rows


def place_fields(database: str, server: str) -> Record:
    """The same fields as a company's, for what is about no company."""
    return {"company": "", "database": database, "server": server, "vat": "", "office_vat": ""}


def plan(planned: Plan) -> list[Record]:
    """A row a company."""
    rows: list[Record] = [{**company_fields(row.company), "plan": row.step.value, **error_fields(row.error)} for row in planned.companies]
    rows += [{**_place(failure), "plan": "not reached", **error_fields(failure.error)} for failure in planned.failures]
    return rows


def outcome(run: RunOutcome) -> list[Record]:
    """A row a company."""
    rows: list[Record] = [{**company_fields(row.company), "result": row.result.value, **error_fields(row.error)} for row in run.companies]
    rows += [{**_place(failure), "result": "not reached", **error_fields(failure.error)} for failure in run.failures]
    return rows


def status(office: OfficeStatus, freshness: Freshness, *, only_problems: bool = False) -> list[Record]:
    """A row a company, its accounts in a list; a row for each mandate of a company that was not found."""
    rows = [_standing(row, freshness) for row in by_attention(office, freshness, only_problems=only_problems)]
    alone: Record = {**_UNKNOWN, **error_fields(None)}
    rows += [_stranger(passage.mandate, {**alone, "accounts": [_stray(passage)]}) for passage in office.strays if passage.mandate]
    return rows


_UNKNOWN: Record = {"connection": "unknown", "last_statement": None, "age_days": None, "gaps": None, "accounts": [], "soda_mandate": None}


def _standing(row: CompanyStatus | DatabaseFailure, freshness: Freshness) -> Record:
    if isinstance(row, DatabaseFailure):
        return {**_place(row), **_UNKNOWN, **error_fields(row.error)}
    found = [_gaps(one) for one in row.accounts]
    return {
        **company_fields(row.company),
        "connection": row.connection.value,
        **_last(row.last_statement, freshness),
        "gaps": None if None in found else sum(gaps or 0 for gaps in found),
        "accounts": [*(_account(one, freshness) for one in row.accounts), *(_stray(passage) for passage in row.strays)],
        "soda_mandate": row.payroll.word if row.payroll else None,
        **error_fields(row.trouble or row.obstacle),
    }


def status_accounts(office: OfficeStatus, freshness: Freshness, *, only_problems: bool = False) -> list[Record]:
    """A row an account; one for each company and database without any, and for each mandate without a journal."""
    found = accounts_by_attention(office, freshness, only_problems=only_problems)
    rows = [_account_row(row, one, freshness) for row, one in found]
    rows += [
        {**company_fields(row.company), "connection": row.connection.value, **_stray(passage)}
        for row in office.companies
        for passage in row.strays
    ]
    rows += [_stranger(passage.mandate, {"connection": "unknown", **_stray(passage)}) for passage in office.strays if passage.mandate]
    return rows


def _account_row(row: CompanyStatus | DatabaseFailure, one: AccountStatus | None, freshness: Freshness) -> Record:
    if isinstance(row, DatabaseFailure):
        return {**_place(row), "connection": "unknown", **_NO_ACCOUNT, **error_fields(row.error)}
    account = _account(one, freshness) if one else {**_NO_ACCOUNT, **error_fields(row.trouble or row.obstacle)}
    return {**company_fields(row.company), "connection": row.connection.value, **account}


def _last(last: date | None, freshness: Freshness) -> Record:
    return {"last_statement": last.isoformat() if last else None, "age_days": freshness.age_days(last)}


def _gaps(one: AccountStatus) -> int | None:
    """How many gaps its statements have; None where nobody has looked."""
    return None if one.check is None else sum(trouble.is_gap for trouble in one.check.troubles)


def _account(one: AccountStatus, freshness: Freshness) -> Record:
    """An account with its journal."""
    journal, check = one.account.journal, one.check
    return {
        "iban": journal.iban,
        "journal": journal.name,
        "currency": journal.currency,
        "feed": journal.feed,
        **_last(one.account.last_statement, freshness),
        "gaps": _gaps(one),
        "findings": [trouble.error.cause for trouble in check.troubles] if check else None,
        **_passage(one.passage),
    }


_NO_ACCOUNT: Record = {
    **dict.fromkeys(("iban", "journal", "currency", "feed", "last_statement", "age_days", "gaps", "findings")),
    **dict.fromkeys(("gate", "turn", "mandate", "mandate_date")),
}


def _stray(passage: Passage) -> Record:
    """An account that has a mandate only."""
    return {**_NO_ACCOUNT, "iban": passage.mandate.iban if passage.mandate else "", **_passage(passage)}


def _passage(passage: Passage) -> Record:
    mandate = passage.mandate
    return {
        "gate": passage.word,
        "turn": passage.turn.value,
        "mandate": mandate.word if mandate else None,
        "mandate_date": mandate.since.isoformat() if mandate and mandate.since else None,
        **error_fields(passage.reason),
    }


def _stranger(mandate: Mandate, known: Record) -> Record:
    number = mandate.number.digits if mandate.number else ""
    company: Record = {"company": mandate.company, "database": "", "server": "", "vat": number, "office_vat": ""}
    return {**company, **known}


def check(checked: OfficeCheck, repaired: Sequence[RepairOutcome] = ()) -> list[Record]:
    """A row a company with all its findings, and what was repaired; a row for each database that could not be read."""
    rows: list[Record] = [
        {
            **company_fields(one.company),
            "ready": one.is_ready,
            "connected": one.company.record.is_connected,
            "findings": [_finding(finding) for finding in one.findings],
            "repairs": [_repair(outcome) for outcome in repaired if _is_same(outcome.repair.company, one.company)],
        }
        for one in checked.companies
    ]
    for failure in checked.failures:
        finding = _finding(Finding(failed_condition(failure.error), Grade.FAIL, failure.error))
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
        **error_fields(finding.error),
    }


def _repair(outcome: RepairOutcome) -> Record:
    return {"what": outcome.repair.kind.value, "detail": outcome.repair.detail, **error_fields(outcome.error)}


def keys(listing: KeyList, failures: Sequence[DatabaseFailure] = ()) -> list[Record]:
    """A row a database, and one for each source that could not be asked. Nothing of a key is in it."""
    rows: list[Record] = [
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
            **error_fields(row.error),
        }
        for row in listing.rows
    ]
    unknown: Record = {"login": "", "key": "", "created": None, "age_days": None, "expires": None, "days_left": None}
    unknown |= {"unfinished": False, "note": ""}
    rows += [{"database": one.where, "server": one.server, **unknown, **error_fields(one.error)} for one in failures]
    return rows


def rotations(done: Sequence[KeyRotation]) -> list[Record]:
    """A row a database. Nothing of a key is in it."""
    return [
        {
            "database": one.database.name,
            "server": str(one.database.server),
            "login": one.database.login,
            "result": one.result.value,
            "expires": one.expires.isoformat() if one.expires else None,
            **error_fields(one.error),
        }
        for one in done
    ]
