"""What stands between a company and its connection."""

from datetime import date, timedelta
from typing import Any

import pytest

from codalink import errors
from codalink.errors import CodalinkError
from codalink.odoo.codabox.module import Module, ModuleState
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.model import Account
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.findings import Condition, Finding, Grade
from codalink.office.readiness.judgement import judge, obstacle
from codalink.office.readiness.mandates import Mandate, Mandates, MandateState
from tests.unit.fakes import NUMBERS, OFFICE, OFFICE_VAT, company

OBSTACLES: dict[str, tuple[dict[str, Any], type[CodalinkError]]] = {
    "no module": ({"has_module": False}, errors.ModuleMissing),
    "French": ({"country": "FR"}, errors.NotBelgian),
    "no number": ({"number": ""}, errors.NumberMissing),
    "bad number": ({"number": "0403019262"}, errors.NumberNotValid),
    "own office": ({"office": NUMBERS[0], "has_firm": False}, errors.OfficeNotSet),
    "firm without a number": ({"office": NUMBERS[0]}, errors.FirmWithoutNumber),
    "other office": ({"office": NUMBERS[1]}, errors.OtherOffice),
    "no office": ({"office": ""}, errors.NumberNotValid),
    "bad office": ({"office": "123"}, errors.NumberNotValid),
    "no module and all else wrong": ({"has_module": False, "country": "FR", "number": "", "office": ""}, errors.ModuleMissing),
    "French without a number": ({"country": "FR", "number": "", "office": ""}, errors.NotBelgian),
    "no number at an office": ({"number": "", "office": OFFICE_VAT}, errors.NumberMissing),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_obstacle_is_found(name: str) -> None:
    fields, kind = OBSTACLES[name]

    assert type(obstacle(Dossier(company(**fields)), OFFICE)) is kind


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"country": ""},
        {"number": "BE 0403.019.261"},
        {"number": "403019261"},
        {"office": "BE 0123.456.749"},
        {"is_connected": True},
        {"has_firm": False},
    ],
)
def test_nothing_stands_in_the_way(fields: dict[str, Any]) -> None:
    assert obstacle(Dossier(company(**fields)), OFFICE) is None


def test_the_offices_own_company_can_be_connected() -> None:
    assert obstacle(Dossier(company("Kantoor Testmans", number=OFFICE_VAT, office=OFFICE_VAT, has_firm=False)), OFFICE) is None


def test_other_office_is_named() -> None:
    reason = obstacle(Dossier(company(office=NUMBERS[1])), OFFICE)

    assert reason is not None
    assert "BE 0477.472.701" in reason.cause
    assert "Kantoor Testmans (BE 0123.456.749)" in reason.cause


def test_bad_number_is_named() -> None:
    reason = obstacle(Dossier(company(number="0403019262")), OFFICE)

    assert reason is not None
    assert "0403019262" in reason.cause


@pytest.mark.parametrize("name", OBSTACLES)
def test_obstacle_is_told_in_whole_sentences(name: str) -> None:
    reason = obstacle(Dossier(company(**OBSTACLES[name][0])), OFFICE)

    assert reason is not None
    assert reason.cause.endswith(".")
    assert reason.remedy.endswith(".")


# --- the whole dossier ---------------------------------------------------------------------------------------------------------------

TODAY = date(2026, 3, 31)
SOUND, FOREIGN_IBAN = "BE56539001800388", "NL91ABNA0417164300"


def account(iban: str = SOUND, feed: str = "l10n_be_codabox", last: date | None = None, name: str = "Bank", currency: str = "") -> Account:
    return Account(JournalRecord(13, 1, name, iban, currency, feed), last)


def dossier(*accounts: Account, module: ModuleState = ModuleState.READY, **fields: object) -> Dossier:
    known = {key: fields.pop(key) for key in ("version", "is_consented", "duplicate", "unread", "mandates") if key in fields}
    return Dossier(company(**fields), module=Module(module), accounts=accounts, **known)  # type: ignore[arg-type]  # the tests know


def mandate(state: MandateState | None = MandateState.ACTIVE, iban: str = SOUND, currency: str = "") -> Mandate:
    return Mandate(iban, state, "as exported", currency=currency)


def findings(known: Dossier, condition: Condition) -> list[Finding]:
    return [finding for finding in judge(known, OFFICE, TODAY) if finding.condition is condition]


def only(known: Dossier, condition: Condition) -> Finding:
    (finding,) = findings(known, condition)
    return finding


def test_company_in_order_has_nothing_but_passes() -> None:
    known = dossier(account(last=TODAY), is_connected=True, is_consented=True, version="18.0", mandates=Mandates((mandate(),)))

    assert {finding.grade for finding in judge(known, OFFICE, TODAY)} == {Grade.PASS}


def test_every_condition_but_those_of_databases_is_judged() -> None:
    judged = {finding.condition for finding in judge(dossier(account()), OFFICE, TODAY)}

    assert judged == set(Condition) - {Condition.SERVER, Condition.LOGIN}


@pytest.mark.parametrize(
    ("fields", "condition", "grade", "kind"),
    [
        ({"version": "16.0"}, Condition.VERSION, Grade.FAIL, errors.OdooTooOld),
        ({"version": "saas~16.3+e"}, Condition.VERSION, Grade.FAIL, errors.OdooTooOld),
        ({"version": "21.0"}, Condition.VERSION, Grade.WARN, errors.VersionUntried),
        ({"module": ModuleState.TOO_OLD}, Condition.MODULE, Grade.FAIL, errors.ModuleTooOld),
        ({"module": ModuleState.INSTALLABLE, "has_module": False}, Condition.MODULE, Grade.FAIL, errors.ModuleMissing),
        ({"module": ModuleState.ABSENT, "has_module": False}, Condition.MODULE, Grade.FAIL, errors.ModuleUnavailable),
        ({"module": ModuleState.CLOSED}, Condition.RIGHTS, Grade.FAIL, errors.RightsMissing),
        ({"country": "FR"}, Condition.COUNTRY, Grade.FAIL, errors.NotBelgian),
        ({"country": ""}, Condition.COUNTRY, Grade.WARN, errors.CountryMissing),
        ({"number": ""}, Condition.NUMBER, Grade.FAIL, errors.NumberMissing),
        ({"office": NUMBERS[0], "has_firm": False}, Condition.FIRM, Grade.FAIL, errors.OfficeNotSet),
        ({"office": NUMBERS[0]}, Condition.FIRM, Grade.FAIL, errors.FirmWithoutNumber),
        ({"office": NUMBERS[1]}, Condition.OFFICE, Grade.FAIL, errors.OtherOffice),
        ({"duplicate": errors.DuplicateCompany("Twice.")}, Condition.ORIGINAL, Grade.FAIL, errors.DuplicateCompany),
        ({}, Condition.CONNECTION, Grade.WARN, errors.NotYetConnected),
        ({"is_consented": False}, Condition.CONSENT, Grade.FAIL, errors.ConsentInvalid),
    ],
)
def test_trouble_is_found_where_it_is(fields: dict[str, Any], condition: Condition, grade: Grade, kind: type[CodalinkError]) -> None:
    found = only(dossier(account(), **fields), condition)

    assert (found.grade, type(found.error)) == (grade, kind)


@pytest.mark.parametrize("version", ["17.0", "saas~18.2+e", "19.0+e", "20.0"])
def test_versions_that_codalink_is_made_for_pass(version: str) -> None:
    assert only(dossier(account(), version=version), Condition.VERSION).grade is Grade.PASS


@pytest.mark.parametrize(
    ("bank", "kind"),
    [
        (account(""), errors.IbanMissing),
        (account("BE56539001800389"), errors.IbanInvalid),
        (account("0012345"), errors.IbanInvalid),
        (account(FOREIGN_IBAN), errors.AccountForeign),
    ],
)
def test_bank_account_that_no_file_finds_is_told(bank: Account, kind: type[CodalinkError]) -> None:
    found = only(dossier(bank), Condition.ACCOUNT)

    assert (found.grade, type(found.error)) == (Grade.WARN, kind)


def test_same_account_in_two_journals_is_told_for_both() -> None:
    found = findings(dossier(account(), account(name="Other")), Condition.ACCOUNT)

    assert [type(one.error) for one in found] == [errors.AccountTwice] * 2


def test_one_account_in_two_currencies_is_in_order() -> None:
    found = findings(dossier(account(), account(name="Dollars", currency="USD")), Condition.ACCOUNT)

    assert [one.grade for one in found] == [Grade.PASS] * 2


def test_company_without_bank_journal_fails_there_and_can_still_be_connected() -> None:
    known = dossier()

    assert isinstance(only(known, Condition.ACCOUNT).error, errors.NoCodaBoxJournal)
    assert obstacle(known, OFFICE) is None


@pytest.mark.parametrize(
    ("feed", "kind"),
    [("undefined", errors.FeedUndefined), ("online_sync", errors.OtherFeed), ("l10n_be_codabox", None)],
)
def test_bank_feed_is_judged(feed: str, kind: type[CodalinkError] | None) -> None:
    found = only(dossier(account(feed=feed)), Condition.FEED)

    assert (type(found.error) if found.error else None) is kind


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        (None, errors.NoStatementYet),
        (TODAY - timedelta(days=36), errors.StatementsStale),
        (TODAY - timedelta(days=35), None),
    ],
)
def test_last_statement_of_a_connected_company_is_judged(last: date | None, kind: type[CodalinkError] | None) -> None:
    found = only(dossier(account(last=last), is_connected=True), Condition.STATEMENT)

    assert (type(found.error) if found.error else None) is kind


def test_statements_are_not_expected_on_an_account_that_another_feed_fills() -> None:
    assert only(dossier(account(feed="online_sync"), is_connected=True), Condition.STATEMENT).grade is Grade.UNKNOWN


@pytest.mark.parametrize(
    "fields",
    [{"country": "FR"}, {"office": NUMBERS[1]}, {"duplicate": errors.DuplicateCompany("Twice.")}],
    ids=["foreign", "other", "copy"],
)
def test_journals_of_companies_that_are_not_ours_are_not_judged(fields: dict[str, Any]) -> None:
    known = dossier(account("", feed="online_sync"), **fields)

    assert {only(known, one).grade for one in (Condition.ACCOUNT, Condition.FEED)} == {Grade.UNKNOWN}


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ((mandate(),), None),
        ((), errors.MandateMissing),
        ((mandate(MandateState.AWAITING_SIGNATURE),), errors.MandateUnsigned),
        ((mandate(None),), errors.MandateStateUnknown),
        ((mandate(MandateState.ARCHIVED, currency="USD"), mandate(MandateState.PROBLEM, currency="EUR")), errors.MandateProblem),
    ],
)
def test_mandate_of_an_account_is_judged(rows: tuple[Mandate, ...], kind: type[CodalinkError] | None) -> None:
    finding = only(dossier(account(), mandates=Mandates(rows)), Condition.MANDATE)

    assert finding.grade is (Grade.WARN if kind else Grade.PASS)
    assert (type(finding.error) if finding.error else None, finding.account) == (kind, SOUND)


@pytest.mark.parametrize(
    ("bank", "fields"),
    [
        (account(feed="online_sync"), {}),
        (account(FOREIGN_IBAN), {}),
        (account(""), {}),
        (account(), {"office": NUMBERS[1]}),
    ],
    ids=["other feed", "foreign account", "no account number", "another office's"],
)
def test_mandate_is_not_missed_where_none_is_expected(bank: Account, fields: dict[str, Any]) -> None:
    assert only(dossier(bank, mandates=Mandates(()), **fields), Condition.MANDATE).grade is Grade.UNKNOWN


def test_mandates_that_nobody_exported_are_unknown_and_say_how_to_know() -> None:
    assert "--mandates" in only(dossier(account()), Condition.MANDATE).note


def test_bank_that_nobody_knows_is_no_reason_to_doubt_an_iban() -> None:
    assert only(dossier(account("BE19539122965112")), Condition.ACCOUNT).grade is Grade.PASS


def test_what_nobody_looked_at_is_unknown() -> None:
    unseen = {finding.condition for finding in judge(Dossier(company()), OFFICE, TODAY) if finding.grade is Grade.UNKNOWN}

    assert unseen == {
        *(Condition.VERSION, Condition.RIGHTS, Condition.ACCOUNT, Condition.FEED, Condition.CONSENT, Condition.MANDATE),
        Condition.STATEMENT,
    }


@pytest.mark.parametrize("name", OBSTACLES)
def test_plan_and_check_name_the_same_first_obstacle(name: str) -> None:
    known = company(**OBSTACLES[name][0])

    checked = judge(Dossier(known, module=Module(ModuleState.READY), accounts=(account(),), version="18.0"), OFFICE, TODAY)
    first = next(finding.error for finding in checked if finding.grade is Grade.FAIL)
    planned = obstacle(Dossier(known), OFFICE)

    assert planned is not None
    assert first is not None
    assert (type(first), first.cause) == (type(planned), planned.cause)
