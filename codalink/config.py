"""The configuration: one TOML file as typed values, and the files of databases it names. Nobody else reads them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import platformdirs
import tomlkit
import tomlkit.items

from codalink.errors import AddressRefused, ConfigurationExposed, ConfigurationInvalid, ConfigurationMissing, FileRefused, NumberInvalid
from codalink.files import write_whole
from codalink.odoo.gateway import DatabaseAddress, DatabaseName, OdooProtocol, ServerUrl
from codalink.odoo.listing import ODOO_COM_DATABASE
from codalink.office.advice.letters import addresses
from codalink.office.databases.discover import DatabasesApp, MyDatabases, Named, ServerList, Source, Sources
from codalink.office.model import Office, Vat
from codalink.office.selection import Patterns
from codalink.office.spreadsheet import read_rows
from codalink.office.support.pack import Part, Setting
from codalink.rights import exposure
from codalink.shipped import template

Table = Mapping[str, object]


class Kind(Enum):
    """What a `[[source]]` is; the value is the key that says so, and holds the place."""

    SERVER = "server"
    FILE = "file"
    ODOO_COM = "odoo_com"
    DATABASES_APP = "databases_app"


@dataclass(frozen=True)
class SourceEntry:
    """One `[[source]]`, as written. Which fields are used depends on the kind.

    `place` is an address, or a file's path. `account` is the login on odoo.com, `database` the one that has the Databases app. `login` is
    the account in the customer databases; `protocol` is for all of them.
    """

    kind: Kind
    place: str
    login: str = ""
    account: str = ""
    database: str = ""
    protocol: OdooProtocol | None = None


@dataclass(frozen=True)
class LetterAddresses:
    """E-mail addresses for `codalink letter`, as written; empty where the user fills them in himself."""

    sender: str = ""
    """The office's own."""
    helpdesk: str = ""
    """CodaBox's helpdesk's."""


@dataclass(frozen=True)
class Configuration:
    """What the file says."""

    office: Office
    sources: tuple[SourceEntry, ...]
    patterns: Patterns
    letters: LetterAddresses = LetterAddresses()


def default_path() -> Path:
    """Where the configuration lies on this platform."""
    return platformdirs.user_config_path("codalink", appauthor=False) / "codalink.toml"


# --- reading -------------------------------------------------------------------------------------------------------------------------


def load(path: Path) -> Configuration:
    """Read the configuration. Raises ConfigurationMissing, ConfigurationExposed, ConfigurationInvalid."""
    _refuse_exposed(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationMissing(f"There is no configuration at {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationInvalid(f"{path} can't be read: {error}.") from error
    reader = _Reader(path)
    root = reader.parsed(text)
    reader.only(root, "", {"office", "source", "selection", "letters"})
    office = reader.table(root, "office")
    reader.only(office, "office.", {"name", "vat"})
    selection = reader.table(root, "selection") if "selection" in root else {}
    reader.only(selection, "selection.", {"include", "exclude"})
    return Configuration(
        Office(reader.text(office, "name", "office."), reader.vat(office, "vat", "office.")),
        tuple(_entry(reader, table, number) for number, table in enumerate(reader.tables(root, "source"), start=1)),
        Patterns(reader.texts(selection, "include", "selection."), reader.texts(selection, "exclude", "selection.")),
        _letters(reader, reader.table(root, "letters")) if "letters" in root else LetterAddresses(),
    )


def _refuse_exposed(path: Path) -> None:
    """Whoever can change the file decides which servers are asked, and for which office."""
    found = exposure(path)
    if found is None:
        return
    if found.is_foreign:
        raise ConfigurationExposed(
            f"{found.path} belongs to another user of this computer, who decides with it where codalink connects.",
            remedy="Copy the configuration into a folder of your own, look at what it says, and name the copy with --config.",
        )
    raise ConfigurationExposed(
        f"Other users of this computer can change {found.path}, and with it where codalink connects.",
        remedy=f"Take their right away: chmod go-w '{found.path}'. Look whether {path.name} still says what you wrote, then try again.",
    )


def _letters(reader: "_Reader", table: Table) -> LetterAddresses:
    reader.only(table, "letters.", {"from", "helpdesk"})
    return LetterAddresses(reader.email(table, "from", "letters."), reader.email(table, "helpdesk", "letters."))


def sources(configuration: Configuration, path: Path) -> Sources:
    """The configured sources, with the files of databases read, which lie relative to the configuration at `path`.

    Raises FileRefused, ConfigurationInvalid, AddressRefused.
    """
    return Sources(tuple(_source(entry, path.parent) for entry in configuration.sources), configuration.patterns)


def _source(entry: SourceEntry, folder: Path) -> Source:
    match entry.kind:
        case Kind.SERVER:
            return ServerList(ServerUrl.parse(entry.place), entry.login, entry.protocol)
        case Kind.FILE:
            return Named(Path(entry.place).name, tuple(listed(entry, folder)))
        case Kind.ODOO_COM:
            account = DatabaseAddress(ServerUrl.parse(entry.place), ODOO_COM_DATABASE, entry.account)
            return MyDatabases(account, entry.login or entry.account, entry.protocol)
        case Kind.DATABASES_APP:
            app = DatabaseAddress(ServerUrl.parse(entry.place), DatabaseName(entry.database), entry.login, entry.protocol)
            return DatabasesApp(app, entry.login, entry.protocol)


def load_databases(path: Path, login: str, protocol: OdooProtocol | None = None) -> list[DatabaseAddress]:
    """The databases that a CSV or TOML file names; `login` is for those without an own one. Raises FileRefused, ConfigurationInvalid."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(f"The list of databases {path} can't be read: {error}.") from error
    reader = _Reader(path)
    if path.suffix.lower() == ".toml":
        tables = reader.tables(reader.parsed(text), "database")
        return [_database(reader, table, f"database {number}: ", login, protocol) for number, table in enumerate(tables, start=1)]
    try:
        rows = read_rows(text, ("url", "database"))
    except ValueError as error:
        raise ConfigurationInvalid(f"{path}: {error}.", remedy="The first line names the columns: url,database,login.") from error
    return [_database(reader, {**row, "name": row["database"]}, f"line {line}: ", login, protocol) for line, row in rows]


def _database(reader: "_Reader", table: Table, where: str, login: str, protocol: OdooProtocol | None) -> DatabaseAddress:
    own_login = reader.text(table, "login", where, required=False) or login
    if not own_login:
        raise reader.wrong(f"{where}login is missing, and the source in the configuration has none either")
    name = DatabaseName(reader.text(table, "name", where))
    return DatabaseAddress(reader.server(table, "url", where), name, own_login, reader.protocol(table, where) or protocol)


def _entry(reader: "_Reader", table: Table, number: int) -> SourceEntry:
    where = f"source {number}: "
    reader.only(table, where, {"login", "account", "database", "protocol", *(kind.value for kind in Kind)})
    kinds = [kind for kind in Kind if kind.value in table]
    if len(kinds) != 1:
        raise reader.wrong(f"{where}exactly one of {', '.join(kind.value for kind in Kind)} is needed")
    (kind,) = kinds
    if kind is not Kind.FILE:
        reader.server(table, kind.value, where)  # a wrong address is told with its key
    return SourceEntry(
        kind,
        reader.text(table, kind.value, where),
        login=reader.text(table, "login", where, required=kind in {Kind.SERVER, Kind.DATABASES_APP}),
        account=reader.text(table, "account", where, required=kind is Kind.ODOO_COM),
        database=reader.text(table, "database", where, required=kind is Kind.DATABASES_APP),
        protocol=reader.protocol(table, where),
    )


@dataclass(frozen=True)
class _Reader:
    """Takes typed values out of a parsed file; what is wrong is told with file and key."""

    path: Path

    def wrong(self, what: str) -> ConfigurationInvalid:
        return ConfigurationInvalid(f"{self.path}: {what}.")

    def parsed(self, text: str) -> Table:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self.wrong(f"not valid TOML: {error}") from error
        except RecursionError:
            raise self.wrong("not a configuration: too many brackets in each other") from None

    def only(self, table: Table, where: str, known: set[str]) -> None:
        unknown = sorted(set(table) - known)
        if unknown:
            raise self.wrong(f"{where}{unknown[0]} is not a key that codalink knows (known: {', '.join(sorted(known))})")

    def table(self, table: Table, key: str) -> Table:
        value = table.get(key)
        if not isinstance(value, dict):
            raise self.wrong(f"the table [{key}] is missing" if value is None else f"{key} must be a table: [{key}]")
        return value

    def tables(self, table: Table, key: str) -> list[Table]:
        value = table.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            raise self.wrong(f"at least one [[{key}]] is needed")
        return value

    def text(self, table: Table, key: str, where: str, *, required: bool = True) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(f'{where}{key} must be a text, in quotes: {key} = "…"')
        if required and not value.strip():
            raise self.wrong(f"{where}{key} is missing")
        return value.strip()

    def email(self, table: Table, key: str, where: str) -> str:
        value = self.text(table, key, where, required=False)
        if value and addresses(value) != (value,):
            raise self.wrong(f"{where}{key} must be one e-mail address, such as office@example.be")
        return value

    def texts(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(f'{where}{key} must be a list of texts: {key} = ["…"]')
        return tuple(value)

    def vat(self, table: Table, key: str, where: str) -> Vat:
        try:
            return Vat.parse(self.text(table, key, where))
        except NumberInvalid as error:
            raise self.wrong(f"{where}{key}: {error.cause.rstrip('.')}") from error

    def protocol(self, table: Table, where: str) -> OdooProtocol | None:
        value = self.text(table, "protocol", where, required=False)
        try:
            return OdooProtocol(value) if value else None
        except ValueError as error:
            raise self.wrong(f"{where}protocol is one of {', '.join(one.value for one in OdooProtocol)}") from error

    def server(self, table: Table, key: str, where: str) -> ServerUrl:
        try:
            return ServerUrl.parse(self.text(table, key, where))
        except AddressRefused as error:
            raise ConfigurationInvalid(f"{self.path}: {where}{key}: {error.cause}", remedy=error.remedy) from error


# --- telling -------------------------------------------------------------------------------------------------------------------------


_PARTS = {Kind.SERVER: Part.SERVER, Kind.FILE: Part.FILE, Kind.ODOO_COM: Part.SERVER, Kind.DATABASES_APP: Part.SERVER}


def settings(configuration: Configuration) -> Iterator[Setting]:
    """Every value that is set, with what its text stands for: for a pack in which names are replaced."""
    yield Setting("office", "name", Part.OFFICE, configuration.office.name)
    yield Setting("office", "vat", Part.VAT, configuration.office.vat.digits)
    for key, patterns in (("include", configuration.patterns.include), ("exclude", configuration.patterns.exclude)):
        yield from (Setting("selection", key, Part.PATTERN, pattern) for pattern in patterns)
    for key, address in (("from", configuration.letters.sender), ("helpdesk", configuration.letters.helpdesk)):
        if address:
            yield Setting("letters", key, Part.EMAIL, address)
    for number, entry in enumerate(configuration.sources, start=1):
        table = f"source {number}"
        yield Setting(table, entry.kind.value, _PARTS[entry.kind], entry.place)
        for key, part, text in (
            ("account", Part.LOGIN, entry.account),
            ("database", Part.DATABASE, entry.database),
            ("login", Part.LOGIN, entry.login),
            ("protocol", Part.OWN, entry.protocol.value if entry.protocol else ""),
        ):
            if text:
                yield Setting(table, key, part, text)


def listed(entry: SourceEntry, folder: Path) -> list[DatabaseAddress]:
    """The databases that the file of a source names, which lies relative to the configuration's folder; none for other sources.

    Raises FileRefused, ConfigurationInvalid.
    """
    if entry.kind is not Kind.FILE:
        return []
    return load_databases(folder / Path(entry.place).expanduser(), entry.login, entry.protocol)


# --- writing -------------------------------------------------------------------------------------------------------------------------


def rendered(configuration: Configuration) -> str:
    """The configuration as the text of a file, with the comments of the template."""
    document = tomlkit.parse(template("configuration.toml"))
    office, selection = document["office"], document["selection"]
    assert isinstance(office, tomlkit.items.Table)  # noqa: S101  # our own template
    assert isinstance(selection, tomlkit.items.Table)  # noqa: S101
    office["name"], office["vat"] = configuration.office.name, str(configuration.office.vat)
    selection["include"], selection["exclude"] = list(configuration.patterns.include), list(configuration.patterns.exclude)
    letters = document["letters"]
    assert isinstance(letters, tomlkit.items.Table)  # noqa: S101
    letters["from"], letters["helpdesk"] = configuration.letters.sender, configuration.letters.helpdesk
    listed = tomlkit.aot()
    for source in configuration.sources:
        table = tomlkit.table()
        table[source.kind.value] = source.place
        for key, value in (("account", source.account), ("database", source.database), ("login", source.login)):
            if value:
                table[key] = value
        if source.protocol is not None:
            table["protocol"] = source.protocol.value
        listed.append(table)
    document["source"] = listed
    return tomlkit.dumps(document)


def save(configuration: Configuration, path: Path) -> None:
    """Write the configuration, whole or not at all; readable by its owner only. Raises FileRefused."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, rendered(configuration))
    except OSError as error:
        raise FileRefused(f"The configuration can't be written to {path}: {error}.") from error
