"""Choosing companies and databases by what people type."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from codalink.errors import CompanyAmbiguous, CompanyUnknown
from codalink.office.model import Company, Survey, parsed_or_none

_SHOWN = 8
"""How many matches an error lists before it counts the rest."""


@dataclass(frozen=True)
class Patterns:
    """Include and exclude patterns, with `*` and `?`; upper and lower case are the same. No include pattern means everything."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def admit(self, *names: str) -> bool:
        """Whether something with these names is included, and not excluded."""
        is_included = not self.include or _matches(self.include, names)
        return is_included and not _matches(self.exclude, names)

    def admit_company(self, company: Company) -> bool:
        """Whether the company is let through, by its name, its database, both, or its number."""
        number = company.vat.digits if company.vat else company.record.company_number
        return self.admit(company.name, company.database.name, company.path, number)


def _matches(patterns: Sequence[str], names: Sequence[str]) -> bool:
    plain = [pattern.casefold().replace("[", "[[]") for pattern in patterns]  # brackets in names are just brackets
    return any(fnmatchcase(name.casefold(), pattern) for pattern in plain for name in names)


def find_company(wanted: str, companies: Sequence[Company]) -> Company:
    """The one company that `wanted` names: `database/company`, with or without its server, a VAT number in any notation, a name, a part.

    The first of these ways that finds anything decides. Raises CompanyUnknown, CompanyAmbiguous (which lists the matches).
    """
    text = wanted.strip().casefold()
    number = parsed_or_none(wanted)
    ways = (
        [company for company in companies if company.path.casefold() == text],
        [company for company in companies if company.full_path.casefold() == text],
        [company for company in companies if number is not None and company.vat == number],
        [company for company in companies if company.name.casefold() == text],
        [company for company in companies if text and text in company.name.casefold()],
        [company for company in companies if text and text in company.path.casefold()],
    )
    matches = next((found for found in ways if found), [])
    if not matches:
        raise CompanyUnknown(f"No company matches {wanted!r}.{_resembling(text, companies)}")
    if len(matches) > 1:
        raise CompanyAmbiguous(f"{wanted!r} matches {len(matches)} companies: {_listed(matches)}.")
    return matches[0]


def find_surveyed(wanted: str, survey: Survey) -> Company:
    """The one company that `wanted` names among all that were read.

    Raises what find_company raises; and where the company may well be in a database that could not be reached, that database's error.
    """
    try:
        return find_company(wanted, survey.companies)
    except CompanyUnknown as unknown:
        database = wanted.strip().partition("/")[0].casefold()
        for failure in survey.failures:
            if failure.where.casefold() == database or not survey.found:
                raise failure.error from unknown
        if survey.failures:
            missed = f"{unknown.cause} {len(survey.failures)} databases could not be reached: it may be in one of them."
            raise CompanyUnknown(missed) from unknown
        raise


def _listed(companies: Sequence[Company]) -> str:
    is_enough = len({company.path for company in companies}) == len(companies)
    paths = ", ".join(company.path if is_enough else company.full_path for company in companies[:_SHOWN])
    return paths if len(companies) <= _SHOWN else f"{paths} and {len(companies) - _SHOWN} more"


def _resembling(text: str, companies: Sequence[Company]) -> str:
    from difflib import get_close_matches

    named = {word: company for company in companies for word in (company.name.casefold(), *company.name.casefold().split())}
    close = dict.fromkeys(named[word] for word in get_close_matches(text, named, n=3, cutoff=0.7))
    return f" Did you mean {_listed(list(close))}?" if close else ""
