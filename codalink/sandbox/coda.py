"""CODA files of made-up accounts: fixed-width text after Febelfin's standard 2.6, and the PDF that goes with it."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

_EVE = date(2026, 1, 4)


@dataclass(frozen=True, slots=True)
class CodaStatement:
    """One day of one account. Positive movements are money received."""

    iban: str
    holder: str
    company_vat: str
    number: int
    day: date
    old_day: date
    balance_start: Decimal
    movements: tuple[tuple[str, Decimal], ...]
    prefix: str = "SIM"

    @property
    def balance_end(self) -> Decimal:
        """The balance after the day's movements."""
        return self.balance_start + sum((amount for _, amount in self.movements), Decimal(0))

    @property
    def name(self) -> str:
        """The statement's name in Odoo, such as ``2026/001``."""
        return f"{self.day.year}/{self.number:03d}"

    def as_coda(self) -> bytes:
        """Write the file, windows-1252, lines of 128 characters ended by CR LF."""
        lines = [self._header(), self._old_balance()]
        lines += [self._movement(index, *movement) for index, movement in enumerate(self.movements, 1)]
        lines += [self._new_balance(), self._trailer()]
        return "".join(f"{line:128.128}\r\n" for line in lines).encode("cp1252", "replace")

    def as_pdf(self) -> bytes:
        """Write a one-page PDF that names the account and the day."""
        stream = f"BT /F1 12 Tf 40 780 Td (Statement {self.iban} {self.day}) Tj ET"
        return _pdf(stream.encode("ascii"))

    @property
    def _account(self) -> str:
        return f"{self.iban:34}EUR"

    def _header(self) -> str:
        day, vat = f"{self.day:%d%m%y}", self.company_vat
        reference = f"{self.prefix}{self.number:07d}"
        head = f"00000{day}{self.iban[4:7]}05".ljust(24)
        return f"{head}{reference}{self.holder:26.26}{self.prefix + 'XBEBB':11}0{vat} 00000".ljust(127) + "2"

    def _old_balance(self) -> str:
        balance = _signed(self.balance_start)
        text = f"12{self.number:03d}{self._account}{balance}{self.old_day:%d%m%y}{self.holder:26.26}"
        return f"{text}{'CURRENT ACCOUNT':35}{self.number:03d}"

    def _movement(self, index: int, text: str, amount: Decimal) -> str:
        day = f"{self.day:%d%m%y}"
        reference = f"{self.prefix}{day}{index:04d}"
        moved = f"21{index:04d}0000{reference:21}{_signed(amount)}{day}001500000"
        return f"{moved}{text:53.53}{day}{self.number:03d}00 0"

    def _new_balance(self) -> str:
        text = f"8{self.number:03d}{self._account}{_signed(self.balance_end)}{self.day:%d%m%y}"
        return text.ljust(127) + "0"

    def _trailer(self) -> str:
        debit = sum((-amount for _, amount in self.movements if amount < 0), Decimal(0))
        credit = sum((amount for _, amount in self.movements if amount > 0), Decimal(0))
        records = len(self.movements) + 2
        return f"9{'':15}{records:06d}{_milli(debit)}{_milli(credit)}".ljust(127) + "2"


@dataclass(slots=True)
class BankAccount:
    """An account with an active mandate, and the statements that wait to be fetched."""

    iban: str
    holder: str
    company_vat: str
    balance: Decimal = Decimal(10000)
    number: int = 0
    last_day: date = _EVE
    waiting: list[CodaStatement] = field(default_factory=list)

    def pass_days(self, days: int) -> None:
        """Let some days go by, each with three movements; always the same ones for the same account and day."""
        for _ in range(days):
            day = self.last_day + timedelta(days=1)
            chance = random.Random(f"{self.iban}{day}")  # noqa: S311 - made-up amounts, repeatable
            amounts = [Decimal(chance.randint(-200_000, 300_000)) / 100 for _ in range(3)]
            self.add_day(tuple((f"PAYMENT {day} {index}", amount) for index, amount in enumerate(amounts, 1)))

    def add_day(self, movements: tuple[tuple[str, Decimal], ...], prefix: str = "SIM") -> CodaStatement:
        """Let one day go by with these movements; the balance chains to the day before."""
        day = self.last_day + timedelta(days=1)
        self.number += 1
        statement = CodaStatement(
            self.iban, self.holder, self.company_vat, self.number, day, self.last_day, self.balance, movements, prefix
        )
        self.balance, self.last_day = statement.balance_end, day
        self.waiting.append(statement)
        return statement

    def take(self) -> list[CodaStatement]:
        """Hand over what waits."""
        taken, self.waiting = self.waiting, []
        return taken


def _milli(amount: Decimal) -> str:
    return f"{int(amount * 1000):015d}"


def _signed(amount: Decimal) -> str:
    return f"{int(amount < 0)}{_milli(abs(amount))}"


def _pdf(stream: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + (b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(body)))
