"""The databases' keys as tables: what opens each, and what became of an exchange. Nothing of a key is ever shown."""

from collections.abc import Sequence
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from codalink.odoo.gateway import DatabaseAddress
from codalink.office.keys.listing import KeyList, KeyRow, KeyState
from codalink.office.keys.rotation import KeyRotation, Rotated
from codalink.render.console import foreign
from codalink.render.layout import WIDE, Cells, Column, with_reasons
from codalink.render.messages import reason, sentence

_STATES = {KeyState.OWN: "good", KeyState.LOGIN: "", KeyState.NONE: "bad"}
_RESULTS = {Rotated.NEW: "good", Rotated.FINISHED: "good", Rotated.FAILED: "bad", Rotated.NOT_TRIED: "waiting"}
_EXPIRES_SOON_DAYS = 14


def listing(keys: KeyList, width: int) -> RenderableType:
    """What opens each database, how old it is and how long it lasts."""
    rows = [
        (*_place(row.database, width), Text(row.state.value, _STATES[row.state]), *_days(row, keys.today), _note(row, keys.today))
        for row in keys.rows
    ]
    return with_reasons((*_columns(width), Column("Key"), Column("Age"), Column("Expires"), Column("Note", grows=True)), rows, width)


def rotations(done: Sequence[KeyRotation], width: int) -> RenderableType:
    """What became of each key that was to be exchanged, and when the one in use now expires."""
    rows = [
        (
            *_place(one.database, width),
            Text(one.result.value, style=_RESULTS[one.result]),
            Text(one.expires.isoformat() if one.expires else ""),
            reason(one.error),
        )
        for one in done
    ]
    return with_reasons((*_columns(width), Column("Result"), Column("Expires"), Column("Reason", grows=True)), rows, width)


def _columns(width: int) -> tuple[Column, ...]:
    return (Column("Database"), Column("Server"), Column("Login")) if width >= WIDE else (Column("Database"),)


def _place(database: DatabaseAddress, width: int) -> Cells:
    """Database, server and login; in a narrow terminal in one cell."""
    name = foreign(database.name, link=database.link)
    server, login = foreign(str(database.server), "background"), foreign(database.login, "background")
    return (name, server, login) if width >= WIDE else (Text.assemble(name, "\n", server, "\n", login),)


def _days(row: KeyRow, today: date) -> Cells:
    """Age and expiry: red where it has expired, yellow where it soon will."""
    age, left = row.age_days(today), row.days_left(today)
    style = "bad" if left is not None and left <= 0 else "waiting" if left is not None and left <= _EXPIRES_SOON_DAYS else ""
    return Text("" if age is None else f"{age} d"), Text(row.expires.isoformat() if row.expires else "", style=style)


def _note(row: KeyRow, today: date) -> Text:
    if row.error is not None:
        return reason(row.error)
    if row.expires is not None and row.expires <= today:
        return Text("The key has expired: make a new one in Odoo, and enter it with `codalink keys set`.", style="bad")
    if row.is_unfinished:
        return Text("An exchange of keys was interrupted: run `codalink keys rotate`.", style="waiting")
    if row.state is KeyState.NONE:
        return Text("Run `codalink keys set` or `codalink keys import`.", style="background")
    return sentence(row.doubt, "background")
