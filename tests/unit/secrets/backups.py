"""A backup to work on, quick to make: what the tests of this folder share."""

import hashlib
from datetime import date

from codalink.secrets.backup import Cost, Label, SealedPasswords, seal
from codalink.secrets.masked import Secret
from tests.unit.fakes import OFFICE_PASSWORD, OFFICE_VAT

DAY = date(2026, 5, 19)
LABEL = Label(OFFICE_VAT, "Kantoor Testmans & Zoë", DAY)
PASSWORDS = SealedPasswords(Secret(OFFICE_PASSWORD))
PASSPHRASE = Secret("batterij paard nietje juist")
CHEAP = Cost(1 << 14)
"""The least that is taken, so that tests are quick."""


def sealed_text(passwords: SealedPasswords = PASSWORDS, passphrase: Secret = PASSPHRASE, label: Label = LABEL) -> str:
    return seal(label, passwords, passphrase, CHEAP)


def with_right_digest(text: str) -> bytes:
    """The text with its digest made anew, as somebody does who changes it on purpose."""
    body = " ".join(text[: text.rindex("digest:")].split())
    return f"{body}\ndigest: {hashlib.sha256(body.encode()).hexdigest()}\n".encode()
