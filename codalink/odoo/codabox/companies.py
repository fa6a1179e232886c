"""The companies of a database: their numbers, their office, whether they are connected."""

import threading
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from codalink.errors import AnswerUnexpected, FieldMissing
from codalink.odoo import answers
from codalink.odoo.gateway import Call, Gateway, read, search_read

_OFFICE_PARAMETER = "l10n_be_codabox.codabox_contract"

_IS_CONNECTED = "l10n_be_codabox_is_connected"
_COMPANY_FIELDS = ("name", "vat", "company_registry", "country_code", "parent_id", "account_representative_id")
_MODULE_FIELDS = (
    "l10n_be_codabox_company_vat",
    "l10n_be_codabox_fiduciary_vat",
    _IS_CONNECTED,
    "l10n_be_codabox_soda_journal",
)


@dataclass(frozen=True)
class CompanyRecord:
    """A company as its database tells it.

    The numbers are what Odoo would send to CodaBox, digits mostly, unchecked. `office_number` falls back to the company's own where no
    accounting firm is set (contract, section 2). `parent_id` is the company of which this one is a branch.
    """

    id: int
    name: str
    country_code: str
    company_number: str
    office_number: str
    has_accounting_firm: bool
    has_module: bool
    is_connected: bool
    soda_journal_id: int | None
    parent_id: int | None = None


class KnownFields:
    """Which of the module's fields a version lacks, as this run has learned it, so that not every database has to be asked.

    Only databases with the module teach something, and only of its own fields: other modules may be there or not. Safe for several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lacking: dict[Hashable, frozenset[str]] = {}

    def of(self, alike: Hashable) -> list[str]:
        """The fields that a database of this kind probably has."""
        with self._lock:
            lacking = self._lacking.get(alike, frozenset())
        return [name for name in (*_COMPANY_FIELDS, *_MODULE_FIELDS) if name not in lacking]

    def learn(self, alike: Hashable, existing: Sequence[str]) -> None:
        """A database of this kind has these fields."""
        if _IS_CONNECTED in existing:
            with self._lock:
                self._lacking[alike] = frozenset(_MODULE_FIELDS) - frozenset(existing)


def read_companies(gateway: Gateway, known: KnownFields | None = None, alike: Hashable = None) -> list[CompanyRecord]:
    """All companies of the database. One call; one or two more where there is no field for the office, and two where that was not known.

    `alike` is what databases of one version have in common, such as their server: they teach each other through `known`.
    """
    known = known or KnownFields()
    fields = known.of(alike)
    try:
        rows = _company_rows(gateway, fields)
    except FieldMissing:
        fields = _existing_fields(gateway, "res.company", [*_COMPANY_FIELDS, *_MODULE_FIELDS])
        rows = _company_rows(gateway, fields)
        known.learn(alike, fields)
    offices = {} if "l10n_be_codabox_fiduciary_vat" in fields else _office_numbers(gateway, rows)
    return [_company(row, has_module=_IS_CONNECTED in fields, offices=offices) for row in rows]


def _company_rows(gateway: Gateway, fields: Sequence[str]) -> list[answers.Row]:
    return answers.rows(gateway.execute(search_read("res.company", [], fields)), "its companies")


def _existing_fields(gateway: Gateway, model: str, wanted: Sequence[str]) -> list[str]:
    answer = gateway.execute(Call(model, "fields_get", arguments={"allfields": list(wanted), "attributes": ["type"]}))
    if not isinstance(answer, dict):
        raise AnswerUnexpected(f"Odoo was asked for the fields of {model} and gave something else.")
    return [name for name in wanted if name in answer]


def _office_numbers(gateway: Gateway, rows: Iterable[answers.Row]) -> dict[int, str]:
    """Work out each company's office the way Odoo does, where this version has no field for it: company id → number of its office."""
    parameter = answers.rows(
        gateway.execute(search_read("ir.config_parameter", [["key", "=", _OFFICE_PARAMETER]], ["value"])), "a system parameter"
    )
    if parameter and (number := _digits(answers.text(parameter[0], "value"))):
        return {answers.own_id(row): number for row in rows}
    firm_of = {answers.own_id(row): firm for row in rows if (firm := answers.reference(row, "account_representative_id"))}
    if not firm_of:
        return {}
    firms = answers.rows(
        gateway.execute(search_read("res.partner", [["id", "in", sorted(set(firm_of.values()))]], ["vat"])), "its accounting firms"
    )
    numbers = {answers.own_id(firm): _digits(answers.text(firm, "vat")) for firm in firms}
    return {company: numbers.get(firm, "") for company, firm in firm_of.items()}


def _company(row: answers.Row, *, has_module: bool, offices: dict[int, str]) -> CompanyRecord:
    own = answers.text(row, "l10n_be_codabox_company_vat") or _own_number(row)
    office = answers.text(row, "l10n_be_codabox_fiduciary_vat") or offices.get(answers.own_id(row)) or own
    return CompanyRecord(
        id=answers.own_id(row),
        name=answers.text(row, "name"),
        country_code=answers.text(row, "country_code"),
        company_number=own,
        office_number=office,
        has_accounting_firm=answers.reference(row, "account_representative_id") is not None,
        has_module=has_module,
        is_connected=answers.flag(row, _IS_CONNECTED),
        soda_journal_id=answers.reference(row, "l10n_be_codabox_soda_journal"),
        parent_id=answers.reference(row, "parent_id"),
    )


def _own_number(row: answers.Row) -> str:
    """Odoo's rule: the digits of `vat`, or of `company_registry` where `vat` is empty or "/"."""
    vat = answers.text(row, "vat").strip()
    return _digits(answers.text(row, "company_registry") if vat in {"", "/"} else vat)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def is_connected(gateway: Gateway, company_id: int) -> bool:
    """What the database itself has written down; no question to CodaBox. One call."""
    answer = gateway.execute(read("res.company", company_id, [_IS_CONNECTED]))
    found = answers.rows(answer, "the company")
    return bool(found) and answers.flag(found[0], _IS_CONNECTED)
