"""CODA files of made-up accounts: fixed-width text after Febelfin's standard 2.6, and the PDF that goes with it."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from codalink.sandbox.numbering import Numbering
from codalink.sandbox.pdf import one_page

_EVE = date(2026, 1, 4)
_DETAILS = {0: 0, 1: 5, 2: 6, 3: 8}
"""The type of a total's details, by its own type."""
_TOTAL_IN_TOTAL, _DETAIL_OF_IT = 7, 9


class Movement(NamedTuple):
    """A movement; a positive one is money received. A globalised one (type 1, 2 or 3) has details, which add up to it."""

    text: str
    amount: Decimal
    type: int = 0
    details: "tuple[Movement, ...]" = ()


def globalised(text: str, details: Sequence[Movement], kind: int = 1) -> Movement:
    """Make the total of these movements, by the customer (1) or by the bank (2, 3). In type 2, a detail may be a total again."""
    return Movement(text, sum((one.amount for one in details), Decimal(0)), kind, tuple(details))


@dataclass(frozen=True, slots=True)
class CodaStatement:
    """One day of one account, in one currency. A blank `extension` is the account itself, another one a sub-account of it."""

    iban: str
    holder: str
    company_vat: str
    number: int
    day: date
    old_day: date
    balance_start: Decimal
    movements: tuple[Movement, ...]
    prefix: str = "SIM"
    extension: str = ""
    currency: str = "EUR"
    structure: int = 2
    """How the file writes the account: 0 a Belgian account number, 1 a foreign one, 2 a Belgian IBAN, 3 a foreign one."""
    slip: Decimal = Decimal(0)
    """By how much the new balance is wrong."""
    is_copy: bool = False
    """Whether the bank marks it as a second copy."""

    @property
    def balance_end(self) -> Decimal:
        """The balance after the day's movements."""
        return self.balance_start + sum((one.amount for one in self.movements), Decimal(0)) + self.slip

    @property
    def name(self) -> str:
        """The statement's name in Odoo, such as ``2026/001``."""
        return f"{self.day.year}/{self.number:03d}"

    def as_coda(self) -> bytes:
        """Write the file, windows-1252, lines of 128 characters ended by CR LF."""
        return coda_file([self])

    def as_pdf(self) -> bytes:
        """Write a one-page PDF that names the account and the day."""
        return one_page(f"Statement {self.iban} {self.day}")

    def lines(self, *, is_last: bool) -> Iterator[str]:
        """Give the records, untrimmed; `is_last` where no other statement follows in the file."""
        yield self._header()
        yield self._old_balance()
        moved = [line for index, movement in enumerate(self.movements, 1) for line in self._movement(index, movement)]
        yield from moved
        yield self._new_balance()
        yield self._trailer(len(moved) + 2, is_last=is_last)

    @property
    def _account(self) -> str:
        match self.structure:
            case 0:
                return f"{self.iban.removeprefix('BE')[2:]:13}{self.currency}".ljust(37)
            case 2:
                return f"{self.iban:31}{self.extension:3}{self.currency}"
            case _:
                return f"{self.iban:34}{self.currency}"

    def _header(self) -> str:
        day, vat = f"{self.day:%d%m%y}", self.company_vat
        reference = f"{self.prefix}{self.number:07d}"
        head = f"00000{day}{self.iban[4:7]}05{'D' if self.is_copy else ' '}".ljust(24)
        return f"{head}{reference}{self.holder:26.26}{self.prefix + 'XBEBB':11}0{vat} 00000".ljust(127) + "2"

    def _old_balance(self) -> str:
        balance = _signed(self.balance_start)
        text = f"1{self.structure}{self.number:03d}{self._account}{balance}{self.old_day:%d%m%y}{self.holder:26.26}"
        return f"{text}{'CURRENT ACCOUNT':35}{self.number:03d}"

    def _movement(self, index: int, movement: Movement) -> Iterator[str]:
        for detail, (kind, one) in enumerate(_flattened(movement)):
            day = f"{self.day:%d%m%y}"
            reference = f"{self.prefix}{day}{index:04d}"
            moved = f"21{index:04d}{detail:04d}{reference:21}{_signed(one.amount)}{day}{kind}01500000"
            yield f"{moved}{one.text:53.53}{day}{self.number:03d}00 0"

    def _new_balance(self) -> str:
        text = f"8{self.number:03d}{self._account}{_signed(self.balance_end)}{self.day:%d%m%y}"
        return text.ljust(127) + "0"

    def _trailer(self, records: int, *, is_last: bool) -> str:
        debit = sum((-one.amount for one in self.movements if one.amount < 0), Decimal(0))
        credit = sum((one.amount for one in self.movements if one.amount > 0), Decimal(0))
        return f"9{'':15}{records:06d}{_milli(debit)}{_milli(credit)}".ljust(127) + ("2" if is_last else "1")


def coda_file(statements: Sequence[CodaStatement]) -> bytes:
    """Write several statements into one file, of whatever accounts and currencies."""
    lines = (line for one in statements for line in one.lines(is_last=one is statements[-1]))
    return "".join(f"{line:128.128}\r\n" for line in lines).encode("cp1252", "replace")


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
    numbering: Numbering = Numbering.YEARLY
    extension: str = ""
    currency: str = "EUR"
    structure: int = 2

    def pass_days(self, days: int) -> None:
        """Let some days go by, each with three movements; always the same ones for the same account and day."""
        for _ in range(days):
            day = self.last_day + timedelta(days=1)
            chance = random.Random(f"{self.iban}{day}")  # noqa: S311 - made-up amounts, repeatable
            amounts = [Decimal(chance.randint(-200_000, 300_000)) / 100 for _ in range(3)]
            self.add_day((f"PAYMENT {day} {index}", amount) for index, amount in enumerate(amounts, 1))

    def add_day(self, movements: Iterable[tuple[str, Decimal] | Movement], prefix: str = "SIM", *, after: int = 1) -> CodaStatement:
        """Let so many days go by, the last one with these movements, if any; the balance chains to the statement before."""
        day = self.last_day + timedelta(days=after)
        self.number = self.numbering.after(self.number, self.last_day, day)
        statement = CodaStatement(
            iban=self.iban,
            holder=self.holder,
            company_vat=self.company_vat,
            number=self.number,
            day=day,
            old_day=self.last_day,
            balance_start=self.balance,
            movements=tuple(Movement(*one) for one in movements),
            prefix=prefix,
            extension=self.extension,
            currency=self.currency,
            structure=self.structure,
        )
        self.balance, self.last_day = statement.balance_end, day
        self.waiting.append(statement)
        return statement

    def take(self) -> list[CodaStatement]:
        """Hand over what waits."""
        taken, self.waiting = self.waiting, []
        return taken


def _flattened(movement: Movement) -> Iterator[tuple[int, Movement]]:
    """Give the movement and its details with their types, in the order of the file."""
    yield movement.type, movement
    for one in movement.details:
        if one.details:
            yield _TOTAL_IN_TOTAL, one
            yield from ((_DETAIL_OF_IT, inner) for inner in one.details)
        else:
            yield _DETAILS[movement.type], one


def _milli(amount: Decimal) -> str:
    return f"{int(amount * 1000):015d}"


def _signed(amount: Decimal) -> str:
    return f"{int(amount < 0)}{_milli(abs(amount))}"
