"""Fetching statements, and what came in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.office.delivery.retrieve import Retrieval, retrieve, retrieve_company
from codalink.office.events import Event, PieceDone, UnderWay
from codalink.office.fleet import OneByOne, Stop
from codalink.office.means import Means
from codalink.office.model import Company
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import FakeGateways, MemoryStore, ScriptedGateway, address, changes_in, company, under_way_in

FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"
FETCH_SODA = "l10n_be_codabox_manually_fetch_soda_transactions"
CONNECTED = company("Bakkerij", "k1", is_connected=True)


def journal(number: int = 13, feed: str = "l10n_be_codabox", iban: str = "BE56 5390 0180 0388") -> dict[str, object]:
    return {"id": number, "company_id": [1, "x"], "name": "Bank", "bank_acc_number": iban, "bank_statements_source": feed}


def statement(number: int, journal_id: int = 13, attachments: tuple[int, ...] = ()) -> dict[str, object]:
    return {
        "id": number,
        "journal_id": [journal_id, "Bank"],
        "name": f"2026/{number:03}",
        "date": "2026-01-05",
        "balance_start": 1.0,
        "balance_end_real": 2.5,
        "attachment_ids": list(attachments),
    }


def database(name: str = "k1", **answers: object) -> ScriptedGateway:
    return ScriptedGateway(
        {
            "account.journal.search_read": answers.get("journals", [journal()]),
            FETCH_SODA: errors.NoFiles(),
            FETCH: answers.get("fetched", {"type": "x", "domain": [["statement_id", "in", [1, 2]]]}),
            "account.bank.statement.search_read": answers.get("statements", [statement(1, attachments=(4, 5)), statement(2)]),
            "ir.attachment.search_read": [{"id": 4, "name": "Original CodaBox.CODA"}, {"id": 5, "name": "x.pdf"}],
        },
        address(name),
    )


def means(*gateways: ScriptedGateway, stop: Stop | None = None) -> Means:
    return Means(FakeGateways(*gateways), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), stop or Stop())


def test_new_statements_are_told_with_their_files() -> None:
    found = retrieve_company(CONNECTED, means(database()))
    ((first, second),) = (account.statements for account in found.accounts)

    assert (first.record.name, first.has_coda, first.has_pdf, first.record.balance_end) == ("2026/001", True, True, Decimal("2.50"))
    assert (second.has_coda, second.has_pdf) == (False, False)


def test_company_counts_its_statements() -> None:
    assert retrieve_company(CONNECTED, means(database())).count == 2


def test_nothing_new_takes_two_calls() -> None:
    gateway = database(fetched=errors.NoFiles())
    found = retrieve_company(CONNECTED, means(gateway))

    assert [call.method for call in gateway.calls] == ["search_read", FETCH]
    assert (found.error, found.count) == (None, 0)


def test_company_that_is_not_connected_makes_no_call() -> None:
    gateway = database()
    found = retrieve_company(company("Open", "k1"), means(gateway))

    assert isinstance(found.error, errors.NoConnection)
    assert gateway.calls == []


@pytest.mark.parametrize("journals", [[], [journal(feed="online_sync")], [journal(iban="")]], ids=["none", "other feed", "no IBAN"])
def test_company_without_a_journal_for_codabox_is_told(journals: list[object]) -> None:
    assert isinstance(retrieve_company(CONNECTED, means(database(journals=journals))).error, errors.NoCodaBoxJournal)


def test_button_is_pressed_on_codaboxs_own_journal() -> None:
    gateway = database(journals=[journal(1, "undefined"), journal(2), journal(3)])
    retrieve_company(CONNECTED, means(gateway))

    assert [call.ids for call in gateway.calls if call.method == FETCH] == [(2,)]


@pytest.mark.parametrize("error", [errors.ConsentInvalid(), errors.AnswerLost(), errors.RightsMissing()])
def test_failure_is_the_companys_result(error: CodalinkError) -> None:
    assert retrieve_company(CONNECTED, means(database(fetched=error))).error is error


@pytest.mark.parametrize("button", [FETCH, FETCH_SODA])
def test_fetch_that_takes_too_long_says_that_odoo_may_still_be_at_it(button: str) -> None:
    payroll = replace(CONNECTED, record=replace(CONNECTED.record, soda_journal_id=9))
    late = ScriptedGateway({"search_read": [journal()], FETCH: errors.NoFiles(), button: errors.AnswerTimedOut()}, address("k1"))

    error = retrieve_company(payroll, means(late)).error

    assert isinstance(error, errors.FetchTimedOut)
    assert "after 16 minutes" in error.cause


@pytest.mark.parametrize(("fetched", "result"), [(errors.NoFiles(), "done"), (errors.CodaBoxDown(), "unknown")])
def test_fetching_is_announced_with_its_end(fetched: CodalinkError, result: str) -> None:
    heard: list[Event] = []
    retrieve_company(CONNECTED, replace(means(database(fetched=fetched)), listener=heard.append))

    assert changes_in(heard) == [("retrieve", "Bakkerij", result)]


def test_absurd_amount_is_the_companys_failure() -> None:
    """One strange database costs its own row and nobody else's."""
    absurd = [{**statement(1), "balance_start": 1e30}]
    others = company("Slagerij", "k2", is_connected=True)

    found = retrieve([CONNECTED, others], [], means(database(statements=absurd), database("k2")))

    assert found.companies[1].count == 2


def retrieved(*companies: Company, stop: Stop | None = None) -> Retrieval:
    return retrieve(companies, [], means(database("k1", fetched=errors.ProxyDown()), database("k2"), stop=stop))


def test_one_failure_is_one_row() -> None:
    found = retrieved(CONNECTED, company("Slagerij", "k2", is_connected=True))

    assert [(row.company.name, row.count, row.error is None) for row in found.companies] == [("Bakkerij", 0, False), ("Slagerij", 2, True)]


def test_interrupted_retrieval_leaves_out_what_was_not_asked() -> None:
    stop = Stop()
    stop.request()

    assert retrieved(CONNECTED, stop=stop) == Retrieval((), (), was_interrupted=True)


def test_what_is_being_done_is_told_step_by_step_for_each_company() -> None:
    heard: list[Event] = []
    payroll = replace(CONNECTED, record=replace(CONNECTED.record, soda_journal_id=9))
    retrieve([payroll], [], replace(means(database()), listener=heard.append))

    assert under_way_in(heard) == [
        ("Bakkerij", "looking for its bank journals"),
        ("Bakkerij", "fetching CODA"),
        ("Bakkerij", "reading statements, 2 new"),
        ("Bakkerij", "fetching SODA"),
        ("Bakkerij", "2 new"),
    ]


def test_nothing_new_is_what_came_of_it_too() -> None:
    heard: list[Event] = []
    retrieve([CONNECTED], [], replace(means(database(fetched=errors.NoFiles())), listener=heard.append))

    assert under_way_in(heard)[-1] == ("Bakkerij", "nothing new")


def test_each_company_of_a_database_is_done_when_it_is_done() -> None:
    """Not when its database is: a fetch may take a quarter of an hour."""
    heard: list[Event] = []
    neighbour = replace(CONNECTED, record=replace(CONNECTED.record, id=2, name="Winkel"))
    retrieve([CONNECTED, neighbour], [], replace(means(database(fetched=errors.NoFiles())), listener=heard.append))

    done = [number for number, one in enumerate(heard) if isinstance(one, PieceDone)]
    assert done[0] < heard.index(UnderWay(neighbour, "fetching CODA")) < done[1]
