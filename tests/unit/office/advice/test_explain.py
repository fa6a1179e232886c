"""Finding out what somebody asks about: names, codes, and texts from Odoo and from codalink."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import codalink
from codalink import errors
from codalink.errors import CodalinkError, Turn, catalogue
from codalink.errors.family import code_of
from codalink.office.advice.explain import Match, error_topic, explain, topics
from codalink.office.advice.topic import Topic, TopicKind
from codalink.sandbox import texts
from tests.unit.errors.texts import EVERYTHING

KINDS = catalogue.kinds()
every_text = pytest.mark.parametrize("text", EVERYTHING, ids=lambda text: text[:40])


def names(text: str) -> list[str]:
    return [topic.path for topic in explain(text).topics]


def test_every_topic_has_its_own_path() -> None:
    paths = [topic.path for topic in topics()]

    assert len(set(paths)) == len(paths) > 150


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.path)
def test_every_topic_is_found_by_its_path_alone(topic: Topic) -> None:
    assert explain(topic.path).topics == (topic,)


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.path)
def test_whoever_has_the_turn_is_told_what_to_do(topic: Topic) -> None:
    assert topic.meaning
    assert topic.steps or topic.turn is Turn.NOBODY


# --- names ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["awaiting signature", "Awaiting Signature", '"Awaiting signature"', " awaiting\n signature. "])
def test_state_is_known_in_any_letters_and_quotes(text: str) -> None:
    assert names(text) == ["CODA mandate: Awaiting signature"]


@pytest.mark.parametrize("text", ["office-password-refused", "Office password refused", "OFFICE_PASSWORD_REFUSED"])
def test_error_is_known_by_its_code(text: str) -> None:
    assert names(text) == ["office-password-refused"]


@pytest.mark.parametrize("text", ["SODA mandate: Signed", "soda mandate signed", "signed (SODA mandate)"])
def test_name_with_its_group_is_one_thing(text: str) -> None:
    assert names(text) == ["SODA mandate: Signed"]


def test_name_that_several_things_have_lists_them() -> None:
    assert names("active") == ["CODA mandate: Active", "SODA mandate: Active"]


@pytest.mark.parametrize("text", ["lost password", "we lost the office password", "password lost", "I forgot our password"])
def test_lost_password_is_the_lost_one(text: str) -> None:
    assert names(text) == ["office-password-lost"]


def test_lost_password_is_revoked_in_mycodabox_first_then_in_odoo() -> None:
    (topic,) = explain("lost password").topics
    steps = [step for step in topic.steps if "evoke" in step]

    assert [("MyCodaBox" in step, "Odoo (" in step) for step in steps] == [(True, False), (False, True)]
    assert topic.next_command == "codalink password recover --revoked"


# --- what Odoo says ------------------------------------------------------------------------------------------------------------------


@every_text
@pytest.mark.parametrize(
    "shown",
    [
        "{}",
        "“{}”",
        "UserError: {}",
        "Odoo Server Error\n\nTraceback (most recent call last):\n  File x\nodoo.exceptions.UserError: {}",
        "Invalid Operation\n  {}  \nClose",
    ],
    ids=["alone", "quoted", "with its exception", "in a traceback", "in a dialog"],
)
def test_pasted_text_is_of_its_kind(text: str, shown: str) -> None:
    found = explain(shown.format(text))

    assert (found.match, [topic.name for topic in found.topics]) == (Match.KNOWN, [code_of(EVERYTHING[text])])


def test_text_that_a_terminal_has_broken_is_known() -> None:
    assert names("CodaBox is not\n   responding. Please try\n   again later.") == ["coda-box-down"]


def test_text_with_typographic_apostrophes_is_known() -> None:
    assert names("Object l10n_be_codabox.connection.wizard doesn\u2019t exist") == ["model-missing"]


TRANSLATED = {
    texts.NOT_CONFIGURED: errors.CodaBoxNotConfigured,
    texts.PROXY_DOWN: errors.ProxyDown,
    texts.CODABOX_DOWN: errors.CodaBoxDown,
    texts.NO_CONNECTION: errors.NoConnection,
    texts.CONNECTION_INVALID: errors.ConsentInvalid,
    texts.CONSENT_INVALID: errors.ConsentInvalid,
    texts.WRONG_PASSWORD: errors.OfficePasswordRefused,
    texts.WRONG_PASSWORD_FIRM: errors.OfficePasswordRefused,
    texts.VAT_INVALID: errors.CompanyNumberRefused,
    texts.UNKNOWN_OFFICE: errors.OfficeUnknown,
    texts.ALREADY_REGISTERED: errors.AlreadyRegistered,
    texts.NO_FILES: errors.NoFiles,
    texts.UPGRADE: errors.ModuleTooOld,
    texts.VAT_NOT_SET: errors.CompanyNumberMissing,
    texts.NOT_AN_OFFICE: errors.NotAnOffice,
}


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("text", TRANSLATED, ids=lambda text: text[:40])
def test_dutch_and_french_texts_are_guessed(text: str, language: str) -> None:
    found = explain(texts.translate(text, language))

    assert (found.match, [topic.name for topic in found.topics]) == (Match.GUESS, [code_of(TRANSLATED[text])])


@pytest.mark.parametrize("text", ["Verkeerd wachtwoord", "Het nummer is bezet.", "La connexion est bonne.", "Geen verbinding met internet"])
def test_nothing_is_guessed_from_a_word_or_two(text: str) -> None:
    assert explain(text).match is Match.CLOSE


# --- what codalink says ----------------------------------------------------------------------------------------------------------------

SAY_IT_ALL = (errors.UsageError, errors.TemplateBroken)
"""What these say is about one command, and has its remedy beside it."""
TOO_FOREIGN = {"{} refuses: {}."}
"""What is known of these is another program's text."""


def _sentences() -> Iterator[tuple[type[CodalinkError], str]]:
    """Every sentence with which the product makes an error, with `{}` for what varies."""
    product = Path(codalink.__file__).parent
    for source in sorted(product.rglob("*.py")):
        if "sandbox" in source.parts:
            continue
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                kind, text = getattr(errors, name, None), _text(node.args[0])
                if kind in KINDS and not issubclass(kind, SAY_IT_ALL) and text and text not in TOO_FOREIGN:
                    yield kind, text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


SENTENCES = sorted(set(_sentences()), key=lambda pair: (pair[0].__name__, pair[1]))


def test_the_product_s_sentences_were_found() -> None:
    assert len(SENTENCES) > 60


@pytest.mark.parametrize(("kind", "text"), SENTENCES, ids=[f"{kind.__name__}: {text[:50]}" for kind, text in SENTENCES])
def test_sentence_of_codalink_is_known(kind: type[CodalinkError], text: str) -> None:
    """Where this fails, the error's class lacks the sentence's stable part in `other_wordings`."""
    found = [explain(text.replace("{}", sample)) for sample in ("https://odoo.example.be", "403", "418")]

    assert (Match.KNOWN, [code_of(kind)]) in [(one.match, [topic.name for topic in one.topics]) for one in found]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_cause_of_the_catalogue_is_known(kind: type[CodalinkError]) -> None:
    assert kind.default_cause in {topic.meaning for topic in explain(kind.default_cause).topics}


def test_errors_that_mean_the_same_are_one_answer() -> None:
    assert names(errors.NumberMissing.default_cause) == ["company-number-missing"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("502 Bad Gateway", "server-trouble"),
        ("503 Service Temporarily Unavailable", "server-trouble"),
        ("429 Too Many Requests", "too-many-requests"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "certificate-rejected"),
    ],
)
def test_text_from_the_way_there_is_known(text: str, code: str) -> None:
    assert names(text) == [code]


# --- nothing fits --------------------------------------------------------------------------------------------------------------------


def test_unknown_text_is_kept_as_it_is() -> None:
    found = explain("Something new from Odoo 21")

    assert (found.asked, found.match) == ("Something new from Odoo 21", Match.CLOSE)


def test_slip_of_the_pen_finds_the_closest_first() -> None:
    assert names("awaitin signatur")[0] == "CODA mandate: Awaiting signature"


def test_nothing_close_is_nothing() -> None:
    assert explain("xyzzy 0815").topics == ()


def test_a_few_are_close_at_most() -> None:
    assert len(explain("the connection").topics) <= 3


def test_endless_text_is_answered() -> None:
    assert explain("x " * 10_000).match is Match.CLOSE


# --- errors that have happened -------------------------------------------------------------------------------------------------------


def test_error_that_happened_tells_its_own_words() -> None:
    topic = error_topic(errors.IbanMissing("The bank journal Bank has no account number."))

    assert (topic.kind, topic.meaning) == (TopicKind.ERROR, "The bank journal Bank has no account number.")


def test_remedy_of_an_error_that_happened_is_its_step() -> None:
    assert error_topic(errors.NotOdoo("x", remedy="Do it.")).steps == ("Do it.",)
