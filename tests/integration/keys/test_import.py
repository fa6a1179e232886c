"""`codalink keys import` against the sandbox: the keys of a file, all or none of them, and never one on the screen."""

from datetime import date

import pytest

from codalink.secrets.keys import ApiKey, StoredKey
from codalink.secrets.masked import Secret
from tests.integration.keys.key_office import WRONG_KEY, KeyOffice, today


@pytest.mark.parametrize("form", ["comma", "semicolon", "byte order mark", "other order"])
def test_import_takes_what_spreadsheets_write(form: str, office: KeyOffice) -> None:
    url = office.sandbox.url_of("klant-001")
    text = {
        "comma": f"url,database,login,key\n{url},klant-001,me@example.be,{WRONG_KEY}\n",
        "semicolon": f'"url";"database";"login";"key"\r\n"{url}";"klant-001";"me@example.be";"{WRONG_KEY}"\r\n;;;\r\n',
        "byte order mark": f"\ufeffURL,Database,Login,Key\n{url},klant-001,me@example.be,{WRONG_KEY}\n",
        "other order": f"key,note,login,database,url\n{WRONG_KEY},x,me@example.be,klant-001,{url}/web\n",
    }[form]
    file = office.folder / "keys.csv"
    file.write_text(text, encoding="utf-8")
    done = office("import", str(file))

    assert done.exit_code == 0, done
    assert "1 new keys, 0 changed, 0 the same." in done.stderr
    assert f"Delete {file} now" in done.stderr
    assert office.stored()["klant-001"] == StoredKey(url, "klant-001", "me@example.be", ApiKey(Secret(WRONG_KEY), today()))
    assert len(office.sandbox.calls) == 0


def test_import_says_what_changes(office: KeyOffice) -> None:
    office("import", "-", stdin=office.csv({"klant-001": "1" * 40, "klant-002": "2" * 40}))
    done = office("import", "-", stdin=office.csv({"klant-001": "1" * 40, "klant-002": "3" * 40, "klant-003": "4" * 40}))

    assert "1 new keys, 1 changed, 1 the same." in done.stderr
    assert office.stored()["klant-002"].key == Secret("3" * 40)


def test_import_names_databases_that_nobody_knows(office: KeyOffice) -> None:
    done = office("import", "-", stdin=f"url,database,login,key\nhttps://odoo.example.be,mistyped,me,{WRONG_KEY}\n")

    assert done.exit_code == 0
    assert "https://odoo.example.be/mistyped" in done.stderr


def test_import_works_before_setup(office: KeyOffice) -> None:
    (office.folder / "codalink.toml").unlink()

    assert office("import", "-", stdin=office.csv({"klant-001": WRONG_KEY})).exit_code == 0


MISTAKES = {
    "a column is missing": (f"url,database,login\nhttps://a.be,b,{WRONG_KEY}\n", "line 1"),
    "no header": (f"https://a.be,b,c,{WRONG_KEY}\n", "line 1"),
    "key as url": (f"url,database,login,key\n{WRONG_KEY},b,c,d\n", "line 2: url is not an https address"),
    "key as database": (f"url,database,login,key\nhttps://a.be,{WRONG_KEY},c,b\n", "line 2: database is not a database"),
    "key as login": (f"url,database,login,key\nhttps://a.be,b,{WRONG_KEY},c\n", "line 2: login is not a login"),
    "key as everything": (f"url,database,login,key\n{WRONG_KEY},{WRONG_KEY},{WRONG_KEY},{WRONG_KEY}\n", "line 2: url is not"),
    "an invisible character": (f"url,database,login,key\nhttps://a.be,b\x1b[31m,c,{WRONG_KEY}\n", "line 2: database is not a database"),
    "a foreign character": (
        f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY}é\n",
        "line 2: the key has a blank or a foreign character",
    ),
    "no https": (f"url,database,login,key\nhttp://a.be,b,c,{WRONG_KEY}\n", "line 2: url is not an https address"),
    "an empty cell": (f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY}\nhttps://a.be,,c,{WRONG_KEY}\n", "line 3: database missing"),
    "two empty cells": ("url,database,login,key\nhttps://a.be,b,,\n", "line 2: login and key missing"),
    "a date that is none": (f"url,database,login,key,expires\nhttps://a.be,b,c,{WRONG_KEY},{WRONG_KEY}\n", "line 2: expires is not a date"),
    "two keys": (
        f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY}\nhttps://a.be,b,c,{'e' * 40}\n",
        "line 3: another key for the database of line 2",
    ),
    "a blank in the key": (f"url,database,login,key\nhttps://a.be,b,c,{WRONG_KEY[:9]} {WRONG_KEY}\n", "line 2: the key has a blank or"),
    "quotes that don't end": (f'url,database,login,key\nhttps://a.be,b,c,"{WRONG_KEY}\n', "not a CSV file"),
    "nothing": ("", "'url' is missing"),
    "only a header": ("url,database,login,key\n", "holds no key"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_import_with_a_mistake_stores_nothing_and_shows_no_key(kind: str, office: KeyOffice) -> None:
    text, told = MISTAKES[kind]
    good = office.csv({"klant-001": "1" * 40})
    assert office("import", "-", stdin=good).exit_code == 0
    before = office.file.read_bytes()
    done = office("import", "-", "--debug", stdin=text)

    assert done.exit_code == 2, done
    assert told in done.stderr
    assert WRONG_KEY[:9] not in done.stdout + done.stderr
    assert office.file.read_bytes() == before


def test_all_mistakes_are_told_at_once(office: KeyOffice) -> None:
    rows = "".join(f"https://a.be,,c,{WRONG_KEY}\n" for _ in range(12))
    done = office("import", "-", stdin=f"url,database,login,key\n{rows}")

    assert "line 2: database missing; line 3: database missing" in done.stderr
    assert "and 4 more" in done.stderr


def test_file_that_is_no_utf8_is_refused(office: KeyOffice) -> None:
    (office.folder / "keys.csv").write_bytes(f"url,database,login,key\nhttps://a.be,\xe9,c,{WRONG_KEY}\n".encode("latin-1"))
    done = office("import", "keys.csv", "--debug")

    assert done.exit_code == 2, done
    assert WRONG_KEY not in done.stderr


@pytest.mark.parametrize("written", ["2026-05-19", "19/05/2026", "2026-05-19 00:00:00", "2026-05-19T10:00:00Z"])
def test_dates_are_read_as_odoo_and_belgians_write_them(written: str, office: KeyOffice) -> None:
    office("import", "-", stdin=office.csv({"klant-001": WRONG_KEY}, more=f",{written}"))

    assert office.stored()["klant-001"].expires == date(2026, 5, 19)
