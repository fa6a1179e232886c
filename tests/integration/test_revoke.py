"""`codalink revoke`: one connection goes, and the last one not by accident."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codalink.odoo.gateway import OdooProtocol
from codalink.sandbox import Consent, FaultKind, World, small_office
from codalink.sandbox.refusals import Button, Refusal
from tests.integration.office import readable_passwords
from tests.integration.password.password_office import REVOKE, PasswordOffice, connected_office, in_protocol
from tests.integration.terminal import hasty, needs_terminal, run_in_terminal, unwrapped

ONE = ("revoke", "--company", "klant-001")


def world_of(databases: int, *, with_wizard: bool = False, version: str = "18.0") -> World:
    """An office; with a newer module, revoking opens a wizard that asks for the office password."""
    world = small_office(databases, versions=(version,))
    for database in world.databases():
        database.flavour = database.flavour._replace(revoke_wizard=with_wizard)
    return world


@pytest.fixture(params=[False, True], ids=["at once", "with a wizard"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PasswordOffice]:
    """Two connected companies, on modules of both kinds."""
    with connected_office(world_of(2, with_wizard=request.param), tmp_path) as office:
        yield office


def registered(office: PasswordOffice) -> int:
    """How many connections CodaBox has."""
    return len(office.codalink.office.connections)


def test_one_company_is_disconnected_and_the_others_are_not(office: PasswordOffice) -> None:
    done = office(*ONE, "--yes")

    assert done.exit_code == 0, done
    assert office.connected == ["klant-002/1"]
    assert registered(office) == 1
    assert not office.troubles()


@pytest.mark.parametrize("protocol", OdooProtocol)
@pytest.mark.parametrize("with_wizard", [False, True])
def test_every_protocol_can(tmp_path: Path, protocol: OdooProtocol, with_wizard: bool) -> None:
    with connected_office(world_of(2, with_wizard=with_wizard, version="19.0"), tmp_path) as office:
        in_protocol(office, protocol)
        done = office(*ONE, "--yes")

        assert done.exit_code == 0, done
        assert office.connected == ["klant-002/1"]
        assert not office.troubles()


def test_revoking_again_does_no_harm(office: PasswordOffice) -> None:
    office(*ONE, "--yes")
    done = office(*ONE, "--yes")

    assert done.exit_code == 0, done
    assert "nothing to take away" in done.stderr
    assert registered(office) == 1


def test_company_can_be_connected_again(office: PasswordOffice) -> None:
    office(*ONE, "--yes")

    assert office("connect", "--company", "klant-001", "--yes").exit_code == 0
    assert len(office.connected) == 2


def test_trail_says_who_did_it(office: PasswordOffice) -> None:
    office(*ONE, "--yes")

    assert '"what": "revoke"' in office("log", "json", "--company", "klant-001").stdout


# --- asking --------------------------------------------------------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_done_unasked(office: PasswordOffice) -> None:
    assert office(*ONE).exit_code == 2
    assert len(office.connected) == 2


@needs_terminal
@pytest.mark.parametrize(("answer", "left"), [("n", 2), ("y", 1)])
def test_it_asks_first(office: PasswordOffice, answer: str, left: int) -> None:
    shown = run_in_terminal(office.codalink, *ONE, answers=[("Revoke the connection", answer)])

    assert shown.exit_code == 0
    assert len(office.connected) == left


def test_last_connection_needs_a_word_of_its_own(tmp_path: Path) -> None:
    with connected_office(world_of(1), tmp_path) as office:
        done = office(*ONE, "--yes", "--quiet")

        assert done.exit_code == 2, done
        assert "--last" in done.stderr
        assert "MyCodaBox (Administration > CodaBox Connect)" in unwrapped(done.stderr)
        assert len(office.connected) == 1


def test_after_the_last_one_the_way_to_mycodabox_is_told(tmp_path: Path) -> None:
    with connected_office(world_of(1), tmp_path) as office:
        done = office(*ONE, "--yes", "--last")

        assert done.exit_code == 0, done
        assert "Now revoke Odoo's access in MyCodaBox too" in done.stderr
        assert (office.connected, registered(office)) == ([], 0)


def test_after_the_last_one_and_mycodabox_the_office_begins_anew(tmp_path: Path) -> None:
    with connected_office(world_of(1), tmp_path) as office:
        office(*ONE, "--yes", "--last")
        office.revoke_in_mycodabox()
        done = office("connect-all", "--yes", "--no-browser")

        assert done.exit_code == 0, done
        assert len(office.connected) == 1
        assert office.kept() == office.valid


# --- what goes wrong -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.CUT_BODY, FaultKind.STALL_AFTER, FaultKind.TRUNCATED_JSON])
def test_revocation_whose_answer_was_lost_is_found_to_be_done(tmp_path: Path, kind: FaultKind) -> None:
    with connected_office(world_of(2), tmp_path) as office:
        office.sandbox.faults.add(kind, method=REVOKE, times=1)
        done = office(*ONE, "--yes", program=hasty(1.0))

        assert done.exit_code == 0, done
        assert office.connected == ["klant-002/1"]


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.SERVER_ERROR, FaultKind.RESET_AFTER])
def test_whatever_was_lost_with_a_wizard_the_next_run_makes_an_end_of_it(tmp_path: Path, kind: FaultKind, nth: int) -> None:
    with connected_office(world_of(2, with_wizard=True), tmp_path) as office:
        office.sandbox.faults.add(kind, method=REVOKE, nth=nth, times=1)
        office(*ONE, "--yes", program=hasty(1.0))
        assert not readable_passwords(office.world)
        done = office(*ONE, "--yes")

        assert done.exit_code == 0, done
        assert office.connected == ["klant-002/1"]


def test_lost_answer_that_meant_nothing_was_done_is_an_error(tmp_path: Path) -> None:
    with connected_office(world_of(2), tmp_path) as office:
        office.sandbox.faults.add(FaultKind.RESET_BEFORE, method=REVOKE, times=1)
        done = office(*ONE, "--yes")

        assert done.exit_code == 5, done
        assert len(office.connected) == 2


def test_newer_module_is_told_where_the_password_is_missing(tmp_path: Path) -> None:
    with connected_office(world_of(2, with_wizard=True), tmp_path) as office:
        office.lose()
        done = office(*ONE, "--yes")

        assert done.exit_code == 4, done
        assert "asks for the office password" in done.stderr
        assert len(office.connected) == 2


def test_wrong_password_is_told_and_wiped(tmp_path: Path) -> None:
    with connected_office(world_of(2, with_wizard=True), tmp_path) as office:
        office.keep("SomethingElse000")
        done = office(*ONE, "--yes")

        assert done.exit_code == 4, done
        assert not readable_passwords(office.world)
        assert len(office.connected) == 2


def test_codabox_that_is_down_is_told(office: PasswordOffice) -> None:
    office.proxy.refuse(Refusal.CODABOX_DOWN, Button.REVOKE, times=None)
    done = office(*ONE, "--yes", program=hasty(1.0))

    assert done.exit_code == 1, done
    assert len(office.connected) == 2


def test_connection_that_odoo_alone_believes_in_is_cleared(tmp_path: Path) -> None:
    """It was taken away elsewhere: CodaBox has none, and Odoo learns it."""
    with connected_office(world_of(2), tmp_path) as office:
        del office.codalink.office.connections[next(iter(office.codalink.office.connections))]
        done = office(*ONE, "--yes")

        assert done.exit_code == 0, done
        assert office.connected == ["klant-002/1"]


def test_company_of_another_office_is_left_alone(tmp_path: Path) -> None:
    world = world_of(2)
    with connected_office(world, tmp_path) as office:
        partner = world.database("klant-001").row("res.company", 1)["account_representative_id"]
        world.database("klant-001").row("res.partner", partner)["vat"] = "BE0477472701"
        done = office(*ONE, "--yes")

        assert done.exit_code == 1, done
        assert not office.sandbox.calls.of(REVOKE)


def test_unknown_company_is_told(office: PasswordOffice) -> None:
    assert office("revoke", "-c", "nobody", "--yes").exit_code == 2


def test_consent_that_was_taken_back_does_not_keep_it_from_being_revoked(tmp_path: Path) -> None:
    with connected_office(world_of(2), tmp_path) as office:
        office.proxy.give_consent(office.world.office_vat, Consent.DENIED)
        done = office(*ONE, "--yes")

        assert done.exit_code == 0, done
        assert "klant-001/1" not in office.connected
