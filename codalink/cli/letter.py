"""`codalink letter`: what has to be written to customers, accountants and CodaBox, ready to paste or to open in the mail program."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options
from codalink.cli.exported import read_exported
from codalink.cli.letterbox import Letterbox
from codalink.cli.wiring import Session
from codalink.errors import CodalinkError, FileRefused, UsageError
from codalink.office.advice.letters import Language, LetterKind, MissingStatements

if TYPE_CHECKING:
    from codalink.office.advice.correspondence import Correspondents, Draft, LetterRequest, NotWritten
    from codalink.office.events import Listener
    from codalink.office.model import Company, Survey
    from codalink.office.readiness.mandates import Mandates

_DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
_MISSING = "For missing statements"


def letter(
    kind: Annotated[LetterKind, typer.Argument(help="What to write.", show_default=False)],
    company: options.OneCompany = "",
    everyone: Annotated[bool, typer.Option("--all", help="One for each company concerned, into the folder --output.")] = False,
    language: Annotated[
        Language | None,
        typer.Option("--lang", "-l", envvar="CODALINK_LANG", help="In which language; else the one of the contact in Odoo."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write to this file (*.txt or *.eml), or into this folder.")
    ] = None,
    eml: Annotated[bool, typer.Option("--eml", help="A draft for the mail program, in place of text.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
    mandates: options.MandatesFile = None,
    account: Annotated[str, typer.Option("--account", metavar="IBAN", help="The account.", rich_help_panel=_MISSING)] = "",
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_DAYS, metavar="DAY", help="The first day.", rich_help_panel=_MISSING)
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAYS, metavar="DAY", help="The last day.", rich_help_panel=_MISSING)
    ] = None,
    number: Annotated[
        list[str] | None,
        typer.Option("--number", metavar="NUMBER", help="A statement's number. May be repeated.", rich_help_panel=_MISSING),
    ] = None,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Write a letter, to paste or to open in the mail program. Nothing is ever sent.

    mandate: ask a customer to sign the CODA mandate. connected: tell a customer that the connection is there. synctool: tell a customer
    with a CodaBox contract of its own what that means. initiate: a customer's words to its accountant, to initiate the connection.
    environment: ask CodaBox for an Odoo environment. missing: ask CodaBox's helpdesk about missing statements.

    With --all, mandate is written for accounts whose mandate awaits a signature in MyCodaBox's export (--mandates), else for connected
    companies' accounts without a statement yet; connected for connected companies; initiate for those of other offices; missing for every
    gap that `codalink statements check` finds.

    Templates of your own, in the folder `letters` beside the configuration, go before codalink's.
    """
    with Session("letter", options.common(config, quiet, verbose, debug), jobs=jobs) as session:
        from codalink.office.advice.correspondence import Draft, LetterRequest, NotWritten

        missing = _missing(kind, account, since, until, number or [], everyone=everyone)
        _refuse_contradictions(kind, company, everyone=everyone)
        box = Letterbox.chosen(output, as_mail=eml, for_many=everyone, is_forced=force)
        request = LetterRequest(kind, language, missing, _read(session, mandates, kind), is_for_all=everyone)
        results, code = _drafted(session, request, company)
        refused = [one for one in results if isinstance(one, NotWritten)]
        refused += _delivered(session, box, [one for one in results if isinstance(one, Draft)])
        if refused and not everyone:
            raise refused[0].error
        for one in refused:
            _tell_error(session, one.company.path if one.company else "", one.error)
        if everyone:
            session.streams.notice(f"{len(results) - len(refused)} letters written, {len(refused)} not.{_assumed(request)}")
        session.leave(exits.Exit.SOME_FAILED if refused and code is exits.Exit.DONE else code)


def _assumed(request: "LetterRequest") -> str:
    is_guess = request.kind is LetterKind.MANDATE and request.mandates is None
    return " Without MyCodaBox's export (--mandates), accounts without a statement were taken for those to sign." if is_guess else ""


def _missing(
    kind: LetterKind, account: str, since: datetime | None, until: datetime | None, numbers: list[str], *, everyone: bool
) -> MissingStatements | None:
    """What is missing, for the letter about that; None for the others. Raises UsageError."""
    is_told = bool(since or until or numbers)
    if kind is not LetterKind.MISSING:
        if account or is_told:
            raise UsageError("--account, --from, --until and --number are for the letter `missing`.", remedy="Leave them away.")
        return None
    if everyone:
        if account or is_told:
            raise UsageError("With --all, the gaps are found in Odoo's statements.", remedy="Leave --account, days and numbers away.")
        return None
    if not is_told:
        raise UsageError("Which statements are missing?", remedy="Say --from and --until, or --number, or all of them.")
    if since and until and since > until:
        raise UsageError("--from is later than --until.", remedy="Say the first missing day with --from, the last one with --until.")
    iban = account.replace(" ", "").upper()
    return MissingStatements(iban, since.date() if since else None, until.date() if until else None, tuple(numbers))


def _refuse_contradictions(kind: LetterKind, company: str, *, everyone: bool) -> None:
    from codalink.office.advice.correspondence import NOT_FOR_ALL

    if everyone and kind in NOT_FOR_ALL:
        raise UsageError(NOT_FOR_ALL[kind], remedy="Leave --all away, and name a company with --company where it is about one.")
    if everyone and company:
        raise UsageError("--company is for one letter, --all for many.", remedy="Say one of them.")
    if not everyone and not company and kind is not LetterKind.ENVIRONMENT:
        raise UsageError("Which company is it about?", remedy="Say --company COMPANY, or --all.")


def _read(session: Session, mandates: Path | None, kind: LetterKind) -> "Mandates | None":
    """MyCodaBox's export where the letter needs it, with a notice of what could not be used. Raises FileRefused."""
    if mandates is None or kind is not LetterKind.MANDATE:
        return None
    return read_exported(session, mandates)


def _drafted(session: Session, request: "LetterRequest", company: str) -> "tuple[list[Draft | NotWritten], exits.Exit]":
    """The letters, and the code for what could not be reached on the way."""
    from codalink.office.advice.correspondence import concerned, write_about_office, write_letters
    from codalink.office.selection import find_surveyed
    from codalink.render.progress import LiveProgress

    correspondents = _correspondents(session)
    if not company and not request.is_for_all:
        return [write_about_office(request, correspondents)], exits.Exit.DONE
    with LiveProgress(session.streams) as progress:
        survey = session.survey(progress)
        office = session.configuration.office
        unread: list[NotWritten] = []
        if request.kind is LetterKind.MISSING and request.is_for_all:
            gaps, unread = _gaps(session, survey, progress)
            request = replace(request, gaps=gaps)
        companies = [find_surveyed(company, survey)] if company else concerned(request, survey, office)
        results = [*write_letters(request, companies, correspondents, session.means(progress)), *unread]
    session.go_on()
    if company:
        return results, exits.Exit.DONE
    for failure in survey.failures:
        _tell_error(session, f"{failure.where} on {failure.server}", failure.error)
    return results, exits.of_survey(survey)


def _gaps(session: Session, survey: "Survey", listener: "Listener") -> "tuple[dict[Company, list[MissingStatements]], list[NotWritten]]":
    """What is missing in which company, as `codalink statements check` finds it; and the companies of which that can't be told."""
    from codalink.office.advice.correspondence import NotWritten, gaps_in
    from codalink.office.delivery.statements import StatementsRequest, check_statements

    request = StatementsRequest(datetime.now().astimezone().date(), timedelta.max)
    connected = [company for company in survey.companies if company.record.is_connected]
    found = check_statements(request, connected, (), session.means(listener))
    return gaps_in(found), [NotWritten(row.company, row.error) for row in found.companies if row.error is not None]


def _correspondents(session: Session) -> "Correspondents":
    from codalink.office.advice.correspondence import Correspondents
    from codalink.office.advice.letters import Party, addresses

    office, known = session.configuration.office, session.configuration.letters
    return Correspondents(Party(office.name, office.vat, addresses(known.sender)), Party("CodaBox", emails=addresses(known.helpdesk)))


def _delivered(session: Session, box: Letterbox, drafts: "Sequence[Draft]") -> "list[NotWritten]":
    """Put every letter into words, and then each where it belongs; those whose file is in the way come back. Raises TemplateBroken."""
    from codalink.office.advice.correspondence import NotWritten
    from codalink.render.letters import Templates
    from codalink.render.mail import as_mail

    templates = Templates(session.config_path.parent / "letters")
    written = [templates.write(draft.letter) for draft in drafts]
    refused = []
    for draft, words, path in zip(drafts, written, box.paths(drafts), strict=True):
        letter = draft.letter
        text = as_mail(words, letter.writer.emails, letter.recipient.emails) if box.takes_mails else str(words)
        try:
            session.streams.out.file.write(box.put(path, text))
        except FileRefused as error:
            refused.append(NotWritten(draft.company, error))
            continue
        _tell(session, draft)
    return refused


def _tell(session: Session, draft: "Draft") -> None:
    """Whom it is for, which isn't always known, and what the user may not have thought of."""
    from codalink.render.messages import sentence

    recipient, company = draft.letter.recipient, draft.company
    known = ", ".join(recipient.emails) or "no e-mail address is known, fill it in yourself"
    session.streams.notice(sentence(f"To {recipient.name}: {known}."))
    if draft.letter.kind is LetterKind.CONNECTED and company is not None and not company.record.is_connected:
        session.streams.notice(sentence(f"By its database, {company.name} is not connected yet.", "waiting"))


def _tell_error(session: Session, where: str, error: CodalinkError) -> None:
    from codalink.render.messages import sentence, show_error

    session.streams.notice(sentence(f"{where}:"))
    show_error(error, session.streams)
