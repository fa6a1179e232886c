"""Drafts for the mail program, read back as a mail program would."""

from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from codalink.office.advice.letters import Language, LetterKind
from codalink.render.letters import Templates, Written
from codalink.render.mail import as_mail
from tests.unit.render.letters import letter

SENDER, RECIPIENTS = ("info@kantoor-demo.example",), ("jan@kruimel.example", "an@kruimel.example")
LETTER = Written("Über das Mandat: été, „Größe“", "Sehr geehrte Damen und Herren,\n\nGrüße, é € \u202f ñ\n")


def read_back(text: str) -> EmailMessage:
    mail = message_from_string(text, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.fixture
def mail() -> EmailMessage:
    return read_back(as_mail(LETTER, SENDER, RECIPIENTS))


def test_mail_is_a_draft(mail: EmailMessage) -> None:
    assert mail["X-Unsent"] == "1"
    assert mail["Date"] is None
    assert mail["Message-ID"] is None


def test_subject_keeps_its_accents(mail: EmailMessage) -> None:
    assert mail["Subject"] == LETTER.subject


def test_body_keeps_its_accents(mail: EmailMessage) -> None:
    assert mail.get_content() == LETTER.body


def test_body_is_plain_text_in_utf_8(mail: EmailMessage) -> None:
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"


def test_sender_and_recipients_are_the_addresses(mail: EmailMessage) -> None:
    assert [one.addr_spec for one in mail["From"].addresses] == list(SENDER)
    assert [one.addr_spec for one in mail["To"].addresses] == list(RECIPIENTS)


def test_mail_to_nobody_has_no_recipient() -> None:
    mail = read_back(as_mail(LETTER, (), ()))
    assert mail["To"] is None
    assert mail["From"] is None


def test_file_is_ascii() -> None:
    assert as_mail(LETTER, SENDER, RECIPIENTS).isascii()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_comes_back_as_it_was(kind: LetterKind, language: Language, tmp_path: Path) -> None:
    written = Templates(tmp_path).write(letter(kind, language))
    mail = read_back(as_mail(written, SENDER, RECIPIENTS))
    assert (mail["Subject"], mail.get_content()) == (written.subject, written.body)


@pytest.mark.parametrize(
    "subject",
    [
        "Evil =?utf-8?q?x=0D=0ABcc:_evil=40example.be?= BV",
        "=?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5iZQ==?=",
        f"{'A' * 90} <evil@example.be>, {'ü' * 90}: Bcc",
        "Extraits de compte manquants : Bakkerij Kruimel BV, BE48 0631 0079 1927",
    ],
    ids=["encoded word", "encoded word alone", "long", "longer than a line"],
)
def test_subject_is_only_a_subject(subject: str) -> None:
    text = as_mail(Written(subject, "x\n"), SENDER, RECIPIENTS)
    assert read_back(text)["Subject"] == subject
    assert {line.partition(":")[0] for line in text.partition("\n\n")[0].splitlines() if not line.startswith(" ")} == {
        "X-Unsent",
        "Subject",
        "From",
        "To",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    }
