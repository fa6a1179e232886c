"""The keyring: time limits, refused back ends, translated errors, and back ends that lie."""

import sys
import threading
import time
from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError, PasswordSetError

from codalink.errors import CodalinkError, KeyringMissing, KeyringSilent, KeyringUnreliable
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item, SystemKeyring, platform_remedy, prove
from tests.unit.fakes import FakeBackend, MemoryStore

ITEM = Item("codalink test", "somebody")
SECRET = Secret("a-secret-of-this-test")

Using = Callable[[object], SystemKeyring]


@pytest.fixture
def using(monkeypatch: pytest.MonkeyPatch) -> Using:
    """Make the library offer this back end."""

    def use(backend: object) -> SystemKeyring:
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        return SystemKeyring(time_limit_s=30)

    return use


# --- storing -------------------------------------------------------------------------------------------------------------------------


def test_what_was_written_is_read(using: Using) -> None:
    store = using(FakeBackend())
    store.write(ITEM, SECRET)

    assert store.read(ITEM) == SECRET


def test_missing_item_is_none(using: Using) -> None:
    assert using(FakeBackend()).read(ITEM) is None


def test_item_is_stored_under_service_and_account(using: Using) -> None:
    backend = FakeBackend()
    using(backend).write(ITEM, SECRET)

    assert backend.items == {("codalink test", "somebody"): "a-secret-of-this-test"}


def test_deleted_item_is_gone(using: Using) -> None:
    store = using(FakeBackend())
    store.write(ITEM, SECRET)

    assert store.delete(ITEM)
    assert store.read(ITEM) is None


def test_deleting_what_is_not_there_is_false(using: Using) -> None:
    assert not using(FakeBackend()).delete(ITEM)


def test_back_end_is_looked_for_once(using: Using, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[FakeBackend] = []

    def look() -> FakeBackend:
        looked.append(FakeBackend())
        return looked[0]

    store = using(None)
    monkeypatch.setattr(keyring, "get_keyring", look)
    store.read(ITEM)
    store.read(ITEM)

    assert len(looked) == 1


def test_nothing_is_asked_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: pytest.fail("asked"))

    SystemKeyring()


# --- back ends that lie --------------------------------------------------------------------------------------------------------------


class Forgets(FakeBackend):
    """Accepts everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Garbles(FakeBackend):
    """Gives back something else."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:-1])


class Keeps(FakeBackend):
    """Says that it deleted, and didn't."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class Swallows(FakeBackend):
    """Writes nothing over what is there."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items.setdefault((service, username), password)


@pytest.mark.parametrize("backend", [Forgets, Garbles])
def test_write_does_not_return_when_the_secret_is_not_there(backend: type[FakeBackend], using: Using) -> None:
    with pytest.raises(KeyringUnreliable):
        using(backend()).write(ITEM, SECRET)


def test_write_notices_that_the_former_secret_is_still_there(using: Using) -> None:
    store = using(Swallows())
    store.write(ITEM, SECRET)

    with pytest.raises(KeyringUnreliable):
        store.write(ITEM, Secret("another-secret"))


@pytest.mark.parametrize("backend", [Forgets, Garbles, Keeps])
def test_prove_unmasks_a_lying_keyring(backend: type[FakeBackend], using: Using) -> None:
    with pytest.raises(KeyringUnreliable):
        prove(using(backend()))


def test_prove_accepts_an_honest_keyring(using: Using) -> None:
    prove(using(FakeBackend()))


def test_prove_leaves_nothing_behind(using: Using) -> None:
    backend = FakeBackend()
    prove(using(backend))

    assert backend.items == {}


def test_prove_touches_no_other_item(using: Using) -> None:
    store = using(FakeBackend())
    store.write(ITEM, SECRET)
    prove(store)

    assert store.read(ITEM) == SECRET


def test_prove_uses_another_value_each_time() -> None:
    store = MemoryStore()
    prove(store)
    prove(store)

    assert len(set(store.log)) == 2


# --- time limits ---------------------------------------------------------------------------------------------------------------------


class Hangs(FakeBackend):
    """Waits on a question that nobody sees, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        self.let_go.wait(10)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password
        self.let_go.wait(10)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[SystemKeyring]:
    backend = Hangs()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    yield SystemKeyring(time_limit_s=0.05)
    backend.let_go.set()


@pytest.mark.parametrize(
    "call",
    [lambda store: store.read(ITEM), lambda store: store.write(ITEM, SECRET), lambda store: store.delete(ITEM), prove],
    ids=["read", "write", "delete", "prove"],
)
def test_hanging_keyring_is_given_up(call: Callable[[SystemKeyring], object], hanging: SystemKeyring) -> None:
    began = time.monotonic()

    with pytest.raises(KeyringSilent):
        call(hanging)

    assert time.monotonic() - began < 8


def test_hanging_search_for_a_back_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(keyring, "get_keyring", lambda: let_go.wait(10))

    with pytest.raises(KeyringSilent):
        SystemKeyring(time_limit_s=0.05).read(ITEM)
    let_go.set()


def test_hanging_call_does_not_hold_up_the_end(hanging: SystemKeyring) -> None:
    with pytest.raises(KeyringSilent):
        hanging.read(ITEM)

    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "codalink-keyring")


# --- refused back ends ---------------------------------------------------------------------------------------------------------------


def _made(kind: Callable[[], object]) -> object:
    return kind()


def _plain_text_backend() -> FakeBackend:
    kind = type("PlaintextKeyring", (FakeBackend,), {"__module__": "keyrings.alt.file"})
    backend = kind()
    assert isinstance(backend, FakeBackend)
    return backend


@pytest.mark.parametrize("backend", [_made(fail.Keyring), _made(null.Keyring), _plain_text_backend()], ids=["fail", "null", "plain text"])
def test_unsafe_back_end_is_refused(backend: object, using: Using) -> None:
    with pytest.raises(KeyringMissing):
        using(backend).write(ITEM, SECRET)


def test_plain_text_back_end_stores_nothing(using: Using) -> None:
    backend = _plain_text_backend()
    with pytest.raises(KeyringMissing):
        using(backend).write(ITEM, SECRET)

    assert backend.items == {}


def test_chain_of_plain_text_back_ends_is_refused(using: Using, monkeypatch: pytest.MonkeyPatch) -> None:
    """`keyring` chains back ends where several are at hand, and writes to the first."""
    inner = _plain_text_backend()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [inner, _plain_text_backend()])

    with pytest.raises(KeyringMissing):
        using(_made(chainer.ChainerBackend)).write(ITEM, SECRET)


def test_refusal_tells_what_to_install(using: Using) -> None:
    with pytest.raises(KeyringMissing) as refused:
        using(_made(fail.Keyring)).read(ITEM)

    assert refused.value.remedy == platform_remedy()


# --- translated errors ---------------------------------------------------------------------------------------------------------------


class Raises(FakeBackend):
    """Raises this whatever is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise self.error


class PromptDismissedException(Exception):  # secretstorage's own name
    """What secretstorage raises when the question is closed."""


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (KeyringLocked("Failed to unlock"), KeyringSilent),
        (PromptDismissedException("Prompt dismissed"), KeyringSilent),
        (NoKeyringError("No recommended backend"), KeyringMissing),
        (InitError("no D-Bus"), KeyringUnreliable),
        (PasswordSetError("too long"), KeyringUnreliable),
        (PasswordDeleteError("not found"), KeyringUnreliable),
        (KeyringError("anything"), KeyringUnreliable),
        (OSError(1312, "A specified logon session does not exist"), KeyringUnreliable),
        (RuntimeError("D-Bus went away"), KeyringUnreliable),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else one.__name__,
)
def test_foreign_error_is_translated(foreign: Exception, ours: type[CodalinkError], using: Using) -> None:
    with pytest.raises(ours) as raised:
        using(Raises(foreign)).read(ITEM)

    assert raised.value.__cause__ is foreign


def test_unknown_error_keeps_its_words(using: Using) -> None:
    with pytest.raises(KeyringUnreliable, match="RuntimeError: D-Bus went away"):
        using(Raises(RuntimeError("D-Bus went away"))).read(ITEM)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_remedy_is_a_sentence_on_every_platform(platform: str) -> None:
    assert platform_remedy(platform).endswith(".")


def test_remedies_differ_by_platform() -> None:
    assert len({platform_remedy(platform) for platform in ("linux", "darwin", "win32")}) == 3


def test_remedy_is_for_this_platform() -> None:
    assert platform_remedy() == platform_remedy(sys.platform)
