"""codalink's own readers over every recorded answer of real servers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.codabox import companies, connection, office_password, revocation, statements
from codalink.odoo.codabox.companies import CompanyRecord
from codalink.odoo.codabox.connection import ConsentState, FirstConnection, ProxyStatus
from codalink.odoo.codabox.statements import JournalRecord, StatementRecord
from codalink.odoo.gateway import Gateway, read
from codalink.secrets.masked import Secret
from tests.unit.fakes import FakePool, Sent, in_turn, logging_in_first, speaking_to
from tests.unit.recorded import COUNTS, VERSIONS, Recorded, everything, recording

every_line = pytest.mark.parametrize("line", everything(), ids=lambda line: f"{line.version}-{line.name}")
every_version = pytest.mark.parametrize("version", VERSIONS)

CONSENT_PAGE = "http://127.0.0.1:8070/mycodabox/consent/consent-token-of-the-office-0001"
PASSWORD = Secret("OfficePassword16")


@every_version
def test_recording_has_its_lines(version: str) -> None:
    assert len(recording(version)) == COUNTS[version]


def answered(version: str, *names: str) -> Gateway:
    """A real gateway whose calls are answered by these recorded lines, in turn."""
    left = [recording(version)[name] for name in names]

    def answer(sent: Sent) -> bytes:
        return left.pop(0).given()

    return speaking_to(FakePool(logging_in_first(answer)))


# --- every answer, whatever was asked ------------------------------------------------------------------------------------------------


def _outcome(line: Recorded, reader: Callable[[Gateway], object]) -> object:
    """The value, or our error; anything else is raised."""
    try:
        return reader(answered(line.version, *[line.name] * 8))
    except CodalinkError as error:
        return error


@every_line
def test_recorded_answer_is_a_value_or_our_error(line: Recorded) -> None:
    outcome = _outcome(line, lambda gateway: gateway.execute(read("res.company", 1, [])))

    is_value = line.status == 200 and line.error is None and "jsonrpc" in line.answer
    assert isinstance(outcome, CodalinkError) is not is_value


@every_line
def test_recorded_value_arrives_unchanged(line: Recorded) -> None:
    outcome = _outcome(line, lambda gateway: gateway.execute(read("res.company", 1, [])))

    if not isinstance(outcome, CodalinkError):
        assert outcome == line.answer.get("result")


@every_line
def test_recorded_answer_to_a_login_is_a_user_or_our_error(line: Recorded) -> None:
    gateway = speaking_to(FakePool(lambda _: line.given()))

    try:
        gateway.execute(read("res.company", 1, []))
    except CodalinkError:
        return
    assert isinstance(line.answer["result"], int)


READERS: dict[str, Callable[[Gateway], object]] = {
    "read_companies": companies.read_companies,
    "is_connected": lambda gateway: companies.is_connected(gateway, 1),
    "open_settings": lambda gateway: connection.open_settings(gateway, 1),
    "ask_proxy": lambda gateway: connection.ask_proxy(gateway, 1),
    "make_first_connection": lambda gateway: connection.make_first_connection(gateway, 1, 1),
    "find_first_connection": lambda gateway: connection.find_first_connection(gateway, [1]),
    "wipe_password": lambda gateway: connection.wipe_password(gateway, 1, 1),
    "fill_in_password": lambda gateway: connection.fill_in_password(gateway, 1, PASSWORD),
    "connect_further": lambda gateway: connection.connect_further(gateway, 1, 1),
    "wipe_connection_wizards": lambda gateway: connection.wipe_connection_wizards(gateway, 1),
    "refresh": lambda gateway: connection.refresh(gateway, 1, 1),
    "open_change_wizard": lambda gateway: office_password.open_change_wizard(gateway, 1, 1),
    "change_password": lambda gateway: office_password.change_password(gateway, 1, 1, PASSWORD, PASSWORD),
    "wipe_change_wizards": lambda gateway: office_password.wipe_change_wizards(gateway, 1),
    "revoke_connection": lambda gateway: revocation.revoke_connection(gateway, 1, 1, PASSWORD),
    "wipe_revoke_wizards": lambda gateway: revocation.wipe_revoke_wizards(gateway, 1),
    "read_journals": lambda gateway: statements.read_journals(gateway, [1]),
    "fetch_coda": lambda gateway: statements.fetch_coda(gateway, 1, 13),
    "read_statements": lambda gateway: statements.read_statements(gateway, 1, [1, 2]),
    "last_statement_dates": lambda gateway: statements.last_statement_dates(gateway, [1], [13]),
    "attachment_names": lambda gateway: statements.attachment_names(gateway, 1, [1]),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_stumbles_over_any_recorded_answer(reader: str) -> None:
    """Each typed function is given each recorded answer to all its calls; what it raises is ours."""
    outcomes = [_outcome(line, READERS[reader]) for line in everything()]

    assert len(outcomes) == sum(COUNTS.values())


# --- companies -----------------------------------------------------------------------------------------------------------------------


def expected_company(
    name: str, number: str, office: str, *, record_id: int = 1, country: str = "BE", has_firm: bool = True, has_module: bool = True
) -> CompanyRecord:
    return CompanyRecord(record_id, name, country, number, office, has_firm, has_module, is_connected=False, soda_journal_id=None)


SINGLE = {"18": ("Klant C18 03", "0201800382"), "19": ("Klant C19 03", "0201900352")}
MULTI = {"18": ("0201809092", "0201809191"), "19": ("0201909062", "0201909161")}
NO_FIRM = {"18": "0201806025", "19": "0201906092"}


@every_version
def test_company_search_read(version: str) -> None:
    assert companies.read_companies(answered(version, "company_search_read")) == [expected_company(*SINGLE[version], "0123456749")]


@every_version
def test_company_search_read_multi(version: str) -> None:
    first, second = MULTI[version]

    assert companies.read_companies(answered(version, "company_search_read_multi")) == [
        expected_company(f"Klant X{version} MULTI", first, "0123456749"),
        expected_company(f"Klant X{version} MULTI BIS", second, "0123456749", record_id=2),
        expected_company(f"Klant X{version} MULTI FRANCE", "", "", record_id=3, country="FR", has_firm=False),
    ]


@every_version
def test_company_without_firm_claims_to_be_its_own_office(version: str) -> None:
    number = NO_FIRM[version]

    assert companies.read_companies(answered(version, "nofirm_company")) == [
        expected_company(f"Klant X{version} NOFIRM", number, number, has_firm=False)
    ]


@every_version
def test_database_without_the_module_is_read_with_the_fields_it_has(version: str) -> None:
    """The unknown field is refused, the fields are asked, and what exists is read; then the parameter that may name the office."""
    names = ("company_unknown_field", "company_fields_get_nomodule", "company_search_read", "read_gone", "empty_values")
    found = companies.read_companies(answered(version, *names))

    assert found == [expected_company(*SINGLE[version], "0123456749", has_module=False)]


@every_version
@pytest.mark.parametrize(
    ("name", "is_connected"),
    [
        ("company_not_connected_yet", False),
        ("company_connected", True),
        ("company_connected_second", True),
        ("company_revoked", False),
        ("read_gone", False),
    ],
)
def test_company_tells_whether_it_is_connected(version: str, name: str, is_connected: bool) -> None:
    assert companies.is_connected(answered(version, name), 1) is is_connected


# --- connection ----------------------------------------------------------------------------------------------------------------------


@every_version
@pytest.mark.parametrize("name", ["settings_create", "create_list", "settings_create_second"])
def test_settings_are_made(version: str, name: str) -> None:
    assert connection.open_settings(answered(version, name), 1) == (2 if name == "create_list" else 1)


@every_version
def test_wizard_read_before_the_first_connection(version: str) -> None:
    asked = connection.ask_proxy(answered(version, "settings_create", "open_wizard", "wizard_read"), 1)

    assert asked == ProxyStatus(wizard_id=1, office_connections=0, connection_exists=False, is_consent_valid=False)


@every_version
def test_wizard_read_of_a_second_company(version: str) -> None:
    asked = connection.ask_proxy(answered(version, "settings_create_second", "open_wizard_second", "wizard_read_second"), 1)

    assert asked == ProxyStatus(wizard_id=1, office_connections=1, connection_exists=False, is_consent_valid=True)


@every_version
def test_proxy_that_is_down_is_told(version: str) -> None:
    with pytest.raises(errors.ProxyDown):
        connection.ask_proxy(answered(version, "settings_create", "open_wizard_proxy_down"), 1)


@every_version
def test_create_connection_first_shows_the_password(version: str) -> None:
    shown = connection.make_first_connection(answered(version, "create_connection_first", "validation_read"), 1, 1)

    assert shown == FirstConnection(1, PASSWORD, CONSENT_PAGE)


@every_version
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("create_connection_badvat", errors.CompanyNumberRefused),
        ("create_connection_unknown_office", errors.OfficeUnknown),
        ("create_connection_timeout", errors.CodaBoxDown),
        ("create_connection_deprecated", errors.ModuleTooOld),
        ("create_connection_again", errors.AlreadyRegistered),
        ("missing_model", errors.ModelMissing),
        ("missing_error", errors.RecordGone),
    ],
)
def test_refused_first_connection_is_told(version: str, name: str, kind: type[CodalinkError]) -> None:
    with pytest.raises(kind):
        connection.make_first_connection(answered(version, name), 1, 1)


@every_version
def test_validate_connection_tells_the_consent_page(version: str) -> None:
    assert connection.wipe_password(answered(version, "validate_connection"), 1, 1) == CONSENT_PAGE


@every_version
def test_living_wizard_shows_the_password(version: str) -> None:
    assert connection.find_first_connection(answered(version, "validation_read"), [1]) == [(1, FirstConnection(1, PASSWORD, CONSENT_PAGE))]


@every_version
def test_no_living_wizard_is_none(version: str) -> None:
    assert connection.find_first_connection(answered(version, "validation_search_read_recover_none"), [1]) == []


@every_version
def test_wiped_wizard_shows_no_password(version: str) -> None:
    shown = connection.make_first_connection(answered(version, "create_connection_first", "validation_read_after"), 1, 1)

    assert shown == FirstConnection(1, None, CONSENT_PAGE)


@every_version
def test_further_connection_is_made(version: str) -> None:
    gateway = answered(version, "create_list", "create_connection_further")
    connection.connect_further(gateway, 1, connection.fill_in_password(gateway, 1, PASSWORD))


@every_version
def test_wrong_office_password_is_told(version: str) -> None:
    with pytest.raises(errors.OfficePasswordRefused):
        connection.connect_further(answered(version, "create_connection_wrong_password"), 1, 1)


@every_version
@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("notification_success", ConsentState.VALID),
        ("notification_no_consent", ConsentState.NO_CONSENT),
        ("notification_consent_revoked", ConsentState.NO_CONSENT),
        ("notification_no_connection", ConsentState.NO_CONNECTION),
    ],
)
def test_notification_tells_how_the_company_stands(version: str, name: str, state: ConsentState) -> None:
    assert connection.refresh(answered(version, name), 1, 1) is state


# --- the office password, and revoking -----------------------------------------------------------------------------------------------


@every_version
def test_wizard_that_changes_the_password_is_opened(version: str) -> None:
    assert office_password.open_change_wizard(answered(version, "open_change_password"), 1, 1) > 0


@every_version
def test_password_is_changed(version: str) -> None:
    office_password.change_password(answered(version, "change_password_write", "change_password"), 1, 1, PASSWORD, PASSWORD)


@every_version
def test_refusal_that_codalink_does_not_know_is_shown_as_it_is(version: str) -> None:
    with pytest.raises(errors.OdooRefused, match="do not match"):
        office_password.change_password(answered(version, "change_password_write", "change_password_again"), 1, 1, PASSWORD, PASSWORD)


@every_version
def test_connection_is_revoked(version: str) -> None:
    revocation.revoke_connection(answered(version, "revoke"), 1, 1, None)


@every_version
def test_connection_that_is_gone_is_told(version: str) -> None:
    with pytest.raises(errors.NoConnection):
        revocation.revoke_connection(answered(version, "revoke_again"), 1, 1, None)


# --- journals and statements ---------------------------------------------------------------------------------------------------------

JOURNAL = {"18": (13, "BE56539001800388"), "19": (12, "BE04363001900331")}
BALANCES = {"18": ("10000.00", "8475.42", "7521.12"), "19": ("10000.00", "12974.06", "15049.27")}
ATTACHMENTS = {"18": ((460, 459), (462, 461)), "19": ((513, 512), (515, 514))}


@every_version
def test_journal_search_read(version: str) -> None:
    journal_id, iban = JOURNAL[version]

    assert statements.read_journals(answered(version, "journal_search_read"), [1]) == [
        JournalRecord(id=journal_id, company_id=1, name="Bank", iban=iban, currency="", feed="l10n_be_codabox")
    ]


@every_version
@pytest.mark.parametrize(("name", "new_ids"), [("fetch_coda", [1, 2]), ("fetch_coda_nothing", []), ("fetch_coda_no_files_error", [])])
def test_fetch_coda_tells_the_new_statements(version: str, name: str, new_ids: list[int]) -> None:
    assert statements.fetch_coda(answered(version, name), 1, 13) == new_ids


@every_version
def test_fetching_without_consent_is_told(version: str) -> None:
    with pytest.raises(errors.ConsentInvalid):
        statements.fetch_coda(answered(version, "fetch_coda_no_consent"), 1, 13)


@every_version
def test_statements_search_read(version: str) -> None:
    opening, between, closing = (Decimal(amount) for amount in BALANCES[version])
    journal_id = JOURNAL[version][0]
    first, second = ATTACHMENTS[version]

    assert statements.read_statements(answered(version, "statements_search_read"), 1, [1, 2]) == [
        StatementRecord(1, journal_id, "2026/001", date(2026, 1, 5), opening, between, first),
        StatementRecord(2, journal_id, "2026/002", date(2026, 1, 6), between, closing, second),
    ]


@every_version
def test_last_statement_is_the_first_row_of_its_journal(version: str) -> None:
    journal_id = JOURNAL[version][0]
    found = statements.last_statement_dates(answered(version, "statements_search_read"), [1], [journal_id])

    assert found == {journal_id: date(2026, 1, 5)}  # recorded in order of id; codalink asks for the newest first


@every_version
def test_attachments_search_read(version: str) -> None:
    pdf, coda = ATTACHMENTS[version][0]

    assert statements.attachment_names(answered(version, "attachments_search_read"), 1, [pdf, coda]) == {
        pdf: "Original CodaBox Bank Statement.pdf",
        coda: "Original CodaBox.coda",
    }


def test_a_reader_makes_no_more_calls_than_it_says() -> None:
    pool = FakePool(in_turn(recording("18")["company_search_read"].given()))
    companies.read_companies(speaking_to(pool))

    assert len(pool.sent) == 2  # the login, and reading
