"""Explanations fit the terminal, say everything that is known, and can't be steered by what was pasted."""

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from rich.console import RenderableType

from codalink import errors
from codalink.errors import Turn
from codalink.office.advice.explain import UNKNOWN, Match, explain, topics
from codalink.office.advice.situations import REGISTERED, Advice, advices, questions
from codalink.office.advice.topic import Topic
from codalink.office.readiness.findings import Condition, Finding, Grade
from codalink.render import explanations
from codalink.render.console import plain
from tests.unit.fakes import company

BAKERY = company("Bakkerij Peeters", "klant-001")
FINDINGS = (
    Finding(Condition.SERVER, Grade.PASS),
    Finding(Condition.FIRM, Grade.FAIL, errors.OfficeNotSet()),
    Finding(
        Condition.FEED, Grade.WARN, errors.OtherFeed("The bank journal Bank is filled by another feed (online_sync)."), "BE56539001800388"
    ),
    Finding(Condition.CONSENT, Grade.UNKNOWN),
)
SHOWN: dict[str, Callable[[], RenderableType]] = {
    "overview": explanations.overview,
    "one": lambda: explanations.explanation(explain("awaiting signature")),
    "several": lambda: explanations.explanation(explain("active")),
    "guess": lambda: explanations.explanation(explain("CodaBox antwoordt niet.")),
    "close": lambda: explanations.explanation(explain("awaitin signatur")),
    "unknown": lambda: explanations.explanation(explain("xyzzy 0815")),
    "question": lambda: explanations.question(REGISTERED),
    "options": lambda: explanations.options(questions()),
    "company": lambda: explanations.company(BAKERY, FINDINGS),
    **{advice.topic.name: lambda advice=advice: explanations.advice(advice) for advice in advices()},  # type: ignore[misc]
}


def shown(name: str, width: int = 80) -> str:
    return plain(SHOWN[name](), width)


def words(name: str) -> str:
    return " ".join(shown(name).split())


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_longer_than_the_terminal_or_than_can_be_read_well(name: str, width: int) -> None:
    assert max(cell_len(line.rstrip()) for line in shown(name, width).splitlines()) <= min(width, 100)


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.path)
def test_topic_is_told_whole(topic: Topic) -> None:
    text = " ".join(plain(explanations.explanation(explain(topic.path)), 80).split())

    assert topic.name in text
    assert topic.meaning in text
    assert all(step in text for step in topic.steps)
    assert topic.next_command in text


# --- overview ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.path)
def test_overview_names_everything(topic: Topic) -> None:
    assert topic.name in words("overview")


def test_overview_has_each_heading_once() -> None:
    lines = [line.strip() for line in shown("overview").splitlines()]

    assert len([line for line in lines if line.startswith(("Situations:", "States:", "Errors,"))]) == 3


def test_overview_is_not_longer_than_two_screens() -> None:
    assert len(shown("overview").splitlines()) <= 100


# --- one, several, none ----------------------------------------------------------------------------------------------------------------


def test_steps_are_numbered_in_order() -> None:
    text = shown("one")

    assert text.index("1. Find the link") < text.index("2. Ask the customer") < text.index("3. At KBC")


@pytest.mark.parametrize(("name", "turn"), [("one", "Whose turn: customer"), ("unknown", "Whose turn: office")])
def test_whose_turn_is_told(name: str, turn: str) -> None:
    assert turn in words(name)


def test_what_is_nobody_s_turn_says_that_nothing_is_to_be_done() -> None:
    assert "Whose turn: nobody (nothing to do" in " ".join(plain(explanations.explanation(explain("not-belgian")), 80).split())


def test_several_are_listed_with_the_way_to_name_one() -> None:
    text = words("several")

    assert "CODA mandate: Active" in text
    assert "SODA mandate: Active" in text
    assert '`codalink explain "CODA mandate: Active"`' in text


def test_guess_says_that_it_is_one() -> None:
    assert words("guess").startswith("This is a guess")


@pytest.mark.parametrize(("name", "text"), [("close", "awaitin signatur"), ("unknown", "xyzzy 0815")])
def test_unknown_text_is_shown_with_what_to_do_generally(name: str, text: str) -> None:
    assert text in words(name)
    assert UNKNOWN.steps[0] in words(name)


def test_closest_are_told_as_not_the_same() -> None:
    text = words("close")

    assert "Most alike, but not the same: CODA mandate: Awaiting signature" in text


def test_pasted_text_cannot_steer_the_terminal() -> None:
    text = plain(explanations.explanation(explain("\x1b[31mred\x1b[0m \u202egnp [bold]x[/]")), 80)

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/]" in text


# --- situations ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("advice", advices(), ids=lambda advice: advice.topic.name)
def test_advice_ends_with_its_letter_or_command(advice: Advice) -> None:
    last = plain(explanations.advice(advice), 80).splitlines()[-1].strip()

    assert last == (f"The letter: {advice.letter_command}" if advice.letter else f"Then run: {advice.topic.next_command}")


def test_question_has_a_number_and_a_word_for_each_answer() -> None:
    assert "2. directly, with a contract of its own (directly)" in words("question")


def test_options_name_every_question_and_word() -> None:
    text = words("options")

    assert all(f"--{question.option} {question.text}" in text for question in questions())
    assert all(answer.word in text for question in questions() for answer in question.answers)


# --- one company -----------------------------------------------------------------------------------------------------------------------


def test_company_is_told_with_each_trouble_in_order() -> None:
    text = words("company")

    assert text.startswith("Bakkerij Peeters klant-001/Bakkerij Peeters accounting firm fail")
    assert text.index("accounting firm") < text.index("bank feed warn BE56 5390 0180 0388")


def test_trouble_is_told_with_its_own_words_and_steps() -> None:
    text = words("company")

    assert "is filled by another feed (online_sync)" in text
    assert errors.OtherFeed.steps[0] in text


def test_commands_name_the_company_ready_to_be_copied() -> None:
    assert "Then run: codalink check --fix --company 'klant-001/Bakkerij Peeters'" in words("company")


def test_name_that_a_shell_would_run_is_quoted() -> None:
    text = plain(explanations.company(company("x'; rm -rf ~", "db"), FINDINGS), 200)

    assert """--company 'db/x'"'"'; rm -rf ~'""" in text


def test_company_without_trouble_says_what_is_not_known() -> None:
    text = plain(explanations.company(BAKERY, (Finding(Condition.SERVER, Grade.PASS), Finding(Condition.CONSENT, Grade.UNKNOWN))), 80)

    assert "Nothing stands in the way, as far as is known." in text
    assert "Not known: consent." in text


def test_hostile_name_is_harmless() -> None:
    assert "\x1b" not in plain(explanations.company(company("\x1b[31mred", "x"), FINDINGS), 80)


# --- for machines ----------------------------------------------------------------------------------------------------------------------

FIELDS = ["kind", "group", "name", "match", "meaning", "turn", "steps", "next", "letter"]


def test_records_have_these_fields() -> None:
    rows = [
        *explanations.records(explain("active")),
        *explanations.overview_records(),
        *(row for advice in advices() for row in explanations.advice_records(advice)),
    ]

    assert [list(row) for row in rows] == [FIELDS] * len(rows)


def test_records_of_a_company_begin_with_company_and_condition() -> None:
    rows = explanations.company_records(BAKERY, FINDINGS)

    assert [list(row) for row in rows] == [["company", "database", "condition", "grade", "account", *FIELDS]] * 2


@pytest.mark.parametrize(
    ("text", "match"), [("active", Match.KNOWN), ("CodaBox antwoordt niet.", Match.GUESS), ("awaitin signatur", Match.CLOSE)]
)
def test_records_say_how_sure_it_is(text: str, match: Match) -> None:
    assert {row["match"] for row in explanations.records(explain(text))} == {match.value}


def test_turn_is_a_word() -> None:
    (row,) = explanations.records(explain("bank procedure"))

    assert row["turn"] == Turn.BANK.value == "bank"


def test_options_are_rows_too() -> None:
    assert explanations.option_records([REGISTERED])[0] == {
        "option": "--registered",
        "question": "How is the company registered with CodaBox?",
        "word": "accountant",
        "answer": "through its accountant",
    }
