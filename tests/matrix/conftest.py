"""Says at the end how many cells were run, by command."""

from collections import Counter

from pytest import TerminalReporter  # noqa: PT013  # a type only


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The numbers come with the tests' reports, from whichever process ran them."""
    run, there = Counter[str](), Counter[str]()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "cells" and getattr(report, "when", "") == "call":
                    command, cells, of = value
                    run[command] += cells
                    there[command] += of
    if run:
        told = ", ".join(f"{command} {cells} of {there[command]}" for command, cells in run.items())
        terminalreporter.write_line(f"fault matrix: {run.total()} of {there.total()} cells ({told})")
