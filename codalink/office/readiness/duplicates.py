"""Companies with the same number. CodaBox knows one connection for a number and an office, so only one of them is to be connected.

Branches share the number of their company, in one database. A test copy (kept 15 days) is listed beside its original, with the same
companies in it (contract, section 4).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from codalink.errors import DuplicateCompany, NotConnectable, SharedConnection
from codalink.odoo.gateway import DatabaseAddress
from codalink.office.model import Company, Vat

_Ids = Mapping[tuple[DatabaseAddress, int | None], Company]


def find_duplicates(companies: Iterable[Company]) -> dict[Company, NotConnectable]:
    """The companies in whose place another one is to be connected, or may be; with the reason for the user."""
    able = [company for company in companies if company.record.has_module]
    branches = _find_branches(able)
    return {**branches, **_find_copies(company for company in able if company not in branches)}


# --- branches ------------------------------------------------------------------------------------------------------------------------


def _find_branches(companies: Sequence[Company]) -> dict[Company, NotConnectable]:
    """All but one of each family: a company and those of its branches that have its number, or none, which Odoo takes for the same."""
    ids: _Ids = {(company.database, company.record.id): company for company in companies}
    families: dict[Company, list[Company]] = defaultdict(list)
    for company in companies:
        families[_head(company, ids)].append(company)
    found: dict[Company, NotConnectable] = {}
    for head, family in families.items():
        holder = next((company for company in family if company.record.is_connected), head)
        found |= {company: _shared(holder, head) for company in family if company != holder}
    return found


def _head(company: Company, ids: _Ids) -> Company:
    """The highest company above it, or itself, that has the same number."""
    line = [company]
    while (parent := ids.get((company.database, line[-1].record.parent_id))) is not None and parent not in line:
        line.append(parent)
    numbers = [_number(line[position:]) for position in range(len(line))]
    return next(one for one, number in zip(reversed(line), reversed(numbers), strict=True) if number == numbers[0])


def _number(line: Sequence[Company]) -> Vat | str:
    """The number of the first company, or of the nearest one above it that has any."""
    return next((one.vat or one.record.company_number for one in line if one.record.company_number), "")


def _shared(holder: Company, head: Company) -> SharedConnection:
    kinship = f"It is a branch of {holder.path}" if holder == head else f"{holder.path} is connected"
    return SharedConnection(f"{kinship} and has the same VAT number: one connection serves both.")


# --- copies --------------------------------------------------------------------------------------------------------------------------


def _find_copies(companies: Iterable[Company]) -> dict[Company, NotConnectable]:
    """Those with the same number and the same office that are not, as far as can be told, the original."""
    same: dict[tuple[Vat, Vat | None], list[Company]] = defaultdict(list)
    for company in companies:
        if company.vat is not None:
            same[company.vat, company.office_vat].append(company)
    return {
        company: _copied(company, group) for group in same.values() if len(group) > 1 for company in group if company != _original(group)
    }


def _original(group: Sequence[Company]) -> Company | None:
    """The one that is connected already; else the one whose database's name the other names begin with. None where that is open."""
    connected = [company for company in group if company.record.is_connected]
    if connected:
        return connected[0] if len(connected) == 1 else None
    shortest = min(group, key=lambda company: len(company.database.name))
    others = [company for company in group if company != shortest]
    is_root = all(company.database.name.startswith(f"{shortest.database.name}-") for company in others)
    return shortest if is_root else None


def _copied(company: Company, group: Sequence[Company]) -> NotConnectable:
    others = [other for other in group if other != company]
    paths = sorted(other.full_path if other.path == company.path else other.path for other in others)
    same = f"The same VAT number stands in {', '.join(paths)}"
    if any(other.database == company.database for other in others):
        is_open = not any(one.record.is_connected for one in group)
        return SharedConnection(f"{same}: only one of them can be connected.", remedy=DuplicateCompany.default_remedy if is_open else "")
    if any(other.database.name == company.database.name for other in others):
        return DuplicateCompany(f"{same}: probably the same database under two addresses, or a test copy.", remedy=_TWO_ADDRESSES)
    return DuplicateCompany(f"{same}: one of them is probably a test copy.")


_TWO_ADDRESSES = (
    "Let the configuration lead to one of them only, or connect the real one: `codalink connect --company https://server/database/company`."
)
