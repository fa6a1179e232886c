"""Who gets what: a command's session, with everything opened when first asked for, and the one way out of a command.

A session is the one place where an error becomes a message and an exit code.
"""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

import typer

from codalink.cli import exits, seen
from codalink.cli.interrupts import finishing_first
from codalink.cli.options import DEFAULT_JOBS, JOBS_PER_SERVER, Common, Format
from codalink.cli.steps import tell_failures, tell_step
from codalink.errors import CodalinkError, FileRefused, NoTerminal, OfficeBusy, UsageError
from codalink.files import write_whole
from codalink.secrets.masked import redact

if TYPE_CHECKING:
    from rich.console import RenderableType

    from codalink.config import Configuration
    from codalink.journal.writer import Journal
    from codalink.odoo.connector import Connector
    from codalink.office.events import Listener
    from codalink.office.fleet import Fleet
    from codalink.office.means import Means
    from codalink.office.model import Company, Survey
    from codalink.render.machine import Record
    from codalink.secrets.backup_record import BackupRecords
    from codalink.secrets.credentials import Credentials
    from codalink.secrets.keys import DatabaseKeys
    from codalink.secrets.logins import LoginSecrets
    from codalink.secrets.passwords import OfficePasswords
    from codalink.secrets.store import SystemKeyring


logger = logging.getLogger(__name__)

_FILE_WIDTH = 160


class Session:
    """One run of one command. Use it in a `with`: that turns errors into messages and exit codes, and closes what was opened."""

    def __init__(self, command: str, common: Common, shown: Format = Format.table, jobs: int = DEFAULT_JOBS) -> None:
        from codalink.office.fleet import Stop
        from codalink.render.console import open_streams

        self.command = command
        self.common = common
        self.shown = shown
        self.jobs = jobs
        self.streams = open_streams(is_quiet=common.is_quiet, is_logged=common.is_verbose or common.is_debug)
        self.stop = Stop()
        self._closing = ExitStack()
        _listen_to_logs(common)

    # what is opened when first asked for

    @cached_property
    def config_path(self) -> Path:
        """Where the configuration lies."""
        from codalink.config import default_path

        return self.common.config or default_path()

    @cached_property
    def configuration(self) -> "Configuration":
        """What it says. Raises ConfigurationMissing, ConfigurationInvalid."""
        from codalink.config import load

        configuration = load(self.config_path)
        source = "as --config or CODALINK_CONFIG says" if self.common.config else "in its usual place"
        logger.info("Configuration: %s, %s; %s places to look for databases", self.config_path, source, len(configuration.sources))
        return configuration

    @cached_property
    def store(self) -> "SystemKeyring":
        """The operating system's keyring."""
        from codalink.secrets.store import SystemKeyring

        return SystemKeyring(_keyring_time_limit_s())

    @cached_property
    def passwords(self) -> "OfficePasswords":
        """The office passwords in it."""
        from codalink.secrets.passwords import OfficePasswords

        return OfficePasswords(self.store)

    @cached_property
    def backups(self) -> "BackupRecords":
        """Which of them were backed up."""
        from codalink.secrets.backup_record import BackupRecords

        return BackupRecords(self.store)

    @cached_property
    def logins(self) -> "LoginSecrets":
        """The Odoo logins' secrets in it."""
        from codalink.secrets.logins import LoginSecrets

        return LoginSecrets(self.store)

    @cached_property
    def keys(self) -> "DatabaseKeys":
        """The databases' own API keys."""
        from codalink.secrets.keys import DatabaseKeys

        return DatabaseKeys(seen.keys_file(), self.store)

    @cached_property
    def credentials(self) -> "Credentials":
        """What opens each database: its own key, or its login's secret."""
        from codalink.secrets.credentials import Credentials

        return Credentials(self.keys, self.logins)

    @cached_property
    def gateways(self) -> "Connector":
        """The way to the databases, on one pool of connections."""
        from codalink.odoo.connector import Connector
        from codalink.odoo.http import HttpPool

        return Connector(self._closing.enter_context(HttpPool()), self.credentials, self.stop.sleep)

    @cached_property
    def journal(self) -> "Journal":
        """Writes down what is changed; a run that changes nothing leaves it alone."""
        from codalink.journal.runs import begin_run
        from codalink.journal.writer import Journal
        from codalink.render.messages import sentence

        run = begin_run(self.command, self._office_vat())
        journal = Journal(seen.journal_file(), run, lambda notice: self.streams.notice(sentence(notice)))
        self._closing.callback(journal.close)
        return journal

    def _office_vat(self) -> str:
        try:
            return self.configuration.office.vat.digits
        except CodalinkError:  # whoever needs a configuration says so
            return ""

    def heard(self, listener: "Listener") -> "Listener":
        """`listener`, and the journal besides; called one at a time."""
        from codalink.office.events import in_turn

        return in_turn(listener, self.journal, tell_step)

    def runner(self) -> "Fleet":
        """Workers: as many as the user wants, politely few for one server."""
        from codalink.office.fleet import Fleet

        return Fleet(self.jobs, JOBS_PER_SERVER)

    def means(self, listener: "Listener") -> "Means":
        """What use cases work with."""
        from codalink.office.means import Means
        from codalink.secrets.store import prove

        return Means(
            gateways=self.gateways,
            passwords=self.passwords,
            prove_keyring=lambda: prove(self.store),
            runner=self.runner(),
            stop=self.stop,
            listener=self.heard(listener),
        )

    def survey(
        self, listener: "Listener", *, with_versions: bool = False, is_enough: "Callable[[Company], bool] | None" = None
    ) -> "Survey":
        """Read all companies, and remember them for completion; or only some, until one of them is enough."""
        from codalink.config import sources
        from codalink.office.databases.discover import survey
        from codalink.office.events import in_turn

        found = survey(
            sources(self.configuration, self.config_path),
            self.gateways,
            self.runner(),
            self.stop,
            in_turn(listener, tell_step),
            with_versions=with_versions,
            is_enough=is_enough,
        )
        tell_failures(found)
        if not found.found and not found.failures and not self.stop.is_requested:
            raise UsageError("No customer database was found.", remedy="Check the sources and patterns in the configuration.")
        if not self.stop.is_requested and is_enough is None:
            seen.remember(found)
        return found

    @contextmanager
    def office_lock(self) -> Iterator[None]:
        """Hold the office for this run alone. Raises OfficeBusy."""
        from filelock import FileLock, Timeout

        folder = seen.state_folder()
        lock = FileLock(folder / f"office-{self.configuration.office.vat.digits}.lock", timeout=0)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise OfficeBusy from error
        except OSError as error:
            raise FileRefused(f"The folder {folder} can't be used: {error.strerror or error}.") from error
        try:
            yield
        finally:
            lock.release()

    # talking to the user

    def can_ask(self) -> bool:
        """Whether somebody is there to answer."""
        return sys.stdin.isatty()

    def confirm(self, question: str, *, otherwise: str) -> bool:
        """Ask yes or no, on standard error. Raises NoTerminal where nobody is there; `otherwise` is the option that answers."""
        if not self.can_ask():
            raise NoTerminal(f"{question} Nobody is there to answer.", remedy=f"Run it in a terminal, or say {otherwise}.")
        return typer.confirm(question, err=True)

    def show(
        self, rows: "Callable[[], Sequence[Record]]", table: "Callable[[int], RenderableType]", code: exits.Exit, output: Path | None = None
    ) -> None:
        """Results in the format that was asked for, on standard output or in a file that is there whole or not at all."""
        from codalink.render.console import plain
        from codalink.render.machine import comma_separated, envelope

        if self.shown is Format.table and output is None:
            self.streams.out.print(table(self.streams.out.width))
            return
        text = {
            Format.json: lambda: envelope(self.command, code, rows()) + "\n",
            Format.csv: lambda: comma_separated(rows()),
            Format.table: lambda: plain(table(_FILE_WIDTH), _FILE_WIDTH),
        }[self.shown]()
        self.put(text, output)

    def put(self, text: str, output: Path | None) -> None:
        """A result as text, on standard output or in a file that is there whole or not at all. Raises FileRefused."""
        if output is None:
            self.streams.out.file.write(text)
            return
        try:
            write_whole(output, text)
        except OSError as error:
            raise FileRefused(f"{output} can't be written: {error.strerror or error}.") from error

    # the way out

    def go_on(self) -> None:
        """End the command here if the user asked for it."""
        if self.stop.is_requested:
            raise typer.Exit(exits.Exit.INTERRUPTED)

    def leave(self, code: exits.Exit) -> NoReturn:
        """End the command with this code, or with the one for an interruption that nothing else told of."""
        raise typer.Exit(exits.Exit.INTERRUPTED if code is exits.Exit.DONE and self.stop.is_requested else code)

    def __enter__(self) -> Self:
        self._closing.enter_context(finishing_first(self.stop, self.streams))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.close()
        if isinstance(error, CodalinkError):
            raise typer.Exit(self._failed(error)) from None

    def _failed(self, error: CodalinkError) -> exits.Exit:
        from codalink.render.console import harmless_lines
        from codalink.render.machine import envelope
        from codalink.render.messages import show_error

        code = exits.of_error(error)
        if self.common.is_debug:
            self.streams.err.file.write(harmless_lines(redact("".join(traceback.format_exception(error)))))
        if self.shown is Format.json:
            self.streams.out.file.write(envelope(self.command, code, [], [error]) + "\n")
        show_error(error, self.streams)
        return code


def _keyring_time_limit_s() -> float:
    """`CODALINK_KEYRING_TIMEOUT` in seconds, for keyrings that ask slowly or jobs that can't wait. Raises UsageError."""
    from codalink.secrets.store import DEFAULT_TIME_LIMIT_S

    named = os.environ.get("CODALINK_KEYRING_TIMEOUT", "")
    try:
        seconds = float(named or DEFAULT_TIME_LIMIT_S)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"CODALINK_KEYRING_TIMEOUT is {named!r}.", remedy="It is a number of seconds, such as 30.")
    return seconds


_LONGEST_LINE = 1000


class _Redacted(logging.Formatter):
    """Log lines on which every secret that this process knows is masked, and on which foreign text can do nothing to the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        from codalink.render.console import harmless

        return harmless(redact(super().format(record)), _LONGEST_LINE)


def _listen_to_logs(common: Common) -> None:
    """codalink's own log on standard error, as talkative as was asked for; other libraries' only from warnings on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacted("%(asctime)s.%(msecs)03d %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    own = logging.getLogger("codalink")
    own.setLevel(logging.DEBUG if common.is_debug else logging.INFO if common.is_verbose else logging.WARNING)
