"""Pages of statements come to an end, whatever a server tells."""

import itertools

import pytest

from codalink.errors import AnswerUnexpected
from codalink.odoo.codabox import history
from codalink.odoo.codabox.history import read_history
from codalink.odoo.gateway import Call, Json
from tests.unit.fakes import ScriptedGateway


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 3)
    monkeypatch.setattr(history, "MOST_PAGES", 5)


def rows(*ids: int) -> Json:
    return [{"id": number, "name": "x", "date": "2026-03-02", "balance_start": 0.0, "balance_end_real": 0.0} for number in ids]


def test_same_page_again_and_again_is_an_error() -> None:
    gateway = ScriptedGateway({"search_read": rows(1, 2, 3)})

    with pytest.raises(AnswerUnexpected):
        list(read_history(gateway, [1], [1]))

    assert len(gateway.calls) == 2


def test_new_pages_without_end_are_an_error() -> None:
    numbers = itertools.count(1)

    def more(call: Call) -> Json:
        return rows(*itertools.islice(numbers, 3))

    with pytest.raises(AnswerUnexpected):
        list(read_history(ScriptedGateway({"search_read": more}), [1], [1]))


def test_as_many_pages_as_there_may_be_are_read() -> None:
    pages = iter([*(rows(*range(first, first + 3)) for first in range(1, 13, 3)), rows(13)])

    found = list(read_history(ScriptedGateway({"search_read": lambda _: next(pages)}), [1], [1]))

    assert [one.id for page in found for one in page] == list(range(1, 14))
