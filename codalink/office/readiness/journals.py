"""What keeps CodaBox's files out of a bank journal: its account number, or another feed. Check and status judge by the same words."""

from stdnum import iban as any_iban

from codalink.errors import AccountForeign, CodalinkError, FeedUndefined, IbanInvalid, IbanMissing, OtherFeed
from codalink.odoo.codabox.statements import CODABOX_FEED, JournalRecord

OWN_CURRENCY = "EUR"
"""Of Belgian companies; a journal without a currency has the company's."""


def account_trouble(journal: JournalRecord) -> CodalinkError | None:
    """What is wrong with the journal's account number; None where it is a valid Belgian one."""
    iban, name = journal.iban, journal.name
    if not iban:
        return IbanMissing(f"The bank journal {name} has no account number.")
    if not any_iban.is_valid(iban, check_country=False):  # with it, stdnum asks for banks that it knows
        return IbanInvalid(f"{iban} of the bank journal {name} is not a valid IBAN.")
    return None if iban.upper().startswith("BE") else AccountForeign(f"{iban} of the bank journal {name} is not a Belgian account.")


def feed_trouble(journal: JournalRecord) -> FeedUndefined | OtherFeed | None:
    """What is to be said about the journal's feed; None where it is CodaBox."""
    if journal.feed == CODABOX_FEED:
        return None
    if journal.takes_codabox or not journal.feed:
        return FeedUndefined(f"No bank feed is chosen for the bank journal {journal.name}.")
    return OtherFeed(f"The bank journal {journal.name} is filled by another feed ({journal.feed}).")
