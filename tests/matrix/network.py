"""What goes wrong between codalink and Odoo, at every call of a command."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from codalink.sandbox import Fault, FaultKind
from codalink.sandbox.calls import Call
from codalink.sandbox.web import HttpServer, Request, Response
from tests.matrix.commands import Row
from tests.matrix.inside import ANSWER_LIMIT_BYTES, PATIENCE_S
from tests.matrix.offices import MatrixOffice
from tests.matrix.troubles import SOME_FAILED, UNREACHABLE, WRONG_USAGE

SHORT_PATIENCE_S = 0.4
STALL_S = 0.6
"""Longer than codalink's patience, so that the call is carried out when codalink has given it up, and looks."""


@dataclass(frozen=True)
class Place:
    """One call of a run: the `nth` one of this method in this database (1 is the first), or of this server where no database is named."""

    server: str
    database: str
    model: str
    method: str
    nth: int
    number: int
    """Which of all calls in this database it is."""
    then: tuple[str, str] = ("", "")
    """Model and method of the call for whose sake it is made, where it is a login."""

    def __str__(self) -> str:
        return f"{self.database or self.server} {self.model}{'.' if self.model else ''}{self.method} #{self.nth}"

    @property
    def changes(self) -> bool:
        """Whether codalink must not simply send it again; it takes a login as part of the call for whose sake it logs in."""
        return not CHANGING.isdisjoint({(self.model, self.method), self.then})


CHANGING = frozenset(
    {
        ("l10n_be_codabox.connection.wizard", "create"),
        ("l10n_be_codabox.connection.wizard", "l10n_be_codabox_create_connection"),
        ("l10n_be_codabox.change.password.wizard", "write"),
        ("l10n_be_codabox.change.password.wizard", "l10n_be_codabox_change_password"),
        ("l10n_be_codabox.connection.wizard", "l10n_be_codabox_revoke"),
        ("l10n_be_codabox.revoke.wizard", "write"),
        ("l10n_be_codabox.revoke.wizard", "l10n_be_codabox_revoke"),
        ("account.journal", "l10n_be_codabox_manually_fetch_coda_transactions"),
        ("account.journal", "l10n_be_codabox_manually_fetch_soda_transactions"),
        ("ir.module.module", "button_immediate_install"),
        ("res.partner", "create"),
        ("res.partner", "write"),
        ("res.company", "write"),
        ("account.journal", "write"),
        ("res.users.apikeys", "generate"),
        ("res.users.apikeys", "revoke"),
    }
)
"""What a lost answer leaves in doubt. All other calls only read, or make a record that passes."""


def places(calls: Sequence[Call]) -> list[Place]:
    """The places of a clean run. What comes the same way in several databases counts in the first and the last of them."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[Place] = []
    for call in calls:
        seen[call.server, call.database] += 1
        seen[call.server, call.database, call.model, call.method] += 1
        nth, number = seen[call.server, call.database, call.model, call.method], seen[call.server, call.database]
        found.append(Place(call.server, call.database, call.model, call.method, nth, number, _then(call, calls)))
    found.sort(key=lambda place: (place.database or place.server, place.number))
    alike: dict[tuple[str, str, int], list[Place]] = {}
    for place in found:
        alike.setdefault((place.model, place.method, place.nth), []).append(place)
    kept = {place for group in alike.values() for place in (group[0], group[-1])}
    return [place for place in found if place in kept]


def _then(call: Call, calls: Sequence[Call]) -> tuple[str, str]:
    """What comes in the database right after a login."""
    if call.method != "login":
        return "", ""
    later = (one for one in calls if one.at > call.at and one.database == call.database)
    return next(((one.model, one.method) for one in later), ("", ""))


@dataclass(frozen=True)
class Kind:
    """A way to go wrong. `passes` says that codalink asks again and gets the right answer then; `is_harmless`, that it doesn't matter."""

    name: str
    fault: FaultKind
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    passes: bool = False
    is_harmless: bool = False

    @property
    def stalls(self) -> bool:
        return self.fault in {FaultKind.STALL, FaultKind.STALL_AFTER}


WRONG_TYPES: tuple[Any, ...] = (42, "text", None, {"id": 1}, [{"name": "no id"}], [1, 2], True, -1.5, [[]])

KINDS = (
    Kind("connection refused", FaultKind.GO_DOWN),
    Kind("reset before the answer", FaultKind.RESET_BEFORE, passes=True),
    Kind("reset in the answer", FaultKind.CUT_BODY, passes=True),
    Kind("reset after the call", FaultKind.RESET_AFTER, passes=True),
    Kind("stall", FaultKind.STALL, {"seconds": STALL_S}, passes=True),
    Kind("stall after the call", FaultKind.STALL_AFTER, {"seconds": STALL_S}, passes=True),
    Kind("429", FaultKind.TOO_MANY_REQUESTS, {"seconds": 0}, passes=True),
    Kind("500", FaultKind.SERVER_ERROR, passes=True),
    Kind("502 with HTML", FaultKind.BAD_GATEWAY, passes=True),
    Kind("503 with Retry-After", FaultKind.SERVICE_UNAVAILABLE, {"seconds": 0}, passes=True),
    Kind("redirect to another host", FaultKind.REDIRECT),
    Kind("login page", FaultKind.LOGIN_PAGE),
    Kind("wrong content type", FaultKind.WRONG_CONTENT_TYPE, is_harmless=True),
    Kind("cut JSON", FaultKind.TRUNCATED_JSON),
    Kind("huge answer", FaultKind.HUGE_ANSWER, {"size": ANSWER_LIMIT_BYTES // 2}),
    Kind("answer beyond the limit", FaultKind.HUGE_ANSWER, {"size": ANSWER_LIMIT_BYTES + 1}),
    *(Kind(f"wrong type {value!r}", FaultKind.WRONG_RESULT, {"value": value}) for value in WRONG_TYPES),
    Kind("Odoo error", FaultKind.ODOO_ERROR, {"text": "De maan staat in de weg."}),
    Kind("session expired", FaultKind.LOGGED_OUT),
)
FOR_GOOD_ONLY = frozenset({FaultKind.GO_DOWN, FaultKind.LOGGED_OUT})
"""A server that goes down and a key that is revoked stay so for the rest of the run."""


@dataclass
class NetworkTrouble:
    """A kind at a place, once or at every such call from then on."""

    kind: Kind
    place: Place
    is_lasting: bool
    _fault: Fault | None = None
    _visitors: int = 0

    @property
    def name(self) -> str:
        return f"{self.kind.name}{' for good' if self.is_lasting else ''} at {self.place}"

    @property
    def patience_s(self) -> float:
        return SHORT_PATIENCE_S if self.kind.stalls else PATIENCE_S

    @contextmanager
    def strikes(self, office: MatrixOffice) -> Iterator[None]:
        place, options = self.place, dict(self.kind.options)
        if self.kind.fault is FaultKind.REDIRECT:
            options["location"] = f"{elsewhere().url}/web/login"
        times = None if self.is_lasting else 1
        where: dict[str, Any] = {"server": place.server, "database": place.database}
        if self.kind.fault is FaultKind.LOGGED_OUT:
            where |= {"nth": place.number}
        else:
            where |= {"model": place.model, "method": place.method, "nth": place.nth}
        self._fault = office.sandbox.faults.add(self.kind.fault, times=times, **where, **options)
        try:
            yield
        finally:
            office.sandbox.faults.clear()
            office.wait_until_idle()

    def codes(self, row: Row) -> frozenset[int]:
        is_got_over = self.kind.is_harmless or (self.kind.passes and not self.is_lasting and not self.place.changes)
        if is_got_over:
            return frozenset({row.clean_code})
        unknown = {WRONG_USAGE} if "--company" in row.arguments else set()  # it may be in the database that could not be read, or nowhere
        return frozenset({row.clean_code, SOME_FAILED, UNREACHABLE, *unknown})

    def has_struck(self) -> bool:
        return self._fault is not None and self._fault.fired > 0


def network_troubles(calls: Sequence[Call]) -> list[NetworkTrouble]:
    """All that can go wrong at the places of a clean run."""
    return [
        NetworkTrouble(kind, place, is_lasting)
        for place in places(calls)
        for kind in KINDS
        for is_lasting in (False, True)
        if is_lasting or kind.fault not in FOR_GOOD_ONLY
    ]


VISITORS: list[Request] = []
"""Whoever came to the address that redirects name: nobody should."""


@cache
def elsewhere() -> HttpServer:
    """Another host, for all redirects of this process."""

    def answer(request: Request) -> Response:
        VISITORS.append(request)
        return Response(200, b"{}")

    site = HttpServer(answer)
    site.listen()
    return site
