"""Who can be connected at all: section 5 of the contract as questions, each way through them, and the advice at its end."""

from collections.abc import Iterator

import pytest

from codalink.errors import UsageError
from codalink.office.advice.letters import LetterKind
from codalink.office.advice.situations import REGISTERED, Advice, Question, advices, follow, questions

Given = dict[str, str]


def _ways(step: Question | Advice, given: Given) -> Iterator[tuple[Given, Advice]]:
    if isinstance(step, Advice):
        yield given, step
        return
    for answer in step.answers:
        yield from _ways(answer.leads_to, {**given, step.option: answer.word})


WAYS = list(_ways(REGISTERED, {}))
every_way = pytest.mark.parametrize(("given", "advice"), WAYS, ids=[" ".join(given.values()) for given, _ in WAYS])


def ask(**given: str) -> Advice:
    found = follow(given)
    assert isinstance(found, Advice)
    return found


@every_way
def test_options_lead_where_answers_do(given: Given, advice: Advice) -> None:
    assert follow(given) is advice


@every_way
def test_order_of_the_options_does_not_matter(given: Given, advice: Advice) -> None:
    assert follow(dict(reversed(given.items()))) is advice


@every_way
def test_every_advice_says_what_to_do(given: Given, advice: Advice) -> None:
    assert advice.topic.meaning
    assert advice.topic.steps


@every_way
def test_every_advice_ends_with_a_command(given: Given, advice: Advice) -> None:
    assert advice.letter_command or advice.topic.next_command


def test_every_advice_is_reached() -> None:
    assert [advice for _, advice in WAYS] == advices()


def test_every_question_is_asked_by_an_option_of_its_own() -> None:
    options = [question.option for question in questions()]

    assert options == ["registered", "accountant", "mandate", "environment"]


# --- section 5, row by row -------------------------------------------------------------------------------------------------------------


def test_customer_of_ours_is_connected() -> None:
    advice = ask(registered="accountant", accountant="us", mandate="active")

    assert (advice.topic.next_command, advice.letter) == ("codalink connect --company COMPANY", LetterKind.CONNECTED)


@pytest.mark.parametrize("mandate", ["unsigned", "stopped"])
def test_customer_of_ours_without_mandate_is_asked_to_sign(mandate: str) -> None:
    assert ask(registered="accountant", accountant="us", mandate=mandate).letter is LetterKind.MANDATE


def test_other_office_with_odoo_initiates_the_connection() -> None:
    assert ask(registered="accountant", accountant="odoo").letter is LetterKind.INITIATE


def test_other_office_without_odoo_means_no_coda_in_odoo() -> None:
    advice = ask(registered="accountant", accountant="other-software")

    assert "No CODA comes into Odoo" in advice.topic.meaning
    assert any("its accountant gets no CODA" in step for step in advice.topic.steps)


def test_own_contract_tells_both_statements_and_promises_neither() -> None:
    advice = ask(registered="directly")

    assert "CodaBox's help says: no connection in Odoo" in advice.topic.meaning
    assert "Odoo's manual since 2025 describes a connection" in advice.topic.meaning
    assert "promises neither" in advice.topic.meaning
    assert advice.letter is LetterKind.SYNCTOOL


def test_office_without_environment_asks_codabox_first() -> None:
    advice = ask(registered="office", environment="no")

    assert (advice.letter, advice.letter_command) == (LetterKind.ENVIRONMENT, "codalink letter environment")


def test_office_with_environment_connects() -> None:
    assert "connect-all" in ask(registered="office", environment="yes").topic.next_command


# --- what can't be answered ------------------------------------------------------------------------------------------------------------


def test_nothing_given_is_the_first_question() -> None:
    assert follow({}) is follow({"registered": "", "mandate": ""}) is REGISTERED


def test_part_of_the_answers_leads_to_the_next_question() -> None:
    found = follow({"registered": "office"})

    assert isinstance(found, Question)
    assert found.option == "environment"


@pytest.mark.parametrize("word", ["1", " Accountant ", "ACCOUNTANT"])
def test_answer_is_known_by_number_and_in_any_letters(word: str) -> None:
    assert REGISTERED.answered(word).word == "accountant"


@pytest.mark.parametrize("word", ["", "0", "6", "-1", "accountants", "friend"])
def test_word_that_is_no_answer_lists_the_answers(word: str) -> None:
    with pytest.raises(UsageError) as raised:
        REGISTERED.answered(word)

    assert raised.value.remedy == "Say one of: accountant, directly, office, no, unknown."


def test_answer_to_a_question_that_is_not_asked_is_refused() -> None:
    with pytest.raises(UsageError, match="--mandate has nothing to do with --registered directly"):
        follow({"registered": "directly", "mandate": "active"})


def test_answer_before_its_question_is_refused() -> None:
    with pytest.raises(UsageError, match="Whether --mandate matters depends on --registered"):
        follow({"mandate": "active"})
