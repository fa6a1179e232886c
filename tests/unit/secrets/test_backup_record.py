"""The record that a backup was made speaks of the very password that was backed up."""

from datetime import date

import pytest

from codalink.secrets.backup import SealedPasswords
from codalink.secrets.backup_record import BackupRecords
from codalink.secrets.masked import Secret, redact
from codalink.secrets.passwords import OfficePasswords
from codalink.secrets.store import Item
from tests.unit.fakes import OFFICE_VAT, MemoryStore
from tests.unit.secrets.backups import DAY, PASSWORDS

RECORD = Item("codalink office password", f"{OFFICE_VAT} (backed up)")
OTHER = Secret("another-password")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def records(store: MemoryStore) -> BackupRecords:
    return BackupRecords(store)


def test_day_of_the_last_backup_is_known(records: BackupRecords) -> None:
    records.keep(OFFICE_VAT, date(2026, 1, 2), PASSWORDS)
    records.keep(OFFICE_VAT, DAY, PASSWORDS)

    assert records.day_of(OFFICE_VAT, PASSWORDS.password) == DAY


def test_nothing_is_known_without_one(records: BackupRecords) -> None:
    assert records.day_of(OFFICE_VAT, PASSWORDS.password) is None


def test_record_is_void_for_another_password(records: BackupRecords) -> None:
    records.keep(OFFICE_VAT, DAY, PASSWORDS)

    assert records.day_of(OFFICE_VAT, OTHER) is None


def test_record_is_good_for_the_candidate_too(records: BackupRecords) -> None:
    records.keep(OFFICE_VAT, DAY, SealedPasswords(PASSWORDS.password, OTHER))

    assert records.day_of(OFFICE_VAT, OTHER) == DAY


def test_record_of_one_office_is_not_anothers(records: BackupRecords) -> None:
    records.keep(OFFICE_VAT, DAY, PASSWORDS)

    assert records.day_of("0403019261", PASSWORDS.password) is None


@pytest.mark.parametrize("edited", ["", "2026-05-19", "yes", "yes {print}", "2026-02-30 {print}", "{print} 2026-05-19"])
def test_record_that_somebody_has_edited_is_none(edited: str, records: BackupRecords, store: MemoryStore) -> None:
    records.keep(OFFICE_VAT, DAY, PASSWORDS)
    store.items[RECORD] = Secret(edited.replace("{print}", store.items[RECORD].reveal().split(" ")[1]))

    assert records.day_of(OFFICE_VAT, PASSWORDS.password) is None


def test_record_holds_no_password(records: BackupRecords, store: MemoryStore) -> None:
    records.keep(OFFICE_VAT, DAY, PASSWORDS)

    assert list(store.items) == [RECORD]
    assert PASSWORDS.password.reveal() not in store.items[RECORD].reveal()


def test_day_is_not_masked_as_if_it_were_a_secret(records: BackupRecords) -> None:
    records.keep(OFFICE_VAT, date(1998, 11, 28), PASSWORDS)

    assert redact("backed up on 1998-11-28") == "backed up on 1998-11-28"


def test_forgetting_the_password_forgets_the_record(records: BackupRecords, store: MemoryStore) -> None:
    OfficePasswords(store).keep(OFFICE_VAT, PASSWORDS.password)
    records.keep(OFFICE_VAT, DAY, PASSWORDS)

    assert OfficePasswords(store).forget(OFFICE_VAT)
    assert store.items == {}
