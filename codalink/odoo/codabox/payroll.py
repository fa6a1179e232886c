"""Payroll: fetching SODA files, and the entries that they became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from codalink.errors import AnswerUnexpected, NoFiles
from codalink.odoo import answers
from codalink.odoo.codabox.fetching import fetch
from codalink.odoo.gateway import Gateway, Json, search_read


@dataclass(frozen=True)
class EntryRecord:
    """A journal entry made from a SODA file. `is_draft`: a person has yet to post it."""

    id: int
    name: str
    date: date | None
    is_draft: bool


def fetch_soda(gateway: Gateway, company_id: int, journal_id: int) -> list[int]:
    """Fetch new SODA files into the journal; ids of the new entries. One call of up to 15 minutes.

    Nothing new is an empty list: Odoo answers with a notification then, or with an error (recordings fetch_soda, fetch_soda_nothing).
    Raises FetchTimedOut.
    """
    button = "l10n_be_codabox_manually_fetch_soda_transactions"
    try:
        answer = fetch(gateway, button, company_id, journal_id)
    except NoFiles:
        return []
    action = answers.action(answer, "fetch SODA files")
    if action.get("tag") == "display_notification":
        return []
    domain = action.get("domain")
    for term in domain if isinstance(domain, list) else []:
        if isinstance(term, list) and len(term) == 3 and term[0] == "id" and isinstance(term[2], list):
            return [number for number in term[2] if answers.is_id(number)]
    raise AnswerUnexpected("Odoo fetched payroll files, but did not tell which entries are new.")


def read_entries(gateway: Gateway, company_id: int, entry_ids: Sequence[int]) -> list[EntryRecord]:
    """Entries by id. One call, none for an empty list."""
    return _found(gateway, company_id, [["id", "in", list(entry_ids)]]) if entry_ids else []


def read_journal_entries(gateway: Gateway, company_id: int, journal_id: int, since: date | None) -> list[EntryRecord]:
    """The journal's entries, from a day on or all of them, whoever made them. One call."""
    later: list[Json] = [["date", ">=", since.isoformat()]] if since else []
    return _found(gateway, company_id, [["journal_id", "=", journal_id], *later])


def _found(gateway: Gateway, company_id: int, domain: Sequence[Json]) -> list[EntryRecord]:
    call = search_read("account.move", domain, ["name", "ref", "date", "state"], companies=[company_id])
    return [_entry(row) for row in answers.rows(gateway.execute(call), "the payroll entries")]


def _entry(row: answers.Row) -> EntryRecord:
    name = answers.text(row, "ref") or answers.text(row, "name")
    return EntryRecord(answers.own_id(row), name, answers.day(row, "date"), row.get("state") == "draft")
