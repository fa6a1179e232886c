"""Fields of simulated models: what `fields_get` says of them, and how their values come about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codalink.sandbox.models import BaseModel

type_defaults: dict[str, Any] = {"integer": 0, "float": 0.0, "monetary": 0.0}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `related` is a path like ``partner_id.vat``; `compute` gets the record and answers the raw value."""

    type: str
    string: str
    relation: str = ""
    required: bool = False
    readonly: bool = False
    related: str = ""
    compute: "Callable[[BaseModel], Any] | None" = None
    selection: tuple[tuple[str, str], ...] = ()
    checked: bool = True
    """A selection whose list is computed is stored unchecked, as recorded (`selection_dynamic`)."""
    searchable: bool = True
    admin_only: bool = False
    unset: Any = None
    """What an unset field holds, where it is not its type's usual value."""

    @property
    def stored(self) -> bool:
        """Whether the value stands in the record itself."""
        return not self.related and self.compute is None

    @property
    def empty(self) -> Any:  # noqa: ANN401 - the type is the field's
        """What an unset field holds; a fresh list for relations to many."""
        if self.unset is not None:
            return self.unset
        return [] if self.type in {"one2many", "many2many"} else type_defaults.get(self.type, False)

    def description(self, name: str) -> dict[str, Any]:
        """Describe the field as `fields_get` does."""
        described: dict[str, Any] = {
            "name": name,
            "type": self.type,
            "string": self.string,
            "readonly": self.readonly,
            "required": self.required,
            "store": self.stored,
            "searchable": self.searchable,
        }
        if self.relation:
            described["relation"] = self.relation
        if self.type == "selection":
            described["selection"] = [list(choice) for choice in self.selection]
        return described


Fields = dict[str, Field]


def char(string: str, **options: Any) -> Field:  # noqa: ANN401 - options are Field's own
    """Make a text field."""
    return Field("char", string, **options)


def boolean(string: str, **options: Any) -> Field:  # noqa: ANN401 - options are Field's own
    """Make a yes/no field."""
    return Field("boolean", string, **options)


def many2one(relation: str, string: str, **options: Any) -> Field:  # noqa: ANN401 - options are Field's own
    """Make a reference to one record, stored as its id."""
    return Field("many2one", string, relation=relation, **options)
