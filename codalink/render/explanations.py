"""Explanations as text to read, and as rows for machines: pure functions of a topic, an advice, or a company's findings."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from codalink.errors import Turn
from codalink.office.advice.explain import UNKNOWN, Explanation, Match, error_topic, topics
from codalink.office.advice.situations import GROUP as SITUATIONS
from codalink.office.advice.situations import Advice, Question
from codalink.office.advice.states import WHERE_SEEN, StateGroup
from codalink.office.advice.topic import Topic, TopicKind
from codalink.office.model import Company
from codalink.office.readiness.findings import Finding, Grade
from codalink.render.console import foreign
from codalink.render.layout import spaced
from codalink.render.machine import Record
from codalink.render.messages import sentence

_WIDEST = 100
"""Sentences are read best in lines that are no longer."""
_TURNS = {Turn.NOBODY: "good", Turn.OFFICE: "bad"}
"""Green needs nothing, red needs the reader; all others are waited for."""
_HEADINGS = {
    TopicKind.SITUATION: "Situations: who can be connected at all",
    TopicKind.STATE: "States: how something stands",
    TopicKind.ERROR: "Errors, by the name that json gives them",
}


def overview() -> RenderableType:
    """Everything that can be explained, by its name, in groups."""
    parts: list[RenderableType] = []
    for kind, of_kind in groupby(topics(), key=lambda topic: topic.kind):
        parts += [Text(_HEADINGS[kind], style="strong"), *(_group(name, list(members)) for name, members in _grouped(of_kind)), Text()]
    parts.append(Text("`codalink explain` and one of these names, or a text that Odoo or codalink showed, says more."))
    return _narrow(*parts)


def _grouped(members: Iterable[Topic]) -> Iterable[tuple[str, Iterable[Topic]]]:
    return groupby(members, key=lambda topic: topic.group)


def _group(heading: str, members: Sequence[Topic]) -> RenderableType:
    named = [Text(topic.name, style=_style(topic.turn)) for topic in members]
    if heading == SITUATIONS:
        asked = Text("`codalink explain situation` asks, and gives the advice that fits.", style="background")
        return Padding(Group(asked, *named), (0, 0, 0, 2))
    where = next((f"  {WHERE_SEEN[group]}" for group in StateGroup if group.value == heading), "")
    return Padding(Group(Text.assemble(heading, (where, "background")), Padding(Text(", ").join(named), (0, 0, 0, 2))), (0, 0, 0, 2))


def explanation(found: Explanation) -> RenderableType:
    """One topic in full; several in a line each, to choose from; of an unknown text, what is most like it."""
    if found.match is Match.CLOSE:
        return _unknown(found)
    shown = _topic(found.topics[0]) if len(found.topics) == 1 else _choice("Several things are called or worded like this:", found.topics)
    if found.match is Match.KNOWN:
        return shown
    guess = "This is a guess, from Dutch or French words. Set Odoo's language to English to be sure: codalink knows the English texts."
    return _narrow(Text(guess, style="waiting"), Text(), shown)


def _unknown(found: Explanation) -> RenderableType:
    asked = Padding(sentence(found.asked), (0, 0, 0, 2))
    closest = [Text(), _choice("Most alike, but not the same:", found.topics)] if found.topics else []
    return _narrow(Text(UNKNOWN.meaning, style="waiting"), asked, Text(), *_to_do(UNKNOWN), *closest)


def _choice(title: str, found: Sequence[Topic]) -> RenderableType:
    rows = [Text.assemble((topic.path, "strong"), "  ", _whose(topic.turn), "\n  ", topic.meaning) for topic in found]
    more = Text(f"`codalink explain {_quoted(found[0].path)}`, for example, says more.", style="background")
    return _narrow(Text(title), *rows, more)


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path


def _topic(topic: Topic) -> RenderableType:
    group = f"  ({topic.group})" if topic.kind is not TopicKind.ERROR else ""
    title = Text.assemble((topic.name, "strong"), (group, "background"))
    words = [Text(f"Odoo's words: {' · '.join(topic.seen)}", style="background")] if topic.seen else []
    return _narrow(title, sentence(topic.meaning), *words, Text(), *_to_do(topic))


def _to_do(topic: Topic) -> list[RenderableType]:
    """Whose turn it is, the steps in order, and what to run then."""
    parts: list[RenderableType] = [Text.assemble("Whose turn: ", _whose(topic.turn))]
    if topic.steps:
        parts += [Text("What to do:"), numbered(topic.steps)]
    if topic.next_command:
        parts.append(Text.assemble("Then run: ", sentence(topic.next_command, "strong")))
    return parts


def numbered(steps: Iterable[str]) -> RenderableType:
    """Steps in their order."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", width=4, no_wrap=True)
    grid.add_column(overflow="fold")
    for number, step in enumerate(steps, start=1):
        grid.add_row(f"{number}.", sentence(step))
    return grid


def _whose(turn: Turn) -> Text:
    return Text("nobody (nothing to do, or it passes by itself)" if turn is Turn.NOBODY else turn.value, style=_style(turn))


def _style(turn: Turn) -> str:
    return _TURNS.get(turn, "waiting")


def _narrow(*parts: RenderableType) -> RenderableType:
    """Parts below each other, in lines that can be read well."""
    return Constrain(Group(*parts), _WIDEST)


# --- a customer's situation ----------------------------------------------------------------------------------------------------------


def advice(given: Advice) -> RenderableType:
    """What is possible in this situation, what to do, and the letter that fits."""
    letter = [Text.assemble("The letter: ", (given.letter_command, "strong"))] if given.letter else []
    return _narrow(_topic(given.topic), *letter)


def question(asked: Question) -> RenderableType:
    """A question with its answers, numbered."""
    numbered = enumerate(asked.answers, start=1)
    answers = [Text.assemble(f"  {number}. ", answer.text, (f"  ({answer.word})", "background")) for number, answer in numbered]
    return Group(Text(asked.text, style="strong"), *answers)


def options(asked: Iterable[Question]) -> RenderableType:
    """The questions as options of the command line, for where nobody is there to answer."""
    parts: list[RenderableType] = []
    for one in asked:
        parts.append(Text.assemble((f"--{one.option}", "strong"), f"  {one.text}"))
        parts += [Text.assemble(f"    {answer.word}", (f"  {answer.text}", "background")) for answer in one.answers]
    return _narrow(*parts)


# --- one company ---------------------------------------------------------------------------------------------------------------------


def company(one: Company, findings: Sequence[Finding]) -> RenderableType:
    """What stands between a company and its statements, each thing explained; the first one opens the way to the next."""
    title = Text.assemble(foreign(one.name, "strong"), "  ", foreign(one.path, "background"))
    troubles = [finding for finding in findings if finding.grade in {Grade.FAIL, Grade.WARN} and finding.error]
    if not troubles:
        unknown = ", ".join(finding.condition.value for finding in findings if finding.grade is Grade.UNKNOWN)
        parts = [Text("Nothing stands in the way, as far as is known.", style="good")]
        parts += [Text(f"Not known: {unknown}.", style="background")] if unknown else []
        return _narrow(title, *parts)
    return _narrow(title, *(part for finding in troubles for part in _trouble(one, finding)))


def _trouble(one: Company, finding: Finding) -> list[RenderableType]:
    if finding.error is None:
        return []
    account = foreign(spaced(finding.account), "background")
    style = "bad" if finding.grade is Grade.FAIL else "waiting"
    heading = Text.assemble((finding.condition.value, "strong"), "  ", (finding.grade.value, style), "  ", account)
    topic = error_topic(finding.error).about(one.path)
    return [Text(), heading, sentence(topic.meaning), *_to_do(topic)]


# --- for machines --------------------------------------------------------------------------------------------------------------------


def record(topic: Topic, match: Match = Match.KNOWN) -> Record:
    """A topic's row."""
    return {
        "kind": topic.kind.value,
        "group": topic.group,
        "name": topic.name,
        "match": match.value,
        "meaning": topic.meaning,
        "turn": topic.turn.value,
        "steps": list(topic.steps),
        "next": topic.next_command,
        "letter": "",
    }


def records(found: Explanation) -> list[Record]:
    """A row for each topic that fits, or is like what was asked."""
    return [record(topic, found.match) for topic in found.topics]


def overview_records() -> list[Record]:
    """A row for each topic."""
    return [record(topic) for topic in topics()]


def advice_records(given: Advice) -> list[Record]:
    """The advice's row."""
    return [{**record(given.topic), "letter": given.letter_command}]


def option_records(asked: Iterable[Question]) -> list[Record]:
    """A row for each possible answer."""
    return [{"option": f"--{one.option}", "question": one.text, "word": a.word, "answer": a.text} for one in asked for a in one.answers]


def company_records(one: Company, findings: Sequence[Finding]) -> list[Record]:
    """A row for each thing that stands in the way."""
    return [
        {
            "company": one.name,
            "database": one.database.name,
            "condition": finding.condition.value,
            "grade": finding.grade.value,
            "account": finding.account,
            **record(error_topic(finding.error).about(one.path)),
        }
        for finding in findings
        if finding.error and finding.grade in {Grade.FAIL, Grade.WARN}
    ]
