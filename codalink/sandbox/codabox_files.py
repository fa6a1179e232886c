"""The module `l10n_be_codabox`, second half: CODA files become statements, SODA files become entries."""

import base64
from typing import Any, ClassVar
from xml.sax.saxutils import quoteattr

from codalink.sandbox import texts
from codalink.sandbox.accounting import AccountJournal, bank_feed
from codalink.sandbox.belgium import digits, is_valid_iban
from codalink.sandbox.coda import CodaStatement
from codalink.sandbox.codabox import Action, asking_proxy, connection_of
from codalink.sandbox.fields import Fields
from codalink.sandbox.models import BaseModel
from codalink.sandbox.odoo_errors import UserError
from codalink.sandbox.proxy import ProxyError

CODABOX_FEED = ("l10n_be_codabox", "CodaBox Synchronization")
_FETCHED_FEEDS = frozenset({False, "undefined", CODABOX_FEED[0]})


class CodaboxJournal(AccountJournal):
    """`account.journal` with the two "Fetch from CodaBox" buttons."""

    fields: ClassVar[Fields] = AccountJournal.fields | {"bank_statements_source": bank_feed(CODABOX_FEED)}

    def l10n_be_codabox_manually_fetch_coda_transactions(self) -> Action:
        """Fetch what waits for the journal's whole company, all its journals at once."""
        company = self._company_of_one()
        self._check_connection(company)
        made: list[int] = []
        for journal in self._fetched_journals(company):
            for statement in self._waiting(journal, company):
                made.append(import_statement(journal, statement))
                self.env.commit()  # file by file: what came in stays, whatever happens to the next
        return _list_action("Bank Transactions", "account.bank.statement.line", "statement_id", made) | {"context": {"create": False}}

    def l10n_be_codabox_manually_fetch_soda_transactions(self) -> Action:
        """Fetch payroll entries into this journal."""
        company = self._company_of_one()
        self._check_connection(company)
        references = self.env.proxy.take_payroll(connection_of(company)[0])
        if not references:
            params = {"type": "info", "message": self.env.text(texts.NO_PAYROLL)}
            return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
        moves = [self._import_payroll(company, reference) for reference in references]
        return _list_action("Payroll Entries", "account.move", "id", moves)

    def _company_of_one(self) -> BaseModel:
        if len(self.ids) != 1:
            raise ValueError(f"Expected singleton: {self.model_name}{self.ids}")
        self.check_operation("read")
        return self.env.browse("res.company", self.value("company_id"))

    def _check_connection(self, company: BaseModel) -> None:
        connection = connection_of(company)
        asking_proxy(self.env.text, lambda: self.env.proxy.check_files(connection[0]))
        try:
            self.env.proxy.check(*connection)
        except ProxyError as error:
            # Fetching has a wording of its own for a consent that is not valid (`fetch_coda_no_consent`).
            text = texts.CONNECTION_INVALID if error.text == texts.CONSENT_INVALID else error.text
            raise UserError(self.env.text(text)) from error

    def _fetched_journals(self, company: BaseModel) -> list[BaseModel]:
        """Find the journals files can go to; accounts without one are left out in silence, as in Odoo."""
        rows = self.env.database.table(self.model_name).rows
        return [
            self.env.browse(self.model_name, key)
            for key, row in rows.items()
            if row["type"] == "bank"
            and row.get("active", True)
            and row.get("company_id") == company.ids[0]
            and row.get("bank_acc_number")
            and row.get("bank_statements_source", False) in _FETCHED_FEEDS
        ]

    def _waiting(self, journal: BaseModel, company: BaseModel) -> list[CodaStatement]:
        iban = "".join(journal.value("bank_acc_number").split())
        if not is_valid_iban(iban):
            return []  # no CODA for foreign accounts, nor for one that no bank has
        return self.env.proxy.take_statements(iban, company.value("name"), digits(company.value("vat")))

    def _import_payroll(self, company: BaseModel, reference: str) -> int:
        values = {
            "name": reference,
            "ref": reference,
            "date": self.env.now()[:10],
            "journal_id": self.ids[0],
            "company_id": company.ids[0],
            "state": "draft",
        }
        entry_id = _make(self, "account.move", values)
        _attach(self, "account.move", entry_id, f"{reference}.xml", "application/xml", soda_file(reference, str(values["date"])))
        return entry_id


def _list_action(name: str, model: str, field: str, ids: list[int]) -> Action:
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "view_mode": "list,form",
        "views": [[False, "list"], [False, "form"]],
        "domain": [[field, "in", ids]],
    }


def _make(record: BaseModel, model: str, values: dict[str, Any]) -> int:
    return record.env.browse(model).create(values)[0]


def import_statement(journal: BaseModel, statement: CodaStatement) -> int:
    """Make the statement with its lines and the two original documents."""
    owner = {"journal_id": journal.ids[0], "company_id": journal.value("company_id")}
    day = str(statement.day)
    balances = {"balance_start": float(statement.balance_start), "balance_end_real": float(statement.balance_end)}
    values = {"name": statement.name, "date": day, **balances, **owner}
    statement_id = _make(journal, "account.bank.statement", values)
    for movement in statement.movements:
        line = {"date": day, "payment_ref": movement.text, "amount": float(movement.amount), "statement_id": statement_id, **owner}
        _make(journal, "account.bank.statement.line", line)
    model = "account.bank.statement"
    _attach(journal, model, statement_id, "Original CodaBox.coda", "text/plain", statement.as_coda())
    _attach(journal, model, statement_id, "Original CodaBox Bank Statement.pdf", "application/pdf", statement.as_pdf())
    return statement_id


def soda_file(reference: str, day: str) -> bytes:
    """Write a payroll file, as far as this sandbox needs one: what it is of, and no amounts."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<SODA reference={quoteattr(reference)} date={quoteattr(day)}/>\n'.encode()


def _attach(record: BaseModel, model: str, owner_id: int, name: str, mimetype: str, content: bytes) -> int:
    values = {
        "name": name,
        "mimetype": mimetype,
        "file_size": len(content),
        "datas": base64.b64encode(content).decode("ascii"),
        "res_model": model,
        "res_id": owner_id,
    }
    return _make(record, "ir.attachment", values)
