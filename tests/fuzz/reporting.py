"""Saying at the end of a test run how many inputs fuzzing has tried, in however many processes. tests/conftest.py takes the hooks over."""

from typing import Any

import pytest

from tests.fuzz.trying import WANTED, Tried

_COUNTED: list[int] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A run that was asked for takes as long as it takes."""
    for item in items:
        if WANTED and "fuzz" in item.path.parts:
            item.add_marker(pytest.mark.timeout(0))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that collects the results, where there are several."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is None:
        _COUNTED.append(Tried.count)
    else:
        output["fuzz"] = Tried.count


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401  # xdist's own type
    """What another process has tried."""
    _COUNTED.append(getattr(node, "workeroutput", {}).get("fuzz", 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it."""
    if sum(_COUNTED):
        terminalreporter.write_line(f"Fuzzing tried {sum(_COUNTED):,} inputs.")
