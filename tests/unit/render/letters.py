"""Letters about a company of the demo's office, with an account at every bank that has a step of its own."""

from datetime import date
from decimal import Decimal

from codalink.odoo.codabox.statements import StatementRecord
from codalink.office.advice.letters import Language, Letter, LetterKind, MissingStatements, Party
from codalink.office.model import Vat

OFFICE = Party("Kantoor Demo", Vat("0771234528"), ("info@kantoor-demo.example",), Language.DUTCH)
COMPANY = Party("Bakkerij Kruimel BV", Vat("0401234560"), ("info@bakkerij-kruimel-bv.example",), Language.DUTCH)
CODABOX = Party("CodaBox")
BELFIUS, KBC, CBC, ING, FORTIS = "BE48063100791927", "BE41734000000110", "BE66192000000143", "BE88363000000141", "BE80001000000177"
ACCOUNTS = (BELFIUS, KBC, CBC, ING, FORTIS)


def statement(day: date, start: str, end: str) -> StatementRecord:
    return StatementRecord(1, 1, "2026/41", day, Decimal(start), Decimal(end), ())


MISSING = MissingStatements(
    BELFIUS,
    date(2026, 3, 1),
    date(2026, 3, 6),
    ("41", "42", "43"),
    before=statement(date(2026, 2, 27), "900.00", "12345.60"),
    after=statement(date(2026, 3, 9), "-987.65", "0.00"),
)


def letter(
    kind: LetterKind = LetterKind.MANDATE,
    language: Language = Language.DUTCH,
    *,
    company: Party | None = COMPANY,
    accounts: tuple[str, ...] = ACCOUNTS,
    missing: MissingStatements | None = MISSING,
) -> Letter:
    """A letter as `write_letters` makes it."""
    writer, recipient = OFFICE, company or CODABOX
    if kind is LetterKind.INITIATE:
        writer, recipient = COMPANY, OFFICE
    if kind in {LetterKind.ENVIRONMENT, LetterKind.MISSING}:
        recipient = CODABOX
    is_about_gap = kind is LetterKind.MISSING
    return Letter(kind, language, writer, recipient, OFFICE, company, accounts, missing if is_about_gap else None)
