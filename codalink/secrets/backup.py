"""A backup of the office password: a small text, sealed under a passphrase, that outlives the computer whose keyring has the password.

    codalink password backup 1
    (three lines that say what this is)
    office: 0123456749            ┐
    name: "Kantoor Testmans"      │ anybody may read this; it can't be
    made: 2026-05-19              │ changed without being found out
    key: scrypt 131072 8 1        │ (n, r and p)
    salt: … check: …              ┘
    sealed: …                       AES-256-GCM over the passwords; all of the above is its associated data
    digest: …                       SHA-256 over all of the above

What the parts are for, and what they give to somebody who has the file but not the passphrase:

- scrypt makes of passphrase and salt a sealing key and the check, two separate parts of its output. Parameters: OWASP's for scrypt.
- The digest tells a damaged file before a passphrase is asked for. Anybody can make a right one, so it protects against accidents only.
  Later versions of this format end with such a digest too.
- The check tells a wrong passphrase from a changed file. It makes guessing no easier: each guess takes scrypt once, with or without it,
  since the seal itself tells a right one too. Nothing about the sealing key follows from it.
- Who changes the file and its digest on purpose is found out by the seal ("was changed"), or, where salt, check or parameters are
  changed, told as a wrong passphrase: these two can't be told apart. Nothing ever opens to something else than what was sealed.
- The content is padded, so the file's length tells neither the password's nor whether there are two.

White space has no meaning: mail programs and editors that change the ends of lines, or break them anew, do no damage. The text is ASCII.
"""

import base64
import hashlib
import hmac
import json
import re
import textwrap
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_bytes

from codalink.errors import BackupDamaged, PassphraseWrong, SecretsError
from codalink.secrets.masked import Secret

LONGEST_BYTES = 65_536
"""No backup is nearly as long."""
_TITLE = "codalink password backup"
_ABOUT = (
    "This is the password with which an accounting office connects companies",
    "to CodaBox, sealed under a passphrase. To put it back into a keyring:",
    "codalink password restore FILE",
)
_KEY_BYTES, _CHECK_BYTES, _SALT_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 16, 16, 12, 16
_PADDED_TO = 256
_LINE_LENGTH = 70
_MIB = 1 << 20
_MOST_MEMORY = 512 * _MIB
_FORM = re.compile(
    rf"(?P<head>{_TITLE} 1 {re.escape(' '.join(_ABOUT))}"
    r' office: (?P<vat>\d{10}) name: (?P<name>"(?:[^"\\]|\\.)*") made: (?P<made>\d{4}-\d\d-\d\d)'
    r" key: scrypt (?P<n>\d{1,7}) (?P<r>\d{1,2}) (?P<p>\d{1,2}) salt: (?P<salt>[0-9a-f]{32}) check: (?P<check>[0-9a-f]{32}))"
    r" sealed: (?P<sealed>[A-Za-z0-9+/= ]+)",
    re.ASCII,
)


@dataclass(frozen=True)
class Label:
    """What a backup tells without being opened. `office_vat` is ten digits, `office_name` the one in the configuration at that time."""

    office_vat: str
    office_name: str
    made: date


@dataclass(frozen=True)
class SealedPasswords:
    """What is in a backup: the office's password, and a second one where a rotation was interrupted and either may be valid."""

    password: Secret
    candidate: Secret | None = None

    @property
    def all(self) -> tuple[Secret, ...]:
        """Every password in it."""
        return (self.password,) if self.candidate is None else (self.password, self.candidate)


@dataclass(frozen=True)
class Cost:
    """What each guess costs: scrypt's `n`, `r` and `p`, which take 128·n·r bytes of memory, and time as n·r·p."""

    n: int = 1 << 17
    r: int = 8
    p: int = 1

    @property
    def memory(self) -> int:
        """In bytes."""
        return 128 * self.n * self.r

    @property
    def is_bearable(self) -> bool:
        """Whether it is worth trying: a file from anywhere must not take this computer's memory, nor its afternoon."""
        is_power = self.n & (self.n - 1) == 0
        return is_power and self.n >= 1 << 14 and self.r == Cost.r and 1 <= self.p <= 4 and self.memory <= _MOST_MEMORY


@dataclass(frozen=True)
class Backup:
    """A backup that is whole, and still sealed. `where` names its file for messages."""

    label: Label
    where: str
    _head: str
    _cost: Cost
    _salt: bytes
    _check: bytes
    _sealed: bytes

    def unsealed(self, passphrase: Secret) -> SealedPasswords:
        """What is in it. Raises PassphraseWrong, BackupDamaged, and SecretsError where memory is too short."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, check = _derived(passphrase, self._salt, self._cost)
        if not hmac.compare_digest(check, self._check):
            raise PassphraseWrong(f"The backup {self.where} does not open with this passphrase.")
        nonce, sealed = self._sealed[:_NONCE_BYTES], self._sealed[_NONCE_BYTES:]
        try:
            return _unpacked(AESGCM(key).decrypt(nonce, sealed, self._head.encode()))
        except InvalidTag:
            raise BackupDamaged(f"The backup {self.where} was changed after it was made.") from None
        except (ValueError, LookupError, TypeError):  # only a codalink writes what the seal holds
            raise BackupDamaged(f"The backup {self.where} is from a newer codalink.", remedy=_NEWER) from None


_NEWER = "Install the newest codalink, then try again."


def seal(label: Label, passwords: SealedPasswords, passphrase: Secret, cost: Cost = Cost()) -> str:
    """The backup's text, another one each time. Raises SecretsError where memory is too short."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = token_bytes(_SALT_BYTES), token_bytes(_NONCE_BYTES)
    key, check = _derived(passphrase, salt, cost)
    head = [
        f"{_TITLE} 1",
        *_ABOUT,
        "",
        f"office: {label.office_vat}",
        f"name: {json.dumps(' '.join(label.office_name.split()))}",
        f"made: {label.made.isoformat()}",
        f"key: scrypt {cost.n} {cost.r} {cost.p}",
        f"salt: {salt.hex()}",
        f"check: {check.hex()}",
    ]
    content = nonce + AESGCM(key).encrypt(nonce, _packed(passwords), _squeezed(head).encode())
    body = [*head, "sealed:", *textwrap.wrap(base64.b64encode(content).decode(), _LINE_LENGTH)]
    return "\n".join([*body, f"digest: {_digest(_squeezed(body))}", ""])


def read(content: bytes, where: str) -> Backup:
    """A backup from what a file holds. Raises BackupDamaged where it is none, or is not the way it was made."""
    text = _squeezed([_text(content)])
    if not text.startswith(f"{_TITLE} "):
        raise BackupDamaged(f"{where} is not a backup of an office password, or its beginning is damaged.")
    body, _, digest = text.rpartition(" digest: ")
    if not hmac.compare_digest(digest.encode(), _digest(body).encode()):
        raise BackupDamaged(f"The backup {where} is damaged: it is not the way it was made, or its end is missing.")
    found = _FORM.fullmatch(body)
    if found is None:
        raise BackupDamaged(f"The backup {where} is from a newer codalink.", remedy=_NEWER)
    cost = Cost(int(found["n"]), int(found["r"]), int(found["p"]))
    if not cost.is_bearable:
        raise BackupDamaged(f"The backup {where} was changed: codalink makes none with scrypt's parameters {cost.n}, {cost.r}, {cost.p}.")
    try:
        label = Label(found["vat"], str(json.loads(found["name"])), date.fromisoformat(found["made"]))
        content = base64.b64decode(found["sealed"].replace(" ", ""), validate=True)
    except (ValueError, Base64Error):
        content = b""
    if len(content) < _NONCE_BYTES + _TAG_BYTES:
        raise BackupDamaged(f"The backup {where} was changed after it was made.")
    return Backup(label, where, found["head"], cost, bytes.fromhex(found["salt"]), bytes.fromhex(found["check"]), content)


def _text(content: bytes) -> str:
    """As ASCII, whatever an editor or a shell has made of it; what else there is stays, and spoils the digest."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return content.decode(encoding, errors="replace")


def _squeezed(lines: Sequence[str]) -> str:
    """All words with one space between them: what digest and seal are made over."""
    return " ".join(" ".join(lines).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _derived(passphrase: Secret, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    """Sealing key and check."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    try:
        scrypt = Scrypt(salt=salt, length=_KEY_BYTES + _CHECK_BYTES, n=cost.n, r=cost.r, p=cost.p)
        derived = scrypt.derive(passphrase.reveal().encode(errors="surrogatepass"))
    except MemoryError:
        raise SecretsError(
            f"A passphrase takes {cost.memory // _MIB} MB of memory, which this computer doesn't have free.",
            remedy="Close other programs, then try again.",
        ) from None
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]


def _packed(passwords: SealedPasswords) -> bytes:
    candidate = passwords.candidate
    content = json.dumps({"password": passwords.password.reveal(), "candidate": None if candidate is None else candidate.reveal()})
    return content.ljust(-(-len(content) // _PADDED_TO) * _PADDED_TO).encode()


def _unpacked(content: bytes) -> SealedPasswords:
    """Raises ValueError, LookupError, TypeError where it is something else."""
    found = json.loads(content)
    password, candidate = found["password"], found["candidate"]
    if not isinstance(password, str) or not isinstance(candidate, str | None):
        raise TypeError
    return SealedPasswords(Secret(password), None if candidate is None else Secret(candidate))
