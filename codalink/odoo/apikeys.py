"""API keys as Odoo shows and changes them over RPC (`res.users.apikeys`).

Sources: contract, section 6; Odoo's manual, "Programmatic Key Management". Making and revoking takes the right Administration: Settings; a
user has ten keys at most. Making takes a valid key as a proof, which a password is not. Neither may be repeated without looking.
"""

from dataclasses import dataclass
from datetime import date

from codalink.errors import (
    AnswerUnexpected,
    CodalinkError,
    FieldMissing,
    KeysNotOffered,
    LoginRefused,
    MethodMissing,
    ModelMissing,
    OdooFailed,
    OdooRefused,
)
from codalink.odoo import answers
from codalink.odoo.choosing import preferred
from codalink.odoo.gateway import Call, Gateway, Json, OdooProtocol, read, search_read
from codalink.secrets.masked import Secret

_MODEL = "res.users.apikeys"


@dataclass(frozen=True)
class KeyRecord:
    """A key as Odoo lists it; the key itself it doesn't tell. `expires` is None where it never does, and where Odoo doesn't know (17)."""

    name: str
    created: date | None
    expires: date | None


def is_key(secret: Secret) -> bool:
    """Whether a secret has the form of Odoo's API keys; a password may have any other."""
    return OdooProtocol.JSON_2 in preferred(secret)


def own_login(gateway: Gateway) -> str:
    """The login that the gateway's secret belongs to. Two calls; with JSON-2, where nobody logs in, the only way to know.

    Raises LoginRefused where the secret is not accepted.
    """
    context = gateway.execute(Call("res.users", "context_get"))
    uid = context.get("uid") if isinstance(context, dict) else None
    if not answers.is_id(uid):
        raise AnswerUnexpected("Odoo was asked who is logged in and gave something else.")
    found = answers.rows(gateway.execute(read("res.users", int(str(uid)), ["login"])), "the user")
    return answers.text(found[0], "login") if found else ""


def is_accepted(gateway: Gateway) -> bool:
    """Whether Odoo accepts the gateway's secret. One call. Raises ServerError, and OdooError other than LoginRefused."""
    try:
        gateway.execute(Call("res.users", "context_get"))
    except LoginRefused:
        return False
    return True


def key_records(gateway: Gateway, login: str) -> list[KeyRecord]:
    """The keys of a login that have not expired, as Odoo lists them. One call; two where this version knows no expiry."""
    try:
        rows = _key_rows(gateway, login, ["name", "create_date", "expiration_date"])
    except FieldMissing:
        rows = _key_rows(gateway, login, ["name", "create_date"])
    return [KeyRecord(answers.text(row, "name"), answers.day(row, "create_date"), answers.day(row, "expiration_date")) for row in rows]


def _key_rows(gateway: Gateway, login: str, fields: list[str]) -> list[answers.Row]:
    """Administrators see everybody's keys, so the login has to be said."""
    return answers.rows(gateway.execute(search_read(_MODEL, [["user_id.login", "=", login]], fields)), "its API keys")


def generate_key(gateway: Gateway, proof: Secret, name: str, expires: date) -> Secret:
    """Make a new key for the user who holds the key `proof`. One call, not repeatable: if its answer is lost, Odoo has a key nobody knows.

    Raises KeysNotOffered where this database doesn't let keys be made from outside; LoginRefused or RightsMissing, depending on the
    protocol, where `proof` is no key of this user.
    """
    arguments: dict[str, Json] = {"key": proof, "scope": None, "name": name, "expiration_date": expires.isoformat()}
    answer = _asked(gateway, Call(_MODEL, "generate", arguments=arguments, changes=True))
    if not isinstance(answer, str) or not answer:
        raise AnswerUnexpected("Odoo was asked to make an API key and gave something else.")
    return Secret(answer)


def revoke_key(gateway: Gateway, key: Secret) -> None:
    """Make `key` worthless; it may be another one than the gateway's. One call, not repeatable.

    Raises LoginRefused or RightsMissing, depending on the protocol, where there is no such key; KeysNotOffered.
    """
    _asked(gateway, Call(_MODEL, "revoke", arguments={"key": key}, changes=True))


def _asked(gateway: Gateway, call: Call) -> Json:
    """Execute the call; what says that keys are not to be had this way becomes KeysNotOffered."""
    where = f"The database {gateway.database.name}"
    try:
        return gateway.execute(call)
    except (MethodMissing, ModelMissing) as error:
        raise KeysNotOffered(f"{where} doesn't let API keys be made or revoked from outside: its Odoo is too old for that.") from error
    except OdooFailed as error:
        if "has no attribute" in error.cause:  # how versions before 19 say that a method is missing
            raise KeysNotOffered(f"{where} doesn't let API keys be made or revoked from outside: its Odoo is too old for that.") from error
        raise
    except OdooRefused as error:
        raise KeysNotOffered(f"{where} refuses: {error.cause.rstrip('.')}.", remedy=_refusal_remedy(error)) from error


def _refusal_remedy(error: CodalinkError) -> str:
    if "not enabled" in error.cause:
        return (
            "The account needs the right Administration: Settings; or an administrator sets the system parameter "
            "base.enable_programmatic_api_keys to True in Odoo."
        )
    if "exceed" in error.cause or "expiration" in error.cause:
        return "Ask for a shorter life with --days."
    return "Remove keys that nobody needs in Odoo (your name at the top right > Preferences > Account Security), then try again."
