from odoo import models
from odoo.exceptions import UserError

from .. import actions, proxy, texts

FEED = "l10n_be_codabox"
ATTACHED = (("Original CodaBox.coda", "text/plain", "coda"), ("Original CodaBox Bank Statement.pdf", "application/pdf", "pdf"))


class AccountJournal(models.Model):
    _inherit = "account.journal"

    # The list of bank feeds is computed by a method with two underscores in front, whose full name has the class's in it: so this class
    # must be called as Odoo's is.
    def __get_bank_statements_available_sources(self):
        return [*super().__get_bank_statements_available_sources(), (FEED, "CodaBox Synchronization")]

    def l10n_be_codabox_manually_fetch_coda_transactions(self):
        self.ensure_one()
        statements = self._l10n_be_codabox_fetch_coda(self.company_id)
        action = actions.listing("Bank Transactions", "account.bank.statement.line", "statement_id", statements.ids)
        return {**action, "context": {"create": False}}

    def l10n_be_codabox_manually_fetch_soda_transactions(self):
        self.ensure_one()
        company = self.company_id
        self._l10n_be_codabox_check(company)
        entries = proxy.ask_for_user(self.env, "take_payroll", company.l10n_be_codabox_company_vat)
        if not entries:
            params = {"type": "info", "message": texts.NO_PAYROLL}
            return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
        moves = [self._l10n_be_codabox_make_entry(entry).id for entry in entries]
        return actions.listing("Payroll Entries", "account.move", "id", moves)

    def _l10n_be_codabox_cron_fetch(self):
        """What the scheduled action runs: each connected company in turn, without a word about those that fail."""
        for company in self.env["res.company"].search([("l10n_be_codabox_is_connected", "=", True)]):
            try:
                self._l10n_be_codabox_fetch_coda(company)
            except UserError:
                continue

    def _l10n_be_codabox_fetch_coda(self, company):
        """Fetch what waits for a company, all its journals at once. Each statement is committed: it stays, whatever happens to the next."""
        self._l10n_be_codabox_check(company)
        made = self.env["account.bank.statement"]
        for journal in self._l10n_be_codabox_journals(company):
            iban = "".join(journal.bank_acc_number.split())
            numbers = [company.name, company.l10n_be_codabox_company_vat]
            for statement in proxy.ask_for_user(self.env, "take_statements", iban, *numbers):
                made |= journal._l10n_be_codabox_make_statement(statement)
                self.env.cr.commit()
        return made

    def _l10n_be_codabox_check(self, company):
        """UserError unless files may flow. Fetching has a wording of its own for a consent that is not valid."""
        connection = company._l10n_be_codabox_connection()
        proxy.ask_for_user(self.env, "check_files", connection[0])
        try:
            proxy.ask(self.env, "check", *connection)
        except proxy.Refused as refused:
            is_consent = refused.text == texts.CONSENT_INVALID
            raise UserError(texts.CONNECTION_INVALID if is_consent else refused.text) from None

    def _l10n_be_codabox_journals(self, company):
        """The journals that files can go to; accounts without one are left out in silence."""
        journals = self.search([("type", "=", "bank"), ("company_id", "=", company.id)])
        feeds = (False, "undefined", FEED)
        return journals.filtered(lambda one: one.bank_acc_number and one.bank_statements_source in feeds)

    def _l10n_be_codabox_make_statement(self, statement: dict):
        """Make a statement from what the proxy has read in its file, with the two originals."""
        lines = [(0, 0, {**line, "journal_id": self.id}) for line in statement["lines"]]
        values = {name: statement[name] for name in ("name", "balance_start", "balance_end_real")}
        # Journal and date are taken from the lines by Odoo; 19 and older agree on that.
        made = self.env["account.bank.statement"].create({**values, "date": statement["date"], "journal_id": self.id, "line_ids": lines})
        originals = [self._l10n_be_codabox_attach(made, name, mimetype, statement[key]).id for name, mimetype, key in ATTACHED]
        made.attachment_ids = [(6, 0, originals)]
        return made

    def _l10n_be_codabox_make_entry(self, entry: dict):
        """Make a draft from a payroll file."""
        values = {"journal_id": self.id, "ref": entry["reference"], "date": entry["date"], "move_type": "entry"}
        made = self.env["account.move"].create(values)
        self._l10n_be_codabox_attach(made, f"{entry['reference']}.xml", "application/xml", entry["xml"])
        return made

    def _l10n_be_codabox_attach(self, record, name: str, mimetype: str, content: str):
        values = {"name": name, "mimetype": mimetype, "datas": content, "res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].create(values)
