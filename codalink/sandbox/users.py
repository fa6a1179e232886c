"""Who may use a database: its users, their passwords and their API keys. No behaviour of Odoo in here."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

USER_GROUP = "base.group_user"
ADMIN_GROUP = "base.group_system"
"""Who may change settings."""
ACCOUNTING_GROUP = "account.group_account_manager"
"""Who may see and change journals, statements and entries."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One API key. Times are seconds since 1970; `expires_s` None is never."""

    id: int
    name: str
    scope: str = "rpc"
    created_s: float = 0.0
    expires_s: float | None = None

    def is_valid(self, now_s: float) -> bool:
        """Say whether it has not expired."""
        return self.expires_s is None or now_s < self.expires_s


@dataclass(slots=True)
class User:
    """One login of a database. Language decides in which words Odoo complains.

    `first_keys` are keys the user has from the beginning, which never expire.
    """

    uid: int
    login: str
    password: str
    first_keys: Iterable[str] = ()
    groups: frozenset[str] = frozenset({USER_GROUP, ADMIN_GROUP, ACCOUNTING_GROUP})
    lang: str = "en_US"
    has_two_factors: bool = False
    """Whether the password is refused over RPC, where nobody can type the second factor; keys work."""
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    """What is known of each key, by the key itself."""

    def __post_init__(self) -> None:
        for key in self.first_keys:
            self.add_key(key)
        self.first_keys = ()

    @property
    def is_admin(self) -> bool:
        """Whether the user may change settings (`base.group_system`)."""
        return ADMIN_GROUP in self.groups

    def add_key(
        self,
        key: str = "",
        name: str = "codalink",
        scope: str = "rpc",
        *,
        created_s: float = 1_767_340_800.0,
        expires_s: float | None = None,
    ) -> str:
        """Give the user a key, a random one unless told which; answers it."""
        made = key or secrets.token_hex(20)
        number = max((known.id for known in self.api_keys.values()), default=0) + 1
        self.api_keys[made] = ApiKey(number, name, scope, created_s, expires_s)
        return made

    def accepts(self, secret: object, now_s: float) -> bool:
        """Check a password or an API key at some time."""
        if not isinstance(secret, str):
            return False
        return (secret == self.password and not self.has_two_factors) or self.accepts_key(secret, now_s)

    def accepts_key(self, key: str, now_s: float) -> bool:
        """Check an API key; one that has expired is refused as a wrong one is."""
        known = self.api_keys.get(key)
        return known is not None and known.is_valid(now_s)
