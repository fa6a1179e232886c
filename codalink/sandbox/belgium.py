"""Belgian numbers: enterprise (VAT) numbers and IBANs, made and checked. Only the sandbox's own copy of the rules."""

from collections.abc import Iterator


def digits(text: object) -> str:
    """Keep only the digits of a number as Odoo stores it (`BE0403.019.261`); False and None give ``""``."""
    return "".join(character for character in str(text) if character.isdigit()) if text else ""


def vat_number(first_eight: int) -> str:
    """Complete eight digits to a valid enterprise number, ten digits: the last two are 97 - (first eight mod 97)."""
    return f"{first_eight:08d}{97 - first_eight % 97:02d}"


def is_valid_vat(number: str) -> bool:
    """Say whether ten digits are a well-formed enterprise number."""
    return len(number) == 10 and number[0] in "01" and number == vat_number(int(number[:8]))


def vat_numbers(first: int = 4_012_345) -> Iterator[str]:
    """Yield valid enterprise numbers that look scattered, always the same ones for the same start."""
    number = first
    while True:
        yield vat_number(number)
        number += 719


def iban(bank_code: int, account: int) -> str:
    """Make a valid Belgian IBAN, without spaces, from a three-digit bank code and a seven-digit account number."""
    base = f"{bank_code:03d}{account:07d}"
    number = base + f"{int(base) % 97 or 97:02d}"
    check = 98 - int(f"{number}111400") % 97  # "BE00" in digits, moved to the end
    return f"BE{check:02d}{number}"


def is_valid_iban(account: str) -> bool:
    """Say whether this is a well-formed Belgian IBAN, without spaces."""
    return account.startswith("BE") and len(account) == 16 and account[2:].isdecimal() and int(f"{account[4:]}1114{account[2:4]}") % 97 == 1


def spaced(account: str) -> str:
    """Write an IBAN in groups of four, as Odoo shows it."""
    return " ".join(account[start : start + 4] for start in range(0, len(account), 4))
