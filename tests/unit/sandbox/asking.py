"""Calling a simulated database without a socket, in English for its first company unless told otherwise."""

from collections.abc import Callable
from typing import Any

from codalink.sandbox import CustomerDatabase, World
from codalink.sandbox.execute import call_positional

Ask = Callable[..., Any]
EN = {"lang": "en_US", "allowed_company_ids": [1]}


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


def asking(world: World, database: CustomerDatabase, uid: int = 2) -> Ask:
    """Make a function that calls a method as this user."""

    def ask(model: str, method: str, *args: object, context: dict[str, Any] | None = None, **kwargs: object) -> object:
        named: dict[str, Any] = {**kwargs, "context": EN if context is None else context}
        return call_positional(world, database, database.users[uid], model, method, list(args), named)

    return ask
