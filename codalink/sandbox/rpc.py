"""Odoo's RPC services `common`, `object` and `db`, the same for JSON-RPC and XML-RPC.

The functions called `exp_…` bear the names of Odoo's own, because a wrong number of arguments shows them to the client.
"""

from typing import TYPE_CHECKING, Any

from codalink.sandbox import texts
from codalink.sandbox.dialect import dialect_of
from codalink.sandbox.execute import call_positional
from codalink.sandbox.odoo_errors import AccessDenied, MissingError, PostgresError

if TYPE_CHECKING:
    from codalink.sandbox.calls import Call
    from codalink.sandbox.world import CustomerDatabase, OdooServer, User, World


def version_info(server: "OdooServer") -> dict[str, Any]:
    """Answer `common.version`."""
    numbers = [int(part) for part in server.version.split(".")]
    return {
        "server_version": server.version,
        "server_version_info": [*numbers, 0, "final", 0, ""],
        "server_serie": server.version,
        "protocol_version": 1,
    }


def dispatch(world: "World", server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401 - whatever the call answers
    """Run one call; raises whatever Odoo would."""
    if call.service == "common":
        return _common(server, call)
    if call.service == "db":
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


def _common(server: "OdooServer", call: "Call") -> Any:  # noqa: ANN401
    if call.verb == "version":
        return version_info(server)
    if call.verb == "about":
        return "See http://openerp.com"
    if call.verb == "login":
        return exp_login(server, *call.params)
    if call.verb == "authenticate":
        return exp_authenticate(server, *call.params)
    raise Exception(f"Method not found: {call.verb}")  # noqa: TRY002 - the type that Odoo raises


def exp_login(server: "OdooServer", db: object, login: object, password: object) -> int | bool:
    """Answer the uid, or False where login or secret are wrong."""
    database = find_database(server, db)
    if not password and dialect_of(server.version).is_18:
        raise AssertionError("scope and key required")
    found = (user.uid for user in database.users.values() if user.login == login and user.accepts(password))
    return next(found, False)


def exp_authenticate(server: "OdooServer", db: object, login: object, password: object, user_agent_env: object) -> int | bool:
    """Answer the uid as `exp_login` does; what the client says of itself is not looked at."""
    del user_agent_env
    return exp_login(server, db, login, password)


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
    user = _authorise(database, uid, secret)
    return call_positional(world, database, user, call.model, call.method, call.args, call.kwargs)


def _authorise(database: "CustomerDatabase", uid: object, secret: object) -> "User":
    if not uid or not secret:
        raise AccessDenied
    user = database.users.get(uid) if isinstance(uid, int) else None
    if user is None:
        raise MissingError(f"{texts.RECORD_GONE}\n(Record: res.users({uid},), User: {uid})")
    if not user.accepts(secret):
        raise AccessDenied
    return user
