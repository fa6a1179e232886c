import base64
from typing import Any

import pytest

from codalink.sandbox import Consent, User, World, texts
from codalink.sandbox.belgium import iban
from codalink.sandbox.codabox import CONNECTION_WIZARD, VALIDATION_WIZARD
from codalink.sandbox.odoo_errors import AccessError, MissingError, UserError
from codalink.sandbox.world import Journal
from tests.unit.sandbox.asking import Ask, Clock, asking

CREATE = "l10n_be_codabox_create_connection"
FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"


def connect(ask: Ask, company_id: int = 1, password: str = "") -> dict[str, Any]:
    wizard = ask(CONNECTION_WIZARD, "create", {"company_id": company_id, "fidu_password": password})
    action: dict[str, Any] = ask(CONNECTION_WIZARD, CREATE, [wizard])
    return action


def test_first_connection_shows_the_password_and_waits_for_consent(world: World, ask: Ask) -> None:
    action = connect(ask)

    shown = ask(VALIDATION_WIZARD, "read", [action["res_id"]], ["fidu_password", "confirmation_url"])[0]
    office = world.proxy.office(world.office_vat)
    assert shown["fidu_password"] == office.password
    assert shown["confirmation_url"].endswith(office.consent_token)
    assert not world.database("klant-001").is_connected()


def test_validating_wipes_the_password(ask: Ask) -> None:
    wizard = connect(ask)["res_id"]

    ask(VALIDATION_WIZARD, "validate_connection", [wizard])

    assert ask(VALIDATION_WIZARD, "search", [["fidu_password", "!=", False]]) == []


def test_password_is_lost_when_the_wizard_is_vacuumed(ask: Ask, clock: Clock) -> None:
    wizard = connect(ask)["res_id"]

    clock.now_s += 3601

    assert ask(VALIDATION_WIZARD, "read", [wizard], ["fidu_password"]) == []
    with pytest.raises(MissingError):
        ask(VALIDATION_WIZARD, "validate_connection", [wizard])


def test_second_first_connection_is_refused(world: World, ask: Ask, ask_second: Ask) -> None:
    connect(ask)

    with pytest.raises(UserError, match="already created a connection"):
        connect(ask_second)
    assert world.proxy.office(world.office_vat).first_connections == 1


def test_further_connection_may_be_repeated(world: World, ask: Ask, ask_second: Ask) -> None:
    connect(ask)
    world.proxy.give_consent(world.office_vat)
    password = world.proxy.office(world.office_vat).password

    connect(ask_second, password=password)
    connect(ask_second, password=password)

    assert world.database("klant-002").is_connected()
    assert len(world.proxy.connected_companies(world.office_vat)) == 2


def test_office_password_is_wiped_when_refused(world: World, ask: Ask) -> None:
    connect(ask)
    wizard = ask(CONNECTION_WIZARD, "create", {"company_id": 2, "fidu_password": "wrong"})

    with pytest.raises(UserError, match="password is not valid"):
        ask(CONNECTION_WIZARD, CREATE, [wizard])

    assert ask(CONNECTION_WIZARD, "read", [wizard], ["fidu_password"])[0]["fidu_password"] is False


def test_after_revocation_in_mycodabox_the_office_begins_anew(world: World, ask: Ask, ask_second: Ask) -> None:
    connect(ask)
    world.proxy.give_consent(world.office_vat)
    old = world.proxy.office(world.office_vat).password

    world.proxy.give_consent(world.office_vat, Consent.CANCELLED)

    assert connect(ask_second)["res_model"] == VALIDATION_WIZARD
    assert world.proxy.office(world.office_vat).password != old


def test_texts_come_in_the_users_language_unless_asked_for(world: World, ask: Ask) -> None:
    world.proxy.is_down = True
    settings = ask("res.config.settings", "create", {"company_id": 1})

    with pytest.raises(UserError) as dutch:
        ask("res.config.settings", "l10n_be_codabox_open_connection_wizard", [settings], context={})
    with pytest.raises(UserError) as english:
        ask("res.config.settings", "l10n_be_codabox_open_connection_wizard", [settings])

    assert dutch.value.message == texts.translate(texts.PROXY_DOWN, "nl_BE") != texts.PROXY_DOWN
    assert english.value.message == texts.PROXY_DOWN


def test_clerk_may_not_open_the_wizard(world: World) -> None:
    database = world.database("klant-001")
    database.add_user(User(6, "clerk", "clerk", groups=frozenset()))

    with pytest.raises(AccessError, match="not allowed to create"):
        asking(world, database, uid=6)(CONNECTION_WIZARD, "create", {"company_id": 1})


def test_journals_of_all_companies_show_unless_the_context_restricts_them(ask: Ask) -> None:
    assert len(ask("account.journal", "search", [], context={})) == 2
    assert len(ask("account.journal", "search", [], context={"allowed_company_ids": [2]})) == 1
    assert len(ask("account.journal", "search", [], context={"allowed_company_ids": [1, 2]})) == 2
    assert len(ask("res.company", "search", [], context={})) == 2


def test_failed_call_leaves_nothing_behind(ask: Ask) -> None:
    before = ask("res.partner", "search_count", [])

    with pytest.raises(ValueError, match="Invalid field"):
        ask("res.partner", "create", [{"name": "one"}, {"nosuch": 1}])

    assert ask("res.partner", "search_count", []) == before


def test_fetched_statements_chain_and_carry_their_file(world: World, ask: Ask) -> None:
    connect(ask)
    world.proxy.give_consent(world.office_vat)
    journal = ask("account.journal", "search", [])[0]

    statement_ids = ask("account.journal", FETCH, [journal])["domain"][0][2]
    statements = ask("account.bank.statement", "read", statement_ids, ["balance_start", "balance_end_real"])
    files = ask("ir.attachment", "search_read", [["res_id", "=", statement_ids[0]]], ["name", "datas"])

    assert statements[0]["balance_end_real"] == statements[1]["balance_start"]
    coda = next(base64.b64decode(row["datas"]) for row in files if row["name"] == "Original CodaBox.coda")
    assert {len(line) for line in coda.split(b"\r\n")[:-1]} == {128}
    assert ask("account.journal", FETCH, [journal])["domain"][0][2] == []


def test_fetch_covers_the_whole_company_but_no_other_feed(world: World, ask: Ask) -> None:
    database = world.database("klant-001")
    database.add_journal(1, Journal(iban(363, 1111111), "undefined", code="BNK2"))
    database.add_journal(1, Journal(iban(363, 2222222), "online_sync", code="BNK3"))
    connect(ask)
    world.proxy.give_consent(world.office_vat)

    fetched = ask("account.journal", FETCH, [1])["domain"][0][2]

    codes = {row["journal_id"][0] for row in ask("account.bank.statement", "read", fetched, ["journal_id"])}
    assert codes == {1, 3}
