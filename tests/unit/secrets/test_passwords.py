"""Office passwords: one item per office; a different former one is set aside, not lost."""

import pytest

from codalink.errors import KeyringUnreliable
from codalink.secrets.masked import Secret
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import Item
from tests.unit.fakes import OFFICE_VAT, MemoryStore

SERVICE = "codalink office password"
FIRST, SECOND = Secret("first-password"), Secret("second-password")


class FailsAt(MemoryStore):
    """Fails at writing this account."""

    def __init__(self, account: str) -> None:
        super().__init__()
        self.account = account

    def write(self, item: Item, secret: Secret) -> None:
        if item.account == self.account:
            raise KeyringUnreliable
        super().write(item, secret)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def passwords(store: MemoryStore) -> OfficePasswords:
    return OfficePasswords(store)


def test_kept_password_is_found(passwords: OfficePasswords) -> None:
    passwords.keep(OFFICE_VAT, FIRST)

    assert passwords.find(OFFICE_VAT) == FIRST


def test_no_password_is_none(passwords: OfficePasswords) -> None:
    assert passwords.find(OFFICE_VAT) is None


def test_password_of_one_office_is_not_anothers(passwords: OfficePasswords) -> None:
    passwords.keep(OFFICE_VAT, FIRST)

    assert passwords.find("0403019261") is None


def test_item_is_named_by_the_offices_number(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, FIRST)

    assert list(store.items) == [Item(SERVICE, OFFICE_VAT)]


def test_different_former_password_is_set_aside(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.keep(OFFICE_VAT, SECOND)

    assert store.items[Item(SERVICE, f"{OFFICE_VAT} (former)")] == FIRST


def test_former_password_is_set_aside_before_the_new_one_is_written(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    store.log.clear()
    passwords.keep(OFFICE_VAT, SECOND)

    assert store.log == [f"store {OFFICE_VAT} (former)", f"store {OFFICE_VAT}"]


def test_keeping_the_same_password_again_sets_nothing_aside(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.keep(OFFICE_VAT, FIRST)

    assert list(store.items) == [Item(SERVICE, OFFICE_VAT)]


def test_former_password_stays_where_setting_it_aside_fails() -> None:
    store = FailsAt(f"{OFFICE_VAT} (former)")
    passwords = OfficePasswords(store)
    passwords.keep(OFFICE_VAT, FIRST)

    with pytest.raises(KeyringUnreliable):
        passwords.keep(OFFICE_VAT, SECOND)

    assert passwords.find(OFFICE_VAT) == FIRST


def test_forget_removes_the_former_one_too(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.keep(OFFICE_VAT, SECOND)

    assert passwords.forget(OFFICE_VAT)
    assert store.items == {}


def test_forgetting_nothing_is_false(passwords: OfficePasswords) -> None:
    assert not passwords.forget(OFFICE_VAT)


# --- exchanging ----------------------------------------------------------------------------------------------------------------------


def test_candidate_stands_beside_the_password(passwords: OfficePasswords) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.stage(OFFICE_VAT, SECOND)

    assert (passwords.find(OFFICE_VAT), passwords.candidate(OFFICE_VAT)) == (FIRST, SECOND)


def test_promoted_one_is_alone(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, SECOND)
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.stage(OFFICE_VAT, SECOND)
    passwords.promote(OFFICE_VAT, SECOND)

    assert store.items == {Item(SERVICE, OFFICE_VAT): SECOND}


def test_candidate_stays_where_promoting_it_fails() -> None:
    store = FailsAt(OFFICE_VAT)
    store.items[Item(SERVICE, OFFICE_VAT)] = FIRST
    passwords = OfficePasswords(store)
    passwords.stage(OFFICE_VAT, SECOND)

    with pytest.raises(KeyringUnreliable):
        passwords.promote(OFFICE_VAT, SECOND)

    assert passwords.candidate(OFFICE_VAT) == SECOND


def test_candidate_that_has_taken_its_place_is_none_any_more(passwords: OfficePasswords) -> None:
    """Killed between the two steps of promoting."""
    passwords.stage(OFFICE_VAT, SECOND)
    passwords.keep(OFFICE_VAT, SECOND)

    assert passwords.candidate(OFFICE_VAT) is None


def test_known_are_all_of_them_the_likeliest_first(passwords: OfficePasswords) -> None:
    third = Secret("third-password")
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.keep(OFFICE_VAT, SECOND)
    passwords.stage(OFFICE_VAT, third)

    assert passwords.known(OFFICE_VAT) == [SECOND, third, FIRST]


def test_known_are_told_once(passwords: OfficePasswords) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.stage(OFFICE_VAT, FIRST)

    assert passwords.known(OFFICE_VAT) == [FIRST]


def test_unstaged_candidate_is_gone_and_the_password_is_not(passwords: OfficePasswords) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.stage(OFFICE_VAT, SECOND)
    passwords.unstage(OFFICE_VAT)

    assert passwords.known(OFFICE_VAT) == [FIRST]


def test_forget_removes_the_candidate_too(passwords: OfficePasswords, store: MemoryStore) -> None:
    passwords.keep(OFFICE_VAT, FIRST)
    passwords.stage(OFFICE_VAT, SECOND)

    assert passwords.forget(OFFICE_VAT)
    assert store.items == {}
