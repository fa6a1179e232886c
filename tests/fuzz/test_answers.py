"""What Odoo answers: every typed function of the gateway, and whole commands on top of them, with their tables, JSON, CSV and page."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from codalink.errors import OdooRefused
from codalink.odoo import apikeys, listing
from codalink.odoo.codabox import companies, connection, contacts, module, originals, payroll, settings, statements
from codalink.odoo.codabox.history import read_history
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, Gateway, Json, OdooProtocol, ServerUrl
from codalink.office.connecting.plan import Choice, candidates, make_plan
from codalink.office.connecting.standing import find_standing
from codalink.office.databases.discover import Named, Sources, survey
from codalink.office.delivery.originals import Period, download_originals
from codalink.office.delivery.retrieve import retrieve
from codalink.office.delivery.statements import FilesCheck, StatementsRequest, check_statements
from codalink.office.events import nobody
from codalink.office.fleet import OneByOne
from codalink.office.means import Means
from codalink.office.overview.attention import Freshness
from codalink.office.overview.status import read_status, with_statements
from codalink.office.readiness.check import check_companies
from codalink.office.selection import Patterns
from codalink.render import checks, machine, report
from codalink.render import retrieval as shown_retrieval
from codalink.render import statements as shown_statements
from codalink.render import status as shown_status
from codalink.render.console import plain
from codalink.secrets.masked import Secret
from codalink.secrets.passwords import OfficePasswords
from tests.fuzz.inputs import ibans, ids, plausible, references, rows, texts, values, vats, words
from tests.fuzz.trying import read_or_refused, trying
from tests.unit.fakes import OFFICE, FakeTime, MemoryStore, address

TODAY = date(2026, 6, 1)
FIELDS = ("name", "company_id", "type", "res_model", "res_id", "params", "url")
LIKELY: dict[str, st.SearchStrategy[Json]] = {
    "name": texts,
    "company_id": references,
    "partner_id": references,
    "country_code": st.sampled_from(["BE", "FR", ""]),
    "vat": vats,
    "company_registry": vats,
    "bank_acc_number": ibans,
    "bank_statements_source": st.sampled_from(["l10n_be_codabox", "undefined", "online_sync"]),
    "date": st.dates(date(2025, 1, 1), date(2026, 5, 1)).map(str),
    "balance_start": st.integers(-3, 3),
    "balance_end_real": st.integers(-3, 3),
    "attachment_ids": st.lists(ids, max_size=3),
    "mimetype": words,
    "datas": st.sampled_from(["eA==", "x", ""]),
}
"""What makes an answer reach the code behind the first look at it."""


class MadeUp:
    """A Gateway that answers whatever is drawn: for a question about records mostly records with the fields that were asked for."""

    def __init__(self, data: st.DataObject, database: DatabaseAddress | None = None) -> None:
        self._data = data
        self.database = database or address()

    def execute(self, call: Call) -> Json:
        """Answer as the contract of Gateway allows, and as it doesn't."""
        if self._data.draw(st.integers(0, 15)) == 0:
            return self._data.draw(values)
        if self._data.draw(st.integers(0, 15)) == 0:
            raise OdooRefused(self._data.draw(texts))
        return self._data.draw(_likely(call))


def _likely(call: Call) -> st.SearchStrategy[Json]:
    wanted = call.arguments.get("fields")
    fields = [str(name) for name in wanted] if isinstance(wanted, list) else list(FIELDS)
    if call.method == "fields_get":
        return st.dictionaries(st.sampled_from(fields), st.just({"type": "char"})) | values
    if call.method in {"search_read", "read", "list"}:
        kept = {name: LIKELY.get(name, plausible) | plausible for name in fields}
        return st.lists(st.fixed_dictionaries({"id": ids, **kept}), max_size=4) | rows(fields)
    action = {
        "type": words,
        "res_model": words,
        "res_id": ids | values,
        "params": st.dictionaries(st.sampled_from(["type", "message"]), texts),
    }
    return st.fixed_dictionaries({}, optional=action) | st.lists(ids, max_size=4) | ids | st.booleans() | values


Function = Callable[[Gateway], object]
JSON_2 = DatabaseAddress(address().server, address().name, "me", OdooProtocol.JSON_2)
FUNCTIONS: dict[str, Function] = {
    "companies": companies.read_companies,
    "is connected": lambda gateway: companies.is_connected(gateway, 1),
    "settings": lambda gateway: connection.open_settings(gateway, 1),
    "proxy": lambda gateway: connection.ask_proxy(gateway, 1),
    "first connection": lambda gateway: connection.make_first_connection(gateway, 1, 1),
    "find first connection": lambda gateway: connection.find_first_connection(gateway, [1, 2]),
    "wipe": lambda gateway: connection.wipe_password(gateway, 1, 1),
    "fill in": lambda gateway: connection.fill_in_password(gateway, 1, Secret("x" * 12)),
    "connect": lambda gateway: connection.connect_further(gateway, 1, 1),
    "wipe wizards": lambda gateway: connection.wipe_connection_wizards(gateway, 1),
    "refresh": lambda gateway: connection.refresh(gateway, 1, 1),
    "contacts": lambda gateway: contacts.read_contacts(gateway, [1, 2]),
    "history": lambda gateway: list(read_history(gateway, [1], [1, 2])),
    "module": lambda gateway: module.read_module(gateway, is_installed=False),
    "installed module": lambda gateway: module.read_module(gateway, is_installed=True),
    "attachments": lambda gateway: originals.list_attachments(gateway, 1, "account.bank.statement", [1]),
    "contents": lambda gateway: list(originals.read_contents(gateway, 1, [1, 2])),
    "soda": lambda gateway: payroll.fetch_soda(gateway, 1, 1),
    "entries": lambda gateway: payroll.read_entries(gateway, 1, [1, 2]),
    "journal entries": lambda gateway: payroll.read_journal_entries(gateway, 1, 1, TODAY),
    "partners": lambda gateway: settings.find_partners(gateway, "0477472701"),
    "firm": lambda gateway: settings.create_firm(gateway, "x", "0477472701"),
    "Belgium": settings.belgium,
    "feeds": settings.bank_feeds,
    "journals": lambda gateway: statements.read_journals(gateway, [1, 2]),
    "coda": lambda gateway: statements.fetch_coda(gateway, 1, 1),
    "statements": lambda gateway: statements.read_statements(gateway, 1, [1, 2]),
    "statement before": lambda gateway: statements.last_statement_before(gateway, 1, 1, TODAY),
    "statement after": lambda gateway: statements.first_statement_after(gateway, 1, 1, TODAY),
    "last dates": lambda gateway: statements.last_statement_dates(gateway, [1], [1, 2]),
    "names": lambda gateway: statements.attachment_names(gateway, 1, [1, 2]),
    "login": apikeys.own_login,
    "accepted": apikeys.is_accepted,
    "key records": lambda gateway: apikeys.key_records(gateway, "me"),
    "new key": lambda gateway: apikeys.generate_key(gateway, Secret("y" * 12), "x", TODAY),
    "revoke": lambda gateway: apikeys.revoke_key(gateway, Secret("a" * 40)),
    "my databases": lambda gateway: listing.my_databases(gateway, "me"),
    "databases app": lambda gateway: listing.databases_app(gateway, "me"),
}


@trying(st.data())
def test_typed_functions(data: st.DataObject) -> None:
    """All of them for each example: what is drawn is different for each."""
    for function in FUNCTIONS.values():
        read_or_refused(lambda function=function: function(MadeUp(data)))  # type: ignore[misc]


# --- whole commands --------------------------------------------------------------------------------------------------------------------


class MadeUpGateways:
    """Gateways to databases that answer whatever is drawn."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def open(self, database: DatabaseAddress) -> Gateway:
        """A new one each time: it remembers nothing."""
        return MadeUp(self._data, database)

    def version(self, server: ServerUrl) -> str:
        """Whatever the server calls its version."""
        del server
        return self._data.draw(st.sampled_from(["18.0", "saas~18.2+e"]) | texts)

    def protocol(self, database: DatabaseAddress) -> OdooProtocol | None:
        """Nobody asked."""
        del database
        return None

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        """Whatever the server calls its databases."""
        del server
        return [DatabaseName(name) for name in self._data.draw(st.lists(texts, max_size=3))]


class NoShelf:
    """A folder of original files without a disk."""

    def has(self, original: object) -> bool:
        """Nothing is there yet."""
        del original
        return False

    def put(self, original: object, content: bytes) -> None:
        """Everything fits."""
        del original, content


def _is_clean(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character != "\n" for character in text)


def _assert_harmless(records: Sequence[machine.Record]) -> None:
    told = machine.envelope("fuzz", 0, records)
    assert json.loads(told)["codalink"] == 1
    assert _is_clean(told)
    assert _is_clean(machine.comma_separated(records))


@trying(st.data(), st.sampled_from([40, 80, 160]))
def test_whole_commands(data: st.DataObject, width: int) -> None:
    """Every command that reads: survey, plan, check, status with CodaBox asked, statements, retrieve and download, in all their forms."""
    gateways = MadeUpGateways(data)
    time = FakeTime()
    means = Means(gateways, OfficePasswords(MemoryStore()), lambda: None, OneByOne(), time, nobody, time)
    place = address(data.draw(texts))
    found = survey(Sources((Named("list", (place,)),), Patterns((), ())), gateways, OneByOne(), time, nobody, with_versions=True)
    freshness = Freshness(TODAY, timedelta(days=35))
    request = StatementsRequest(TODAY, timedelta(days=35), None, None)

    def everything() -> None:
        _assert_harmless(machine.databases(found))
        standing = find_standing(OFFICE, candidates(found, OFFICE, Choice()), gateways, means.passwords, means.runner, time)
        _assert_harmless(machine.plan(make_plan(found, OFFICE, standing, Choice())))
        checked = check_companies(OFFICE, found, found.companies, means, TODAY)
        assert _is_clean(plain(checks.office(checked, width), width))
        _assert_harmless(machine.check(checked, []))
        complete = check_statements(request, found.companies, found.failures, means)
        assert _is_clean(plain(shown_statements.table(complete, FilesCheck(), width), width))
        _assert_harmless(shown_statements.records(complete, FilesCheck()))
        status = with_statements(read_status(OFFICE, found.companies, found.failures, means, with_refresh=True), complete)
        assert _is_clean(plain(shown_status.office(status, width, freshness), width))
        _assert_harmless(machine.status(status, freshness))
        assert "<script>x" not in report.page(status, freshness)
        fetched = retrieve(found.companies, found.failures, means)
        downloads = download_originals(fetched.companies, Period(), NoShelf(), means)
        assert _is_clean(plain(shown_retrieval.table(fetched, downloads, width), width))
        _assert_harmless(shown_retrieval.records(fetched, downloads))

    read_or_refused(everything)
