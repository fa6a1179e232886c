"""The README says what the catalogue says."""

from pathlib import Path

import pytest

from codalink import errors
from codalink.render.markdown import BEGIN, END, answers

README = Path(__file__).parents[3] / "README.md"


def test_readme_tells_all_answers_as_the_catalogue_does() -> None:
    text = README.read_text(encoding="utf-8")
    written = text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()

    if written != answers():
        pytest.fail(f"The README differs from the catalogue. Between its two comments belongs:\n\n{answers()}\n", pytrace=False)


def test_every_refusal_of_codabox_has_a_row() -> None:
    assert all(kind.default_cause in answers() for kind in errors.CodaBoxError.__subclasses__())


def test_every_row_has_three_cells() -> None:
    assert {line.count("|") for line in answers().splitlines()} == {4}
