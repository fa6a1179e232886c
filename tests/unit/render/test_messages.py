"""Errors as lines for the user."""

import pytest

from codalink import errors
from codalink.render.console import open_streams, plain
from codalink.render.messages import reason, sentence, show_error
from codalink.secrets.masked import MASK, Secret


@pytest.mark.parametrize("is_quiet", [False, True])
def test_error_is_told_with_its_remedy_on_standard_error(is_quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    show_error(errors.Unreachable("It is down.", remedy="Wait."), open_streams(is_quiet=is_quiet))
    shown = capsys.readouterr()

    assert (shown.out, shown.err) == ("", "Error: It is down.\nWhat to do: Wait.\n")


def test_long_error_is_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(errors.LoginRefused("x " * 150), open_streams())

    assert len(capsys.readouterr().err.splitlines()) == 2


def test_hostile_text_of_a_server_is_shown_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(errors.OdooRefused("\x1b[31m[bold]no[/]\nError: fake"), open_streams())

    assert capsys.readouterr().err.splitlines()[0] == "Error: [31m[bold]no[/] Error: fake"


def test_endless_text_of_a_server_is_cut() -> None:
    assert len(sentence("x" * 10_000)) == 600


def test_known_secret_in_a_text_is_masked() -> None:
    Secret("secret-in-a-message")

    assert sentence("It was secret-in-a-message.").plain == f"It was {MASK}."


def test_reason_has_cause_and_remedy() -> None:
    assert plain(reason(errors.Unreachable("It is down.", remedy="Wait.")), 80) == "It is down.\n→ Wait.\n"


def test_no_error_is_no_reason() -> None:
    assert not reason(None)
