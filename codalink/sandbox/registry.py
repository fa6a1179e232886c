"""Which models a database has, according to its version and to the modules installed there."""

from functools import lru_cache
from typing import TYPE_CHECKING

from codalink.sandbox import accounting, api_keys, base_models, codabox, codabox_files, codabox_wizards, modules, office_apps, system_models
from codalink.sandbox.models import COMMON_FIELDS, BaseModel
from codalink.sandbox.versions import parse_version

if TYPE_CHECKING:
    from codalink.sandbox.world import Flavour

Registry = dict[str, type[BaseModel]]

_STANDARD: tuple[type[BaseModel], ...] = (
    base_models.Country,
    base_models.Currency,
    base_models.Partner,
    base_models.ResCompany,
    system_models.Users,
    api_keys.ApiKeys,
    modules.Module,
    system_models.IrModel,
    system_models.Cron,
    system_models.ConfigParameter,
    base_models.Attachment,
    base_models.Message,
    base_models.Settings,
    accounting.AccountJournal,
    accounting.BankStatement,
    accounting.BankStatementLine,
    accounting.Move,
)
_CODABOX: tuple[type[BaseModel], ...] = (
    codabox.CodaboxCompany,
    codabox.CodaboxSettings,
    codabox_wizards.ConnectionWizard,
    codabox_wizards.ValidationWizard,
    codabox_wizards.ChangePasswordWizard,
    codabox_files.CodaboxJournal,
)
_CODABOX_OLD: tuple[type[BaseModel], ...] = (
    codabox.CodaboxCompany,
    codabox.OldSettings,
    codabox_files.CodaboxJournal,
)


@lru_cache(maxsize=64)
def registry_of(flavour: "Flavour") -> Registry:
    """Put a database's models together; later modules replace the models that they extend."""
    classes = list(_STANDARD)
    if flavour.codabox:
        classes += _CODABOX_OLD if flavour.old_module else _CODABOX
        if flavour.revoke_wizard:
            classes.append(codabox_wizards.RevokeWizard)
    if flavour.databases_app:
        classes.append(office_apps.Project)
    if flavour.is_odoo_com:
        classes.append(office_apps.OdooDatabase)
    if flavour.keys_over_rpc:
        classes.append(api_keys.ApiKeysOverRpc)
    return {model.model_name: _with_all_fields(model, flavour) for model in classes}


def _missing_fields(flavour: "Flavour") -> set[tuple[str, str]]:
    """Name the fields, with their models, that a version lacks."""
    missing = set()
    if not flavour.fiduciary_vat_field:
        missing.add(("res.company", "l10n_be_codabox_fiduciary_vat"))
    if parse_version(flavour.version).major < 18:
        missing.add(("res.users.apikeys", "expiration_date"))
    return missing


def _with_all_fields(model: type[BaseModel], flavour: "Flavour") -> type[BaseModel]:
    """Make the class a database uses: common fields added, and those its version lacks left out."""
    fields = COMMON_FIELDS | model.fields
    missing = _missing_fields(flavour)
    fields = {name: field for name, field in fields.items() if (model.model_name, name) not in missing}
    if flavour.other_feeds and model.model_name == "account.journal":
        feeds = fields["bank_statements_source"].selection[1:]
        fields |= {"bank_statements_source": accounting.bank_feed(*feeds, *accounting.OTHER_FEEDS)}
    return type(model.__name__, (model,), {"fields": fields})
