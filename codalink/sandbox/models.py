"""The generic half of a simulated database: what every model of Odoo can do over RPC.

Public methods of these classes are what a client may call, with the same names and arguments as in Odoo; wrong
arguments therefore fail with the very texts of Python that Odoo passes on. Helpers that a client must not reach are
properties or are listed in `INTERNAL`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from codalink.sandbox import texts
from codalink.sandbox.domain import compile_domain
from codalink.sandbox.fields import Field, Fields, char, many2one
from codalink.sandbox.odoo_errors import AccessError, MissingError, ValidationError
from codalink.sandbox.users import ADMIN_GROUP

if TYPE_CHECKING:
    from codalink.sandbox.environment import Environment
    from codalink.sandbox.world import Row

Method = TypeVar("Method", bound=Callable[..., Any])
Guards = Mapping[str, str]

INTERNAL = frozenset({"assign", "check_operation", "linked", "rows", "shown", "sort", "store", "value"})

_TRANSIENT_LIFE_S = 3600.0


EVERYBODY: Guards = {}
"""Nothing is guarded."""


def fully_guarded(group: str) -> Guards:
    """Guard all operations, reading too."""
    return dict.fromkeys(("read", "create", "write", "unlink"), group)


def model_method(method: Method) -> Method:
    """Mark a method of the model as a whole: callers give no ids (Odoo's `@api.model`)."""
    method.is_model_method = True  # type: ignore[attr-defined]
    return method


def _display_name(record: "BaseModel") -> object:
    return record.value("name") if "name" in record.fields else f"{record.model_name},{record.ids[0]}"


COMMON_FIELDS: dict[str, Field] = {
    "id": Field("integer", "ID", readonly=True),
    "display_name": char("Display Name", readonly=True, compute=_display_name),
    "create_uid": many2one("res.users", "Created by", readonly=True),
    "create_date": Field("datetime", "Created on", readonly=True),
    "write_uid": many2one("res.users", "Last Updated by", readonly=True),
    "write_date": Field("datetime", "Last Updated on", readonly=True),
}


class BaseModel:
    """A set of records of one model, seen by one user."""

    model_name: ClassVar[str] = ""
    description: ClassVar[str] = ""
    order: ClassVar[str] = "id"
    fields: ClassVar[Fields] = {}
    is_transient: ClassVar[bool] = False
    is_per_company: ClassVar[bool] = False
    guards: ClassVar[Guards] = {"create": ADMIN_GROUP, "write": ADMIN_GROUP, "unlink": ADMIN_GROUP}
    """The group that an operation takes, of read, create, write and unlink; all others are everybody's."""

    def __init__(self, env: "Environment", ids: tuple[int, ...] = ()) -> None:
        self.env = env
        self.ids = ids

    # Not for clients ----------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Self]:
        return (type(self)(self.env, (record_id,)) for record_id in self.ids)

    def rows(self) -> "dict[int, Row]":
        """Give the stored rows by id; wizards older than an hour are vacuumed first."""
        rows = self.env.database.table(self.model_name).rows
        if self.is_transient and rows:
            oldest = self.env.world.clock() - _TRANSIENT_LIFE_S
            for gone in [key for key, row in rows.items() if row["created_s"] < oldest]:
                del rows[gone]
        return rows

    def value(self, name: str) -> Any:  # noqa: ANN401 - the type is the field's
        """Give the raw value of one record's field, or of a path of them: an id for a many2one, False where unset."""
        record_id = self.ids[0]
        if name == "id":
            return record_id
        field = self.fields.get(name)
        if field is None:
            return self._value_at_end(name)
        if field.compute is not None:
            return field.compute(self)
        if field.related:
            return self._value_at_end(field.related)
        row = self.rows().get(record_id)
        return field.empty if row is None or name not in row else row[name]

    def _value_at_end(self, path: str) -> Any:  # noqa: ANN401
        """Follow a path like ``partner_id.vat`` through many2one fields; ValueError where there is no such field."""
        name, _, rest = path.partition(".")
        if not rest:
            raise self.env.dialect.unknown_field(self.model_name, name)
        linked = self.value(name)
        return self.env.browse(self.fields[name].relation, linked).value(rest) if linked else False

    def linked(self, name: str) -> "list[BaseModel]":
        """Give the records that a relation of this record leads to."""
        found = self.value(name)
        ids = found if isinstance(found, list) else [found] if found else []
        return [self.env.browse(self.fields[name].relation, record_id) for record_id in ids]

    def store(self, **values: Any) -> None:  # noqa: ANN401 - values of any field
        """Write raw values as the system itself: no rights asked, undone when the call fails."""
        rows = self.rows()
        for record_id in self.ids:
            row = rows[record_id]
            before = dict(row)
            self.env.on_rollback(lambda row=row, before=before: (row.clear(), row.update(before)))  # type: ignore[misc]
            row.update(values, write_uid=self.env.user.uid, write_date=self.env.now())

    def check_operation(self, operation: str) -> None:
        """Raise AccessError, or MissingError, unless the user may do this to these records."""
        env = self.env
        group = self.guards.get(operation)
        if group is not None and group not in env.user.groups:
            verb = {"read": "access", "write": "modify", "unlink": "delete"}.get(operation, operation)
            raise env.dialect.model_access(verb, self.description, self.model_name, group)
        rows = self.rows()
        for record_id in self.ids:
            if record_id not in rows:
                record = f"(Record: {self.model_name}({record_id},), User: {env.user.uid})"
                raise MissingError(f"{env.text(texts.RECORD_GONE)}\n{record}")
            if self.is_per_company and rows[record_id].get("company_id") not in env.companies:
                raise AccessError(
                    f"Uh-oh! Looks like you have stumbled upon some top-secret records.\n\n"
                    f"Sorry, {env.user.login} (id={env.user.uid}) doesn't have '{operation}' access to:\n"
                    f"- {self.description} ({self.model_name})"
                )

    def sort(self, ids: list[int], order: str) -> list[int]:
        """Sort ids by an order like ``date desc, id``; what is unset goes last, as in PostgreSQL."""
        for part in reversed(order.split(",")):
            name, _, direction = part.strip().partition(" ")
            if name not in self.fields:
                raise self.env.dialect.unknown_field(self.model_name, name)
            if len(ids) < 2:
                continue
            key = "display_name" if self.fields[name].type == "many2one" else ""
            descending = direction.strip().lower() == "desc"
            ids.sort(key=lambda one, name=name, key=key: self._sort_key(one, name, key), reverse=descending)  # type: ignore[misc]
        return ids

    def _sort_key(self, record_id: int, name: str, linked_name: str) -> tuple[bool, Any]:
        record = type(self)(self.env, (record_id,))
        value = record.value(name)
        if linked_name and value:
            value = record.linked(name)[0].value(linked_name)
        return (value is False, value)

    def _check_known(self, names: "Mapping[str, object] | list[str]") -> None:
        for name in names:
            if name not in self.fields:
                raise self.env.dialect.unknown_field(self.model_name, name)

    def _read_format(self, fields: list[str] | None = None, load: str | None = "_classic_read") -> list[dict[str, Any]]:
        names = fields or [name for name, field in self.fields.items() if self._may_read(field)]
        self._check_known(names)
        refused = [name for name in names if not self._may_read(self.fields[name])]
        if refused:
            raise self.env.dialect.field_access(self.description, self.model_name, refused, self.env.user.uid)
        rows = self.rows()
        shown = [(name, self.fields[name]) for name in dict.fromkeys(["id", *names])]
        return [{name: record.shown(name, field, load) for name, field in shown} for record in self if record.ids[0] in rows]

    def _may_read(self, field: Field) -> bool:
        return not field.admin_only or self.env.user.is_admin

    def shown(self, name: str, field: Field, load: str | None) -> Any:  # noqa: ANN401
        """Give a value as a client sees it: a many2one with the name of what it leads to."""
        value = self.value(name)
        if field.type == "many2one" and value and load:
            linked = self.env.browse(field.relation, value)
            return [value, linked.value("display_name")]
        return value

    def _visible(self) -> list[int]:
        if not self.is_per_company:
            return list(self.rows())
        companies = self.env.companies
        return [key for key, row in self.rows().items() if row.get("company_id") in companies]

    # For clients --------------------------------------------------------------------------------

    @model_method
    def search(self, domain: list[Any], offset: int = 0, limit: int | None = None, order: str | None = None) -> list[int]:
        """Find ids."""
        self.check_operation("read")
        test = compile_domain(self, domain)
        mentions_active = any(isinstance(item, list | tuple) and item[0] == "active" for item in domain)
        if "active" in self.fields and not mentions_active and self.env.context.get("active_test", True):
            wanted = test
            test = lambda record: record.value("active") and wanted(record)  # noqa: E731 - one more condition
        found = [one for one in self._visible() if test(type(self)(self.env, (one,)))]
        found = self.sort(found, order or self.order)
        return found[offset : offset + limit if limit else None]

    @model_method
    def search_count(self, domain: list[Any], limit: int | None = None) -> int:
        """Count what a search would find."""
        return len(self.search(domain, limit=limit))

    @model_method
    def search_read(
        self,
        domain: list[Any] | None = None,
        fields: list[str] | None = None,
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
        **read_kwargs: Any,  # noqa: ANN401 - passed on, as in Odoo
    ) -> list[dict[str, Any]]:
        """Find and read in one go."""
        found = self.search(domain or [], offset=offset, limit=limit, order=order)
        return type(self)(self.env, tuple(found))._read_format(fields, **read_kwargs)  # noqa: SLF001 - its own class

    def read(self, fields: list[str] | None = None, load: str | None = "_classic_read") -> list[dict[str, Any]]:
        """Read these records; those that are gone are left out."""
        values = self._read_format(fields, load)
        existing = tuple(row["id"] for row in values)
        type(self)(self.env, existing).check_operation("read")
        return values

    @model_method
    def create(self, vals_list: list[dict[str, Any]] | dict[str, Any]) -> list[int]:
        """Make records; always answers a list of ids (who answers the client unpacks it for a single dict)."""
        self.check_operation("create")
        return [self._create_one(values) for values in ([vals_list] if isinstance(vals_list, dict) else vals_list)]

    def _create_one(self, values: dict[str, Any]) -> int:
        env = self.env
        self._check_known(values)
        now = env.now()
        table = env.database.table(self.model_name)
        self.rows()  # vacuums
        row: Row = {"create_uid": env.user.uid, "create_date": now, "write_uid": env.user.uid, "write_date": now}
        if self.is_transient:
            row["created_s"] = env.world.clock()
        record_id = table.insert(row)
        env.on_rollback(lambda: table.rows.pop(record_id, None))
        type(self)(env, (record_id,)).assign(self._defaults() | values)
        for name, field in self.fields.items():
            if field.required and field.stored and not row.get(name):
                raise ValidationError(
                    "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n\n"
                    f"Model: {self.description} ({self.model_name})\nField: {field.string} ({name})\n"
                )
        return record_id

    def _defaults(self) -> dict[str, Any]:
        return {}

    def write(self, vals: dict[str, Any]) -> bool:
        """Change records."""
        self.check_operation("write")
        self._check_known(vals)
        self.assign(vals)
        return True

    def assign(self, vals: dict[str, Any]) -> None:
        """Set values as a client gives them: checked, and passed on to where a related field really stands."""
        stored: dict[str, Any] = {}
        for name, value in vals.items():
            field = self.fields[name]
            if field.type == "selection" and field.checked and value and value not in dict(field.selection):
                raise ValueError(f"Wrong value for {self.model_name}.{name}: {value!r}")
            if field.related:
                first, _, rest = field.related.partition(".")
                for record in self:
                    for linked in record.linked(first):
                        linked.assign({rest: value})
            elif field.stored:
                stored[name] = field.empty if value is None or value == "" else value
        self.store(**stored)

    def unlink(self) -> bool:
        """Delete records."""
        self.check_operation("unlink")
        rows = self.rows()
        for record_id in self.ids:
            row = rows.pop(record_id)
            self.env.on_rollback(lambda record_id=record_id, row=row: rows.__setitem__(record_id, row))  # type: ignore[misc]
        return True

    @model_method
    def fields_get(self, allfields: list[str] | None = None, attributes: list[str] | None = None) -> dict[str, dict[str, Any]]:
        """Describe the fields this user may read; unknown names are left out."""
        described = {
            name: field.description(name)
            for name, field in self.fields.items()
            if (not allfields or name in allfields) and self._may_read(field)
        }
        if not attributes:
            return described
        return {name: {key: value for key, value in description.items() if key in attributes} for name, description in described.items()}

    def check_access(self, operation: str) -> None:
        """Ask whether an operation is allowed (open to clients in 18 only)."""
        self.check_operation(operation)

    def exists(self) -> list[int]:
        """Tell which of these records are still there (open to clients in 18 only)."""
        rows = self.rows()
        return [record_id for record_id in self.ids if record_id in rows]
