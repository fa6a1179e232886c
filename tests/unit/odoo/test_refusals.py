"""A refused password or key names the causes that are possible for that very database, and no others."""

from datetime import date

import pytest

from codalink.errors import LoginRefused, RightsMissing
from codalink.odoo.gateway import Call, DatabaseAddress, DatabaseName, OdooProtocol, ServerUrl
from codalink.odoo.refusals import ExplainedGateway, refusal_remedy
from codalink.secrets.credentials import Credential
from codalink.secrets.masked import Secret
from tests.unit.fakes import ScriptedGateway

DAY = date(2026, 5, 19)
KEY, PASSWORD = "f" * 40, "a password"
OWN, ONLINE = "https://odoo.example.be", "https://klant.odoo.com"

CAUSES = {
    "expired": "API key has expired",
    "changed": "password has changed",
    "two factors": "two-factor authentication, which needs an API key",
    "other login": "another login than me",
    "no password": "no password in this database",
    "plan": "plan of Odoo Online without external API",
}


def remedy(url: str, secret: str, expires: date | None = None, *, is_own: bool = True, protocol: OdooProtocol | None = None) -> str:
    database = DatabaseAddress(ServerUrl.parse(url), DatabaseName("klant"), "you", protocol)
    return refusal_remedy(database, Credential("me", Secret(secret), expires, is_own), DAY)


@pytest.mark.parametrize(
    ("url", "secret", "named"),
    [
        (OWN, KEY, {"expired", "other login"}),
        (OWN, PASSWORD, {"changed", "two factors", "other login"}),
        (ONLINE, KEY, {"expired", "other login", "plan"}),
        (ONLINE, PASSWORD, {"changed", "two factors", "no password", "other login", "plan"}),
        ("https://odoo.com.evil.example", PASSWORD, {"changed", "two factors", "other login"}),
        ("https://klant.odoo.com:8069", KEY, {"expired", "other login"}),
    ],
)
def test_causes_are_those_that_are_possible(url: str, secret: str, named: set[str]) -> None:
    assert {cause for cause, words in CAUSES.items() if words in remedy(url, secret)} == named


@pytest.mark.parametrize("expires", [DAY, date(2026, 5, 18), date(2025, 1, 1)])
@pytest.mark.parametrize("url", [OWN, ONLINE])
def test_key_that_is_known_to_have_expired_did_so_on_its_day_and_nothing_else_is_guessed(url: str, expires: date) -> None:
    told = remedy(url, KEY, expires)

    assert told.startswith(f"The API key expired on {expires.isoformat()}: make a new API key in Odoo")
    assert not any(words in told for words in CAUSES.values())


def test_key_that_has_not_expired_yet_may_have_been_revoked() -> None:
    told = remedy(OWN, KEY, date(2026, 5, 20))

    assert "or was revoked" in told
    assert "2026-05-20" not in told


def test_password_where_only_keys_are_taken_is_told_as_such() -> None:
    told = remedy(OWN, PASSWORD, protocol=OdooProtocol.JSON_2)

    assert "protocol json-2, which takes API keys only" in told
    assert not any(words in told for words in CAUSES.values())


@pytest.mark.parametrize(
    ("is_own", "entered"),
    [
        (True, "enter it with `codalink keys set --database klant`."),
        (False, "enter it with `codalink setup`, or for this database alone with `codalink keys set --database klant`."),
    ],
)
def test_new_key_is_entered_where_the_refused_one_was(is_own: bool, entered: str) -> None:
    assert remedy(OWN, KEY, is_own=is_own).endswith(entered)


def refusing(error: Exception) -> ExplainedGateway:
    return ExplainedGateway(ScriptedGateway({"read": error}), Credential("me", Secret(KEY), DAY, is_own=True), lambda: DAY)


def test_gateway_explains_a_refused_login_and_keeps_its_cause() -> None:
    with pytest.raises(LoginRefused) as refused:
        refusing(LoginRefused("Odoo refuses.")).execute(Call("res.users", "read"))

    assert refused.value.cause == "Odoo refuses."
    assert "expired on 2026-05-19" in refused.value.remedy


def test_gateway_leaves_other_errors_as_they_are() -> None:
    with pytest.raises(RightsMissing) as missing:
        refusing(RightsMissing("No.", remedy="Ask.")).execute(Call("res.users", "read"))

    assert missing.value.remedy == "Ask."
