"""What Odoo and its CodaBox module say, word for word, and the kind of error that each text means."""

from codalink import errors
from codalink.errors import CodalinkError

Texts = dict[str, type[CodalinkError]]

CONTRACT: Texts = {
    "CodaBox is not configured. Please check your configuration.": errors.CodaBoxNotConfigured,
    "An error occurred while connecting to the IAP server. Please contact Odoo support.": errors.ProxyDown,
    "CodaBox is not responding. Please try again later.": errors.CodaBoxDown,
    "An error occurred while connecting to CodaBox. Please contact Odoo support.": errors.CodaBoxDown,
    "No connection exists with these VAT/Company ID number(s). Please check your configuration.": errors.NoConnection,
    "It seems that your CodaBox connection is not valid anymore.  Please connect again.": errors.ConsentInvalid,
    "CodaBox consent is not valid. Please reconnect.": errors.ConsentInvalid,
    "The provided password is not valid for this VAT/Company ID number.": errors.OfficePasswordRefused,
    "The provided password is not valid for this accounting firm.": errors.OfficePasswordRefused,
    "It seems that the VAT/Company ID number you provided is not valid. Please check your configuration.": errors.CompanyNumberRefused,
    "It seems that the VAT/Company ID number you provided does not exist in CodaBox. "
    "Please check your configuration.": errors.OfficeUnknown,
    "It seems you have already created a connection to CodaBox with this account. To create a new connection, you must first revoke the "
    "old one on myCodaBox portal.": errors.AlreadyRegistered,
    "No files were found. Please check your configuration.": errors.NoFiles,
    "Please upgrade the module CodaBox.": errors.ModuleTooOld,
    "Please install the module CodaBox Bridge Wizard to use this feature": errors.ModuleTooOld,
    "The company VAT/ID number is not set.": errors.CompanyNumberMissing,
    "The company VAT number or ID is not set.": errors.CompanyNumberMissing,
    "The feature is restricted to Accounting Firms.": errors.NotAnOffice,
}
"""Section 3 of the contract, whole."""

MANUALS: Texts = {
    "No connection exists with these accounting firms and company VAT numbers. Please check your configuration.": errors.NoConnection,
    "The provided password is not valid for this accounting firm. You must reuse the password you received from Odoo during your first "
    "connection.": errors.OfficePasswordRefused,
    "It seems that the company or accounting firm VAT number you provided is not valid. "
    "Please check your configuration.": errors.CompanyNumberRefused,
    "It seems that the accounting firm VAT number you provided does not exist in CodaBox. "
    "Please check your configuration.": errors.OfficeUnknown,
    "It seems you have already created a connection to CodaBox with this accounting firm. To create a new connection, you must first "
    "revoke the old one on myCodaBox portal.": errors.AlreadyRegistered,
    "It seems that the fiduciary VAT number you provided is not valid. Please check your configuration.": errors.CompanyNumberRefused,
    "It seems that the fiduciary VAT number you provided does not exist in CodaBox. Please check your configuration.": errors.OfficeUnknown,
    "Error while connecting to the IAP server. Please contact Odoo support.": errors.ProxyDown,
    "It seems that your CodaBox connection is not valid anymore. Please check your configuration.": errors.ConsentInvalid,
    "It seems that no connection linked to your database/VAT number exists. Please check your configuration.": errors.NoConnection,
    "It seems you have already created a connection to CodaBox with this fiduciary. To create a new connection, you must first revoke the "
    "old one on myCodaBox portal.": errors.AlreadyRegistered,
    "The provided access token is not valid for this fiduciary. Please check your configuration. If you have lost your access token, "
    "please contact Odoo support.": errors.ModuleTooOld,
    "A previous CodaBox registration already exists. Paste the access token from a previous connection here. Odoo will generate a new "
    "one, exclusive to this database.": errors.ModuleTooOld,
    "Please install the module CodaBox Bridge Wizard to use this feature (you may have to Update the Apps List "
    "first).": errors.ModuleTooOld,
    "Codabox is not configured. Please check your configuration.": errors.CodaBoxNotConfigured,
}
"""The wordings of Odoo's manuals of 16 and 17, Belgium > CodaBox > Potential issues."""

ODOO: Texts = {
    "Access Denied": errors.LoginRefused,
    "Invalid apikey": errors.LoginRefused,
    'FATAL:  database "nosuchdb" does not exist': errors.DatabaseMissing,
    "Object l10n_be_codabox.connection.wizard doesn't exist": errors.ModelMissing,
    "The method 'res.company.l10n_be_codabox_connect' does not exist": errors.MethodMissing,
    "Private methods (such as _l10n_be_codabox_status) cannot be called remotely.": errors.MethodMissing,
    "Invalid field 'l10n_be_codabox_is_connected' on 'res.company'": errors.FieldMissing,
    "You are not allowed to access 'Config Settings' (res.config.settings) records.": errors.RightsMissing,
    'You do not have enough rights to access the fields "fidu_password" on CodaBox Validation Wizard.': errors.RightsMissing,
    "Access to unauthorized or invalid companies.": errors.RightsMissing,
    "Record does not exist or has been deleted.\n(Record: res.users(999,), User: 999)": errors.RecordGone,
}
"""Odoo itself, as recorded."""

EVERYTHING: Texts = CONTRACT | MANUALS | ODOO
