"""MyCodaBox's export of mandates: in whatever order, language, encoding and format it comes."""

from datetime import date, datetime
from pathlib import Path

import pytest

from codalink.errors import FileRefused
from codalink.mycodabox import read_mandates
from codalink.office.model import Vat
from codalink.office.readiness.mandates import Mandate, MandateKind, MandateState
from tests.unit.mycodabox.exports import BAKERY, GARAGE, HEADER, Rows, csv_file, workbook

BAKERY_MANDATE = Mandate(
    "BE68539007547034",
    MandateState.ACTIVE,
    "Active",
    company="Bakkerij Peeters",
    number=Vat("0403019261"),
    since=date(2026, 1, 5),
)
GARAGE_MANDATE = Mandate(
    "BE71096123456769",
    MandateState.PROBLEM,
    "Problem",
    company="Garage Zoë",
    number=Vat("0477472701"),
    reason="The signature differs",
    since=date(2026, 2, 3),
)
BOTH = (BAKERY_MANDATE, GARAGE_MANDATE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


# --- CSV -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_csv_is_read_whatever_wrote_it(file: Path, separator: str, encoding: str) -> None:
    assert read_mandates(csv_file(file, separator=separator, encoding=encoding)).rows == BOTH


@pytest.mark.parametrize(
    "title", ["CODA mandates of Kantoor Demo\r\n", "sep=;\r\n", "\r\n\r\nExported on 5/1/2026; by: somebody\r\n;;;\r\n"]
)
def test_header_may_come_below_a_title(file: Path, title: str) -> None:
    assert read_mandates(csv_file(file, separator=";", before=title)).rows == BOTH


def test_order_and_further_columns_don_t_matter(file: Path) -> None:
    header = ("Bank", *HEADER[::-1], "Actions")
    rows = [header, *(("KBC", *row[::-1], "Manage") for row in (BAKERY, GARAGE))]

    assert read_mandates(csv_file(file, rows)).rows == BOTH


@pytest.mark.parametrize(
    ("header", "active"),
    [
        (("Dossier", "Ondernemingsnummer", "Rekeningnummer", "Status", "Statusdatum", "Reden"), "Actief"),
        (("Nom du client", "Numéro d'entreprise", "Numéro de compte", "Statut", "Date du statut", "Raison"), "Actif"),
        (("CLIENT", "VAT number", "Account number (IBAN)", "CODA mandate state", "State date", "Details"), "active"),
    ],
    ids=["nl", "fr", "en"],
)
def test_words_may_be_of_any_of_its_languages(file: Path, header: tuple[str, ...], active: str) -> None:
    row = (*BAKERY[:3], active, *BAKERY[4:])
    (mandate,) = read_mandates(csv_file(file, [header, row], separator=";", encoding="windows-1252")).rows

    assert (mandate.company, mandate.number, mandate.state, mandate.since) == (
        "Bakkerij Peeters",
        Vat("0403019261"),
        MandateState.ACTIVE,
        date(2026, 1, 5),
    )


def test_text_in_quotes_may_have_separators_and_lines(file: Path) -> None:
    row = ("Peeters; Zonen\r\nBV", *BAKERY[1:5], 'The "bank", says: no; wait')
    (mandate,) = read_mandates(csv_file(file, [HEADER, row], separator=";")).rows

    assert mandate.reason == 'The "bank", says: no; wait'


def test_short_and_empty_rows_are_taken_as_they_are(file: Path) -> None:
    rows = [HEADER, (), ("", ""), BAKERY[:4], (" ", "", " ")]
    found = read_mandates(csv_file(file, rows))

    assert ([row.state for row in found.rows], found.left_out) == ([MandateState.ACTIVE], ())


def test_only_account_and_state_are_needed(file: Path) -> None:
    found = read_mandates(csv_file(file, [("Status", "IBAN"), ("Bankprocedure", "BE68539007547034")]))

    assert found.rows == (Mandate("BE68539007547034", MandateState.BANK_PROCEDURE, "Bankprocedure"),)


# --- Excel ---------------------------------------------------------------------------------------------------------------------------


def test_workbook_is_read(tmp_path: Path) -> None:
    assert read_mandates(workbook(tmp_path / "export.xlsx")).rows == BOTH


def test_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    assert read_mandates(workbook(tmp_path / "export.csv")).rows == BOTH


def test_workbook_has_dates_and_numbers_of_its_own(tmp_path: Path) -> None:
    rows: Rows = [
        HEADER,
        (*BAKERY[:1], 403019261, *BAKERY[2:4], datetime(2026, 1, 5, 14, 30), None),  # noqa: DTZ001  # Excel knows no zones
        (*GARAGE[:1], 477472701.0, *GARAGE[2:4], date(2026, 2, 3), *GARAGE[5:]),
    ]

    assert read_mandates(workbook(tmp_path / "export.xlsx", rows)).rows == BOTH


def test_workbook_may_begin_with_a_title_and_empty_rows(tmp_path: Path) -> None:
    rows: Rows = [("CODA mandates",), (), (None, None), (None, *HEADER), (None, *BAKERY)]

    assert read_mandates(workbook(tmp_path / "export.xlsx", rows)).rows == (BAKERY_MANDATE,)


def test_all_sheets_of_a_workbook_count(tmp_path: Path) -> None:
    found = read_mandates(workbook(tmp_path / "export.xlsx", [("Notes",), ("nothing here",)], [HEADER, BAKERY], [HEADER, GARAGE]))

    assert found.rows == BOTH


def test_line_of_a_workbook_is_told_as_excel_shows_it(tmp_path: Path) -> None:
    rows: Rows = [("Title",), (), HEADER, BAKERY, (), ("Garage", "", "no account", "Active")]

    assert read_mandates(workbook(tmp_path / "export.xlsx", rows)).left_out == ('Line 6: "no account" is no valid IBAN; it is left out.',)


# --- states --------------------------------------------------------------------------------------------------------------------------


def states(file: Path, mandate: str, account: str) -> tuple[MandateState | None, str]:
    (row,) = read_mandates(csv_file(file, [("IBAN", "Mandate state", "Account state"), ("BE68539007547034", mandate, account)])).rows
    return row.state, row.text


def test_state_of_the_account_says_more_than_that_of_the_mandate(file: Path) -> None:
    assert states(file, "Active", "Pending activation by client") == (MandateState.PENDING_CLIENT, "Pending activation by client")


@pytest.mark.parametrize("state", [MandateState.PROBLEM, MandateState.ARCHIVED])
def test_mandate_that_went_wrong_says_more(file: Path, state: MandateState) -> None:
    assert states(file, state.value, "Pending activation by bank") == (state, state.value)


@pytest.mark.parametrize("account", ["", "Something new"])
def test_mandate_speaks_where_the_account_says_nothing(file: Path, account: str) -> None:
    assert states(file, "Signed", account) == (MandateState.SIGNED, "Signed")


def test_unknown_state_is_kept_as_it_is(file: Path) -> None:
    assert states(file, "Waiting for the moon", "") == (None, "Waiting for the moon")


def test_account_state_alone_will_do(file: Path) -> None:
    found = read_mandates(csv_file(file, [("IBAN", "Account status"), ("BE68539007547034", "CODA is provided")]))

    assert found.rows[0].state is MandateState.ACTIVE


# --- accounts ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", [", ", ";", "\n", " / "])
def test_mandate_of_several_accounts_counts_for_each(file: Path, between: str) -> None:
    row = ("Active", f"BE68 5390 0754 7034{between}BE71 0961 2345 6769")
    found = read_mandates(csv_file(file, [("State", "Accounts"), row]))

    assert [one.iban for one in found.rows] == ["BE68539007547034", "BE71096123456769"]


def test_bad_account_costs_its_row_only(file: Path) -> None:
    found = read_mandates(csv_file(file, [HEADER, ("X", "", "BE00 1234", "Active", "", ""), BAKERY, ("Total", "", "", "", "", "")]))

    assert found.rows == (BAKERY_MANDATE,)
    assert found.left_out == ('Line 2: "BE00 1234" is no valid IBAN; it is left out.', "Line 4 has no account number; it is left out.")


@pytest.mark.parametrize(("text", "number"), [("BE 0403.019.261", "0403019261"), ("403019261", "0403019261")])
def test_enterprise_number_is_read_in_any_notation(file: Path, text: str, number: str) -> None:
    (mandate,) = read_mandates(csv_file(file, [HEADER, ("X", text, *BAKERY[2:])])).rows

    assert mandate.number == Vat(number)


@pytest.mark.parametrize("text", ["", "0403019262", "unknown"])
def test_bad_enterprise_number_is_none(file: Path, text: str) -> None:
    (mandate,) = read_mandates(csv_file(file, [HEADER, ("X", text, *BAKERY[2:])])).rows

    assert mandate.number is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/01/2026", date(2026, 1, 5)),
        ("5/1/2026", date(2026, 1, 5)),
        ("05-01-2026 14:30", date(2026, 1, 5)),
        ("5.1.2026", date(2026, 1, 5)),
        ("2026-01-05T14:30:00Z", date(2026, 1, 5)),
        ("05/01/26", date(2026, 1, 5)),
        ("", None),
        ("last week", None),
        ("32/13/2026", None),
    ],
)
def test_date_is_read_as_belgians_write_it(file: Path, text: str, day: date | None) -> None:
    (mandate,) = read_mandates(csv_file(file, [HEADER, (*BAKERY[:4], text, "")])).rows

    assert mandate.since == day


@pytest.mark.parametrize(("text", "currency"), [("EUR", "EUR"), ("usd", "USD"), ("Euro", ""), ("€", ""), ("", "")])
def test_currency_is_its_code_or_not_known(file: Path, text: str, currency: str) -> None:
    (mandate,) = read_mandates(csv_file(file, [("IBAN", "State", "Munt"), ("BE68539007547034", "Active", text)])).rows

    assert mandate.currency == currency


# --- payroll -------------------------------------------------------------------------------------------------------------------------


def test_payroll_mandates_have_no_account(file: Path) -> None:
    header = ("Client", "Numéro d'entreprise", "Secrétariat social", "État")
    (mandate,) = read_mandates(csv_file(file, [header, ("Garage", "0477.472.701", "Acerta", "Demandé")])).rows

    assert (mandate.kind, mandate.iban, mandate.number, mandate.state) == (MandateKind.SODA, "", Vat("0477472701"), MandateState.REQUESTED)


def test_payroll_is_told_from_statements_by_the_service(file: Path) -> None:
    header = ("Service", "Ondernemingsnummer", "Rekeningnummer", "Status")
    rows = [header, ("CODA", "0477472701", "BE68539007547034", "Actief"), ("SODA", "0477472701", "", "Bevestigd")]

    assert [one.kind for one in read_mandates(csv_file(file, rows)).rows] == [MandateKind.CODA, MandateKind.SODA]


def test_payroll_without_number_is_left_out(file: Path) -> None:
    header = ("Client", "Numéro d'entreprise", "Secrétariat social", "État")
    found = read_mandates(csv_file(file, [header, ("Garage", "0477472701", "Acerta", "Actif"), ("Nobody", "", "Acerta", "Actif")]))

    assert found.left_out == ("Line 3 has no valid enterprise number; it is left out.",)


# --- what can't be read --------------------------------------------------------------------------------------------------------------


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_mandates(path)
    return refused.value


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\r\n\r\n"])
def test_empty_file_is_told(file: Path, raw: bytes) -> None:
    file.write_bytes(raw)

    assert refusal(file).cause == f"{file} is empty."


def test_missing_account_column_is_told_with_what_is_there_and_what_is_known(file: Path) -> None:
    error = refusal(csv_file(file, [("Klant", "Konto", "Status"), ("Peeters", "BE68539007547034", "Actief")], separator=";"))

    assert error.cause == f"{file}: no column was found for the account number. Line 1 has: Klant, Konto, Status."
    assert "account number: iban, account number, rekeningnummer, bankrekeningnummer, numero compte, n compte, …" in error.remedy
    assert "MyCodaBox" in error.remedy


def test_missing_state_column_is_told(file: Path) -> None:
    assert "no column was found for the state." in refusal(csv_file(file, [("Klant", "IBAN"), ("Peeters", "BE68539007547034")])).cause


def test_file_of_something_else_is_told(file: Path) -> None:
    file.write_text("Dear customer,\nplease sign, and send it back.\n", encoding="utf-8")

    assert "no column was found for the account number and the state." in refusal(file).cause


def test_header_without_rows_is_told(file: Path) -> None:
    assert refusal(csv_file(file, [HEADER])).cause == f"{file} has no mandate below its header."


def test_file_without_a_usable_row_says_why_of_the_first(file: Path) -> None:
    assert refusal(csv_file(file, [HEADER, ("X", "", "BE00", "Active")])).cause.endswith('Line 2: "BE00" is no valid IBAN; it is left out.')
