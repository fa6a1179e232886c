"""The same company in two databases: a test copy beside its original, mostly. Only one of them may be connected.

Odoo's copies of a database (kept 15 days) are listed beside it, with the same companies in them (contract, section 4).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from codalink.errors import DuplicateCompany
from codalink.office.model import Company, Vat


def find_duplicates(companies: Iterable[Company]) -> dict[Company, DuplicateCompany]:
    """The companies that stand in another database too and are not, as far as can be told, the original; with the reason for the user."""
    same: dict[tuple[Vat, Vat | None], list[Company]] = defaultdict(list)
    for company in companies:
        if company.vat is not None and company.record.has_module:
            same[company.vat, company.office_vat].append(company)
    return {
        company: _told(company, group)
        for group in same.values()
        if len({one.database for one in group}) > 1
        for company in group
        if company != _original(group)
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


def _told(company: Company, group: Sequence[Company]) -> DuplicateCompany:
    others = ", ".join(sorted(other.path for other in group if other != company))
    return DuplicateCompany(f"The same VAT number stands in {others}: one of them is probably a test copy.")
