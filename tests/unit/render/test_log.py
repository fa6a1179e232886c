"""The trail as a table, as records, and in a sentence."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.cells import cell_len

from codalink.office.changes import ChangeResult
from codalink.office.trail import Run, Trail, TrailEntry
from codalink.render.console import plain
from codalink.render.log import records, summary, table
from codalink.render.machine import comma_separated

AT = datetime(2026, 5, 19, 12, 0, 3, 250_000, tzinfo=UTC)
ENTRY = TrailEntry(
    run=Run("3fa94c21d0", "connect-all", "1.2.3", "jan", "0123456749"),
    at=AT,
    what="connect",
    detail="",
    server="https://odoo.example.be",
    database="klant-001",
    login="codalink@example.be",
    company="Bakkerij Peeters",
    company_id=7,
    company_vat="0403019261",
    result=ChangeResult.REFUSED,
    error="rights-missing",
    cause="The account may not do this.",
    took_ms=1234,
)
LONG = replace(ENTRY, company="Bakkerij " * 20, login="somebody.with.a.long.name@a-long-domain.example.be", cause="Because. " * 60)


def shown(width: int, **changed: Any) -> str:  # noqa: ANN401  # as dataclasses.replace takes it
    return plain(table(Trail((replace(ENTRY, **changed),)), width), width)


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize(
    "word",
    ["jan", "3fa94c21d0", "connect", "Peeters", "BE 0403.019.261", "klant-001", "as codalink@example.be", "refused", "1.2 s", "may not"],
)
def test_table_tells_who_what_whom_and_how(width: int, word: str) -> None:
    assert word in shown(width)


@pytest.mark.parametrize("width", [80, 120, 200])
def test_table_fits_the_terminal(width: int) -> None:
    drawn = plain(table(Trail((ENTRY, LONG)), width), width)

    assert max(cell_len(line.rstrip()) for line in drawn.splitlines()) <= width


def test_time_is_the_computers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"{AT.astimezone():%Y-%m-%d %H:%M:%S}" in shown(80)


def test_short_changes_are_told_in_milliseconds() -> None:
    assert "73 ms" in shown(80, took_ms=73)


def test_change_without_an_end_says_so() -> None:
    drawn = " ".join(shown(160, result=ChangeResult.TRIED, error="", cause="", took_ms=None).split())

    assert "tried" in drawn
    assert "Its end was not written down" in drawn


def test_foreign_text_can_not_steer_the_terminal() -> None:
    assert "\x1b" not in shown(80, company="Evil \x1b[2J", cause="Worse \x1b]0;x\x07", detail="\x1b[1m", login="\x1b[1m")


def test_record_has_every_field() -> None:
    (record,) = records(Trail((ENTRY,)))

    assert record == {
        "at": AT.astimezone().isoformat(timespec="milliseconds"),
        "what": "connect",
        "detail": "",
        "result": "refused",
        "company": "Bakkerij Peeters",
        "company_id": 7,
        "vat": "0403019261",
        "database": "klant-001",
        "server": "https://odoo.example.be",
        "login": "codalink@example.be",
        "office_vat": "0123456749",
        "person": "jan",
        "run": "3fa94c21d0",
        "command": "connect-all",
        "version": "1.2.3",
        "took_ms": 1234,
        "error": "rights-missing",
        "cause": "The account may not do this.",
    }


def test_time_in_a_record_has_its_zone() -> None:
    assert datetime.fromisoformat(str(records(Trail((ENTRY,)))[0]["at"])) == AT


def test_formula_in_a_name_does_not_run_in_a_spreadsheet() -> None:
    assert ",'=1+1," in comma_separated(records(Trail((replace(ENTRY, company="=1+1"),))))


@pytest.mark.parametrize(
    ("trail", "sentence"),
    [
        (Trail(), "Nothing is written down yet: codalink has not changed anything from this computer."),
        (Trail((), 7, AT), f"Nothing like this was found. The trail has 7 changes since {AT.astimezone():%Y-%m-%d}."),
        (Trail((ENTRY,), 7, AT), f"1 shown. The trail has 7 changes since {AT.astimezone():%Y-%m-%d}."),
    ],
)
def test_sentence_counts_and_says_since_when(trail: Trail, sentence: str) -> None:
    assert summary(trail) == sentence
