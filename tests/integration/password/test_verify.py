"""`codalink password verify`: it says what CodaBox thinks of the password, and changes nothing."""

import pytest

from codalink.odoo.gateway import OdooProtocol
from codalink.sandbox import Consent, FaultKind, small_office
from codalink.sandbox.refusals import Button, Refusal
from tests.integration.office import readable_passwords
from tests.integration.password.conftest import Making
from tests.integration.password.password_office import CHANGE, PasswordOffice, in_protocol
from tests.integration.terminal import hasty, needs_terminal, run_in_terminal, unwrapped

VERIFY = ("password", "verify")


def everything(office: PasswordOffice) -> tuple[object, ...]:
    """What verifying must not change."""
    return office.valid, dict(office.sandbox.keyring.items), office.connected, office.codalink.office.consent


@pytest.mark.parametrize("protocol", OdooProtocol)
def test_valid_password_is_told_and_nothing_is_changed(make_office: Making, protocol: OdooProtocol) -> None:
    office = make_office(small_office(2, versions=("19.0",)))
    in_protocol(office, protocol)
    before = everything(office)
    done = office(*VERIFY)

    assert done.exit_code == 0, done
    assert "is the valid one" in done.stderr
    assert everything(office) == before
    assert not readable_passwords(office.world)


def test_refused_password_is_told_and_nothing_is_changed(office: PasswordOffice) -> None:
    office.keep("SomethingElse000")
    before = everything(office)
    done = office(*VERIFY)

    assert done.exit_code == 4, done
    assert "codalink password recover" in done.stderr
    assert everything(office) == before
    assert not readable_passwords(office.world)


@pytest.mark.parametrize(("beside", "way_on"), [("new", "codalink password rotate"), ("former", "codalink password recover")])
def test_other_one_in_the_keyring_that_is_valid_is_told(office: PasswordOffice, beside: str, way_on: str) -> None:
    office.keep(office.valid, beside)
    office.keep("SomethingElse000")
    before = everything(office)
    done = office(*VERIFY)

    assert done.exit_code == 4, done
    assert way_on in done.stderr
    assert everything(office) == before


def test_missing_password_is_told_without_asking_anybody(office: PasswordOffice) -> None:
    office.lose()
    done = office(*VERIFY)

    assert done.exit_code == 4, done
    assert not office.sandbox.calls.of(CHANGE)


def test_missing_consent_is_told_besides(office: PasswordOffice) -> None:
    office.codalink.office.consent = Consent.TO_BE_DETERMINED
    done = office(*VERIFY)

    assert done.exit_code == 0, done
    assert "consent in MyCodaBox is missing" in unwrapped(done.stderr)


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.CUT_BODY, FaultKind.BAD_GATEWAY])
def test_answer_that_is_lost_once_is_asked_for_again(office: PasswordOffice, kind: FaultKind) -> None:
    office.sandbox.faults.add(kind, method=CHANGE, times=1)
    done = office(*VERIFY, program=hasty(1.0))

    assert done.exit_code == 0, done
    assert not readable_passwords(office.world)


def test_codabox_that_does_not_answer_is_no_verdict(office: PasswordOffice) -> None:
    office.proxy.refuse(Refusal.CODABOX_DOWN, Button.CHANGE_PASSWORD, times=None)
    done = office(*VERIFY, program=hasty(1.0))

    assert done.exit_code == 1, done
    assert "CodaBox doesn't answer" in done.stderr


@needs_terminal
def test_a_person_sees_a_sentence(office: PasswordOffice) -> None:
    shown = run_in_terminal(office.codalink, *VERIFY, columns=60)

    assert shown.exit_code == 0
    assert "is the valid one" in unwrapped(shown.text)
    assert office.valid not in shown.raw
