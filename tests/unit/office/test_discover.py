"""Finding databases and reading companies: a broken one costs its own row."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.gateway import ServerUrl
from codalink.office.discover import ServerList, Sources, find_databases, read_database, survey
from codalink.office.events import Event, PieceDone, StageEnded, StageStarted
from codalink.office.fleet import OneByOne, Stop
from codalink.office.model import DatabaseFailure
from codalink.office.selection import Patterns
from tests.unit.fakes import LOGIN, ODOO, FakeGateways, ScriptedGateway, address

OTHER = ServerUrl("https", "other.example.be", 443)
ROW = {"id": 1, "name": "Bakkerij", "vat": "BE0403019261", "country_code": "BE"}


def holding(name: str, answer: object = None) -> ScriptedGateway:
    return ScriptedGateway({"search_read": [ROW] if answer is None else answer}, address(name))


def test_listed_databases_are_found() -> None:
    gateways = FakeGateways(names={ODOO: ["b", "a"]})

    assert find_databases(Sources(server_lists=(ServerList(ODOO, LOGIN),)), gateways) == ([address("a"), address("b")], [])


def test_patterns_choose_databases() -> None:
    sources = Sources((address("a"), address("b")), patterns=Patterns(exclude=("a",)))

    assert find_databases(sources, FakeGateways())[0] == [address("b")]


def test_database_named_twice_is_taken_once_with_the_login_of_the_file() -> None:
    sources = Sources((address("a", login="own@example.be"),), (ServerList(ODOO, LOGIN),))

    assert find_databases(sources, FakeGateways(names={ODOO: ["a"]}))[0] == [address("a", login="own@example.be")]


def test_same_name_on_two_servers_is_two_databases() -> None:
    sources = Sources((address("a"), address("a", OTHER)))

    assert len(find_databases(sources, FakeGateways())[0]) == 2


def test_broken_source_costs_its_own_row() -> None:
    closed = errors.DatabaseListClosed()
    sources = Sources((), (ServerList(OTHER, LOGIN), ServerList(ODOO, LOGIN)))
    found, failures = find_databases(sources, FakeGateways(names={OTHER: closed, ODOO: ["a"]}))

    assert (found, failures) == ([address("a")], [DatabaseFailure("(all databases)", str(OTHER), closed)])


def test_broken_database_costs_its_own_row() -> None:
    gone = errors.DatabaseMissing()
    found = survey(Sources((address("a"), address("b"))), FakeGateways(holding("a", gone), holding("b")), OneByOne(), Stop())

    assert [company.path for company in found.companies] == ["b/Bakkerij"]
    assert found.failures == (DatabaseFailure("a", str(ODOO), gone),)


@pytest.mark.parametrize("error", [errors.LoginRefused(), errors.Unreachable(), errors.AnswerUnexpected(), errors.LoginSecretMissing()])
def test_reason_of_one_database_is_its_own(error: CodalinkError) -> None:
    assert read_database(address("a"), FakeGateways(holding("a", error))) == DatabaseFailure("a", str(ODOO), error)


@pytest.mark.parametrize("error", [errors.KeyringSilent(), errors.KeyringMissing()])
def test_keyring_concerns_everyone(error: CodalinkError) -> None:
    gateways = FakeGateways()
    gateways.broken[address("a")] = error

    with pytest.raises(type(error)):
        read_database(address("a"), gateways)


def test_version_is_asked_where_it_is_wanted() -> None:
    found = survey(Sources((address("a"),)), FakeGateways(holding("a")), OneByOne(), Stop(), with_versions=True)

    assert [one.version for one in found.found] == ["18.0"]


def test_version_is_left_out_otherwise() -> None:
    assert [one.version for one in survey(Sources((address("a"),)), FakeGateways(holding("a")), OneByOne(), Stop()).found] == [""]


def test_databases_are_in_order_whatever_came_first() -> None:
    gateways = FakeGateways(holding("c"), holding("a"), holding("b"))
    found = survey(Sources((address("c"), address("a"), address("b"))), gateways, OneByOne(), Stop())

    assert [one.database.name for one in found.found] == ["a", "b", "c"]


def test_listeners_hear_of_every_database() -> None:
    events: list[Event] = []
    gateways = FakeGateways(holding("a", errors.Unreachable()), holding("b"))
    survey(Sources((address("a"), address("b"))), gateways, OneByOne(), Stop(), events.append)

    assert events == [
        StageStarted("Reading databases", 2),
        PieceDone("a", failed=True),
        PieceDone("b", failed=False),
        StageEnded(),
    ]
