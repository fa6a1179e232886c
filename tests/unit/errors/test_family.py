"""The family of errors: whole sentences, stable names, an exit code each, and the tree in the docstring."""

import re
from collections.abc import Iterator

import pytest

from codalink import errors
from codalink.cli.exits import Exit, of_error
from codalink.errors import CodalinkError, Turn


def _walk(kind: type[CodalinkError]) -> Iterator[type[CodalinkError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _walk(below)


ALL = sorted({kind for kind in _walk(CodalinkError) if kind.__module__.startswith(f"{errors.__name__}.")}, key=lambda kind: kind.__name__)
every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)

EXITS = {
    errors.UsageError: Exit.WRONG_USAGE,
    errors.SecretsError: Exit.SECRETS,
    errors.ServerError: Exit.UNREACHABLE,
    errors.OdooError: Exit.SOME_FAILED,
    errors.NotConnectable: Exit.SOME_FAILED,
    errors.NotComplete: Exit.SOME_FAILED,
}


def _drawn() -> dict[str, str]:
    """Every name in the docstring's tree, with the name that it hangs on."""
    parents: dict[str, str] = {}
    last_at: dict[int, str] = {0: "CodalinkError"}
    for line in (errors.__doc__ or "").splitlines():
        found = re.findall(r"[├└]── (\w+)(?: ── (\w+))?", line)
        if not found:
            continue
        depth = re.search(r"[├└]", line).start() // 4  # type: ignore[union-attr]  # the line has a name
        last_at[depth] = found[-1][0]
        parents |= {name: last_at[depth - 1] for name, _ in found} | {only_child: name for name, only_child in found if only_child}
    return parents


def test_the_family_is_not_empty() -> None:
    assert len(ALL) > 50


@every_kind
def test_cause_is_a_sentence(kind: type[CodalinkError]) -> None:
    assert re.fullmatch(r"([A-Z]|codalink ).*\.", kind().cause, re.DOTALL)


@every_kind
def test_remedy_is_a_sentence(kind: type[CodalinkError]) -> None:
    assert re.fullmatch(r"[A-Z`].*\.", kind().remedy, re.DOTALL)


@every_kind
def test_sentences_have_no_jargon(kind: type[CodalinkError]) -> None:
    assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|Exception|[Tt]raceback|\{|\}", kind().cause + kind().remedy)


@every_kind
def test_says_more_than_that_something_went_wrong(kind: type[CodalinkError]) -> None:
    """Only a kind that groups others may do without a cause and a remedy of its own."""
    if not any(below in ALL for below in kind.__subclasses__()):
        assert kind.default_remedy != CodalinkError.default_remedy
        assert "default_cause" in vars(kind)


@every_kind
def test_every_step_is_a_sentence(kind: type[CodalinkError]) -> None:
    assert all(re.fullmatch(r"[A-Z`].*[.:]", step) for step in kind.steps)


@every_kind
def test_what_to_run_next_is_a_command_or_the_same_again(kind: type[CodalinkError]) -> None:
    assert kind.next_command == "" or kind.next_command.startswith("codalink ")


@every_kind
def test_somebody_or_nobody_has_the_turn(kind: type[CodalinkError]) -> None:
    assert kind.turn in Turn


@every_kind
def test_every_error_has_the_exit_code_of_its_branch(kind: type[CodalinkError]) -> None:
    branch = next(branch for branch in EXITS if issubclass(kind, branch))

    assert of_error(kind()) is (Exit.WAITING if kind is errors.ConsentInvalid else EXITS[branch])


@every_kind
def test_every_error_is_drawn_in_the_tree(kind: type[CodalinkError]) -> None:
    assert _drawn().get(kind.__name__) == kind.__base__.__name__  # type: ignore[union-attr]  # it has a base


def test_tree_draws_nothing_that_does_not_exist() -> None:
    assert set(_drawn()) == {kind.__name__ for kind in ALL}


@every_kind
def test_code_is_kebab_case(kind: type[CodalinkError]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind().code)


def test_codes_are_unique() -> None:
    codes = [kind().code for kind in ALL]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.OfficePasswordRefused, "office-password-refused"),
        (errors.CodaBoxDown, "coda-box-down"),
        (errors.NotAnOffice, "not-an-office"),
        (errors.AnswerTimedOut, "answer-timed-out"),
    ],
)
def test_code_is_the_name_in_lower_case(kind: type[CodalinkError], code: str) -> None:
    assert kind().code == code


def test_own_cause_and_remedy_win_over_the_default() -> None:
    error = errors.ProxyDown("It is down.", remedy="Wait.")

    assert (error.cause, error.remedy) == ("It is down.", "Wait.")


def test_text_of_an_error_is_its_cause() -> None:
    assert str(errors.ProxyDown("It is down.")) == "It is down."


def test_only_what_belongs_to_the_office_or_this_computer_concerns_everyone() -> None:
    everyone = {kind for kind in ALL if kind.concerns_everyone}

    assert everyone == {
        errors.SecretsError,
        errors.KeyringMissing,
        errors.KeyringSilent,
        errors.KeyringUnreliable,
        errors.KeyFileDamaged,
        errors.KeyFileExposed,
        errors.KeyFileSealed,
        errors.KeyFileNotWritten,
        errors.OfficePasswordLost,
        errors.OfficePasswordMissing,
        errors.OfficePasswordRefused,
        errors.OfficeUnknown,
        errors.ConsentInvalid,
    }


def test_a_refusal_of_codabox_did_not_happen_unless_it_did_not_answer() -> None:
    assert {kind for kind in _walk(errors.CodaBoxError) if kind.may_have_happened} == {errors.CodaBoxDown}


@pytest.mark.parametrize(
    "kind",
    [
        errors.Unreachable,
        errors.CertificateRejected,
        errors.RedirectRefused,
        errors.ProtocolMissing,
        errors.TooManyRequests,
        errors.ServerLeftAlone,
    ],
)
def test_what_was_never_carried_out_did_not_happen(kind: type[CodalinkError]) -> None:
    assert not kind.may_have_happened


@pytest.mark.parametrize("kind", [errors.AnswerLost, errors.AnswerTimedOut, errors.ServerTrouble, errors.NotOdoo, errors.AnswerUnexpected])
def test_what_gave_no_usable_answer_may_have_happened(kind: type[CodalinkError]) -> None:
    assert kind.may_have_happened
