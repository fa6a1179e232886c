"""A process that dies at a point, within this one: from there on it does nothing any more. Faster than SIGKILL (killing.py)."""

from dataclasses import dataclass

from codalink.odoo.gateway import Call, DatabaseAddress, Gateway, Json

NEVER = 10_000


class Killed(BaseException):
    """The process is gone."""


class Points:
    """Counts what happens (1 is the first), and lets nothing happen from one point on."""

    def __init__(self, at: int) -> None:
        self.left = at

    def pass_one(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Killed


@dataclass(frozen=True)
class DyingGateway:
    """A real conversation with Odoo, with a point before and after each call."""

    inner: Gateway
    points: Points

    @property
    def database(self) -> DatabaseAddress:
        return self.inner.database

    def execute(self, call: Call) -> Json:
        self.points.pass_one()
        answer = self.inner.execute(call)
        self.points.pass_one()
        return answer
