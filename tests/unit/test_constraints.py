"""The versions that everybody installs: constraints.txt names one for whatever pyproject.toml asks for, and for all that comes with it."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[2]
PINNED = {
    pin.name: pin
    for line in (CHECKOUT / "constraints.txt").read_text(encoding="ascii").splitlines()
    if not line.startswith("#")
    for pin in [Requirement(line)]
}
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]


def version_of(pin: Requirement) -> str:
    (only,) = pin.specifier
    assert only.operator == "=="
    return only.version


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_is_asked_for_is_pinned_to_a_version_that_will_do(asked: Requirement) -> None:
    """Where this fails, pyproject.toml was changed: `make lock`."""
    assert asked.specifier.contains(version_of(PINNED[asked.name]))


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_comes_with_it_is_pinned_too(asked: Requirement) -> None:
    missing = []
    for line in distribution(asked.name).requires or []:
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            missing += [] if needed.name.lower().replace("_", "-").replace(".", "-") in PINNED else [needed.name]

    assert missing == []


def test_no_place_of_anybody_s_is_named() -> None:
    """Neither a registry nor a folder: each has his own."""
    assert re.findall(r"://|file:|--|/\w+/", (CHECKOUT / "constraints.txt").read_text(encoding="ascii")) == []
