"""The module `l10n_be_codabox`: what it adds to companies and settings.

Names, texts and oddities are those of the contract's section 2 and of the recordings. Its wizards are in
`codabox_wizards`, fetching files is in `codabox_files`.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from codalink.sandbox import texts
from codalink.sandbox.base_models import ResCompany, Settings
from codalink.sandbox.belgium import digits
from codalink.sandbox.fields import Fields, boolean, char, many2one
from codalink.sandbox.models import BaseModel, fully_guarded
from codalink.sandbox.odoo_errors import UserError
from codalink.sandbox.proxy import ProxyError
from codalink.sandbox.refusals import Button
from codalink.sandbox.users import ADMIN_GROUP

Action = dict[str, Any]
Answer = TypeVar("Answer")

OFFICE_PARAMETER = "l10n_be_codabox.codabox_contract"
CONNECTION_WIZARD = "l10n_be_codabox.connection.wizard"
VALIDATION_WIZARD = "l10n_be_codabox.validation.wizard"
CHANGE_PASSWORD_WIZARD = "l10n_be_codabox.change.password.wizard"  # noqa: S105 - a model's name
REVOKE_WIZARD = "l10n_be_codabox.revoke.wizard"


def company_number(company: BaseModel) -> str:
    """Give the company's number: digits of its VAT, or of its registry where VAT is empty or ``/``."""
    vat = company.value("vat")
    return digits(vat if vat and vat != "/" else company.value("company_registry"))


def office_number(company: BaseModel) -> str:
    """Give the office's number as Odoo works it out: system parameter, else accounting firm, else the company itself."""
    parameters = company.env.database.table("ir.config_parameter").rows.values()
    contract = next((row["value"] for row in parameters if row["key"] == OFFICE_PARAMETER), "")
    if digits(contract):
        return digits(contract)
    return digits(company.value("account_representative_id.vat")) or company_number(company)


class CodaboxCompany(ResCompany):
    """`res.company` with the module's fields."""

    fields: ClassVar[Fields] = ResCompany.fields | {
        "account_representative_id": many2one("res.partner", "Accounting Firm"),
        "l10n_be_codabox_company_vat": char("L10N Be Codabox Company Vat", readonly=True, searchable=False, compute=company_number),
        "l10n_be_codabox_fiduciary_vat": char("L10N Be Codabox Fiduciary Vat", readonly=True, searchable=False, compute=office_number),
        "l10n_be_codabox_iap_token": char("L10N Be Codabox Iap Token", admin_only=True),
        "l10n_be_codabox_is_connected": boolean("CodaBox Is Connected"),
        "l10n_be_codabox_soda_journal": many2one("account.journal", "SODA Journal"),
    }


def numbers_of(company: BaseModel) -> tuple[str, str]:
    """Give company and office number; raises UserError where one is not set."""
    number, office = company_number(company), office_number(company)
    if not number:
        raise UserError(company.env.text(texts.VAT_NOT_SET))
    if not office:
        raise UserError(company.env.text(texts.NOT_CONFIGURED))
    return number, office


def connection_of(company: BaseModel) -> tuple[str, str, str]:
    """Give company number, office number and token."""
    return (*numbers_of(company), company.value("l10n_be_codabox_iap_token") or "")


def asking_proxy(translate: Callable[[str], str], ask: Callable[[], Answer]) -> Answer:
    """Ask the proxy; its refusals become user errors in the user's language."""
    try:
        return ask()
    except ProxyError as error:
        raise UserError(translate(error.text)) from error


def window(name: str, model: str, record_id: int | bool, context: dict[str, Any] | None = None) -> Action:
    """Make the action that opens one record in a dialog."""
    action: Action = {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "res_id": record_id,
        "view_mode": "form",
        "views": [[False, "form"]],
        "target": "new",
    }
    return action if context is None else action | {"context": context}


def notification(kind: str, message: str, next_action: Action) -> Action:
    """Make the action that shows a notification."""
    params = {"type": kind, "title": "CodaBox", "message": message, "next": next_action}
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}


def refresh(company: BaseModel) -> tuple[bool, str]:
    """Ask the proxy whether the connection is valid and store it; answers that and an English text.

    A company that is not connected is an answer, not an error (recorded: `notification_no_connection`). While the
    proxy can't be asked, what is stored stays.
    """
    proxy = company.env.proxy
    try:
        connection = connection_of(company)
        proxy.meet(Button.REFRESH, connection[0])
        proxy.check(*connection)
    except ProxyError as error:
        if not error.is_temporary:
            company.store(l10n_be_codabox_is_connected=False)
        return False, error.text
    company.store(l10n_be_codabox_is_connected=True)
    return True, texts.CONNECTION_VALID


class CompanyWizard(BaseModel):
    """What the module's transient models share: each is about one company."""

    is_transient = True
    guards = fully_guarded(ADMIN_GROUP)
    fields: ClassVar[Fields] = {"company_id": many2one("res.company", "Company", required=True)}

    def _one(self) -> None:
        """Check that this is one record that is still there and that the user may use."""
        if len(self.ids) != 1:
            raise ValueError(f"Expected singleton: {self.model_name}{self.ids}")
        self.check_operation("read")

    @property
    def _company(self) -> BaseModel:
        company_id = self.value("company_id")
        company = self.env.browse("res.company", company_id)
        company.check_operation("read")
        return company


class CodaboxSettings(CompanyWizard, Settings):
    """`res.config.settings` with the module's buttons."""

    fields: ClassVar[Fields] = Settings.fields | {
        "l10n_be_codabox_is_connected": boolean("CodaBox Is Connected", readonly=True, related="company_id.l10n_be_codabox_is_connected"),
    }

    def l10n_be_codabox_open_connection_wizard(self) -> Action:
        """Open the connection wizard with the proxy's present status."""
        self._one()
        company = self._company
        numbers = numbers_of(company)
        status = asking_proxy(self.env.text, lambda: self.env.proxy.status(*numbers))
        wizard_id = self.env.browse(CONNECTION_WIZARD).create(
            {
                "company_id": company.ids[0],
                "nb_connections": status.nb_connections,
                "connection_exists": status.connection_exists,
                "is_fidu_consent_valid": status.is_consent_valid,
            }
        )[0]
        context = self.env.context | {"default_company_id": company.ids[0]}
        return window("Manage Connection", CONNECTION_WIZARD, wizard_id, context)

    def l10n_be_codabox_refresh_connection_status(self) -> Action:
        """Bring the company's state up to date and tell it in a notification."""
        self._one()
        try:
            is_valid, text = refresh(self._company)
        except UserError as error:
            is_valid, text = False, error.message
        soft_reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        return notification("success" if is_valid else "danger", self.env.text(text), soft_reload)

    def l10n_be_codabox_open_soda_mapping(self) -> Action:
        """Open the mapping of payroll accounts."""
        self._one()
        company = self._company
        asking_proxy(self.env.text, lambda: self.env.proxy.meet(Button.SODA_MAPPING, company_number(company)))
        if not company.value("account_representative_id"):
            raise UserError(self.env.text(texts.NOT_AN_OFFICE))
        context = {"default_company_id": company.ids[0]}
        return window("SODA Mapping", "l10n_be_codabox.soda.account.mapping.wizard", record_id=False, context=context)


class OldSettings(CompanyWizard, Settings):
    """`res.config.settings` of a module from before the wizards; the proxy refuses it, or points at the bridge."""

    def l10n_be_codabox_connect(self) -> Action:
        """Try to connect the old way."""
        self._one()
        raise UserError(self.env.text(texts.UPGRADE))

    def l10n_be_codabox_revoke(self) -> Action:
        """Try to revoke the old way."""
        self._one()
        raise UserError(self.env.text(texts.UPGRADE))

    def l10n_be_codabox_refresh_connection_status(self) -> Action:
        """Try to refresh, where the bridge is missing."""
        self._one()
        raise UserError(self.env.text(texts.INSTALL_BRIDGE))

    def l10n_be_codabox_open_soda_mapping(self) -> Action:
        """Try to open the mapping of payroll accounts, where the bridge is missing."""
        self._one()
        raise UserError(self.env.text(texts.INSTALL_BRIDGE))
