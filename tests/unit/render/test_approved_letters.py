"""Every letter in every language, compared with what somebody has read and approved."""

from pathlib import Path

import pytest

from codalink.office.advice.letters import Language, LetterKind
from codalink.render.letters import Templates
from tests.approved import HERE, assert_approved
from tests.unit.render.letters import letter

EVERY = [(kind, language) for kind in LetterKind for language in Language]
EVERY_NAME = [f"{kind.value}.{language.value}" for kind, language in EVERY]


@pytest.mark.parametrize(("kind", "language"), EVERY, ids=EVERY_NAME)
def test_letter_reads_as_approved(kind: LetterKind, language: Language, tmp_path: Path) -> None:
    written = Templates(tmp_path).write(letter(kind, language))
    assert_approved(f"letters/{kind.value}.{language.value}.txt", str(written))


def test_nothing_else_is_approved() -> None:
    kept = {path.stem for path in (HERE / "letters").iterdir() if ".received." not in path.name}
    assert kept == set(EVERY_NAME)
