"""Which original files are brought home, and which are here already."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from codalink import errors
from codalink.errors import FileDiffers, FileRefused
from codalink.odoo.codabox.payroll import EntryRecord
from codalink.odoo.codabox.statements import JournalRecord, StatementRecord
from codalink.odoo.gateway import Call
from codalink.office.delivery.originals import CompanyDownload, Original, OriginalKind, Period, download_originals
from codalink.office.delivery.retrieve import AccountRetrieval, CompanyRetrieval, NewStatement
from codalink.office.events import Event, Listener, nobody
from codalink.office.fleet import OneByOne, Stop
from codalink.office.means import Means
from codalink.secrets.passwords import OfficePasswords
from tests.unit.fakes import FakeGateways, MemoryStore, ScriptedGateway, address, company, under_way_in

COMPANY = company("Bakkerij", "k1", is_connected=True)
JOURNAL = JournalRecord(13, 1, "Bank", "BE56539001800388", "", "l10n_be_codabox")
EVER = Period()


class MemoryShelf:
    """A Shelf in memory."""

    def __init__(self, *known: int) -> None:
        self.known = set(known)
        self.files: dict[str, bytes] = {}
        self.trouble: FileRefused | None = None

    def has(self, original: Original) -> bool:
        return original.attachment_id in self.known

    def put(self, original: Original, content: bytes) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.files[f"{original.account} {original.day} {original.number}.{original.kind.value}"] = content


def statement(number: int, day: int = 1) -> StatementRecord:
    return StatementRecord(number, 13, f"2026/{number:03}", date(2026, 3, day), Decimal(0), Decimal(1), ())


def came_in(*statements: StatementRecord, entries: tuple[EntryRecord, ...] | None = None) -> CompanyRetrieval:
    new = tuple(NewStatement(one, has_coda=True, has_pdf=True) for one in statements)
    return CompanyRetrieval(COMPANY, (AccountRetrieval(JOURNAL, new),), entries)


def attachment(number: int, owner: int, name: str) -> dict[str, object]:
    return {"id": number, "res_id": owner, "name": name, "file_size": 3}


def database(attachments: Sequence[dict[str, object]], entries: Sequence[dict[str, object]] = ()) -> ScriptedGateway:
    def listed(call: Call) -> object:
        domain = call.arguments["domain"]
        assert isinstance(domain, list)
        return [row for row in attachments if row["res_id"] in domain[1][2]]

    def contents(call: Call) -> object:
        return [{"id": number, "datas": base64.b64encode(b"%d" % number).decode()} for number in call.ids or ()]

    journal = {"id": 13, "company_id": [1, "x"], "bank_acc_number": JOURNAL.iban, "bank_statements_source": JOURNAL.feed}
    history = [
        {"id": number, "journal_id": [13, "Bank"], "name": f"2026/{number:03}", "date": f"2026-03-{number:02}"} for number in range(1, 6)
    ]
    return ScriptedGateway(
        {
            "ir.attachment.search_read": listed,
            "ir.attachment.read": contents,
            "account.journal.search_read": [journal],
            "account.bank.statement.search_read": history,
            "account.move.search_read": list(entries),
        },
        address("k1"),
    )


def downloaded(
    row: CompanyRetrieval, gateway: ScriptedGateway, shelf: MemoryShelf, period: Period = EVER, listener: Listener = nobody
) -> CompanyDownload:
    means = Means(FakeGateways(gateway), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), listener=listener)
    (found,) = download_originals([row], period, shelf, means)
    return found


BOTH = [attachment(7, 1, "Original CodaBox.coda"), attachment(8, 1, "Original CodaBox Bank Statement.pdf")]


def test_files_of_what_came_in_are_brought_home_under_names_of_ours() -> None:
    shelf = MemoryShelf()

    found = downloaded(came_in(statement(1)), database([*BOTH, attachment(9, 1, "letter.docx")]), shelf)

    assert (found.fetched, found.known, found.error) == (2, 0, None)
    assert shelf.files == {f"{JOURNAL.iban} 2026-03-01 2026/001.coda": b"7", f"{JOURNAL.iban} 2026-03-01 2026/001.pdf": b"8"}


def test_file_that_is_here_is_not_fetched_again() -> None:
    gateway = database(BOTH)

    found = downloaded(came_in(statement(1)), gateway, MemoryShelf(7, 8))

    assert (found.fetched, found.known) == (0, 2)
    assert [call.method for call in gateway.calls] == ["search_read"]


def test_nothing_new_needs_no_call() -> None:
    gateway = database(BOTH)

    assert downloaded(came_in(), gateway, MemoryShelf()) == CompanyDownload(COMPANY)
    assert not gateway.calls


def test_period_brings_the_files_of_its_days_and_no_others() -> None:
    files = [attachment(10 + number, number, "x.coda") for number in range(1, 6)]
    shelf = MemoryShelf()

    downloaded(came_in(), database(files), shelf, Period(date(2026, 3, 2), date(2026, 3, 4)))

    assert sorted(shelf.files.values()) == [b"12", b"13", b"14"]


def test_payroll_files_lie_beside_the_accounts() -> None:
    shelf = MemoryShelf()
    entry = EntryRecord(4, "SODA 1", date(2026, 3, 31), is_draft=True)

    downloaded(came_in(entries=(entry,)), database([attachment(9, 4, "soda.xml")]), shelf)

    assert shelf.files == {"SODA 2026-03-31 SODA 1.xml": b"9"}
    assert OriginalKind("xml") is OriginalKind.SODA


def test_full_disk_is_told_with_what_was_done_before() -> None:
    shelf = MemoryShelf()
    shelf.trouble = FileRefused("The disk is full.")

    found = downloaded(came_in(statement(1)), database(BOTH), shelf)

    assert (found.fetched, type(found.error)) == (0, FileRefused)


def test_file_that_differs_keeps_no_other_from_coming() -> None:
    class Differing(MemoryShelf):
        def put(self, original: Original, content: bytes) -> None:
            if original.kind is OriginalKind.CODA:
                raise FileDiffers
            super().put(original, content)

    shelf = Differing()
    found = downloaded(came_in(statement(1)), database(BOTH), shelf)

    assert (found.fetched, type(found.error), found.is_whole) == (1, FileDiffers, False)


def test_period_brings_payroll_files_of_its_days_too() -> None:
    entries = [
        {"id": 4, "ref": "SODA 1", "date": "2026-03-02", "state": "posted"},
        {"id": 5, "ref": "SODA 2", "date": "2026-03-31", "state": "draft"},
    ]
    gateway = database([attachment(9, 4, "soda.xml"), attachment(10, 5, "later.xml")], entries)
    shelf = MemoryShelf()
    with_journal = replace(COMPANY, record=replace(COMPANY.record, soda_journal_id=21))

    downloaded(CompanyRetrieval(with_journal, entries=()), gateway, shelf, Period(date(2026, 3, 1), date(2026, 3, 4)))

    assert [name for name in shelf.files if name.startswith("SODA")] == ["SODA 2026-03-02 SODA 1.xml"]


def test_database_that_fails_is_its_own_row() -> None:
    broken = ScriptedGateway({"search_read": errors.RightsMissing("No.")}, address("k1"))

    assert isinstance(downloaded(came_in(statement(1)), broken, MemoryShelf()).error, errors.RightsMissing)


def test_what_is_being_done_is_told_file_by_file() -> None:
    heard: list[Event] = []
    downloaded(came_in(statement(1)), database(BOTH), MemoryShelf(), listener=heard.append)

    assert under_way_in(heard) == [
        ("Bakkerij", "looking which files there are"),
        ("Bakkerij", "downloading 2 files"),
        ("Bakkerij", "downloading 1 of 2"),
        ("Bakkerij", "downloading 2 of 2"),
        ("Bakkerij", "2 downloaded"),
    ]


def test_nothing_to_download_is_told_as_such() -> None:
    heard: list[Event] = []
    downloaded(came_in(statement(1)), database(BOTH), MemoryShelf(7, 8), listener=heard.append)

    assert [words for _, words in under_way_in(heard)] == ["looking which files there are", "nothing new"]


def test_file_of_something_else_than_what_was_asked_for_is_left() -> None:
    """A server may answer more than it was asked."""
    stranger = attachment(9, 99, "Original CodaBox.coda")
    gateway = database([])
    answering = ScriptedGateway(
        {"ir.attachment.search_read": [*BOTH, stranger], "ir.attachment.read": gateway.execute, "account.move.search_read": []},
        address("k1"),
    )
    shelf = MemoryShelf()
    entry = EntryRecord(4, "SODA 1", date(2026, 3, 31), is_draft=True)

    found = downloaded(came_in(statement(1), entries=(entry,)), answering, shelf)

    assert (found.fetched, found.error) == (2, None)


def test_interrupted_download_leaves_out_the_companies_that_were_not_begun() -> None:
    stop = Stop()
    stop.request()
    means = Means(FakeGateways(database(BOTH)), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), stop)

    assert download_originals([came_in(statement(1))], EVER, MemoryShelf(), means) == []


def test_interrupt_between_two_companies_of_a_database_begins_no_other() -> None:
    stop = Stop()

    class Interrupting(MemoryShelf):
        def put(self, original: Original, content: bytes) -> None:
            super().put(original, content)
            stop.request()

    means = Means(FakeGateways(database(BOTH)), OfficePasswords(MemoryStore()), lambda: None, OneByOne(), stop)
    neighbour = replace(came_in(statement(1)), company=replace(COMPANY, record=replace(COMPANY.record, id=2)))

    (found,) = download_originals([came_in(statement(1)), neighbour], EVER, Interrupting(), means)

    assert (found.company, found.fetched, found.is_whole) == (COMPANY, 1, False)


def test_period_leaves_out_payroll_of_other_days_whatever_the_server_answers() -> None:
    undated: dict[str, object] = {"id": 5, "ref": "SODA 5", "date": False, "state": "posted"}
    entries = [{"id": 4, "ref": "SODA 4", "date": "2026-03-02", "state": "posted"}, undated]
    gateway = database([attachment(9, 4, "soda.xml"), attachment(10, 5, "undated.xml")], entries)
    shelf = MemoryShelf()
    with_journal = replace(COMPANY, record=replace(COMPANY.record, soda_journal_id=21))

    downloaded(CompanyRetrieval(with_journal, entries=()), gateway, shelf, Period(since=date(2026, 3, 1)))

    assert list(shelf.files) == ["SODA 2026-03-02 SODA 4.xml"]
