"""SECURITY.md names a test for each attack: each of them is there."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def named() -> list[tuple[str, str]]:
    """Every test that the page names, as file and part of a name; one without a file is in the file before it."""
    found: list[tuple[str, str]] = []
    for file, part in re.findall(
        r"`((?:unit|integration|attackers|fuzz)/[\w/]+\.py)?(?:::(\w+))?`", (CHECKOUT / "SECURITY.md").read_text("utf-8")
    ):
        if file or part:
            found.append((file or found[-1][0], part))
    return found


@pytest.mark.parametrize(("file", "part"), named())
def test_named_test_is_there(file: str, part: str) -> None:
    text = (CHECKOUT / "tests" / file).read_text(encoding="utf-8")

    assert re.search(rf"^ *(def test_|class )\w*{part}", text, re.MULTILINE)


def test_page_names_many() -> None:
    assert len(named()) > 40
