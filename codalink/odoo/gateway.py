"""The interface that the rest of codalink knows of Odoo: call a method of a model in a database.

A protocol (jsonrpc.py) implements `Gateway`; wrappers may stand around it with the same interface. Arguments are always named, because
JSON-2 knows no others; a protocol that wants them in order puts them there itself.
"""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NewType, Protocol
from urllib.parse import quote, urlsplit

from codalink.errors import AddressRefused
from codalink.secrets.masked import Secret

Json = object
"""What an answer may be before somebody has looked at it."""

DatabaseName = NewType("DatabaseName", str)

_HOST = re.compile(r"(\*\.)?[\w.-]+|[0-9a-f:.]+(%[\w.-]+)?")
"""A name, also one with accents, or an address. With anything else, such as a backslash, browsers go elsewhere than other programs."""


@dataclass(frozen=True, order=True)
class ServerUrl:
    """Address of an Odoo server: scheme, host and port, without path. Made by `parse`."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "ServerUrl":
        """Read an address as people type it. A missing scheme is https; a path is dropped.

        Raises AddressRefused where it is no http(s) address, carries a login, or would send secrets unencrypted over the network: http is
        for loopback only.
        """
        address = text.strip()
        if not re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*://", address):
            address = f"https://{address}"
        if "@" in re.sub(r"[/?#].*", "", address.partition("://")[2]):
            raise AddressRefused("The address contains a login. codalink keeps logins apart, and secrets in the keyring only.")
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise AddressRefused(f"{text!r} is not an address: {error}.") from error
        host = (parts.hostname or "").lower()
        if parts.scheme not in {"http", "https"} or port == 0 or not _HOST.fullmatch(host):
            raise AddressRefused(f"{text!r} is not the address of a web server.")
        if parts.scheme == "http" and not is_loopback(host):
            raise AddressRefused(f"http://{host} would send passwords unencrypted over the network.")
        return cls(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{host}" if is_default else f"{self.scheme}://{host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether `host` (name or address, without brackets) is this computer itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class OdooProtocol(Enum):
    """A way to speak with Odoo, the best first; the value is what the configuration calls it."""

    JSON_2 = "json-2"
    JSON_RPC = "json-rpc"
    XML_RPC = "xml-rpc"


@dataclass(frozen=True, order=True)
class DatabaseAddress:
    """One customer database: where it is, and who logs in there.

    `protocol` is None where codalink finds out by itself which one the server speaks.
    """

    server: ServerUrl
    name: DatabaseName
    login: str
    protocol: OdooProtocol | None = field(default=None, compare=False)

    @property
    def link(self) -> str:
        """Address of the database's login page, to click on."""
        name = quote(self.name, safe="", errors="replace")  # JSON can name half a character
        return f"{self.server}/web?db={name}"

    def __str__(self) -> str:
        return f"{self.name} on {self.server}"


@dataclass(frozen=True)
class Account:
    """The login and its password or API key, for one server."""

    login: str
    secret: Secret


class Patience(Enum):
    """How long an answer may take, in seconds, once the request is sent. Connecting has its own, short limit."""

    LOOK = 60.0
    """Reading and writing in Odoo itself. A first login on a cold database takes seconds."""
    CODABOX = 150.0
    """Odoo asks its proxy, and that one CodaBox."""
    RETRIEVE = 960.0
    """Fetching files: up to 15 minutes (contract, section 2)."""


@dataclass(frozen=True)
class Call:
    """One call of a model's method.

    `ids` are the records it is called on, None for a method of the model itself. `changes` says whether doing it twice could differ from
    doing it once, in Odoo or behind it: such a call is never repeated without looking first. A `Secret` among the arguments is
    opened by the protocol.
    """

    model: str
    method: str
    ids: tuple[int, ...] | None = None
    arguments: Mapping[str, Json] = field(default_factory=dict)
    companies: tuple[int, ...] = ()
    """The companies the call is about (`allowed_company_ids`); empty for the user's own."""
    changes: bool = False
    patience: Patience = Patience.LOOK

    @property
    def context(self) -> dict[str, Json]:
        """Odoo's context: always English, so that errors can be told apart."""
        context: dict[str, Json] = {"lang": "en_US"}
        if self.companies:
            context["allowed_company_ids"] = list(self.companies)
        return context


class Gateway(Protocol):
    """One conversation with one database, logged in when first needed, once.

    Not for several threads at a time; several gateways are.
    """

    @property
    def database(self) -> DatabaseAddress:
        """The database at the other end."""

    def execute(self, call: Call) -> Json:
        """Carry out the call and return what Odoo answers, None included.

        Raises ServerError where no usable answer came (its `may_have_happened` says whether the call may have run all the same), OdooError
        where Odoo refused. Safe to call again only where `call.changes` is false or the error says that nothing happened.
        """


class Gateways(Protocol):
    """What the use cases know of connecting. Safe for several threads."""

    def open(self, database: DatabaseAddress) -> Gateway:
        """The conversation with this database; the same one for the whole run, so that codalink logs in once. Makes no call itself."""

    def version(self, server: ServerUrl) -> str:
        """The server's version, asked once a run. Raises ServerError."""

    def protocol(self, database: DatabaseAddress) -> OdooProtocol | None:
        """The protocol that was chosen for a database in this run; None where it was not asked."""

    def database_names(self, server: ServerUrl) -> list[DatabaseName]:
        """All databases of a server. Raises DatabaseListClosed where it keeps them to itself, ServerError."""


def search_read(
    model: str, domain: Sequence[Json], fields: Sequence[str], *, order: str = "id", limit: int | None = None, companies: Sequence[int] = ()
) -> Call:
    """Call that reads the fields of the records in `domain`; answers a list of dicts, each with `id`."""
    arguments: dict[str, Json] = {"domain": list(domain), "fields": list(fields), "order": order}
    if limit is not None:
        arguments["limit"] = limit
    return Call(model, "search_read", arguments=arguments, companies=tuple(companies))


def read(model: str, record_id: int, fields: Sequence[str], *, companies: Sequence[int] = ()) -> Call:
    """Call that reads one record; answers a list with one dict, or an empty one where the record is gone."""
    return Call(model, "read", ids=(record_id,), arguments={"fields": list(fields)}, companies=tuple(companies))


def create(model: str, values: Mapping[str, Json], *, companies: Sequence[int] = (), changes: bool = True) -> Call:
    """Call that makes one record; answers its id, in a list. A transient record that nobody needs twice may be made twice."""
    return Call(model, "create", arguments={"vals_list": [dict(values)]}, companies=tuple(companies), changes=changes)


def write(
    model: str, record_ids: Sequence[int], values: Mapping[str, Json], *, companies: Sequence[int] = (), changes: bool = True
) -> Call:
    """Call that changes fields of records; answers true. Writing what may as well be written twice doesn't count as changing."""
    return Call(model, "write", ids=tuple(record_ids), arguments={"vals": dict(values)}, companies=tuple(companies), changes=changes)


def press(
    model: str,
    button: str,
    record_id: int,
    *,
    companies: Sequence[int] = (),
    patience: Patience = Patience.CODABOX,
    changes: bool = True,
) -> Call:
    """Call of a button's method on one record; answers an action."""
    return Call(model, button, ids=(record_id,), companies=tuple(companies), changes=changes, patience=patience)
