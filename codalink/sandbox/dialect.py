"""Where Odoo 18 and Odoo 19 answer differently: texts of errors, and names that may not be called."""

from collections.abc import Iterable

from codalink.sandbox.odoo_errors import AccessError
from codalink.sandbox.users import ACCOUNTING_GROUP, ADMIN_GROUP
from codalink.sandbox.versions import parse_version

_GROUP_18 = "Administration / Settings"
_GROUP_19 = "Role / Administrator"

# Which groups Odoo names where a whole model is refused. The settings' were recorded; the accounting ones follow their pattern,
# with the names that the module `account` gives its groups in these versions.
_ALLOWED_18 = {
    ADMIN_GROUP: ("Administration/Settings",),
    ACCOUNTING_GROUP: ("Accounting/Billing", "Accounting/Billing Administrator", "Technical/Show Accounting Features - Readonly"),
}
_ALLOWED_19 = {
    ADMIN_GROUP: (_GROUP_19,),
    ACCOUNTING_GROUP: ("Accounting/Administrator", "Accounting/Invoicing", "Show Accounting Features - Readonly"),
}

# Public names that 19 marks as private (recorded: `check_access`, and `exists` over JSON-2).
_PRIVATE_19 = frozenset({"check_access", "exists"})


class Dialect:
    """The wordings of one major version."""

    def __init__(self, version: str) -> None:
        self.is_18 = parse_version(version).major < 19
        self.error_code = 200 if self.is_18 else 0

    def is_private(self, method: str) -> bool:
        """Say whether the method is closed to remote callers."""
        return method.startswith("_") or (not self.is_18 and method in _PRIVATE_19)

    def private_method(self, model: str, method: str) -> AccessError:
        """Refuse a method that exists but is not for remote callers."""
        name = method if self.is_18 else f"'{model}.{method}'"
        return AccessError(f"Private methods (such as {name}) cannot be called remotely.")

    def missing_method(self, model: str, method: str) -> AttributeError:
        """Say that the model has no such method."""
        if self.is_18:
            return AttributeError(f"The method '{method}' does not exist on the model '{model}'")
        return AttributeError(f"The method '{model}.{method}' does not exist")

    def unknown_field(self, model: str, field: str) -> ValueError:
        """Say that the model has no such field, on reading and writing."""
        return ValueError(f"Invalid field '{field}' on {'model ' if self.is_18 else ''}'{model}'")

    def unknown_field_in_domain(self, model: str, path: str, operator: str, value: object) -> ValueError:
        """Say that the model has no such field, in a search."""
        word = "leaf" if self.is_18 else "condition"
        return ValueError(f"Invalid field {model}.{path} in {word} ({path!r}, {operator!r}, {value!r})")

    def field_access(self, description: str, model: str, fields: Iterable[str], uid: int) -> AccessError:
        """Refuse fields that only administrators may read."""
        names = sorted(fields)
        if self.is_18:
            listed = ", ".join(f'"{name}"' for name in names)
            who = "".join(f"\n- {name} (allowed for groups '{_GROUP_18}')" for name in names)
            return AccessError(_FIELD_ACCESS.format(f"fields {listed}", description, model, uid) + f"Fields:{who}")
        head = _FIELD_ACCESS.format(f'field "{names[0]}"', description, model, uid)
        return AccessError(f"{head}Groups: allowed for groups '{_GROUP_19}'")

    def model_access(self, operation: str, description: str, model: str, group: str) -> AccessError:
        """Refuse an operation (`access`, `create`, `modify`, `delete`) on a whole model to who is not in a group."""
        allowed = "".join(f"\n\t- {name}" for name in (_ALLOWED_18 if self.is_18 else _ALLOWED_19)[group])
        return AccessError(
            f"You are not allowed to {operation} '{description}' ({model}) records.\n\n"
            f"This operation is allowed for the following groups:{allowed}\n\n"
            "Contact your administrator to request access if necessary."
        )

    def invalid_vat(self, vat: str, partner: str) -> str:
        """Word the constraint on a partner's VAT number."""
        shown, blanks = (vat, " ") if self.is_18 else (vat.removeprefix("BE"), "  ")
        return (
            f"\nThe VAT number [{shown}] for partner [{partner}] does not seem to be valid.{blanks}\n"
            "Note: the expected format is BE0477472701"
        )


_FIELD_ACCESS = (
    "You do not have enough rights to access the {} on {} ({}). Please contact your system administrator.\n\nOperation: read\nUser: {}\n"
)

_DIALECTS = {18: Dialect("18.0"), 19: Dialect("19.0")}


def dialect_of(version: str) -> Dialect:
    """Find the dialect of a version like ``18.0`` or ``saas~18.2+e``; older ones speak 18, newer ones 19."""
    return _DIALECTS[18 if parse_version(version).major < 19 else 19]
