"""What one remote call works in: database, user, context, and the wish to undo everything if it fails."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from codalink.sandbox import texts
from codalink.sandbox.dialect import dialect_of
from codalink.sandbox.odoo_errors import AccessError
from codalink.sandbox.registry import Registry, registry_of

if TYPE_CHECKING:
    from codalink.sandbox.models import BaseModel
    from codalink.sandbox.proxy import Proxy
    from codalink.sandbox.users import User
    from codalink.sandbox.world import CustomerDatabase, Row, World


class Environment:
    """The surroundings of one call, which is one transaction as in Odoo."""

    __slots__ = ("_undo", "companies", "computed", "context", "database", "dialect", "proxy", "registry", "user", "world")

    def __init__(self, world: "World", database: "CustomerDatabase", user: "User", context: dict[str, Any]) -> None:
        self.world = world
        self.proxy: Proxy = world.proxy
        self.database = database
        self.user = user
        self.context = context
        self.dialect = dialect_of(database.flavour.version)
        self.registry: Registry = registry_of(database.flavour)
        self._undo: list[Callable[[], object]] = []
        self.companies = self._visible_companies()
        # Rows of models that are not stored, where making them anew for every value would cost too much.
        self.computed: dict[str, dict[int, Row]] = {}

    def _visible_companies(self) -> frozenset[int]:
        """Say whose journals and statements this call may see: all the user's, or those that the context names."""
        existing = self.database.table("res.company").rows
        allowed = self.context.get("allowed_company_ids")
        if not allowed:
            return frozenset(existing)
        if any(company not in existing for company in allowed):
            raise AccessError(self.text(texts.FOREIGN_COMPANY))
        return frozenset(allowed)

    @property
    def language(self) -> str:
        """The language of messages: the context's, else the user's."""
        return self.context.get("lang") or self.user.lang

    def text(self, english: str) -> str:
        """Translate a message for this call."""
        return texts.translate(english, self.language)

    def now(self) -> str:
        """Give the time as Odoo stores it, in UTC."""
        return datetime.fromtimestamp(self.world.clock(), UTC).strftime("%Y-%m-%d %H:%M:%S")

    def browse(self, model: str, *ids: int) -> "BaseModel":
        """Make a recordset, without asking whether its records exist."""
        return self.registry[model](self, ids)

    def on_rollback(self, undo: Callable[[], object]) -> None:
        """Remember how to undo a change."""
        self._undo.append(undo)

    def commit(self) -> None:
        """Keep what was done so far, whatever comes."""
        self._undo.clear()

    def rollback(self) -> None:
        """Take back what was done since the last commit, the latest first."""
        while self._undo:
            self._undo.pop()()
