"""The backup's text: it opens to what was sealed and to nothing else, whatever happened to it on the way."""

import json
import re
import textwrap
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codalink.errors import BackupDamaged, PassphraseWrong, SecretsError
from codalink.secrets.backup import LONGEST_BYTES, Cost, Label, SealedPasswords, read, seal
from codalink.secrets.masked import Secret
from codalink.secrets.passphrase import as_typed
from tests.unit.fakes import OFFICE_PASSWORD, OFFICE_VAT
from tests.unit.secrets.backups import CHEAP, DAY, LABEL, PASSPHRASE, PASSWORDS, sealed_text, with_right_digest

TEXT = sealed_text()
BOTH = SealedPasswords(Secret(OFFICE_PASSWORD), Secret("the candidate"))

OF_VERSION_1 = """\
codalink password backup 1
This is the password with which an accounting office connects companies
to CodaBox, sealed under a passphrase. To put it back into a keyring:
codalink password restore FILE

office: 0123456749
name: "Kantoor Testmans & Zo\\u00eb"
made: 2026-05-19
key: scrypt 16384 8 1
salt: 27bbaa896a8b789e078decf717857ba9
check: 7fd25e228f43af4e35a22d540c8bbbd2
sealed:
UkMUgVm/A08fANQCcCDQhsWcZp/Im8sAZ84xvTctjF1x+SblN30lcs9yjq4TNKH5zGE2Tu
ZCHHU5zXoxEsajVMtgzXJhJl09oStvhxJ3TtLIIKPUWmhZ9lBos3EU7+pRmtyx4zI6+CM2
1l0n3mogAmIipYZp0T3IuPmg+2Dz4fTP9e+ixUCZKGSaBjPYCkoQId1zQV+caqyCXnrrjG
XHF0ikOQyfWtuEO1fXBw8HBOuXnw+YVlNf8x/bZAyz59JuCnl5A7zCTZFIDu9zR/DBab0C
ap61SF5IOrfQFAPAWpTnl4dYHNWChKoYslOWOuqIURb4Deg3E02YFbjjMIW7cHvX+3ptuJ
QpIi0M9oXQB4tuS0O4wSoeqNJBCIY=
digest: 41ff41d195420e02999d82991d7dc5eb7750cfd6b4cb6c119f5624e6a308791d
"""
"""Made once; people have such files in their safes."""


def opened(content: bytes, passphrase: Secret = PASSPHRASE) -> SealedPasswords:
    return read(content, "b.txt").unsealed(passphrase)


def replaced(pattern: str, by: str) -> bytes:
    """A whole backup in which something was changed on purpose."""
    changed, number = re.subn(pattern, by, TEXT, count=1, flags=re.MULTILINE)
    assert number == 1
    return with_right_digest(changed)


# --- whole -------------------------------------------------------------------------------------------------------------------------------


def test_backup_opens_to_what_was_sealed() -> None:
    assert opened(TEXT.encode()) == PASSWORDS


def test_second_password_of_an_interrupted_rotation_is_in_it() -> None:
    assert opened(sealed_text(BOTH).encode()) == BOTH


def test_label_is_told_without_a_passphrase() -> None:
    assert read(TEXT.encode(), "b.txt").label == LABEL


def test_default_cost_is_what_is_recommended_for_scrypt() -> None:
    text = seal(LABEL, PASSWORDS, PASSPHRASE)

    assert "\nkey: scrypt 131072 8 1\n" in text
    assert opened(text.encode()) == PASSWORDS


def test_backup_made_with_the_first_version_opens() -> None:
    assert opened(OF_VERSION_1.encode()) == BOTH


def test_no_two_backups_share_salt_check_or_a_line_of_the_seal() -> None:
    one, other = (set(text.splitlines()[text.splitlines().index("key: scrypt 16384 8 1") + 1 :]) for text in (TEXT, sealed_text()))

    assert one & other == {"sealed:"}


def test_length_tells_neither_the_passwords_nor_how_many_there_are() -> None:
    texts = [sealed_text(passwords) for passwords in (PASSWORDS, BOTH, SealedPasswords(Secret("x" * 60)))]

    assert len({len(text) for text in texts}) == 1


def test_text_is_ascii_in_short_lines() -> None:
    assert TEXT.isascii()
    assert max(map(len, TEXT.splitlines())) <= 72


def test_nothing_shows_a_password() -> None:
    assert OFFICE_PASSWORD not in TEXT + repr(read(TEXT.encode(), "b.txt")) + repr(opened(TEXT.encode()))


@settings(max_examples=25, deadline=None)
@given(
    password=st.text(),
    candidate=st.none() | st.text(),
    name=st.text(),
    passphrase=st.text(),
)
def test_whatever_is_sealed_comes_back(password: str, candidate: str | None, name: str, passphrase: str) -> None:
    passwords = SealedPasswords(Secret(password), None if candidate is None else Secret(candidate))

    text = sealed_text(passwords, Secret(passphrase), Label(OFFICE_VAT, name, DAY))

    found = read(text.encode(), "b.txt")
    assert found.unsealed(Secret(passphrase)) == passwords
    assert found.label == Label(OFFICE_VAT, " ".join(name.split()), DAY)


# --- harmless changes --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
        lambda text: textwrap.indent(text, "    ").encode(),
        lambda text: f"\n\n{text}\n\n   \n".encode(),
        lambda text: "\n".join(f"{line}   " for line in text.splitlines()).encode(),
        lambda text: textwrap.fill(text, 50, break_long_words=False, break_on_hyphens=False).encode(),
        lambda text: text.strip().encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    ],
    ids=["CRLF", "CR", "blank lines", "indented", "among blank lines", "trailing", "wrapped", "no end of line", "BOM", "UTF-16", "Windows"],
)
def test_mail_programs_and_editors_do_no_damage(change: Callable[[str], bytes]) -> None:
    assert opened(change(TEXT)) == PASSWORDS


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed_in", ["NFC", "NFD"])
def test_accents_of_a_passphrase_may_be_typed_in_either_form(form: str, typed_in: str) -> None:
    meant = "Zoë's café ligt één straat verder"
    text = sealed_text(passphrase=as_typed(unicodedata.normalize(form, meant)))  # type: ignore[arg-type]  # a form's name

    assert opened(text.encode(), as_typed(unicodedata.normalize(typed_in, meant))) == PASSWORDS  # type: ignore[arg-type]  # a form's name


# --- damage, of all kinds ----------------------------------------------------------------------------------------------------------------


def test_wrong_passphrase_is_told_as_such() -> None:
    with pytest.raises(PassphraseWrong, match=r"b\.txt does not open"):
        opened(TEXT.encode(), Secret("batterij paard nietje fout"))


@pytest.mark.parametrize("bit", range(8))
def test_each_byte_changed_is_told_as_damage_or_does_no_harm(bit: int) -> None:
    content = TEXT.encode()
    opening = []
    for place in range(len(content)):
        changed = bytes([*content[:place], content[place] ^ 1 << bit, *content[place + 1 :]])
        try:
            assert opened(changed) == PASSWORDS
            opening.append(place)
        except BackupDamaged:
            pass

    assert all(TEXT[place].isspace() for place in opening)  # one white space for another


@pytest.mark.parametrize("where", ["left out", "doubled"])
def test_each_character_left_out_or_doubled_is_told_as_damage(where: str) -> None:
    for place, character in enumerate(TEXT):
        if not character.isspace():
            changed = TEXT[:place] + (character * 2 if where == "doubled" else "") + TEXT[place + 1 :]
            with pytest.raises(BackupDamaged):
                read(changed.encode(), "b.txt")


def test_cut_off_anywhere_is_told_as_damage() -> None:
    for length in range(len(TEXT.rstrip())):
        with pytest.raises(BackupDamaged):
            read(TEXT[:length].encode(), "b.txt")


def test_two_lines_in_another_order_are_told_as_damage() -> None:
    lines = TEXT.splitlines()
    sealed = lines.index("sealed:")
    lines[sealed + 1], lines[sealed + 2] = lines[sealed + 2], lines[sealed + 1]

    with pytest.raises(BackupDamaged, match="is damaged"):
        read("\n".join(lines).encode(), "b.txt")


@pytest.mark.parametrize("content", [b"", b"\xff", b"\xff\xfe\x00", b"%PDF-1.7", b"codalink keys 1 0123\n", b"x" * LONGEST_BYTES])
def test_another_file_is_told_as_none(content: bytes) -> None:
    with pytest.raises(BackupDamaged, match=r"b\.txt is not a backup of an office password"):
        read(content, "b.txt")


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: with_right_digest(f"{TEXT[:400]} {text} digest:")))
def test_any_other_content_is_told_as_damage(content: bytes) -> None:
    with pytest.raises(BackupDamaged):
        opened(content)


# --- changed on purpose, with a right digest ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (r"^office: \d+", "office: 0403019261"),
        (r"^name: .*", 'name: "Another office"'),
        (r"^name: .*", r'name: "\\ud800"'),
        (r"^name: .*", r'name: "\\u12"'),
        (r"^made: .*", "made: 2026-05-20"),
        (r"^made: .*", "made: 2026-02-30"),
        (r"^sealed:\n.", "sealed:\n="),
        (r"^sealed:\n[^=]+", "sealed:\nAAAA"),
        (r"^sealed:\n(\S+)\n(\S+)", r"sealed:\n\2\n\1"),
        (r"^sealed:\n(\S+)\n", r"sealed:\n"),
    ],
)
def test_what_somebody_has_changed_is_found_out(pattern: str, by: str) -> None:
    with pytest.raises(BackupDamaged, match="was changed"):
        opened(replaced(pattern, by))


@pytest.mark.parametrize(
    ("pattern", "by"), [(r"^salt: ....", "salt: 0000"), (r"^check: ....", "check: 0000"), (r"scrypt 16384 8 1", "scrypt 16384 8 2")]
)
def test_changed_salt_check_or_parameters_look_like_a_wrong_passphrase(pattern: str, by: str) -> None:
    with pytest.raises(PassphraseWrong):
        opened(replaced(pattern, by))


@pytest.mark.parametrize(
    "parameters",
    ["1048576 8 1", "9999999 8 1", "131072 99 1", "131072 8 99", "131073 8 1", "8192 8 1", "2 8 1", "0 8 1", "131072 0 1", "131072 8 0"],
)
def test_parameters_that_would_take_the_computers_memory_or_are_too_weak_are_refused_untried(parameters: str) -> None:
    with pytest.raises(BackupDamaged, match="parameters"):
        read(replaced(r"scrypt 16384 8 1", f"scrypt {parameters}"), "b.txt")


def test_most_that_is_tried_takes_half_a_gigabyte() -> None:
    powers = [Cost(1 << bits, 8, parallel) for bits in range(1, 30) for parallel in range(6)]

    assert max(cost.memory for cost in powers if cost.is_bearable) == 512 * 2**20


@pytest.mark.parametrize(
    ("pattern", "by"),
    [(r"backup 1$", "backup 2"), (r"key: scrypt", "key: argon2id"), (r"^made:", "host: x\nmade:"), (r"^office: 0", "office: \u0660")],
)
def test_what_a_later_codalink_may_write_is_told_as_newer(pattern: str, by: str) -> None:
    with pytest.raises(BackupDamaged, match="newer codalink") as caught:
        read(replaced(pattern, by), "b.txt")

    assert "newest codalink" in caught.value.remedy


@pytest.mark.parametrize("content", ["[]", "{}", '{"password": 1, "candidate": null}', '{"password": "x", "candidate": 1}', "{"])
def test_other_content_under_a_right_seal_is_told_as_newer(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "dumps", lambda value, dumps=json.dumps: content if isinstance(value, dict) else dumps(value))
    text = sealed_text()

    with pytest.raises(BackupDamaged, match="newer codalink"):
        opened(text.encode())


def test_too_little_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hungry:
        def __init__(self, **_: object) -> None:
            raise MemoryError

    monkeypatch.setattr("cryptography.hazmat.primitives.kdf.scrypt.Scrypt", Hungry)

    with pytest.raises(SecretsError, match="16 MB of memory"):
        seal(LABEL, PASSWORDS, PASSPHRASE, CHEAP)
