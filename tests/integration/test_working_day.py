"""A whole working day, with every command there is, leaves no secret anywhere: not in arguments, environment, output, logs or files, not
even in those that are there for a moment only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.witness import Witness, invented, witnessed_office
from tests.integration.working_day import DAY, all_commands, keys_made, office_of_the_day, places
from tests.leaks import files_in

COMPLETING = ("-c", "import sys; sys.argv = ['codalink']; from codalink.cli.app import app; app(prog_name='codalink')")
"""codalink as a shell runs it when Tab is pressed."""


def test_every_command_has_its_time_of_day() -> None:
    assert {step.command for step in DAY} == all_commands()


@pytest.fixture(params=["plain", "awkward"])
def witness(request: pytest.FixtureRequest, tmp_path: Path, clean_environment: Path) -> Iterator[Witness]:
    world = office_of_the_day()
    with witnessed_office(invented(request.param), tmp_path, clean_environment, connected=False, world=world) as witness:
        witness.codalink.config.unlink()
        witness.codalink.sandbox.keyring.items.clear()
        yield witness


@pytest.mark.parametrize(("witness", "shown"), [("plain", "table"), ("awkward", "json"), ("awkward", "csv")], indirect=["witness"])
def test_a_whole_working_day_leaks_nothing(witness: Witness, shown: str) -> None:
    office = witness.codalink
    names = {**places(office), "shown": shown}
    witness.secrets["the API key of all databases"] = office.sandbox.world.api_key
    wrong = []

    for step in DAY:
        done = witness.run(*step.words(names), stdin=step.stdin(witness), debug=False)
        witness.secrets |= keys_made(office.sandbox)
        wrong += [str(done)] if done.exit_code != step.exit_code else []
    for words in ("codalink status --company ", "codalink keys set --database "):
        asked = {"_CODALINK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        witness.run(program=COMPLETING, environment=asked, debug=False)

    assert wrong == []
    assert not witness.leaks()
    assert missed(witness) == []


def missed(witness: Witness) -> list[str]:
    """What must have happened on such a day, or else nothing would be proven: the secrets were at work, and the witness saw everything."""
    office, seen = witness.codalink, witness.seen
    log = next(content for where, content in seen.items() if "output of log table" in where)
    signs = {
        "the office's own password": witness.office_password == office.office.password,
        "keys that were entered, imported and made": sum("API key" in name for name in witness.secrets) > 5,
        "the journal's file beside it": any("journal.sqlite-wal as it was" in where for where in seen),
        "the log of calls": any(b"res.company" in content for where, content in seen.items() if "errors of connect-all" in where),
        "completed names": any(b"klant-001" in content for where, content in seen.items() if where.endswith("output of ")),
        "the environment": any("environ" in where for where in seen),
        "the pack's contents": any("pack.zip > " in where for where in files_in(office.folder)),
        "a company that was put in order": b"set accounting firm" in log,
    }
    return [what for what, is_so in signs.items() if not is_so]
