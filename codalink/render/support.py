"""A support pack as files, as an archive, and as a list of what is in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rich.console import RenderableType
from rich.text import Text

from codalink.office.changes import ChangeResult
from codalink.office.support.pack import Machine, PackedEntry, PackedRun, Setting, SupportPack
from codalink.render.layout import Column, grid
from codalink.render.machine import Record, comma_separated

_FOLDER = "codalink-support"

_READ_ME = """\
A support pack of codalink, made by `codalink support` for a bug report.

What it is for: it shows which codalink ran where, how it is set up, and what it did lately and how that ended.

What is not in it: passwords and keys, which were not even read; and names. Each name has a stand-in, the same in all files: server-1 is
always the same server, company-3 the same company. Office, customers, databases, logins, addresses, VAT numbers, files and people are
replaced in this way. What Odoo or CodaBox said in an error is left out; the error's code and codalink's own words for it are there.

Look into it before you send it. All files are plain text, and nothing has been sent anywhere.

versions.txt       codalink, Python, the system, libraries, the keyring's name, the terminal, and which environment variables are set
configuration.txt  the configuration, with stand-ins
state.txt          how much there is, and what could not be read for this pack
runs.csv           the last runs that changed something, or tried to; times are UTC
log.csv            what they changed, and how that ended
"""
_WHAT = {
    "README.txt": "what this is",
    "versions.txt": "codalink, Python, system, libraries, terminal",
    "configuration.txt": "the configuration, with stand-ins for names",
    "state.txt": "how much there is, and what could not be read",
    "runs.csv": "the last runs",
    "log.csv": "what they changed, and how that ended",
}


def files(pack: SupportPack) -> dict[str, str]:
    """The pack's files by their names."""
    return {
        "README.txt": _READ_ME,
        "versions.txt": _versions(pack.machine),
        "configuration.txt": _configuration(pack.settings),
        "state.txt": "\n".join(_state(pack)) + "\n",
        "runs.csv": comma_separated([_run(run) for run in pack.runs]),
        "log.csv": comma_separated([_entry(entry) for entry in pack.entries]),
    }


def _versions(machine: Machine) -> str:
    lines = [f"{heading}: {value}" for heading, value in machine.facts]
    libraries = [f"  {name} {version}" for name, version in machine.libraries]
    variables = [f"  {name}" for name in machine.variables] or ["  none"]
    return "\n".join([*lines, "libraries:", *libraries, "environment variables that are set:", *variables, ""])


def _configuration(settings: Sequence[Setting]) -> str:
    lines = []
    for table, together in groupby(settings, lambda setting: setting.table):
        lines += ["", f"[{table}]"]
        lines += [f'{one.key} = "{one.text}"{f"  # {one.remark}" if one.remark else ""}' for one in together]
    return "\n".join([*lines[1:], ""]) if lines else "No configuration was read.\n"


def _state(pack: SupportPack) -> Iterator[str]:
    yield from (f"{heading}: {number}" for heading, number in pack.counts)
    for trouble, meaning in pack.troubles:
        yield f"not read: {trouble.part}: {trouble.error}: {meaning}"
    if not pack.troubles:
        yield "Everything could be read."


def _run(run: PackedRun) -> Record:
    about: Record = {
        "run": run.name,
        "began": _time(run.began),
        "command": run.command,
        "version": run.version,
        "person": run.person,
        "office": run.office,
    }
    return {**about, **{result.value: run.results.get(result, 0) for result in ChangeResult}}


def _entry(entry: PackedEntry) -> Record:
    return {
        "run": entry.run,
        "at": _time(entry.at),
        "what": entry.what,
        "result": entry.result.value,
        "took_ms": entry.took_ms,
        "server": entry.server,
        "database": entry.database,
        "company": entry.company,
        "login": entry.login,
        "error": entry.error,
        "meaning": entry.meaning,
    }


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def archive(files: Mapping[str, str], now: datetime) -> bytes:
    """The files in one zip, in a folder of their own; `now` is the date that they bear."""
    content = BytesIO()
    with ZipFile(content, "w") as packed:
        for name, text in files.items():
            about = ZipInfo(f"{_FOLDER}/{name}", now.timetuple()[:6])
            about.compress_type, about.external_attr = ZIP_DEFLATED, 0o600 << 16
            packed.writestr(about, text.encode())
    return content.getvalue()


def contents(files: Mapping[str, str]) -> RenderableType:
    """What is in the pack: a row a file, with its size."""
    columns = (Column("File", is_whole=True), Column("Bytes", is_whole=True), Column("What is in it", grows=True))
    return grid(columns, [(Text(name), Text(f"{len(text.encode())}", justify="right"), Text(_WHAT[name])) for name, text in files.items()])
