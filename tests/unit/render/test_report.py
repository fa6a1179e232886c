"""The report: one page, whole in itself, in which nothing that came from a server can do anything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from codalink import errors
from codalink.odoo.codabox.statements import JournalRecord
from codalink.office.model import DatabaseFailure
from codalink.office.overview.status import Connection, OfficeStatus
from codalink.office.readiness.gates import without_journal
from codalink.office.readiness.mandates import Mandate, MandateKind, MandateState
from codalink.render.report import page
from codalink.render.timeline import DAYS
from codalink.secrets.masked import Secret
from codalink.shipped import template
from tests.unit.render.reports import FRESHNESS, OTHER_IBAN, TODAY, account, checked, large_office, office, row
from tests.unit.render.results import BROKEN, STATUS

HOLED = checked(left_out=range(100, 105))
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}&amp;</style>\u202eevil\u2066"
_VOID = {"meta", "input", "br", "col", "link", "img"}


@dataclass
class Element:
    """A part of a page. `words` is all text in it."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def words(self) -> str:
        parts = (part if isinstance(part, str) else part.words for part in self.inside)
        return " ".join("".join(parts).split())

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, tag: str, css_class: str = "") -> list["Element"]:
        return [
            one for one in self.walk() if one.tag == tag and (not css_class or css_class in (one.attributes.get("class") or "").split())
        ]

    def one(self, tag: str, css_class: str = "") -> "Element":
        (found,) = self.all(tag, css_class)
        return found

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


class Tree(HTMLParser):
    """Builds the tree, and insists that every element is closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self._add(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def _add(self, element: Element) -> None:
        self.open[-1].children.append(element)
        self.open[-1].inside.append(element)


def parsed(text: str) -> Element:
    tree = Tree()
    tree.feed(text)
    tree.close()
    assert len(tree.open) == 1, "an element is not closed"
    return tree.open[0]


def shown(status: OfficeStatus, *, only_problems: bool = False) -> Element:
    return parsed(page(status, FRESHNESS, only_problems=only_problems))


def tiles(status: OfficeStatus) -> dict[str, int]:
    found = [one.words.split(" ", 1) for one in shown(status).all("li", "tile")]
    return {words: int(number) for number, words in found}


def names(found: Element) -> list[str]:
    return [body.all("th")[0].get("data-key") for body in found.all("tbody")]


# --- a page of its own ---------------------------------------------------------------------------------------------------------------


def test_nothing_is_loaded_from_anywhere() -> None:
    found = shown(large_office(40))
    loading = [one for one in found.walk() if {"src", "srcset", "action", "background", "poster"} & set(one.attributes)]
    loading += [one for tag in ("link", "img", "iframe", "object", "embed", "base", "form", "use") for one in found.all(tag)]

    assert loading == []
    assert [
        one for name in ("report.css", "report.js") for one in re.findall(r"url\(|@import|https?:|fetch|import\(", _template(name))
    ] == []


def test_links_lead_to_the_databases_only() -> None:
    links = [one.get("href") for one in shown(large_office(40)).walk() if "href" in one.attributes]

    assert links
    assert all(link.startswith("https://odoo.example.be/web?db=klant-") for link in links)


def test_policy_lets_nothing_but_the_page_s_own_style_and_script_run() -> None:
    policy = next(one.get("content") for one in shown(office()).all("meta") if one.get("http-equiv") == "Content-Security-Policy")

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_no_style_or_handler_stands_in_an_element() -> None:
    """The policy would not let it do anything."""
    found = {name for one in shown(large_office(40)).walk() for name in one.attributes}

    assert [name for name in found if name == "style" or name.startswith("on")] == []


def test_page_is_ascii_and_says_all_letters_all_the_same() -> None:
    text = page(office(row("Zoë & Söhne 日本", account(checked()))), FRESHNESS)

    assert text.isascii()
    assert names(parsed(text)) == ["Zoë & Söhne 日本"]


@pytest.mark.parametrize("name", ["report.css", "report.js"])
def test_style_and_script_are_ascii(name: str) -> None:
    """Unlike text, their letters can't be written as references."""
    assert _template(name).isascii()


def _template(name: str) -> str:
    return template(f"report/{name}")


def test_headings_and_landmarks_are_in_order() -> None:
    found = shown(STATUS)

    assert [one.tag for one in found.walk() if re.fullmatch(r"h\d|header|main", one.tag)] == ["header", "h1", "main", "h2", "h2", "h2"]
    assert found.one("html").get("lang") == "en"
    assert {one.get("aria-labelledby") for one in found.all("section")} <= {one.get("id") for one in found.walk()}


def test_every_field_has_a_label() -> None:
    found = shown(STATUS)
    labelled = {one.get("for") for one in found.all("label")} | {
        field.get("id") for label in found.all("label") for field in label.all("input")
    }

    assert {one.get("id") for one in [*found.all("input"), *found.all("select")]} <= labelled


def test_ids_are_unique() -> None:
    ids = [one.get("id") for one in shown(large_office(40)).walk() if "id" in one.attributes]

    assert len(ids) == len(set(ids))


# --- what comes from servers ---------------------------------------------------------------------------------------------------------


def hostile_office() -> OfficeStatus:
    told = errors.ServerTrouble(HOSTILE, remedy=HOSTILE)
    stray = Mandate(OTHER_IBAN, None, HOSTILE, company=HOSTILE)
    one = account(replace(HOLED, account=HOSTILE))
    one = replace(one, account=replace(one.account, journal=JournalRecord(1, 1, HOSTILE, "", HOSTILE, HOSTILE)))
    rows = (
        replace(row(HOSTILE, one, database=HOSTILE), trouble=told, strays=(without_journal(stray),)),
        replace(row("Payroll", account(checked())), payroll=Mandate("", None, HOSTILE, kind=MandateKind.SODA)),
    )
    failing = DatabaseFailure(HOSTILE, HOSTILE, told)
    return replace(office(*rows, failures=(failing,)), strays=(without_journal(stray),))


def test_names_from_servers_are_text_and_nothing_else() -> None:
    found = shown(hostile_office())

    assert len(found.all("script")) == len(found.all("style")) == 1
    assert found.all("img") == []
    assert any("<script>alert(1)</script>" in name for name in names(found))
    assert {name for one in found.walk() for name in one.attributes if name.startswith("on")} == set()


def test_names_are_no_templates() -> None:
    assert "{{ 7*7 }}" in shown(hostile_office()).words


def test_marks_that_turn_the_direction_are_left_out() -> None:
    words = shown(hostile_office()).words

    assert "\u202e" not in words
    assert "\u2066" not in words


def test_secret_in_an_answer_is_masked() -> None:
    Secret("tr0ub4dor&3-report")
    leaking = replace(row("A"), trouble=errors.ServerTrouble("It said tr0ub4dor&3-report."))

    assert "tr0ub4dor" not in page(office(leaking), FRESHNESS)


# --- at a glance ---------------------------------------------------------------------------------------------------------------------


def test_tiles_count_connections() -> None:
    rows = [row("A"), row("B"), row("C", connection=Connection.NOT_CONNECTED), row("D", connection=Connection.CONSENT_MISSING)]
    rows.append(replace(row("E", connection=Connection.NOT_CONNECTABLE), obstacle=errors.NumberMissing()))

    assert tiles(office(*rows)) == {
        "of 5 companies connected": 2,
        "without consent in MyCodaBox": 1,
        "ready to be connected": 1,
        "can't be connected yet": 1,
    }


def test_tiles_count_accounts_by_whom_they_wait_for() -> None:
    unsigned = account(checked(), state=MandateState.AWAITING_SIGNATURE)
    at_bank = account(checked(), state=MandateState.BANK_PROCEDURE)
    found = tiles(office(row("A", unsigned, unsigned), row("B", at_bank), row("C", account(checked()))))

    assert (found["accounts wait for the customer"], found["account waits for the bank"]) == (2, 1)


def test_tiles_count_incomplete_and_old_accounts() -> None:
    old = checked(until=TODAY - timedelta(days=60))
    found = tiles(office(row("A", account(HOLED), account(checked())), row("B", account(old))))

    assert (found["account incomplete"], found["account without a statement for 35 days"]) == (1, 1)


def test_tile_says_that_all_is_complete() -> None:
    assert tiles(office(row("A", account(checked()))))["accounts incomplete"] == 0


def test_tiles_count_what_was_not_reached() -> None:
    assert tiles(office(failures=(BROKEN,)))["database not reached"] == 1


def test_page_says_what_nobody_asked() -> None:
    words = shown(replace(office(), is_refreshed=False, has_mandates=False)).words

    assert "with --refresh" in words
    assert "with --mandates FILE" in words


def test_empty_office_has_a_page() -> None:
    found = shown(office())

    assert "There is nothing to show." in found.words
    assert found.all("table") == []


# --- companies -----------------------------------------------------------------------------------------------------------------------


def test_what_needs_attention_stands_first() -> None:
    rows = [
        row("Orderly", account(checked())),
        row("Waiting", account(checked(), state=MandateState.AWAITING_SIGNATURE)),
        replace(row("Blocked", connection=Connection.NOT_CONNECTABLE), obstacle=errors.NumberMissing()),
        row("Broken", account(HOLED)),
    ]
    found = shown(office(*rows, failures=(BROKEN,)))

    assert names(found) == ["Broken", BROKEN.where, "Blocked", "Waiting", "Orderly"]
    assert [body.get("data-rank") for body in found.all("tbody")] == ["1", "2", "3", "4", "5"]
    assert [head.get("aria-sort") for head in found.one("thead").all("th") if head.get("aria-sort") != "none"] == ["ascending", ""]


def test_script_is_told_which_rank_needs_nobody() -> None:
    found = shown(office(row("A", account(checked()))))

    assert found.one("table").get("data-in-order") == found.one("tbody").get("data-rank")


def test_only_problems_leaves_the_rest_out() -> None:
    assert names(shown(office(row("A", account(checked())), row("B", account(HOLED))), only_problems=True)) == ["B"]


def test_row_says_whose_turn_it_is() -> None:
    unsigned = account(checked(), state=MandateState.AWAITING_SIGNATURE)
    found = shown(office(row("A", unsigned, account(HOLED))))

    assert found.one("tbody").get("data-turns") == "your office|the customer"
    assert [one.words for one in found.one("select").all("option")] == ["anybody or nobody", "your office", "the customer"]


def test_row_of_an_orderly_company_has_nothing_to_do() -> None:
    found = shown(office(row("A", account(checked()))))

    assert found.all("details") == []
    assert "in order" in found.one("tbody").words


def test_details_say_what_is_wrong_with_which_account_and_what_to_do() -> None:
    words = shown(office(row("A", account(HOLED)))).one("details").words

    assert words.startswith("What to do about A")
    assert "BE68 5390 0754 7034: Between" in words
    assert "Redeliver CODA" in words


def test_same_thing_is_told_once_with_all_its_accounts() -> None:
    unsigned = [
        account(replace(checked(), account=iban), state=MandateState.AWAITING_SIGNATURE) for iban in ("BE68539007547034", OTHER_IBAN)
    ]
    (item,) = shown(office(row("A", *unsigned))).one("details").all("li")

    assert item.words.startswith("BE68 5390 0754 7034, BE71 0961 2345 6769: The customer has not signed")


@pytest.mark.parametrize(
    ("connection", "words"),
    [(Connection.NOT_CONNECTED, "Run `codalink connect-all`."), (Connection.CONSENT_MISSING, "Administration > CodaBox Connect")],
)
def test_company_without_accounts_has_a_next_step_too(connection: Connection, words: str) -> None:
    assert words in shown(office(row("A", connection=connection))).one("details").words


def test_company_that_is_not_connected_is_told_so_once() -> None:
    waiting = row("A", account(None, is_connected=False), connection=Connection.NOT_CONNECTED)

    assert len(shown(office(waiting)).one("details").all("li")) == 1


def test_database_that_was_not_reached_says_why() -> None:
    words = shown(office(failures=(BROKEN,))).one("tbody").words

    assert "Odoo refuses the login." in words
    assert "database not reached" in words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (office(failures=(BROKEN,)), "unknown"),
        (office(replace(row("A"), trouble=errors.AnswerTimedOut())), "unknown"),
        (office(row("A")), "none yet"),
    ],
)
def test_last_statement_is_none_only_where_somebody_has_looked(status: OfficeStatus, words: str) -> None:
    assert shown(status).one("tbody").all("td")[3].words == words


def test_account_without_journal_and_payroll_have_their_lines() -> None:
    stray = without_journal(Mandate(OTHER_IBAN, MandateState.ACTIVE, "Active"))
    payroll = Mandate("", MandateState.REQUESTED, "Requested", kind=MandateKind.SODA)
    lines = [one.words for one in shown(office(replace(row("A"), strays=(stray,), payroll=payroll))).all("div", "account")]

    assert lines == ["BE71 0961 2345 6769 no journal journal: your office", "SODA requested: CodaBox"]


def test_mandates_of_strangers_have_a_part_of_their_own() -> None:
    stranger = without_journal(Mandate(OTHER_IBAN, MandateState.ACTIVE, "Active", company="Nowhere BV"))

    assert "Nowhere BV · BE71 0961 2345 6769: active" in shown(replace(office(), strays=(stranger,))).words


# --- timelines -----------------------------------------------------------------------------------------------------------------------


def test_gap_is_drawn_with_its_words() -> None:
    drawing = shown(office(row("A", account(HOLED)))).one("div", "account").one("svg")
    gap = drawing.one("rect", "bad")

    assert drawing.get("viewbox") == f"0 0 {DAYS} 12"
    assert 0 < int(gap.get("x")) < int(gap.get("x")) + int(gap.get("width")) < DAYS
    assert gap.one("title").words.startswith("Between 2025-")


def test_gap_is_told_to_those_who_can_t_see_it() -> None:
    account_line = shown(office(row("A", account(HOLED)))).one("div", "account")

    assert account_line.words.startswith("BE68 5390 0754 7034 gap open")
    assert account_line.one("svg").get("aria-label").endswith("days with statements in 53 weeks, 1 place with statements missing or wrong.")


def test_silence_is_drawn_as_a_doubt() -> None:
    silent = account(checked(until=TODAY - timedelta(days=60)))

    assert [one.get("class") for one in shown(office(row("A", silent))).all("rect")] == ["doubt"]


def test_every_kind_of_result_has_a_page() -> None:
    assert len(shown(STATUS).all("tbody")) == len(STATUS.companies) + len(STATUS.failures)
