"""Reading years of statements in pages, and judging them account by account."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from codalink import errors
from codalink.errors.statements import AccountSilent, BookedOtherwise, NotBooked, StatementsMissing
from codalink.odoo.codabox import history
from codalink.odoo.gateway import Call
from codalink.office.delivery.continuity import Link
from codalink.office.delivery.statements import CompanyStatements, OfficeStatements, StatementsRequest, check_statements, compare
from codalink.office.events import Event, Listener, nobody
from codalink.office.fleet import OneByOne
from codalink.office.means import Means
from codalink.office.model import Company
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import NUMBERS, FakeGateways, MemoryStore, ScriptedGateway, address, company, under_way_in

TODAY = date(2026, 3, 31)
IBAN, OTHER_IBAN = "BE56539001800388", "BE68539007547034"
Row = dict[str, object]


def journal(journal_id: int = 13, company_id: int = 1, iban: str = IBAN, currency: object = False, feed: str = "l10n_be_codabox") -> Row:
    owner: list[object] = [company_id, "x"]
    return {
        "id": journal_id,
        "company_id": owner,
        "name": "Bank",
        "bank_acc_number": iban,
        "currency_id": currency,
        "bank_statements_source": feed,
    }


def rows(count: int, journal_id: int = 13, left_out: Sequence[int] = ()) -> list[Row]:
    """A statement a day up to TODAY, ten more each."""
    return [
        {
            "id": 100 * journal_id + position,
            "journal_id": [journal_id, "Bank"],
            "name": f"2026/{position + 1:03}",
            "date": (TODAY - timedelta(days=count - 1 - position)).isoformat(),
            "balance_start": 10.0 * position,
            "balance_end_real": 10.0 * (position + 1),
        }
        for position in range(count)
        if position not in left_out
    ]


class Books(ScriptedGateway):
    """A database whose statements are answered in pages, as the domain and the limit say."""

    def __init__(self, journals: Sequence[Row], statements: Sequence[Row], name: str = "k1") -> None:
        self.statements = sorted(statements, key=lambda row: int(str(row["id"])))
        super().__init__({"account.journal.search_read": list(journals), "account.bank.statement.search_read": self._page}, address(name))

    def _page(self, call: Call) -> object:
        domain, limit = call.arguments["domain"], call.arguments["limit"]
        assert isinstance(domain, list)
        assert isinstance(limit, int)
        after = next(term[2] for term in domain if term[0] == "id")
        since = next((term[2] for term in domain if term[0] == "date"), "")
        return [row for row in self.statements if int(str(row["id"])) > after and str(row["date"]) >= since][:limit]


def checked(*companies: Company, books: Sequence[ScriptedGateway], listener: Listener = nobody, **more: object) -> OfficeStatements:
    means = Means(FakeGateways(*books), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), listener=listener)
    request = StatementsRequest(TODAY, timedelta(days=35), **more)  # type: ignore[arg-type]  # the tests know
    return check_statements(request, companies, (), means)


def only(found: OfficeStatements) -> CompanyStatements:
    (row,) = found.companies
    return row


def test_complete_account_is_told_with_its_period() -> None:
    found = checked(company("A", "k1"), books=[Books([journal()], rows(10))])

    (account,) = found.accounts
    assert (account.account, account.count, account.first, account.last) == (IBAN, 10, date(2026, 3, 22), TODAY)
    assert account.is_complete


def test_missing_statement_is_a_gap_with_days_amount_and_number() -> None:
    (account,) = checked(company("A", "k1"), books=[Books([journal()], rows(10, left_out=[4]))]).accounts

    (trouble,) = account.troubles
    assert isinstance(trouble.error, StatementsMissing)
    assert trouble.error.cause == (
        "Between 2026-03-25 and 2026-03-27 the balance goes from 40.00 to 50.00: +10.00 is missing, probably number 5."
    )
    assert not account.is_complete


def test_years_are_read_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 100)
    books = Books([journal()], rows(250))

    (account,) = checked(company("A", "k1"), books=[books]).accounts

    assert (account.count, account.is_complete) == (250, True)
    assert len(books.calls) == 1 + 3


def test_page_that_is_just_full_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 100)
    books = Books([journal()], rows(200))

    assert checked(company("A", "k1"), books=[books]).accounts[0].count == 200
    assert len(books.calls) == 1 + 3


def test_database_without_bank_journal_is_not_asked_for_statements() -> None:
    books = Books([], [])

    assert only(checked(company("A", "k1"), books=[books])).accounts == ()
    assert len(books.calls) == 1


def test_each_account_is_a_chain_of_its_own() -> None:
    both = [journal(), journal(14, iban=OTHER_IBAN)]

    found = checked(company("A", "k1"), books=[Books(both, [*rows(5), *rows(5, 14, left_out=[2])])])

    assert [account.is_complete for account in found.accounts] == [True, False]


def test_companies_of_one_database_are_read_together() -> None:
    books = Books([journal(), journal(14, company_id=2, iban=OTHER_IBAN)], [*rows(5), *rows(5, 14)])

    found = checked(company("A", "k1"), company("B", "k1", record_id=2, number=NUMBERS[1]), books=[books])

    assert [[account.account for account in row.accounts] for row in found.companies] == [[IBAN], [OTHER_IBAN]]
    assert len(books.calls) == 2


def test_since_reads_no_older_ones() -> None:
    (account,) = checked(company("A", "k1"), books=[Books([journal()], rows(10, left_out=[2]))], since=date(2026, 3, 26)).accounts

    assert (account.count, account.is_complete) == (6, True)


def test_silence_is_a_hint_and_only_on_accounts_that_codabox_fills() -> None:
    old = [{**row, "date": "2026-01-05"} for row in rows(1)]
    other = [{**row, "date": "2026-01-05"} for row in rows(1, 14)]
    journals = [journal(), journal(14, iban=OTHER_IBAN, feed="online_sync")]

    first, second = checked(company("A", "k1"), books=[Books(journals, [*old, *other])]).accounts

    assert [type(trouble.error) for trouble in first.troubles] == [AccountSilent]
    assert first.is_complete
    assert not second.troubles


def test_undated_statement_is_left_out() -> None:
    assert checked(company("A", "k1"), books=[Books([journal()], [{**rows(1)[0], "date": False}])], since=None).accounts[0].count == 0


def test_broken_database_is_its_own_row() -> None:
    broken = ScriptedGateway({"search_read": errors.RightsMissing("No.")}, address("k2"))

    found = checked(company("A", "k1"), company("B", "k2", number=NUMBERS[1]), books=[Books([journal()], rows(3)), broken])

    assert [type(row.error) for row in found.companies] == [type(None), errors.RightsMissing]


def link(day: int, old: int, new: int, label: str = "a.cod, line 1") -> Link:
    return Link(date(2026, 3, day), Decimal(old), Decimal(new), label=label)


def test_files_that_say_what_odoo_booked_are_silent() -> None:
    assert compare([link(1, 0, 10), link(2, 10, 20)], [link(1, 0, 10), link(2, 10, 20)]) == []


def test_file_that_odoo_lacks_is_told_with_its_name() -> None:
    (trouble,) = compare([link(1, 0, 10)], [link(1, 0, 10), link(2, 10, 20, "b.cod, line 7")])

    assert isinstance(trouble.error, NotBooked)
    assert "b.cod, line 7" in trouble.error.cause


def test_statement_that_somebody_edited_is_told() -> None:
    (trouble,) = compare([link(1, 0, 11)], [link(1, 0, 10)])

    assert isinstance(trouble.error, BookedOtherwise)


def test_files_are_compared_with_the_journal_of_their_account_and_currency() -> None:
    files = {(IBAN, "EUR"): [link(31, 0, 10)], (IBAN, "USD"): [link(30, 5, 6)]}
    journals = [journal(), journal(14, currency=[2, "USD"])]

    euros, dollars = checked(company("A", "k1"), books=[Books(journals, rows(1))], files=files).accounts

    assert euros.troubles == ()
    assert [type(trouble.error) for trouble in dollars.troubles] == [NotBooked]


def test_how_far_a_database_is_read_is_told_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 1000)
    heard: list[Event] = []
    checked(company("A", "k1"), books=[Books([journal()], rows(1250))], listener=heard.append)

    assert under_way_in(heard) == [
        ("k1", "reading statements"),
        ("k1", "1,000 statements so far"),
        ("k1", "1,250 statements so far"),
        ("k1", "read"),
    ]
