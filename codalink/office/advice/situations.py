"""Who can be connected at all: a small tree of questions about how a company is registered with CodaBox, with an advice at each end.

Source: contract, section 5. Where CodaBox's help and Odoo's manual differ, both are told and neither is promised. Imports little, so that
--help is instant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codalink.errors import Turn, UsageError
from codalink.errors.menus import CODA_IN_MYCODABOX, CONSENT_IN_MYCODABOX, MANDATE_IN_MYCODABOX
from codalink.office.advice.letters import LetterKind
from codalink.office.advice.topic import Topic, TopicKind

GROUP = "Situation"


@dataclass(frozen=True)
class Advice:
    """Where a way through the questions ends. `letter` is the one that fits; None where there is nothing to write."""

    topic: Topic
    letter: LetterKind | None = None

    @property
    def letter_command(self) -> str:
        """How to have it written; empty where there is none."""
        if self.letter is None:
            return ""
        whom = "" if self.letter is LetterKind.ENVIRONMENT else " --company COMPANY"
        return f"codalink letter {self.letter.value}{whom}"


@dataclass(frozen=True)
class Answer:
    """One possible answer. `word` is what the option takes, `text` what people read."""

    word: str
    text: str
    leads_to: "Question | Advice"


@dataclass(frozen=True)
class Question:
    """One question. `option` is its name on the command line, without the dashes."""

    option: str
    text: str
    answers: tuple[Answer, ...]

    @property
    def words(self) -> str:
        """What the option takes, for people."""
        return "|".join(answer.word for answer in self.answers)

    def answered(self, word: str) -> Answer:
        """The answer with this word, or with this number as counted from 1. Raises UsageError."""
        wanted = word.strip().casefold()
        for number, answer in enumerate(self.answers, start=1):
            if wanted in {answer.word, str(number)}:
                return answer
        raise UsageError(f"--{self.option} can't be {word!r}.", remedy=f"Say one of: {', '.join(one.word for one in self.answers)}.")


def follow(given: Mapping[str, str]) -> Question | Advice:
    """Where these answers (option to word, "" where it was not given) lead: to the next question, or to an advice.

    Raises UsageError for a word that is no answer, and for an answer to a question that is not asked on this way.
    """
    left = {option: word for option, word in given.items() if word}
    step: Question | Advice = REGISTERED
    while isinstance(step, Question) and step.option in left:
        step = step.answered(left.pop(step.option)).leads_to
    if left:
        stray = next(iter(left))
        said = " ".join(f"--{option} {word}" for option, word in given.items() if word and option not in left)
        if isinstance(step, Question):
            raise UsageError(f"Whether --{stray} matters depends on --{step.option}.", remedy=f"Say --{step.option} {step.words} as well.")
        raise UsageError(f"--{stray} has nothing to do with {said}.", remedy=f"Leave --{stray} away.")
    return step


def questions(start: "Question | Advice | None" = None) -> Iterator[Question]:
    """All questions, each before those that follow from it."""
    step = REGISTERED if start is None else start
    if isinstance(step, Question):
        yield step
        for answer in step.answers:
            yield from questions(answer.leads_to)


def advices() -> list[Advice]:
    """All ends, in order."""
    return list(_ends(REGISTERED))


def _ends(step: Question | Advice) -> Iterator[Advice]:
    if isinstance(step, Advice):
        yield step
        return
    for answer in step.answers:
        yield from _ends(answer.leads_to)


# --- the ends ------------------------------------------------------------------------------------------------------------------------


def _advice(
    name: str, meaning: str, turn: Turn, steps: tuple[str, ...], next_command: str = "", letter: LetterKind | None = None
) -> Advice:
    return Advice(Topic(TopicKind.SITUATION, GROUP, name, meaning, turn, steps, next_command), letter)


_CONNECT = _advice(
    "our customer, mandate active",
    "The company can be connected, and its files come at once: this is what codalink is for.",
    Turn.OFFICE,
    (
        "See whether something stands in the way in Odoo: `codalink check --company COMPANY`.",
        "Connect it: `codalink connect --company COMPANY`.",
        "Tell the customer that the connection is there, with the letter below.",
    ),
    "codalink connect --company COMPANY",
    LetterKind.CONNECTED,
)
_SIGN = _advice(
    "our customer, mandate not signed",
    "The company can be connected right away. Its files come once the mandate is signed and active.",
    Turn.CUSTOMER,
    (
        f"Where there is no mandate yet, order it in {CODA_IN_MYCODABOX}.",
        "Ask the customer to sign, with the letter below. It says what the customer's own bank asks for beyond that.",
        "Connect the company meanwhile: `codalink connect --company COMPANY`.",
    ),
    "codalink connect --company COMPANY",
    LetterKind.MANDATE,
)
_WAIT = _advice(
    "our customer, mandate under way",
    "The company can be connected right away. Its files come once the mandate is active.",
    Turn.BANK,
    (
        "Ask what the state means and whose turn it is: `codalink explain` and the state, such as `codalink explain bank procedure`.",
        "Connect the company meanwhile: `codalink connect --company COMPANY`.",
        "Look again after a week: banks take up to a month.",
    ),
    "codalink connect --company COMPANY",
)
_MEND = _advice(
    "our customer, mandate stopped",
    "The company can be connected, but no files come until there is a working mandate.",
    Turn.OFFICE,
    (
        f"Read the reason below the mandate's state in {MANDATE_IN_MYCODABOX}.",
        "Correct the data, archive the mandate where it still lives, and order a new one.",
        "Ask the customer to sign it, with the letter below.",
    ),
    "codalink connect --company COMPANY",
    LetterKind.MANDATE,
)
_OTHER_CONNECTS = _advice(
    "customer of another office with Odoo",
    "Only that office can connect the company: it has the contract with CodaBox, and completes the pop-up CodaBox Connect in Odoo.",
    Turn.CUSTOMER,
    (
        "Let the customer ask its accountant to initiate the connection, with the letter below.",
        "In the company's Odoo, that office must be the Accounting Firm, and have a login there.",
        "If the company shall become your customer instead, it signs new mandates for your office: `codalink letter mandate`.",
    ),
    letter=LetterKind.INITIATE,
)
_NO_CODA = _advice(
    "customer of another office without Odoo",
    "No CODA comes into Odoo. Only a direct contract of the company with CodaBox brings files: by secure FTP, to be imported by hand.",
    Turn.CUSTOMER,
    (
        "Let the customer weigh it up: with a contract of its own, its accountant gets no CODA for it any more.",
        "If it wants that, it asks CodaBox for a contract and gets the SyncTool. The letter below tells it what that means.",
        "If the company shall become your customer instead, it signs new mandates for your office: `codalink letter mandate`.",
    ),
    letter=LetterKind.SYNCTOOL,
)
_OWN_CONTRACT = _advice(
    "own contract",
    "CodaBox's help says: no connection in Odoo. The files come by secure FTP with the CodaBox SyncTool and are imported by hand, and the "
    "accountant gets no CODA for the company any more. Odoo's manual since 2025 describes a connection for companies with a contract of "
    "their own all the same. codalink promises neither.",
    Turn.CUSTOMER,
    (
        "Never connect it through your office as it stands: it is not your customer at CodaBox.",
        "Let the customer ask CodaBox which of the two is true for its contract, before anybody counts on it.",
        (
            "It chooses: keep the contract (SyncTool, imports by hand), or get its files through your office (a mandate, and then "
            "codalink). The letter below puts it to the customer."
        ),
    ),
    letter=LetterKind.SYNCTOOL,
)
_SET_UP = _advice(
    "accounting office with an Odoo environment",
    "The office connects Odoo through CodaBox Connect: once for itself, then company by company.",
    Turn.OFFICE,
    (
        "Tell codalink of the office and its databases: `codalink setup`.",
        "Look at the plan: `codalink connect-all --dry-run`.",
        f"Connect: `codalink connect-all`. Somebody with the role Admin gives the consent in {CONSENT_IN_MYCODABOX}.",
    ),
    "codalink connect-all --dry-run",
)
_ASK_ENVIRONMENT = _advice(
    "accounting office without an Odoo environment",
    "CodaBox has one environment for each accounting software of an office. Without one for Odoo, nothing can be connected.",
    Turn.OFFICE,
    (
        "Ask CodaBox for an Odoo environment, with the letter below.",
        "When it is there, set codalink up: `codalink setup`, then `codalink connect-all`.",
    ),
    "codalink setup",
    LetterKind.ENVIRONMENT,
)
_NOT_REGISTERED = _advice(
    "not registered with CodaBox",
    "The company gets files through its accountant: your office registers it, and the customer signs a mandate.",
    Turn.OFFICE,
    (
        "Add the company in MyCodaBox, with an e-mail address of its legal representative, and order a CODA mandate for each account.",
        "Ask the customer to sign, with the letter below.",
        "Connect the company meanwhile: `codalink connect --company COMPANY`.",
    ),
    "codalink connect --company COMPANY",
    LetterKind.MANDATE,
)
_FIND_OUT = _advice(
    "registration unknown",
    "Who has the contract with CodaBox decides what is possible, so find that out first.",
    Turn.OFFICE,
    (
        "Look in MyCodaBox whether the company is among your office's: then it is registered through you.",
        "If it isn't, ask the customer who sends it an invoice for CodaBox: nobody, another accountant, or CodaBox itself.",
        "Then go through these questions again: `codalink explain situation`.",
    ),
    "codalink explain situation",
)

# --- the questions -------------------------------------------------------------------------------------------------------------------

MANDATE = Question(
    "mandate",
    "What does MyCodaBox show for the mandate of its account?",
    (
        Answer("active", "Active", _CONNECT),
        Answer("unsigned", "Awaiting signature, or no mandate at all", _SIGN),
        Answer("under-way", "Registered, In preparation, Signed, or Bank procedure", _WAIT),
        Answer("stopped", "Problem, or Archived", _MEND),
    ),
)
ACCOUNTANT = Question(
    "accountant",
    "Who is this accountant?",
    (
        Answer("us", "your own office, which works with Odoo", MANDATE),
        Answer("odoo", "another office, which works with Odoo", _OTHER_CONNECTS),
        Answer("other-software", "another office, which doesn't work with Odoo", _NO_CODA),
    ),
)
ENVIRONMENT = Question(
    "environment",
    "Has CodaBox made an Odoo environment for this office?",
    (Answer("yes", "yes", _SET_UP), Answer("no", "no, or nobody knows", _ASK_ENVIRONMENT)),
)
REGISTERED = Question(
    "registered",
    "How is the company registered with CodaBox?",
    (
        Answer("accountant", "through its accountant", ACCOUNTANT),
        Answer("directly", "directly, with a contract of its own", _OWN_CONTRACT),
        Answer("office", "it is an accounting office itself", ENVIRONMENT),
        Answer("no", "not at all", _NOT_REGISTERED),
        Answer("unknown", "nobody knows", _FIND_OUT),
    ),
)
"""The first question."""
