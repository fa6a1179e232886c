"""Finding out what somebody asks about: a name, an error's code, or a text pasted from Odoo or codalink. No calls, no configuration."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache

from codalink.errors import CodalinkError, Turn, catalogue
from codalink.office.advice import situations
from codalink.office.advice.states import STATES
from codalink.office.advice.topic import Topic, TopicKind, of_error

_CLOSEST = 3
_CLOSE_ENOUGH = 0.5
"""From 0 to 1, as difflib measures."""


class Match(Enum):
    """How sure it is that a topic is meant; the value is its name for machines."""

    KNOWN = "known"
    GUESS = "guess"
    """From words of a Dutch or French text."""
    CLOSE = "close"
    """Nothing fits; these are the most alike."""


@dataclass(frozen=True)
class Explanation:
    """What was asked, and the topics that fit: several where the name or text is ambiguous; maybe none where nothing is close."""

    asked: str
    match: Match
    topics: tuple[Topic, ...]


UNKNOWN = Topic(
    TopicKind.ERROR,
    "Unknown",
    "unknown text",
    "codalink doesn't know this text. It is shown as it is.",
    Turn.OFFICE,
    (
        "Do the same on Odoo's screen, with the user's language set to English: it often tells more, and codalink knows the English texts.",
        "See whether something stands in the way: `codalink check --company COMPANY`.",
        (
            "If it is a text of Odoo, ask whoever looks after the Odoo server, or Odoo's support. If it is about mandates, consent or "
            "missing files, ask CodaBox's helpdesk. Tell them the text, the database, the company's VAT number, and the time."
        ),
    ),
    "codalink check --company COMPANY",
)
"""What to do about a text that nothing is known about."""


@cache
def topics() -> tuple[Topic, ...]:
    """Everything that can be explained: situations, states, errors."""
    return (*(advice.topic for advice in situations.advices()), *STATES, *(of_error(kind) for kind in catalogue.kinds()))


def explain(text: str) -> Explanation:
    """What `text` is about: looked for among names first, then among known wordings, then by guessing."""
    ways: tuple[tuple[Match, Callable[[str], Iterable[Topic]]], ...] = (
        (Match.KNOWN, _called),
        (Match.KNOWN, _named),
        (Match.KNOWN, _worded),
        (Match.GUESS, _guessed),
        (Match.CLOSE, _closest),
    )
    for match, look in ways:
        if found := _distinct(look(text)):
            return Explanation(text, match, found)
    return Explanation(text, Match.CLOSE, ())


def _distinct(found: Iterable[Topic]) -> tuple[Topic, ...]:
    """Each topic once; errors that mean the same and ask for the same count as one."""
    distinct: dict[tuple[str, str], Topic] = {}
    for topic in found:
        distinct.setdefault((topic.group if topic.kind is TopicKind.STATE else "", topic.meaning), topic)
    return tuple(distinct.values())


# --- names ---------------------------------------------------------------------------------------------------------------------------


def _called(text: str) -> Iterable[Topic]:
    """The topic of just this path: an error's code, or a group and a name."""
    wanted = text.strip(" \"'`").casefold()
    return [topic for topic in topics() if topic.path.casefold() == wanted]


def _named(text: str) -> Iterable[Topic]:
    """Topics of this name or code; with or without its group before or after it."""
    wanted = _plain(text)
    return [topic for topic in topics() if wanted in _names(topic)]


def _names(topic: Topic) -> set[str]:
    name, group = _plain(topic.name), _plain(topic.group)
    return {name, f"{group} {name}", f"{name} {group}"}


def _plain(text: str) -> str:
    """Words only, in small letters."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


# --- pasted texts --------------------------------------------------------------------------------------------------------------------

_EXCEPTION = re.compile(r"^[\w.]*(?:Error|Exception|Denied|Warning|Gone)\b:?\s+")
"""What stands before the text in a traceback, and as the title of Odoo's dialogs."""


def _worded(text: str) -> Iterable[Topic]:
    """Errors whose wording stands in the text, by Odoo or by codalink."""
    pieces = _pieces(text)
    fixed = " ".join(pieces[0].casefold().split())
    for kind in catalogue.kinds():
        patterns = (*catalogue.own(kind, "wordings"), *catalogue.own(kind, "other_wordings"))
        if _stands_in(patterns, pieces) or kind.default_cause.casefold().rstrip(".") in fixed:
            yield of_error(kind)


def _guessed(text: str) -> Iterable[Topic]:
    """Errors whose Dutch or French words stand in the text."""
    pieces = _pieces(text)
    return [of_error(kind) for kind in catalogue.kinds() if _stands_in(catalogue.own(kind, "guesses"), pieces)]


def _stands_in(patterns: Iterable[str], pieces: Iterable[str]) -> bool:
    return any(re.search(pattern, piece, re.IGNORECASE) for pattern in patterns for piece in pieces)


_STRAIGHT = str.maketrans(dict.fromkeys("\u2018\u2019", "'") | dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"') | {"\u00a0": " "})
"""Quotation marks as a keyboard has them."""


def _pieces(text: str) -> list[str]:
    """The text in one line, as a terminal may have broken it, and line by line, as a traceback stands; without quotes around it."""
    straight = text.translate(_STRAIGHT)
    lines = [" ".join(straight.split()), *(" ".join(line.split()) for line in straight.splitlines())]
    bare = [line.strip("\"'` ") for line in lines]
    return list(dict.fromkeys([*bare, *(_EXCEPTION.sub("", line).strip("\"'` ") for line in bare)]))


# --- nothing fits --------------------------------------------------------------------------------------------------------------------


def _closest(text: str) -> Iterable[Topic]:
    """The topics whose name or wording is most like the text, the closest first."""
    known = _known_texts()
    found = difflib.get_close_matches(_plain(text)[:_LONGEST], known, n=_CLOSEST * 2, cutoff=_CLOSE_ENOUGH)
    return list(dict.fromkeys(topic for one in found for topic in known[one]))[:_CLOSEST]


_LONGEST = 300
"""Characters of a pasted text that are compared: difflib's time grows with the square."""


@cache
def _known_texts() -> dict[str, tuple[Topic, ...]]:
    """Every name and wording, each with its topics."""
    found: dict[str, tuple[Topic, ...]] = {}
    for topic in topics():
        for text in (topic.name, topic.path, topic.meaning, *topic.seen):
            key = _plain(text)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), topic)))
    return found


def error_topic(error: CodalinkError) -> Topic:
    """The page of an error that has happened, with its own words: what it says of this very case goes before the catalogue's."""
    page = of_error(type(error))
    steps = type(error).steps or (error.remedy,)
    return Topic(page.kind, page.group, page.name, error.cause, page.turn, steps, page.next_command, page.seen)
