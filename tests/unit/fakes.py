"""Stand-ins for what is outside: the pool, a keyring, an Odoo with the CodaBox module. No socket, no real keyring, no waiting."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codalink.errors import AlreadyRegistered, CodalinkError, OfficePasswordRefused
from codalink.odoo.codabox.companies import CompanyRecord
from codalink.odoo.gateway import Account, Call, DatabaseAddress, DatabaseName, Gateway, Json, OdooProtocol, ServerUrl
from codalink.odoo.http import HttpAnswer, HttpPool
from codalink.odoo.jsonrpc import JsonRpc
from codalink.odoo.rpc import RpcGateway
from codalink.office.changes import ChangeEnded
from codalink.office.events import Event, Listener, PieceDone, UnderWay, nobody
from codalink.office.fleet import OneByOne, Stop
from codalink.office.means import Means
from codalink.office.model import Company, DatabaseFailure, DatabaseFindings, Office, Survey, Vat
from codalink.secrets.masked import Secret
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import Item

ODOO = ServerUrl("https", "odoo.example.be", 443)
LOGIN = "codalink@example.be"
OFFICE_VAT = "0123456749"
OFFICE = Office("Kantoor Testmans", Vat(OFFICE_VAT))
OFFICE_PASSWORD = "OfficePassword16"  # the one in the recordings
CONSENT_URL = "https://my.codabox.com/consent/0001"
NUMBERS = (
    *("0403019261", "0477472701", "0417497106", "0202239951", "0401574852"),
    *(f"{base:08}{97 - base % 97:02}" for base in range(4_100_000, 4_100_035)),  # valid ones, whosever they are
)


def address(name: str = "klant-001", server: ServerUrl = ODOO, login: str = LOGIN) -> DatabaseAddress:
    """A database's address."""
    return DatabaseAddress(server, DatabaseName(name), login)


def record(
    record_id: int = 1,
    name: str = "Bakkerij Peeters",
    *,
    country: str = "BE",
    number: str = NUMBERS[0],
    office: str = OFFICE_VAT,
    has_firm: bool = True,
    has_module: bool = True,
    is_connected: bool = False,
    parent_id: int | None = None,
) -> CompanyRecord:
    """A company that can be connected, unless told otherwise."""
    return CompanyRecord(record_id, name, country, number, office, has_firm, has_module, is_connected, None, parent_id)


def company(name: str = "Bakkerij Peeters", database: str = "klant-001", **fields: object) -> Company:
    """A company in a database; `fields` are those of `record`."""
    return Company(address(database), record(name=name, **fields))  # type: ignore[arg-type]  # record checks nothing, the tests do


def surveyed(*companies: Company, failures: Sequence[DatabaseFailure] = ()) -> Survey:
    """A survey that found these companies."""
    by_database: dict[DatabaseAddress, list[Company]] = {}
    for one in companies:
        by_database.setdefault(one.database, []).append(one)
    return Survey(tuple(DatabaseFindings(place, tuple(found), version="18.0") for place, found in by_database.items()), tuple(failures))


# --- HTTP ----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One request as it would have left."""

    server: ServerUrl
    path: str
    raw: bytes
    headers: Mapping[str, str]
    answer_limit_s: float

    @property
    def body(self) -> dict[str, object]:
        """What the two protocols of JSON send."""
        loaded = json.loads(self.raw)
        assert isinstance(loaded, dict)
        return loaded

    @property
    def params(self) -> dict[str, object]:
        """JSON-RPC's parameters: service, method, args."""
        params = self.body["params"]
        assert isinstance(params, dict)
        return params


Answer = Callable[[Sent], "bytes | HttpAnswer"]
NO_PAGE = HttpAnswer(404, {"content-type": "text/html"}, b"<!doctype html><title>404 Not Found</title>")


class FakePool(HttpPool):
    """A pool that opens no connection: `answer` gives an answer, or the body of a good one, or raises. `pages` are what GET finds."""

    def __init__(self, answer: Answer, pages: Mapping[str, HttpAnswer] | None = None) -> None:
        self.sent: list[Sent] = []
        self.visited: list[str] = []
        self._answer = answer
        self._pages = pages or {}

    def post(self, server: ServerUrl, path: str, body: bytes, *, headers: Mapping[str, str], answer_limit_s: float) -> HttpAnswer:
        self.sent.append(Sent(server, path, body, headers, answer_limit_s))
        answer = self._answer(self.sent[-1])
        return answer if isinstance(answer, HttpAnswer) else HttpAnswer(200, {}, answer)

    def get(self, server: ServerUrl, path: str, *, answer_limit_s: float) -> HttpAnswer:
        del server, answer_limit_s
        self.visited.append(path)
        return self._pages.get(path, NO_PAGE)


def result(value: object) -> bytes:
    """A JSON-RPC answer."""
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": value}).encode()


def logging_in_first(answer: Answer) -> Answer:
    """Answer a login with a uid, and everything else with `answer`."""
    return lambda sent: result(2) if sent.params["service"] == "common" else answer(sent)


def in_turn(*bodies: bytes) -> Answer:
    """One body after the other, after the login."""
    left = list(bodies)
    return logging_in_first(lambda _: left.pop(0))


def speaking_to(pool: HttpPool, database: DatabaseAddress | None = None) -> RpcGateway:
    """A real gateway on a fake pool."""
    place = database or address()
    return RpcGateway(place, Account(LOGIN, Secret("api-key-0001")), JsonRpc(place.server, pool, place))


# --- the keyring ---------------------------------------------------------------------------------------------------------------------


class FakeBackend:
    """A back end of the `keyring` library, in memory."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


class MemoryStore:
    """A SecretStore in memory that writes down what was done with it."""

    def __init__(self, log: list[str] | None = None) -> None:
        self.items: dict[Item, Secret] = {}
        self.log = [] if log is None else log
        self.trouble: CodalinkError | None = None

    def read(self, item: Item) -> Secret | None:
        if self.trouble is not None:
            raise self.trouble
        return self.items.get(item)

    def write(self, item: Item, secret: Secret) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.log.append(f"store {item.account}")
        self.items[item] = secret

    def delete(self, item: Item) -> bool:
        return self.items.pop(item, None) is not None


# --- Odoo with the CodaBox module ----------------------------------------------------------------------------------------------------


@dataclass
class FakeCodaBox:
    """CodaBox and Odoo's proxy: one office, what is connected to it, and whether a person has consented."""

    password: str = OFFICE_PASSWORD
    is_registered: bool = False
    has_consent: bool = False
    connections: set[tuple[str, int]] = field(default_factory=set)
    consents_when_asked: int | None = None
    """The person consents when the proxy is asked for this time (counted from 1)."""
    refused: int = 0
    asked: int = 0


Handler = Callable[[Call], Json]


class ScriptedGateway:
    """A Gateway that answers each method with a value, or with what a function makes of the call."""

    def __init__(self, answers: Mapping[str, Json | Handler], database: DatabaseAddress | None = None) -> None:
        self.calls: list[Call] = []
        self._answers = dict(answers)
        self._database = database or address()

    @property
    def database(self) -> DatabaseAddress:
        return self._database

    def execute(self, call: Call) -> Json:
        self.calls.append(call)
        key = f"{call.model}.{call.method}"
        answer = self._answers[key if key in self._answers else call.method]
        if isinstance(answer, Exception):
            raise answer
        return answer(call) if callable(answer) else answer


class FakeDatabase:
    """A Gateway to a database whose companies have the CodaBox module; behaves as the recordings do.

    `before` raises in place of a method, `after` lets it run and raises then: an answer that is lost. Each counts down to nothing.
    """

    def __init__(self, name: str, codabox: FakeCodaBox, log: list[str] | None = None) -> None:
        self._database = address(name)
        self._codabox = codabox
        self.log = [] if log is None else log
        self.before: dict[str, list[CodalinkError]] = {}
        self.after: dict[str, list[CodalinkError]] = {}
        self.wizards: dict[int, dict[str, Json]] = {}
        self.validations: dict[int, dict[str, Json]] = {}
        self.connected: set[int] = set()

    @property
    def database(self) -> DatabaseAddress:
        return self._database

    def execute(self, call: Call) -> Json:
        self.log.append(f"{self._database.name} {call.method}")
        if self.before.get(call.method):
            raise self.before[call.method].pop(0)
        answer: Json = getattr(self, f"_on_{call.method}")(call)
        if self.after.get(call.method):
            raise self.after[call.method].pop(0)
        return answer

    def count(self, method: str) -> int:
        """How often the method was called."""
        return self.log.count(f"{self._database.name} {method}")

    def _on_create(self, call: Call) -> Json:
        listed = call.arguments["vals_list"]
        assert isinstance(listed, list)
        if call.model == "res.config.settings":
            return [int(listed[0]["company_id"])]  # the settings page of company 3 is page 3
        self.wizards[len(self.wizards) + 1] = dict(listed[0])
        return [len(self.wizards)]

    def _on_write(self, call: Call) -> Json:
        values = call.arguments["vals"]
        assert isinstance(values, dict)
        for wizard_id in call.ids or ():
            self.wizards[wizard_id] |= values
        return True

    def _on_read(self, call: Call) -> Json:
        assert call.ids is not None
        record_id = call.ids[0]
        if call.model == "res.company":
            return [{"id": record_id, "l10n_be_codabox_is_connected": record_id in self.connected}]
        if call.model == "l10n_be_codabox.validation.wizard":
            return [self.validations[record_id]]
        company_id = int(str(self.wizards[record_id]["company_id"]))
        codabox = self._codabox
        return [
            {
                "id": record_id,
                "nb_connections": len(codabox.connections),
                "connection_exists": (self._database.name, company_id) in codabox.connections,
                "is_fidu_consent_valid": codabox.has_consent,
            }
        ]

    def _on_search_read(self, call: Call) -> Json:
        if call.model == "l10n_be_codabox.connection.wizard":
            return [{"id": number} for number in self.holding_password()]
        assert call.model == "l10n_be_codabox.validation.wizard"
        found: list[Json] = list(self.validations.values())
        return found[::-1]

    def holding_password(self) -> list[int]:
        """The connection wizards in which the office password can be read."""
        return [number for number, wizard in self.wizards.items() if wizard.get("fidu_password")]

    def _on_l10n_be_codabox_open_connection_wizard(self, call: Call) -> Json:
        assert call.ids is not None
        self._codabox.asked += 1
        if self._codabox.asked == self._codabox.consents_when_asked:
            self._codabox.has_consent = True
        self.wizards[len(self.wizards) + 1] = {"company_id": call.ids[0], "fidu_password": False}
        return {"type": "ir.actions.act_window", "res_model": "l10n_be_codabox.connection.wizard", "res_id": len(self.wizards)}

    def _on_l10n_be_codabox_create_connection(self, call: Call) -> Json:
        assert call.ids is not None
        wizard, codabox = self.wizards[call.ids[0]], self._codabox
        company_id, password = int(str(wizard["company_id"])), wizard.pop("fidu_password", False)
        if not password:
            return self._first_connection(company_id)
        if password != Secret(codabox.password):
            codabox.refused += 1
            raise OfficePasswordRefused
        codabox.connections.add((self._database.name, company_id))
        if codabox.has_consent:
            self.connected.add(company_id)
        return {"type": "ir.actions.act_window", "res_model": "l10n_be_codabox.connection.wizard", "res_id": call.ids[0]}

    def _first_connection(self, company_id: int) -> Json:
        if self._codabox.is_registered:
            raise AlreadyRegistered
        self._codabox.is_registered = True
        self._codabox.connections.add((self._database.name, company_id))
        number = len(self.validations) + 1
        self.validations[number] = {
            "id": number,
            "company_id": [company_id, "its name"],
            "fidu_password": self._codabox.password,
            "confirmation_url": CONSENT_URL,
        }
        return {"type": "ir.actions.act_window", "res_model": "l10n_be_codabox.validation.wizard", "res_id": number}

    def _on_validate_connection(self, call: Call) -> Json:
        assert call.ids is not None
        self.validations[call.ids[0]]["fidu_password"] = False
        return {"type": "ir.actions.act_url", "url": CONSENT_URL, "target": "self"}

    def _on_l10n_be_codabox_refresh_connection_status(self, call: Call) -> Json:
        assert call.ids is not None
        company_id = call.ids[0]
        if (self._database.name, company_id) not in self._codabox.connections:
            text = "No connection exists with these VAT/Company ID number(s). Please check your configuration."
            return {"type": "ir.actions.client", "params": {"type": "danger", "message": text}}
        if not self._codabox.has_consent:
            text = "CodaBox consent is not valid. Please reconnect."
            return {"type": "ir.actions.client", "params": {"type": "danger", "message": text}}
        self.connected.add(company_id)
        return {"type": "ir.actions.client", "params": {"type": "success", "message": "CodaBox connection is valid."}}


class FakeGateways:
    """Gateways that were opened before; `names` are the databases that servers tell of, or the error that they raise."""

    def __init__(self, *gateways: Gateway, names: Mapping[ServerUrl, list[str] | CodalinkError] | None = None) -> None:
        self._gateways = {gateway.database: gateway for gateway in gateways}
        self._names = names or {}
        self.broken: dict[DatabaseAddress, CodalinkError] = {}
        self.opened: list[DatabaseAddress] = []
        self.versions_asked: list[ServerUrl] = []

    def open(self, database: DatabaseAddress) -> Gateway:
        self.opened.append(database)
        if database in self.broken:
            raise self.broken[database]
        return self._gateways[database]

    def version(self, server: ServerUrl) -> str:
        self.versions_asked.append(server)
        return "18.0"

    def protocol(self, database: DatabaseAddress) -> OdooProtocol | None:
        return OdooProtocol.JSON_RPC if database in self.opened else None

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        names = self._names[server]
        if isinstance(names, CodalinkError):
            raise names
        return [DatabaseName(name) for name in names]


# --- time and runs -------------------------------------------------------------------------------------------------------------------


class FakeTime(Stop):
    """A clock and the stop that sleeps by it: sleeping costs nothing and is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0
        self.pauses: list[float] = []
        self.stops_after: int | None = None
        """The user interrupts during the sleep after so many."""

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        self.now_s += seconds
        if self.stops_after is not None and len(self.pauses) > self.stops_after:
            self.request()
        return self.is_requested


@dataclass
class FakeRun:
    """An office to work in: its databases, keyring, clock, and everything that happened in one log."""

    databases: int = 1
    codabox: FakeCodaBox = field(default_factory=FakeCodaBox)

    def __post_init__(self) -> None:
        self.log: list[str] = []
        self.store = MemoryStore(self.log)
        self.passwords = OfficePasswords(self.store)
        self.time = FakeTime()
        self.events: list[Event] = []
        self.gateways_by_name = {
            name: FakeDatabase(name, self.codabox, self.log) for name in (f"klant-{number:03}" for number in range(1, self.databases + 1))
        }
        self.gateways = FakeGateways(*self.gateways_by_name.values())
        self.companies = [
            company(f"Klant {number}", name, number=NUMBERS[number % len(NUMBERS)])
            for number, name in enumerate(self.gateways_by_name, start=1)
        ]
        self.listen: Listener = nobody
        self.means = Means(self.gateways, self.passwords, self._prove, OneByOne(), self.time, self._hear, self.time)

    def __getitem__(self, number: int) -> FakeDatabase:
        """The database of this number, counted from 1."""
        return self.gateways_by_name[f"klant-{number:03}"]

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        self.listen(event)

    def _prove(self) -> None:
        self.log.append("prove")
        if self.store.trouble is not None:
            raise self.store.trouble

    def kept(self) -> Secret | None:
        """The office password in the keyring."""
        return self.store.items.get(Item("codalink office password", OFFICE_VAT))

    def happened(self, kind: type[Event]) -> Iterator[Event]:
        """The events of this kind."""
        return (event for event in self.events if isinstance(event, kind))

    def changes(self) -> list[tuple[str, str, str]]:
        """The changes that have ended."""
        return changes_in(self.events)


def changes_in(events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """The changes that have ended: what, in which company, how."""
    ended = [event for event in events if isinstance(event, ChangeEnded)]
    return [(one.change.kind.value, one.change.company.name if one.change.company else "", one.result.value) for one in ended]


def under_way_in(events: Sequence[Event]) -> list[tuple[str, str]]:
    """For whom what was being done, and what came of it, in order."""
    found = [one for one in events if isinstance(one, (UnderWay, PieceDone)) and one.subject]
    return [(one.subject.name, one.doing if isinstance(one, UnderWay) else one.told) for one in found if one.subject]
