"""Reading answers: the promised type, or AnswerUnexpected."""

from datetime import date

import pytest

from codalink.errors import AnswerUnexpected
from codalink.odoo import answers

STRANGE: list[object] = [None, True, False, 0, 1.5, "text", b"bytes", {}, {"id": 1}]


@pytest.mark.parametrize("answer", [*STRANGE, [1], [None], [[]], ["x"], [{}], [{"name": "x"}], [{"id": False}], [{"id": True}]])
def test_what_is_no_list_of_records_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        answers.rows(answer, "something")


@pytest.mark.parametrize("record_id", [0, -1, "1", 1.0, None, [1]])
def test_record_without_a_proper_id_is_unexpected(record_id: object) -> None:
    with pytest.raises(AnswerUnexpected):
        answers.rows([{"id": 1}, {"id": record_id}], "something")


def test_unexpected_answer_says_what_was_asked() -> None:
    with pytest.raises(AnswerUnexpected, match="asked for its companies"):
        answers.rows(None, "its companies")


@pytest.mark.parametrize("answer", [[], [{"id": 1}], [{"id": 1, "name": "x"}, {"id": 2}]])
def test_list_of_records_is_given_back(answer: list[object]) -> None:
    assert answers.rows(answer, "something") == answer


@pytest.mark.parametrize("answer", [7, [7]])
def test_new_record_is_told_alone_or_in_a_list(answer: object) -> None:
    assert answers.one_id(answer, "something") == 7


@pytest.mark.parametrize("answer", [*[one for one in STRANGE if one != 1], [], [1, 2], ["1"], [True], [[1]], -3])
def test_what_is_no_new_record_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        answers.one_id(answer, "something")


@pytest.mark.parametrize("answer", [*STRANGE, [], [{"type": "x"}], {"type": None}, {"type": 1}])
def test_what_is_no_action_is_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        answers.action(answer, "do something")


def test_action_is_given_back() -> None:
    assert answers.action({"type": "ir.actions.client"}, "do something") == {"type": "ir.actions.client"}


@pytest.mark.parametrize("value", [False, None, 0, [], {}, 3, True])
def test_field_without_text_is_empty(value: object) -> None:
    assert answers.text({"id": 1, "name": value}, "name") == ""


def test_missing_field_is_empty() -> None:
    assert answers.text({"id": 1}, "name") == ""


@pytest.mark.parametrize(("value", "truth"), [(True, True), (False, False), (None, False), (1, False), ("true", False)])
def test_only_true_is_true(value: object, truth: bool) -> None:
    assert answers.flag({"id": 1, "is": value}, "is") is truth


@pytest.mark.parametrize(
    ("value", "record_id"),
    [
        ([8, "Kantoor"], 8),
        (8, 8),
        ([8], 8),
        (False, None),
        (None, None),
        ([], None),
        (["8"], None),
        ([True], None),
        ([0], None),
        ("8", None),
    ],
)
def test_reference_is_its_id(value: object, record_id: int | None) -> None:
    assert answers.reference({"id": 1, "of": value}, "of") == record_id


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("2026-01-05 23:59:59", date(2026, 1, 5)),
        (False, None),
        ("", None),
        ("yesterday", None),
        ("2026-02-30", None),
        (20260105, None),
    ],
)
def test_day_is_a_date_or_nothing(value: object, day: date | None) -> None:
    assert answers.day({"id": 1, "date": value}, "date") == day
