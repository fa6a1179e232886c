"""The first connection: the order of writes, lost answers, and waiting for the consent."""

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.codabox.connection import FirstConnection
from codalink.odoo.gateway import Call, Json
from codalink.office.connecting.first import await_consent, bring_home, register_office
from codalink.office.events import ConsentAsked, ConsentGiven, ConsentNeeded, PasswordKept
from codalink.secrets.masked import Secret
from codalink.secrets.store import Item
from tests.unit.fakes import CONSENT_URL, OFFICE, OFFICE_PASSWORD, OFFICE_VAT, FakeCodaBox, FakeRun

CREATE = "l10n_be_codabox_create_connection"
OPEN = "l10n_be_codabox_open_connection_wizard"
WIPE = "validate_connection"
PASSWORD = Secret(OFFICE_PASSWORD)


@pytest.fixture
def run() -> FakeRun:
    return FakeRun(1)


def register(run: FakeRun) -> str:
    return register_office(OFFICE, run.companies[0], run.means)


# --- the order of writes -------------------------------------------------------------------------------------------------------------


def test_everything_happens_in_its_order(run: FakeRun) -> None:
    register(run)

    assert run.log == [
        "prove",
        "klant-001 create",
        f"klant-001 {OPEN}",
        "klant-001 read",
        f"klant-001 {CREATE}",
        "klant-001 read",
        f"store {OFFICE_VAT}",
        f"klant-001 {WIPE}",
    ]


def test_keyring_is_proven_before_anything_is_sent(run: FakeRun) -> None:
    run.store.trouble = errors.KeyringSilent()
    with pytest.raises(errors.KeyringSilent):
        register(run)

    assert run.log == ["prove"]


def test_password_is_stored_before_odoo_forgets_it(run: FakeRun) -> None:
    register(run)

    assert run.log.index(f"store {OFFICE_VAT}") < run.log.index(f"klant-001 {WIPE}")


def test_password_is_at_home_afterwards(run: FakeRun) -> None:
    register(run)

    assert run.kept() == PASSWORD


def test_odoo_has_forgotten_the_password_afterwards(run: FakeRun) -> None:
    register(run)

    assert run[1].validations[1]["fidu_password"] is False


def test_consent_page_is_told(run: FakeRun) -> None:
    assert register(run) == CONSENT_URL


def test_listeners_hear_that_the_password_is_kept(run: FakeRun) -> None:
    register(run)

    assert list(run.happened(PasswordKept)) == [PasswordKept(OFFICE, run.companies[0])]


def test_every_step_is_announced_with_its_end(run: FakeRun) -> None:
    register(run)

    assert run.changes() == [(step, "Klant 1", "done") for step in ("first connection", "store password", "wipe password")]


def test_first_connection_whose_answer_was_lost_and_found_again_is_done(run: FakeRun) -> None:
    run[1].after[CREATE] = [errors.AnswerLost()]
    register(run)

    assert run.changes()[0] == ("first connection", "Klant 1", "done")


def test_first_connection_whose_answer_is_lost_for_good_is_unknown(run: FakeRun) -> None:
    run[1].before[CREATE] = [errors.AnswerLost()]
    with pytest.raises(errors.AnswerLost):
        register(run)

    assert run.changes() == [("first connection", "Klant 1", "unknown")]


def test_password_that_odoo_does_not_wipe_is_told_although_the_run_goes_on(run: FakeRun) -> None:
    run[1].before[WIPE] = [errors.OdooFailed()]
    register(run)

    assert run.changes()[-1] == ("wipe password", "Klant 1", "unknown")


def test_no_event_shows_the_password(run: FakeRun) -> None:
    register(run)

    assert OFFICE_PASSWORD not in repr(run.events)


def test_keyring_that_fails_at_storing_leaves_the_password_in_odoo(run: FakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(item: Item, secret: Secret) -> None:
        raise errors.KeyringUnreliable

    monkeypatch.setattr(run.store, "write", fail)
    with pytest.raises(errors.KeyringUnreliable):
        register(run)

    assert run[1].validations[1]["fidu_password"] == OFFICE_PASSWORD
    assert run[1].count(WIPE) == 0


def test_office_registered_in_the_meantime_is_not_registered_again(run: FakeRun) -> None:
    run.codabox.connections.add(("elsewhere", 1))
    with pytest.raises(errors.AlreadyRegistered, match="in the meantime"):
        register(run)

    assert run[1].count(CREATE) == 0


@pytest.mark.parametrize(
    "error", [errors.AlreadyRegistered(), errors.OfficeUnknown(), errors.CompanyNumberRefused(), errors.ModuleTooOld()]
)
def test_refusal_is_raised_and_nothing_is_stored(error: CodalinkError, run: FakeRun) -> None:
    run[1].before[CREATE] = [error]
    with pytest.raises(type(error)):
        register(run)

    assert run.kept() is None


# --- lost answers --------------------------------------------------------------------------------------------------------------------

LOST = [
    errors.AnswerLost(),
    errors.AnswerTimedOut(),
    errors.ServerTrouble(),
    errors.NotOdoo(),
    errors.AnswerUnexpected(),
    errors.CodaBoxDown(),
]
lost = pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)


@lost
def test_password_is_found_after_a_lost_answer(error: CodalinkError, run: FakeRun) -> None:
    run[1].after[CREATE] = [error]
    register(run)

    assert run.kept() == PASSWORD


@lost
def test_first_connection_is_never_repeated(error: CodalinkError, run: FakeRun) -> None:
    run[1].after[CREATE] = [error]
    register(run)

    assert run[1].count(CREATE) == 1


@lost
def test_what_did_not_happen_is_raised_after_looking(error: CodalinkError, run: FakeRun) -> None:
    run[1].before[CREATE] = [error]
    with pytest.raises(type(error)):
        register(run)

    assert run[1].count("search_read") == 3


def test_looking_goes_on_where_it_fails_too(run: FakeRun) -> None:
    run[1].after[CREATE] = [errors.AnswerLost()]
    run[1].before["search_read"] = [errors.Unreachable(), errors.Unreachable()]
    register(run)

    assert run.kept() == PASSWORD


def test_looking_pauses_in_between(run: FakeRun) -> None:
    run[1].before[CREATE] = [errors.AnswerLost()]
    with pytest.raises(errors.AnswerLost):
        register(run)

    assert run.time.pauses == [1.0, 2.0]


def test_password_that_could_not_be_read_at_first_is_found(run: FakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is made; reading the password from its wizard fails, which by itself says that nothing happened."""
    read = run[1]._on_read

    def fail(call: Call) -> Json:
        if call.model == "l10n_be_codabox.validation.wizard":
            raise errors.Unreachable
        return read(call)

    monkeypatch.setattr(run[1], "_on_read", fail)
    register(run)

    assert run.kept() == PASSWORD


def test_wizard_of_another_company_is_not_taken_for_its_own(run: FakeRun) -> None:
    run[1].validations[1] = {"id": 1, "company_id": [77, "x"], "fidu_password": "of-another-office", "confirmation_url": ""}
    run[1].before[CREATE] = [errors.AnswerLost()]

    with pytest.raises(errors.AnswerLost):
        register(run)


# --- bringing home -------------------------------------------------------------------------------------------------------------------


def test_bringing_home_twice_does_no_harm(run: FakeRun) -> None:
    register(run)
    shown = FirstConnection(1, PASSWORD, CONSENT_URL)

    assert bring_home(OFFICE, run.companies[0], shown, run.means) == CONSENT_URL
    assert list(run.store.items) == [Item("codalink office password", OFFICE_VAT)]


def test_wiping_that_fails_is_no_failure(run: FakeRun) -> None:
    run[1].before[WIPE] = [errors.AnswerTimedOut()]

    assert register(run) == CONSENT_URL
    assert run.kept() == PASSWORD


def test_wiped_wizard_with_the_password_at_home_tells_its_page(run: FakeRun) -> None:
    run.passwords.keep(OFFICE_VAT, PASSWORD)

    assert bring_home(OFFICE, run.companies[0], FirstConnection(1, None, CONSENT_URL), run.means) == CONSENT_URL


def test_wiped_wizard_without_a_password_anywhere_is_an_error(run: FakeRun) -> None:
    with pytest.raises(errors.AnswerUnexpected):
        bring_home(OFFICE, run.companies[0], FirstConnection(1, None, CONSENT_URL), run.means)


def test_different_former_password_is_not_lost(run: FakeRun) -> None:
    run.passwords.keep(OFFICE_VAT, Secret("former-password"))
    register(run)

    assert run.store.items[Item("codalink office password", f"{OFFICE_VAT} (former)")] == Secret("former-password")


# --- waiting for the consent ---------------------------------------------------------------------------------------------------------


def waiting(run: FakeRun, time_limit_s: float = 600.0, url: str = CONSENT_URL) -> bool:
    return await_consent(OFFICE, run.companies[0], url, time_limit_s, run.means)


def office(*, consents_when_asked: int | None = None, is_own: bool = True) -> FakeRun:
    place = ("klant-001", 1) if is_own else ("elsewhere", 1)
    return FakeRun(1, FakeCodaBox(is_registered=True, connections={place}, consents_when_asked=consents_when_asked))


def test_consent_that_is_there_already_needs_no_waiting() -> None:
    run = office(consents_when_asked=1)

    assert waiting(run)
    assert run.time.pauses == []
    assert list(run.happened(ConsentNeeded)) == []


def test_consent_is_noticed() -> None:
    run = office(consents_when_asked=4)

    assert waiting(run)
    assert run.codabox.asked == 4


def test_pauses_grow_up_to_a_quarter_of_a_minute() -> None:
    run = office(consents_when_asked=12)
    waiting(run)

    assert run.time.pauses[:4] == [1.0, 1.5, 2.25, 3.375]
    assert run.time.pauses == sorted(run.time.pauses)
    assert max(run.time.pauses) == 15.0


def test_waiting_ends_at_the_time_limit() -> None:
    run = office()

    assert not waiting(run, time_limit_s=60)
    assert sum(run.time.pauses) == pytest.approx(60)


def test_consent_at_the_last_moment_is_noticed() -> None:
    run = office(consents_when_asked=3)

    assert waiting(run, time_limit_s=2)


def test_no_time_at_all_asks_once() -> None:
    run = office()

    assert not waiting(run, time_limit_s=0)
    assert run.codabox.asked == 1


def test_stop_ends_the_waiting() -> None:
    run = office()
    run.time.stops_after = 2

    assert not waiting(run)
    assert len(run.time.pauses) == 3


def test_user_is_told_once_where_to_go() -> None:
    run = office(consents_when_asked=5)
    waiting(run)

    assert list(run.happened(ConsentNeeded)) == [ConsentNeeded(OFFICE, CONSENT_URL, 600.0)]


@pytest.mark.parametrize("url", ["https://codabox.com.evil.example/x", "http://127.0.0.1:8070/x", "javascript:alert(1)", ""])
def test_unexpected_page_is_not_shown(url: str) -> None:
    run = office()
    waiting(run, 0, url)

    assert list(run.happened(ConsentNeeded)) == [ConsentNeeded(OFFICE, "", 0)]


def test_listeners_hear_how_much_time_is_left() -> None:
    run = office()
    waiting(run, 2)

    assert list(run.happened(ConsentAsked)) == [ConsentAsked(2.0), ConsentAsked(1.0), ConsentAsked(0.0)]


def test_listeners_hear_that_the_consent_is_given() -> None:
    run = office(consents_when_asked=2)
    waiting(run)

    assert list(run.happened(ConsentGiven)) == [ConsentGiven()]


def test_odoo_is_told_of_the_consent_of_its_own_company() -> None:
    run = office(consents_when_asked=1)
    waiting(run)

    assert run[1].connected == {1}


def test_company_that_is_not_connected_yet_is_not_refreshed() -> None:
    run = office(consents_when_asked=1, is_own=False)

    assert waiting(run)
    assert run[1].connected == set()


@pytest.mark.parametrize("error", [errors.ProxyDown(), errors.CodaBoxDown(), errors.AnswerTimedOut(), errors.Unreachable()])
def test_trouble_that_passes_does_not_end_the_waiting(error: CodalinkError) -> None:
    run = office(consents_when_asked=2)
    run[1].before[OPEN] = [error, error]

    assert waiting(run)


@pytest.mark.parametrize("error", [errors.ProxyDown(), errors.AnswerTimedOut(), errors.Unreachable()])
def test_trouble_that_is_still_there_at_the_end_is_told_in_place_of_a_missing_consent(error: CodalinkError) -> None:
    run = office()
    run[1].before[OPEN] = [error] * 100

    with pytest.raises(type(error)):
        waiting(run, time_limit_s=60)


@pytest.mark.parametrize("error", [errors.LoginRefused(), errors.OfficeUnknown(), errors.RightsMissing()])
def test_trouble_that_stays_ends_the_waiting(error: CodalinkError) -> None:
    run = office()
    run[1].before[OPEN] = [error]

    with pytest.raises(type(error)):
        waiting(run)
