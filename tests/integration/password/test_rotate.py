"""`codalink password rotate`: whatever happens, the valid office password is in the keyring, and the next run makes an end of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pytest

from codalink.config import load, sources
from codalink.errors import KeyringUnreliable
from codalink.odoo.connector import Connector
from codalink.odoo.gateway import DatabaseAddress, Gateway, OdooProtocol
from codalink.odoo.http import HttpPool
from codalink.office.databases.discover import survey
from codalink.office.fleet import OneByOne, Stop
from codalink.office.means import Means
from codalink.office.password.rotate import Rotation, rotate_password
from codalink.sandbox import FaultKind, small_office
from codalink.sandbox.refusals import Button, Refusal
from codalink.secrets.credentials import Credentials
from codalink.secrets.keys import DatabaseKeys
from codalink.secrets.logins import LoginSecrets
from codalink.secrets.masked import Secret
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import Item, SecretStore
from tests.integration.dying import NEVER, DyingGateway, Killed, Points
from tests.integration.office import SandboxStore, readable_passwords
from tests.integration.password.conftest import Making
from tests.integration.password.password_office import CHANGE, PasswordOffice, in_protocol
from tests.integration.terminal import hasty, needs_terminal, run_in_terminal

ROTATE = ("password", "rotate", "--yes")
HASTY = hasty(1.0)


# --- all goes well -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", OdooProtocol)
def test_new_password_is_the_valid_one_and_alone_in_the_keyring(make_office: Making, protocol: OdooProtocol) -> None:
    office = make_office(small_office(2, versions=("19.0",)))
    in_protocol(office, protocol)
    old, connected = office.valid, office.connected
    done = office(*ROTATE)

    assert done.exit_code == 0, done
    assert office.valid != old
    assert not office.troubles()
    assert office.connected == connected
    assert old not in done.stdout + done.stderr
    assert office.valid not in done.stdout + done.stderr


def test_new_password_is_another_one_each_time(office: PasswordOffice) -> None:
    valid = {office.valid}
    for _ in range(2):
        assert office(*ROTATE).exit_code == 0
        valid.add(office.valid)

    assert len(valid) == 3


def test_new_password_opens_further_companies(make_office: Making) -> None:
    office = make_office(small_office(2))
    office.proxy.office(office.world.office_vat).connections.popitem()
    office.world.database("klant-002").row("res.company", 1).update(l10n_be_codabox_is_connected=False)

    assert office(*ROTATE).exit_code == 0
    assert office("connect-all", "--yes", "--no-browser").exit_code == 0
    assert len(office.connected) == 2


def test_few_databases_are_read_where_there_are_many(make_office: Making) -> None:
    office = make_office(small_office(60))
    assert office(*ROTATE, "--jobs", "2").exit_code == 0

    assert len({call.database for call in office.sandbox.calls if call.database}) < 10


def test_trail_says_what_was_changed(office: PasswordOffice) -> None:
    office(*ROTATE)

    said = office("log", "csv").stdout
    assert "change password" in said
    assert office.valid not in said


@needs_terminal
def test_it_asks_first(office: PasswordOffice) -> None:
    old = office.valid
    shown = run_in_terminal(office.codalink, "password", "rotate", answers=[("needs the new one", "n")])

    assert shown.exit_code == 0
    assert (office.valid, office.kept("new")) == (old, None)


# --- killed --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DoomedGateways:
    inner: Connector
    points: Points

    def open(self, database: DatabaseAddress) -> Gateway:
        return DyingGateway(self.inner.open(database), self.points)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)


@dataclass(frozen=True)
class DoomedStore:
    """A keyring with a point before and after each change."""

    inner: SecretStore
    points: Points

    def read(self, item: Item) -> Secret | None:
        return self.inner.read(item)

    def write(self, item: Item, secret: Secret) -> None:
        self.points.pass_one()
        self.inner.write(item, secret)
        self.points.pass_one()

    def delete(self, item: Item) -> bool:
        self.points.pass_one()
        done = self.inner.delete(item)
        self.points.pass_one()
        return done


@contextmanager
def doomed_means(office: PasswordOffice, at: int, around: Callable[[SecretStore], SecretStore]) -> Iterator[Means]:
    points = Points(at)
    store = around(SandboxStore(office.sandbox))
    with HttpPool() as pool:
        connector = Connector(pool, Credentials(DatabaseKeys(office.codalink.state / "keys", store), LoginSecrets(store)))
        passwords = OfficePasswords(DoomedStore(store, points))
        yield Means(DoomedGateways(connector, points), passwords, lambda: None, OneByOne())  # type: ignore[arg-type]  # by __getattr__


def rotate_until(at: int, office: PasswordOffice, around: Callable[[SecretStore], SecretStore] = lambda store: store) -> Rotation:
    """One exchange as the command does it, in this process, with something around the keyring; at one point it is Killed."""
    configuration = load(office.codalink.config)
    with doomed_means(office, at, around) as means:
        found = survey(sources(configuration, office.codalink.config), means.gateways, means.runner, Stop())
        return rotate_password(configuration.office, found, lambda: Secret(f"Rotated{next(NUMBERS):09}"), means)


NUMBERS = count()


def begin_anew(office: PasswordOffice) -> str:
    """The office has one password, valid and at home."""
    office.lose()
    office.keep(office.valid)
    return office.valid


@pytest.mark.parametrize("protocol", OdooProtocol)
def test_killed_anywhere_and_once_more_the_valid_password_is_in_the_keyring(make_office: Making, protocol: OdooProtocol) -> None:
    """Killed before and after every call and every write, and then again early in the next run."""
    office = make_office(small_office(1, versions=("19.0",)))
    in_protocol(office, protocol)
    for at in count(1):
        old, deaths = begin_anew(office), 0
        for point in (at, 3 + at % 9, NEVER):
            try:
                rotate_until(point, office)
                break
            except Killed:
                deaths += 1
                assert office.valid in {office.kept(), office.kept("new")}, (protocol, at)
        assert office.valid != old
        assert not office.troubles(), (protocol, at)
        if deaths == 0:
            break
    assert at > 30


def test_connecting_goes_on_with_what_an_interrupted_exchange_made_valid(make_office: Making) -> None:
    office = make_office(small_office(3))
    office.proxy.office(office.world.office_vat).connections.popitem()
    office.world.database("klant-003").row("res.company", 1).update(l10n_be_codabox_is_connected=False)
    office.keep("Staged0000000001", "new")
    office.codalink.office.password = "Staged0000000001"
    done = office("connect-all", "--yes", "--no-browser")

    assert done.exit_code == 0, done
    assert len(office.connected) == 3
    assert not office.troubles()


# --- answers that are lost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.CUT_BODY, FaultKind.TRUNCATED_JSON, FaultKind.STALL_AFTER])
def test_exchange_whose_answer_was_lost_is_found_to_be_done(office: PasswordOffice, kind: FaultKind) -> None:
    old = office.valid
    office.sandbox.faults.add(kind, method=CHANGE, times=1)
    done = office(*ROTATE, program=HASTY)

    assert done.exit_code == 0, done
    assert office.valid != old
    assert not office.troubles()


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY])
def test_exchange_that_was_not_done_leaves_both_and_the_next_run_asks_for_the_same(office: PasswordOffice, kind: FaultKind) -> None:
    old = office.valid
    office.sandbox.faults.add(kind, method=CHANGE, times=1)
    failed = office(*ROTATE, program=HASTY)
    staged = office.kept("new")

    assert failed.exit_code == 5, failed
    assert "Run `codalink password rotate` again" in failed.stderr
    assert (office.valid, office.kept()) == (old, old)
    assert staged is not None
    assert not readable_passwords(office.world)
    assert office(*ROTATE).exit_code == 0
    assert office.valid == staged
    assert not office.troubles()


def test_request_that_was_carried_out_when_nobody_waited_any_more_is_found_by_the_next_run(office: PasswordOffice) -> None:
    office.sandbox.faults.add(FaultKind.RESET_BEFORE, method=CHANGE, times=1)
    assert office(*ROTATE, program=HASTY).exit_code == 5
    office.codalink.office.password = office.kept("new") or ""
    done = office(*ROTATE)

    assert done.exit_code == 0, done
    assert "that was interrupted is finished" in done.stderr
    assert not office.troubles()


# --- refused -------------------------------------------------------------------------------------------------------------------------


def test_wrong_password_in_the_keyring_is_told_and_nothing_is_changed(office: PasswordOffice) -> None:
    office.keep("SomethingElse000")
    done = office(*ROTATE)

    assert done.exit_code == 4, done
    assert "codalink password recover" in done.stderr
    assert (office.kept(), office.kept("new")) == ("SomethingElse000", None)
    assert not readable_passwords(office.world)


def test_both_are_kept_where_neither_is_valid_and_one_may_have_been_sent(office: PasswordOffice) -> None:
    office.keep("SomethingElse000")
    office.keep("SomethingElse001", "new")

    assert office(*ROTATE).exit_code == 4
    assert (office.kept(), office.kept("new")) == ("SomethingElse000", "SomethingElse001")


def test_no_password_is_told(office: PasswordOffice) -> None:
    office.lose()
    done = office(*ROTATE)

    assert done.exit_code == 4, done
    assert not office.sandbox.calls.of(CHANGE)


def test_refusal_that_codalink_does_not_know_is_shown_and_wiped(office: PasswordOffice) -> None:
    """Odoo rolls back what a refused button did, so that the passwords would stay in the wizard."""
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, method=CHANGE, text="De maan staat in de weg.")
    done = office(*ROTATE)

    assert done.exit_code == 1, done
    assert "De maan staat in de weg." in done.stderr
    assert not readable_passwords(office.world)
    assert office.kept() == office.valid


def test_codabox_that_does_not_let_itself_be_asked_once_more_is_taken_at_its_word(office: PasswordOffice) -> None:
    old = office.valid
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, method=CHANGE, nth=2, text="The new password must differ from the old one.")
    done = office(*ROTATE)

    assert done.exit_code == 0, done
    assert office.valid != old
    assert not office.troubles()


def test_codabox_that_is_down_is_told(office: PasswordOffice) -> None:
    old = office.valid
    office.proxy.refuse(Refusal.CODABOX_DOWN, Button.CHANGE_PASSWORD, times=None)
    done = office(*ROTATE, program=HASTY)

    assert done.exit_code == 1, done
    assert (office.valid, office.kept()) == (old, old)


def test_office_that_is_not_registered_is_told(make_office: Making) -> None:
    office = make_office(small_office(1))
    office.codalink.office.connections.clear()
    done = office(*ROTATE)

    assert done.exit_code == 1, done
    assert "codalink connect-all" in done.stderr


def test_database_that_is_broken_leaves_it_to_another_one(office: PasswordOffice) -> None:
    office.sandbox.faults.add(FaultKind.BAD_GATEWAY, database="klant-001", model="res.config.settings")
    done = office(*ROTATE, "--jobs", "1", program=HASTY)

    assert done.exit_code == 0, done
    assert not office.troubles()


def test_module_without_the_wizard_is_told(make_office: Making) -> None:
    office = make_office(small_office(1))
    office.sandbox.faults.add(
        FaultKind.ODOO_ERROR,
        method="l10n_be_codabox_open_change_password_wizard",
        text="The method 'l10n_be_codabox.connection.wizard.l10n_be_codabox_open_change_password_wizard' does not exist",
    )
    done = office(*ROTATE)

    assert done.exit_code == 1, done
    assert "Upgrade the module" in done.stderr


# --- the keyring ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FailingStore:
    """A keyring that refuses to write one item."""

    inner: SecretStore
    account: str

    def read(self, item: Item) -> Secret | None:
        return self.inner.read(item)

    def write(self, item: Item, secret: Secret) -> None:
        if item.account == self.account:
            raise KeyringUnreliable
        self.inner.write(item, secret)

    def delete(self, item: Item) -> bool:
        return self.inner.delete(item)


def test_keyring_that_fails_before_anything_was_sent_changes_nothing(office: PasswordOffice) -> None:
    old = office.valid
    with pytest.raises(KeyringUnreliable):
        rotate_until(NEVER, office, lambda store: FailingStore(store, f"{office.world.office_vat} (new)"))

    assert (office.valid, office.kept()) == (old, old)
    assert not office.sandbox.calls.of(CHANGE)


def test_keyring_that_fails_at_the_end_has_the_new_password_beside_the_old_one(office: PasswordOffice) -> None:
    with pytest.raises(KeyringUnreliable, match="beside the old one") as caught:
        rotate_until(NEVER, office, lambda store: FailingStore(store, office.world.office_vat))

    assert "it finishes the exchange" in caught.value.remedy
    assert office.kept("new") == office.valid
    assert office(*ROTATE).exit_code == 0
    assert not office.troubles()
