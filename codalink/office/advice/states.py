"""The catalogue of states: every word with which MyCodaBox and codalink say how something stands, what it means and whose turn it is.

Sources: facts, coda-and-codabox.md, section 4, and CodaBox's help on the states of mandates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from codalink.errors import ConsentInvalid, NotConnectable, NotYetConnected, OfficePasswordMissing, Turn
from codalink.errors.menus import CODA_IN_MYCODABOX, CONSENT_IN_MYCODABOX, JOURNALS_IN_ODOO, REVOKE_IN_ODOO, SODA_IN_MYCODABOX
from codalink.office.advice.topic import Topic, TopicKind
from codalink.office.connecting.outcome import Result
from codalink.office.connecting.plan import Step
from codalink.office.connecting.standing import OfficeState
from codalink.office.overview.status import Connection
from codalink.office.readiness.findings import Condition, Grade
from codalink.office.readiness.gates import Gate
from codalink.office.readiness.mandates import Mandate, MandateState

State = TypeVar("State", bound=Enum)


class ConsentDecision(Enum):
    """What MyCodaBox shows for the office's consent; the value is its word."""

    ALLOWED = "Allowed"
    DENIED = "Denied"
    TO_BE_DETERMINED = "To be determined"
    CANCELLED = "Cancelled"


class StateGroup(Enum):
    """Where a state is met; the value is its heading."""

    CODA = "CODA mandate"
    SODA = "SODA mandate"
    CONSENT = "Consent"
    GATE = "Gate"
    CONNECTION = "Connection"
    OFFICE = "Office"
    STEP = "Plan"
    RESULT = "Result"
    CONDITION = "Condition"
    GRADE = "Grade"


WHERE_SEEN: Mapping[StateGroup, str] = {
    StateGroup.CODA: CODA_IN_MYCODABOX,
    StateGroup.SODA: SODA_IN_MYCODABOX,
    StateGroup.CONSENT: CONSENT_IN_MYCODABOX,
    StateGroup.GATE: "the first closed gate of a bank account in `codalink status`",
    StateGroup.CONNECTION: "a company in `codalink status`",
    StateGroup.OFFICE: "your office, before `codalink connect-all`",
    StateGroup.STEP: "a company in the plan of `codalink connect-all`",
    StateGroup.RESULT: "a company after `codalink connect-all`",
    StateGroup.CONDITION: "a condition in `codalink check`",
    StateGroup.GRADE: "how a condition stands in `codalink check`",
}


@dataclass(frozen=True)
class _State:
    """A row of the tables below."""

    meaning: str
    turn: Turn = Turn.NOBODY
    steps: tuple[str, ...] = ()
    next_command: str = ""


_CHECK = "codalink check --company COMPANY"
_CONNECT_ALL = "codalink connect-all"

# --- mandates ------------------------------------------------------------------------------------------------------------------------

_CODA: Mapping[MandateState, str] = {
    MandateState.REGISTERED: "CodaBox has the order, and processes it if the bank delivers CODA at all.",
    MandateState.IN_PREPARATION: "CodaBox makes the mandate. It needs the customer's e-mail address for that.",
    MandateState.AWAITING_SIGNATURE: "The customer's legal representative has to sign. CodaBox reminds three times at most.",
    MandateState.SIGNED: "The mandate is signed, and CodaBox checks it.",
    MandateState.BANK_PROCEDURE: "The bank validates the mandate. That takes a week to a month.",
    MandateState.PENDING_CLIENT: "The customer has to link CodaBox as external software at the bank (KBC, CBC).",
    MandateState.PENDING_DELIVERY: "CodaBox has files for the account, and doesn't know yet where to deliver them.",
    MandateState.PENDING_FIRST_FILE: "The bank has activated the account. The first file comes with the first movement.",
    MandateState.ACTIVE: "Files come, on days with movements.",
    MandateState.PROBLEM: "CodaBox or the bank could not process the mandate. The reason stands below the state.",
    MandateState.ARCHIVED: "The mandate was stopped. The reason stands below the state.",
}
_SODA: Mapping[MandateState, _State] = {
    MandateState.NOT_SIGNED: _State(
        "The SODA mandate is ordered, but the customer has not signed a CODA mandate yet. SODA needs one.",
        Turn.CUSTOMER,
        ("Let the customer sign the CODA mandate first: `codalink letter mandate --company COMPANY`.",),
        "codalink letter mandate --company COMPANY",
    ),
    MandateState.SIGNED: _State("The mandate is signed. CodaBox asks the social secretariat soon.", Turn.CODABOX, ("Wait a few days.",)),
    MandateState.REQUESTED: _State("CodaBox has asked the social secretariat to deliver.", Turn.CODABOX, ("Wait some weeks.",)),
    MandateState.DELAYED: _State(
        "The social secretariat has not answered. CodaBox reminds it every week.",
        Turn.CODABOX,
        ("Wait. If it takes weeks, ask the social secretariat whether the customer is known there.",),
    ),
    MandateState.CONFIRMED: _State("The social secretariat will deliver. No payroll entries have come yet."),
    MandateState.ACTIVE: _State("Payroll entries come from the social secretariat."),
    MandateState.PROBLEM: _State(
        "Data are missing, or the social secretariat refused.",
        Turn.OFFICE,
        (
            f"Read the explanation in {SODA_IN_MYCODABOX}.",
            "Correct the data in MyCodaBox, or ask the social secretariat what it misses.",
            "If there is no explanation, ask CodaBox's helpdesk.",
        ),
    ),
    MandateState.ARCHIVED: _State("The mandate was stopped.", Turn.OFFICE, ("If payroll entries should come again, order a new one.",)),
}
_NO_FILES_STEPS = (
    "Nothing to do, unless statements are missing although there were movements.",
    "Then look at the other gates: `codalink status --company COMPANY --refresh`.",
    f"Choose Redeliver CODA for missing days in {CODA_IN_MYCODABOX}, or ask CodaBox's helpdesk: `codalink letter missing`.",
)


def _coda(state: MandateState) -> Topic:
    """A CODA state with the steps of the error that `status` and `check` show for it."""
    trouble = Mandate("", state, state.value).trouble
    steps = (trouble.steps or (trouble.remedy,)) if trouble else _NO_FILES_STEPS
    row = _State(_CODA[state], state.turn, steps, trouble.next_command if trouble else "codalink status --company COMPANY")
    return _topic(StateGroup.CODA, state.value.capitalize(), row)


# --- consent, and the gates ----------------------------------------------------------------------------------------------------------

_CONSENT: Mapping[ConsentDecision, _State] = {
    ConsentDecision.ALLOWED: _State("The office allows Odoo to fetch its customers' files.", next_command="codalink status --refresh"),
    ConsentDecision.DENIED: _State(
        "The office has refused. No company gets files.",
        Turn.OFFICE,
        (
            "Ask in the office whether that was meant.",
            f"If not, allow it in {CONSENT_IN_MYCODABOX}, with the role Admin; then run `codalink connect-all`.",
        ),
        _CONNECT_ALL,
    ),
    ConsentDecision.TO_BE_DETERMINED: _State(
        "Odoo has asked, and nobody in the office has answered yet. No company gets files.",
        Turn.OFFICE,
        (f"Allow it in {CONSENT_IN_MYCODABOX}; the menu Administration is there for the role Admin only.", "Run `codalink connect-all`."),
        _CONNECT_ALL,
    ),
    ConsentDecision.CANCELLED: _State(
        "The consent was taken back. No company gets files.",
        Turn.OFFICE,
        (
            f"If it can be allowed again, do so in {CONSENT_IN_MYCODABOX}; then run `codalink connect-all`.",
            f"If not, revoke in {REVOKE_IN_ODOO} as well, then run `codalink connect-all` for a new first connection.",
        ),
        _CONNECT_ALL,
    ),
}
_GATES: Mapping[Gate, _State] = {
    Gate.CONNECTION: _State(
        "The first gate: the company is not connected to CodaBox in Odoo.",
        Turn.OFFICE,
        ("See what stands in the way: `codalink check --company COMPANY`.", "Connect it: `codalink connect-all`."),
        _CHECK,
    ),
    Gate.CONSENT: _State(
        "The second gate: the office's consent in MyCodaBox is missing. It is one for all companies.",
        Turn.OFFICE,
        ConsentInvalid.steps,
        _CONNECT_ALL,
    ),
    Gate.MANDATE: _State(
        "The third gate: the account's mandate is not active.",
        Turn.OFFICE,
        (
            f"Look at its state in {CODA_IN_MYCODABOX}; `codalink explain` knows each of them, and whose turn it is.",
            "To see all accounts at once, export the mandates there: `codalink status --mandates FILE`.",
        ),
        "codalink status --mandates FILE",
    ),
    Gate.JOURNAL: _State(
        "The last gate: no bank journal in Odoo takes the files. Its number or its currency doesn't fit.",
        Turn.OFFICE,
        (f"Correct Account Number, Currency and Bank Feeds in {JOURNALS_IN_ODOO}.",),
        _CHECK,
    ),
    Gate.OTHER_FEED: _State("Another feed fills the journal, so CodaBox's files are not expected there."),
    Gate.OPEN: _State("No gate is closed, as far as is known: files come, on days with movements."),
}

# --- codalink's own ------------------------------------------------------------------------------------------------------------------

_CONNECTIONS: Mapping[Connection, _State] = {
    Connection.CONNECTED: _State("Odoo has a connection to CodaBox for this company. `--refresh` asks CodaBox whether it holds."),
    Connection.CONSENT_MISSING: _State("The connection is made, but the office's consent is missing.", Turn.OFFICE, ConsentInvalid.steps),
    Connection.NOT_CONNECTED: _State(NotYetConnected.default_cause, Turn.OFFICE, (NotYetConnected.default_remedy,), _CONNECT_ALL),
    Connection.NOT_CONNECTABLE: _State(
        "Something in Odoo must be put in order before the company can be connected.",
        Turn.OFFICE,
        ("See what: `codalink check --company COMPANY`.", "Let codalink repair what it can: `codalink check --fix`."),
        NotConnectable.next_command,
    ),
}
_OFFICES: Mapping[OfficeState, _State] = {
    OfficeState.NOT_REGISTERED: _State(
        "No company of the office was ever connected.",
        Turn.OFFICE,
        ("Run `codalink connect-all`. It makes the first connection and keeps the office password in the keyring.",),
        _CONNECT_ALL,
    ),
    OfficeState.CONSENT_MISSING: _State(
        "The office is registered; its consent in MyCodaBox is missing.", Turn.OFFICE, ConsentInvalid.steps, _CONNECT_ALL
    ),
    OfficeState.PASSWORD_MISSING: _State(
        OfficePasswordMissing.default_cause, Turn.OFFICE, OfficePasswordMissing.steps, OfficePasswordMissing.next_command
    ),
    OfficeState.READY: _State("The office is registered, and its password is at hand.", next_command=_CONNECT_ALL),
    OfficeState.UNKNOWN: _State(
        "No company could be asked how the office stands.",
        Turn.OFFICE,
        ("The reason stands beside it: explain that one.",),
        "codalink check",
    ),
}
_STEPS: Mapping[Step, _State] = {
    Step.FIRST_CONNECTION: _State("With this company, the office makes its first connection; Odoo then shows the office password once."),
    Step.AWAIT_CONSENT: _State("Its connection is made; codalink waits for the office's consent.", Turn.OFFICE, ConsentInvalid.steps),
    Step.CONNECT: _State("It will be connected with the office password."),
    Step.ALREADY_CONNECTED: _State("Nothing is done with it."),
    Step.CANNOT: _State("It is left out. The reason stands beside it.", Turn.OFFICE, ("Do what stands beside it.",), _CHECK),
}
_RESULTS: Mapping[Result, _State] = {
    Result.CONNECTED: _State("This run has connected it.", next_command="codalink status --company COMPANY"),
    Result.ALREADY_CONNECTED: _State("It was connected before; nothing was done."),
    Result.WAITING_FOR_CONSENT: _State(
        "Its connection is made; the consent was not given in time.", Turn.OFFICE, ConsentInvalid.steps, _CONNECT_ALL
    ),
    Result.FAILED: _State(
        "It could not be connected. The reason stands beside it.",
        Turn.OFFICE,
        ("Do what stands beside it.", "Run `codalink connect-all` again: it does only what is missing."),
        _CONNECT_ALL,
    ),
    Result.SKIPPED: _State("It was left out, as the plan said.", Turn.OFFICE, ("Put in order what stands beside it.",), _CHECK),
    Result.NOT_TRIED: _State("The run stopped before.", Turn.OFFICE, ("Run `codalink connect-all` again.",), _CONNECT_ALL),
}
_GRADES: Mapping[Grade, _State] = {
    Grade.PASS: _State("As it should be."),
    Grade.WARN: _State("Worth a look; nothing is stopped by it.", Turn.OFFICE, ("See the company's checklist.",), _CHECK),
    Grade.FAIL: _State("It stops connection or statements.", Turn.OFFICE, ("See the company's checklist.",), _CHECK),
    Grade.UNKNOWN: _State("It can't be told: something before it fails, or nobody could be asked."),
}
_CONDITIONS: Mapping[Condition, str] = {
    Condition.SERVER: "The database's server answers.",
    Condition.VERSION: "Its version of Odoo is one that CodaBox's module still works with: 17 or later.",
    Condition.LOGIN: "Odoo accepts the login and its password or API key.",
    Condition.MODULE: "The module CodaBox (l10n_be_codabox) is installed, and not too old.",
    Condition.RIGHTS: "The login has the rights Administration: Settings and Accounting, and sees the company.",
    Condition.COUNTRY: "The company's country is Belgium.",
    Condition.NUMBER: "The company has a valid Belgian VAT or company number.",
    Condition.FIRM: "An Accounting Firm with a valid VAT number is set. Without, Odoo would register the customer as an office.",
    Condition.OFFICE: "The Accounting Firm is your office, and no other one.",
    Condition.ORIGINAL: "The company stands in no other database, so that it is surely no test copy.",
    Condition.ACCOUNT: "Each bank journal has a valid Belgian IBAN, and no two have the same one in the same currency.",
    Condition.FEED: "Bank Feeds of each bank journal is CodaBox, or not chosen yet. Another feed is never switched.",
    Condition.SODA: "A journal for payroll entries is chosen. Not every company needs one.",
    Condition.CONNECTION: "The company is connected to CodaBox, for your office.",
    Condition.CONSENT: "The office's consent in MyCodaBox is valid.",
    Condition.MANDATE: "The account's mandate is active. Odoo doesn't know it: `codalink status --mandates FILE` reads MyCodaBox's export.",
    Condition.STATEMENT: "The last statement of each account is not older than one would expect.",
}


def _topic(group: StateGroup, name: str, row: _State) -> Topic:
    return Topic(TopicKind.STATE, group.value, name, row.meaning, row.turn, row.steps, row.next_command)


def _topics(group: StateGroup, rows: Mapping[State, _State]) -> list[Topic]:
    return [_topic(group, str(state.value), row) for state, row in rows.items()]


def _capitalized(rows: Mapping[MandateState, _State]) -> list[Topic]:
    return [_topic(StateGroup.SODA, state.value.capitalize(), row) for state, row in rows.items()]


_CONDITION_STEPS = (
    "See how it stands, and what to do: `codalink check --company COMPANY`.",
    "Let codalink repair what it can: `codalink check --fix`.",
)

STATES: tuple[Topic, ...] = (
    *(_coda(state) for state in _CODA),
    *_capitalized(_SODA),
    *_topics(StateGroup.CONSENT, _CONSENT),
    *_topics(StateGroup.GATE, _GATES),
    *_topics(StateGroup.CONNECTION, _CONNECTIONS),
    *_topics(StateGroup.OFFICE, _OFFICES),
    *_topics(StateGroup.STEP, _STEPS),
    *_topics(StateGroup.RESULT, _RESULTS),
    *(_topic(StateGroup.CONDITION, one.value, _State(what, Turn.OFFICE, _CONDITION_STEPS, _CHECK)) for one, what in _CONDITIONS.items()),
    *_topics(StateGroup.GRADE, _GRADES),
)
