"""Whose run it is."""

import os
import re

import pytest

from codalink import __version__
from codalink.journal.runs import begin_run


def test_run_knows_command_and_version() -> None:
    run = begin_run("connect-all", "0123456749")

    assert (run.command, run.version, run.office_vat) == ("connect-all", __version__, "0123456749")


def test_runs_have_ids_of_their_own() -> None:
    ids = {begin_run("x", "").id for _ in range(100)}

    assert len(ids) == 100
    assert all(re.fullmatch("[0-9a-f]{10}", one) for one in ids)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such variables")
def test_person_is_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody else")

    assert begin_run("x", "").person not in {"", "somebody else"}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such numbers")
def test_account_without_a_name_is_told_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 54321)

    assert begin_run("x", "").person == "54321"
