"""The statements' completeness for people and for machines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from codalink.office.delivery.statements import AccountCheck, FilesCheck, OfficeStatements, Trouble
from codalink.office.model import Company
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Cells, Column, failed, grid, notes, spaced
from codalink.render.machine import Record, company_fields, error_fields, place_fields
from codalink.render.messages import reason, remedy, sentence, several

_WORDS = {
    "statements-missing": ("gap", "gaps"),
    "statement-twice": ("duplicate", "duplicates"),
    "statements-overlap": ("overlap", "overlaps"),
    "statements-disordered": ("out of order", "out of order"),
    "statements-doubtful": ("ambiguous", "ambiguous"),
    "account-silent": ("silent", "silent"),
    "not-booked": ("not in Odoo", "not in Odoo"),
    "booked-otherwise": ("differs from its file", "differ from their files"),
}
"""What a finding is called, and several of a kind."""
_TOLD = 12
"""Findings of one kind and account that are told one by one; of more, only how many there are."""


def table(found: OfficeStatements, files: FilesCheck, width: int, *, only_problems: bool = False) -> RenderableType:
    """A row an account, with what is wrong; below, each finding with its days and amounts, and what to do."""
    rows: list[Cells] = []
    pairs: list[tuple[Text, Text]] = []
    for company, account in _accounts(found, files):
        if account.troubles or not only_problems:
            rows.append(_row(company, account, width))
            pairs += [(_title(company, account), why) for why in _reasons(account.troubles)]
    blanks = [""] * (2 if width >= WIDE else 1)
    rows += [(foreign(row.company.name), *blanks, reason(row.error)) for row in found.companies if row.error is not None]
    rows += [_shortened(cells) for cells in failed(found.failures, width)]
    pairs += [(Text("Files"), why) for why in _reasons(files.faults)]
    columns = (Column("Company"), Column("Account"), Column("Statements"), Column("Findings", grows=True))
    narrow = (Column("Company, account"), Column("Statements"), Column("Findings", grows=True))
    return Group(grid(columns if width >= WIDE else narrow, rows), notes(pairs))


def _shortened(cells: Cells) -> Cells:
    return (cells[0], *cells[2:])


def _accounts(found: OfficeStatements, files: FilesCheck) -> Iterator[tuple[Company | None, AccountCheck]]:
    for row in found.companies:
        yield from ((row.company, account) for account in row.accounts)
    yield from ((None, account) for account in files.accounts)


def _row(company: Company | None, account: AccountCheck, width: int) -> Cells:
    name = foreign(company.name) if company else Text("(files)", style="background")
    number = _number(account)
    period = Text(str(account.count))
    if account.first and account.last:
        period.append(
            f"\n{account.first.isoformat()} to {account.last.isoformat()}" if width < WIDE else f", {account.first} to {account.last}"
        )
    told = findings(account.troubles) if account.count or account.troubles else Text("no statements yet", style="background")
    return (name, number, period, told) if width >= WIDE else (Text.assemble(name, "\n", number), period, told)


def _number(account: AccountCheck) -> Text:
    return Text.assemble(foreign(spaced(account.account)), f" {account.currency}" if account.currency else "", style="background")


def _title(company: Company | None, account: AccountCheck) -> Text:
    return Text.assemble(foreign(company.name) if company else Text("Files"), "  ", foreign(spaced(account.account)))


def _reasons(troubles: Iterable[Trouble]) -> Iterator[Text]:
    """What was found, kind by kind, with what to do said once."""
    alike: dict[tuple[str, str], list[Trouble]] = {}
    for trouble in troubles:
        alike.setdefault((trouble.error.code, trouble.error.remedy), []).append(trouble)
    for some in alike.values():
        told = [sentence(trouble.error.cause) for trouble in some[:_TOLD]]
        if len(some) > _TOLD:
            told.append(Text(f"And {len(some) - _TOLD} more of these: `codalink statements check json` tells all of them."))
        yield Text("\n").join([*told, remedy(some[0].error)])


def findings(troubles: Sequence[Trouble]) -> Text:
    """How many of which kind."""
    if not troubles:
        return Text("complete", style="good")
    often = Counter(trouble.error.code for trouble in troubles)
    hints = {trouble.error.code for trouble in troubles if trouble.is_hint}
    return Text(", ").join(Text(_counted(code, number), style="waiting" if code in hints else "bad") for code, number in often.items())


def _counted(code: str, number: int) -> str:
    one, many = _WORDS.get(code, (code, code))
    return one if number == 1 else f"{number} {many}"


def summary(found: OfficeStatements, files: FilesCheck) -> str:
    """How many accounts are complete, and how many are not."""
    accounts = [account for _, account in _accounts(found, files)]
    broken = sum(not account.is_complete for account in accounts)
    statements = sum(account.count for account in accounts)
    told = f"{several(statements, 'statement')} of {several(len(accounts), 'account')}: {len(accounts) - broken} complete, {broken} not."
    wrong = sum(not fault.is_hint for fault in files.faults)
    odd = len(files.faults) - wrong
    return told + (f" In files: {several(wrong, 'fault')}, {several(odd, 'oddity', 'oddities')}." if files.faults else "")


def records(found: OfficeStatements, files: FilesCheck) -> list[Record]:
    """A row an account with its findings; one for each company and database that could not be read, and one for each fault in a file."""
    rows: list[Record] = [
        {
            **(company_fields(company) if company else place_fields("", "")),
            "source": "odoo" if company else "files",
            "account": account.account,
            "currency": account.currency,
            "statements": account.count,
            "first": account.first.isoformat() if account.first else None,
            "last": account.last.isoformat() if account.last else None,
            "complete": account.is_complete,
            "findings": [_finding(trouble) for trouble in account.troubles],
            **error_fields(None),
        }
        for company, account in _accounts(found, files)
    ]
    unread = [(company_fields(row.company), row.error) for row in found.companies if row.error is not None]
    unread += [(place_fields(failure.where, failure.server), failure.error) for failure in found.failures]
    rows += [{**place, **_NO_ACCOUNT, **error_fields(error)} for place, error in unread]
    rows += [{**place_fields("", ""), **_NO_ACCOUNT, "source": "files", **error_fields(fault.error)} for fault in files.faults]
    return rows


def _finding(trouble: Trouble) -> Record:
    place = trouble.place
    after = place.after if place else None
    before = place.before if place else None
    return {
        "finding": place.breach.value if place else trouble.error.code,
        "hint": trouble.is_hint,
        "from": before.closed.isoformat() if before else None,
        "until": after.closed.isoformat() if after else None,
        "missing": str(place.missing) if place else None,
        "numbers": list(place.numbers) if place and place.numbers else [],
        **error_fields(trouble.error),
    }


_NO_ACCOUNT: Record = {
    "source": "odoo",
    "account": "",
    "currency": "",
    "statements": None,
    "first": None,
    "last": None,
    "complete": None,
    "findings": [],
}
