"""`res.users.apikeys`: the users' keys, and making and revoking them over RPC, as Odoo allows from 2026 on."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from codalink.sandbox.fields import Field, Fields, char, many2one
from codalink.sandbox.models import BaseModel, model_method
from codalink.sandbox.odoo_errors import AccessDenied, UserError

if TYPE_CHECKING:
    from codalink.sandbox.world import Row

_MOST_KEYS = 10
_FORMAT = "%Y-%m-%d %H:%M:%S"


class ApiKeys(BaseModel):
    """`res.users.apikeys`; the keys themselves are nowhere to be read."""

    model_name = "res.users.apikeys"
    description = "Users API Keys"
    fields: ClassVar[Fields] = {
        "name": char("Description", required=True, readonly=True),
        "user_id": many2one("res.users", "User", required=True, readonly=True),
        "scope": char("Scope", readonly=True),
        "expiration_date": Field("datetime", "Expiration Date", readonly=True),
    }

    def rows(self) -> "dict[int, Row]":
        """Give the keys as rows; others' keys show to administrators only. Ids are unique in the database."""
        user = self.env.user
        return {
            holder.uid * 1000 + key.id: {
                "name": key.name,
                "user_id": holder.uid,
                "scope": key.scope,
                "create_date": _written(key.created_s),
                "expiration_date": _written(key.expires_s),
            }
            for holder in self.env.database.users.values()
            if user.is_admin or holder is user
            for key in holder.api_keys.values()
        }


class ApiKeysOverRpc(ApiKeys):
    """The same where keys can be made and revoked over RPC."""

    @model_method
    def generate(self, key: str, scope: str | None, name: str, expiration_date: str | None) -> str:
        """Make a new key, which is shown this once; one that is valid must be given as a proof.

        Only administrators get this far, whose keys may live for any time; None is for ever.
        """
        env = self.env
        user = env.user
        self.check_operation("create")
        self._check_proof(key)
        if len(user.api_keys) >= _MOST_KEYS:
            raise UserError(f"You cannot have more than {_MOST_KEYS} API keys.")
        expires = _read(expiration_date)
        now = datetime.fromtimestamp(env.world.clock(), UTC)
        if expires is not None and expires <= now:
            raise UserError("The expiration date must be in the future.")
        made = user.add_key(
            name=name,
            scope=scope or "rpc",
            created_s=now.timestamp(),
            expires_s=expires.timestamp() if expires else None,
        )
        env.on_rollback(lambda: user.api_keys.pop(made, None))
        return made

    @model_method
    def revoke(self, key: str) -> None:
        """Take away a key, which may be the very one that is used for asking."""
        self.check_operation("unlink")
        self._check_proof(key)
        api_keys = self.env.user.api_keys
        revoked = api_keys.pop(key)
        self.env.on_rollback(lambda: api_keys.__setitem__(key, revoked))

    def _check_proof(self, key: str) -> None:
        if not self.env.user.accepts_key(key, self.env.world.clock()):
            raise AccessDenied


def _written(seconds: float | None) -> str | bool:
    return False if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime(_FORMAT)


def _read(text: str | None) -> datetime | None:
    """Read a date, with or without the time of day; ValueError where it is none, as from Odoo's own `fromisoformat`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
