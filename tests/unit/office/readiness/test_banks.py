"""The bank behind an account number, and the step that it asks for."""

import pytest

from codalink.office.readiness.banks import Bank, SpecialStep, bank_of


@pytest.mark.parametrize(
    ("iban", "bank"),
    [
        ("BE41 7340 0000 0110", Bank("KBC", SpecialStep.LINK_SOFTWARE)),
        ("BE66192000000143", Bank("CBC", SpecialStep.LINK_SOFTWARE)),
        ("BE48063100791927", Bank("Belfius", SpecialStep.SIGN_DIGITALLY)),
        ("be88 3630 0000 0141", Bank("ING", SpecialStep.MATCH_DATA)),
        ("BE80001000000177", Bank("BNP Paribas Fortis")),
    ],
    ids=["kbc", "cbc", "belfius", "ing in small letters", "no special step"],
)
def test_bank_is_found_by_the_account_s_number(iban: str, bank: Bank) -> None:
    assert bank_of(iban) == bank


@pytest.mark.parametrize(
    "iban",
    ["", "BE", "BE48063100791928", "NL91ABNA0417164300", "LU280019400644750000", "BE71 no number"],
    ids=["empty", "too short", "wrong check digits", "Dutch", "Luxembourgish", "text"],
)
def test_what_is_no_belgian_account_has_no_bank(iban: str) -> None:
    assert bank_of(iban) is None
