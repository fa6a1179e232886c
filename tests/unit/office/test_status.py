"""Where every company stands."""

from datetime import date

import pytest

from codalink import errors
from codalink.office.duplicates import find_duplicates
from codalink.office.fleet import OneByOne, Stop
from codalink.office.means import Means
from codalink.office.model import Company
from codalink.office.status import Connection, OfficeStatus, read_status
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import NUMBERS, OFFICE, FakeGateways, MemoryStore, ScriptedGateway, address, company

REFRESH = "l10n_be_codabox_refresh_connection_status"
CONNECTED = company("Bakkerij", "k1", is_connected=True)
OPEN = company("Open", "k1")
FRENCH = company("French", "k1", country="FR")


def shown(kind: str, message: str = "") -> dict[str, object]:
    return {"type": "ir.actions.client", "params": {"type": kind, "message": message}}


NO_CONSENT = shown("danger", "CodaBox consent is not valid. Please reconnect.")
NO_CONNECTION = shown("danger", "No connection exists with these VAT/Company ID number(s). Please check your configuration.")


def database(name: str = "k1", refreshed: object = None, journals: object = None) -> ScriptedGateway:
    found = [
        {"id": 13, "company_id": [1, "x"], "bank_acc_number": "BE1", "bank_statements_source": "l10n_be_codabox"},
        {"id": 14, "company_id": [1, "x"], "bank_acc_number": "BE2", "bank_statements_source": "undefined"},
    ]
    dates = [{"id": 2, "journal_id": [13, "x"], "date": "2026-01-06"}, {"id": 1, "journal_id": [14, "x"], "date": "2026-01-05"}]
    answers = {
        "account.journal.search_read": found if journals is None else journals,
        "account.bank.statement.search_read": dates,
        "create": [4],
        REFRESH: refreshed,
    }
    return ScriptedGateway(answers, address(name))


def status(*companies: Company, gateways: tuple[ScriptedGateway, ...] = (), with_refresh: bool = False) -> OfficeStatus:
    means = Means(FakeGateways(*(gateways or (database(),))), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), Stop())
    return read_status(OFFICE, companies, [], means, with_refresh=with_refresh)


@pytest.mark.parametrize(
    ("one", "connection"),
    [
        (CONNECTED, Connection.CONNECTED),
        (OPEN, Connection.NOT_CONNECTED),
        (FRENCH, Connection.NOT_CONNECTABLE),
        (company("Connected elsewhere", "k1", is_connected=True, office=NUMBERS[1]), Connection.CONNECTED),
    ],
    ids=lambda one: one.name,
)
def test_company_stands_as_its_database_has_it(one: Company, connection: Connection) -> None:
    assert status(one).companies[0].connection is connection


def test_branch_is_not_said_to_wait_for_connect_all() -> None:
    branch = company("Branch", "k1", record_id=2, parent_id=1)
    both = [OPEN, branch]
    means = Means(FakeGateways(database()), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), Stop())
    rows = read_status(OFFICE, both, [], means, with_refresh=False, duplicates=find_duplicates(both)).companies

    assert [(row.connection, type(row.obstacle)) for row in rows] == [
        (Connection.NOT_CONNECTED, type(None)),
        (Connection.NOT_CONNECTABLE, errors.SharedConnection),
    ]


@pytest.mark.parametrize(
    ("refreshed", "connection"),
    [(shown("success"), Connection.CONNECTED), (NO_CONSENT, Connection.CONSENT_MISSING), (NO_CONNECTION, Connection.NOT_CONNECTED)],
)
@pytest.mark.parametrize("one", [CONNECTED, OPEN], ids=lambda one: one.name)
def test_what_codabox_says_wins(one: Company, refreshed: object, connection: Connection) -> None:
    assert status(one, gateways=(database(refreshed=refreshed),), with_refresh=True).companies[0].connection is connection


def test_trouble_with_codabox_leaves_what_the_database_has() -> None:
    (row,) = status(CONNECTED, gateways=(database(refreshed=errors.ProxyDown()),), with_refresh=True).companies

    assert (row.connection, type(row.trouble)) == (Connection.CONNECTED, errors.ProxyDown)


def test_codabox_is_not_asked_about_another_offices_company() -> None:
    gateway = database(refreshed=shown("success"))
    status(company("Other", "k1", office=NUMBERS[1]), gateways=(gateway,), with_refresh=True)

    assert not any(call.method == REFRESH for call in gateway.calls)


def test_accounts_have_their_last_statements() -> None:
    (row,) = status(CONNECTED).companies

    assert [(one.journal.iban, one.last_statement) for one in row.accounts] == [("BE1", date(2026, 1, 6)), ("BE2", date(2026, 1, 5))]
    assert row.last_statement == date(2026, 1, 6)


def test_database_takes_two_calls() -> None:
    gateway = database()
    status(CONNECTED, OPEN, gateways=(gateway,))

    assert len(gateway.calls) == 2


def test_broken_database_costs_its_own_rows() -> None:
    other = company("Slagerij", "k2", is_connected=True)
    found = status(CONNECTED, other, gateways=(database(journals=errors.RightsMissing()), database("k2")))

    assert [type(row.trouble) for row in found.companies] == [errors.RightsMissing, type(None)]


def test_companies_stay_in_order() -> None:
    companies = (company("B", "k2"), CONNECTED, company("A", "k2", record_id=2), OPEN)

    assert [row.company for row in status(*companies, gateways=(database(), database("k2"))).companies] == list(companies)
