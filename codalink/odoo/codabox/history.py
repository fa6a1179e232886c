"""All statements of bank journals, years of them, in pages."""

from collections.abc import Iterator, Sequence
from datetime import date

from codalink.errors import AnswerUnexpected
from codalink.odoo import answers
from codalink.odoo.codabox.statements import StatementRecord, statement_record
from codalink.odoo.gateway import Gateway, Json, search_read

PAGE = 2000
"""Statements a call: some 300 KB of JSON."""
MOST_PAGES = 500
"""A million statements, more than all companies of a database have in a lifetime: a server that means harm would never come to an end."""
_FIELDS = ["journal_id", "name", "date", "balance_start", "balance_end_real"]


def read_history(
    gateway: Gateway, company_ids: Sequence[int], journal_ids: Sequence[int], since: date | None = None
) -> Iterator[list[StatementRecord]]:
    """The journals' statements in pages, in the order in which Odoo made them. One call a page, none for no journals.

    Each page begins after the last id of the one before, so that a statement that comes in meanwhile neither hides nor repeats one.
    """
    domain: list[Json] = [["journal_id", "in", list(journal_ids)]]
    if since is not None:
        domain.append(["date", ">=", since.isoformat()])
    last_id, pages, is_full = 0, 0, bool(journal_ids)
    while is_full:
        pages += 1
        call = search_read(
            "account.bank.statement", [*domain, ["id", ">", last_id]], _FIELDS, order="id", limit=PAGE, companies=company_ids
        )
        page = [statement_record(row) for row in answers.rows(gateway.execute(call), "its statements")]
        if pages > MOST_PAGES or any(one.id <= last_id for one in page):
            raise AnswerUnexpected("Odoo was asked for further statements, and tells them again and again.")
        yield page
        is_full = len(page) == PAGE
        last_id = page[-1].id if page else 0
