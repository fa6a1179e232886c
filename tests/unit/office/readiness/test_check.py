"""Reading every company's dossier in few calls, and what the whole of it says."""

from collections.abc import Mapping
from datetime import date

import pytest

from codalink import errors
from codalink.office.fleet import OneByOne
from codalink.office.means import Means
from codalink.office.model import Company, DatabaseFailure
from codalink.office.readiness.check import OfficeCheck, check_companies, lever
from codalink.office.readiness.findings import Condition, Grade
from codalink.office.readiness.judgement import failed_condition
from codalink.office.readiness.mandates import Mandates
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import NUMBERS, OFFICE, FakeGateways, MemoryStore, ScriptedGateway, address, company, surveyed

TODAY = date(2026, 3, 31)
JOURNALS = [
    {"id": 13, "company_id": [1, "x"], "name": "Bank", "bank_acc_number": "BE56539001800388", "bank_statements_source": "undefined"}
]
STATEMENTS = [{"id": 2, "journal_id": [13, "x"], "date": "2026-03-06"}]


def wizard_says(connections: int, *, consent: bool) -> list[dict[str, object]]:
    return [{"id": 5, "nb_connections": connections, "connection_exists": True, "is_fidu_consent_valid": consent}]


def database(
    name: str = "k1", answers: Mapping[str, object] | None = None, *, connections: int = 0, consent: bool = False
) -> ScriptedGateway:
    opened = {"type": "ir.actions.act_window", "res_model": "l10n_be_codabox.connection.wizard", "res_id": 5}
    usual: dict[str, object] = {
        "fields_get": {"fidu_password": {"type": "char"}},
        "account.journal.search_read": JOURNALS,
        "account.bank.statement.search_read": STATEMENTS,
        "create": [4],
        "l10n_be_codabox_open_connection_wizard": opened,
        "read": wizard_says(connections, consent=consent),
    }
    return ScriptedGateway({**usual, **(answers or {})}, address(name))


def checked(
    *companies: Company,
    gateways: list[ScriptedGateway],
    failures: tuple[DatabaseFailure, ...] = (),
    mandates: Mandates | None = None,
) -> OfficeCheck:
    means = Means(FakeGateways(*gateways), OfficePasswords(MemoryStore()), lambda: None, OneByOne())
    survey = surveyed(*companies, failures=failures)
    return check_companies(OFFICE, survey, survey.companies, means, TODAY, mandates=mandates)


def grades(check: OfficeCheck, number: int = 0) -> dict[Condition, Grade]:
    return {finding.condition: finding.grade for finding in check.companies[number].findings}


def test_database_costs_three_calls_and_the_office_three_more() -> None:
    first, second = database("k1"), database("k2")

    checked(company("A", "k1"), company("B", "k2", number=NUMBERS[1]), gateways=[first, second])

    assert [len(first.calls), len(second.calls)] == [6, 3]


def test_nothing_is_changed() -> None:
    gateway = database()

    checked(company("A", "k1"), gateways=[gateway])

    assert not any(call.changes for call in gateway.calls)


def test_consent_is_asked_for_once_through_a_connected_company() -> None:
    first, second = database("k1", connections=2, consent=True), database("k2", connections=2, consent=True)

    check = checked(company("A", "k1"), company("B", "k2", number=NUMBERS[1], is_connected=True), gateways=[first, second])

    assert [len(first.calls), len(second.calls)] == [3, 6]
    assert [grades(check, number)[Condition.CONSENT] for number in (0, 1)] == [Grade.PASS, Grade.PASS]


def test_consent_of_an_office_that_has_no_connection_yet_is_unknown() -> None:
    assert grades(checked(company("A", "k1"), gateways=[database()]))[Condition.CONSENT] is Grade.UNKNOWN


def test_consent_that_was_revoked_fails() -> None:
    assert grades(checked(company("A", "k1"), gateways=[database(connections=1)]))[Condition.CONSENT] is Grade.FAIL


def test_database_whose_journals_may_not_be_read_lacks_rights() -> None:
    gateway = database(answers={"account.journal.search_read": errors.RightsMissing("No.")})

    check = checked(company("A", "k1"), gateways=[gateway])

    assert grades(check)[Condition.RIGHTS] is Grade.WARN
    assert check.ready


def test_database_that_breaks_in_between_is_its_own_affair() -> None:
    broken = database("k1", {"account.journal.search_read": errors.AnswerLost("Gone.")})

    check = checked(company("A", "k1"), company("B", "k2", number=NUMBERS[1]), gateways=[broken, database("k2")])

    assert [grades(check, number)[Condition.FEED] for number in (0, 1)] == [Grade.UNKNOWN, Grade.WARN]


def test_database_that_breaks_in_between_is_told_and_its_companies_are_not_called_ready() -> None:
    broken = database("k1", {"account.journal.search_read": errors.AnswerLost("Gone.")})

    check = checked(company("A", "k1"), company("B", "k2", number=NUMBERS[1]), gateways=[broken, database("k2")])

    assert [finding.error.cause for finding in check.companies[0].obstacles if finding.error] == ["Gone."]
    assert grades(check)[Condition.SERVER] is Grade.FAIL
    assert [one.company.name for one in check.ready] == ["B"]


def test_refused_keyring_ends_the_check() -> None:
    with pytest.raises(errors.KeyringSilent):
        checked(company("A", "k1"), gateways=[database(answers={"fields_get": errors.KeyringSilent()})])


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (errors.Unreachable("Down."), Condition.SERVER),
        (errors.LoginRefused("No."), Condition.LOGIN),
        (errors.LoginSecretMissing("None."), Condition.LOGIN),
        (errors.RightsMissing("No."), Condition.RIGHTS),
    ],
)
def test_database_that_was_not_read_fails_its_condition(error: errors.CodalinkError, condition: Condition) -> None:
    assert failed_condition(error) is condition


def test_lever_is_the_trouble_that_alone_holds_up_most() -> None:
    alone = [
        company(f"No firm {number}", f"k{number}", number=NUMBERS[number], office=NUMBERS[number], has_firm=False) for number in (1, 2)
    ]
    both = company("No number either", "k3", number="", office="")

    check = checked(*alone, both, gateways=[database(f"k{number}") for number in (1, 2, 3)])
    found = lever(check)

    assert found is not None
    assert (type(found.error), found.companies) == (errors.OfficeNotSet, 2)


def test_customers_of_other_offices_and_foreigners_are_nothing_to_free() -> None:
    others = [company("Other", "k1", office=NUMBERS[3]), company("French", "k2", number=NUMBERS[1], country="FR")]

    assert lever(checked(*others, gateways=[database("k1"), database("k2")])) is None


def test_company_with_warnings_only_is_ready() -> None:
    check = checked(company("A", "k1"), gateways=[database(answers={"account.journal.search_read": []})])

    assert check.ready == check.companies == check.unconnected


def test_mandates_are_judged_where_an_export_is_at_hand() -> None:
    check = checked(company("A", "k1"), gateways=[database("k1")], mandates=Mandates(()))

    assert grades(check)[Condition.MANDATE] is Grade.WARN
