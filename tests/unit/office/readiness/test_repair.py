"""Putting in order what is not ambiguous: planned, then done as planned."""

from datetime import date
from typing import Any

import pytest

from codalink import errors
from codalink.errors import FeedNotOffered, FirmAmbiguous
from codalink.odoo.codabox.module import Module, ModuleState
from codalink.odoo.codabox.statements import JournalRecord
from codalink.odoo.gateway import Call
from codalink.office.changes import ChangeEnded, ChangeKind, ChangeResult
from codalink.office.events import Event, Listener, nobody
from codalink.office.fleet import OneByOne
from codalink.office.means import Means
from codalink.office.model import Account
from codalink.office.readiness.check import CheckedCompany, OfficeCheck
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.judgement import judge
from codalink.office.readiness.repair import RepairOutcome, RepairPlan, carry_out_repairs, plan_repairs, repairable
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import NUMBERS, OFFICE, OFFICE_VAT, FakeGateways, MemoryStore, ScriptedGateway, address, company

TODAY = date(2026, 3, 31)
IBAN, OTHER_IBAN = "BE56539001800388", "BE68539007547034"
NO_FIRM: dict[str, Any] = {"office": NUMBERS[0], "has_firm": False}
KANTOOR = {"id": 7, "name": "Kantoor", "vat": f"BE{OFFICE_VAT}"}


def account(iban: str = IBAN, feed: str = "undefined", journal_id: int = 13) -> Account:
    return Account(JournalRecord(journal_id, 1, "Bank", iban, "", feed), None)


def check(
    *accounts: Account, module: Module | None = None, duplicate: errors.DuplicateCompany | None = None, **fields: object
) -> OfficeCheck:
    known = Dossier(company("A", "k1", **fields), module=module or Module(ModuleState.READY), accounts=accounts, duplicate=duplicate)
    return OfficeCheck(OFFICE, (CheckedCompany(known.company, judge(known, OFFICE, TODAY), known),), ())


def database(**answers: object) -> ScriptedGateway:
    usual: dict[str, object] = {
        "res.partner.search_read": [KANTOOR],
        "res.country.search_read": [{"id": 20, "code": "BE"}],
        "account.journal.fields_get": {"bank_statements_source": {"selection": [["undefined", "-"], ["l10n_be_codabox", "CodaBox"]]}},
        "write": True,
        "res.partner.create": [8],
        "button_immediate_install": {"type": "ir.actions.client"},
    }
    return ScriptedGateway(usual | answers, address("k1"))


def means(gateway: ScriptedGateway, listener: Listener = nobody) -> Means:
    return Means(FakeGateways(gateway), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), listener=listener)


def planned(found: OfficeCheck, gateway: ScriptedGateway | None = None) -> RepairPlan:
    return plan_repairs(found, means(gateway or database()))


def done(found: OfficeCheck, gateway: ScriptedGateway) -> list[RepairOutcome]:
    return carry_out_repairs(planned(found, gateway), means(gateway))


def written(gateway: ScriptedGateway) -> list[tuple[str, object]]:
    return [(call.model, call.arguments["vals"]) for call in gateway.calls if call.method == "write"]


def kinds(plan: RepairPlan) -> list[ChangeKind]:
    return [repair.kind for repair in plan.repairs]


def test_company_in_order_needs_no_call() -> None:
    gateway = database()

    assert not planned(check(account(feed="l10n_be_codabox")), gateway).repairs
    assert not gateway.calls


def test_planning_changes_nothing() -> None:
    gateway = database()

    planned(check(account(), country="", **NO_FIRM), gateway)

    assert {call.method for call in gateway.calls} == {"search_read", "fields_get"}


def test_known_contact_of_the_office_becomes_the_firm() -> None:
    gateway = database()
    found = check(account(feed="l10n_be_codabox"), **NO_FIRM)

    assert [repair.detail for repair in planned(found).repairs] == ["Kantoor (BE 0123.456.749)"]
    assert [outcome.error for outcome in done(found, gateway)] == [None]
    assert written(gateway) == [("res.company", {"account_representative_id": 7})]


def test_contact_is_made_where_there_is_none() -> None:
    gateway = database(**{"res.partner.search_read": []})
    found = check(account(feed="l10n_be_codabox"), **NO_FIRM)

    (outcome,) = done(found, gateway)

    assert outcome.repair.detail.endswith("a new contact")
    assert written(gateway) == [("res.company", {"account_representative_id": 8})]


def test_contact_with_a_longer_number_is_another_one() -> None:
    gateway = database(**{"res.partner.search_read": [{"id": 9, "name": "Sub-unit", "vat": "BE01234567490"}]})

    assert planned(check(account(), **NO_FIRM), gateway).repairs[0].detail.endswith("a new contact")


def test_two_contacts_are_left_to_a_person() -> None:
    twice = [KANTOOR, {"id": 9, "name": "Kantoor bis", "vat": "BE 0123.456.749"}]

    plan = planned(check(account(feed="l10n_be_codabox"), **NO_FIRM), database(**{"res.partner.search_read": twice}))

    assert not plan.repairs
    assert [type(one.error) for one in plan.left] == [FirmAmbiguous]


def test_lost_answer_makes_no_second_contact() -> None:
    """The contact is there, though its making was not answered: it is found, and set."""
    contacts: list[dict[str, Any]] = []

    def made(call: Call) -> object:
        contacts.append(KANTOOR)
        raise errors.AnswerLost(call.method)

    gateway = database(**{"res.partner.search_read": lambda _: list(contacts), "res.partner.create": made})

    (outcome,) = done(check(account(feed="l10n_be_codabox"), **NO_FIRM), gateway)

    assert outcome.error is None
    assert [call.method for call in gateway.calls].count("create") == 1
    assert written(gateway) == [("res.company", {"account_representative_id": 7})]


def test_feed_is_set_where_none_is_chosen() -> None:
    gateway = database()
    found = check(account(), account(OTHER_IBAN, "online_sync", 14))

    assert [outcome.error for outcome in done(found, gateway)] == [None]
    assert written(gateway) == [("account.journal", {"bank_statements_source": "l10n_be_codabox"})]


@pytest.mark.parametrize("iban", ["", "BE56539001800389", "NL91ABNA0417164300"])
def test_feed_of_an_account_that_is_not_a_sound_belgian_one_is_left(iban: str) -> None:
    assert not planned(check(account(iban))).repairs


def test_feed_that_the_database_does_not_offer_is_left() -> None:
    offered: dict[str, object] = {"account.journal.fields_get": {"bank_statements_source": {"selection": [["undefined", "-"]]}}}

    assert [type(one.error) for one in planned(check(account()), database(**offered)).left] == [FeedNotOffered]


def test_country_is_set_where_the_number_is_belgian() -> None:
    gateway = database()

    done(check(account(feed="l10n_be_codabox"), country=""), gateway)

    assert written(gateway) == [("res.company", {"country_id": 20})]


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "0403019262", "country": ""},
        {"office": NUMBERS[1]},
        {"country": "FR"},
        {"duplicate": errors.DuplicateCompany("Twice.")},
        {"module": Module(ModuleState.CLOSED)},
        {"office": NUMBERS[0]},
    ],
    ids=["bad number", "other office", "foreign", "copy", "no rights", "firm without number"],
)
def test_what_is_not_the_offices_business_or_ambiguous_is_left_alone(fields: dict[str, Any]) -> None:
    found = check(account(), **fields)

    assert not planned(found).repairs
    assert repairable(found) == 0


def test_module_is_installed_once_for_all_companies_of_a_database() -> None:
    module = Module(ModuleState.INSTALLABLE, 607)
    one = check(account(), module=module, has_module=False, office="").companies[0]
    other = Dossier(company("B", "k1", number=NUMBERS[1], has_module=False, office="", record_id=2), module=module, accounts=())
    both = OfficeCheck(OFFICE, (one, CheckedCompany(other.company, judge(other, OFFICE, TODAY), other)), ())
    gateway = database()

    assert kinds(planned(both)) == [ChangeKind.INSTALL_MODULE]
    done(both, gateway)
    assert [call.ids for call in gateway.calls] == [(607,)]


def test_module_that_odoo_does_not_have_is_left() -> None:
    assert not planned(check(account(), module=Module(ModuleState.ABSENT), has_module=False)).repairs


@pytest.mark.parametrize(("state", "kind"), [("installed", type(None)), ("uninstalled", errors.AnswerTimedOut)])
def test_installation_without_an_answer_is_looked_after(state: str, kind: type) -> None:
    gateway = database(
        button_immediate_install=errors.AnswerTimedOut("Late."), **{"ir.module.module.search_read": [{"id": 607, "state": state}]}
    )
    found = check(account(), module=Module(ModuleState.INSTALLABLE, 607), has_module=False)

    (outcome,) = done(found, gateway)

    assert isinstance(outcome.error, kind)


def test_one_refusal_is_one_row() -> None:
    def refuse_the_company(call: Call) -> object:
        if call.model == "res.company":
            raise errors.RightsMissing("No.")
        return True

    outcomes = done(check(account(), country=""), database(write=refuse_the_company))

    assert [(one.repair.kind, one.error is None) for one in outcomes] == [(ChangeKind.SET_COUNTRY, False), (ChangeKind.SET_FEED, True)]


def test_after_a_stop_nothing_begins() -> None:
    gateway = database()
    plan = planned(check(account(), country=""), gateway)
    stopped = means(gateway)
    stopped.stop.request()

    assert carry_out_repairs(plan, stopped) == []
    assert written(gateway) == []


def test_each_change_is_announced_with_its_end() -> None:
    heard: list[Event] = []
    gateway = database(write=errors.RightsMissing("No."))
    plan = planned(check(account(feed="l10n_be_codabox"), country=""), gateway)

    carry_out_repairs(plan, means(gateway, heard.append))

    ended = [event for event in heard if isinstance(event, ChangeEnded)]
    assert [(event.change.kind, event.result) for event in ended] == [(ChangeKind.SET_COUNTRY, ChangeResult.REFUSED)]
