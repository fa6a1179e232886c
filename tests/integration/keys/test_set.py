"""`codalink keys set` and `codalink keys forget` against the sandbox: one key, tried before it is stored."""

import stat
import sys

import pytest

from codalink.files import write_whole
from codalink.secrets.masked import Secret
from tests.integration.keys.key_office import PROTOCOLS, WRONG_KEY, KeyOffice


@pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)
def test_key_is_tried_and_stored(name: str, office: KeyOffice) -> None:
    key = office.key(name)
    done = office("set", "--database", name, "--secret-stdin", stdin=f"{key}\n")

    assert done.exit_code == 0, done
    assert office.stored()[name].key == Secret(key)
    assert office.stored()[name].login == office.world.login
    assert "Odoo accepts it." in done.stderr


def test_key_file_is_for_its_owner_and_encrypted(office: KeyOffice) -> None:
    keys = office.give_own_keys("klant-001")

    assert sys.platform == "win32" or stat.S_IMODE(office.file.stat().st_mode) == 0o600
    assert keys["klant-001"] not in office.file.read_text()
    assert [service for service, _ in office.sandbox.keyring.items] == ["codalink key file"]


@pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)
def test_refused_key_is_not_stored_and_the_causes_are_named(name: str, office: KeyOffice) -> None:
    done = office("set", "--database", name, "--secret-stdin", stdin=WRONG_KEY)

    assert done.exit_code == 1, done
    assert "has expired" in done.stderr
    assert "belongs to another login" in done.stderr
    assert "Odoo Online" not in done.stderr
    assert not office.file.exists()


@pytest.mark.parametrize("secret", ["pässwörd", "with a blank"])
def test_password_where_json_2_is_configured_is_told_as_such(secret: str, office: KeyOffice) -> None:
    config = office.codalink.config
    config.write_text(config.read_text() + 'protocol = "json-2"\n')
    done = office("set", "--database", "klant-002", "--secret-stdin", stdin=secret)

    assert done.exit_code == 1, done
    assert "can't be sent over JSON-2: an API key has neither accents nor blanks" in done.stderr
    assert "codalink keys set --database klant-002" in done.stderr
    assert secret not in done.stderr
    assert not office.file.exists()


def test_password_of_an_account_with_two_factors_is_explained(office: KeyOffice) -> None:
    office.world.database("klant-001").users[2].has_two_factors = True
    done = office("set", "--database", "klant-001", "--secret-stdin", stdin=office.world.password)

    assert done.exit_code == 1, done
    assert "two-factor" in done.stderr


def test_key_of_somebody_else_is_not_stored(office: KeyOffice) -> None:
    """With JSON-2 nobody logs in, so Odoo accepts it."""
    database = office.world.database("klant-002")
    other = database.add_user(type(database.users[2])(7, "other@example.be", "x"))
    done = office("set", "--database", "klant-002", "--secret-stdin", stdin=other.add_key())

    assert done.exit_code == 2, done
    assert "other@example.be" in done.stderr
    assert not office.file.exists()


def test_key_may_be_another_logins_if_that_is_said(office: KeyOffice) -> None:
    database = office.world.database("klant-002")
    other = database.add_user(type(database.users[2])(7, "other@example.be", "x"))
    done = office("set", "--database", "klant-002", "--login", "other@example.be", "--secret-stdin", stdin=other.add_key())

    assert done.exit_code == 0, done
    assert office.stored()["klant-002"].login == "other@example.be"


def test_key_is_not_tried_if_not_wanted(office: KeyOffice) -> None:
    done = office("set", "--database", "klant-001", "--secret-stdin", "--no-try", stdin=WRONG_KEY)

    assert done.exit_code == 0, done
    assert len(office.sandbox.calls) == 0
    assert office.stored()["klant-001"].key == Secret(WRONG_KEY)


def test_database_is_named_with_its_server_where_two_have_it(office: KeyOffice) -> None:
    first, second = (office.sandbox.servers[name].url for name in ("odoo18", "odoo19"))
    (office.folder / "databases.csv").write_text(f"url,database\n{first},same\n{second},same\n")
    vague = office("set", "-d", "same", "--secret-stdin", "--no-try", stdin=WRONG_KEY)
    exact = office("set", "-d", f"{second}/same", "--secret-stdin", "--no-try", stdin=WRONG_KEY)

    assert (vague.exit_code, exact.exit_code) == (2, 0), vague
    assert first in vague.stderr
    assert office.stored()["same"].origin == second


def test_unknown_database_is_an_error(office: KeyOffice) -> None:
    done = office("set", "-d", "nobody", "--secret-stdin", stdin=WRONG_KEY)

    assert done.exit_code == 2, done
    assert "No database matches 'nobody'." in done.stderr


def test_key_is_asked_for_only_in_a_terminal(office: KeyOffice) -> None:
    assert office("set", "-d", "klant-001").exit_code == 2
    assert office("set", "-d", "klant-001", "--secret-stdin").exit_code == 2  # an empty line


def test_damaged_file_ends_with_4_and_stays(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    write_whole(office.file, "rubbish")

    for arguments in (
        ("list",),
        ("set", "-d", "klant-002", "--secret-stdin", "--no-try"),
        ("rotate", "--all"),
        ("forget", "-d", "klant-001", "-y"),
    ):
        assert office(*arguments, stdin=WRONG_KEY).exit_code == 4
    assert office.file.read_text() == "rubbish"


def test_missing_random_key_ends_with_4(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")
    office.sandbox.keyring.items.clear()
    done = office("list")

    assert done.exit_code == 4, done
    assert "codalink key file" in done.stderr


@pytest.mark.parametrize("switch", ["forgets", "garbles", "is_gone"])
def test_keyring_that_lies_ends_with_4_and_no_file(switch: str, office: KeyOffice) -> None:
    setattr(office.sandbox.keyring, switch, True)
    done = office("set", "-d", "klant-001", "--secret-stdin", "--no-try", stdin=WRONG_KEY)

    assert done.exit_code == 4, done
    assert not office.file.exists()


# --- forget --------------------------------------------------------------------------------------------------------------------------


def test_forgotten_key_is_gone_here_and_valid_in_odoo(office: KeyOffice) -> None:
    keys = office.give_own_keys("klant-001", "klant-002")
    done = office("forget", "--database", "klant-001", "--yes")

    assert done.exit_code == 0, done
    assert list(office.stored()) == ["klant-002"]
    assert office.valid("klant-001") == {keys["klant-001"]}


def test_forget_asks_first(office: KeyOffice) -> None:
    office.give_own_keys("klant-001")

    assert office("forget", "--database", "klant-001").exit_code == 2
    assert list(office.stored()) == ["klant-001"]


def test_forgetting_what_was_never_kept_is_an_error(office: KeyOffice) -> None:
    assert office("forget", "--database", "klant-001", "--yes").exit_code == 2
