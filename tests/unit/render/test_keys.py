"""What is shown of keys, in every format: databases, days and reasons, and nothing of a key."""

from datetime import date

import pytest
from rich.cells import cell_len

from codalink import errors
from codalink.office.keys.listing import KeyList, KeyRow, KeyState
from codalink.office.keys.rotation import KeyRotation, Rotated
from codalink.render import keys, machine, summaries
from codalink.render.console import plain
from tests.unit.fakes import LOGIN, address
from tests.unit.render.results import BROKEN

TODAY, EXPIRED, SOON = date(2026, 5, 19), date(2026, 5, 19), date(2026, 5, 22)
REFUSED = errors.LoginRefused("Odoo refuses the API key.", remedy="Make a new one.")
LISTING = KeyList(
    (
        KeyRow(address("klant-001"), KeyState.OWN, date(2026, 5, 9), SOON),
        KeyRow(address("klant-002"), KeyState.OWN, date(2026, 2, 9), EXPIRED, error=REFUSED),
        KeyRow(address("klant-003"), KeyState.OWN, is_unfinished=True),
        KeyRow(address("klant-004"), KeyState.LOGIN, doubt="Odoo lists 2 keys."),
        KeyRow(address("klant-005"), KeyState.NONE),
    ),
    TODAY,
)
ROTATIONS = [
    KeyRotation(address("klant-001"), Rotated.NEW, SOON),
    KeyRotation(address("klant-002"), Rotated.FINISHED),
    KeyRotation(address("klant-003"), Rotated.FAILED, EXPIRED, REFUSED),
    KeyRotation(address("klant-004"), Rotated.NOT_TRIED),
]
every_width = pytest.mark.parametrize("width", [80, 119, 120, 200])


# --- for machines --------------------------------------------------------------------------------------------------------------------


def test_listing_has_its_fields() -> None:
    rows = machine.keys(LISTING)

    assert rows[0] == {
        "database": "klant-001",
        "server": "https://odoo.example.be",
        "login": LOGIN,
        "key": "own key",
        "created": "2026-05-09",
        "age_days": 10,
        "expires": "2026-05-22",
        "days_left": 3,
        "unfinished": False,
        "note": "",
        "error": "",
        "cause": "",
        "remedy": "",
    }
    assert {tuple(row) for row in rows} == {tuple(rows[0])}


def test_listing_says_what_is_wrong() -> None:
    rows = machine.keys(LISTING)

    assert (rows[1]["days_left"], rows[1]["error"], rows[1]["remedy"]) == (0, "login-refused", "Make a new one.")
    assert (rows[2]["unfinished"], rows[3]["note"], rows[4]["key"]) == (True, "Odoo lists 2 keys.", "none")


def test_source_that_could_not_be_asked_is_a_row_of_the_same_fields() -> None:
    rows = machine.keys(LISTING, [BROKEN])

    assert (rows[-1]["database"], rows[-1]["error"], rows[-1]["key"]) == ("klant-099", "login-refused", "")
    assert tuple(rows[-1]) == tuple(rows[0])


def test_rotations_have_their_fields() -> None:
    rows = machine.rotations(ROTATIONS)

    assert rows[0] == {
        "database": "klant-001",
        "server": "https://odoo.example.be",
        "login": LOGIN,
        "result": "new key",
        "expires": "2026-05-22",
        "error": "",
        "cause": "",
        "remedy": "",
    }
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert [row["result"] for row in rows] == ["new key", "interrupted exchange finished", "failed", "not tried"]
    assert (rows[2]["error"], rows[3]["expires"]) == ("login-refused", None)


# --- for people ----------------------------------------------------------------------------------------------------------------------


@every_width
@pytest.mark.parametrize("kind", ["keys", "rotations"])
def test_table_fits_and_has_every_database_and_reason(kind: str, width: int) -> None:
    text = plain(keys.listing(LISTING, width) if kind == "keys" else keys.rotations(ROTATIONS, width), width)

    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert all(f"klant-00{number}" in text for number in range(1, 5))
    assert "Make a new one." in " ".join(text.split())


@every_width
def test_expired_key_is_told_with_what_to_do(width: int) -> None:
    expired = KeyList((KeyRow(address("klant-001"), KeyState.OWN, date(2026, 2, 9), EXPIRED),), TODAY)

    assert "The key has expired: make a new one in Odoo" in " ".join(plain(keys.listing(expired, width), width).split())


def test_summary_of_a_listing_counts() -> None:
    assert summaries.keys(LISTING) == "3 with a key of their own (1 expired), 1 with their server's login, 1 with none."


def test_summary_of_rotations_counts() -> None:
    assert summaries.rotations(ROTATIONS) == "2 keys exchanged, 1 failed, 1 not tried."
    assert summaries.rotations(ROTATIONS[:3]) == "2 keys exchanged, 1 failed."
