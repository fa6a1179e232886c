"""Fetching SODA files, and reading the entries that they became."""

from datetime import date

import pytest

from codalink import errors
from codalink.odoo.codabox.payroll import EntryRecord, fetch_soda, read_entries
from codalink.odoo.gateway import Patience
from tests.unit.fakes import ScriptedGateway

FETCH = "l10n_be_codabox_manually_fetch_soda_transactions"
NEWS = {"type": "ir.actions.act_window", "res_model": "account.move", "domain": [["id", "in", [4, 5]]]}
NOTHING = {"type": "ir.actions.client", "tag": "display_notification", "params": {"type": "info"}}


@pytest.mark.parametrize(("answer", "ids"), [(NEWS, [4, 5]), (NOTHING, []), (errors.NoFiles(), [])], ids=["news", "nothing", "no files"])
def test_new_entries_are_those_of_the_action(answer: object, ids: list[int]) -> None:
    gateway = ScriptedGateway({FETCH: answer})

    assert fetch_soda(gateway, 1, 14) == ids
    assert (gateway.calls[0].ids, gateway.calls[0].companies, gateway.calls[0].patience) == ((14,), (1,), Patience.RETRIEVE)


@pytest.mark.parametrize("answer", [True, {"type": "ir.actions.act_window"}, {"type": "x", "domain": [["name", "in", [4]]]}])
def test_answer_of_another_shape_is_told(answer: object) -> None:
    with pytest.raises(errors.AnswerUnexpected):
        fetch_soda(ScriptedGateway({FETCH: answer}), 1, 14)


def test_entries_have_their_day_and_whether_a_person_must_post_them() -> None:
    rows = [
        {"id": 4, "name": "/", "ref": "SODA 1", "date": "2026-03-31", "state": "draft"},
        {"id": 5, "name": "MISC/5", "ref": False, "state": "posted"},
    ]

    assert read_entries(ScriptedGateway({"search_read": rows}), 1, [4, 5]) == [
        EntryRecord(4, "SODA 1", date(2026, 3, 31), is_draft=True),
        EntryRecord(5, "MISC/5", None, is_draft=False),
    ]


def test_no_entries_need_no_call() -> None:
    gateway = ScriptedGateway({})

    assert read_entries(gateway, 1, []) == []
    assert not gateway.calls
