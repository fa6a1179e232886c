"""Letters from templates: Jinja2 for the text, Babel for dates, numbers and amounts in the language's own form.

A template's first line is `Subject: …`, the rest is the letter. The office's own templates, in a folder of its own, go before those that
ship. Templates can say something of the facts and do nothing else: they run in Jinja2's sandbox, and what stands in Odoo is only ever a
value in them, on one line, harmless to a terminal and to a mail's header.
"""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from stdnum import iban as any_iban

from codalink.errors import TemplateBroken
from codalink.office.advice.letters import Language, Letter, MissingStatements, Party
from codalink.office.readiness.banks import bank_of
from codalink.render.console import harmless
from codalink.shipped import template

_LOCALES = {Language.DUTCH: "nl_BE", Language.FRENCH: "fr_BE", Language.GERMAN: "de_BE", Language.ENGLISH: "en_GB"}
_SUBJECT = re.compile(r"Subject:[ \t]*(\S.*)")
_ENDING = ".txt"


@dataclass(frozen=True)
class Written:
    """A letter as words. `subject` is one line, `body` ends with a line break and has a paragraph on each line."""

    subject: str
    body: str

    def __str__(self) -> str:
        return f"Subject: {self.subject}\n\n{self.body}"


@dataclass(frozen=True)
class BankStep:
    """What one of the recipient's banks asks for, as templates see it: its name, the step's name, its accounts in groups of four."""

    name: str
    step: str
    accounts: tuple[str, ...]


class Templates:
    """The templates of all letters. `own` is the folder with those of the office; it need not exist."""

    def __init__(self, own: Path) -> None:
        self._own = own
        self._environments: dict[Language, ImmutableSandboxedEnvironment] = {}

    def write(self, letter: Letter) -> Written:
        """Put the letter into words. Raises TemplateBroken."""
        name = f"{letter.kind.value}.{letter.language.value}{_ENDING}"
        try:
            found = self._environment(letter.language).get_template(name)
            text = found.render(_facts(letter))
        except TemplateSyntaxError as error:
            raise _broken(error.filename or name, error.lineno, error.message or "it can't be read") from error
        except _MISTAKES as error:
            raise _broken(*_place(error), _told(error)) from error
        return _parted(text, found.filename or name)

    def _environment(self, language: Language) -> ImmutableSandboxedEnvironment:
        """One for each language, as dates and numbers have the language's form."""
        if language not in self._environments:
            environment = ImmutableSandboxedEnvironment(
                loader=FunctionLoader(self._found),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                autoescape=False,
            )
            environment.filters |= _filters(language)
            self._environments[language] = environment
        return self._environments[language]

    def _found(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Text and place of a template, the office's own before the one that ships; None where there is neither. Raises TemplateBroken."""
        if not re.fullmatch(r"[\w.-]+", name):
            return None
        own = self._own / name
        try:
            return own.read_text(encoding="utf-8-sig"), str(own), lambda: True
        except FileNotFoundError:
            return _shipped(name)
        except UnicodeDecodeError as error:
            raise _broken(str(own), error.object[: error.start].count(b"\n") + 1, "not UTF-8") from error
        except OSError as error:
            raise _broken(str(own), 1, f"it can't be read: {error.strerror or error}") from error


_MISTAKES = (TemplateError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a template can do wrong while it runs."""


def _shipped(name: str) -> tuple[str, str, Callable[[], bool]] | None:
    try:
        return template(f"letters/{name}"), name, lambda: True
    except OSError:
        return None


# --- what goes in --------------------------------------------------------------------------------------------------------------------


def _facts(letter: Letter) -> Mapping[str, object]:
    """The variables of templates, foreign text made harmless."""
    return {
        "writer": _shown(letter.writer),
        "office": _shown(letter.office),
        "company": _shown(letter.company) if letter.company else None,
        "accounts": [any_iban.format(one) for one in letter.accounts],
        "banks": list(_bank_steps(letter.accounts)),
        "missing": _missing(letter.missing) if letter.missing else None,
    }


_NAMELESS = "…"
"""Where a name has nothing that can be shown: to be filled in."""


def _shown(party: Party) -> Party:
    return replace(party, name=harmless(party.name) or _NAMELESS)


def _missing(missing: MissingStatements) -> MissingStatements:
    numbers = tuple(harmless(number) for number in missing.numbers)
    return replace(missing, account=any_iban.format(missing.account), numbers=numbers, currency=harmless(missing.currency))


def _bank_steps(accounts: Sequence[str]) -> Iterator[BankStep]:
    """The banks that have a special step, in order, each once with all its accounts."""
    banks = {account: bank for account in accounts if (bank := bank_of(account)) and bank.step}
    for bank in dict.fromkeys(banks.values()):
        own = tuple(any_iban.format(account) for account, its_bank in banks.items() if its_bank == bank)
        yield BankStep(bank.name, bank.step.value if bank.step else "", own)


def _filters(language: Language) -> dict[str, Callable[..., str]]:
    locale = _LOCALES[language]

    def day(value: object) -> str:
        if not isinstance(value, date):
            raise TypeError(f"{value} is no date")
        written = format_date(value, "long", locale=locale)
        return re.sub(r"^1 ", "1er ", written) if language is Language.FRENCH else written  # which Babel doesn't know

    def amount(value: Decimal, currency: str = "EUR") -> str:
        return format_currency(value, currency, locale=locale)

    def number(value: Decimal) -> str:
        return format_decimal(value, locale=locale)

    def listed(values: Sequence[str]) -> str:
        return format_list([str(value) for value in values], locale=locale)

    return {"date": day, "amount": amount, "number": number, "listed": listed}


# --- what comes out ------------------------------------------------------------------------------------------------------------------


def _parted(text: str, name: str) -> Written:
    """Subject and body; lines without blanks at their ends, paragraphs one empty line apart."""
    first, _, rest = text.strip().partition("\n")
    found = _SUBJECT.fullmatch(first.strip())
    if found is None:
        raise _broken(name, 1, "the first line must be the subject, as in: Subject: Your mandate")
    body = "\n".join(line.rstrip() for line in rest.split("\n")).strip("\n")
    return Written(harmless(found[1], longest=_LONGEST_SUBJECT), re.sub(r"\n{3,}", "\n\n", body) + "\n")


_LONGEST_SUBJECT = 200


def _place(error: Exception) -> tuple[str, int]:
    """Template and line where it happened, innermost. An error that no template made is raised again: it is ours."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(_ENDING)]
    if not frames:
        raise error
    return frames[-1].filename, frames[-1].lineno or 1


def _told(error: Exception) -> str:
    return f"there is no template {error}" if isinstance(error, TemplateNotFound) else str(error)


def _broken(file: str, line: int, what: str) -> TemplateBroken:
    return TemplateBroken(f"{file}, line {line}: {what.rstrip('.')}.")
