"""A letter as a file that a mail program opens, to look at, change and send. codalink never sends one.

Made with the older half of Python's `email`: the newer one (EmailMessage) decodes what looks like an encoded word in a subject, line breaks
included, so that a company's name could bring headers of its own; and it loses blanks where it folds accents.
"""

from collections.abc import Sequence
from email.charset import QP, Charset
from email.header import Header
from email.mime.text import MIMEText

from codalink.render.letters import Written

_LOOKS_ENCODED = "=?"


def as_mail(written: Written, sender: Sequence[str], recipients: Sequence[str]) -> str:
    """The text of an `.eml` file, in ASCII. `sender` and `recipients` are plain addresses; where there are none, the header is left out.

    `X-Unsent` lets mail programs open it as a draft; without a date it is one.
    """
    charset = Charset("utf-8")
    charset.body_encoding = QP  # readable as far as it is ASCII
    mail = MIMEText(written.body, "plain", charset)  # type: ignore[arg-type]  # typeshed knows of names only
    mail["X-Unsent"] = "1"
    mail["Subject"] = _encoded(written.subject)  # type: ignore[assignment]  # the same
    if sender:
        mail["From"] = sender[0]
    if recipients:
        mail["To"] = ", ".join(recipients)
    return mail.as_string()


def _encoded(subject: str) -> Header:
    """As it is where it is plain ASCII, so that it can be read in the file."""
    is_plain = subject.isascii() and _LOOKS_ENCODED not in subject
    return Header(subject, "us-ascii" if is_plain else "utf-8", header_name="Subject")
