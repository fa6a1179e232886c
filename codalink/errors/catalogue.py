"""The catalogue of errors: every kind in one order, and to which of them a text of Odoo belongs."""

import re
from collections.abc import Iterator
from functools import cache

from codalink.errors.completeness import NotComplete
from codalink.errors.connectable import NotConnectable
from codalink.errors.family import CodalinkError
from codalink.errors.odoo import OdooError
from codalink.errors.secrets import SecretsError
from codalink.errors.server import ServerError
from codalink.errors.usage import UsageError

Kind = type[CodalinkError]

BRANCHES: dict[Kind, str] = {
    OdooError: "Refused by Odoo or CodaBox",
    NotConnectable: "Before a company can be connected",
    NotComplete: "Before statements come in",
    SecretsError: "Keyring and office password",
    ServerError: "No answer from the server",
    UsageError: "Command and configuration",
}
"""The family's branches in the order in which they are shown, each with its heading."""


@cache
def kinds() -> tuple[Kind, ...]:
    """Every error that can happen, branch by branch, in the order of the source; what only groups others is left out."""
    return tuple(kind for branch in BRANCHES for kind in (branch, *_below(branch)) if "default_cause" in vars(kind))


def _below(kind: Kind) -> Iterator[Kind]:
    for child in kind.__subclasses__():
        if child.__module__.startswith(f"{__package__}."):
            yield child
            yield from _below(child)


def branch_of(kind: Kind) -> str:
    """The heading under which a kind is shown."""
    return next(heading for branch, heading in BRANCHES.items() if issubclass(kind, branch))


def own(kind: Kind, name: str) -> tuple[str, ...]:
    """A class variable of this very kind, such as `wordings`: what a parent's patterns find is the parent."""
    found: tuple[str, ...] = vars(kind).get(name, ())
    return found


def of_wording(text: str) -> Kind | None:
    """The kind that Odoo means by this English text; None where it is unknown. No text fits two kinds (a test sees to that)."""
    return next((kind for pattern, kind in _wordings() if pattern.search(text)), None)


@cache
def _wordings() -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((re.compile(wording, re.IGNORECASE | re.DOTALL), kind) for kind in kinds() for wording in own(kind, "wordings"))


def readable(wording: str) -> str:
    """A wording as people read it: `database "…" does not exist`."""
    plain = re.sub(r"\.\*|\\S\+", "…", re.sub(r" \?|\\\.\?", "", wording.strip("^$"))).replace("'?", "'")
    shown = re.sub(r"\\(.)", r"\1", plain).strip()
    return f"… {shown}" if shown[0].islower() else shown
