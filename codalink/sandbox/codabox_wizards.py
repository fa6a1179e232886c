"""The module `l10n_be_codabox`, its wizards: connect, validate, change the password, revoke.

Each wipes the passwords typed into it in every case, and commits that before anything can fail.
"""

from typing import ClassVar

from codalink.sandbox import texts
from codalink.sandbox.codabox import (
    CHANGE_PASSWORD_WIZARD,
    CONNECTION_WIZARD,
    REVOKE_WIZARD,
    VALIDATION_WIZARD,
    Action,
    CompanyWizard,
    asking_proxy,
    connection_of,
    notification,
    numbers_of,
    office_number,
    refresh,
    window,
)
from codalink.sandbox.fields import Field, Fields, boolean, char
from codalink.sandbox.models import BaseModel
from codalink.sandbox.odoo_errors import UserError


def _office_of_wizard(wizard: BaseModel) -> str:
    return next((office_number(company) for company in wizard.linked("company_id")), "")


class ConnectionWizard(CompanyWizard):
    """`l10n_be_codabox.connection.wizard`."""

    model_name = CONNECTION_WIZARD
    description = "CodaBox Connection Wizard"
    fields: ClassVar[Fields] = CompanyWizard.fields | {
        "company_vat": char("Company VAT", readonly=True, related="company_id.l10n_be_codabox_company_vat"),
        "fiduciary_vat": char("Accounting Firm VAT", readonly=True, compute=_office_of_wizard),
        "l10n_be_codabox_is_connected": boolean("CodaBox Is Connected", readonly=True, related="company_id.l10n_be_codabox_is_connected"),
        "fidu_password": char("Accounting Firm Password", admin_only=True),
        "show_fidu_password": boolean("Show Password"),
        "nb_connections": Field("integer", "Number of Connections"),
        "connection_exists": boolean("Connection Exists"),
        "is_fidu_consent_valid": boolean("Consent Is Valid"),
    }

    def l10n_be_codabox_create_connection(self) -> Action:
        """Connect the company; the office's first one without a password, further ones with it."""
        self._one()
        password = self.value("fidu_password")
        self.store(fidu_password=False)
        self.env.commit()  # wiped whatever comes, as recorded (`wizard_read_wiped`)
        return self._connect_further(password) if password else self._connect_first()

    def _connect_first(self) -> Action:
        company, env = self._company, self.env
        numbers = numbers_of(company)
        first = asking_proxy(env.text, lambda: env.proxy.connect_first(*numbers))
        company.store(l10n_be_codabox_iap_token=first.token, l10n_be_codabox_is_connected=False)
        wizard_id = env.browse(VALIDATION_WIZARD).create(
            {
                "company_id": company.ids[0],
                "fidu_password": first.office_password,
                "confirmation_url": first.consent_url,
            }
        )[0]
        return window("CodaBox Connection", VALIDATION_WIZARD, wizard_id)

    def _connect_further(self, password: str) -> Action:
        company, env = self._company, self.env
        numbers = numbers_of(company)
        token, is_valid = asking_proxy(env.text, lambda: env.proxy.connect_further(*numbers, password))
        company.store(l10n_be_codabox_iap_token=token, l10n_be_codabox_is_connected=is_valid)
        return self._reopen()

    def refresh_connection_status(self) -> Action:
        """Bring company and wizard up to date."""
        self._one()
        company = self._company
        refresh(company)
        self._update_status()
        return self._reopen()

    def l10n_be_codabox_revoke(self) -> Action:
        """Take the connection away; newer versions open a wizard that asks for the office password."""
        self._one()
        company, env = self._company, self.env
        if env.database.flavour.revoke_wizard:
            wizard_id = env.browse(REVOKE_WIZARD).create({"company_id": company.ids[0], "nb_connections": self.value("nb_connections")})[0]
            return window("Revoke Connection", REVOKE_WIZARD, wizard_id)
        revoke(company)
        self._update_status()
        return self._reopen()

    def l10n_be_codabox_open_change_password_wizard(self) -> Action:
        """Open the wizard that changes the office password."""
        self._one()
        wizard_id = self.env.browse(CHANGE_PASSWORD_WIZARD).create({"company_id": self.value("company_id")})[0]
        return window("Change CodaBox Password", CHANGE_PASSWORD_WIZARD, wizard_id)

    def _update_status(self) -> None:
        numbers = numbers_of(self._company)
        status = asking_proxy(self.env.text, lambda: self.env.proxy.status(*numbers))
        self.store(
            nb_connections=status.nb_connections,
            connection_exists=status.connection_exists,
            is_fidu_consent_valid=status.is_consent_valid,
        )

    def _reopen(self) -> Action:
        context = self.env.context | {"default_company_id": self.value("company_id")}
        return window("Manage Connection", self.model_name, self.ids[0], context)


class ValidationWizard(CompanyWizard):
    """`l10n_be_codabox.validation.wizard`: shows the office password, this once."""

    model_name = VALIDATION_WIZARD
    description = "CodaBox Validation Wizard"
    fields: ClassVar[Fields] = CompanyWizard.fields | {
        "fidu_password": char("Accounting Firm Password", admin_only=True),
        "confirmation_url": char("Confirmation URL"),
        "l10n_be_codabox_is_connected": boolean("CodaBox Is Connected", readonly=True, related="company_id.l10n_be_codabox_is_connected"),
    }

    def validate_connection(self) -> Action:
        """Wipe the password and lead to the consent page."""
        self._one()
        self.store(fidu_password=False)
        return {"type": "ir.actions.act_url", "url": self.value("confirmation_url"), "target": "self"}


class ChangePasswordWizard(CompanyWizard):
    """`l10n_be_codabox.change.password.wizard`."""

    model_name = CHANGE_PASSWORD_WIZARD
    description = "CodaBox Change Password Wizard"
    fields: ClassVar[Fields] = CompanyWizard.fields | {
        "current_fidu_password": char("Current Password", admin_only=True),
        "new_fidu_password": char("New Password", admin_only=True),
        "confirm_fidu_password": char("Confirm Password", admin_only=True),
    }

    def l10n_be_codabox_change_password(self) -> Action:
        """Change the office password; the three typed ones are wiped in every case."""
        self._one()
        names = ("current_fidu_password", "new_fidu_password", "confirm_fidu_password")
        current, new, confirmed = (self.value(name) or "" for name in names)
        self.store(**dict.fromkeys(names, False))
        self.env.commit()
        if not new or new != confirmed:
            raise UserError(self.env.text(texts.PASSWORDS_DIFFER))
        numbers = numbers_of(self._company)
        asking_proxy(self.env.text, lambda: self.env.proxy.change_password(*numbers, current, new))
        close = {"type": "ir.actions.act_window_close"}
        return notification("success", self.env.text(texts.PASSWORD_CHANGED), close)


class RevokeWizard(CompanyWizard):
    """`l10n_be_codabox.revoke.wizard` of newer versions, where revoking takes the office password."""

    model_name = REVOKE_WIZARD
    description = "CodaBox Revoke Wizard"
    fields: ClassVar[Fields] = CompanyWizard.fields | {
        "company_vat": char("Company VAT", readonly=True, related="company_id.l10n_be_codabox_company_vat"),
        "fidu_password": char("Accounting Firm Password", admin_only=True),
        "nb_connections": Field("integer", "Number of Connections"),
    }

    def l10n_be_codabox_revoke(self) -> Action:
        """Take the connection away."""
        self._one()
        password = self.value("fidu_password") or ""
        self.store(fidu_password=False)
        self.env.commit()
        revoke(self._company, password)
        return {"type": "ir.actions.act_window_close"}


def revoke(company: BaseModel, password: str | None = None) -> None:
    """Take a company's connection away, at the proxy and here."""
    connection = connection_of(company)
    asking_proxy(company.env.text, lambda: company.env.proxy.revoke(*connection, password))
    company.store(l10n_be_codabox_iap_token=False, l10n_be_codabox_is_connected=False)
