"""The CodaBox module in a database: whether it is there, recent enough, open to this account; and installing it."""

from dataclasses import dataclass
from enum import Enum

from codalink.errors import AnswerUnexpected, ModelMissing, RightsMissing
from codalink.odoo import answers
from codalink.odoo.gateway import Call, Gateway, Patience, press, search_read

_NAME = "l10n_be_codabox"
_WIZARD = "l10n_be_codabox.connection.wizard"
_GUARDED_FIELD = "fidu_password"
"""A field of the wizard that only settings administrators see (contract, section 2)."""


class ModuleState(Enum):
    """How the module stands in a database."""

    READY = "ready"
    CLOSED = "closed"
    """It is there, but this account may not connect companies: no settings administrator."""
    TOO_OLD = "too old"
    """It is there, from before the connection wizard."""
    INSTALLABLE = "installable"
    ABSENT = "absent"
    """Not even among the modules that could be installed: no Odoo Enterprise, or its list was never updated."""
    UNKNOWN = "unknown"
    """It is missing, and this account may not see the modules."""


@dataclass(frozen=True)
class Module:
    """The module in one database. `id` is that of its entry among the apps, known only where it is INSTALLABLE."""

    state: ModuleState
    id: int | None = None


def read_module(gateway: Gateway, *, is_installed: bool) -> Module:
    """How the module stands; `is_installed` is what the companies' fields told. One call.

    A field that the account may not read is absent from `fields_get` (recording company_fields_get_clerk), so one question tells of both,
    the wizard and the rights to it.
    """
    return _opened(gateway) if is_installed else _listed(gateway)


def _opened(gateway: Gateway) -> Module:
    question = Call(_WIZARD, "fields_get", arguments={"allfields": [_GUARDED_FIELD], "attributes": ["type"]})
    try:
        fields = gateway.execute(question)
    except ModelMissing:
        return Module(ModuleState.TOO_OLD)
    except RightsMissing:
        return Module(ModuleState.CLOSED)
    if not isinstance(fields, dict):
        raise AnswerUnexpected(f"Odoo was asked for the fields of {_WIZARD} and gave something else.")
    return Module(ModuleState.READY if _GUARDED_FIELD in fields else ModuleState.CLOSED)


def _listed(gateway: Gateway) -> Module:
    try:
        rows = answers.rows(gateway.execute(search_read("ir.module.module", [["name", "=", _NAME]], ["state"])), "its modules")
    except RightsMissing:
        return Module(ModuleState.UNKNOWN)
    state = answers.text(rows[0], "state") if rows else "uninstallable"
    if state == "uninstallable":
        return Module(ModuleState.ABSENT)
    if state == "installed":
        return Module(ModuleState.READY)
    return Module(ModuleState.INSTALLABLE, answers.own_id(rows[0]))


def install(gateway: Gateway, module: Module) -> None:
    """Install the module with all it needs; takes a minute or more. One call. Raises RightsMissing, OdooRefused.

    After an answer that was lost, `read_companies` tells whether it is there.
    """
    if module.id is None:
        raise ValueError(module)
    gateway.execute(press("ir.module.module", "button_immediate_install", module.id, patience=Patience.RETRIEVE))
