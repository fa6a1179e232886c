"""Announcing changes: before they are tried, and how they ended, whatever happens in between."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.office.changes import Change, ChangeEnded, ChangeKind, ChangeResult, ChangeStarted, announced
from codalink.office.events import Event
from tests.unit.fakes import address, company

COMPANY = company("Bakkerij", "k1")


@pytest.fixture
def heard() -> list[Event]:
    return []


def test_change_is_told_before_it_is_tried(heard: list[Event]) -> None:
    change = Change(ChangeKind.CONNECT, COMPANY)
    with announced(heard.append, change):
        assert heard == [ChangeStarted(change)]


def test_change_that_nothing_stopped_is_done(heard: list[Event]) -> None:
    change = Change(ChangeKind.CONNECT, COMPANY)
    with announced(heard.append, change):
        pass

    assert heard[1:] == [ChangeEnded(change, ChangeResult.DONE)]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (errors.RightsMissing(), ChangeResult.REFUSED),
        (errors.ConsentInvalid(), ChangeResult.REFUSED),
        (errors.OfficePasswordRefused(), ChangeResult.REFUSED),
        (errors.Unreachable(), ChangeResult.FAILED),
        (errors.ProxyDown(), ChangeResult.FAILED),
        (errors.KeyringSilent(), ChangeResult.FAILED),
        (errors.AnswerTimedOut(), ChangeResult.UNKNOWN),
        (errors.OdooFailed(), ChangeResult.UNKNOWN),
        (errors.CodaBoxDown(), ChangeResult.UNKNOWN),
    ],
    ids=lambda value: value.code if isinstance(value, CodalinkError) else value.value,
)
def test_error_says_how_it_ended(error: CodalinkError, result: ChangeResult, heard: list[Event]) -> None:
    change = Change(ChangeKind.CONNECT, COMPANY)
    with pytest.raises(type(error)), announced(heard.append, change):
        raise error

    assert heard[1:] == [ChangeEnded(change, result, error)]


@pytest.mark.parametrize("foreign", [KeyboardInterrupt, RuntimeError])
def test_what_is_cut_off_by_something_else_is_unknown(foreign: type[BaseException], heard: list[Event]) -> None:
    change = Change(ChangeKind.CONNECT, COMPANY)
    with pytest.raises(foreign), announced(heard.append, change):
        raise foreign

    assert heard[1:] == [ChangeEnded(change, ChangeResult.UNKNOWN)]


def test_changes_of_one_step_end_alike(heard: list[Event]) -> None:
    changes = [Change(ChangeKind.STORE_KEY, address(name)) for name in ("k1", "k2")]
    with announced(heard.append, *changes):
        pass

    assert heard == [*map(ChangeStarted, changes), *(ChangeEnded(change, ChangeResult.DONE) for change in changes)]


def test_two_tries_of_the_same_are_two_changes() -> None:
    assert Change(ChangeKind.CONNECT, COMPANY) != Change(ChangeKind.CONNECT, COMPANY)


def test_change_of_a_company_is_in_its_database() -> None:
    change = Change(ChangeKind.CONNECT, COMPANY)

    assert (change.company, change.database) == (COMPANY, COMPANY.database)


def test_change_of_a_database_is_of_no_company() -> None:
    change = Change(ChangeKind.INSTALL_MODULE, address("k1"))

    assert (change.company, change.database) == (None, address("k1"))
