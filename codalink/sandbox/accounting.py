"""Odoo's accounting models: journals, bank statements and their lines, entries. One company sees only its own."""

from typing import TYPE_CHECKING, ClassVar

from codalink.sandbox.fields import Field, Fields, boolean, char, many2one
from codalink.sandbox.models import BaseModel, fully_guarded
from codalink.sandbox.users import ACCOUNTING_GROUP

if TYPE_CHECKING:
    from codalink.sandbox.world import Row

NO_FEED = ("undefined", "Undefined Yet")
OTHER_FEEDS = (("online_sync", "Automated Bank Synchronization"), ("file_import", "Import (CAMT, CODA)"))
_TYPES = (("sale", "Sales"), ("purchase", "Purchase"), ("cash", "Cash"), ("bank", "Bank"), ("general", "Miscellaneous"))


def bank_feed(*choices: tuple[str, str]) -> Field:
    """Make the field "Bank Feed" with the choices that the installed modules add."""
    return Field("selection", "Bank Feeds", selection=(NO_FEED, *choices), checked=False)


def _backward(record: BaseModel, model: str, link: str) -> list[int]:
    rows = record.env.database.table(model).rows
    return sorted((key for key, row in rows.items() if row.get(link) == record.ids[0]), reverse=True)


def _attachments(record: BaseModel) -> list[int]:
    def belongs(row: "Row") -> bool:
        return row.get("res_model") == record.model_name and row.get("res_id") == record.ids[0]

    rows = record.env.database.table("ir.attachment").rows
    return sorted((key for key, row in rows.items() if belongs(row)), reverse=True)


class AccountJournal(BaseModel):
    """`account.journal`."""

    model_name = "account.journal"
    description = "Journal"
    order = "type, code"
    is_per_company = True
    guards = fully_guarded(ACCOUNTING_GROUP)
    fields: ClassVar[Fields] = {
        "name": char("Journal Name", required=True),
        "active": boolean("Active", unset=True),
        "code": char("Short Code", required=True),
        "type": Field("selection", "Type", required=True, selection=_TYPES),
        "bank_acc_number": char("Account Number"),
        "currency_id": many2one("res.currency", "Currency"),
        "company_id": many2one("res.company", "Company", required=True),
        "bank_statements_source": bank_feed(),
    }


class BankStatement(BaseModel):
    """`account.bank.statement`."""

    model_name = "account.bank.statement"
    description = "Bank Statement"
    order = "date desc, name desc, id desc"
    is_per_company = True
    fields: ClassVar[Fields] = {
        "name": char("Reference"),
        "date": Field("date", "Date"),
        "journal_id": many2one("account.journal", "Journal"),
        "company_id": many2one("res.company", "Company"),
        "currency_id": many2one("res.currency", "Currency"),
        "balance_start": Field("monetary", "Starting Balance"),
        "balance_end": Field("monetary", "Computed Balance", compute=lambda record: record.value("balance_end_real")),
        "balance_end_real": Field("monetary", "Ending Balance"),
        "is_complete": boolean("Is Complete", compute=lambda _record: True),
        "line_ids": Field(
            "one2many",
            "Statement lines",
            relation="account.bank.statement.line",
            compute=lambda record: _backward(record, "account.bank.statement.line", "statement_id"),
        ),
        "attachment_ids": Field(
            "many2many",
            "Attachments",
            relation="ir.attachment",
            compute=_attachments,
        ),
    }
    guards = fully_guarded(ACCOUNTING_GROUP)


class BankStatementLine(BaseModel):
    """`account.bank.statement.line`."""

    model_name = "account.bank.statement.line"
    description = "Bank Statement Line"
    order = "date desc, id desc"
    is_per_company = True
    fields: ClassVar[Fields] = {
        "date": Field("date", "Date", required=True),
        "payment_ref": char("Label"),
        "amount": Field("monetary", "Amount"),
        "statement_id": many2one("account.bank.statement", "Statement"),
        "journal_id": many2one("account.journal", "Journal"),
        "company_id": many2one("res.company", "Company"),
        "is_reconciled": boolean("Is Reconciled"),
    }
    guards = fully_guarded(ACCOUNTING_GROUP)


class Move(BaseModel):
    """`account.move`: the entries that SODA files become."""

    model_name = "account.move"
    description = "Journal Entry"
    order = "date desc, id desc"
    is_per_company = True
    fields: ClassVar[Fields] = {
        "name": char("Number"),
        "ref": char("Reference"),
        "date": Field("date", "Date", required=True),
        "journal_id": many2one("account.journal", "Journal"),
        "company_id": many2one("res.company", "Company"),
        "state": Field("selection", "Status", selection=(("draft", "Draft"), ("posted", "Posted"))),
        "amount_total": Field("monetary", "Total"),
    }
    guards = fully_guarded(ACCOUNTING_GROUP)
