"""What stands between a company and its connection: the one truth that plan and status share."""

from codalink.errors import (
    ModuleMissing,
    NotBelgian,
    NotConnectable,
    NumberMissing,
    NumberNotValid,
    OfficeNotSet,
    OtherOffice,
    SharedConnection,
)
from codalink.office.model import Company, Office


def obstacle(company: Company, office: Office, duplicate: NotConnectable | None = None) -> NotConnectable | None:
    """Why this company can't be connected to this office as it stands in Odoo; None where nothing is in the way. No calls.

    `duplicate` is what find_duplicates says of it. A branch shares its company's connection, whatever it lacks itself.
    """
    return duplicate if isinstance(duplicate, SharedConnection) else _own_obstacle(company, office) or duplicate


def _own_obstacle(company: Company, office: Office) -> NotConnectable | None:
    record = company.record
    if not record.has_module:
        return ModuleMissing(f"The module CodaBox is not installed in database {company.database.name}.")
    if record.country_code not in {"", "BE"}:
        return NotBelgian(f"The company is not Belgian (country {record.country_code}). CodaBox delivers for Belgian companies only.")
    if not record.company_number:
        return NumberMissing()
    if company.vat is None:
        return NumberNotValid(f"The company's number {record.company_number} is not a valid Belgian one.")
    return _office_obstacle(company, office)


def _office_obstacle(company: Company, office: Office) -> NotConnectable | None:
    """Never connect the wrong office: without accounting firm, Odoo takes the company itself for one (contract, section 2)."""
    if company.office_vat == office.vat:
        return None
    if company.office_vat is None:
        return NumberNotValid(f"The Accounting Firm's VAT number {company.record.office_number or '(none)'} is not a valid Belgian one.")
    if company.office_vat == company.vat:
        return OfficeNotSet()
    return OtherOffice(f"The company's Accounting Firm is another office ({company.office_vat}), not {office.name} ({office.vat}).")
