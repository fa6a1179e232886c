"""What can be explained: an error, a state, a condition or a situation, all told in the same way."""

import shlex
from dataclasses import dataclass, replace
from enum import Enum

from codalink.errors import Turn, catalogue
from codalink.errors.family import code_of

_ANY_COMPANY = "COMPANY"
"""What stands for a company in commands."""


class TopicKind(Enum):
    """What a topic is; the value is its name for machines."""

    SITUATION = "situation"
    STATE = "state"
    ERROR = "error"


@dataclass(frozen=True)
class Topic:
    """One thing, what it means, whose turn it is, and what to do in order."""

    kind: TopicKind
    group: str
    """Under which heading it stands, such as `CODA mandate`."""
    name: str
    """As it is shown where it is met; an error's code."""
    meaning: str
    turn: Turn
    steps: tuple[str, ...] = ()
    """Whole sentences, in order; may be empty where it is nobody's turn."""
    next_command: str = ""
    """What to run then; empty where nothing in particular is."""
    seen: tuple[str, ...] = ()
    """How Odoo words it, for people."""

    @property
    def path(self) -> str:
        """What tells it from others of the same name, as `codalink explain` takes it."""
        return self.name if self.kind is TopicKind.ERROR else f"{self.group}: {self.name}"

    def about(self, company: str) -> "Topic":
        """The same with a company's path in the commands that name one, ready to be copied; foreign text."""
        named = shlex.quote(company)
        steps = tuple(step.replace(_ANY_COMPANY, named) for step in self.steps)
        return replace(self, steps=steps, next_command=self.next_command.replace(_ANY_COMPANY, named))


def of_error(kind: catalogue.Kind) -> Topic:
    """An error's page of the catalogue."""
    return Topic(
        TopicKind.ERROR,
        catalogue.branch_of(kind),
        code_of(kind),
        kind.default_cause,
        kind.turn,
        kind.steps or (kind.default_remedy,),
        kind.next_command or "the same command again",
        tuple(catalogue.readable(wording) for wording in catalogue.own(kind, "wordings")),
    )
