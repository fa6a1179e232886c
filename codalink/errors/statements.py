"""What is wrong with the statements that came in: between them, inside a file, between a file and what Odoo has booked."""

from codalink.errors.completeness import NotComplete
from codalink.errors.family import Turn
from codalink.errors.menus import CODA_IN_MYCODABOX


class StatementTrouble(NotComplete):
    """Statements that don't add up."""

    next_command = "codalink statements check --company COMPANY"


class StatementsMissing(StatementTrouble):
    """A gap: a statement doesn't begin with the balance with which the one before it ended."""

    default_cause = "Statements are missing: a statement begins with another balance than the one before it ended with."
    default_remedy = (
        f"In {CODA_IN_MYCODABOX}, see whether the account's mandate asks for something, then choose Redeliver CODA for "
        "these days. If that doesn't help, write to CodaBox's helpdesk: `codalink letter missing`."
    )
    steps = (
        "Ask the customer, or look at the bank's own site, whether there were movements in these days.",
        f"In {CODA_IN_MYCODABOX}, see whether the account's mandate shows an action.",
        "There, choose Redeliver CODA for the days that are missing: from the mandate's activation on, two years at most.",
        "For days before the activation, order Historical CODA: the account holder consents once, and certain banks only have it.",
        "If files are still missing, write to CodaBox's helpdesk: `codalink letter missing --company COMPANY` has numbers and dates.",
    )
    other_wordings = (r"^gap$",)


class StatementTwice(StatementTrouble):
    """The same statement came in more than once."""

    default_cause = "The same statement is there more than once."
    default_remedy = "Keep one. In Odoo, see which one is reconciled, and delete the other with its transactions; of files, keep the first."
    other_wordings = (r"^duplicate$",)


class StatementsOverlap(StatementTrouble):
    """A statement begins before the one before it has ended."""

    default_cause = "A statement begins before the one before it has ended."
    default_remedy = "Compare both with the bank's own site: one of them has a wrong date, or covers days that the other one has too."
    other_wordings = (r"^overlap$",)


class StatementsDisordered(StatementTrouble):
    """Two statements would fit the other way round."""

    default_cause = "Two statements would fit the other way round."
    default_remedy = "Correct their dates in Odoo after the original files, so that Odoo's own balances follow each other again."
    other_wordings = (r"^out of order$",)


class StatementsDoubtful(StatementTrouble):
    """Balances fit, but the numbers jump: what is missing may cancel out."""

    default_cause = "The balances fit, but the bank's numbers jump: statements whose movements cancel out may be missing."
    default_remedy = "See on the bank's own site whether there were movements in between. If so, choose Redeliver CODA in MyCodaBox."
    other_wordings = (r"^ambiguous$",)


class AccountSilent(StatementTrouble):
    """No statement for a long time."""

    default_cause = "No statement has come in for a long time."
    default_remedy = f"Ask whether there were movements. If so, look at the account's mandate in {CODA_IN_MYCODABOX}."
    turn = Turn.CUSTOMER
    other_wordings = (r"^silent$",)


class CodaFaulty(StatementTrouble):
    """A CODA file doesn't add up, or can't be read."""

    default_cause = "A CODA file doesn't add up, or can't be read."
    default_remedy = "Fetch the file again: in MyCodaBox, choose Redeliver CODA for its day. If it is the same again, tell the bank."


class CodaOdd(StatementTrouble):
    """A CODA file has something unusual that changes no balance."""

    default_cause = "A CODA file has something unusual, which changes no balance."
    default_remedy = "Nothing to do, as long as the balances fit."
    turn = Turn.NOBODY


class NotBooked(StatementTrouble):
    """A file's statement is not in Odoo."""

    default_cause = "A statement that is among the files is not in Odoo."
    default_remedy = "Run `codalink retrieve`; or import the file by hand into the journal of its account (Odoo: Accounting dashboard)."
    other_wordings = (r"is not in Odoo\.$",)


class BookedOtherwise(StatementTrouble):
    """Odoo has other balances for a statement than its file."""

    default_cause = "Odoo has other balances for a statement than its file: somebody has edited it."
    default_remedy = "Compare the statement in Odoo with the original file, and undo the change or explain it."
    other_wordings = (r"has other balances in Odoo",)


class NoSodaJournal(NotComplete):
    """Payroll was asked for, and no journal is chosen for it."""

    default_cause = "No journal is chosen for payroll entries (SODA) in this company."
    default_remedy = "In Odoo, choose one: Settings > Accounting > CodaBox > SODA Journal. Then run this command again."
