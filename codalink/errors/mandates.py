"""Why no statements come in for a bank account although the company is connected: its mandate at CodaBox, or no journal to take them.

States and whose turn they are: facts, coda-and-codabox.md, section 4, and CodaBox's help on the states of mandates.
"""

from codalink.errors.completeness import NotComplete
from codalink.errors.family import Turn
from codalink.errors.menus import CODA_IN_MYCODABOX, JOURNALS_IN_ODOO, MANDATE_IN_MYCODABOX, SODA_IN_MYCODABOX


class MandateMissing(NotComplete):
    """MyCodaBox has no mandate for the account."""

    default_cause = "MyCodaBox's export has no CODA mandate for this account."
    default_remedy = "Order it in MyCodaBox: Companies > Company List, New CODA Mandate. The customer signs it then."
    steps = (
        "Order it in MyCodaBox: Companies > Company List, New CODA Mandate, with this IBAN.",
        "The customer signs it then: `codalink letter mandate --company COMPANY`.",
        "No mandate is possible for foreign IBANs, and for investment, third-party and private accounts.",
    )


class MandateInPreparation(NotComplete):
    """Registered, or in preparation: CodaBox has yet to send it out, for which it needs the customer's e-mail address."""

    default_cause = "CodaBox is still preparing the mandate."
    default_remedy = "Wait a few days. If nothing moves, check that the customer has an e-mail address in MyCodaBox."
    turn = Turn.CODABOX


class MandateUnsigned(NotComplete):
    """Sent out, and not signed."""

    default_cause = "The customer has not signed the mandate yet."
    default_remedy = (
        "Ask the customer's legal representative to sign it. MyCodaBox has the link to sign: Mandates & Services > CODA, Manage. "
        "`codalink letter mandate` writes the request."
    )
    steps = (
        f"Find the link to sign in {MANDATE_IN_MYCODABOX}. CodaBox sends it too, with three reminders at most.",
        "Ask the customer's legal representative to sign: `codalink letter mandate --company COMPANY` writes the request.",
        (
            "At KBC and CBC, signing is not enough: the customer also links CodaBox as external software, in KBC Touch (business part, in "
            "the browser) or Business Dashboard."
        ),
        "At Belfius, only a digital signature counts, and the bank asks the customer for a monthly fee.",
    )
    next_command = "codalink letter mandate --company COMPANY"
    turn = Turn.CUSTOMER


class MandateInCheck(NotComplete):
    """Signed; CodaBox checks the signatures."""

    default_cause = "The mandate is signed, and CodaBox is checking it."
    default_remedy = "Wait a few days."
    turn = Turn.CODABOX


class MandateAtBank(NotComplete):
    """The bank validates it."""

    default_cause = "The bank is validating the mandate."
    default_remedy = "Wait: banks take a week to a month."
    steps = (
        "Wait: banks take a week to a month.",
        (
            "At KBC and CBC, it mostly means that the customer has yet to link CodaBox as external software, in KBC Touch (business part, "
            "in the browser) or Business Dashboard, with exactly the accounts of the mandate. The state follows a day or two later."
        ),
        "At ING, activation stops where the bank's data of the customer differ from the mandate: let the customer ask the bank.",
    )
    turn = Turn.BANK


class AccountUnlinked(NotComplete):
    """The second act that KBC and CBC ask of the customer is missing."""

    default_cause = "The customer has not linked the account with CodaBox at the bank yet."
    default_remedy = (
        "Ask the customer to link CodaBox as external software in KBC Touch (business part, in the browser) or Business Dashboard, with "
        "exactly the accounts that the mandate names. MyCodaBox shows it a day or two later."
    )
    steps = (
        (
            "Ask the customer to link CodaBox as external software in KBC Touch (business part, in the browser) or Business Dashboard: "
            "`codalink letter mandate --company COMPANY` says how."
        ),
        "Other accounts than those of the mandate, or another party than CodaBox, are the usual mistakes.",
        "MyCodaBox shows it a day or two later; its dashboard warns after seven days.",
    )
    next_command = "codalink letter mandate --company COMPANY"
    turn = Turn.CUSTOMER


class DeliveryNotSet(NotComplete):
    """Files reach CodaBox, which doesn't know where to deliver them."""

    default_cause = "CodaBox has files for this account, but its delivery is not set up yet."
    default_remedy = "CodaBox gets in touch about it. If it doesn't, write to helpdesk@codabox.com."
    turn = Turn.CODABOX


class MandateProblem(NotComplete):
    """CodaBox or the bank could not process it."""

    default_cause = "There is a problem with the mandate."
    default_remedy = "Read the explanation below its state in MyCodaBox (Mandates & Services > CODA, Manage), and do what it says."
    steps = (
        f"Read the explanation below its state in {MANDATE_IN_MYCODABOX}.",
        "Wrong or old data (name, number, IBAN): archive the mandate, correct the customer's data in MyCodaBox, and order a new one.",
        (
            "Wrong or missing signature: let the legal representative, or all who must, sign again. Old documents don't count any more "
            "once data have changed."
        ),
        "The bank's own data are out of date: the customer has them corrected at the bank.",
    )
    next_command = "codalink letter mandate --company COMPANY"


class MandateArchived(NotComplete):
    """It was stopped."""

    default_cause = "The mandate was stopped."
    default_remedy = (
        "The reason stands below its state in MyCodaBox (Mandates & Services > CODA). If statements should come again, order a new one "
        "there; the customer signs again."
    )


class MandateStateUnknown(NotComplete):
    """A state that codalink has no word for."""

    default_cause = "MyCodaBox's export gives the mandate a state that codalink doesn't know."
    default_remedy = "Look at the mandate in MyCodaBox: Mandates & Services > CODA."
    other_wordings = (r"The export gives the mandate the state",)


class PayrollPending(NotComplete):
    """The social secretariat has not started to deliver."""

    default_cause = "CodaBox has asked the social secretariat for the payroll entries (SODA), and reminds it every week."
    default_remedy = "Wait. If it takes weeks, ask the social secretariat whether the customer is known there."
    steps = (
        f"Wait. {SODA_IN_MYCODABOX} shows how far it is.",
        "If it takes weeks, ask the social secretariat whether the customer is known there, and has allowed CodaBox to ask.",
    )
    turn = Turn.CODABOX


class JournalMissing(NotComplete):
    """There is a mandate, but no bank journal has this account number."""

    default_cause = "There is a mandate for this account, but no bank journal in Odoo has its number."
    default_remedy = (
        "Files for it are skipped silently by Odoo. Make a bank journal with this account number in Odoo (Accounting > Configuration > "
        "Journals), or stop the mandate in MyCodaBox if nobody needs the account."
    )
    steps = (
        (
            f"Make a bank journal with this account number and its currency in {JOURNALS_IN_ODOO}, and set Bank Feeds to CodaBox. Until "
            "then Odoo skips its files silently."
        ),
        "Fetch what was skipped: `codalink retrieve --company COMPANY`; where that brings nothing, choose Redeliver CODA in MyCodaBox.",
        f"If nobody needs the account, archive its mandate in {CODA_IN_MYCODABOX}.",
    )


class CurrencyDiffers(NotComplete):
    """The files of the account are in another currency than the journal."""

    default_cause = "CodaBox delivers the account in another currency than its bank journal has."
    default_remedy = "Odoo skips files in another currency. Make a bank journal with this account number in that currency."
    other_wordings = (r"CodaBox delivers \S+ in \S+, and the bank journal",)
