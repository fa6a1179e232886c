"""Where the office stands, and what finding out costs."""

import pytest

from codalink.errors import CodalinkError, KeyringSilent, LoginRefused, LoginSecretMissing, OfficeUnknown, ProxyDown
from codalink.office.connecting.standing import OfficeState, Standing, find_standing
from codalink.office.fleet import OneByOne
from codalink.secrets.masked import Secret
from tests.unit.fakes import OFFICE, OFFICE_PASSWORD, OFFICE_VAT, FakeCodaBox, FakeRun, company

OPEN = "l10n_be_codabox_open_connection_wizard"


def standing(run: FakeRun) -> Standing:
    return find_standing(OFFICE, run.companies, run.gateways, run.passwords, OneByOne(), run.time)


def with_password(run: FakeRun) -> FakeRun:
    run.passwords.keep(OFFICE_VAT, Secret(OFFICE_PASSWORD))
    run.log.clear()
    return run


def registered(databases: int = 1, *, consent: bool = False) -> FakeRun:
    """An office with a connection somewhere that these databases don't know of."""
    return FakeRun(databases, FakeCodaBox(is_registered=True, has_consent=consent, connections={("elsewhere", 1)}))


def with_wizard(run: FakeRun, number: int = 1, *, wiped: bool = False) -> FakeRun:
    run[number].validations[1] = {
        "id": 1,
        "company_id": [1, "x"],
        "fidu_password": False if wiped else OFFICE_PASSWORD,
        "confirmation_url": "https://my.codabox.com/x",
    }
    return run


def test_no_candidates_is_ready_without_a_call() -> None:
    run = FakeRun(0)

    assert (standing(run).state, run.log) == (OfficeState.READY, [])


def test_connected_company_and_password_is_ready_without_a_call() -> None:
    run = with_password(FakeRun(1))
    run.companies = [company(is_connected=True)]

    assert (standing(run).state, run.log) == (OfficeState.READY, [])


def test_connected_company_without_password_is_password_missing_without_a_call() -> None:
    run = FakeRun(1)
    run.companies = [company(is_connected=True)]

    assert (standing(run).state, run.log) == (OfficeState.PASSWORD_MISSING, [])


def test_office_without_connections_is_not_registered() -> None:
    run = FakeRun(2)

    assert standing(run) == Standing(OfficeState.NOT_REGISTERED, run.companies[0])


def test_asking_takes_three_calls_through_one_company() -> None:
    run = FakeRun(3)
    standing(run)

    assert run.log == ["klant-001 create", f"klant-001 {OPEN}", "klant-001 read"]


def test_registered_office_without_password_is_password_missing() -> None:
    assert standing(registered()).state is OfficeState.PASSWORD_MISSING


@pytest.mark.parametrize(("consent", "state"), [(True, OfficeState.READY), (False, OfficeState.CONSENT_MISSING)])
def test_registered_office_with_password_waits_for_its_consent_only(consent: bool, state: OfficeState) -> None:
    assert standing(with_password(registered(consent=consent))).state is state


def test_living_wizard_with_the_password_is_found() -> None:
    run = with_wizard(registered(2), 2)
    found = standing(run)

    assert found.state is OfficeState.CONSENT_MISSING
    assert found.wizard is not None
    assert (found.wizard.company, found.wizard.shown.password) == (run.companies[1], Secret(OFFICE_PASSWORD))


def test_password_in_a_wizard_is_brought_home_even_with_a_consent() -> None:
    assert standing(with_wizard(with_password(registered(consent=True)))).state is OfficeState.CONSENT_MISSING


def test_wiped_wizard_without_password_is_password_missing() -> None:
    assert standing(with_wizard(registered(), wiped=True)).state is OfficeState.PASSWORD_MISSING


def test_wiped_wizard_and_password_still_has_the_consent_page() -> None:
    found = standing(with_wizard(with_password(registered()), wiped=True))

    assert found.state is OfficeState.CONSENT_MISSING
    assert found.wizard is not None
    assert found.wizard.shown.consent_url == "https://my.codabox.com/x"


def test_wizard_with_the_password_wins_over_a_wiped_one() -> None:
    found = standing(with_wizard(with_wizard(registered(2), 1), 2, wiped=True))

    assert found.wizard is not None
    assert found.wizard.company.database.name == "klant-001"


def test_wizard_of_a_company_that_is_no_candidate_is_left_alone() -> None:
    run = with_wizard(registered())
    run[1].validations[1]["company_id"] = [99, "another"]

    assert standing(run).wizard is None


def test_broken_first_candidate_does_not_hide_the_standing() -> None:
    run = FakeRun(3)
    run[1].before["create"] = [LoginRefused()]

    assert standing(run) == Standing(OfficeState.NOT_REGISTERED, run.companies[1])


def test_gateway_that_does_not_open_does_not_hide_the_standing() -> None:
    run = FakeRun(2)
    run.gateways.broken[run.companies[0].database] = LoginSecretMissing()

    assert standing(run).asked == run.companies[1]


def test_nobody_to_ask_is_unknown_with_the_last_reason() -> None:
    run, reason = FakeRun(2), ProxyDown()
    run[1].before["create"] = [LoginRefused()]
    run[2].before["create"] = [reason]

    assert standing(run) == Standing(OfficeState.UNKNOWN, error=reason)


@pytest.mark.parametrize("error", [KeyringSilent(), OfficeUnknown()], ids=["keyring", "office unknown"])
def test_error_that_concerns_everyone_is_raised(error: CodalinkError) -> None:
    run = FakeRun(2)
    run[1].before[OPEN] = [error]

    with pytest.raises(type(error)):
        standing(run)


def test_keyring_that_fails_is_raised_before_any_call() -> None:
    run = FakeRun(1)
    run.store.trouble = KeyringSilent()
    with pytest.raises(KeyringSilent):
        standing(run)

    assert run.log == []


def test_database_whose_wizards_cannot_be_read_counts_as_none() -> None:
    run = with_wizard(registered(2), 2)
    run[1].before["search_read"] = [LoginRefused()]

    assert standing(run).wizard is not None


def test_stop_asks_nobody() -> None:
    run = FakeRun(2)
    run.time.request()

    assert (standing(run).state, run.log) == (OfficeState.UNKNOWN, [])
