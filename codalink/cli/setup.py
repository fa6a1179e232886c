"""`codalink setup`: the configuration, the secrets, and a first try."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from codalink.cli import exits, options
from codalink.cli.wiring import Session
from codalink.errors import CodalinkError, ConfigurationMissing, LoginSecretMissing, NoTerminal, UsageError
from codalink.secrets.masked import Secret

if TYPE_CHECKING:
    from codalink.config import Configuration, Source
    from codalink.odoo.gateway import DatabaseAddress, ServerUrl
    from codalink.office.model import Office
    from codalink.office.selection import Patterns

Value = TypeVar("Value")


def setup(
    office_name: Annotated[str, typer.Option("--office-name", envvar="CODALINK_OFFICE_NAME", help="The accounting office's name.")] = "",
    office_vat: Annotated[str, typer.Option("--office-vat", envvar="CODALINK_OFFICE_VAT", help="Its VAT number, in any notation.")] = "",
    server: Annotated[
        list[str] | None,
        typer.Option("--server", envvar="CODALINK_SERVER", metavar="URL", help="An Odoo server that lists its databases. May be repeated."),
    ] = None,
    databases_file: Annotated[
        list[Path] | None,
        typer.Option(
            "--databases-file", envvar="CODALINK_DATABASES_FILE", metavar="FILE", help="A list of databases, CSV or TOML. May be repeated."
        ),
    ] = None,
    login: Annotated[str, typer.Option("--login", envvar="CODALINK_LOGIN", help="The account in the databases.")] = "",
    include: Annotated[list[str] | None, typer.Option("--include", metavar="PATTERN", help="Only databases named like this.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="No databases named like this.")] = None,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read the passwords or API keys from standard input, a line per server and login.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replace a former configuration without asking.")] = False,
    no_try: Annotated[bool, typer.Option("--no-try", help="Don't log in to see whether it works.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Tell codalink about the office, its databases and the login.

    Asks for what is not given as an option. The configuration becomes a readable file; passwords and API keys go into this computer's
    keyring and nowhere else. Then it logs in once, to see whether it works.
    """
    with Session("setup", options.common(config, quiet, verbose, debug)) as session:
        from codalink.config import Configuration, save
        from codalink.secrets.store import prove

        former = _former(session)
        office = _office(session, office_name, office_vat, former)
        sources = _sources(session, server or [], databases_file or [], login, former)
        configuration = Configuration(office, sources, _patterns(include, exclude, former))
        _agree_to_replace(session, configuration, former, yes=yes)
        prove(session.store)
        _keep_secrets(session, configuration, from_stdin=secret_stdin)
        save(configuration, session.config_path)
        session.configuration = configuration
        session.streams.notice(f"The configuration is in {session.config_path}, the secrets are in the keyring.")
        session.leave(exits.Exit.DONE if no_try else _try(session))


def _patterns(include: list[str] | None, exclude: list[str] | None, former: "Configuration | None") -> "Patterns":
    """The patterns that were said, else the former ones."""
    from codalink.office.selection import Patterns

    known = former.patterns if former else Patterns()
    return Patterns(known.include if include is None else tuple(include), known.exclude if exclude is None else tuple(exclude))


def _former(session: Session) -> "Configuration | None":
    """The configuration that is there already, to propose its answers; a broken one proposes nothing."""
    try:
        return session.configuration
    except ConfigurationMissing:
        return None
    except CodalinkError as error:
        session.streams.notice(f"The former configuration can't be used: {error.cause}")
        return None


# --- questions -----------------------------------------------------------------------------------------------------------------------


def _answer(session: Session, given: str, question: str, option: str, proposal: str, read: Callable[[str], Value]) -> Value:
    """The option's value, else the answer to the question; asked again until it can be read. Raises NoTerminal, and what `read` raises."""
    if given:
        return read(given)
    if not session.can_ask():
        if proposal:
            return read(proposal)
        raise NoTerminal(f"{question} is not known.", remedy=f"Say {option}.")
    while True:
        try:
            return read(typer.prompt(question, default=proposal or None, err=True))
        except CodalinkError as error:
            session.streams.notice(f"{error.cause} {error.remedy}")


def _office(session: Session, name: str, vat: str, former: "Configuration | None") -> "Office":
    from codalink.office.model import Office, Vat

    known_name, known_vat = (former.office.name, str(former.office.vat)) if former else ("", "")
    read_name = _answer(session, name, "Name of the accounting office", "--office-name", known_name, _not_empty)
    return Office(read_name, _answer(session, vat, "VAT number of the office", "--office-vat", known_vat, Vat.parse))


def _not_empty(text: str) -> str:
    if not text.strip():
        raise UsageError("An answer is needed.", remedy="Please try again.")
    return text.strip()


def _sources(
    session: Session, servers: Sequence[str], files: Sequence[Path], login: str, former: "Configuration | None"
) -> "tuple[Source, ...]":
    from codalink.config import Source
    from codalink.odoo.gateway import ServerUrl

    if not servers and not files:
        if former is not None and not session.can_ask():
            return tuple(replace(source, login=login or source.login) for source in former.sources)
        place = _answer(session, "", "Odoo server, or a file with databases", "--server or --databases-file", _proposed(former), _not_empty)
        is_file = Path(place).expanduser().is_file()
        servers, files = ([], [Path(place)]) if is_file else ([place], [])
    known_login = former.sources[0].login if former else ""
    account = _answer(session, login, "Login in these databases (e-mail address)", "--login", known_login, _not_empty)
    return (
        *(Source(account, server=ServerUrl.parse(one)) for one in servers),
        *(Source(account, file=one.expanduser().absolute()) for one in files),
    )


def _proposed(former: "Configuration | None") -> str:
    source = former.sources[0] if former else None
    return str(source.server or source.file) if source else ""


def _agree_to_replace(session: Session, configuration: "Configuration", former: "Configuration | None", *, yes: bool) -> None:
    is_there = session.config_path.exists()
    if yes or not is_there or configuration == former:
        return
    if not session.confirm(f"Replace the configuration in {session.config_path}?", otherwise="--yes"):
        session.leave(exits.Exit.DONE)


# --- secrets -------------------------------------------------------------------------------------------------------------------------


def _keep_secrets(session: Session, configuration: "Configuration", *, from_stdin: bool) -> None:
    """One secret for each server and login, asked for once and kept for that server only."""
    for origin, login in _accounts(configuration):
        secret = _read_secret(session, origin, login, from_stdin=from_stdin)
        if secret:
            session.logins.keep(origin, login, secret)


def _accounts(configuration: "Configuration") -> list[tuple[str, str]]:
    """Every server with every login used there. Raises FileRefused, ConfigurationInvalid."""
    from codalink.config import sources

    found = sources(configuration)
    accounts = [(one.server, one.login) for one in found.server_lists] + [(one.server, one.login) for one in found.databases]
    return [(str(server), login) for server, login in dict.fromkeys(accounts)]


def _read_secret(session: Session, origin: str, login: str, *, from_stdin: bool) -> Secret | None:
    """The secret that was entered; None where the one in the keyring stays."""
    if from_stdin:
        secret = Secret(sys.stdin.readline().strip("\r\n"))
        if not secret:
            raise UsageError(
                f"Standard input has no line for {login} on {origin}.",
                remedy="Hand over one line for each server and login, in their order.",
            )
        return secret
    is_known = _is_known(session, origin, login)
    if not session.can_ask():
        if is_known:
            return None
        raise NoTerminal(f"The password or API key of {login} on {origin} has to be entered.", remedy="Hand it over with --secret-stdin.")
    hint = " (Enter keeps the one in the keyring)" if is_known else ""
    while True:
        answer = typer.prompt(
            f"Password or API key of {login} on {origin}{hint}", hide_input=True, default="", show_default=False, err=True
        )
        if answer or is_known:
            return Secret(answer) if answer else None


def _is_known(session: Session, origin: str, login: str) -> bool:
    try:
        session.logins.get(origin, login)
    except LoginSecretMissing:
        return False
    return True


# --- the first try -------------------------------------------------------------------------------------------------------------------


def _try(session: Session) -> exits.Exit:
    """Log in to one database of each server and login, and say how it went."""
    from codalink.config import sources
    from codalink.office.discover import find_databases, read_database
    from codalink.office.model import DatabaseFailure
    from codalink.render.messages import show_error

    databases, failures = find_databases(sources(session.configuration), session.gateways)
    one_each: dict[tuple[ServerUrl, str], DatabaseAddress] = {}
    for database in databases:
        one_each.setdefault((database.server, database.login), database)
    for database in one_each.values():
        found = read_database(database, session.gateways)
        if isinstance(found, DatabaseFailure):
            failures.append(found)
        else:
            session.streams.notice(f"{database.server}: logged in to {database.name}, which has {len(found.companies)} companies.")
    for failure in failures:
        session.streams.notice(f"{failure.where} on {failure.server}:")
        show_error(failure.error, session.streams)
    session.streams.notice(f"{len(databases)} databases found. Next: codalink databases, then codalink connect-all.")
    if not failures:
        return exits.Exit.DONE
    return exits.Exit.SOME_FAILED if len(failures) < len(one_each) else exits.of_error(failures[0].error)
