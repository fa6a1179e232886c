"""Odoo's RPC services `common`, `object` and `db`, the same for JSON-RPC and XML-RPC, and JSON-2's calls beside them.

The functions called `exp_…` bear the names of Odoo's own, because a wrong number of arguments shows them to the client.
"""

from typing import TYPE_CHECKING, Any

from codalink.sandbox import texts
from codalink.sandbox.dialect import dialect_of
from codalink.sandbox.execute import call_named, call_positional
from codalink.sandbox.odoo_errors import AccessDenied, MissingError, NoDatabaseError, PostgresError, WebError
from codalink.sandbox.versions import parse_version

if TYPE_CHECKING:
    from codalink.sandbox.calls import Call
    from codalink.sandbox.users import User
    from codalink.sandbox.world import CustomerDatabase, OdooServer, World


def version_info(server: "OdooServer") -> dict[str, Any]:
    """Answer `common.version`."""
    version = parse_version(server.version)
    return {
        "server_version": server.version,
        "server_version_info": version.info(),
        "server_serie": version.series,
        "protocol_version": 1,
    }


def dispatch(world: "World", server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401 - whatever the call answers
    """Run one call; raises whatever Odoo would."""
    if call.protocol == "json2":
        return _json2(world, server, call)
    if call.service == "common":
        return _common(world, server, call)
    if call.service == "db" and server.has_db_service:
        return _db(server, call)
    if call.service == "object":
        return _object(world, server, call)
    raise KeyError(call.service)


def find_database(server: "OdooServer", name: object) -> "CustomerDatabase":
    """Find a database, or fail as PostgreSQL does."""
    found = server.databases.get(name) if isinstance(name, str) else None
    if found is None:
        text = f'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  database "{name}" does not exist\n'
        raise PostgresError("psycopg2.OperationalError", text)
    return found


def _common(world: "World", server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401
    if call.verb == "version":
        return version_info(server)
    if call.verb == "about":
        return "See http://openerp.com"
    if call.verb == "login":
        return exp_login(*call.params, server=server, now_s=world.clock())
    if call.verb == "authenticate":
        return exp_authenticate(*call.params, server=server, now_s=world.clock())
    raise Exception(f"Method not found: {call.verb}")  # noqa: TRY002 - the type that Odoo raises


def exp_login(db: object, login: object, password: object, *, server: "OdooServer", now_s: float) -> int | bool:
    """Answer the uid, or False where login or secret are wrong."""
    database = find_database(server, db)
    if not password and dialect_of(server.version).is_18:
        raise AssertionError("scope and key required")
    found = (user.uid for user in database.users.values() if user.login == login and user.accepts(password, now_s))
    return next(found, False)


def exp_authenticate(
    db: object, login: object, password: object, user_agent_env: object, *, server: "OdooServer", now_s: float
) -> int | bool:
    """Answer the uid as `exp_login` does; what the client says of itself is not looked at."""
    del user_agent_env
    return exp_login(db, login, password, server=server, now_s=now_s)


def _db(server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401
    if call.verb == "list":
        if not server.list_db:
            raise AccessDenied
        return sorted(server.databases)
    if call.verb == "db_exist":
        return call.params[0] in server.databases
    if call.verb == "server_version":
        return server.version
    raise KeyError(call.verb)


def _object(world: "World", server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401
    if call.verb not in ("execute", "execute_kw"):
        raise NameError(f"Method not available {call.verb}")
    database_name, uid, secret = call.params[:3]
    database = find_database(server, database_name)
    user = _authorise(database, uid, secret, world.clock())
    return call_positional(world, database, user, call.model, call.method, call.args, call.kwargs)


def _authorise(database: "CustomerDatabase", uid: object, secret: object, now_s: float) -> "User":
    if not uid or not secret:
        raise AccessDenied
    user = database.users.get(uid) if isinstance(uid, int) else None
    if user is None:
        raise MissingError(f"{texts.RECORD_GONE}\n(Record: res.users({uid},), User: {uid})")
    if not user.accepts(secret, now_s):
        raise AccessDenied
    return user


def refuse_secret(call: "Call") -> bool:
    """Answer a call as if its password or key were none: False to a login, an error to all else."""
    if call.protocol == "json2":
        raise WebError(401, "Invalid apikey")
    if call.service == "common":
        return False
    raise AccessDenied


def _json2(world: "World", server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401
    database = server.databases.get(call.database)
    if database is None:
        raise NoDatabaseError(call.database)
    key = call.params[1]
    if not key:
        raise WebError(401, "User not authenticated, use an API Key with a Bearer Authorization header.")
    now_s = world.clock()
    user = next((user for user in database.users.values() if user.accepts_key(key, now_s)), None)
    if user is None:
        raise WebError(401, "Invalid apikey")
    return call_named(world, database, user, call.model, call.method, call.args[0] if call.args else None, call.kwargs)
