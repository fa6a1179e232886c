"""`codalink keys`: the databases' own API keys."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import typer

from codalink.cli import exits, options, seen
from codalink.cli.wiring import Session
from codalink.errors import CodalinkError, ConfigurationMissing, DatabaseUnknown, FileRefused, NoTerminal, OfficeBusy, UsageError
from codalink.secrets.masked import Secret

if TYPE_CHECKING:
    from codalink.odoo.gateway import DatabaseAddress, Gateway
    from codalink.odoo.http import HttpPool
    from codalink.office.discover import Sources
    from codalink.office.keys import KeyList, KeyRotation
    from codalink.office.model import DatabaseFailure
    from codalink.secrets.keys import StoredKey

app = typer.Typer(
    no_args_is_help=True,
    help="List, enter, import, exchange or forget the databases' API keys.",
)

_LONGEST_LIFE_DAYS = 90
"""Odoo gives keys of other accounts than administrators' three months at most."""
_NAMED = 4

OneDatabase = Annotated[
    str,
    typer.Option(
        "--database", "-d", help="Its name, or server/name.", metavar="DATABASE", autocompletion=seen.complete_database, show_default=False
    ),
]


def show_list(
    shown: options.Shown = options.Format.table,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask Odoo how old the keys are, and until when they last.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Show which databases have an API key of their own, how old it is, and when it expires.

    Nothing of a key is shown. Without --refresh nobody is asked: databases that codalink has not seen yet are missing then.
    """
    with Session("keys list", options.common(config, quiet, verbose, debug), shown, jobs) as session:
        from codalink.office.keys import list_keys
        from codalink.render import machine, tables

        listing, failures = (
            _refreshed(session) if refresh else (list_keys(_known(session), session.keys, session.credentials, _today()), [])
        )
        session.go_on()
        code = _code([row.error for row in listing.rows], failures)
        session.show(lambda: machine.keys(listing), lambda width: tables.keys(listing, width), code)
        _tell_failures(session, failures)
        session.streams.notice(_counted(listing))
        session.leave(code)


def set_key(
    database: OneDatabase,
    login: Annotated[str, typer.Option("--login", help="The account that the key belongs to, if not the one in the configuration.")] = "",
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from the first line of standard input.")] = False,
    no_try: Annotated[bool, typer.Option("--no-try", help="Don't log in with it before it is stored.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Enter the API key of one database. It is tried first, then stored; a former one is replaced.

    Make it in Odoo: your name at the top right > Preferences > Account Security > New API Key.
    """
    with Session("keys set", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.keys import renewed
        from codalink.secrets.keys import ApiKey, StoredKey

        address = _find(session, database)
        address = replace(address, login=login) if login else address
        secret = _read_line() if stdin else _ask(session, address)
        if not secret:
            raise UsageError("The key is empty.", remedy="Enter the API key that Odoo showed when it was made.")
        if not no_try:
            _prove(session, address, secret)
        entered = StoredKey(str(address.server), address.name, address.login, ApiKey(secret, _today()))
        with _changing(session):
            session.keys.keep([renewed(session.keys.find(*entered.place), entered)])
        tried = "It was not tried." if no_try else "Odoo accepts it."
        session.streams.notice(f"The API key of {address.name} on {address.server} is stored, encrypted. {tried}")


def import_keys(
    file: Annotated[str, typer.Argument(help="A CSV file: url,database,login,key and maybe expires. - is standard input.", metavar="FILE")],
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Take over the API keys of many databases from a CSV file, all or none of them.

    The file's first line is url,database,login,key,expires (the last one may be missing), with commas or semicolons. It holds the keys in
    clear, so delete it afterwards.
    """
    with Session("keys import", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.keys import compare, read_keys

        read = read_keys(_text_of(file), "standard input" if file == "-" else file, _today())
        with _changing(session):
            found = compare(read, session.keys)
            session.keys.keep((*found.new, *found.changed))
        notice = session.streams.notice
        notice(f"{len(found.new)} new keys, {len(found.changed)} changed, {len(found.same)} the same.")
        strangers = _strangers(session, read)
        if strangers:
            notice(f"For databases that codalink has not seen so far: {_joined(strangers)}.")
        if file != "-":
            notice(f"Delete {file} now: it holds the keys in clear.")


def rotate(
    database: OneDatabase = "",
    everyone: Annotated[bool, typer.Option("--all", help="All databases that have a key of their own.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How long the new keys last.")] = _LONGEST_LIFE_DAYS,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Let Odoo make new API keys in place of the stored ones, and revoke the old ones.

    An old key is revoked only when the new one is stored and has proved to work. Interrupted anywhere, run it again: it goes on from there.
    Needs an Odoo of 2026 or later, and an account with the right Administration: Settings.
    """
    with Session("keys rotate", options.common(config, quiet, verbose, debug), jobs=jobs) as session:
        from codalink.office.keys import KeyExchange, find_database
        from codalink.render.progress import LiveProgress

        if bool(database) == everyone:
            raise UsageError("Which keys?", remedy="Say either --database DATABASE or --all.")
        with _changing(session), _opening(session) as open_with, LiveProgress(session.streams) as progress:
            own = _with_own_key(session)
            wanted = own if everyone else [find_database(database, own)]
            today = _today()
            exchange = KeyExchange(session.keys, open_with, _new_name, today, today + timedelta(days=days))
            done = exchange.rotate_all(wanted, session.runner(), session.stop, progress)
        _tell_rotations(session, done)
        session.go_on()
        session.leave(_code([one.error for one in done], []))


def forget(
    database: OneDatabase,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Remove the API key of one database from this computer. In Odoo it stays valid until it expires or is removed there."""
    with Session("keys forget", options.common(config, quiet, verbose, debug)) as session:
        from codalink.office.keys import address_of, find_database

        address = find_database(database, [address_of(key) for key in session.keys.all()])
        question = f"Forget the API key of {address.name} on {address.server}? Odoo can't show it again."
        if not yes and not session.confirm(question, otherwise="--yes"):
            return
        with _changing(session):
            session.keys.forget(str(address.server), address.name)
        session.streams.notice("Forgotten. In Odoo the key stays valid until it expires or is removed there.")


def _refreshed(session: Session) -> "tuple[KeyList, list[DatabaseFailure]]":
    """The list with what Odoo tells, which is stored too; and the sources that could not be asked."""
    from codalink.office.keys import list_keys, refresh_keys
    from codalink.render.progress import LiveProgress

    with _changing(session), _opening(session) as open_with, LiveProgress(session.streams) as progress:
        databases, failures = _asked_for(session)
        known = list_keys(databases, session.keys, session.credentials, _today())
        runner, stop = session.runner(), session.stop
        return refresh_keys(known, session.keys, session.credentials, open_with, runner, stop, progress), failures


# --- which databases -----------------------------------------------------------------------------------------------------------------


def _sources(session: Session) -> "Sources":
    from codalink.config import sources

    return sources(session.configuration, session.config_path)


def _known(session: Session) -> "list[DatabaseAddress]":
    """The databases known without asking anybody."""
    from codalink.office.keys import known_databases

    return known_databases(_sources(session), seen.places(), session.keys.all())


def _asked_for(session: Session) -> "tuple[list[DatabaseAddress], list[DatabaseFailure]]":
    """The known databases and those that the sources tell of now, and the sources that could not be asked."""
    from codalink.office.discover import find_databases

    known = _known(session)
    there = {(address.server, address.name) for address in known}
    found, failures = find_databases(_sources(session), session.gateways)
    new = [one.address for one in found if (one.address.server, one.address.name) not in there]
    return sorted([*known, *new], key=lambda one: (one.name, one)), failures


def _find(session: Session, wanted: str) -> "DatabaseAddress":
    """The database that is meant; the sources are asked only where it isn't known. Raises DatabaseUnknown, DatabaseAmbiguous."""
    from codalink.office.keys import find_database

    try:
        return find_database(wanted, _known(session))
    except DatabaseUnknown as unknown:
        databases, failures = _asked_for(session)
        try:
            return find_database(wanted, databases)
        except DatabaseUnknown:
            if failures:  # it may well be there
                raise failures[0].error from unknown
            raise


def _with_own_key(session: Session) -> "list[DatabaseAddress]":
    """The databases that have a key of their own. Raises UsageError where there are none."""
    places = {key.place for key in session.keys.all()}
    own = [address for address in _known(session) if (str(address.server), address.name) in places]
    if not own:
        raise UsageError(
            "No database has an API key of its own.", remedy="Enter keys first: `codalink keys set` or `codalink keys import`."
        )
    return own


def _strangers(session: Session, read: "Sequence[StoredKey]") -> list[str]:
    """Databases that have a key now, and nobody else knows: mistyped perhaps."""
    from codalink.office.keys import known_databases

    try:
        known = {(str(one.server), one.name) for one in known_databases(_sources(session), seen.places(), ())}
    except ConfigurationMissing:
        return []
    return [f"{key.origin}/{key.database}" for key in read if key.place not in known]


def _joined(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


# --- the key itself ------------------------------------------------------------------------------------------------------------------


def _read_line() -> Secret:
    return Secret(sys.stdin.readline().strip())


def _ask(session: Session, address: "DatabaseAddress") -> Secret:
    if not session.can_ask():
        raise NoTerminal("The key has to be entered.", remedy="Run it in a terminal, or hand it over with --stdin.")
    question = f"API key of {address.login} in {address.name} on {address.server}"
    return Secret(typer.prompt(question, hide_input=True, err=True).strip())


def _text_of(file: str) -> str:
    """The file's text. Raises FileRefused, without anything of the content."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).expanduser().read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise FileRefused(f"{file} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise FileRefused(f"{file} is not a text in UTF-8.", remedy="Save it as CSV UTF-8.") from None


def _prove(session: Session, address: "DatabaseAddress", secret: Secret) -> None:
    """Raises LoginRefused where Odoo doesn't accept the key, UsageError where it is somebody else's."""
    from codalink.odoo.apikeys import own_login

    with _opening(session) as open_with:
        holder = own_login(open_with(address, secret))
    if holder and holder != address.login:
        raise UsageError(f"The key belongs to {holder}, not to {address.login}.", remedy=f"If that is right, say --login {holder}.")


class _Opener:
    """Opens a database with a given secret, the same conversation for the same secret: RPC logs in for each, which is slow.

    For several threads, as long as each database is worked on by one.
    """

    def __init__(self, pool: "HttpPool", session: Session) -> None:
        self._pool = pool
        self._session = session
        self._opened: dict[DatabaseAddress, list[tuple[Secret, Gateway]]] = {}

    def __call__(self, database: "DatabaseAddress", secret: Secret) -> "Gateway":
        opened = self._opened.setdefault(database, [])
        known = next((gateway for key, gateway in opened if key == secret), None)
        if known is not None:
            return known
        opened.append((secret, self._open(database, secret)))
        return opened[-1][1]

    def _open(self, database: "DatabaseAddress", secret: Secret) -> "Gateway":
        from codalink.odoo.apikeys import ExplainedGateway, refusal_remedy
        from codalink.odoo.connector import Connector
        from codalink.secrets.keys import OneSecret

        stored = self._session.keys.find(str(database.server), database.name)
        expires = stored.expires if stored is not None and stored.key == secret else None
        gateway = Connector(self._pool, OneSecret(secret), self._session.stop.pause).open(database)
        return ExplainedGateway(gateway, lambda: refusal_remedy(database, secret, expires=expires, today=_today()))


@contextmanager
def _opening(session: Session) -> "Iterator[Callable[[DatabaseAddress, Secret], Gateway]]":
    """A way to open databases with secrets that are given, on connections that are closed at the end."""
    from codalink.odoo.http import HttpPool

    with HttpPool() as pool:
        yield _Opener(pool, session)


@contextmanager
def _changing(session: Session) -> Iterator[None]:
    """Let no other run change keys meanwhile, and build on what the last one left. Raises OfficeBusy."""
    from filelock import FileLock, Timeout

    folder = seen.keys_file().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(folder / "keys.changing.lock", timeout=0):
            session.keys.look_again()
            yield
    except Timeout as error:
        raise OfficeBusy("Another codalink run is changing API keys right now.") from error


# --- telling -------------------------------------------------------------------------------------------------------------------------


def _today() -> date:
    return datetime.now().astimezone().date()


def _new_name() -> str:
    """What Odoo lists a new key as."""
    return f"codalink {_today().isoformat()} {token_hex(3)}"


def _code(errors: "Sequence[CodalinkError | None]", failures: "Sequence[DatabaseFailure]") -> exits.Exit:
    """The code of the only error where nothing went well, else whether something failed."""
    failed = [error for error in errors if error is not None] + [failure.error for failure in failures]
    if not failed:
        return exits.Exit.DONE
    return exits.of_error(failed[0]) if len(failed) == len(errors) + len(failures) else exits.Exit.SOME_FAILED


def _counted(listing: "KeyList") -> str:
    from codalink.office.keys import KeyState

    states = [row.state for row in listing.rows]
    expired = sum(row.expires is not None and row.expires <= listing.today for row in listing.rows)
    own, login, none = (states.count(state) for state in (KeyState.OWN, KeyState.LOGIN, KeyState.NONE))
    return f"{own} with a key of their own ({expired} expired), {login} with their server's login, {none} with none."


def _tell_failures(session: Session, failures: "Sequence[DatabaseFailure]") -> None:
    from codalink.render.messages import sentence, show_error

    for failure in failures:
        session.streams.notice(sentence(f"{failure.where} on {failure.server}:"))
        show_error(failure.error, session.streams)


def _tell_rotations(session: Session, done: "Sequence[KeyRotation]") -> None:
    from codalink.render.messages import sentence, show_error

    for one in done:
        where = f"{one.database.name} on {one.database.server}"
        if one.error is not None:
            session.streams.err.print(sentence(f"{where}:"), soft_wrap=True)
            show_error(one.error, session.streams)
            continue
        what = "the interrupted exchange is finished" if one.was_resumed else "a new key is in use, and the old one is revoked"
        until = f"; it expires on {one.expires.isoformat()}" if one.expires else ""
        session.streams.notice(sentence(f"{where}: {what}{until}."))
    failed = sum(one.error is not None for one in done)
    session.streams.notice(f"{len(done) - failed} keys exchanged, {failed} failed.")


for _name, _function, _examples in (
    ("list", show_list, ("codalink keys list", "codalink keys list csv --refresh > keys.csv")),
    (
        "set",
        set_key,
        ("codalink keys set --database klant_db", "some-password-manager | codalink keys set -d odoo.example.be/klant_db --stdin"),
    ),
    ("import", import_keys, ("codalink keys import keys.csv", "some-password-manager | codalink keys import -")),
    ("rotate", rotate, ("codalink keys rotate --database klant_db", "codalink keys rotate --all --days 60")),
    ("forget", forget, ("codalink keys forget --database klant_db",)),
):
    app.command(_name, help=options.help_text(_function, _examples), epilog=exits.WORDS)(_function)
