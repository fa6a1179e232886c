"""The catalogue: every kind once, in one order, and known by its wordings and by no other one's."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from codalink import errors
from codalink.errors import CodalinkError, catalogue
from tests.unit.errors.texts import EVERYTHING
from tests.unit.recorded import Recorded, everything

KINDS = catalogue.kinds()
WORDINGS = [(wording, kind) for kind in KINDS for wording in catalogue.own(kind, "wordings")]
every_wording = pytest.mark.parametrize(("wording", "kind"), WORDINGS, ids=[wording for wording, _ in WORDINGS])
every_text = pytest.mark.parametrize("text", EVERYTHING, ids=lambda text: text[:40])


def _fitting(text: str) -> list[type[CodalinkError]]:
    flags = re.IGNORECASE | re.DOTALL
    return list(dict.fromkeys(kind for wording, kind in WORDINGS if re.search(wording, text, flags)))


# --- texts ---------------------------------------------------------------------------------------------------------------------------


@every_text
def test_text_is_of_its_kind(text: str) -> None:
    assert catalogue.of_wording(text) is EVERYTHING[text]


@every_text
def test_text_fits_no_other_kind(text: str) -> None:
    assert _fitting(text) == [EVERYTHING[text]]


@every_text
@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: f"{text}\n\n(and something new)"], ids=["upper", "lower", "longer"])
def test_text_is_known_in_other_letters_and_with_more_behind(text: str, change: Callable[[str], str]) -> None:
    if text not in {"Access Denied", "Invalid apikey"}:  # too short to be sure with more behind
        assert catalogue.of_wording(change(text)) is EVERYTHING[text]


@pytest.mark.parametrize("line", [line for line in everything() if line.error], ids=lambda line: f"{line.version}-{line.name}")
def test_recorded_text_fits_one_kind_at_most(line: Recorded) -> None:
    assert line.error is not None
    _, message = line.error

    assert len(_fitting(message.strip())) <= 1


@pytest.mark.parametrize("text", ["", "Something new from Odoo 21", "The new passwords do not match.", "CodaBox", "Access Denied to all"])
def test_unknown_text_is_of_no_kind(text: str) -> None:
    assert catalogue.of_wording(text) is None


# --- kinds ---------------------------------------------------------------------------------------------------------------------------


def test_every_kind_is_there_once() -> None:
    assert len(set(KINDS)) == len(KINDS) > 80


def test_every_public_error_is_in_the_catalogue_or_groups_some() -> None:
    public = {getattr(errors, name) for name in errors.__all__} - {errors.Turn, CodalinkError}
    groups = {kind for kind in public if "default_cause" not in vars(kind)}

    assert public - groups == set(KINDS)
    assert all(kind.__subclasses__() for kind in groups)


def test_parents_stand_before_their_children() -> None:
    assert all(KINDS.index(parent) < KINDS.index(kind) for kind in KINDS for parent in kind.__mro__[1:] if parent in KINDS)


def test_every_kind_stands_under_one_heading() -> None:
    branches = [branch for branch in catalogue.BRANCHES for kind in KINDS if issubclass(kind, branch)]

    assert len(branches) == len(KINDS)


@pytest.mark.parametrize("first", ["codalink.errors.mandates", "codalink.errors.usage", "codalink.odoo.faults"])
def test_order_does_not_depend_on_what_is_imported_first(first: str) -> None:
    program = f"import {first}; from codalink.errors.catalogue import kinds; print(*(kind.__name__ for kind in kinds()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)

    assert done.stdout.split() == [kind.__name__ for kind in KINDS]


# --- wordings for people ---------------------------------------------------------------------------------------------------------------


@every_wording
def test_wording_can_be_read_by_people(wording: str, kind: type[CodalinkError]) -> None:
    assert not re.search(r"[\\*^$?|+\[\]]", catalogue.readable(wording))


@every_wording
def test_what_people_read_is_known_again(wording: str, kind: type[CodalinkError]) -> None:
    assert catalogue.of_wording(catalogue.readable(wording)) is kind


def test_wording_shows_where_anything_may_stand() -> None:
    assert catalogue.readable(r"^The method '\S+' does not exist") == "The method '…' does not exist"


def test_wording_that_begins_in_the_midst_of_a_sentence_shows_it() -> None:
    assert catalogue.readable("connecting to the IAP server") == "… connecting to the IAP server"


@pytest.mark.parametrize("name", ["wordings", "other_wordings", "guesses"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_pattern_is_a_regular_expression(kind: type[CodalinkError], name: str) -> None:
    for pattern in catalogue.own(kind, name):
        re.compile(pattern)
