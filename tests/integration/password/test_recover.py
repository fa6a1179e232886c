"""`codalink password recover`: it finds the password wherever it may be, and leads the way to a new one where it is lost."""

import pytest

from codalink.sandbox import FaultKind, World, small_office
from codalink.sandbox.environment import Environment
from codalink.sandbox.histories import SYSTEM
from tests.integration.office import readable_passwords
from tests.integration.password.conftest import Making
from tests.integration.password.password_office import CHANGE, REVOKE, PasswordOffice
from tests.integration.terminal import needs_terminal, run_in_terminal, unwrapped

RECOVER = ("password", "recover")
START_OVER = (*RECOVER, "--revoked", "--yes", "--no-browser")
CREATE = "l10n_be_codabox_create_connection"


# --- it is somewhere -----------------------------------------------------------------------------------------------------------------


def test_nothing_is_lost(office: PasswordOffice) -> None:
    done = office(*RECOVER)

    assert done.exit_code == 0, done
    assert "Nothing is lost" in done.stderr
    assert not office.troubles()


@pytest.mark.parametrize("beside", ["new", "former"])
@pytest.mark.parametrize("other", ["SomethingElse000", ""])
def test_valid_one_that_was_set_aside_is_put_back(office: PasswordOffice, beside: str, other: str) -> None:
    office.lose()
    office.keep(office.valid, beside)
    if other:
        office.keep(other)
    done = office(*RECOVER)

    assert done.exit_code == 0, done
    assert "back in its place" in done.stderr
    assert not office.troubles()


def test_password_that_odoo_still_shows_is_brought_home(make_office: Making) -> None:
    world = small_office(3)
    office = make_office(world)
    office.lose()
    odoo = Environment(world, world.database("klant-002"), SYSTEM, {})
    odoo.browse("l10n_be_codabox.validation.wizard").create({"company_id": 1, "fidu_password": office.valid})
    odoo.commit()
    done = office(*RECOVER)

    assert done.exit_code == 0, done
    assert "Odoo still showed" in done.stderr
    assert not office.troubles()


def test_module_that_offers_no_test_is_told(office: PasswordOffice) -> None:
    office.sandbox.faults.add(
        FaultKind.ODOO_ERROR,
        method="l10n_be_codabox_open_change_password_wizard",
        text="The method 'l10n_be_codabox.connection.wizard.l10n_be_codabox_open_change_password_wizard' does not exist",
    )
    done = office(*RECOVER)

    assert done.exit_code == 1, done
    assert not office.sandbox.calls.of(REVOKE)


# --- it is lost ----------------------------------------------------------------------------------------------------------------------


def test_lost_password_is_explained_and_nothing_is_touched(office: PasswordOffice) -> None:
    office.lose()
    done = office(*RECOVER)

    assert done.exit_code == 4, done
    assert "Administration > CodaBox Connect" in unwrapped(done.stderr)
    assert "codalink password recover --revoked" in unwrapped(done.stderr)
    assert not office.sandbox.calls.of(REVOKE)
    assert len(office.connected) == 3


def test_consent_that_still_stands_stops_it_before_anything_is_done(office: PasswordOffice) -> None:
    office.lose()
    done = office(*START_OVER)

    assert done.exit_code == 2, done
    assert "still stands" in done.stderr
    assert not office.sandbox.calls.of(REVOKE)
    assert len(office.connected) == 3


def test_new_first_connection_and_everybody_is_connected_again(office: PasswordOffice) -> None:
    old = office.valid
    office.lose()
    office.revoke_in_mycodabox()
    done = office(*START_OVER)

    assert done.exit_code == 0, done
    assert office.valid != old
    assert len(office.connected) == 3
    assert office.codalink.office.first_connections == 2
    assert not office.troubles()


def test_first_chooses_the_company_that_begins(office: PasswordOffice) -> None:
    office.lose()
    office.revoke_in_mycodabox()
    office.sandbox.calls.clear()
    assert office(*START_OVER, "--first", "klant-003").exit_code == 0

    assert office.sandbox.calls.of(CREATE)[0].database == "klant-003"


def with_revoke_wizards(databases: int) -> World:
    """An office on a newer module, which asks for the office password before it revokes."""
    world = small_office(databases, versions=("19.0",))
    for database in world.databases():
        database.flavour = database.flavour._replace(revoke_wizard=True)
    return world


def test_newer_module_that_asks_for_the_lost_password_is_got_over(make_office: Making) -> None:
    office = make_office(with_revoke_wizards(3))
    office.lose()
    office.revoke_in_mycodabox()
    done = office(*START_OVER)

    assert done.exit_code == 0, done
    assert len(office.connected) == 3
    assert not office.troubles()


def test_database_that_can_not_be_revoked_is_told_and_the_others_go_on(make_office: Making) -> None:
    office = make_office(small_office(3))
    office.lose()
    office.revoke_in_mycodabox()
    office.sandbox.faults.add(FaultKind.ODOO_ERROR, database="klant-003", method=REVOKE, text="De maan staat in de weg.")
    done = office(*START_OVER)

    assert "klant-003/Klant 003 could not be revoked" in done.stderr, done
    assert "De maan staat in de weg." in done.stderr
    assert {"klant-001/1", "klant-002/1"} <= set(office.connected)


def test_interrupted_between_revoking_and_the_new_beginning_connecting_goes_on(office: PasswordOffice) -> None:
    office.lose()
    office.revoke_in_mycodabox()
    office.sandbox.faults.add(FaultKind.BAD_GATEWAY, method=CREATE)
    assert office(*START_OVER).exit_code == 5
    office.sandbox.faults.clear()
    done = office("connect-all", "--yes", "--no-browser")

    assert done.exit_code == 0, done
    assert len(office.connected) == 3
    assert not office.troubles()


def test_forgotten_revocation_in_mycodabox_is_told_when_odoo_refuses_the_new_beginning(make_office: Making) -> None:
    """All connections are gone, and MyCodaBox still has the registration: that is what helps, not looking for a password."""
    office = make_office(small_office(1))
    assert office("revoke", "-c", "klant-001", "--yes", "--last").exit_code == 0
    done = office("connect-all", "--yes", "--no-browser")

    assert done.exit_code == 1, done
    assert "MyCodaBox still has" in unwrapped(done.stderr)
    assert "revoke Odoo's access" in unwrapped(done.stderr)


@needs_terminal
def test_a_person_is_led_through_it(office: PasswordOffice) -> None:
    office.lose()
    office.revoke_in_mycodabox()
    shown = run_in_terminal(
        office.codalink, *RECOVER, "--no-browser", columns=70, answers=[("Have you revoked", "y"), ("Go ahead?", "y")], timeout_s=120
    )

    assert shown.exit_code == 0, shown.text
    assert len(office.connected) == 3
    assert not office.troubles()
    assert office.valid not in shown.raw


@needs_terminal
def test_a_person_who_has_not_revoked_yet_changes_nothing(office: PasswordOffice) -> None:
    office.lose()
    shown = run_in_terminal(office.codalink, *RECOVER, answers=[("Have you revoked", "n")], timeout_s=120)

    assert shown.exit_code == 3, shown.text
    assert not office.sandbox.calls.of(REVOKE)


def test_password_can_not_be_read_in_any_wizard_afterwards(office: PasswordOffice) -> None:
    office.keep("SomethingElse000")
    office.keep("SomethingElse001", "former")
    office(*RECOVER)

    assert len(office.sandbox.calls.of(CHANGE)) == 2
    assert not readable_passwords(office.world)
