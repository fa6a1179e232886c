"""Making a pack: only what is known to be harmless goes in, and everything else becomes a stand-in or stays out.

Foreign text is never copied. A word is taken over only where codalink knows it for one of its own: what was done, how it ended, an error's
code, a command, a protocol; of a version only its digits. An error's cause may be anybody's words: the pack has the code, and what
codalink itself says about it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from codalink.errors.catalogue import kinds
from codalink.errors.family import code_of
from codalink.odoo.gateway import OdooProtocol
from codalink.office.changes import ChangeKind, ChangeResult
from codalink.office.support.pack import Gathered, PackedEntry, PackedRun, Part, Setting, SupportPack, Trouble
from codalink.office.support.standins import StandIns, about_server
from codalink.office.trail import Run, Trail, TrailEntry

UNKNOWN = "unknown"
"""In the place of a word that codalink doesn't know."""
_LONGEST_MS = 9_999_999
"""Almost three hours; a longer number could be somebody's."""
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_PLACES = ("no address", "http://localhost", "https://x.odoo.com", "https://x.example:8443")
"""A server of each sort, for the specimen."""
_WHATS = frozenset(kind.value for kind in ChangeKind)
_PROTOCOLS = frozenset(protocol.value for protocol in OdooProtocol)
_MEANINGS = {code_of(kind): kind.default_cause for kind in kinds()}


def pack_up(gathered: Gathered) -> SupportPack:
    """The pack of what was gathered."""
    stand_ins = StandIns()
    settings = tuple(_disguised(setting, stand_ins) for setting in gathered.settings)
    return SupportPack(
        gathered.machine,
        settings,
        tuple(_runs(gathered, stand_ins)),
        tuple(_packed(entry, stand_ins) for entry in gathered.trail.entries),
        gathered.counts,
        tuple((trouble, _MEANINGS.get(trouble.error, "")) for trouble in gathered.troubles),
    )


def personal(gathered: Gathered) -> frozenset[str]:
    """Every name that was gathered, to be searched for in the finished pack."""
    texts = {setting.text for setting in gathered.settings if setting.part is not Part.OWN}
    for entry in gathered.trail.entries:
        texts |= {entry.server, entry.database, entry.login, entry.company, entry.company_vat, entry.detail}
        texts |= {entry.run.person, entry.run.office_vat}
    return (frozenset(texts) | gathered.names) - {""}


def specimen(gathered: Gathered) -> Gathered:
    """The same machine and the same keys, with everything that may stand in a pack and nothing of anybody's.

    Its pack has all the words that codalink may write by itself: what else stands in a pack comes from elsewhere.
    """
    settings = [replace(setting, text="x") for setting in gathered.settings]
    settings += [Setting("", "", Part.SERVER, text) for text in _PLACES]
    settings += [Setting("", "", Part.OWN, protocol) for protocol in (*_PROTOCOLS, "")]
    entries = [
        *(_example(what=what) for what in (*_WHATS, "?")),
        *(_example(error=error) for error in _MEANINGS),
        *(_example(command=command) for command in gathered.commands),
        *(_example(result=result) for result in ChangeResult),
    ]
    troubles = tuple(Trouble(trouble.part, code) for trouble in gathered.troubles for code in _MEANINGS)
    return replace(gathered, settings=tuple(settings), trail=Trail(tuple(entries)), troubles=troubles, names=frozenset())


def _example(what: str = "", error: str = "", command: str = "", result: ChangeResult = ChangeResult.DONE) -> TrailEntry:
    run = Run(command, command, "", "x", "x")
    return TrailEntry(run, _SOME_TIME, what, "", "https://x", "x", "x", "x", 1, "", result, error, "", 1)


# --- the configuration ---------------------------------------------------------------------------------------------------------------


def _disguised(setting: Setting, stand_ins: StandIns) -> Setting:
    match setting.part:
        case Part.OWN:
            return replace(setting, text=_own(setting.text, _PROTOCOLS))
        case Part.PATTERN:
            return replace(setting, text=stand_ins.of_pattern(setting.text))
        case Part.SERVER:
            return replace(setting, text=stand_ins.of(Part.SERVER, setting.text), remark=about_server(setting.text))
        case part:
            return replace(setting, text=stand_ins.of(part, setting.text))


def _own(text: str, known: frozenset[str]) -> str:
    return text if text in known or not text else UNKNOWN


# --- the trail -----------------------------------------------------------------------------------------------------------------------


def _packed(entry: TrailEntry, stand_ins: StandIns) -> PackedEntry:
    error = _own(entry.error, frozenset(_MEANINGS))
    place = (entry.server, entry.database)
    return PackedEntry(
        run=stand_ins.of(Part.RUN, entry.run.id),
        at=entry.at,
        what=_own(entry.what, _WHATS),
        result=entry.result,
        error=error,
        meaning=_MEANINGS.get(error, ""),
        took_ms=max(0, min(entry.took_ms, _LONGEST_MS))
        if isinstance(entry.took_ms, int)
        else None,  # whatever somebody wrote into the file
        server=stand_ins.of(Part.SERVER, entry.server),
        database=stand_ins.of(Part.DATABASE, *place),
        login=stand_ins.of(Part.LOGIN, entry.login),
        company=stand_ins.of(Part.COMPANY, *place, str(entry.company_id or ""), entry.company),
    )


def _runs(gathered: Gathered, stand_ins: StandIns) -> Iterator[PackedRun]:
    by_run: dict[Run, list[TrailEntry]] = {}
    for entry in gathered.trail.entries:
        by_run.setdefault(entry.run, []).append(entry)
    for run, own in by_run.items():
        yield PackedRun(
            name=stand_ins.of(Part.RUN, run.id),
            began=own[0].at,
            command=_own(run.command, gathered.commands),
            version=_version(run.version),
            person=stand_ins.of(Part.PERSON, run.person),
            office=stand_ins.of(Part.VAT, run.office_vat),
            results=Counter(entry.result for entry in own),
        )


def _version(text: str) -> str:
    return text if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}", text) or not text else UNKNOWN
