"""The README's table of what Odoo and CodaBox may answer, made from the catalogue. tests/unit/render/test_markdown.py compares them."""

from codalink.errors import catalogue
from codalink.office.advice.topic import Topic, of_error

BEGIN = "<!-- begin: made from codalink/errors by codalink/render/markdown.py -->"
END = "<!-- end -->"


def answers() -> str:
    """A Markdown table with a row for each error that Odoo or its CodaBox module words."""
    topics = (of_error(kind) for kind in catalogue.kinds() if catalogue.own(kind, "wordings"))
    return "\n".join(["| what you see | what it means | whose turn it is |", "| --- | --- | --- |", *map(_row, topics)])


def _row(topic: Topic) -> str:
    seen = " · ".join(topic.seen)
    return f"| {seen.replace('|', '/')} | {topic.meaning} | {topic.turn.value} |"
