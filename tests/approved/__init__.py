"""Approved outputs: what somebody has looked at and found good, kept as files. A test that makes something else leaves it beside them."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def assert_approved(name: str, text: str) -> None:
    """Compare with the approved file; where it differs, write the received one and say how to approve it."""
    approved = HERE / name
    received = approved.with_name(f"{approved.stem}.received{approved.suffix}")
    if approved.exists() and approved.read_text(encoding="utf-8") == text:
        received.unlink(missing_ok=True)
        return
    received.write_text(text, encoding="utf-8")
    pytest.fail(f"{name} is not what was approved. Look at both; if the new one is good: mv {received} {approved}", pytrace=False)
