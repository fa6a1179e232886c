"""The bank accounts of the companies of a database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from codalink.odoo.codabox.statements import last_statement_dates, read_journals
from codalink.odoo.gateway import Gateway
from codalink.office.model import Account, Company


def read_accounts(gateway: Gateway, companies: Sequence[Company]) -> Mapping[int, list[Account]]:
    """The bank journals of these companies, with the date of their last statement, by company id. Two calls."""
    ids = [company.record.id for company in companies]
    journals = read_journals(gateway, ids)
    dates = last_statement_dates(gateway, ids, [journal.id for journal in journals])
    accounts: dict[int, list[Account]] = defaultdict(list)
    for journal in journals:
        accounts[journal.company_id].append(Account(journal, dates.get(journal.id)))
    return accounts
