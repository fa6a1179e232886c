"""Journals, statements and attachments: paging, amounts, and answers that are not what was promised."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from codalink.errors import AnswerUnexpected, CodalinkError, ConsentInvalid, NoFiles
from codalink.odoo.codabox.statements import (
    JournalRecord,
    StatementRecord,
    attachment_names,
    fetch_coda,
    first_statement_after,
    last_statement_before,
    last_statement_dates,
    read_journals,
    read_statements,
)
from codalink.odoo.gateway import Call, Gateway, Json, Patience
from tests.unit.fakes import ScriptedGateway

FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"


def window(domain: object) -> dict[str, object]:
    return {"type": "ir.actions.act_window", "domain": domain}


def only_statement(**fields: object) -> StatementRecord:
    (found,) = read_statements(ScriptedGateway({"search_read": [{"id": 1, **fields}]}), 1, [1])
    return found


# --- journals ------------------------------------------------------------------------------------------------------------------------


def test_strange_journal_has_empty_values() -> None:
    rows = [{"id": 1, "name": 7, "company_id": False, "bank_acc_number": False, "currency_id": [], "bank_statements_source": None}]

    assert read_journals(ScriptedGateway({"search_read": rows}), [1]) == [JournalRecord(1, 0, "", "", "", "")]


def test_journals_currency_is_its_name() -> None:
    rows = [{"id": 1, "company_id": [1, "x"], "currency_id": [2, "USD"]}]

    assert read_journals(ScriptedGateway({"search_read": rows}), [1])[0].currency == "USD"


@pytest.mark.parametrize(
    ("feed", "takes"), [("l10n_be_codabox", True), ("undefined", True), ("online_sync", False), ("file_import", False), ("", False)]
)
def test_journal_takes_codabox_where_the_feed_is_its_or_none(feed: str, takes: bool) -> None:
    assert JournalRecord(1, 1, "Bank", "", "", feed).takes_codabox is takes


@pytest.mark.parametrize("answer", [None, False, {}, [1], "x"])
def test_strange_journals_are_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        read_journals(ScriptedGateway({"search_read": answer}), [1])


# --- fetching ------------------------------------------------------------------------------------------------------------------------


def test_new_statements_are_found_anywhere_in_the_domain() -> None:
    domain = ["&", ["journal_id", "=", 13], ["statement_id", "in", [4, 5]]]

    assert fetch_coda(ScriptedGateway({FETCH: window(domain)}), 1, 13) == [4, 5]


def test_what_is_no_id_among_the_new_statements_is_left_out() -> None:
    assert fetch_coda(ScriptedGateway({FETCH: window([["statement_id", "in", [4, False, "5", 0]]])}), 1, 13) == [4]


def test_no_files_is_nothing_new() -> None:
    assert fetch_coda(ScriptedGateway({FETCH: NoFiles()}), 1, 13) == []


def test_missing_consent_is_no_nothing_new() -> None:
    with pytest.raises(ConsentInvalid):
        fetch_coda(ScriptedGateway({FETCH: ConsentInvalid()}), 1, 13)


@pytest.mark.parametrize(
    "answer",
    [None, False, [], "x", {}, window(None), window([]), window("[('statement_id', 'in', [1])]"), window([["id", "in", [1]]]), window([1])],
)
def test_answer_that_does_not_tell_the_new_statements_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        fetch_coda(ScriptedGateway({FETCH: answer}), 1, 13)


def test_fetching_has_fifteen_minutes() -> None:
    gateway = ScriptedGateway({FETCH: window([["statement_id", "in", []]])})
    fetch_coda(gateway, 1, 13)

    assert gateway.calls[0].patience is Patience.RETRIEVE


# --- statements ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        (0.1, "0.10"),
        (8475.42, "8475.42"),
        (-12.5, "-12.50"),
        (100, "100.00"),
        (1e-9, "0.00"),
        (123456789.99, "123456789.99"),
        (False, "0"),
        (None, "0"),
        ("12", "0"),
    ],
)
def test_amount_has_two_decimals(sent: object, amount: str) -> None:
    assert only_statement(balance_start=sent).balance_start == Decimal(amount)


@pytest.mark.parametrize("sent", [float("inf"), 1e30, 10**40], ids=["infinity", "1e30", "10^40"])
def test_absurd_amount_is_no_crash(sent: object) -> None:
    """One strange database costs its own row: what is raised must be ours."""
    try:
        only_statement(balance_start=sent)
    except CodalinkError:
        return


def test_strange_statement_has_empty_values() -> None:
    found = only_statement(journal_id=False, name=False, date=False, attachment_ids=False)

    assert found == StatementRecord(1, 0, "", None, Decimal(0), Decimal(0), ())


def test_what_is_no_id_among_the_attachments_is_left_out() -> None:
    assert only_statement(attachment_ids=[4, False, "5"]).attachment_ids == (4,)


@pytest.mark.parametrize("answer", [None, False, {}, [1], "x"])
def test_strange_statements_are_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        read_statements(ScriptedGateway({"search_read": answer}), 1, [1])


# --- last statements -----------------------------------------------------------------------------------------------------------------


class Statements(ScriptedGateway):
    """Statements as (journal, day of January), answered newest first and in pages."""

    def __init__(self, *statements: tuple[int, int]) -> None:
        self.statements = sorted(statements, key=lambda one: -one[1])
        super().__init__({"search_read": self._page})

    def _page(self, call: Call) -> Json:
        domain = call.arguments["domain"]
        assert isinstance(domain, list)
        wanted = domain[0][2]  # one term, as codalink asks
        limit = call.arguments["limit"]
        assert isinstance(limit, int)
        rows: list[Json] = [
            {"id": number, "journal_id": [journal, "x"], "date": f"2026-01-{day:02}"}
            for number, (journal, day) in enumerate(self.statements, start=1)
            if journal in wanted
        ]
        return rows[:limit]


def test_last_statement_of_each_journal_is_found() -> None:
    assert last_statement_dates(Statements((1, 3), (1, 5), (2, 4)), [1], [1, 2]) == {1: date(2026, 1, 5), 2: date(2026, 1, 4)}


def test_one_call_is_enough_as_a_rule() -> None:
    gateway = Statements((1, 3), (2, 4))
    last_statement_dates(gateway, [1], [1, 2])

    assert len(gateway.calls) == 1


def test_journal_behind_a_busy_one_is_found_all_the_same() -> None:
    gateway = Statements(*[(1, 20)] * 50, (2, 4))

    assert last_statement_dates(gateway, [1], [1, 2])[2] == date(2026, 1, 4)


def test_next_page_is_for_the_journals_that_have_not_shown_up() -> None:
    gateway = Statements(*[(1, 20)] * 50, (2, 4))
    last_statement_dates(gateway, [1], [1, 2])

    assert [call.arguments["domain"] for call in gateway.calls] == [[["journal_id", "in", [1, 2]]], [["journal_id", "in", [2]]]]


def test_journal_without_statements_is_left_out() -> None:
    assert last_statement_dates(Statements((1, 3)), [1], [1, 2]) == {1: date(2026, 1, 3)}


def test_no_journals_is_no_call() -> None:
    gateway = Statements()

    assert last_statement_dates(gateway, [1], []) == {}
    assert gateway.calls == []


def test_server_that_answers_the_same_page_for_ever_is_left() -> None:
    page = [{"id": number, "journal_id": [9, "x"], "date": "2026-01-01"} for number in range(1, 21)]

    assert last_statement_dates(ScriptedGateway({"search_read": page}), [1], [1]) == {9: date(2026, 1, 1)}


# --- attachments ---------------------------------------------------------------------------------------------------------------------


def test_no_attachments_is_no_call() -> None:
    gateway = ScriptedGateway({})

    assert attachment_names(gateway, 1, []) == {}
    assert gateway.calls == []


def test_attachments_content_is_not_fetched() -> None:
    gateway = ScriptedGateway({"search_read": []})
    attachment_names(gateway, 1, [4])

    assert gateway.calls[0].arguments["fields"] == ["name"]


# --- around a gap --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "term", "order"),
    [
        (last_statement_before, ["date", "<", "2026-03-02"], "date desc, id desc"),
        (first_statement_after, ["date", ">", "2026-03-02"], "date, id"),
    ],
)
def test_nearest_statement_is_one_call_for_one_row(
    read: Callable[[Gateway, int, int, date], StatementRecord | None], term: list[str], order: str
) -> None:
    odoo = ScriptedGateway({"search_read": [{"id": 7, "journal_id": [4, "Bank"], "date": "2026-02-27", "balance_end_real": 12.5}]})
    found = read(odoo, 1, 4, date(2026, 3, 2))

    assert found is not None
    assert (found.id, found.balance_end) == (7, Decimal("12.50"))
    (call,) = odoo.calls
    assert call.arguments["domain"] == [["journal_id", "=", 4], term]
    assert (call.arguments["order"], call.arguments["limit"], call.companies) == (order, 1, (1,))


def test_no_statement_on_that_side_is_none() -> None:
    assert last_statement_before(ScriptedGateway({"search_read": []}), 1, 4, date(2026, 3, 2)) is None
