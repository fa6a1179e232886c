"""One call of one method on one model: finding the method, the rights to it, and the transaction around it."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codalink.sandbox.environment import Environment
from codalink.sandbox.models import INTERNAL
from codalink.sandbox.odoo_errors import UserError

if TYPE_CHECKING:
    from codalink.sandbox.world import CustomerDatabase, User, World


def find_method(env: Environment, model: str, method: str) -> Callable[..., Any]:
    """Find what a client may call; raises what Odoo raises where it may not, or where there is nothing."""
    model_class = env.registry.get(model)
    if model_class is None:
        raise UserError(f"Object {model} doesn't exist")
    if env.dialect.is_private(method):
        raise env.dialect.private_method(model, method)
    found = None if method in INTERNAL else inspect.getattr_static(model_class, method, None)
    if not inspect.isfunction(found):
        raise env.dialect.missing_method(model, method)
    return found


def call_positional(
    world: "World",
    database: "CustomerDatabase",
    user: "User",
    model: str,
    method: str,
    args: list[Any],
    kwargs: dict[str, Any],
) -> Any:  # noqa: ANN401 - whatever the method answers
    """Call as `execute_kw` does: ids first where the method is of records, the context among the keywords.

    A failing call leaves the database as it was, except for what the method committed.
    """
    named = dict(kwargs)
    context = named.pop("context", None) or {}
    with database.lock:
        env = Environment(world, database, user, context)
        function = find_method(env, model, method)
        try:
            return _call(env, function, model, args, named)
        except BaseException:
            env.rollback()
            raise


def _call(env: Environment, function: Callable[..., Any], model: str, args: list[Any], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
    # 18 holds arguments in a tuple, 19 in a list, which shows when one is missing (recorded: `create_keyword`).
    given: Any = tuple(args) if env.dialect.is_18 else list(args)
    if not getattr(function, "is_model_method", False):
        ids, given = given[0], given[1:]
        records = env.browse(model, *([ids] if isinstance(ids, int) else ids or []))
        return function(records, *given, **kwargs)
    result = function(env.browse(model), *given, **kwargs)
    if function.__name__ == "create":
        return result[0] if isinstance(given[0], dict) else result
    return result
