"""CODA files as typed values: whose account, which balances, and whether each statement adds up. Layout: Febelfin's standard 2.6.

Only what continuity needs is read. The libraries that parse CODA were weighed: they read more, and stop at the first thing that is odd,
without saying where; a file that is odd is just what has to be shown here, with its line. In the tests, one of them judges this reader.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from codalink.errors import FileRefused
from codalink.errors.statements import CodaFaulty, CodaOdd, StatementTrouble
from codalink.office.delivery.continuity import Link
from codalink.office.delivery.statements import FilesCheck, Trouble, check_account

_SUFFIXES = frozenset({".cod", ".coda", ".txt"})
_LARGEST_FILE = 50_000_000
_WIDTH = 128
_COUNTED = frozenset("0123")
"""Types of movement that count for balances; the others are details of these, and would count money twice."""
_FIRST_CENTURY = 80
"""Years from here on are of the last century."""


@dataclass(frozen=True, order=True)
class Chain:
    """Whose statements follow each other: an account with its sub-account (`extension`, mostly blank) and its currency."""

    iban: str
    extension: str
    currency: str


@dataclass(frozen=True)
class Fault:
    """Something in a file that is not as it should be. A hard one breaks its statement; others are worth a look."""

    file: str
    line: int
    what: str
    is_hard: bool = True


@dataclass(frozen=True)
class CodaStatement:
    """One statement of one file. `credit` and `debit` are the sums of its movements; `number` is 0 where the bank gives none."""

    chain: Chain
    file: str
    line: int
    number: int
    opened: date
    closed: date
    old: Decimal
    new: Decimal
    credit: Decimal
    debit: Decimal
    is_duplicate: bool
    """The bank says itself that it is a second copy."""

    @property
    def link(self) -> Link:
        """The statement as a link of its account's chain. Balances with three decimals in the file have two in the world."""
        label = f"{self.file}, line {self.line}"
        cents = [amount.quantize(Decimal("0.01")) for amount in (self.old, self.new, self.credit, self.debit)]
        old, new, credit, debit = cents
        return Link(self.closed, old, new, self.opened, self.number, credit, debit, label)


@dataclass(frozen=True)
class CodaFile:
    """What one file says."""

    name: str
    statements: tuple[CodaStatement, ...]
    faults: tuple[Fault, ...]


def read_coda(content: bytes, name: str) -> CodaFile:
    """Read a whole file. Whatever is wrong with it becomes a fault; a statement whose balances can be read is kept all the same."""
    reader = _Reader(name)
    for number, line in enumerate(content.decode("cp1252", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        text = line.rstrip("\x1a")
        if text.strip():
            reader.take(number, text)
    reader.end()
    return CodaFile(name, tuple(reader.statements), tuple(reader.faults))


class _Misplaced(Exception):
    """What stands at some place of a record can't be what the standard says."""


@dataclass
class _Block:
    """One statement while it is read: records 0, 1, movements, 8, 9."""

    line: int
    is_duplicate: bool = False
    has_old: bool = False
    is_unreadable: bool = False
    chain: Chain = field(default_factory=lambda: Chain("", "", ""))
    account: str = ""
    number: int = 0
    opened: date = date.min
    closed: date = date.min
    old: Decimal = Decimal(0)
    new: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    debit: Decimal = Decimal(0)
    records: int = 0


class _Reader:
    """Takes a file line by line. Each record has its method, found by the record's first character."""

    def __init__(self, name: str) -> None:
        self.statements: list[CodaStatement] = []
        self.faults: list[Fault] = []
        self._name = name
        self._block: _Block | None = None
        self._records = {"0": self._header, "1": self._old_balance, "2": self._movement, "3": self._counted, "4": self._free}
        self._records |= {"8": self._new_balance, "9": self._trailer}

    def take(self, number: int, text: str) -> None:
        if len(text) != _WIDTH and len(text.rstrip()) > _WIDTH:
            self._doubt(number, f"the line has {len(text)} characters instead of {_WIDTH}")
        record = self._records.get(text[0])
        if record is None:
            self._fault(number, f"there is no record {text[0]!r} in CODA")
            return
        try:
            record(number, text.ljust(_WIDTH))
        except _Misplaced as error:
            self._fault(number, str(error))
            if self._block is not None:
                self._block.is_unreadable = True

    def end(self) -> None:
        if self._block is not None:
            self._fault(self._block.line, "the statement that begins here has no end (record 9)")
            self._block = None

    # one method a record

    def _header(self, number: int, line: str) -> None:
        self.end()
        self._block = _Block(number, is_duplicate=line[16] == "D")
        if line[127] != "2":
            self._doubt(number, f"version {line[127]!r} of CODA, instead of 2")

    def _old_balance(self, number: int, line: str) -> None:
        block = self._open(number)
        block.records += 1
        block.account = line[5:42]
        block.chain = _chain(line[1], block.account)
        block.number = _number(line[2:5])
        block.old = block.new = _signed(line[42], line[43:58])
        block.opened = block.closed = _day(line[58:64])
        block.has_old = True

    def _movement(self, number: int, line: str) -> None:
        block = self._open(number)
        block.records += 1
        if line[1] == "1" and line[53] in _COUNTED:
            amount = _signed(line[31], line[32:47])
            block.credit += max(amount, Decimal(0))
            block.debit -= min(amount, Decimal(0))

    def _counted(self, number: int, line: str) -> None:
        del line
        self._open(number).records += 1

    def _free(self, number: int, line: str) -> None:
        """A message of the bank; it belongs to no statement, and may stand after the last one."""

    def _new_balance(self, number: int, line: str) -> None:
        block = self._open(number)
        block.records += 1
        block.new, block.closed = _signed(line[41], line[42:57]), _day(line[57:63])
        if line[4:41] != block.account:
            self._fault(number, "the new balance is of another account than the old one")
        if _number(line[1:4]) != block.number:
            self._doubt(number, f"the statement's number is {line[1:4]} here, and {block.number:03} at its beginning")

    def _trailer(self, number: int, line: str) -> None:
        block = self._open(number)
        told = (_amount(line[37:52]), _amount(line[22:37]))
        if told != (block.credit, block.debit):
            sums = f"{_plain(block.credit)} in and {_plain(block.debit)} out"
            self._fault(number, f"the totals are {_plain(told[0])} in and {_plain(told[1])} out, and the movements add up to {sums}")
        if block.old + block.credit - block.debit != block.new:
            sums = " ".join((_plain(block.old), "+", _plain(block.credit), "-", _plain(block.debit)))
            self._fault(number, f"{sums} is not the new balance {_plain(block.new)}")
        if _number(line[16:22]) != block.records:
            self._doubt(number, f"{_number(line[16:22])} records are announced, and {block.records} are there")
        self._close(block)

    # the statement at hand

    def _open(self, number: int) -> _Block:
        if self._block is None:
            self._block = _Block(number, is_unreadable=True)
            raise _Misplaced("a statement begins with record 0, and this is another one")
        return self._block

    def _close(self, block: _Block) -> None:
        self._block = None
        if not block.has_old:
            self._fault(block.line, "the statement that begins here has no old balance (record 1)")
        elif not block.is_unreadable:
            self.statements.append(
                CodaStatement(
                    chain=block.chain,
                    file=self._name,
                    line=block.line,
                    number=block.number,
                    opened=block.opened,
                    closed=block.closed,
                    old=block.old,
                    new=block.new,
                    credit=block.credit,
                    debit=block.debit,
                    is_duplicate=block.is_duplicate,
                )
            )

    def _fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(self._name, line, what))

    def _doubt(self, line: int, what: str) -> None:
        self.faults.append(Fault(self._name, line, what, is_hard=False))


# --- folders -------------------------------------------------------------------------------------------------------------------------


def read_folder(folder: Path) -> list[CodaFile]:
    """All CODA files in a folder and those below it, in the order of their names. Raises FileRefused."""
    if not folder.is_dir():
        raise FileRefused(f"{folder} is not a folder.", remedy="Name the folder that has the CODA files.")
    try:
        return [_read_file(path, folder) for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES and path.is_file()]
    except OSError as error:
        raise FileRefused(f"{error.filename or folder} can't be read: {error.strerror or error}.") from error


def _read_file(path: Path, folder: Path) -> CodaFile:
    name = str(path.relative_to(folder))
    if path.stat().st_size > _LARGEST_FILE:
        return CodaFile(name, (), (Fault(name, 1, "the file is too large for a CODA file"),))
    return read_coda(path.read_bytes(), name)


def check_files(files: Sequence[CodaFile], today: date) -> FilesCheck:
    """Whether the files' statements follow each other, account by account, and what is wrong inside of them."""
    accounts = tuple(
        check_account(" ".join(filter(None, (chain.iban, chain.extension))), chain.currency, [one.link for one in statements], today, None)
        for chain, statements in sorted(_by_chain(files).items())
    )
    faults = (fault for file in files for fault in file.faults)
    return FilesCheck(accounts, tuple(Trouble(_error(fault)) for fault in faults))


def _error(fault: Fault) -> StatementTrouble:
    cause = f"{fault.file}, line {fault.line}: {fault.what}."
    return CodaFaulty(cause) if fault.is_hard else CodaOdd(cause)


def links_by_account(files: Sequence[CodaFile]) -> dict[tuple[str, str], list[Link]]:
    """What the files say, by IBAN and currency, as Odoo's journals know it; copies that the bank marks as such are left out."""
    found: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for chain, statements in _by_chain(files).items():
        found[chain.iban, chain.currency] += [one.link for one in statements if not one.is_duplicate]
    return found


def _by_chain(files: Sequence[CodaFile]) -> dict[Chain, list[CodaStatement]]:
    found: dict[Chain, list[CodaStatement]] = defaultdict(list)
    for file in files:
        for statement in file.statements:
            found[statement.chain].append(statement)
    return found


# --- fields --------------------------------------------------------------------------------------------------------------------------


def _chain(structure: str, account: str) -> Chain:
    match structure:
        case "0":
            return Chain(account[:12].strip(), "", account[13:16])
        case "2":
            return Chain(account[:31].strip(), account[31:34].strip(), account[34:37])
        case "1" | "3":
            return Chain(account[:34].strip(), "", account[34:37])
        case _:
            raise _Misplaced(f"{structure!r} is no structure of an account number")


def _number(text: str) -> int:
    """A number of statements or records; 0 where there is none, as in historical files."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _amount(text: str) -> Decimal:
    if not (text.isascii() and text.isdigit()):
        raise _Misplaced(f"{text!r} is no amount")
    return Decimal(text).scaleb(-3)


def _signed(sign: str, text: str) -> Decimal:
    if sign not in {"0", "1"}:
        raise _Misplaced(f"{sign!r} is no sign of an amount")
    return -_amount(text) if sign == "1" else _amount(text)


def _plain(amount: Decimal) -> str:
    """In two decimals, where the third says nothing."""
    cents = amount.quantize(Decimal("0.01"))
    return str(cents if cents == amount else amount)


def _day(text: str) -> date:
    """DDMMYY."""
    try:
        year = int(text[4:6])
        return date(year + (1900 if year >= _FIRST_CENTURY else 2000), int(text[2:4]), int(text[:2]))
    except ValueError as error:
        raise _Misplaced(f"{text!r} is no date") from error
