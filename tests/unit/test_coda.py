"""CODA files: read as another library reads them, each checked inside, none thrown away."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import coda as febelfin_coda
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codalink import errors
from codalink.coda import Chain, CodaFile, check_files, links_by_account, read_coda, read_folder
from codalink.errors.statements import CodaFaulty
from codalink.office.delivery.continuity import Breach
from codalink.sandbox.coda import BankAccount, CodaStatement

SAMPLE = Path(febelfin_coda.__file__).with_name("CODA.txt")
"""A bank's sample that comes with the library; nobody here has made it."""
IBAN = "BE56539001800388"
TODAY = date(2026, 3, 31)


def statements(days: int = 3) -> list[CodaStatement]:
    account = BankAccount(IBAN, "Bakkerij Peeters", "0403019261", last_day=date(2026, 3, 1))
    account.pass_days(days)
    return list(account.waiting)


def coda(days: int = 1) -> bytes:
    return b"".join(statement.as_coda() for statement in statements(days))


def changed(content: bytes, record: bytes, start: int, text: bytes) -> bytes:
    """The file with other characters from `start` on (counted from 1, as the standard does) in its first such record."""
    lines = content.split(b"\r\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(record))
    lines[at] = lines[at][: start - 1] + text + lines[at][start - 1 + len(text) :]
    return b"\r\n".join(lines)


def faults(content: bytes) -> list[tuple[int, bool]]:
    return [(fault.line, fault.is_hard) for fault in read_coda(content, "a.cod").faults]


@pytest.mark.parametrize("content", [SAMPLE.read_bytes(), coda(1), coda(5)], ids=["sample", "one", "five"])
def test_another_library_reads_the_same(content: bytes) -> None:
    theirs = febelfin_coda.CODA(io.StringIO(content.decode("cp1252"), newline=None)).statements
    ours = read_coda(content, "a.cod")

    assert not ours.faults
    assert [
        (one.opened, one.old, one.closed, one.new, one.credit, one.debit, one.is_duplicate, one.chain.currency) for one in ours.statements
    ] == [
        (
            *(one.old_balance_date, one.old_balance, one.new_balance_date, one.new_balance),
            *(one.total_credit, one.total_debit, one.duplicate, one.account_currency),
        )
        for one in theirs
    ]


def test_sample_that_we_did_not_make_has_the_balances_it_states() -> None:
    (statement,) = read_coda(SAMPLE.read_bytes(), "CODA.txt").statements

    assert statement.chain == Chain("435000000080", "", "EUR")
    assert (statement.old, statement.new) == (Decimal(0), Decimal("9405296.990"))
    assert (statement.credit, statement.debit) == (Decimal("12491168.590"), Decimal("3085871.600"))


def test_short_lines_other_ends_of_lines_and_empty_ones_are_read() -> None:
    lines = [line.rstrip() for line in coda().decode("cp1252").splitlines()]
    trimmed = "\n\n".join(lines).encode("cp1252")

    assert read_coda(trimmed, "a.cod").statements == tuple(
        one.__class__(**{**vars(one), "line": 1}) for one in read_coda(coda(), "a.cod").statements
    )


@pytest.mark.parametrize(
    ("record", "start", "text", "line", "is_hard"),
    [
        (b"0", 128, b"1", 1, False),
        (b"1", 44, b"999999999999999", 5, True),
        (b"1", 43, b"7", 2, True),
        (b"1", 2, b"9", 2, True),
        (b"1", 59, b"310226", 2, True),
        (b"21", 33, b"00000000x000000", 3, True),
        (b"8", 2, b"999", 4, False),
        (b"8", 5, b"BE00000000000000", 4, True),
        (b"8", 43, b"000000000000001", 5, True),
        (b"9", 17, b"000099", 5, False),
        (b"9", 38, b"000000000099000", 5, True),
    ],
    ids=["version", "old balance", "sign", "structure", "date", "amount", "number", "account", "new balance", "records", "totals"],
)
def test_whatever_is_wrong_is_told_with_its_line(record: bytes, start: int, text: bytes, line: int, is_hard: bool) -> None:
    (one,) = statements(1)
    content = CodaStatement(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "movements": one.movements[:1]}).as_coda()

    found = faults(changed(content, record, start, text))

    assert (line, is_hard) in found


def test_statement_that_does_not_add_up_is_kept_and_shown() -> None:
    file = read_coda(changed(coda(), b"9", 38, b"000000000099000"), "a.cod")

    assert len(file.statements) == 1
    (fault,) = check_files([file], TODAY).faults
    assert isinstance(fault.error, CodaFaulty)
    assert fault.error.cause.startswith("a.cod, line ")


def test_unreadable_balance_takes_its_own_statement_out_and_no_other() -> None:
    file = read_coda(changed(coda(3), b"1", 44, b"xxxxxxxxxxxxxxx"), "a.cod")

    assert len(file.statements) == 2
    assert next(fault.is_hard for fault in file.faults)


@pytest.mark.parametrize("content", [b"", b"\r\n", b"hello", b"\x00" * 300, coda()[: len(coda()) // 2], coda()[130:]])
def test_anything_else_is_a_fault_or_nothing(content: bytes) -> None:
    file = read_coda(content, "a.cod")

    assert not file.statements
    assert bool(file.faults) == bool(content.strip())


def test_details_are_not_counted_twice() -> None:
    content = coda()
    movement = next(line for line in content.split(b"\r\n") if line.startswith(b"21"))
    detail = movement[:53] + b"5" + movement[54:]
    more = content.replace(movement, movement + b"\r\n" + detail)

    assert faults(more) == [(len(more.split(b"\r\n")) - 1, False)]  # only the number of records


def test_extension_and_currency_make_chains_of_their_own() -> None:
    content = coda()
    sub_account = content.replace(f"{IBAN:34}EUR".encode(), f"{IBAN:31}ABCEUR".encode())
    dollars = content.replace(f"{IBAN:34}EUR".encode(), f"{IBAN:34}USD".encode())

    found = check_files([read_coda(one, f"{at}.cod") for at, one in enumerate([content, sub_account, dollars])], TODAY)

    assert [(one.account, one.currency, one.troubles) for one in found.accounts] == [
        (IBAN, "EUR", ()),
        (IBAN, "USD", ()),
        (f"{IBAN} ABC", "EUR", ()),
    ]


def test_copy_that_the_bank_marks_is_no_new_statement() -> None:
    copy = changed(coda(), b"0", 17, b"D")

    assert not links_by_account([read_coda(copy, "copy.cod")])[IBAN, "EUR"]


def test_missing_file_is_a_gap_with_its_amount() -> None:
    first, second, third = statements(3)
    files = [read_coda(one.as_coda(), f"{one.day}.cod") for one in (first, third)]

    (account,) = check_files(files, TODAY).accounts
    (trouble,) = account.troubles

    assert trouble.place is not None
    assert (trouble.place.breach, trouble.place.missing) == (Breach.GAP, sum(one.amount for one in second.movements))


def test_folder_is_read_with_those_below_it_and_other_files_are_left(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "a.COD").write_bytes(coda())
    (tmp_path / "b.coda").write_bytes(coda())
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")

    assert [Path(file.name).name for file in read_folder(tmp_path)] == ["a.COD", "b.coda"]


def test_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.FileRefused):
        read_folder(tmp_path / "nowhere")


@given(st.binary(max_size=2000) | st.binary(max_size=40).map(lambda noise: coda()[:300] + noise + coda()[300 + len(noise) :]))
def test_no_content_makes_the_reader_stumble(content: bytes) -> None:
    assert isinstance(read_coda(content, "a.cod"), CodaFile)
