"""No usable answer came back from a server."""

from typing import ClassVar

from codalink.errors.family import CodalinkError, Turn


class ServerError(CodalinkError):
    """The server gave no usable answer."""


class Unreachable(ServerError):
    """No connection could be made; nothing was sent."""

    default_cause = "The server can't be reached. Nothing was sent to it."
    default_remedy = "Check the address and whether the server runs; then run the command again."
    steps = (
        "Open the server's address in a browser on this computer. It should show Odoo's login page.",
        "If it doesn't: check the address and this computer's network, or ask whoever looks after the server whether it runs.",
        "If it does, while codalink can't reach it: a proxy or firewall stands between them. codalink uses the system's proxy settings.",
    )
    is_repeatable = True
    other_wordings = (
        r"https?://\S+ doesn't answer",
        r"No connection to \S+ could be made",
        r"doesn't speak https",
        r"can't be reached:",
        r"can't be asked:",
    )


class AnswerTimedOut(ServerError):
    """The request was sent, but the answer did not come in time."""

    default_cause = "The server got the request, and did not answer in time. It may have done it all the same."
    default_remedy = "The server may be busy. Run the command again: it looks first at what was done."
    turn = Turn.NOBODY
    is_repeatable = True
    may_have_happened = True
    other_wordings = (r"did not answer in time",)


class FetchTimedOut(AnswerTimedOut):
    """Odoo was still fetching files from CodaBox when its time was over."""

    default_cause = "Odoo was still fetching files from CodaBox; codalink waited no longer."
    default_remedy = (
        "Run the command again some minutes later. Odoo may still be at work, and keeps each file that it has fetched: `codalink status` "
        "shows the last statement of each account, `codalink retrieve --download DIR --since DATE` brings files that came in meanwhile."
    )
    steps = (
        "Give Odoo some minutes: it may still be at work, and each file that it has fetched is kept.",
        "Run the same command again. It fetches what is left, and tells only what came in this time.",
        (
            "See the last statement of each account with `codalink status`. Files that came in meanwhile are brought home with "
            "`codalink retrieve --download DIR --since DATE`."
        ),
    )
    next_command = "codalink status --company COMPANY"
    other_wordings = (r"still fetching (files|after)",)


class AnswerLost(ServerError):
    """The connection broke before the whole answer was there."""

    default_cause = "The connection broke before the whole answer was there. The server may have done it all the same."
    default_remedy = "Run the command again: it looks first at what was done."
    turn = Turn.NOBODY
    is_repeatable = True
    may_have_happened = True
    other_wordings = (r"broke before the answer was complete",)


class CertificateRejected(ServerError):
    """The server's certificate can't be trusted; nothing was sent."""

    default_cause = "The server's certificate can't be trusted. Nothing was sent to it."
    default_remedy = (
        "Check the address. If the server uses the office's own certificate authority, add that to this computer's trusted certificates."
    )
    other_wordings = (r"The certificate of \S+ can't be trusted", r"CERTIFICATE_VERIFY_FAILED")


class RedirectRefused(ServerError):
    """The server sends its callers elsewhere; secrets don't follow."""

    default_cause = "The server sends its callers on to another address. codalink doesn't take passwords along."
    default_remedy = "If you trust the new address, run `codalink setup` with it."
    next_command = "codalink setup"
    other_wordings = (r"sends its callers on to",)


class ServerTrouble(ServerError):
    """The server, or the proxy in front of it, says that it is in trouble (HTTP 429 or 5xx).

    `pause_s` is how long it wants to be left alone, where it says so.
    """

    default_cause = "The server, or the proxy in front of it, says that it is in trouble."
    default_remedy = "Wait a moment, then run the command again."
    turn = Turn.NOBODY
    is_repeatable = True
    may_have_happened = True
    other_wordings = (
        r"is in trouble at the moment",
        r"\b50[0234] (Internal Server Error|Bad Gateway|Service (Temporarily )?Unavailable|Gateway Time-?out)",
    )

    def __init__(self, cause: str = "", *, remedy: str = "", pause_s: float | None = None) -> None:
        super().__init__(cause, remedy=remedy)
        self.pause_s = pause_s


class TooManyRequests(ServerTrouble):
    """The server has too much to do (HTTP 429); it did nothing."""

    default_cause = "The server gets too many requests, and asks to be left alone for a while. It did nothing."
    default_remedy = "Wait some minutes, then run the command again, with a smaller --jobs if it happens often."
    may_have_happened = False
    other_wordings = (r"gets too many requests", r"\b429 Too Many Requests")


class ServerLeftAlone(ServerError):
    """The server failed so often in this run that it isn't asked any more."""

    default_cause = "The server could not be reached several times in this run, so it was not asked any more."
    default_remedy = Unreachable.default_remedy
    steps = Unreachable.steps
    other_wordings = (r"could not be reached several times", r"was not asked any more")


class NotOdoo(ServerError):
    """What answers there is no Odoo, or hides it behind a page of its own."""

    default_cause = "What answers at this address is no Odoo, or hides it behind a page of its own."
    default_remedy = "Check the address in a browser: it should show Odoo's login page."
    may_have_happened = True
    other_wordings: ClassVar[tuple[str, ...]] = (
        r"gives an answer that is not Odoo's",
        r"gave an answer that can't be read",
        r"answers HTTP (?!403|404|405|410|415|501)\d+ where Odoo should be",
        r"doesn't tell a version as Odoo does",
    )


class ProtocolMissing(NotOdoo):
    """The server doesn't speak this protocol, so nothing was done; another one may do."""

    default_cause = "The server doesn't speak Odoo's protocols at this address, or not the one that was asked for. Nothing was done."
    steps = (
        "Check the address in a browser: it should show Odoo's login page.",
        "If the configuration names a `protocol` for this source or database, leave it out: codalink then finds out by itself.",
        "If a proxy stands before Odoo, have it let through /jsonrpc, /xmlrpc/2 and, from Odoo 19 on, /json/2.",
    )
    may_have_happened = False
    other_wordings = (
        r"doesn't speak JSON-2",
        r"speaks none of Odoo's protocols",
        r"answers HTTP (403|404|405|410|415|501) where Odoo should be",
    )


class AnswerUnexpected(ServerError):
    """Odoo answered with something of another shape than its interface promises."""

    default_cause = "Odoo answered with something that codalink can't make sense of."
    default_remedy = "Run the command again with --debug, and report it if it happens again."
    may_have_happened = True
    other_wordings = (
        r"and gave (something else|no usable answer)",
        r"(but|and|Odoo) did not (tell|show|open) ",
        r"doesn't list .* as (Odoo|odoo\.com) does",
        r"wizard .*(doesn't tell|is gone)",
        r"Odoo doesn't (know the country|tell which)",
        r"Odoo gives a statement the balance",
        r"Odoo gives a file in a form",
        r"and tells them again and again",
        r"and CodaBox still has it",
    )
