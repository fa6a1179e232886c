"""Are the statements of one bank account complete? The balance is the proof: each statement begins where the one before it ended.

Statement numbers never prove anything, as every bank has its own habit (facts, section 3); they only help to name what is missing, and to
doubt where equal balances could hide a hole. Pure: statements in, findings out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from itertools import groupby, pairwise

_SEEN_STEPS = 5
"""So many steps of one show that a bank counts statement by statement."""
_LARGEST_SEARCH = 7
"""Statements of one day that are arranged by trying; more are taken as they come."""


@dataclass(frozen=True)
class Link:
    """One statement in the chain of its account. `opened` is None where the source tells only when it was closed, as Odoo does.

    `credit` and `debit` are its totals, None where unknown; `number` is 0 where the bank gives none. `label` says to the user where it is
    from: a file, a statement in Odoo.
    """

    closed: date
    old: Decimal
    new: Decimal
    opened: date | None = None
    number: int = 0
    credit: Decimal | None = None
    debit: Decimal | None = None
    label: str = ""

    @property
    def began(self) -> date:
        """The date of the old balance, as far as known."""
        return self.opened or self.closed

    def repeats(self, other: "Link") -> bool:
        """Whether it tells the same as another one: a second file of the same statement."""
        return (self.opened, self.closed, self.old, self.new, self.credit, self.debit) == (
            *(other.opened, other.closed, other.old, other.new, other.credit, other.debit),
        )


class Breach(Enum):
    """What is wrong between statements; the value is its name for the user."""

    GAP = "gap"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    OUT_OF_ORDER = "out of order"
    AMBIGUOUS = "ambiguous"
    """Balances fit, and the numbers jump: statements whose movements cancel out may be missing."""
    SILENT = "silent"
    """No statement for a long time: a hint, as an account without movements has no files."""


@dataclass(frozen=True)
class Discontinuity:
    """One finding. `before` is the last statement that fits, `after` the one that doesn't; None where there is none.

    `missing` is what the account's balance did in between. `numbers` are the statement numbers that seem to be missing, first and last.
    """

    breach: Breach
    before: Link | None
    after: Link | None
    missing: Decimal = Decimal(0)
    numbers: tuple[int, int] | None = None


def check_chain(links: Iterable[Link], *, today: date | None = None, silent_after: timedelta | None = None) -> list[Discontinuity]:
    """Everything that is wrong with the statements of one account (IBAN, extension and currency), in the order of dates.

    With `today` and `silent_after`, an account without a statement for longer is told too. An empty chain has no findings.
    """
    findings, chain = _walked(_arranged(links))
    findings += _doubts(chain, findings)
    findings.sort(key=lambda one: one.after.closed if one.after else date.max)
    last = chain[-1] if chain else None
    if last is not None and today is not None and silent_after is not None and today - last.closed > silent_after:
        findings.append(Discontinuity(Breach.SILENT, last, None))
    return findings


# --- the order of statements ---------------------------------------------------------------------------------------------------------


def _arranged(links: Iterable[Link]) -> list[Link]:
    """By date; those of the same dates so that their balances follow each other, where that is possible."""
    days = [list(group) for _, group in groupby(sorted(links, key=_by_date), key=lambda link: (link.closed, link.began))]
    arranged: list[Link] = []
    for position, day in enumerate(days):
        following = days[position + 1] if position + 1 < len(days) else []
        start = arranged[-1].new if arranged else None
        arranged += _followed(day, start, {link.old for link in following}) if 1 < len(day) <= _LARGEST_SEARCH else day
    return arranged


def _by_date(link: Link) -> tuple[date, date, int]:
    """The day of the new balance comes first: every source knows it, and a statement that begins too early keeps its place."""
    return link.closed, link.began, link.number


def _followed(day: Sequence[Link], start: Decimal | None, ends: set[Decimal]) -> list[Link]:
    """An order in which balances follow each other from `start` to one of `ends`; as near to that as there is, else as it came."""
    wishes: tuple[tuple[Decimal | None, set[Decimal]], ...] = ((start, ends), (start, set()), (None, ends), (None, set()))
    for begin, finish in wishes:
        if (found := _path(list(day), begin, finish)) is not None:
            return found
    return list(day)


def _path(left: list[Link], start: Decimal | None, ends: set[Decimal]) -> list[Link] | None:
    if not left:
        return [] if not ends or start in ends else None
    for position, link in enumerate(left):
        if start is None or link.old == start:
            rest = _path(left[:position] + left[position + 1 :], link.new, ends)
            if rest is not None:
                return [link, *rest]
    return None


# --- walking along the chain ---------------------------------------------------------------------------------------------------------


def _walked(links: Sequence[Link]) -> tuple[list[Discontinuity], list[Link]]:
    """The findings, and the chain in the order in which it holds together, without the duplicates."""
    findings: list[Discontinuity] = []
    chain: list[Link] = []
    waiting = list(links)
    while waiting:
        link = waiting.pop(0)
        if not chain:
            chain.append(link)
            continue
        before = chain[-1]
        if _is_repeated(link, chain):
            findings.append(Discontinuity(Breach.DUPLICATE, before, link))
            continue
        if link.old != before.new and waiting and _fits_swapped(before, link, waiting):
            findings.append(Discontinuity(Breach.OUT_OF_ORDER, before, link))
            chain += [waiting.pop(0), link]
            continue
        if (breach := _breach(before, link)) is not None:
            findings.append(Discontinuity(breach, before, link, link.old - before.new, _between(before, link)))
        chain.append(link)
    return findings, chain


def _is_repeated(link: Link, chain: Sequence[Link]) -> bool:
    """Whether the chain has this statement already. One that fits where it stands is a repetition only if it moves nothing."""
    is_in_place = link.old == chain[-1].new and link.old != link.new
    same_days = (earlier for earlier in reversed(chain[-_LARGEST_SEARCH:]) if earlier.closed == link.closed)
    return not is_in_place and any(link.repeats(earlier) for earlier in same_days)


def _fits_swapped(before: Link, link: Link, waiting: Sequence[Link]) -> bool:
    """Whether link and the one after it follow each other the other way round, up to what comes then."""
    follower = waiting[0]
    is_closed = len(waiting) == 1 or waiting[1].old == link.new
    return follower.old == before.new and link.old == follower.new and is_closed and follower.new != follower.old


def _breach(before: Link, link: Link) -> Breach | None:
    if link.opened is not None and link.opened < before.closed:
        return Breach.OVERLAP
    return Breach.GAP if link.old != before.new else None


# --- numbers, which are a hint only --------------------------------------------------------------------------------------------------


def _between(before: Link, link: Link) -> tuple[int, int] | None:
    """The numbers that lie between two statements of one year; None where they say nothing."""
    is_counted = before.number and link.number and before.closed.year == link.closed.year
    return (before.number + 1, link.number - 1) if is_counted and link.number > before.number + 1 else None


def _doubts(chain: Sequence[Link], findings: Sequence[Discontinuity]) -> list[Discontinuity]:
    """Where a bank that counts statement by statement jumps although the balances fit."""
    told = {finding.after for finding in findings}
    exchanged = {finding.after for finding in findings if finding.breach is Breach.OUT_OF_ORDER}
    unsure = {link for pair in pairwise(chain) if pair[1] in exchanged for link in pair}
    steps = [
        pair for pair in pairwise(chain) if all(link.number for link in pair) and pair[1] not in told and not unsure.intersection(pair)
    ]
    within = [(before, link) for before, link in steps if before.closed.year == link.closed.year]
    jumps = [(before, link) for before, link in within if link.number != before.number + 1]
    is_counting = len(within) - len(jumps) >= _SEEN_STEPS and all(link.number > before.number for before, link in within)
    if not is_counting or len(jumps) * _SEEN_STEPS > len(within) or all(_is_day_of_year(link) for link in chain):
        return []
    return [Discontinuity(Breach.AMBIGUOUS, before, link, Decimal(0), _between(before, link)) for before, link in jumps]


def _is_day_of_year(link: Link) -> bool:
    """Whether its number is its day's in the year, as at Argenta, where numbers jump over days without a statement."""
    return link.number == link.closed.timetuple().tm_yday
