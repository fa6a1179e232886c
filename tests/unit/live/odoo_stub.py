"""A minimal fake of the package `odoo`, to run the add-on of tests/live without a server: records, buttons, transactions, field groups.

It knows as much of Odoo as the add-on uses and is no judge of anything else. Contents of a database are plain rows, as in the sandbox.
"""

import copy
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Self, TypeVar

ADDONS = Path(__file__).parents[2] / "live" / "addons"
ADMIN = "base.group_system"
Row = dict[str, Any]
Kind = TypeVar("Kind", bound="Model")


class UserError(Exception):
    """Odoo's, with the text as its first argument."""


class AccessError(UserError):
    """Odoo's."""


class Field:
    """A field, as a descriptor."""

    def __init__(self, kind: str, *args: Any, **given: Any) -> None:
        self.type = kind
        self.comodel: str = given.get("comodel_name") or (args[0] if kind in _RELATIONS and args else "")
        self.string: str = given.get("string") or (args[0] if kind not in _RELATIONS and args else "")
        self.compute: str = given.get("compute", "")
        self.related: str = given.get("related", "")
        self.groups: str = given.get("groups", "")
        self.required: bool = given.get("required", False)
        self.inverse: str = given.get("inverse_name", "")

    @property
    def label(self) -> str:
        """What Odoo calls it where nothing is given."""
        return self.string or self.name.replace("_", " ").title()

    @property
    def is_readonly(self) -> bool:
        return bool(self.compute or self.related)

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    def __get__(self, record: "Model | None", _owner: type | None = None) -> Any:
        if record is None:
            return self
        if not record:
            return record.env[self.comodel] if self.type in _RELATIONS else _EMPTY.get(self.type, False)
        if self.groups and not (record.env.is_superuser or record.env.is_admin):
            raise AccessError(f"no right to read {self.name}")
        if self.related:
            value: Any = record
            for part in self.related.split("."):
                value = getattr(value, part)
            return value
        if self.compute:
            getattr(record, self.compute)()
            return record.env.computed[record._name, record.id, self.name]
        stored = record._row().get(self.name, _EMPTY.get(self.type, False))
        return record.env[self.comodel].browse(stored or ()) if self.type in _RELATIONS else stored

    def __set__(self, record: "Model", value: Any) -> None:
        if self.compute:
            record.env.computed[record._name, record.id, self.name] = value
        else:
            record.write({self.name: value})


_RELATIONS = frozenset({"many2one", "many2many", "one2many"})
_EMPTY: dict[str, Any] = {"integer": 0, "monetary": 0.0, "many2many": (), "one2many": ()}
_KINDS = ("Char", "Boolean", "Integer", "Many2one", "Many2many", "One2many", "Monetary", "Date", "Binary", "Selection")


def _kind(name: str) -> Callable[..., Field]:
    return lambda *args, **given: Field(name.lower(), *args, **given)


DEFINED: list[type["Model"]] = []


class Model:
    """A set of records."""

    _name: ClassVar[str] = ""
    _inherit: ClassVar[str] = ""
    _description: ClassVar[str] = ""
    is_transient = False
    env: "Environment"
    ids: list[int]

    def __init_subclass__(cls) -> None:
        if "_name" in vars(cls) or "_inherit" in vars(cls):
            DEFINED.append(cls)

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """All fields by name."""
        return {name: one for kind in reversed(cls.__mro__) for name, one in vars(kind).items() if isinstance(one, Field)}

    @property
    def id(self) -> Any:
        (only,) = self.ids or [False]
        return only

    def __iter__(self) -> Iterator[Self]:
        return (self.browse(one) for one in self.ids)

    def __bool__(self) -> bool:
        return bool(self.ids)

    def __or__(self, other: "Model") -> Self:
        return self.browse([*self.ids, *(one for one in other.ids if one not in self.ids)])

    def browse(self, ids: int | Iterable[int] = ()) -> Self:
        return self.env.records(type(self), [ids] if isinstance(ids, int) else list(ids))

    def sudo(self) -> Self:
        return self.env.as_superuser().records(type(self), self.ids)

    def ensure_one(self) -> None:
        if len(self.ids) != 1:
            raise ValueError(f"Expected singleton: {self._name}{tuple(self.ids)}")

    def exists(self) -> Self:
        return self.browse(one for one in self.ids if one in self._rows())

    def search(self, domain: list[Any], **_kwargs: Any) -> Self:
        return self.browse(key for key in self._rows() if all(self.browse(key)._is(*term) for term in domain))

    def filtered(self, holds: Callable[[Any], Any]) -> Self:
        return self.browse(one.id for one in self if holds(one))

    def create(self, values: Row) -> Self:
        key = max(self.env.cursor.last_ids.get(self._name, 0), *self._rows(), 0) + 1
        self.env.cursor.last_ids[self._name] = key
        self._rows()[key] = {}
        made = self.browse(key)
        made.write(values)
        if missing := [name for name, field in self.fields().items() if field.required and not self._rows()[key].get(name)]:
            raise ValueError(f"missing in {self._name}: {missing}")
        return made

    def write(self, values: Row) -> bool:
        for name, value in values.items():
            field = self.fields().get(name)
            if field is None:
                raise ValueError(f"Invalid field '{name}' on '{self._name}'")
            for record in self:
                self._rows()[record.id][name] = record._stored(field, value)
        return True

    def _stored(self, field: Field, value: Any) -> Any:
        """Carry out the commands of a relation; what is left is what a row holds."""
        if field.type == "one2many":
            return [self.env[field.comodel].create({**given, field.inverse: self.id}).id for _, _, given in value]
        if field.type == "many2many":
            return [key for _, _, keys in value for key in keys]
        return value

    def _rows(self) -> dict[int, Row]:
        return self.env.cursor.rows.setdefault(self._name, {})

    def _row(self) -> Row:
        return self._rows()[self.id]

    def _is(self, name: str, operator: str, value: Any) -> bool:
        found = getattr(self, name)
        found = found.id if isinstance(found, Model) else found
        return bool(found == value if operator == "=" else found != value if operator == "!=" else found in value)


class TransientModel(Model):
    """Records that Odoo forgets after an hour; not here."""

    is_transient = True


class Cursor:
    """One database, and what was last committed there."""

    def __init__(self, rows: dict[str, dict[int, Row]]) -> None:
        self.rows = rows
        self.last_ids: dict[str, int] = {}
        self.commit()

    def commit(self) -> None:
        self._kept = copy.deepcopy(self.rows)

    def rollback(self) -> None:
        self.rows = copy.deepcopy(self._kept)


class Environment:
    """Who asks, where, and how."""

    def __init__(self, registry: dict[str, type[Model]], cursor: Cursor, context: Row, *, is_admin: bool, is_superuser: bool) -> None:
        self.registry, self.cursor, self.context = registry, cursor, context
        self.is_admin, self.is_superuser = is_admin, is_superuser
        self.computed: dict[tuple[str, int, str], Any] = {}

    @property
    def cr(self) -> Cursor:
        return self.cursor

    @property
    def user(self) -> Any:
        return self["res.users"]

    def __getitem__(self, model: str) -> Any:
        return self.records(self.registry[model], [])

    def records(self, kind: type[Kind], ids: list[int]) -> Kind:
        made = kind()
        made.env, made.ids = self, ids
        return made

    def as_superuser(self) -> "Environment":
        return Environment(self.registry, self.cursor, self.context, is_admin=self.is_admin, is_superuser=True)


# --- what Community brings -------------------------------------------------------------------------------------------------------------


def _community(fields: ModuleType) -> None:
    """Define Odoo's own models, as far as the add-on touches them; classes announce themselves."""

    class Partner(Model):
        _name = "res.partner"
        name, vat = fields.Char(), fields.Char()

    class Company(Model):
        _name = "res.company"
        partner_id = fields.Many2one("res.partner")
        name = fields.Char(related="partner_id.name")
        vat = fields.Char(related="partner_id.vat")
        company_registry = fields.Char(related="partner_id.company_registry")

    class Registry(Model):
        _inherit = "res.partner"
        company_registry = fields.Char()

    class Settings(TransientModel):
        _name = "res.config.settings"
        company_id = fields.Many2one("res.company", required=True)

    class AccountJournal(Model):
        _name = "account.journal"
        name, code, type, bank_acc_number = fields.Char(), fields.Char(), fields.Char(), fields.Char()
        company_id = fields.Many2one("res.company")
        bank_statements_source = fields.Selection()

        def __get_bank_statements_available_sources(self) -> list[tuple[str, str]]:
            return [("undefined", "Undefined Yet")]

        def bank_feeds(self) -> list[tuple[str, str]]:
            return self.__get_bank_statements_available_sources()

    class Statement(Model):
        _name = "account.bank.statement"
        name, date = fields.Char(), fields.Date()
        journal_id = fields.Many2one("account.journal")
        company_id = fields.Many2one(related="journal_id.company_id", comodel_name="res.company")
        balance_start, balance_end_real = fields.Monetary(), fields.Monetary()
        line_ids = fields.One2many("account.bank.statement.line", inverse_name="statement_id")
        attachment_ids = fields.Many2many("ir.attachment")

    class Line(Model):
        _name = "account.bank.statement.line"
        date, payment_ref, amount = fields.Date(), fields.Char(), fields.Monetary()
        statement_id = fields.Many2one("account.bank.statement")
        journal_id = fields.Many2one("account.journal", required=True)

    class Move(Model):
        _name = "account.move"
        ref, date, move_type = fields.Char(), fields.Date(), fields.Char()
        journal_id = fields.Many2one("account.journal")

    class Attachment(Model):
        _name = "ir.attachment"
        name, mimetype, datas, res_model, res_id = fields.Char(), fields.Char(), fields.Binary(), fields.Char(), fields.Integer()

    class Parameter(Model):
        _name = "ir.config_parameter"
        key, value = fields.Char(), fields.Char()

        def get_param(self, key: str) -> Any:
            return self.search([("key", "=", key)]).value

    class Users(Model):
        _name = "res.users"

        def has_group(self, group: str) -> bool:
            return group == ADMIN and self.env.is_admin

    class Keys(Model):
        _name = "res.users.apikeys"

        def _generate(self, scope: str, name: str, expiration_date: object) -> str:
            return f"key for {scope}: {name}, until {expiration_date}"


# --- putting it together -----------------------------------------------------------------------------------------------------------------


def _modules() -> dict[str, ModuleType]:
    names = ("odoo", "odoo.api", "odoo.fields", "odoo.models", "odoo.exceptions", "odoo.addons")
    made = {name: ModuleType(name) for name in names}
    for name in names[1:]:
        setattr(made["odoo"], name.partition(".")[2], made[name])
    vars(made["odoo.fields"]).update({kind: _kind(kind) for kind in _KINDS})
    vars(made["odoo.models"]).update(Model=Model, TransientModel=TransientModel, AbstractModel=Model)
    vars(made["odoo.exceptions"]).update(UserError=UserError, AccessError=AccessError)
    vars(made["odoo.api"]).update(model=lambda method: method, depends=lambda *_names: lambda method: method)
    made["odoo.addons"].__path__ = [str(ADDONS)]
    made["odoo"].__path__ = []
    return made


@contextmanager
def imported_addon() -> Iterator[dict[str, type[Model]]]:
    """Import the add-on as Odoo would; answers all models by name. Nothing of it is left in `sys.modules` afterwards."""
    made = _modules()
    before = set(sys.modules)
    sys.modules.update(made)
    DEFINED.clear()
    try:
        _community(made["odoo.fields"])
        importlib.import_module("odoo.addons.l10n_be_codabox")
        yield _registry(DEFINED)
    finally:
        for name in [name for name in sys.modules if name not in before]:
            del sys.modules[name]


def _registry(defined: Iterable[type[Model]]) -> dict[str, type[Model]]:
    parts: dict[str, list[type[Model]]] = {}
    for one in defined:
        parts.setdefault(one._inherit or one._name, []).insert(0, one)
    # Not through the metaclass's announcement: the final classes have no name of their own in their bodies.
    return {name: type(name, tuple(kinds), {}) for name, kinds in parts.items()}


class Database:
    """One database with the add-on installed. Each call is a transaction, as over RPC."""

    def __init__(self, registry: dict[str, type[Model]], rows: dict[str, dict[int, Row]], proxy_url: str) -> None:
        parameters = {1: {"key": "l10n_be_codabox.stand_in_proxy", "value": proxy_url}}
        self.registry = registry
        self.cursor = Cursor({**rows, "ir.config_parameter": parameters})

    def environment(self, context: Row | None = None, *, is_admin: bool = True) -> Environment:
        return Environment(self.registry, self.cursor, context or {}, is_admin=is_admin, is_superuser=False)

    def call(self, model: str, ids: list[int], method: str, *args: Any, context: Row | None = None, is_admin: bool = True) -> Any:
        """Call a method of some records; undone where it fails, as far as it has not committed."""
        records = self.environment(context, is_admin=is_admin)[model].browse(ids)
        try:
            answer = getattr(records, method)(*args)
        except BaseException:
            self.cursor.rollback()
            raise
        self.cursor.commit()
        return answer
