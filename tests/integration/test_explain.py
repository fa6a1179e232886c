"""`codalink explain`: from a name, a pasted text, a company or some answers to what to do; without a configuration where none is needed."""

import re
from collections.abc import Iterator

import pytest

from codalink.sandbox import Sandbox, demo_office, small_office
from tests.integration.office import CommandLine
from tests.integration.terminal import (
    clean_command_line,
    envelope,
    needs_terminal,
    ready_office,
    run_in_terminal,
    unwrapped,
)


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A command line for which nothing is configured."""
    with Sandbox(small_office(1)) as sandbox:
        yield clean_command_line(sandbox, tmp_path_factory.mktemp("nowhere"))


# --- without a configuration -----------------------------------------------------------------------------------------------------------


def test_overview_needs_no_configuration(nowhere: CommandLine) -> None:
    done = nowhere.run("explain")

    assert done.exit_code == 0, done
    assert all(heading in done.stdout for heading in ("Situations", "States", "Errors", "CODA mandate", "office-password-refused")), done
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [["explain"], ["explain", "lost", "password"], ["explain", "situation", "--registered", "directly"]])
def test_explaining_loads_neither_http_nor_odoo_nor_keyring(nowhere: CommandLine, arguments: list[str]) -> None:
    done = nowhere.run(*arguments, program=("-X", "importtime", "-m", "codalink"))
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}

    assert "rich" in loaded
    assert loaded & {"httpx", "odoorpc", "keyring"} == set()


def test_explaining_writes_nothing_down(nowhere: CommandLine) -> None:
    nowhere.run("explain", "awaiting", "signature")

    assert not nowhere.state.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("CodaBox consent is not valid. Please reconnect.",),
        ["CodaBox", "consent", "is", "not", "valid.", "Please", "reconnect."],
        ("consent-invalid",),
    ],
    ids=["quoted", "as several words", "by its code"],
)
def test_error_is_explained_with_turn_steps_and_command(nowhere: CommandLine, words: tuple[str, ...]) -> None:
    done = nowhere.run("explain", *words)
    shown = unwrapped(done.stdout)

    assert done.exit_code == 0, done
    assert "Whose turn: office" in shown
    assert "MyCodaBox (Administration > CodaBox Connect)" in shown
    assert "Then run: codalink connect-all" in shown


def test_text_comes_from_standard_input_too(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "-", stdin="Odoo Server Error\n\nodoo.exceptions.UserError: No files were found.\n")

    assert "no-files" in done.stdout, done


def test_empty_standard_input_is_wrong_usage(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "-", stdin=" \n")

    assert (done.exit_code, done.stdout) == (2, ""), done
    assert "There is no text to explain." in done.stderr


def test_state_is_explained(nowhere: CommandLine) -> None:
    assert "Whose turn: customer" in nowhere.run("explain", "awaiting", "signature").stdout


def test_condition_is_explained(nowhere: CommandLine) -> None:
    assert "(Condition)" in nowhere.run("explain", "bank feed").stdout


def test_ambiguous_name_lists_what_it_may_be(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "active")

    assert done.exit_code == 0, done
    assert all(path in done.stdout for path in ("CODA mandate: Active", "SODA mandate: Active")), done


def test_unknown_text_is_shown_with_the_closest_and_exit_code_1(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "awaitin", "signatur")
    shown = unwrapped(done.stdout)

    assert done.exit_code == 1, done
    assert "codalink doesn't know this text. It is shown as it is. awaitin signatur" in shown
    assert "CODA mandate: Awaiting signature" in shown


def test_json_has_the_envelope(nowhere: CommandLine) -> None:
    document = envelope(nowhere.run("explain", "bank", "procedure", "--format", "json"))

    assert (document["codalink"], document["command"], document["status"]) == (1, "explain", "ok")
    assert [(row["name"], row["turn"], row["match"]) for row in document["rows"]] == [("Bank procedure", "bank", "known")]


def test_json_of_an_unknown_text_has_what_is_close(nowhere: CommandLine) -> None:
    document = envelope(nowhere.run("explain", "awaitin", "signatur", "--format", "json"))

    assert (document["status"], document["exit_code"]) == ("partial", 1)
    assert document["rows"][0]["match"] == "close"


def test_format_may_come_from_the_environment(nowhere: CommandLine) -> None:
    nowhere.environment["CODALINK_FORMAT"] = "csv"
    try:
        assert nowhere.run("explain", "active").stdout.startswith("kind,group,name,match,")
    finally:
        del nowhere.environment["CODALINK_FORMAT"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("active", "--company", "x"),
        ("active", "--registered", "no"),
        ("situation", "--company", "x"),
        ("--company", "x", "--registered", "no"),
    ],
    ids=" ".join,
)
def test_two_questions_at_once_are_wrong_usage(nowhere: CommandLine, arguments: tuple[str, ...]) -> None:
    done = nowhere.run("explain", *arguments)

    assert done.exit_code == 2, done
    assert "Only one thing can be explained at a time." in done.stderr


def test_hostile_text_cannot_steer_the_terminal(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "\x1b[31mred \u202egnp")

    assert not any(character in done.stdout + done.stderr for character in "\x1b\u202e"), done


# --- a customer's situation --------------------------------------------------------------------------------------------------------------


def test_situation_is_answered_by_options(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "situation", "--registered", "accountant", "--accountant", "odoo")

    assert done.exit_code == 0, done
    assert done.stdout.splitlines()[-1].strip() == "The letter: codalink letter initiate --company COMPANY"


def test_options_alone_are_enough(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "--registered", "directly", "--format", "json")

    assert envelope(done)["rows"][0]["letter"] == "codalink letter synctool --company COMPANY"


def test_situation_without_terminal_lists_the_options(nowhere: CommandLine) -> None:
    done = nowhere.run("explain", "situation")

    assert done.exit_code == 2, done
    assert re.findall(r"^(--\w+)", done.stdout, re.MULTILINE) == ["--registered", "--accountant", "--mandate", "--environment"]
    assert "Nobody is there to answer" in done.stderr


def test_situation_without_terminal_lists_only_what_is_still_open(nowhere: CommandLine) -> None:
    rows = envelope(nowhere.run("explain", "--registered", "office", "--format", "json"))["rows"]

    assert [(row["option"], row["word"]) for row in rows] == [("--environment", "yes"), ("--environment", "no")]


@pytest.mark.parametrize("arguments", [("--registered", "friend"), ("--mandate", "active")], ids=" ".join)
def test_answer_that_is_none_is_wrong_usage(nowhere: CommandLine, arguments: tuple[str, ...]) -> None:
    done = nowhere.run("explain", "situation", *arguments)

    assert (done.exit_code, done.stdout) == (2, ""), done
    assert "What to do: Say " in done.stderr


@needs_terminal
@pytest.mark.parametrize("columns", [80, 120])
def test_situation_is_asked_for_in_a_terminal(nowhere: CommandLine, columns: int) -> None:
    answers = [("How is the company registered", "accountant"), ("Who is this accountant?", "1"), ("What does MyCodaBox show", "unsigned")]
    shown = run_in_terminal(nowhere, "explain", "situation", columns=columns, answers=answers)

    assert shown.exit_code == 0, shown.text
    assert "The letter: codalink letter mandate --company COMPANY" in shown.text
    assert len(shown.widest_line) <= columns


@needs_terminal
def test_answer_that_is_none_is_asked_for_again(nowhere: CommandLine) -> None:
    answers = [("Number or word", "friend"), ("Say one of: accountant, directly", "2")]
    shown = run_in_terminal(nowhere, "explain", "situation", answers=answers)

    assert "own contract" in shown.text


@needs_terminal
def test_questions_that_options_answer_are_not_asked(nowhere: CommandLine) -> None:
    shown = run_in_terminal(
        nowhere, "explain", "situation", "--registered", "office", answers=[("Has CodaBox made an Odoo environment", "no")]
    )

    assert "How is the company registered" not in shown.text
    assert "codalink letter environment" in shown.text


# --- a company ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with ready_office(demo_office(), tmp_path_factory.mktemp("demo")) as office:
        yield office


def test_company_without_accounting_firm_is_told_how_to_set_it(demo: CommandLine) -> None:
    rows = envelope(demo.run("check", "json"))["rows"]
    open_point = next(row["company"] for row in rows if "office-not-set" in str(row))
    done = demo.run("explain", "--company", open_point)
    shown = unwrapped(done.stdout)

    assert done.exit_code == 0, done
    assert "accounting firm fail" in shown
    assert "Settings > Accounting > Accounting Firm" in shown
    assert f"/{open_point}'" in shown[shown.index("Then run: codalink check --fix --company '") :]


def test_company_is_explained_in_json(demo: CommandLine) -> None:
    rows = envelope(demo.run("explain", "--company", "Bakkerij Kruimel", "--format", "json"))["rows"]

    assert {row["company"] for row in rows} <= {"Bakkerij Kruimel BV"}
    assert all(row["grade"] in {"fail", "warn"} for row in rows)


def test_unknown_company_is_wrong_usage(demo: CommandLine) -> None:
    done = demo.run("explain", "--company", "xyzzy")

    assert done.exit_code == 2, done
    assert "No company matches" in done.stderr


def test_explaining_a_company_changes_nothing(demo: CommandLine) -> None:
    demo.sandbox.calls.clear()
    demo.run("explain", "--company", "Bakkerij Kruimel")

    assert not [call for call in demo.sandbox.calls if call.method in {"write", "unlink", "button_immediate_install"}]
