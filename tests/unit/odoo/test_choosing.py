"""Which protocol is spoken: the first that the server knows, found out by its first answer."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.choosing import ChosenGateway, KnownServers, preferred
from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json, OdooProtocol, ServerUrl
from codalink.secrets.masked import Secret
from tests.unit.fakes import address

OTHER = ServerUrl("https", "other.example.be", 443)
CALL = Call("res.company", "search")
JSON_2, JSON_RPC, XML_RPC = OdooProtocol.JSON_2, OdooProtocol.JSON_RPC, OdooProtocol.XML_RPC


class Speaking:
    """Ways to servers that answer in some protocols; what was asked is written down."""

    def __init__(self, *spoken: OdooProtocol, error: CodalinkError | None = None) -> None:
        self.asked: list[OdooProtocol] = []
        self.opened: list[OdooProtocol] = []
        self.known = KnownServers()
        self.spoken = set(spoken)
        self.error = error

    def gateway(self, database: DatabaseAddress | None = None, *ways: OdooProtocol) -> ChosenGateway:
        place = database or address()
        return ChosenGateway(place, {way: lambda way=way: self._open(place, way) for way in ways or OdooProtocol}, self.known)  # type: ignore[misc]  # a loop's variable

    def _open(self, database: DatabaseAddress, protocol: OdooProtocol) -> Gateway:
        self.opened.append(protocol)
        return _OneProtocol(self, database, protocol)


class _OneProtocol:
    def __init__(self, server: Speaking, database: DatabaseAddress, protocol: OdooProtocol) -> None:
        self._server = server
        self.database = database
        self._protocol = protocol

    def execute(self, call: Call) -> Json:
        del call
        self._server.asked.append(self._protocol)
        if self._protocol not in self._server.spoken:
            raise errors.ProtocolMissing(f"no {self._protocol.value}")
        if self._server.error is not None:
            raise self._server.error
        return self._protocol.value


@pytest.mark.parametrize("secret", ["0123456789abcdef0123456789abcdef01234567", "f" * 40])
def test_key_may_speak_every_protocol(secret: str) -> None:
    assert preferred(Secret(secret)) == (JSON_2, JSON_RPC, XML_RPC)


@pytest.mark.parametrize("secret", ["", "not-a-key", "f" * 39, "f" * 41, "F" * 40, "g" * 40, "f" * 40 + "\n", " " + "f" * 39])
def test_password_is_not_sent_as_a_key(secret: str) -> None:
    assert preferred(Secret(secret)) == (JSON_RPC, XML_RPC)


@pytest.mark.parametrize(
    ("spoken", "chosen"),
    [
        ((JSON_2, JSON_RPC, XML_RPC), JSON_2),  # 19
        ((JSON_RPC, XML_RPC), JSON_RPC),  # 18
        ((XML_RPC,), XML_RPC),  # behind a proxy
        ((JSON_2,), JSON_2),  # 22
    ],
)
def test_first_protocol_that_the_server_speaks_is_chosen(spoken: tuple[OdooProtocol, ...], chosen: OdooProtocol) -> None:
    gateway = Speaking(*spoken).gateway()

    assert (gateway.execute(CALL), gateway.protocol) == (chosen.value, chosen)


def test_nothing_is_chosen_before_the_first_call() -> None:
    speaking = Speaking(*OdooProtocol)

    assert speaking.gateway().protocol is None
    assert speaking.opened == []


def test_chosen_protocol_is_kept() -> None:
    speaking = Speaking(XML_RPC)
    gateway = speaking.gateway()
    for _ in range(3):
        gateway.execute(CALL)

    assert speaking.asked == [JSON_2, JSON_RPC, XML_RPC, XML_RPC, XML_RPC]
    assert speaking.opened == [JSON_2, JSON_RPC, XML_RPC]


def test_what_a_server_lacks_is_known_for_its_other_databases() -> None:
    speaking = Speaking(JSON_RPC)
    speaking.gateway(address("a")).execute(CALL)
    speaking.gateway(address("b")).execute(CALL)

    assert speaking.asked == [JSON_2, JSON_RPC, JSON_RPC]


def test_what_a_server_lacks_says_nothing_of_another_server() -> None:
    speaking = Speaking(JSON_RPC)
    speaking.gateway(address("a")).execute(CALL)
    speaking.gateway(address("a", OTHER)).execute(CALL)

    assert speaking.asked == [JSON_2, JSON_RPC, JSON_2, JSON_RPC]


@pytest.mark.parametrize("error", [errors.LoginRefused(), errors.DatabaseMissing(), errors.OdooFailed(), errors.RightsMissing()])
def test_error_in_a_protocol_is_an_answer_in_it(error: CodalinkError) -> None:
    speaking = Speaking(*OdooProtocol, error=error)
    gateway = speaking.gateway()
    with pytest.raises(type(error)):
        gateway.execute(CALL)

    assert (speaking.asked, gateway.protocol) == ([JSON_2], JSON_2)


@pytest.mark.parametrize(
    "error",
    [
        errors.Unreachable(),
        errors.AnswerTimedOut(),
        errors.AnswerLost(),
        errors.ServerTrouble(),
        errors.TooManyRequests(),
        errors.NotOdoo(),
    ],
)
def test_no_answer_is_never_repeated_in_another_protocol(error: CodalinkError) -> None:
    """What may have happened must not happen a second time."""
    speaking = Speaking(*OdooProtocol, error=error)
    with pytest.raises(type(error)):
        speaking.gateway().execute(CALL)

    assert speaking.asked == [JSON_2]


@pytest.mark.parametrize("error", [errors.Unreachable(), errors.AnswerTimedOut(), errors.ServerTrouble(), errors.TooManyRequests()])
def test_server_without_an_answer_has_not_shown_its_protocol(error: CodalinkError) -> None:
    """A proxy's 502 says nothing of what is behind it: the next call must still find the protocol that is spoken."""
    speaking = Speaking(*OdooProtocol, error=error)
    gateway = speaking.gateway()
    with pytest.raises(type(error)):
        gateway.execute(CALL)
    speaking.spoken, speaking.error = {JSON_RPC}, None

    assert gateway.execute(CALL) == JSON_RPC.value


def test_server_that_speaks_nothing_is_told() -> None:
    speaking = Speaking()
    gateway = speaking.gateway()
    with pytest.raises(errors.ProtocolMissing):
        gateway.execute(CALL)
    with pytest.raises(errors.ProtocolMissing, match=r"odoo\.example\.be speaks none"):
        gateway.execute(CALL)

    assert speaking.asked == [JSON_2, JSON_RPC, XML_RPC]


def test_only_the_given_ways_are_tried() -> None:
    speaking = Speaking(*OdooProtocol)
    gateway = speaking.gateway(address(), XML_RPC)

    assert (gateway.execute(CALL), speaking.asked) == (XML_RPC.value, [XML_RPC])
