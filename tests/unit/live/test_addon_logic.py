"""What the recordings don't show of the add-on: what stays when a call fails, who may do what, and whom it asks."""

import base64
import logging
from typing import Any

import pytest

from codalink.sandbox import texts
from codalink.sandbox.belgium import iban, vat_number
from codalink.sandbox.proxy import Consent, Office, ProxyError
from codalink.sandbox.web import HttpServer
from tests.live.stand_in import StandIn
from tests.unit.live.odoo_stub import AccessError, Database, Model, Row, UserError

Registry = dict[str, type[Model]]
OFFICE, CUSTOMER = "0771234528", vat_number(4_012_345)
PASSWORD = "OfficePassword16"
IBANS = [iban(539, 1_800_388), iban(363, 1_900_331)]
FETCH = "l10n_be_codabox_manually_fetch_coda_transactions"
CONNECTION, CHANGE = "l10n_be_codabox.connection.wizard", "l10n_be_codabox.change.password.wizard"
REVOKE, VALIDATION = "l10n_be_codabox.revoke.wizard", "l10n_be_codabox.validation.wizard"


def rows() -> dict[str, dict[int, Row]]:
    """A customer with two bank journals, and its accounting firm."""
    partners = {1: {"name": "Klant", "vat": f"BE{CUSTOMER}"}, 2: {"name": "Kantoor", "vat": f"BE{OFFICE}"}}
    bank = {"type": "bank", "company_id": 1, "bank_statements_source": "l10n_be_codabox"}
    journals = {number: bank | {"name": f"Bank {number}", "bank_acc_number": one} for number, one in enumerate(IBANS, 1)}
    company = {"partner_id": 1, "account_representative_id": 2}
    return {"res.partner": partners, "res.company": {1: company}, "account.journal": {**journals, 3: {"type": "general", "company_id": 1}}}


@pytest.fixture
def site(stand_in: HttpServer) -> StandIn:
    assert isinstance(stand_in.site, StandIn)
    stand_in.site.proxy.add_office(Office(OFFICE, "Kantoor", next_password=PASSWORD))
    return stand_in.site


@pytest.fixture
def database(registry: Registry, stand_in: HttpServer, site: StandIn) -> Database:
    return Database(registry, rows(), stand_in.url)


@pytest.fixture
def connected(database: Database, site: StandIn) -> Database:
    """The office's first connection was made, its password is no more in Odoo, and consent was given."""
    wizard = make(database, CONNECTION)
    validation = database.call(CONNECTION, [wizard], "l10n_be_codabox_create_connection")["res_id"]
    database.call(VALIDATION, [validation], "validate_connection")
    site.proxy.give_consent(OFFICE)
    settings = make(database, "res.config.settings")
    database.call("res.config.settings", [settings], "l10n_be_codabox_refresh_connection_status")
    return database


def make(database: Database, model: str, **values: Any) -> int:  # noqa: ANN401 - values of any field
    made = database.call(model, [], "create", {"company_id": 1, **values})
    assert isinstance(made.id, int)
    return made.id


def passwords_left(database: Database) -> list[str]:
    tables = (table for model, table in database.cursor.rows.items() if model.startswith("l10n_be_codabox."))
    return [value for table in tables for row in table.values() for key, value in row.items() if "fidu_password" in key and value]


def company(database: Database) -> Row:
    return database.cursor.rows["res.company"][1]


class TestPasswordIsWipedWhateverComes:
    def test_when_connecting_is_refused(self, connected: Database) -> None:
        wizard = make(connected, CONNECTION, fidu_password="another one")
        with pytest.raises(UserError, match="not valid for this VAT"):
            connected.call(CONNECTION, [wizard], "l10n_be_codabox_create_connection")

        assert passwords_left(connected) == []

    def test_when_changing_it_is_refused(self, connected: Database) -> None:
        wizard = make(connected, CHANGE, current_fidu_password="another one", new_fidu_password="New", confirm_fidu_password="New")
        with pytest.raises(UserError, match="not valid for this accounting firm"):
            connected.call(CHANGE, [wizard], "l10n_be_codabox_change_password")

        assert passwords_left(connected) == []

    def test_when_revoking_is_refused(self, connected: Database) -> None:
        wizard = make(connected, REVOKE, fidu_password="another one")
        with pytest.raises(UserError, match="not valid for this accounting firm"):
            connected.call(REVOKE, [wizard], "l10n_be_codabox_revoke")

        assert passwords_left(connected) == []
        assert company(connected)["l10n_be_codabox_is_connected"] is True


class TestRevokingWithThePassword:
    def test_is_asked_for_where_the_parameter_says_so(self, connected: Database) -> None:
        connected.call("ir.config_parameter", [], "create", {"key": "l10n_be_codabox.revoking_asks_for_password", "value": "1"})
        wizard = make(connected, CONNECTION, nb_connections=1)
        action = connected.call(CONNECTION, [wizard], "l10n_be_codabox_revoke")

        assert action["res_model"] == REVOKE
        assert company(connected)["l10n_be_codabox_is_connected"] is True

    def test_takes_the_connection_away(self, connected: Database, site: StandIn) -> None:
        wizard = make(connected, REVOKE, fidu_password=PASSWORD)
        connected.call(REVOKE, [wizard], "l10n_be_codabox_revoke")

        assert site.proxy.connected_companies(OFFICE) == []
        assert company(connected)["l10n_be_codabox_is_connected"] is False


def test_changed_password_is_the_one_that_counts(connected: Database, site: StandIn) -> None:
    wizard = make(connected, CHANGE, current_fidu_password=PASSWORD, new_fidu_password="New16", confirm_fidu_password="New16")
    connected.call(CHANGE, [wizard], "l10n_be_codabox_change_password")

    assert site.proxy.office(OFFICE).password == "New16"


class TestFetching:
    def test_serves_all_journals_of_the_company(self, connected: Database) -> None:
        action = connected.call("account.journal", [1], FETCH)

        made = connected.cursor.rows["account.bank.statement"]
        assert action["domain"] == [["statement_id", "in", list(made)]]
        assert [row["journal_id"] for row in made.values()] == [1, 1, 2, 2]

    def test_keeps_both_originals_as_the_proxy_gave_them(self, connected: Database) -> None:
        connected.call("account.journal", [1], FETCH)

        statement = connected.cursor.rows["account.bank.statement"][1]
        attached = [connected.cursor.rows["ir.attachment"][key] for key in statement["attachment_ids"]]
        assert [row["name"] for row in attached] == ["Original CodaBox.coda", "Original CodaBox Bank Statement.pdf"]
        coda, pdf = (base64.b64decode(row["datas"]) for row in attached)
        assert {len(line) for line in coda.split(b"\r\n")[:-1]} == {128}
        assert pdf.startswith(b"%PDF")

    def test_lines_add_up_to_the_balances(self, connected: Database) -> None:
        connected.call("account.journal", [1], FETCH)

        tables = connected.cursor.rows
        for key, row in tables["account.bank.statement"].items():
            moved = sum(line["amount"] for line in tables["account.bank.statement.line"].values() if line["statement_id"] == key)
            assert round(row["balance_start"] + moved, 2) == row["balance_end_real"]

    def test_leaves_other_feeds_and_journals_without_number_alone(self, connected: Database) -> None:
        connected.cursor.rows["account.journal"][1]["bank_statements_source"] = "online_sync"
        connected.cursor.rows["account.journal"][2]["bank_acc_number"] = False
        connected.cursor.commit()

        assert connected.call("account.journal", [1], FETCH)["domain"] == [["statement_id", "in", []]]

    def test_what_came_in_stays_when_the_next_one_fails(self, connected: Database, site: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
        take = site.proxy.take_statements

        def until_the_second(account: str, *numbers: str) -> Any:  # noqa: ANN401 - the proxy's own
            if account == IBANS[1]:
                raise ProxyError(texts.PROXY_DOWN, is_temporary=True)
            return take(account, *numbers)

        monkeypatch.setattr(site.proxy, "take_statements", until_the_second)
        with pytest.raises(UserError, match="connecting to the IAP server"):
            connected.call("account.journal", [1], FETCH)

        assert len(connected.cursor.rows["account.bank.statement"]) == 2

    def test_needs_no_administrator(self, connected: Database) -> None:
        assert connected.call("account.journal", [1], FETCH, is_admin=False)["domain"] != [["statement_id", "in", []]]

    def test_of_payroll_makes_drafts_with_their_files(self, connected: Database, site: StandIn) -> None:
        site.proxy.payroll[CUSTOMER] = ["SODA 2026/01"]
        action = connected.call("account.journal", [3], "l10n_be_codabox_manually_fetch_soda_transactions")

        assert action["domain"] == [["id", "in", [1]]]
        assert [row["name"] for row in connected.cursor.rows["ir.attachment"].values()] == ["SODA 2026/01.xml"]

    def test_by_the_scheduled_action_passes_over_who_is_refused(self, connected: Database, site: StandIn) -> None:
        site.proxy.give_consent(OFFICE, Consent.DENIED)
        connected.call("account.journal", [], "_l10n_be_codabox_cron_fetch")

        assert "account.bank.statement" not in connected.cursor.rows


class TestWhomItAsks:
    def test_nobody_where_no_stand_in_is_named(self, registry: Registry) -> None:
        lonely = Database(registry, rows(), "")
        settings = make(lonely, "res.config.settings")
        with pytest.raises(UserError, match="connecting to the IAP server"):
            lonely.call("res.config.settings", [settings], "l10n_be_codabox_open_connection_wizard")

    def test_stand_in_that_is_gone_is_a_proxy_that_is_down(self, connected: Database, stand_in: HttpServer) -> None:
        stand_in.stop()
        settings = make(connected, "res.config.settings")
        action = connected.call("res.config.settings", [settings], "l10n_be_codabox_refresh_connection_status")

        assert action["params"]["message"].startswith("An error occurred while connecting to the IAP server")
        assert company(connected)["l10n_be_codabox_is_connected"] is True

    def test_log_tells_no_password(self, connected: Database, stand_in: HttpServer, caplog: pytest.LogCaptureFixture) -> None:
        stand_in.stop()
        wizard = make(connected, CONNECTION, fidu_password=PASSWORD)
        with caplog.at_level(logging.DEBUG), pytest.raises(UserError):
            connected.call(CONNECTION, [wizard], "l10n_be_codabox_create_connection")

        assert "doesn't answer" in caplog.text
        assert PASSWORD not in caplog.text


class TestKeysForTests:
    def test_are_made_for_administrators(self, database: Database) -> None:
        assert database.call("codalink.live.key", [], "make", "codalink") == "key for rpc: codalink, until None"

    def test_are_made_for_nobody_else(self, database: Database) -> None:
        with pytest.raises(AccessError):
            database.call("codalink.live.key", [], "make", "codalink", is_admin=False)
