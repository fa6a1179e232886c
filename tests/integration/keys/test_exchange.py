"""An exchange of keys in which something goes wrong: answers are lost, keys are refused, the disk is full, it is killed twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from codalink.errors import AnswerLost, CodalinkError, KeyFileNotWritten
from codalink.files import write_whole
from codalink.odoo.connector import Connector
from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json
from codalink.odoo.http import HttpPool
from codalink.office.keys.rotation import KeyExchange, KeyRotation, Rotated
from codalink.sandbox.calls import Call as Arrived
from codalink.secrets.credentials import Credentials
from codalink.secrets.keys import ApiKey, DatabaseKeys, StoredKey
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from tests.integration.dying import NEVER, DyingGateway, Killed, Points
from tests.integration.keys.key_office import PROTOCOLS, WRONG_KEY, KeyOffice, assert_exchanged, today
from tests.integration.office import SandboxStore
from tests.integration.terminal import rows_by

every_protocol = pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)


@contextmanager
def exchanging(
    office: KeyOffice, around: Callable[[Gateway], Gateway] = lambda gateway: gateway, write: Callable[[Path, str], None] = write_whole
) -> Iterator[KeyExchange]:
    """The exchange as a command would do it, in this process, with something around each conversation and each write."""
    store = SandboxStore(office.sandbox)
    keys = DatabaseKeys(office.file, store, write)
    with HttpPool() as pool:
        connector = Connector(pool, Credentials(keys, LoginSecrets(store)))
        yield KeyExchange(
            keys,
            lambda database, credential: around(connector.open_with(database, credential)),
            lambda: "codalink 0001",
            today(),
            today() + timedelta(days=90),
        )


# --- killed twice --------------------------------------------------------------------------------------------------------------------


def rotate_until(at: int, office: KeyOffice, name: str) -> KeyRotation:
    """One exchange, with points around every call and every write; at one of them it is Killed."""
    points = Points(at)

    def write(path: Path, text: str) -> None:
        points.pass_one()
        write_whole(path, text)
        points.pass_one()

    with exchanging(office, lambda gateway: DyingGateway(gateway, points), write) as exchange:
        return exchange.rotate_key(office.address(name))


def begin_anew(office: KeyOffice, name: str) -> str:
    """One key is stored, and it is the only one in Odoo; answers it."""
    user, address = office.world.database(name).users[2], office.address(name)
    user.api_keys = {key: known for key, known in user.api_keys.items() if key == office.world.api_key}
    key = office.key(name)
    office.opened().keep([StoredKey(str(address.server), name, address.login, ApiKey(Secret(key), today()))])
    return key


@every_protocol
def test_killed_anywhere_and_once_more_no_working_key_is_lost(name: str, office: KeyOffice) -> None:
    """Killed at every call and every write of an exchange, and then of the run that finishes it, there is always a key that works."""
    for at in count(1):
        old, deaths = begin_anew(office, name), 0
        for point in (at, 1 + at % 5, NEVER):  # the second run dies early too, the third one lives
            try:
                result = rotate_until(point, office, name)
                break
            except Killed:
                deaths += 1
                assert office.stored()[name].key.reveal() in office.valid(name)
        assert result.error is None
        assert_exchanged(office, name, old, lost=len(office.valid(name)) - 1)
        assert len(office.valid(name)) <= 1 + deaths  # one more for each run that died with the answer in its hands
        if deaths == 0:
            break
    assert at > 15  # about as many points as there are calls and writes, twice


# --- answers that are lost -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """An Odoo that says something else for some calls: `broken` maps a method to what it raises, after doing it or without."""

    inner: Gateway
    broken: dict[str, tuple[CodalinkError, bool]]

    @property
    def database(self) -> DatabaseAddress:
        return self.inner.database

    def execute(self, call: Call) -> Json:
        error, is_done = self.broken.get(call.method, (None, True))
        answer = self.inner.execute(call) if is_done else None
        if error is not None:
            raise error
        return answer


def rotate_broken(office: KeyOffice, name: str, broken: dict[str, tuple[CodalinkError, bool]]) -> KeyRotation:
    with exchanging(office, lambda gateway: Broken(gateway, broken)) as exchange:
        return exchange.rotate_key(office.address(name))


@every_protocol
@pytest.mark.parametrize("is_done", [True, False])
def test_lost_answer_to_revoking_is_looked_at(is_done: bool, name: str, office: KeyOffice) -> None:
    old = office.give_own_keys(name)[name]
    result = rotate_broken(office, name, {"revoke": (AnswerLost("It broke."), is_done)})

    assert isinstance(result.error, AnswerLost) is not is_done
    assert office.stored()[name].is_unfinished is not is_done
    assert rotate_broken(office, name, {}).result is (Rotated.NEW if is_done else Rotated.FINISHED)
    assert old not in office.valid(name)
    assert len(office.valid(name)) == 1


def test_lost_answer_to_making_a_key_names_the_key_to_remove(office: KeyOffice) -> None:
    old = office.give_own_keys("klant-001")["klant-001"]
    result = rotate_broken(office, "klant-001", {"generate": (AnswerLost("It broke."), True)})

    assert isinstance(result.error, AnswerLost)
    assert '"codalink 0001"' in result.error.remedy
    assert office.stored()["klant-001"].key == Secret(old)


# --- keys that are refused, disks that are full ----------------------------------------------------------------------------------------


@every_protocol
def test_new_key_that_odoo_refuses_leaves_the_old_one_in_use(name: str, office: KeyOffice) -> None:
    old = office.give_own_keys(name)[name]

    def lose_the_new_one(call: Arrived, _result: object) -> None:
        if call.method == "generate":
            keys = office.world.database(name).users[2].api_keys
            del keys[list(keys)[-1]]

    office.sandbox.after_call = lose_the_new_one
    done = office("rotate", "json", "--all")

    assert done.exit_code == 1, done
    assert "refuses it" in rows_by(done, "database")[name]["cause"]
    assert (office.stored()[name].key, office.stored()[name].is_unfinished) == (Secret(old), False)
    assert office.valid(name) == {old}


def test_new_key_that_can_not_be_stored_is_revoked_at_once(office: KeyOffice) -> None:
    old = office.give_own_keys("klant-001")["klant-001"]

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    with exchanging(office, write=full) as exchange, pytest.raises(KeyFileNotWritten):
        exchange.rotate_key(office.address("klant-001"))
    assert office.valid("klant-001") == {old}


def test_key_that_was_revoked_by_somebody_else_meanwhile_is_not_taken(office: KeyOffice) -> None:
    """Of an interrupted exchange the older key is the one that still works."""
    old = office.give_own_keys("klant-001")["klant-001"]
    stored = office.stored()["klant-001"]
    newer = ApiKey(Secret(WRONG_KEY), today())
    office.opened().keep([StoredKey(stored.origin, stored.database, stored.login, newer, formers=(stored.current,))])
    done = office("rotate", "--all")

    assert done.exit_code == 0, done
    assert_exchanged(office, "klant-001", old)


def test_no_key_works_any_more_and_all_of_them_stay(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    stored = office.stored()["klant-001"]
    unfinished = StoredKey(stored.origin, stored.database, stored.login, stored.current, ApiKey(Secret(WRONG_KEY), today()))
    office.opened().keep([unfinished])
    office.world.database("klant-001").users[2].api_keys.clear()
    done = office("rotate", "json", "--all")

    assert done.exit_code == 1, done
    assert "or was revoked" in rows_by(done, "database")["klant-001"]["remedy"]
    assert office.stored()["klant-001"] == unfinished


def test_interrupted_exchange_is_told_and_survives_a_new_key(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    stored = office.stored()["klant-001"]
    candidate = office.key("klant-001")
    office.opened().keep([StoredKey(stored.origin, stored.database, stored.login, stored.current, ApiKey(Secret(candidate), today()))])

    assert "interrupted" in office("list").stdout
    entered = office.key("klant-001")
    office("set", "-d", "klant-001", "--secret-stdin", stdin=entered)
    assert office("rotate", "--all").exit_code == 0
    assert office.stored()["klant-001"].key == Secret(entered)
    assert candidate not in office.valid("klant-001")
