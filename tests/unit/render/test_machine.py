"""Results for machines: pinned fields, a pinned envelope, and CSV that a spreadsheet can't be tricked with."""

import csv
import json
from io import StringIO

import pytest

from codalink import errors
from codalink.office.overview.status import OfficeStatus
from codalink.render import machine, retrieval
from codalink.render.machine import Record, comma_separated, envelope
from codalink.secrets.masked import MASK, Secret
from tests.unit.fakes import OFFICE, company, surveyed
from tests.unit.render.results import COMPANIES, FRESHNESS, OUTCOME, PLAN, RETRIEVAL, STATUS, SURVEY, WELL, with_gaps

IDENTITY = ["company", "database", "server", "vat", "office_vat"]
REASON = ["error", "cause", "remedy"]
ACCOUNT = [
    *("iban", "journal", "currency", "feed", "last_statement", "age_days", "gaps", "findings", "gate", "turn", "mandate", "mandate_date"),
    *REASON,
]
ROWS: dict[str, list[Record]] = {
    "databases": machine.databases(SURVEY),
    "plan": machine.plan(PLAN),
    "outcome": machine.outcome(OUTCOME),
    "status": machine.status(STATUS, FRESHNESS),
    "status --accounts": machine.status_accounts(STATUS, FRESHNESS),
    "retrieval": retrieval.records(RETRIEVAL),
}
FIELDS = {
    "databases": [*IDENTITY, "source", "version", "protocol", "reachable", *REASON],
    "plan": [*IDENTITY, "plan", *REASON],
    "outcome": [*IDENTITY, "result", *REASON],
    "status": [*IDENTITY, "connection", "last_statement", "age_days", "gaps", "accounts", "soda_mandate", *REASON],
    "status --accounts": [*IDENTITY, "connection", *ACCOUNT],
    "retrieval": [
        *IDENTITY,
        "kind",
        "iban",
        "statement",
        "date",
        "balance_start",
        "balance_end",
        "coda",
        "pdf",
        "draft",
        "mandate",
        *REASON,
    ],
}
(BAKERY,) = [row for row in ROWS["status"] if row["company"] == "Bakkerij Peeters"]
every_kind = pytest.mark.parametrize("kind", ROWS)


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


# --- fields --------------------------------------------------------------------------------------------------------------------------


@every_kind
def test_every_row_has_the_same_fields_in_the_same_order(kind: str) -> None:
    assert [list(row) for row in ROWS[kind]] == [FIELDS[kind]] * len(ROWS[kind])


@every_kind
def test_every_company_has_a_row(kind: str) -> None:
    assert {row["company"] for row in ROWS[kind] if row["database"]} == {one.name for one in COMPANIES} | {""}


@every_kind
def test_unreached_database_has_a_row_of_its_own(kind: str) -> None:
    (row,) = [row for row in ROWS[kind] if row["database"] == "klant-099"]

    assert (row["company"], row["server"], row["error"]) == ("", "https://odoo.example.be", "login-refused")


def accounts(row: Record) -> list[Record]:
    found = row["accounts"]
    assert isinstance(found, list)
    return found


def test_account_has_its_fields() -> None:
    assert accounts(BAKERY)[0] == {
        "iban": "BE56539001800388",
        "journal": "Bank",
        "currency": "EUR",
        "feed": "l10n_be_codabox",
        "last_statement": "2026-01-05",
        "age_days": 10,
        "gaps": None,
        "findings": None,
        "gate": "mandate",
        "turn": "customer",
        "mandate": "awaiting signature",
        "mandate_date": "2026-01-02",
        "error": "mandate-unsigned",
        "cause": "The customer has not signed the mandate yet.",
        "remedy": errors.MandateUnsigned.default_remedy,
    }


def test_account_with_another_feed_has_the_same_fields() -> None:
    first, second = accounts(BAKERY)

    assert list(first) == list(second)
    assert (second["feed"], second["gate"], second["turn"], second["last_statement"]) == ("online_sync", "other feed", "nobody", None)


def test_account_s_row_tells_the_same_as_its_company_s() -> None:
    (flat,) = [row for row in ROWS["status --accounts"] if row["company"] == "Bakkerij Peeters" and row["iban"] == "BE56539001800388"]

    assert {name: flat[name] for name in ACCOUNT} == accounts(BAKERY)[0]


def test_gaps_are_counted_with_their_account_and_their_company() -> None:
    (row,) = machine.status(with_gaps(), FRESHNESS)

    assert (row["gaps"], [(one["gaps"], len(one["findings"])) for one in accounts(row)]) == (1, [(1, 2)])  # type: ignore[arg-type]  # a list


def test_only_problems_are_told_where_only_they_are_asked_for() -> None:
    rows = machine.status(STATUS, FRESHNESS, only_problems=True)

    assert [row["company"] for row in rows] == [row["company"] for row in ROWS["status"]]  # nobody there is well
    assert machine.status(OfficeStatus(OFFICE, (WELL,), (), is_refreshed=True), FRESHNESS, only_problems=True) == []


def test_mandate_of_a_company_that_was_not_found_has_a_row() -> None:
    row = ROWS["status"][-1]
    (account,) = accounts(row)

    assert (row["company"], row["vat"], row["database"], row["connection"]) == ("Nowhere BV", "0123456749", "", "unknown")
    assert (account["iban"], account["gate"], account["mandate"]) == ("BE71096123456769", "journal", "active")


def test_statement_has_its_values() -> None:
    row = ROWS["retrieval"][0]

    assert {name: row[name] for name in FIELDS["retrieval"][6:13]} == {
        "iban": "BE56539001800388",
        "statement": "2026/001",
        "date": "2026-01-05",
        "balance_start": "10000.00",
        "balance_end": "-250.50",
        "coda": True,
        "pdf": False,
    }


def test_identity_is_in_digits() -> None:
    assert {name: ROWS["plan"][0][name] for name in IDENTITY} == {
        "company": "Bakkerij Peeters",
        "database": "klant-001",
        "server": "https://odoo.example.be",
        "vat": "0403019261",
        "office_vat": "0123456749",
    }


def test_states_are_in_words() -> None:
    assert [row["result"] for row in ROWS["outcome"]] == [
        "connected",
        "already connected",
        "waiting for consent",
        "failed",
        "skipped",
        "not tried",
        "not reached",
    ]


def test_database_without_companies_has_a_row() -> None:
    survey = surveyed(company())
    empty = type(survey)((type(survey.found[0])(survey.found[0].database, (), version="19.0"),), ())

    assert [(row["company"], row["database"], row["version"], row["reachable"]) for row in machine.databases(empty)] == [
        ("", "klant-001", "19.0", True)
    ]


# --- the envelope --------------------------------------------------------------------------------------------------------------------


def test_envelope_is_as_it_was() -> None:
    text = envelope("status", 1, [{"company": "Zoë", "last_statement": None}], [errors.Unreachable("It is down.", remedy="Wait.")])

    assert json.loads(text) == {
        "codalink": 1,
        "command": "status",
        "status": "partial",
        "exit_code": 1,
        "rows": [{"company": "Zoë", "last_statement": None}],
        "errors": [{"code": "unreachable", "cause": "It is down.", "remedy": "Wait."}],
    }
    assert list(json.loads(text)) == ["codalink", "command", "status", "exit_code", "rows", "errors"]


@pytest.mark.parametrize(
    ("code", "word"), [(0, "ok"), (1, "partial"), (2, "error"), (3, "waiting"), (4, "error"), (5, "error"), (130, "error")]
)
def test_status_is_the_exit_code_in_a_word(code: int, word: str) -> None:
    assert json.loads(envelope("status", code, []))["status"] == word


@every_kind
def test_rows_arrive_in_the_envelope(kind: str) -> None:
    assert json.loads(envelope(kind, 0, ROWS[kind]))["rows"] == ROWS[kind]


def test_names_are_readable_in_json() -> None:
    assert "Zoë & Söhne 😀" in envelope("plan", 0, ROWS["plan"])


@pytest.mark.parametrize("secret", ["secret-0815-plain", 'secret-"0815"-quoted', "secret-\\0815-backslash", "secret-é-0815"])
def test_json_masks_every_known_secret(secret: str) -> None:
    Secret(secret)
    text = envelope("plan", 1, [], [errors.OdooRefused(f"Odoo says {secret}.")])

    assert json.loads(text)["errors"][0]["cause"] == f"Odoo says {MASK}."


@pytest.mark.parametrize("secret", ["secret-0816-plain", 'secret-"0816"-quoted', "secret,0816,comma"])
def test_csv_masks_every_known_secret(secret: str) -> None:
    Secret(secret)

    assert read_csv(comma_separated([{"cause": f"Odoo says {secret}."}])) == [{"cause": f"Odoo says {MASK}."}]


def test_json_with_a_broken_character_can_be_written() -> None:
    """One hostile database must not cost the whole office its output."""
    envelope("plan", 0, [{"company": "half \ud83d"}]).encode()


# --- CSV -----------------------------------------------------------------------------------------------------------------------------


@every_kind
def test_csv_has_the_fields_as_its_header(kind: str) -> None:
    assert comma_separated(ROWS[kind]).splitlines()[0] == ",".join(FIELDS[kind])


@every_kind
def test_csv_has_a_row_for_each(kind: str) -> None:
    assert [row["company"] for row in read_csv(comma_separated(ROWS[kind]))] == [row["company"] for row in ROWS[kind]]


def test_no_rows_is_no_table() -> None:
    assert comma_separated([]).strip() == ""


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        '=HYPERLINK("https://evil.example","x")',
        "+32 2 123",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_formula_stays_a_text(name: str) -> None:
    (row,) = read_csv(comma_separated([{"company": name}]))

    assert row["company"].startswith("'")


def test_carriage_return_in_a_name_starts_no_row_of_its_own() -> None:
    """A spreadsheet takes a bare one for the end of a row, and what follows for a formula."""
    assert len(read_csv(comma_separated([{"company": "Bakkerij\r=1+1", "vat": ""}]))) == 1


def test_formula_in_a_list_stays_a_text() -> None:
    (row,) = read_csv(comma_separated([{"accounts": [{"journal": "=1+1"}, "=2+2"]}]))

    assert all(line.startswith("'=") for line in row["accounts"].split("\n"))


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (True, "yes"), (False, "no"), ("", ""), (7, "7"), ("a,b", "a,b"), ("a\nb", "a\nb")]
)
def test_value_becomes_its_cell(value: object, cell: str) -> None:
    assert read_csv(comma_separated([{"x": value, "y": "1"}])) == [{"x": cell, "y": "1"}]


def test_negative_balance_stays_a_number() -> None:
    (row,) = [row for row in read_csv(comma_separated(ROWS["retrieval"])) if row["statement"]]

    assert row["balance_end"] == "-250.50"


def test_csv_cannot_style_the_terminal() -> None:
    text = comma_separated([{"company": "\x1b[31mred\x1b[0m \x9b31m \u202egnp.exe"}])

    assert not any(character in text for character in "\x1b\x9b\u202e")


def test_json_cannot_style_the_terminal() -> None:
    text = envelope("plan", 0, [{"company": "\x1b[31mred\x1b[0m \x9b31m \u202egnp.exe"}])

    assert not any(character in text for character in "\x1b\x9b\u202e")
