"""What people are told to run can be run: every command and option that the catalogue, the states and the situations name is there."""

import re
from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperGroup

from codalink.cli.app import app
from codalink.errors import catalogue
from codalink.office.advice.explain import UNKNOWN, topics
from codalink.office.advice.situations import advices

_COMMAND = re.compile(r"`(codalink [^`]+)`")


def _named() -> Iterator[str]:
    for topic in (*topics(), UNKNOWN):
        yield from _COMMAND.findall(" ".join((topic.meaning, *topic.steps)))
        if topic.next_command.startswith("codalink "):
            yield topic.next_command
    for kind in catalogue.kinds():
        yield from _COMMAND.findall(kind.default_remedy)
    yield from (advice.letter_command for advice in advices() if advice.letter)


def _options(command: str) -> tuple[set[str], list[str]]:
    """The options of the command that these words lead to, and the words that are left."""
    found = typer.main.get_command(app)
    left = command.split()[1:]
    while isinstance(found, TyperGroup) and left:
        assert left[0] in found.commands, f"there is no `{command}`"
        found = found.commands[left.pop(0)]
    assert not isinstance(found, TyperGroup), f"`{command}` is no command of its own"
    return {option for parameter in found.params for option in parameter.opts}, left


@pytest.mark.parametrize("command", sorted(set(_named())))
def test_command_that_people_are_told_to_run_is_there(command: str) -> None:
    options, left = _options(command)

    assert {word for word in left if word.startswith("--")} <= options
