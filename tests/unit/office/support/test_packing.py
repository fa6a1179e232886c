"""A pack has stand-ins in the place of every name, whatever the names are, and the same one throughout."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codalink import errors
from codalink.office.changes import ChangeKind, ChangeResult
from codalink.office.support.checking import refuse_unclean
from codalink.office.support.pack import Gathered, Machine, Part, Setting, Trouble
from codalink.office.support.packing import pack_up, personal, specimen
from codalink.office.trail import Run, Trail, TrailEntry
from codalink.render import support as rendered
from tests.leaks import written_forms

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
MACHINE = Machine((("codalink", "0.1.0"), ("keyring", "keyring.backends.SecretService.Keyring")), (("rich", "15.0.0"),), ("LANG",))
COMMANDS = frozenset({"connect-all", "keys rotate"})
BUSY = Run("3fa94c21d0", "connect-all", "0.1.0", "jan", "0477472701")


def entry(run: Run = BUSY, /, **fields: object) -> TrailEntry:
    usual: dict[str, object] = {
        "run": run,
        "at": NOW,
        "what": "connect",
        "detail": "",
        "server": "https://odoo.example.be",
        "database": "klant-001",
        "login": "me@example.be",
        "company": "Bakkerij Kruimel",
        "company_id": 1,
        "company_vat": "0403019261",
        "result": ChangeResult.DONE,
        "error": "",
        "cause": "",
        "took_ms": 12,
    }
    return TrailEntry(**(usual | fields))  # type: ignore[arg-type]  # the fields of TrailEntry


def gathered(*entries: TrailEntry, **more: object) -> Gathered:
    usual: dict[str, object] = {"machine": MACHINE, "trail": Trail(tuple(entries), len(entries)), "commands": COMMANDS}
    return Gathered(**(usual | more))  # type: ignore[arg-type]  # the fields of Gathered


def files(of: Gathered) -> dict[str, str]:
    """The pack's files, which were let through."""
    made = rendered.files(pack_up(of))
    refuse_unclean(made, own_words(of), personal(of))
    return made


@cache
def _own_words(keys: frozenset[tuple[str, str]], troubles: tuple[Trouble, ...]) -> dict[str, str]:
    known = tuple(Setting(table, key, Part.FILE, "") for table, key in keys)
    return rendered.files(pack_up(specimen(gathered(settings=known, troubles=troubles))))


def own_words(of: Gathered) -> dict[str, str]:
    """The files of a specimen, which depends on keys and troubles only."""
    return _own_words(frozenset((one.table, one.key) for one in of.settings), of.troubles)


# --- stand-ins -----------------------------------------------------------------------------------------------------------------------


def test_same_name_has_the_same_stand_in_in_the_configuration_and_in_the_trail() -> None:
    setting = Setting("source 1", "server", Part.SERVER, "https://odoo.example.be:443/web")
    pack = pack_up(gathered(entry(), settings=(setting,)))

    assert pack.settings[0].text == pack.entries[0].server == "server-1"


def test_other_names_have_other_stand_ins() -> None:
    pack = pack_up(gathered(entry(), entry(database="klant-002"), entry(server="https://other.example.be"), entry()))

    assert [one.database for one in pack.entries] == ["database-1", "database-2", "database-3", "database-1"]


def test_company_is_told_by_its_database_and_id() -> None:
    pack = pack_up(gathered(entry(), entry(company_id=2), entry(database="klant-002"), entry()))

    assert [one.company for one in pack.entries] == ["company-1", "company-2", "company-3", "company-1"]


def test_office_of_the_configuration_is_known_again_in_the_runs() -> None:
    pack = pack_up(gathered(entry(), settings=(Setting("office", "vat", Part.VAT, "BE 0477.472.701"),)))

    assert pack.settings[0].text == pack.runs[0].office == "vat-1"


def test_pattern_keeps_its_wildcards() -> None:
    pack = pack_up(gathered(settings=(Setting("selection", "exclude", Part.PATTERN, "*-test?"),)))

    assert pack.settings[0].text == "*pattern-1?"


@pytest.mark.parametrize(
    ("address", "remark"),
    [
        ("https://odoo.example.be", "https, elsewhere"),
        ("https://odoo.example.be:8443", "https, elsewhere, a port of its own"),
        ("https://klant-001.odoo.com", "https, odoo.com"),
        ("http://127.0.0.1:8069", "http, this computer"),
        ("http://odoo.example.be", "not an address"),
    ],
)
def test_server_is_told_by_its_sort(address: str, remark: str) -> None:
    assert pack_up(gathered(settings=(Setting("source 1", "server", Part.SERVER, address),))).settings[0].remark == remark


# --- the trail -----------------------------------------------------------------------------------------------------------------------


def test_error_is_told_by_its_code_and_codalinks_own_words() -> None:
    (packed,) = pack_up(gathered(entry(error="no-connection", cause="Kruimel says no."))).entries

    assert (packed.error, packed.meaning) == ("no-connection", errors.NoConnection.default_cause)


@pytest.mark.parametrize("field", ["what", "error"])
def test_word_that_codalink_does_not_know_is_left_out(field: str) -> None:
    assert getattr(pack_up(gathered(entry(**{field: "Kruimel"}))).entries[0], field) == "unknown"


@pytest.mark.parametrize(("field", "text"), [("command", "kruimel"), ("version", "1.0-kruimel"), ("version", "0477472701")])
def test_word_of_a_run_that_codalink_does_not_know_is_left_out(field: str, text: str) -> None:
    run = Run(**({"id": "1", "command": "", "version": "", "person": "", "office_vat": ""} | {field: text}))

    assert getattr(pack_up(gathered(entry(run))).runs[0], field) == "unknown"


def test_run_counts_how_its_changes_ended() -> None:
    (run,) = pack_up(gathered(entry(), entry(), entry(result=ChangeResult.TRIED))).runs

    assert (run.command, dict(run.results)) == ("connect-all", {ChangeResult.DONE: 2, ChangeResult.TRIED: 1})


def test_trouble_is_told_in_codalinks_own_words() -> None:
    text = files(gathered(troubles=(Trouble("configuration", "configuration-missing"),)))["state.txt"]

    assert f"configuration-missing: {errors.ConfigurationMissing.default_cause}" in text


def test_every_word_of_codalinks_own_passes_the_check() -> None:
    whole = specimen(gathered())

    assert len(files(whole)["log.csv"].splitlines()) > len(ChangeKind)


# --- nothing of anybody's ------------------------------------------------------------------------------------------------------------

NAMES = st.one_of(
    st.text(alphabet="ZJQÜЖ日本§€.*+?[](){}^$|\\/'\"<>&%#=@-_ \n\t\x1b\u202e\ud83d", min_size=1, max_size=12),
    st.text(min_size=1, max_size=3),
    st.sampled_from(
        ["BE 0477.472.701", "BE68 5390 0754 7034", "https://klant.odoo.com", "=cmd|'/c calc'!A0", "{{ company }}", "%s", "\\1"]
    ),
)
"""Marker names: in any script, with all that regular expressions, CSV and terminals mind, and very short ones."""
RESULTS = st.sampled_from(ChangeResult)
ENTRIES = st.builds(
    TrailEntry,
    run=st.builds(Run, NAMES, NAMES, NAMES, NAMES, NAMES),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001  # so hypothesis wants it
    what=NAMES,
    detail=NAMES,
    server=NAMES,
    database=NAMES,
    login=NAMES,
    company=NAMES,
    company_id=st.none() | st.integers(),
    company_vat=NAMES,
    result=RESULTS,
    error=NAMES,
    cause=NAMES,
    took_ms=NAMES | st.integers(),  # what somebody may have written into the file
)
SETTINGS = st.builds(Setting, st.just("source 1"), st.just("server"), st.sampled_from(Part), NAMES)
OFFICES = st.builds(
    gathered, ENTRIES, ENTRIES, ENTRIES, settings=st.lists(SETTINGS, max_size=4).map(tuple), names=st.frozensets(NAMES, max_size=4)
)
LONG_ENOUGH = 4
"""Bytes: what is shorter stands in base64 or hexadecimal of anything."""


def markers(of: Gathered) -> set[str]:
    """Every foreign text that was put in."""
    texts = set(personal(of)) | {setting.text for setting in of.settings}
    for one in of.trail.entries:
        texts |= {one.what, one.error, one.cause, one.run.id, one.run.command, one.run.version}
        texts |= {one.took_ms} if isinstance(one.took_ms, str) else set()
    return texts


def found(of: Gathered, unzipped: Mapping[str, bytes]) -> list[str]:
    """The markers that stand in the pack in some form, and not in the one of an office without any names. A pattern's stars tell nobody."""
    own = b"\n".join(text.encode() for text in own_words(of).values())
    own += b"".join(b"%d-%d " % (number, number) for number in range(20)) + b"0123456789"
    return [
        f"{marker!r} as {form} in {name}"
        for marker in markers(of)
        if marker.strip("*?")
        for form, needle in written_forms(marker.encode("utf-8", "replace").decode()).items()
        if needle not in own and (form == "plain" or len(needle) >= LONG_ENOUGH) and not needle.isdigit()
        for name, content in unzipped.items()
        if needle in content
    ]


@given(OFFICES)
@settings(max_examples=200, deadline=None)
def test_no_marker_is_in_any_file_of_the_pack(office: Gathered) -> None:
    content = rendered.archive(files(office), NOW)
    with ZipFile(BytesIO(content)) as packed:
        unzipped = {name: packed.read(name) for name in packed.namelist()}

    assert found(office, unzipped) == []
    assert list(unzipped) == [f"codalink-support/{name}" for name in rendered.files(pack_up(gathered()))]


@pytest.mark.parametrize("field", ["company", "database", "server", "login", "cause", "detail"])
def test_search_would_find_a_marker(field: str) -> None:
    """The property is worth something: a careless pack is caught by it."""
    office = gathered(entry(**{field: "Ж日§"}))

    assert found(office, {"careless": str(office).encode()})


CARELESS: list[Callable[[Gathered], str]] = [
    lambda office: office.trail.entries[0].company,
    lambda office: office.trail.entries[0].cause,
    lambda office: office.trail.entries[0].company_vat,
    lambda _: "BE 0403.019.261",
    lambda _: "0403 019 261",
    lambda office: f"codalink-{office.trail.entries[0].database}",
    lambda office: min(office.names),
]


@pytest.mark.parametrize("careless", CARELESS)
def test_pack_with_anything_of_anybodys_is_refused(careless: Callable[[Gathered], str]) -> None:
    office = gathered(entry(cause="Odoo: Kruimel is closed."), names=frozenset({"PC van Jan"}))
    made = rendered.files(pack_up(office))
    made["state.txt"] += f"one more line\n{careless(office)}\n"

    with pytest.raises(errors.PackNotClean, match=r"state\.txt") as refused:
        refuse_unclean(made, own_words(office), personal(office))
    assert "Kruimel" not in str(refused.value)
