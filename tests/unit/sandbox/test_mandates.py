"""Mandates in MyCodaBox: what comes through, what the export says, and journals with a past."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest

from codalink.sandbox import Mandate, MandateState, Sandbox, World, add_history, mandates_export
from codalink.sandbox.demo_office import connect
from codalink.sandbox.world import Journal
from tests.unit.sandbox.asking import Ask
from tests.unit.sandbox.posting import post

FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"
OFFICE = "0771234528"


def exported(*mandates: Mandate) -> list[dict[str, str]]:
    text = mandates_export(mandates, OFFICE)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:]), delimiter=";"))


def fetched(ask: Ask) -> int:
    return len(ask("account.journal", FETCH, [1])["domain"][0][2])


@pytest.fixture
def account(world: World) -> str:
    connect(world, world.database("klant-001"))
    return str(world.database("klant-001").row("account.journal", 1)["bank_acc_number"]).replace(" ", "")


@pytest.fixture
def stand(world: World, account: str) -> Callable[[MandateState], Mandate]:
    return lambda state: world.proxy.add_mandate(Mandate(account, "Klant 001", "0401234560", OFFICE, state))


@pytest.mark.parametrize("state", MandateState, ids=lambda state: state.name.lower())
def test_statements_come_from_an_active_mandate_only(ask: Ask, stand: Callable[[MandateState], Mandate], state: MandateState) -> None:
    stand(state)

    assert (fetched(ask) > 0) is (state is MandateState.ACTIVE)


def test_mandate_that_becomes_active_delivers(ask: Ask, stand: Callable[[MandateState], Mandate]) -> None:
    stand(MandateState.BANK_PROCEDURE)
    before = fetched(ask)
    stand(MandateState.ACTIVE)

    assert (before, fetched(ask)) == (0, 2)


@pytest.mark.usefixtures("account")
def test_account_that_no_bank_has_gets_nothing(world: World, ask: Ask) -> None:
    journal = world.database("klant-001").add_journal(1, Journal("BE71096123456760", code="BNK2"))
    fetched(ask)

    assert ask("account.bank.statement", "search", [["journal_id", "=", journal]]) == []


def test_export_tells_client_number_account_and_state() -> None:
    mandate = Mandate("BE48063100791927", "Kruimel; & co", "0401234560", OFFICE, MandateState.PROBLEM, date(2026, 2, 1), "Why")

    assert exported(mandate) == [
        {
            "Client": "Kruimel; & co",
            "Enterprise number": "0401.234.560",
            "Account number (IBAN)": "BE48 0631 0079 1927",
            "Currency": "EUR",
            "Mandate state": "Problem",
            "State date": "01/02/2026",
            "Reason": "Why",
        }
    ]


def test_export_has_the_offices_own_mandates_only_and_none_that_nobody_made() -> None:
    ours = Mandate("BE48063100791927", "Kruimel", "0401234560", OFFICE)
    others = Mandate("BE16230101583874", "Meule", "0401306420", "0772345672")
    none = Mandate("BE84363102375759", "Copeau", "0402169225", OFFICE, MandateState.NONE)

    assert [row["Client"] for row in exported(ours, others, none)] == ["Kruimel"]


def test_every_account_of_a_plain_office_is_in_its_export(world: World) -> None:
    rows = exported(*world.proxy.mandates.values())

    assert len(rows) == 4
    assert {row["Mandate state"] for row in rows} == {"Active"}


def test_mycodabox_hands_the_export_over_as_it_stands_now(world: World, stand: Callable[[MandateState], Mandate]) -> None:
    with Sandbox(world) as sandbox:
        stand(MandateState.ARCHIVED)
        path = sandbox.mandates_url.removeprefix(sandbox.mycodabox_url)
        answer = post(sandbox._mycodabox, path, b"", method="GET")

    assert (answer.status, b";Archived;" in answer.body) == (200, True)


def test_history_ends_on_its_day_and_chains(world: World, ask: Ask) -> None:
    until = date(2026, 3, 31)
    made = add_history(world, world.database("klant-001"), journal_id=1, until=until, days=3)
    rows = ask("account.bank.statement", "read", made, ["date", "balance_start", "balance_end_real", "attachment_ids"])

    assert [row["date"] for row in rows] == [str(until - timedelta(days=left)) for left in (2, 1, 0)]
    assert [row["balance_end_real"] for row in rows[:-1]] == [row["balance_start"] for row in rows[1:]]
    assert {len(row["attachment_ids"]) for row in rows} == {2}


def test_files_after_a_history_chain_to_it(world: World, ask: Ask, account: str) -> None:
    made = add_history(world, world.database("klant-001"), journal_id=1, until=date(2026, 3, 31))
    silent = fetched(ask)
    world.proxy.bank_accounts[account].pass_days(1)
    new = ask("account.journal", FETCH, [1])["domain"][0][2]
    last, first = (ask("account.bank.statement", "read", ids, ["date", "balance_start", "balance_end_real"])[0] for ids in (made[-1:], new))

    assert silent == 0
    assert (first["date"], first["balance_start"]) == ("2026-04-01", last["balance_end_real"])
