"""`codalink explain`: an error, a state, a company, or a customer's situation, and the way out."""

import sys
from typing import Annotated

import typer

from codalink.cli import exits, options, seen
from codalink.cli.wiring import Session
from codalink.errors import UsageError
from codalink.office.advice import situations
from codalink.office.advice.situations import Advice, Answer, Question

_SITUATION = "For `codalink explain situation`"
_LONGEST = 20_000
"""Characters that are read of a pasted text."""


def _option(question: Question) -> typer.models.OptionInfo:
    """A question as an option."""
    found: typer.models.OptionInfo = typer.Option(
        f"--{question.option}", help=question.text, metavar=question.words, rich_help_panel=_SITUATION
    )
    return found


def explain(
    what: Annotated[list[str] | None, typer.Argument(metavar="WHAT", help="A name, a code, or a pasted text; - reads it.")] = None,
    company: Annotated[
        str,
        typer.Option(
            "--company",
            "-c",
            help="Explain what stands in this company's way: a name, a part of one, a VAT number, or database/company.",
            metavar="COMPANY",
            autocompletion=seen.complete_company,
        ),
    ] = "",
    registered: Annotated[str, _option(situations.REGISTERED)] = "",
    accountant: Annotated[str, _option(situations.ACCOUNTANT)] = "",
    mandate: Annotated[str, _option(situations.MANDATE)] = "",
    environment: Annotated[str, _option(situations.ENVIRONMENT)] = "",
    shown: Annotated[
        options.Format, typer.Option("--format", "-f", envvar="CODALINK_FORMAT", help="How to show it.")
    ] = options.Format.table,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Explain an error, a state or a situation: what it means, whose turn it is, what to do in order, what to run next.

    Without WHAT, everything is listed that codalink can explain. WHAT is the name of a state or condition, as MyCodaBox or codalink shows
    it; an error's code; or a text that Odoo or codalink showed, in any version's wording (- reads it from standard input). For a text that
    nobody knows, the exit code is 1.

    With --company, the databases are asked what stands in that company's way, and each thing is explained.

    `codalink explain situation` asks how a customer is registered with CodaBox, and ends with what is possible, what to do, and the letter
    that fits. With the options below it doesn't ask.
    """
    with Session("explain", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        words = " ".join(what or ()).strip()
        given = {"registered": registered, "accountant": accountant, "mandate": mandate, "environment": environment}
        is_situation = words.casefold() == "situation" or any(given.values())
        _refuse_several(words, company, is_situation=is_situation)
        if is_situation:
            _explain_situation(session, given)
        elif company:
            _explain_company(session, company)
        elif words:
            _explain_text(session, sys.stdin.read(_LONGEST) if words == "-" else words)
        else:
            _show_overview(session)


def _refuse_several(words: str, company: str, *, is_situation: bool) -> None:
    """Raises UsageError where more than one thing is asked about."""
    text = "" if words.casefold() == "situation" else words
    if sum((bool(text), bool(company), is_situation)) > 1:
        raise UsageError("Only one thing can be explained at a time.", remedy="Say a text, or --company, or `situation` and its options.")


def _show_overview(session: Session) -> None:
    from codalink.render import explanations

    session.show(explanations.overview_records, lambda _: explanations.overview(), exits.Exit.DONE)


def _explain_text(session: Session, text: str) -> None:
    from codalink.office.advice.explain import Match
    from codalink.office.advice.explain import explain as find
    from codalink.render import explanations

    if not text.strip():
        raise UsageError("There is no text to explain.", remedy="Paste it after the command, or say - and hand it over on standard input.")
    found = find(text[:_LONGEST])
    code = exits.Exit.SOME_FAILED if found.match is Match.CLOSE else exits.Exit.DONE
    session.show(lambda: explanations.records(found), lambda _: explanations.explanation(found), code)
    session.leave(code)


def _explain_company(session: Session, company: str) -> None:
    from codalink.cli.check import checked_companies
    from codalink.render import explanations
    from codalink.render.progress import LiveProgress

    with LiveProgress(session.streams) as progress:
        checked = checked_companies(session, company, progress)
    session.go_on()
    one = checked.companies[0]
    session.show(
        lambda: explanations.company_records(one.company, one.findings),
        lambda _: explanations.company(one.company, one.findings),
        exits.Exit.DONE,
    )


# --- a customer's situation ----------------------------------------------------------------------------------------------------------


def _explain_situation(session: Session, given: dict[str, str]) -> None:
    from codalink.render import explanations

    step = situations.follow(given)
    while isinstance(step, Question):
        if not session.can_ask():
            _list_options(session, step)
        step = _ask(session, step).leads_to
    found: Advice = step
    session.show(lambda: explanations.advice_records(found), lambda _: explanations.advice(found), exits.Exit.DONE)


def _ask(session: Session, question: Question) -> Answer:
    """The answer to a question; asked again until there is one."""
    from codalink.render import explanations

    session.streams.err.print(explanations.question(question))
    while True:
        try:
            return question.answered(typer.prompt("Number or word", err=True))
        except UsageError as error:
            session.streams.err.print(error.remedy)


def _list_options(session: Session, question: Question) -> None:
    """Nobody is there to answer: list what could be said, and end."""
    from codalink.render import explanations

    asked = list(situations.questions(question))
    session.show(lambda: explanations.option_records(asked), lambda _: explanations.options(asked), exits.Exit.WRONG_USAGE)
    session.streams.notice("Nobody is there to answer: say it with these options.")
    session.leave(exits.Exit.WRONG_USAGE)
