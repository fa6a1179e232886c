"""`codalink setup`: the configuration, the secrets, and a first try."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from codalink.cli import exits, options
from codalink.cli.setup_secrets import keep_missing, keep_secrets
from codalink.cli.wiring import Session
from codalink.errors import CodalinkError, ConfigurationMissing, LoginSecretMissing, NoTerminal, UsageError

if TYPE_CHECKING:
    from codalink.config import Configuration, Kind, SourceEntry
    from codalink.odoo.gateway import DatabaseAddress, ServerUrl
    from codalink.office.databases.access import NeededSecret
    from codalink.office.databases.discover import FoundDatabase
    from codalink.office.model import DatabaseFailure, Office
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
    odoo_com: Annotated[
        str,
        typer.Option("--odoo-com", envvar="CODALINK_ODOO_COM", metavar="ACCOUNT", help="Your login on odoo.com, for My Databases there."),
    ] = "",
    databases_app: Annotated[
        str, typer.Option("--databases-app", metavar="URL", help='The office\'s own Odoo, where it runs the app "Databases".')
    ] = "",
    app_database: Annotated[str, typer.Option("--app-database", metavar="NAME", help="The database of that app.")] = "",
    login: Annotated[str, typer.Option("--login", envvar="CODALINK_LOGIN", help="The account in the databases.")] = "",
    include: Annotated[list[str] | None, typer.Option("--include", metavar="PATTERN", help="Only databases named like this.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="No databases named like this.")] = None,
    secret_stdin: Annotated[
        bool,
        typer.Option(
            "--secret-stdin", help="Read the passwords or API keys from standard input, a line per server and login; an empty one for none."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replace a former configuration without asking.")] = False,
    no_try: Annotated[bool, typer.Option("--no-try", help="Don't log in to see whether it works.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Tell codalink about the office, its databases and the login.

    Asks for what is not given as an option. Databases may be in several places: say each with its option. The configuration becomes a
    readable file; passwords and API keys go into this computer's keyring and nowhere else. Then it looks which databases there are, asks
    for the secrets of servers that only now came out, and logs in to one database of each, to see whether it works.
    """
    with Session("setup", options.common(config, quiet, verbose, debug)) as session:
        from codalink.config import Configuration, Kind, LetterAddresses, save
        from codalink.config import sources as configured
        from codalink.office.databases.access import needed_secrets
        from codalink.secrets.store import prove

        former = _former(session)
        office = _office(session, office_name, office_vat, former)
        places = [
            *((Kind.SERVER, one) for one in server or ()),
            *((Kind.FILE, str(one.expanduser().absolute())) for one in databases_file or ()),
            *([(Kind.ODOO_COM, odoo_com)] if odoo_com else ()),
            *([(Kind.DATABASES_APP, databases_app)] if databases_app else ()),
        ]
        sources = _sources(session, places, login, app_database, former)
        letters = former.letters if former else LetterAddresses()
        configuration = Configuration(office, sources, _patterns(include, exclude, former), letters)
        needed = needed_secrets(configured(configuration, session.config_path).places)
        _agree_to_replace(session, configuration, former, yes=yes)
        prove(session.store)
        session.configuration = configuration
        keep_secrets(session, needed, from_stdin=secret_stdin)
        save(configuration, session.config_path)
        session.streams.notice(f"The configuration is in {session.config_path}, the secrets are in the keyring.")
        session.leave(exits.Exit.DONE if no_try else _try(session, needed, from_stdin=secret_stdin))


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
    session: Session, places: "Sequence[tuple[Kind, str]]", login: str, app_database: str, former: "Configuration | None"
) -> "tuple[SourceEntry, ...]":
    from codalink.config import Kind

    if not places:
        if former is not None and not session.can_ask():
            return tuple(replace(source, login=login or source.login) for source in former.sources)
        places = [_answer(session, "", _PLACE_QUESTION, _PLACE_OPTIONS, former.sources[0].place if former else "", _place)]
    known_login = former.sources[0].login if former else next((place for kind, place in places if kind is Kind.ODOO_COM), "")
    account = _answer(session, login, "Login in these databases (e-mail address)", "--login", known_login, _not_empty)
    return tuple(_entry(kind, place, account, app_database) for kind, place in places)


_PLACE_QUESTION = "Where are the databases? An Odoo server, a file that lists them, or your e-mail address on odoo.com"
_PLACE_OPTIONS = "--server, --databases-file, --odoo-com or --databases-app"


def _place(answer: str) -> "tuple[Kind, str]":
    """What somebody means who answers with a file, an e-mail address, or the address of a server."""
    from codalink.config import Kind
    from codalink.odoo.gateway import ServerUrl

    text = _not_empty(answer)
    if Path(text).expanduser().is_file():
        return Kind.FILE, str(Path(text).expanduser().absolute())
    if "@" in text and "/" not in text:
        return Kind.ODOO_COM, text
    return Kind.SERVER, str(ServerUrl.parse(text))


def _entry(kind: "Kind", place: str, login: str, app_database: str) -> "SourceEntry":
    """Raises AddressRefused, UsageError."""
    from codalink.config import Kind, SourceEntry
    from codalink.odoo.gateway import ServerUrl
    from codalink.odoo.listing import ODOO_COM

    match kind:
        case Kind.ODOO_COM:
            return SourceEntry(kind, ODOO_COM, login, account=place)
        case Kind.DATABASES_APP if not app_database:
            raise UsageError("The database of the Databases app is not known.", remedy="Say --app-database as well.")
        case Kind.SERVER | Kind.DATABASES_APP:
            return SourceEntry(kind, str(ServerUrl.parse(place)), login, database=app_database if kind is Kind.DATABASES_APP else "")
        case Kind.FILE:
            return SourceEntry(kind, place, login)


def _agree_to_replace(session: Session, configuration: "Configuration", former: "Configuration | None", *, yes: bool) -> None:
    is_there = session.config_path.exists()
    if yes or not is_there or configuration == former:
        return
    if not session.confirm(f"Replace the configuration in {session.config_path}?", otherwise="--yes"):
        session.leave(exits.Exit.DONE)


# --- the first try -------------------------------------------------------------------------------------------------------------------


def _try(session: Session, asked: "Sequence[NeededSecret]", *, from_stdin: bool) -> exits.Exit:
    """Look which databases there are, take in secrets for servers that only now came out, and log in to one database of each."""
    from codalink.config import sources
    from codalink.office.databases.discover import find_databases
    from codalink.render.messages import sentence, show_error

    databases, failures = find_databases(sources(session.configuration, session.config_path), session.gateways)
    if not databases and not failures:
        raise UsageError("No customer database was found.", remedy="Check the sources and patterns in the configuration.")
    locked = keep_missing(session, databases, asked, from_stdin=from_stdin)
    tried = _one_each(database for database in databases if database.address not in locked)
    refused = _log_in(session, tried)
    for failure in (*failures, *refused):
        session.streams.notice(sentence(f"{failure.where} on {failure.server}:"))
        show_error(failure.error, session.streams)
    errors = [failure.error for failure in (*failures, *refused)]
    if locked:
        errors.append(_nothing_stored(locked))
        show_error(errors[-1], session.streams)
    if len(refused) == len(tried):
        return exits.of_error(errors[0])
    session.streams.notice(f"{len(databases)} databases found. Next: codalink databases, then codalink connect-all.")
    return exits.Exit.SOME_FAILED if errors else exits.Exit.DONE


def _one_each(databases: "Iterable[FoundDatabase]") -> "list[FoundDatabase]":
    """The first database of each server and login; the hosts of Odoo Online count as one server."""
    from codalink.office.databases.access import secret_place

    found: dict[tuple[ServerUrl, str], FoundDatabase] = {}
    for database in databases:
        found.setdefault((secret_place(database.address.server), database.address.login), database)
    return list(found.values())


def _log_in(session: Session, databases: "Sequence[FoundDatabase]") -> "list[DatabaseFailure]":
    """Say how many companies each has; answers those that can't be read."""
    from codalink.office.databases.discover import read_database
    from codalink.office.model import DatabaseFailure
    from codalink.render.messages import sentence

    refused: list[DatabaseFailure] = []
    for database in databases:
        found = read_database(database, session.gateways)
        if isinstance(found, DatabaseFailure):
            refused.append(found)
        else:
            counted = "one company" if len(found.companies) == 1 else f"{len(found.companies)} companies"
            session.streams.notice(sentence(f"{database.address.server}: logged in to {database.address.name}, which has {counted}."))
    return refused


def _nothing_stored(locked: "Collection[DatabaseAddress]") -> LoginSecretMissing:
    names = sorted({address.name for address in locked})
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return LoginSecretMissing(
        f"No password or API key is stored for {len(locked)} of the databases: {shown}.",
        remedy="Run `codalink keys import` to take in an API key for each, or `codalink setup` to enter one for a whole server.",
    )


_NAMED = 5
