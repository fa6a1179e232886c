"""One call of one method on one model: finding the method, the rights to it, and the transaction around it."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from codalink.sandbox.environment import Environment
from codalink.sandbox.models import INTERNAL, BaseModel
from codalink.sandbox.odoo_errors import UserError, WebError

if TYPE_CHECKING:
    from codalink.sandbox.users import User
    from codalink.sandbox.world import CustomerDatabase, World


def find_method(env: Environment, model: str, method: str) -> Callable[..., Any]:
    """Find what a client may call; raises what Odoo raises where it may not, or where there is nothing."""
    model_class = env.registry.get(model)
    if model_class is None:
        raise UserError(f"Object {model} doesn't exist")
    if env.dialect.is_private(method):
        raise env.dialect.private_method(model, method)
    found = _public_function(model_class, method)
    if found is None:
        raise env.dialect.missing_method(model, method)
    return found


# Looked up for every call, and dear: Python searches the whole class hierarchy without running any code of it.
_FUNCTIONS: dict[tuple[type[BaseModel], str], Callable[..., Any] | None] = {}


def _public_function(model_class: type[BaseModel], method: str) -> Callable[..., Any] | None:
    key = (model_class, method)
    if key not in _FUNCTIONS:
        found = None if method in INTERNAL else inspect.getattr_static(model_class, method, None)
        _FUNCTIONS[key] = found if inspect.isfunction(found) else None
    return _FUNCTIONS[key]


def call_positional(
    world: "World",
    database: "CustomerDatabase",
    user: "User",
    model: str,
    method: str,
    args: list[Any],
    kwargs: dict[str, Any],
) -> Any:  # noqa: ANN401 - whatever the method answers
    """Call as `execute_kw` does: ids first where the method is of records, the context among the keywords."""
    named = dict(kwargs)
    context = named.pop("context", None) or {}
    with _transaction(world, database, user, context) as env:
        return _call(env, find_method(env, model, method), model, args, named)


def call_named(
    world: "World",
    database: "CustomerDatabase",
    user: "User",
    model: str,
    method: str,
    ids: object,
    kwargs: dict[str, Any],
) -> Any:  # noqa: ANN401 - whatever the method answers
    """Call as JSON-2 does: all arguments named, ids apart (None where there are none); what does not fit is a WebError.

    Ids of an odd type are taken apart as Python does, so that the text ``"1"`` is a record that does not exist.
    """
    named = dict(kwargs)
    context = dict(named.pop("context", None) or {})
    with _transaction(world, database, user, context) as env:
        if model not in env.registry:
            raise WebError(404, f"the model {model!r} does not exist")
        try:
            function = find_method(env, model, method)
        except AttributeError as error:
            raise WebError(404, str(error)) from None
        if ids and getattr(function, "is_model_method", False):
            raise WebError(422, f"cannot call {model}.{method} with ids")
        chosen = [ids] if isinstance(ids, int) else ids or []
        records = env.browse(model, *chosen)  # type: ignore[misc]  # whatever came over the wire
        try:
            _signature(function).bind(records, **named)
        except TypeError as error:
            raise WebError(422, str(error)) from None
        return function(records, **named)


@contextmanager
def _transaction(world: "World", database: "CustomerDatabase", user: "User", context: dict[str, Any]) -> Iterator[Environment]:
    """Give one call its surroundings. If it fails the database is left as it was, except for what was committed."""
    with database.lock:
        env = Environment(world, database, user, context)
        try:
            yield env
        except BaseException:
            env.rollback()
            raise


@lru_cache(maxsize=1024)
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


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
