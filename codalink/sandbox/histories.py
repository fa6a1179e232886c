"""What came in before the sandbox starts: bank journals with statements, whole or damaged on purpose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from codalink.sandbox.belgium import digits
from codalink.sandbox.coda import BankAccount, CodaStatement, Movement, globalised
from codalink.sandbox.codabox_files import import_statement
from codalink.sandbox.environment import Environment
from codalink.sandbox.numbering import Numbering
from codalink.sandbox.users import User

if TYPE_CHECKING:
    from codalink.sandbox.world import CustomerDatabase, World

SYSTEM = User(1, "__system__", "")
"""Odoo's own user, who may do everything."""

_WEEKEND = frozenset({5, 6})
_EMPTY_EVERY, _GLOBALISED_EVERY = 11, 7

Places = list[list[CodaStatement]]
"""A history while it is damaged: what stands in the place of each statement."""


# --- damage: typed values, each naming a statement by its position in the whole history, 0 being the first --------------------------------


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many statements are missing from here on."""

    position: int
    count: int = 1

    def harm(self, places: Places) -> None:
        """Take them out."""
        places[self.position : self.position + self.count] = [[]] * self.count


@dataclass(frozen=True, slots=True)
class Doubled:
    """A statement is there twice; with `is_marked`, the bank says so in the second copy."""

    position: int
    is_marked: bool = False

    def harm(self, places: Places) -> None:
        """Put a copy behind it."""
        places[self.position] = [*places[self.position], *(replace(one, is_copy=self.is_marked) for one in places[self.position])]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A statement has the days and the number of the next one, and the other way round."""

    position: int

    def harm(self, places: Places) -> None:
        """Exchange what tells their order."""
        (first,), (second,) = places[self.position : self.position + 2]
        places[self.position] = [replace(first, day=second.day, old_day=second.old_day, number=second.number)]
        places[self.position + 1] = [replace(second, day=first.day, old_day=first.old_day, number=first.number)]


@dataclass(frozen=True, slots=True)
class Altered:
    """A statement's new balance is wrong by so much."""

    position: int
    by: Decimal

    def harm(self, places: Places) -> None:
        """Let it slip."""
        places[self.position] = [replace(one, slip=self.by) for one in places[self.position]]


@dataclass(frozen=True, slots=True)
class Overlapping:
    """A statement begins so many days too early. Odoo keeps no such date; only files can show it."""

    position: int
    days: int

    def harm(self, places: Places) -> None:
        """Move its beginning."""
        places[self.position] = [replace(one, old_day=one.old_day - timedelta(days=self.days)) for one in places[self.position]]


Damage = LeftOut | Doubled | Exchanged | Altered | Overlapping


def damaged(statements: Iterable[CodaStatement], *damages: Damage) -> list[CodaStatement]:
    """Give a history with these damages done to it, one after the other."""
    places: Places = [[one] for one in statements]
    for damage in damages:
        damage.harm(places)
    return [one for place in places for one in place]


# --- histories ----------------------------------------------------------------------------------------------------------------------


def working_days(account: BankAccount, count: int) -> list[CodaStatement]:
    """Let an account have so many statements, none at weekends; some without movements, some with globalised ones.

    Always the same amounts, and never the same balance twice but on a day without movements.
    """
    for position in range(count):
        after = 1
        while (account.last_day + timedelta(days=after)).weekday() in _WEEKEND:
            after += 1
        account.add_day(_movements(position), after=after)
    return account.take()


def _movements(position: int) -> tuple[Movement, ...]:
    if position % _EMPTY_EVERY == _EMPTY_EVERY - 1:
        return ()
    received = Movement("INVOICE", Decimal("250.35") + position)
    if position % _GLOBALISED_EVERY:
        return received, Movement("RENT", Decimal("-120.10"))
    wages = [Movement(f"WAGE {index}", Decimal("-40.05") * index) for index in (1, 2, 3)]
    cards = [Movement("CARDS", Decimal("9.00")), Movement("FEE", Decimal("-0.25"))]
    return received, globalised("WAGES", wages), globalised("TERMINAL", cards, kind=2), globalised("COUNTER", cards, kind=3)


def account_of(world: "World", database: "CustomerDatabase", journal_id: int, last_day: date) -> BankAccount:
    """Make the account of a journal at its bank, with nothing on it after this day; files that come later chain to it."""
    journal = Environment(world, database, SYSTEM, {}).browse("account.journal", journal_id)
    company = journal.linked("company_id")[0]
    currency = journal.linked("currency_id")
    iban = "".join(journal.value("bank_acc_number").split())
    account = BankAccount(iban, company.value("name"), digits(company.value("vat")), last_day=last_day)
    account.currency = currency[0].value("name") if currency else "EUR"
    world.proxy.bank_accounts[iban] = account
    return account


def book(world: "World", database: "CustomerDatabase", journal_id: int, statements: Iterable[CodaStatement]) -> list[int]:
    """Put statements into a journal as if CodaBox had brought them, with their lines and original files; answers their ids."""
    journal = Environment(world, database, SYSTEM, {}).browse("account.journal", journal_id)
    return [import_statement(journal, statement) for statement in statements]


def book_bare(database: "CustomerDatabase", journal_id: int, statements: Sequence[CodaStatement]) -> None:
    """The same without lines and files, for half a million statements."""
    owner = {"journal_id": journal_id, "company_id": database.row("account.journal", journal_id)["company_id"]}
    table = database.table("account.bank.statement")
    for one in statements:
        balances = {"balance_start": float(one.balance_start), "balance_end_real": float(one.balance_end)}
        table.insert({"name": one.name, "date": str(one.day), **balances, **owner})


def add_history(
    world: "World",
    database: "CustomerDatabase",
    journal_id: int,
    until: date,
    days: int = 3,
    *damages: Damage,
    numbering: Numbering = Numbering.YEARLY,
) -> list[int]:
    """Give a journal a statement a day, the last one of `until`, as if CodaBox had brought them; answers their ids.

    Files that come later chain to them. Until then nothing waits for the account: let days pass, in ``proxy.bank_accounts[iban]``.
    """
    account = account_of(world, database, journal_id, until - timedelta(days=days))
    account.numbering = numbering
    account.pass_days(days)
    return book(world, database, journal_id, damaged(account.take(), *damages))
