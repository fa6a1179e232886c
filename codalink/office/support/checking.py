"""The second line of defence: a finished pack is searched for everything that isn't codalink's own word, and for every known name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from codalink.errors import PackNotClean
from codalink.office.support.pack import Part

_WORD = re.compile(r"\w+")
_STAND_IN = re.compile(rf"(?<!\w)(?:{'|'.join(part.value for part in Part)})-[0-9]{{1,6}}(?!\w)")
_NUMBER = re.compile(r"[0-9]{1,7}")
"""Counts, durations and parts of dates. A VAT number is longer."""
_NUMBER_OF_SOMEBODY = re.compile(r"(?<!\w)(?:[a-z]{2} ?)?[01]?[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}(?!\w)")


@dataclass(frozen=True)
class Suspect:
    """A line of a file in the pack in which something stands that has no business there; what it is isn't said."""

    file: str
    line: int


def refuse_unclean(files: Mapping[str, str], specimen: Mapping[str, str], names: Iterable[str]) -> None:
    """Let the files pass only if they hold nothing but words of the specimen's, stand-ins and short numbers, and none of the names.

    Raises PackNotClean, which says where and not what.
    """
    suspect = next(_suspects(files, specimen, names), None)
    if suspect is not None:
        raise PackNotClean(f"The support pack was not written: line {suspect.line} of its {suspect.file} could tell who somebody is.")


def _suspects(files: Mapping[str, str], specimen: Mapping[str, str], names: Iterable[str]) -> Iterator[Suspect]:
    own_text = "\n".join(map(_plain, specimen.values()))
    own_words = frozenset(_WORD.findall(own_text))
    lines = {Suspect(file, number): _plain(line) for file, text in files.items() for number, line in enumerate(text.splitlines(), start=1)}
    telling = _found_in("\n".join(lines.values()), {_plain(name) for name in names}, own_text)
    for where, line in lines.items():
        left = _STAND_IN.sub(" ", line)
        is_strange = any(word not in own_words and not _NUMBER.fullmatch(word) for word in _WORD.findall(left))
        if is_strange or _NUMBER_OF_SOMEBODY.search(left) or any(name.search(left) for name in telling):
            yield where


def _found_in(text: str, names: Iterable[str], own_text: str) -> list[re.Pattern[str]]:
    """Those of the names, of which there may be thousands, that stand anywhere in the text, and that codalink doesn't write by itself."""
    found = [_literally(name) for name in names if name.strip() and name in text and _is_telling(name)]
    return [name for name in found if not name.search(own_text)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_telling(name: str) -> bool:
    """Whether a name can be told from a count, a date or a pattern's star: it has letters, or many digits."""
    if not re.search(r"\w", name):
        return False
    is_number = re.fullmatch(r"[\d\W_]*\d[\d\W_]*", name) is not None
    return not is_number or sum(character.isdigit() for character in name) > len("1234567")


def _literally(name: str) -> re.Pattern[str]:
    """The name as it is, and not as a part of a longer word."""
    begin = r"(?<!\w)" if re.match(r"\w", name) else ""
    end = r"(?!\w)" if re.search(r"\w\Z", name) else ""
    return re.compile(f"{begin}{re.escape(name)}{end}")
