"""The configuration: good files, every way to be wrong, files of databases, and writing it."""

import os
import stat
import sys
from pathlib import Path

import pytest

from codalink.config import Configuration, Kind, LetterAddresses, SourceEntry, load, load_databases, rendered, save, sources
from codalink.errors import CodalinkError, ConfigurationInvalid, ConfigurationMissing, FileRefused
from codalink.odoo.gateway import DatabaseAddress, DatabaseName, OdooProtocol, ServerUrl
from codalink.office.databases.discover import DatabasesApp, MyDatabases, Named, ServerList, Source, Sources
from codalink.office.model import Office, Vat
from codalink.office.selection import Patterns
from tests.unit.fakes import LOGIN, ODOO, OFFICE, OFFICE_VAT, address

GOOD = f"""
[office]
name = "Kantoor Testmans"
vat = "BE {OFFICE_VAT}"

[selection]
include = ["klant-*"]
exclude = ["*-test"]

[[source]]
server = "https://odoo.example.be/web"
login = "{LOGIN}"

[[source]]
file = "lists/databases.csv"
"""
CONFIGURATION = Configuration(
    OFFICE,
    (
        SourceEntry(Kind.SERVER, "https://odoo.example.be", LOGIN),
        SourceEntry(Kind.FILE, "/lists/databases.csv", LOGIN, protocol=OdooProtocol.XML_RPC),
        SourceEntry(Kind.ODOO_COM, "https://www.odoo.com", "in-databases@example.be", account="partner@example.be"),
        SourceEntry(Kind.DATABASES_APP, "https://office.example.be", LOGIN, database="office", protocol=OdooProtocol.JSON_2),
    ),
    Patterns(("klant-*",), ("*-test",)),
    LetterAddresses("office@example.be", "helpdesk@example.be"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "codalink.toml"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def places(path: Path, text: str) -> tuple[Source, ...]:
    """The sources of a configuration with this text."""
    return sources(load(written(path, text)), path).places


# --- good files ----------------------------------------------------------------------------------------------------------------------


def test_good_file_is_read(path: Path) -> None:
    assert load(written(path, GOOD)) == Configuration(
        OFFICE,
        (SourceEntry(Kind.SERVER, "https://odoo.example.be/web", LOGIN), SourceEntry(Kind.FILE, "lists/databases.csv")),
        Patterns(("klant-*",), ("*-test",)),
    )


def test_selection_may_be_left_out(path: Path) -> None:
    text = GOOD.replace("[selection]", "").replace('include = ["klant-*"]', "").replace('exclude = ["*-test"]', "")

    assert load(written(path, text)).patterns == Patterns()


def test_file_is_relative_to_the_configuration(path: Path) -> None:
    (path.parent / "lists").mkdir()
    written(path.parent / "lists" / "databases.csv", FILES["comma.csv"])

    assert places(path, GOOD)[1] == NAMED


def test_absolute_file_stays_absolute(path: Path, tmp_path: Path) -> None:
    absolute = tmp_path / "elsewhere.csv"

    written(absolute, FILES["comma.csv"])

    assert places(path, GOOD.replace("lists/databases.csv", absolute.as_posix()))[1] == Named("elsewhere.csv", tuple(TWO))


def test_home_is_expanded(path: Path) -> None:
    written(Path.home() / "databases.csv", FILES["comma.csv"])

    assert places(path, GOOD.replace("lists/", "~/"))[1] == NAMED


def test_loopback_may_be_http(path: Path) -> None:
    text = GOOD[: GOOD.rindex("[[source]]")].replace("https://odoo.example.be/web", "http://localhost:8069")

    assert places(path, text) == (ServerList(ServerUrl("http", "localhost", 8069), LOGIN),)


def test_file_with_a_byte_order_mark_is_read(path: Path) -> None:
    """As some editors on Windows write it."""
    path.write_text(GOOD, encoding="utf-8-sig")

    assert load(path).office == OFFICE


SOURCES = {
    'server = "odoo.example.be"\nlogin = "me"\nprotocol = "xml-rpc"': ServerList(ODOO, "me", OdooProtocol.XML_RPC),
    'server = "odoo.example.be"\nlogin = "me"': ServerList(ODOO, "me"),
    'odoo_com = "https://www.odoo.com"\naccount = "partner"': MyDatabases(
        DatabaseAddress(ServerUrl("https", "www.odoo.com", 443), DatabaseName("openerp"), "partner"), "partner"
    ),
    'odoo_com = "https://www.odoo.com"\naccount = "partner"\nlogin = "me"\nprotocol = "json-2"': MyDatabases(
        DatabaseAddress(ServerUrl("https", "www.odoo.com", 443), DatabaseName("openerp"), "partner"), "me", OdooProtocol.JSON_2
    ),
    'databases_app = "odoo.example.be"\ndatabase = "office"\nlogin = "me"\nprotocol = "json-rpc"': DatabasesApp(
        DatabaseAddress(ODOO, DatabaseName("office"), "me", OdooProtocol.JSON_RPC), "me", OdooProtocol.JSON_RPC
    ),
}


@pytest.mark.parametrize("text", SOURCES)
def test_source_of_each_kind_is_read(text: str, path: Path) -> None:
    (found,) = places(path, GOOD[: GOOD.index("[[source]]")] + f"[[source]]\n{text}\n")

    assert found == SOURCES[text]
    # a database's protocol counts for nothing when two are compared
    assert [one.protocol for one in vars(found).values() if isinstance(one, DatabaseAddress)] == [
        one.protocol for one in vars(SOURCES[text]).values() if isinstance(one, DatabaseAddress)
    ]


def test_protocol_of_a_row_wins_over_the_sources(tmp_path: Path) -> None:
    text = "url,database,protocol\nodoo.example.be,a,xml-rpc\nodoo.example.be,b,\n"
    found = load_databases(written(tmp_path / "d.csv", text), LOGIN, OdooProtocol.JSON_RPC)

    assert [one.protocol for one in found] == [OdooProtocol.XML_RPC, OdooProtocol.JSON_RPC]


# --- wrong files ---------------------------------------------------------------------------------------------------------------------


def test_missing_file_is_not_set_up_yet(path: Path) -> None:
    with pytest.raises(ConfigurationMissing, match=r"codalink\.toml"):
        load(path)


def test_folder_instead_of_a_file_is_invalid(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid):
        load(tmp_path)


def test_file_in_another_encoding_is_invalid(path: Path) -> None:
    path.write_bytes("name = 'Zoë'".encode("latin-1"))

    with pytest.raises(ConfigurationInvalid):
        load(path)


WRONG = {
    "broken TOML": (GOOD.replace("name = ", "name "), "line 3"),
    "cut TOML": (GOOD[: GOOD.index("Testmans")], "end of document"),
    "a key twice": (GOOD.replace("vat =", 'name = "x"\nvat ='), "line 4"),
    "empty file": ("", "table [office] is missing"),
    "unknown key": ("colour = 1\n" + GOOD, "colour is not a key"),
    "unknown office key": (GOOD.replace("vat =", "vta ="), "office.vta is not a key"),
    "unknown selection key": (GOOD.replace("include =", "only ="), "selection.only is not a key"),
    "unknown source key": (GOOD.replace("login =", "password ="), "source 1: password is not a key"),
    "no office": (GOOD.replace("[office]", "").replace('name = "Kantoor Testmans"', "").replace('vat = "', '# "'), "[office]"),
    "office is a text": ('office = "x"', "office must be a table"),
    "office is a list": ("[[office]]", "office must be a table"),
    "selection is a text": ('selection = "x"\n' + GOOD.replace("[selection]", "[other]"), "other is not a key"),
    "no name": (GOOD.replace('name = "Kantoor Testmans"', ""), "office.name is missing"),
    "empty name": (GOOD.replace("Kantoor Testmans", "  "), "office.name is missing"),
    "name is a number": (GOOD.replace('"Kantoor Testmans"', "7"), "office.name must be a text"),
    "no number": (GOOD.replace(f'vat = "BE {OFFICE_VAT}"', ""), "office.vat is missing"),
    "number is a number": (GOOD.replace(f'"BE {OFFICE_VAT}"', OFFICE_VAT.lstrip("0")), "office.vat must be a text"),
    "bad number": (GOOD.replace(OFFICE_VAT, "0123456748"), "office.vat: 'BE 0123456748' is not a valid Belgian VAT number"),
    "no source": (GOOD[: GOOD.index("[[source]]")], "at least one [[source]]"),
    "source is a table": (GOOD[: GOOD.index("[[source]]")] + "[source]\nlogin = 'x'", "at least one [[source]]"),
    "source is empty": ("source = []\n" + GOOD[: GOOD.index("[[source]]")], "at least one [[source]]"),
    "source is a list of texts": ("source = ['x']\n" + GOOD[: GOOD.index("[[source]]")], "at least one [[source]]"),
    "server and file": (GOOD.replace("login =", 'file = "x.csv"\nlogin ='), "source 1: exactly one"),
    "neither server nor file": (GOOD.replace("file =", "login ="), "source 2: exactly one"),
    "no login": (GOOD.replace(f'login = "{LOGIN}"', ""), "source 1: login is missing"),
    "login is a list": (GOOD.replace(f'"{LOGIN}"', "[]"), "source 1: login must be a text"),
    "bad address": (GOOD.replace("https://odoo.example.be/web", "ftp://odoo.example.be"), "source 1: server"),
    "foreign http": (GOOD.replace("https://odoo", "http://odoo"), "unencrypted"),
    "address with a login": (GOOD.replace("https://odoo", "https://me:pw@odoo"), "contains a login"),
    "server and list of odoo.com": (GOOD.replace("login =", 'odoo_com = "https://www.odoo.com"\nlogin ='), "source 1: exactly one"),
    "no account on odoo.com": (GOOD.replace("server =", "odoo_com ="), "source 1: account is missing"),
    "no database with the app": (GOOD.replace("server =", "databases_app ="), "source 1: database is missing"),
    "bad address of odoo.com": (GOOD.replace('server = "https', 'account = "x"\nodoo_com = "ftp'), "source 1: odoo_com: "),
    "unknown protocol": (GOOD.replace("login =", 'protocol = "soap"\nlogin ='), "protocol is one of json-2, json-rpc, xml-rpc"),
    "protocol is a number": (GOOD.replace("login =", "protocol = 2\nlogin ="), "source 1: protocol must be a text"),
    "file is a number": (GOOD.replace('"lists/databases.csv"', "3"), "source 2: file must be a text"),
    "patterns are a text": (GOOD.replace('["klant-*"]', '"klant-*"'), "selection.include must be a list of texts"),
    "patterns are numbers": (GOOD.replace('["*-test"]', "[1]"), "selection.exclude must be a list of texts"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_file_is_told_with_file_and_place(name: str, path: Path) -> None:
    text, place = WRONG[name]

    with pytest.raises(ConfigurationInvalid) as refused:
        load(written(path, text))

    assert str(path) in refused.value.cause
    assert place in refused.value.cause


@pytest.mark.parametrize("name", WRONG)
def test_wrong_file_is_told_in_whole_sentences(name: str, path: Path) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        load(written(path, WRONG[name][0]))

    assert refused.value.cause.endswith(".")
    assert ".." not in refused.value.cause
    assert refused.value.remedy.endswith(".")


# --- files of databases --------------------------------------------------------------------------------------------------------------

TABLES = """
[[database]]
url = "odoo.example.be"
name = "a"
[[database]]
url = "odoo.example.be"
name = "b"
login = "other@example.be"
"""
TWO = [address("a"), address("b", login="other@example.be")]
NAMED = Named("databases.csv", tuple(TWO))
FILES = {
    "comma.csv": f"url,database,login\nhttps://odoo.example.be,a,{LOGIN}\nhttps://odoo.example.be,b,other@example.be\n",
    "semicolon.csv": f"url;database;login\nhttps://odoo.example.be;a;{LOGIN}\nhttps://odoo.example.be;b;other@example.be\n",
    "other order.csv": "login,extra,database,url\n,x,a,odoo.example.be\nother@example.be,y,b,odoo.example.be\n",
    "spreadsheet.csv": "Url; Database ;LOGIN\r\nodoo.example.be;a;\r\n;;\r\nodoo.example.be ; b;other@example.be\r\n\r\n",
    "quoted.csv": 'url,database,login\n"https://odoo.example.be","a",\n"https://odoo.example.be","b","other@example.be"\n',
    "short rows.csv": "url,database,login\nodoo.example.be,a\nodoo.example.be,b,other@example.be,too,many\n",
    "no ending": "url,database,login\nodoo.example.be,a,\nodoo.example.be,b,other@example.be",
    "tables.toml": TABLES,
    "CAPITALS.TOML": TABLES,
}


@pytest.mark.parametrize("name", FILES)
def test_file_of_databases_is_read(name: str, tmp_path: Path) -> None:
    assert load_databases(written(tmp_path / name, FILES[name]), LOGIN) == TWO


@pytest.mark.parametrize("name", FILES)
def test_byte_order_mark_is_passed_over(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8-sig")

    assert load_databases(tmp_path / name, LOGIN) == TWO


def test_header_alone_names_no_databases(tmp_path: Path) -> None:
    assert load_databases(written(tmp_path / "d.csv", "url,database,login\n"), LOGIN) == []


WRONG_FILES = {
    "empty.csv": ("", "line 1: the column 'url' is missing"),
    "blank.csv": (" \n\n", "line 1: the column 'url' is missing"),
    "no url.csv": ("server,database\nx,a\n", "line 1: the column 'url' is missing"),
    "no database.csv": ("url,name\nx,a\n", "line 1: the column 'database' is missing"),
    "no url in a row.csv": ("url,database\n,a\n", "line 2: url is missing"),
    "no name in a row.csv": ("url,database\nodoo.example.be,a\nodoo.example.be,\n", "line 3: name is missing"),
    "bad url.csv": ("url,database\nodoo.example.be,a\nftp://x,b\n", "line 3: url: "),
    "foreign http.csv": ("url,database\nhttp://odoo.example.be,a\n", "unencrypted"),
    "empty.toml": ("", "at least one [[database]]"),
    "broken.toml": ("[[database]]\nurl = \n", "line 2"),
    "no name.toml": ('[[database]]\nurl = "odoo.example.be"\n', "database 1: name is missing"),
    "no url.toml": ('[[database]]\nname = "a"\n', "database 1: url is missing"),
    "bad protocol.csv": ("url,database,login,protocol\nodoo.example.be,a,x,soap\n", "line 2: protocol is one of"),
    "number.toml": ('[[database]]\nurl = "odoo.example.be"\nname = 7\n', "database 1: name must be a text"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_wrong_file_of_databases_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    text, place = WRONG_FILES[name]

    with pytest.raises(ConfigurationInvalid) as refused:
        load_databases(written(tmp_path / name, text), LOGIN)

    assert place in refused.value.cause
    assert name in refused.value.cause


@pytest.mark.parametrize("name", WRONG_FILES)
def test_wrong_file_of_databases_has_a_remedy_in_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        load_databases(written(tmp_path / name, WRONG_FILES[name][0]), LOGIN)

    assert refused.value.remedy.endswith(".")


def test_database_without_any_login_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match="line 2: login is missing"):
        load_databases(written(tmp_path / "d.csv", "url,database\nodoo.example.be,a\n"), "")


def test_missing_file_of_databases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"d\.csv"):
        load_databases(tmp_path / "d.csv", LOGIN)


def test_file_of_databases_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes("url,database\nodoo.example.be,zoë\n".encode("latin-1"))

    with pytest.raises(FileRefused):
        load_databases(tmp_path / "d.csv", LOGIN)


def test_endless_cell_is_an_error_of_ours(tmp_path: Path) -> None:
    """The csv module has a limit of its own, with an error of its own."""
    with pytest.raises(CodalinkError):
        load_databases(written(tmp_path / "d.csv", f"url,database\nodoo.example.be,{'x' * 200_000}\n"), LOGIN)


def test_sources_have_the_databases_of_their_files(path: Path) -> None:
    (path.parent / "lists").mkdir()
    written(path.parent / "lists" / "databases.csv", FILES["comma.csv"])
    found = sources(load(written(path, GOOD)), path)

    assert found == Sources((ServerList(ODOO, LOGIN), NAMED), Patterns(("klant-*",), ("*-test",)))


def test_addresses_for_letters_need_not_be_there(path: Path) -> None:
    assert load(written(path, GOOD)).letters == LetterAddresses()


def test_addresses_for_letters_are_read(path: Path) -> None:
    text = f'{GOOD}\n[letters]\nfrom = "office@example.be"\nhelpdesk = " help@example.be "\n'
    assert load(written(path, text)).letters == LetterAddresses("office@example.be", "help@example.be")


@pytest.mark.parametrize("value", ["no address", "a@example.be, b@example.be", "a@example.be\\nBcc: b@example.be"])
def test_what_is_not_one_address_is_refused_with_its_key(value: str, path: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match=r"letters\.from must be one e-mail address"):
        load(written(path, f'{GOOD}\n[letters]\nfrom = "{value}"\n'))


# --- writing -------------------------------------------------------------------------------------------------------------------------


def test_written_configuration_is_read_back_the_same(path: Path) -> None:
    save(CONFIGURATION, path)

    assert load(path) == CONFIGURATION


@pytest.mark.parametrize("name", ['Kantoor "Zoë" & Co', "O'Hara \\ Partners", "[office]", "日本 😀", "two\nlines"])
def test_any_name_is_written_and_read_back(name: str, path: Path) -> None:
    configuration = Configuration(Office(name, Vat(OFFICE_VAT)), CONFIGURATION.sources, Patterns())
    save(configuration, path)

    assert load(path) == configuration


def test_read_configuration_is_written_and_read_back(path: Path) -> None:
    configuration = load(written(path, GOOD))
    save(configuration, path)

    assert load(path) == configuration


def test_comments_of_the_template_are_written() -> None:
    assert "# The accounting office that has the contract with CodaBox." in rendered(CONFIGURATION)


def test_number_is_written_as_people_write_it() -> None:
    assert 'vat = "BE 0123.456.749"' in rendered(CONFIGURATION)


def test_source_of_a_file_without_login_has_none() -> None:
    text = rendered(Configuration(OFFICE, (SourceEntry(Kind.FILE, "/d.csv"),), Patterns()))

    assert "login =" not in text.partition("[[source]]\nfile")[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_written_configuration_is_private(path: Path) -> None:
    save(CONFIGURATION, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_folder_is_made(tmp_path: Path) -> None:
    save(CONFIGURATION, tmp_path / "a" / "b" / "codalink.toml")

    assert load(tmp_path / "a" / "b" / "codalink.toml") == CONFIGURATION


def test_configuration_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "file", "")

    with pytest.raises(FileRefused, match=r"codalink\.toml"):
        save(CONFIGURATION, tmp_path / "file" / "codalink.toml")


def test_former_configuration_stays_when_the_disk_is_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    save(CONFIGURATION, path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileRefused):
        save(Configuration(Office("Other", Vat(OFFICE_VAT)), CONFIGURATION.sources, Patterns()), path)

    assert load(path) == CONFIGURATION
    assert [one.name for one in path.parent.iterdir()] == ["codalink.toml"]


@pytest.mark.parametrize("opening", ["[", "{a = "])
def test_brackets_without_end_are_told(opening: str, tmp_path: Path) -> None:
    path = tmp_path / "codalink.toml"
    path.write_text(f"x = {opening * 100_000}", encoding="utf-8")

    with pytest.raises(ConfigurationInvalid, match="too many brackets"):
        load(path)
