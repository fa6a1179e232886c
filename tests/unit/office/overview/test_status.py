"""Where every company stands."""

from collections.abc import Mapping
from datetime import date

import pytest

from codalink import errors
from codalink.office.fleet import OneByOne, Stop
from codalink.office.means import Means
from codalink.office.model import Company, Vat
from codalink.office.overview.status import Connection, OfficeStatus, read_status
from codalink.office.readiness.duplicates import find_duplicates
from codalink.office.readiness.gates import Gate
from codalink.office.readiness.mandates import Mandate, MandateKind, Mandates, MandateState
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


def status(
    *companies: Company,
    gateways: tuple[ScriptedGateway, ...] = (),
    with_refresh: bool = False,
    mandates: Mandates | None = None,
    duplicates: Mapping[Company, errors.NotConnectable] | None = None,
    is_whole: bool = True,
) -> OfficeStatus:
    means = Means(FakeGateways(*(gateways or (database(),))), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), Stop())
    return read_status(OFFICE, companies, [], means, with_refresh=with_refresh, mandates=mandates, duplicates=duplicates, is_whole=is_whole)


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

    assert [(one.account.journal.iban, one.account.last_statement) for one in row.accounts] == [
        ("BE1", date(2026, 1, 6)),
        ("BE2", date(2026, 1, 5)),
    ]
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


# --- gates and mandates --------------------------------------------------------------------------------------------------------------

IBAN, OTHER = "BE68539007547034", "BE71096123456769"
JOURNALS = [{"id": 13, "company_id": [1, "x"], "bank_acc_number": "BE68 5390 0754 7034", "bank_statements_source": "l10n_be_codabox"}]


def mandate(
    iban: str = IBAN,
    state: MandateState = MandateState.AWAITING_SIGNATURE,
    number: str = "",
    kind: MandateKind = MandateKind.CODA,
) -> Mandate:
    return Mandate(iban, state, state.value, kind, number=Vat(number) if number else None)


@pytest.mark.parametrize(
    ("one", "refreshed", "gate"),
    [
        (OPEN, None, Gate.CONNECTION),
        (OPEN, NO_CONNECTION, Gate.CONNECTION),
        (CONNECTED, NO_CONNECTION, Gate.CONNECTION),
        (CONNECTED, NO_CONSENT, Gate.CONSENT),
        (OPEN, NO_CONSENT, Gate.CONSENT),
        (CONNECTED, shown("success"), Gate.MANDATE),
        (CONNECTED, None, Gate.MANDATE),
    ],
)
def test_account_stands_at_its_first_closed_gate(one: Company, refreshed: object, gate: Gate) -> None:
    place = database(refreshed=refreshed, journals=JOURNALS)
    (row,) = status(one, gateways=(place,), with_refresh=refreshed is not None, mandates=Mandates((mandate(),))).companies

    assert [account.passage.gate for account in row.accounts] == [gate]


@pytest.mark.parametrize(
    ("refreshed", "is_known"), [(None, False), (shown("success"), True), (errors.ProxyDown(), False)], ids=["not asked", "asked", "silent"]
)
def test_consent_is_known_where_codabox_has_answered(refreshed: object, is_known: bool) -> None:
    place = database(refreshed=refreshed, journals=JOURNALS)
    (row,) = status(CONNECTED, gateways=(place,), with_refresh=refreshed is not None).companies

    assert (Gate.CONSENT not in row.accounts[0].passage.unknown) is is_known


def test_mandate_without_journal_stands_with_its_company() -> None:
    found = status(CONNECTED, gateways=(database(journals=JOURNALS),), mandates=Mandates((mandate(), mandate(OTHER, number=NUMBERS[0]))))

    assert [passage.mandate.iban for passage in found.companies[0].strays if passage.mandate] == [OTHER]
    assert found.strays == ()


@pytest.mark.parametrize("number", ["", NUMBERS[1]])
def test_mandate_of_a_company_that_is_not_there_stands_alone(number: str) -> None:
    found = status(CONNECTED, gateways=(database(journals=JOURNALS),), mandates=Mandates((mandate(OTHER, number=number),)))

    assert [passage.mandate.iban for passage in found.strays if passage.mandate] == [OTHER]
    assert found.companies[0].strays == ()


def test_mandates_of_others_are_no_matter_of_a_single_company() -> None:
    mandates = Mandates((mandate(OTHER, number=NUMBERS[1]),))

    assert status(CONNECTED, gateways=(database(journals=JOURNALS),), mandates=mandates, is_whole=False).strays == ()


def test_journal_in_another_company_is_one() -> None:
    other = company("Garage", "k2", number=NUMBERS[1])
    places = (database(journals=JOURNALS), database("k2", journals=[]))
    found = status(CONNECTED, other, gateways=places, mandates=Mandates((mandate(number=NUMBERS[1]),)))

    assert [row.strays for row in found.companies] == [(), ()]


def test_journals_that_could_not_be_read_are_not_missed() -> None:
    found = status(
        CONNECTED, gateways=(database(journals=errors.RightsMissing()),), mandates=Mandates((mandate(OTHER, number=NUMBERS[0]),))
    )

    assert (found.companies[0].strays, found.strays) == ((), ())


def test_company_of_another_office_is_not_measured_by_this_offices_mandates() -> None:
    other = company("Other", "k1", office=NUMBERS[1], is_connected=True)
    (row,) = status(other, gateways=(database(journals=JOURNALS),), mandates=Mandates((mandate(),))).companies

    assert row.accounts[0].passage.gate is Gate.OPEN


def test_payroll_is_found_by_the_companys_number() -> None:
    payroll = mandate("", MandateState.REQUESTED, NUMBERS[0], kind=MandateKind.SODA)
    (row,) = status(CONNECTED, gateways=(database(journals=JOURNALS),), mandates=Mandates((payroll,))).companies

    assert row.payroll == payroll


def test_mandates_take_no_call() -> None:
    gateway = database(journals=JOURNALS)
    status(CONNECTED, gateways=(gateway,), mandates=Mandates((mandate(),)))

    assert len(gateway.calls) == 2


def test_account_of_the_office_s_own_connected_company_is_expected_to_be_filled() -> None:
    other = company("Other", "k1", record_id=2, office=NUMBERS[1], is_connected=True)
    journals = [
        *JOURNALS,
        {**JOURNALS[0], "id": 15, "company_id": [2, "y"]},
        {**JOURNALS[0], "id": 16, "bank_statements_source": "online_sync"},
    ]
    first, second = status(CONNECTED, other, gateways=(database(journals=journals),)).companies

    assert [one.is_expected for one in (*first.accounts, *second.accounts)] == [True, False, False]


def test_account_of_a_company_that_is_not_connected_is_not_expected_to_be_filled() -> None:
    assert not any(one.is_expected for one in status(OPEN).companies[0].accounts)


def test_test_copy_can_t_be_connected() -> None:
    copy = company("Bakkerij", "k1-test")
    _, row = status(CONNECTED, copy, gateways=(database(), database("k1-test")), duplicates=find_duplicates([CONNECTED, copy])).companies

    assert (row.connection, type(row.obstacle)) == (Connection.NOT_CONNECTABLE, errors.DuplicateCompany)
