"""What is tried: Odoo's values and anything else in their place, texts that somebody made up, and good files with damage."""

import json
import math
from collections.abc import Sequence

from hypothesis import strategies as st

from codalink.odoo.gateway import Json

PIECES = (
    "\x1b[31m\x1b]8;;http://evil.example\x07",
    "\x9b31m\x85",
    "\u202egpj.exe\u2066\u200f\u061c",
    "\u2028\u2029\x0b\x0c\r\n\t\x00",
    "[red]x[/red][link=http://evil.example]",
    '=HYPERLINK("http://evil.example";"x")',
    "+1+1@SUM(1)",
    "</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% for x in y %}",
    "../../x",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\x:y",
    "CON.txt",
    "~",
    ".",
    "\udc80\ud83d",
    "\U000e0041\ufeff\u200b\u00ad",
    "e\u0301\u0301\u0301",
    "BE68 5390 0754 7034",
    "BE 0477.472.701",
    "https://my.codabox.com@evil.example/\\",
    "2026-02-30",
    "١٢²³½",
    "9" * 400,
    "x" * 5000,
)

texts = st.lists(st.sampled_from(PIECES) | st.text(st.characters(), max_size=20), max_size=4).map("".join)
"""Texts of strangers, surrogates included."""

numbers = (
    st.integers(-5, 40)
    | st.integers()
    | st.integers(min_value=2**62)
    | st.floats(width=64)
    | st.sampled_from([math.inf, -math.inf, math.nan, 1e308, -0.0, 10**400])
)
"""Numbers, finite and other ones, as JSON in Python's reading has them."""

dates = st.dates().map(str) | st.datetimes().map(str) | st.sampled_from(["", "0000-00-00", "9999-12-31", "2026-02-30", "10000-01-01"])

simple: st.SearchStrategy[Json] = st.none() | st.booleans() | numbers | texts | dates

values: st.SearchStrategy[Json] = st.recursive(
    simple, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
"""Anything that JSON can say."""

ids = st.integers(1, 40)
references: st.SearchStrategy[Json] = st.one_of(st.tuples(ids, texts).map(list), st.sampled_from([False]), ids)

ibans = st.sampled_from(["BE68539007547034", "BE68 5390 0754 7034", "NL91ABNA0417164300", "", "BE68"])
vats = st.sampled_from(["BE0477472701", "0477.472.701", "BE0403019261", "0123456749", "", "BE0000000000", "FR83404833048"])
words = st.sampled_from(
    ["bank", "BE", "EUR", "l10n_be_codabox", "undefined", "installed", "success", "warning", "x.coda", "x.pdf", "nl_BE"]
)

plausible: st.SearchStrategy[Json] = st.one_of(
    texts, st.booleans(), st.integers(0, 10**6), st.floats(-1e9, 1e9), dates, references, ibans, vats, words, st.lists(ids, max_size=4)
)
"""What one of Odoo's fields may hold."""


def rows(fields: Sequence[str]) -> st.SearchStrategy[Json]:
    """Records with these fields: mostly Odoo's values, often another field's, and sometimes anything."""
    row = st.fixed_dictionaries({"id": ids}, optional=dict.fromkeys(fields, plausible | values))
    return st.lists(row, max_size=4)


as_json = values.map(lambda value: json.dumps(value).encode())


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good file in which something was taken out, put in or doubled, up to four times."""
    content = whole
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 1, 2, 8, 64, 1000])))
        noise = draw(st.binary(max_size=8) | texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
        middle = draw(st.sampled_from([b"", noise, content[start:end] * 2, noise * 3]))
        content = content[:start] + middle + content[end:]
    return content
