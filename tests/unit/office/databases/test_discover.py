"""Finding databases and reading companies: a broken one costs its own row."""

import threading

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, Json, OdooProtocol, ServerUrl
from codalink.odoo.listing import ODOO_COM_DATABASE
from codalink.office.databases.discover import (
    DatabasesApp,
    FoundDatabase,
    MyDatabases,
    Named,
    ServerList,
    Source,
    Sources,
    find_databases,
    read_database,
    survey,
)
from codalink.office.events import Event, PieceDone, StageEnded, StageStarted
from codalink.office.fleet import Fleet, OneByOne, Stop
from codalink.office.model import DatabaseFailure
from codalink.office.selection import Patterns
from tests.unit.fakes import LOGIN, ODOO, FakeGateways, ScriptedGateway, address

OTHER = ServerUrl("https", "other.example.be", 443)
ROW = {"id": 1, "name": "Bakkerij", "vat": "BE0403019261", "country_code": "BE"}


def holding(name: str, answer: object = None) -> ScriptedGateway:
    return ScriptedGateway({"search_read": [ROW] if answer is None else answer}, address(name))


def naming(*databases: DatabaseAddress) -> Sources:
    """The only source is a file that names these."""
    return Sources((Named("file.csv", databases),))


def found_in(sources: Sources, gateways: FakeGateways) -> list[DatabaseAddress]:
    """The databases alone; no source may fail."""
    found, failures = find_databases(sources, gateways)
    assert failures == []
    return [one.address for one in found]


def test_listed_databases_are_found() -> None:
    gateways = FakeGateways(names={ODOO: ["b", "a"]})
    listed = [FoundDatabase(address("a"), str(ODOO)), FoundDatabase(address("b"), str(ODOO))]

    assert find_databases(Sources((ServerList(ODOO, LOGIN),)), gateways) == (listed, [])


def test_patterns_choose_databases() -> None:
    sources = Sources(naming(address("a"), address("b")).places, Patterns(exclude=("a",)))

    assert found_in(sources, FakeGateways()) == [address("b")]


def test_database_named_twice_is_taken_once_with_the_login_of_the_file() -> None:
    sources = Sources((*naming(address("a", login="own@example.be")).places, ServerList(ODOO, LOGIN)))

    assert found_in(sources, FakeGateways(names={ODOO: ["a"]})) == [address("a", login="own@example.be")]


def test_same_name_on_two_servers_is_two_databases() -> None:
    assert len(found_in(naming(address("a"), address("a", OTHER)), FakeGateways())) == 2


def test_broken_source_costs_its_own_row() -> None:
    closed = errors.DatabaseListClosed()
    sources = Sources((ServerList(OTHER, LOGIN), ServerList(ODOO, LOGIN)))
    found, failures = find_databases(sources, FakeGateways(names={OTHER: closed, ODOO: ["a"]}))

    assert [one.address for one in found] == [address("a")]
    assert failures == [DatabaseFailure("(all databases)", str(OTHER), closed, is_source=True)]


def test_broken_database_costs_its_own_row() -> None:
    gone = errors.DatabaseMissing()
    found = survey(naming(address("a"), address("b")), FakeGateways(holding("a", gone), holding("b")), OneByOne(), Stop())

    assert [company.path for company in found.companies] == ["b/Bakkerij"]
    assert found.failures == (DatabaseFailure("a", str(ODOO), gone),)


@pytest.mark.parametrize("error", [errors.LoginRefused(), errors.Unreachable(), errors.AnswerUnexpected(), errors.LoginSecretMissing()])
def test_reason_of_one_database_is_its_own(error: CodalinkError) -> None:
    assert read_database(FoundDatabase(address("a"), "file.csv"), FakeGateways(holding("a", error))) == DatabaseFailure(
        "a", str(ODOO), error
    )


@pytest.mark.parametrize("error", [errors.KeyringSilent(), errors.KeyringMissing()])
def test_keyring_concerns_everyone(error: CodalinkError) -> None:
    gateways = FakeGateways()
    gateways.broken[address("a")] = error

    with pytest.raises(type(error)):
        read_database(FoundDatabase(address("a"), "file.csv"), gateways)


def test_version_is_asked_where_it_is_wanted() -> None:
    found = survey(naming(address("a")), FakeGateways(holding("a")), OneByOne(), Stop(), with_versions=True)

    assert [one.version for one in found.found] == ["18.0"]


def test_version_is_left_out_otherwise() -> None:
    assert [one.version for one in survey(naming(address("a")), FakeGateways(holding("a")), OneByOne(), Stop()).found] == [""]


def test_databases_are_in_order_whatever_came_first() -> None:
    gateways = FakeGateways(holding("c"), holding("a"), holding("b"))
    found = survey(naming(address("c"), address("a"), address("b")), gateways, OneByOne(), Stop())

    assert [one.database.name for one in found.found] == ["a", "b", "c"]


def test_listeners_hear_of_every_database() -> None:
    events: list[Event] = []
    gateways = FakeGateways(holding("a", errors.Unreachable()), holding("b"))
    survey(naming(address("a"), address("b")), gateways, OneByOne(), Stop(), events.append)

    assert events == [
        StageStarted("Reading databases", 2),
        PieceDone("a", failed=True),
        PieceDone("b", failed=False),
        StageEnded(),
    ]


# --- sources that have to be asked ---------------------------------------------------------------------------------------------------

ODOO_COM = DatabaseAddress(ServerUrl("https", "www.odoo.com", 443), ODOO_COM_DATABASE, "partner@example.be")
APP = address("office", login="office@example.be")
MY_DATABASES = [
    {"name": "b", "url": "https://b.odoo.com", "login": "own@example.be", "version": "19.0"},
    {"name": "a", "url": "https://a.odoo.com", "login": False, "version": False},
]
IN_THE_APP = [
    {
        "id": 1,
        "database_name": "b",
        "database_url": "https://b.odoo.com",
        "database_api_login": "own@example.be",
        "database_version": "19.0",
    },
    {"id": 2, "database_name": "a", "database_url": "https://a.odoo.com", "database_api_login": False, "database_version": False},
]


def online(name: str, login: str) -> DatabaseAddress:
    return DatabaseAddress(ServerUrl("https", f"{name}.odoo.com", 443), DatabaseName(name), login)


ASKED: dict[str, tuple[Source, ScriptedGateway, str]] = {
    "my databases": (
        MyDatabases(ODOO_COM, LOGIN, OdooProtocol.XML_RPC),
        ScriptedGateway({"odoo.database.list": MY_DATABASES}, ODOO_COM),
        "www.odoo.com",
    ),
    "databases app": (
        DatabasesApp(APP, LOGIN, OdooProtocol.XML_RPC),
        ScriptedGateway({"project.project.search_read": IN_THE_APP}, APP),
        "Databases app of office",
    ),
}
every_asked = pytest.mark.parametrize("name", ASKED)


@every_asked
def test_asked_source_tells_databases_with_login_and_version(name: str) -> None:
    source, gateway, origin = ASKED[name]

    assert find_databases(Sources((source,)), FakeGateways(gateway)) == (
        [FoundDatabase(online("a", LOGIN), origin), FoundDatabase(online("b", "own@example.be"), origin, "19.0")],
        [],
    )


@every_asked
def test_databases_of_an_asked_source_speak_its_protocol(name: str) -> None:
    source, gateway, _ = ASKED[name]

    assert {one.protocol for one in found_in(Sources((source,)), FakeGateways(gateway))} == {OdooProtocol.XML_RPC}


def test_databases_of_a_server_speak_the_sources_protocol() -> None:
    sources = Sources((ServerList(ODOO, LOGIN, OdooProtocol.XML_RPC),))

    assert [one.protocol for one in found_in(sources, FakeGateways(names={ODOO: ["a"]}))] == [OdooProtocol.XML_RPC]


@every_asked
def test_asked_source_that_cannot_be_asked_costs_its_own_row(name: str) -> None:
    source, gateway, origin = ASKED[name]
    gone = errors.Unreachable()
    broken = ScriptedGateway({"list": gone, "search_read": gone}, gateway.database)
    found, failures = find_databases(Sources((source, ServerList(ODOO, LOGIN))), FakeGateways(broken, names={ODOO: ["x"]}))

    assert [one.address for one in found] == [address("x")]
    assert failures == [DatabaseFailure("(all databases)", origin, gone, is_source=True)]


@every_asked
def test_asked_source_without_a_secret_costs_its_own_row_and_is_no_database(name: str) -> None:
    source, gateway, _ = ASKED[name]
    gateways = FakeGateways()
    gateways.broken[gateway.database] = errors.LoginSecretMissing(remedy="Run `codalink keys set`.")
    _, (failure,) = find_databases(Sources((source,)), gateways)

    assert str(gateway.database.server) in failure.error.cause
    assert "codalink setup" in failure.error.remedy


@every_asked
@pytest.mark.parametrize("error", [errors.KeyringSilent(), errors.KeyFileDamaged()])
def test_trouble_for_everyone_in_a_source_is_raised(name: str, error: CodalinkError) -> None:
    source, gateway, _ = ASKED[name]
    gateways = FakeGateways()
    gateways.broken[gateway.database] = error

    with pytest.raises(type(error)):
        find_databases(Sources((source,)), gateways)


def test_version_that_the_source_knows_is_not_asked() -> None:
    source, app, _ = ASKED["databases app"]
    answers = {"search_read": [ROW]}
    gateways = FakeGateways(app, *(ScriptedGateway(answers, online(*one)) for one in (("a", LOGIN), ("b", "own@example.be"))))
    found = survey(Sources((source,)), gateways, OneByOne(), Stop(), with_versions=True)

    assert [(one.database.name, one.version) for one in found.found] == [("a", "18.0"), ("b", "19.0")]
    assert gateways.versions_asked == [online("a", LOGIN).server]


def test_findings_tell_source_and_protocol() -> None:
    found = survey(naming(address("a")), FakeGateways(holding("a")), OneByOne(), Stop()).found

    assert [(one.source, one.protocol) for one in found] == [("file.csv", OdooProtocol.JSON_RPC)]


def test_databases_of_one_server_teach_each_other_which_fields_there_are() -> None:
    def answer(call: Call) -> Json:
        fields = call.arguments["fields"]
        assert isinstance(fields, list)
        if "l10n_be_codabox_fiduciary_vat" in fields:
            raise errors.FieldMissing
        return [ROW]

    existing: dict[str, Json] = {"name": {}, "l10n_be_codabox_is_connected": {}}
    answers = {"res.company.search_read": answer, "fields_get": existing, "ir.config_parameter.search_read": []}
    gateways = [ScriptedGateway(answers, address(name)) for name in ("a", "b")]
    survey(naming(address("a"), address("b")), FakeGateways(*gateways), OneByOne(), Stop())

    assert [[call.method for call in gateway.calls] for gateway in gateways] == [
        ["search_read", "fields_get", "search_read", "search_read"],
        ["search_read", "search_read"],
    ]


# --- side by side, and interrupted -----------------------------------------------------------------------------------------------------

TIME_LIMIT_S = 10


class Listing(FakeGateways):
    """Servers that list their databases only once `together` of them are asked at the same time."""

    def __init__(self, together: int, *gateways: ScriptedGateway) -> None:
        super().__init__(*gateways)
        self._all_there = threading.Barrier(together, timeout=TIME_LIMIT_S)

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        self._all_there.wait()
        return [DatabaseName(f"of-{server.host.partition('.')[0]}")]


def test_sources_are_asked_side_by_side() -> None:
    """A server that hangs doesn't keep the others from telling their databases."""
    sources = Sources((ServerList(ODOO, LOGIN), ServerList(OTHER, LOGIN)))
    found, _ = find_databases(sources, Listing(2), Fleet(2), Stop())

    assert [one.address.name for one in found] == ["of-odoo", "of-other"]


def test_first_source_counts_whichever_answers_first() -> None:
    mine, theirs = address("a", login="own@example.be"), address("a")
    sources = Sources((*naming(mine).places, *naming(theirs).places))

    assert {find_databases(sources, FakeGateways(), Fleet(2), Stop())[0][0].address.login for _ in range(20)} == {"own@example.be"}


def test_survey_that_is_interrupted_does_not_wait_for_a_database_that_hangs() -> None:
    stop, may_end = Stop(), threading.Event()

    def hang(call: Call) -> Json:
        del call
        stop.request()
        assert may_end.wait(TIME_LIMIT_S)
        return [ROW]

    gateways = FakeGateways(ScriptedGateway({"search_read": hang}, address("a")))
    found = survey(naming(address("a")), gateways, Fleet(2), stop)
    may_end.set()

    assert found.found == ()
