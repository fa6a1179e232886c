"""API keys that come from outside, and what they change in what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from codalink.secrets.keys import DatabaseKeys, StoredKey


def renewed(former: StoredKey | None, new: StoredKey) -> StoredKey:
    """`new` in the place of `former`: what was left of an exchange stays to be revoked, and the same key keeps its day and name."""
    if former is None:
        return new
    if former.key == new.key and former.login == new.login:
        return replace(former, current=replace(former.current, expires=new.expires or former.expires))
    rest = (*((former.candidate,) if former.candidate else ()), *former.formers)
    return replace(new, formers=tuple(one for one in rest if one.secret != new.key) if former.login == new.login else ())


@dataclass(frozen=True)
class KeyImport:
    """The keys of a file, sorted by what they would change."""

    new: tuple[StoredKey, ...] = ()
    changed: tuple[StoredKey, ...] = ()
    same: tuple[StoredKey, ...] = ()


def compare(read: Iterable[StoredKey], keys: DatabaseKeys) -> KeyImport:
    """What storing these would change. Raises SecretsError."""
    stored = [(keys.find(*key.place), key) for key in read]
    pairs = [(former, renewed(former, key)) for former, key in stored]
    return KeyImport(
        new=tuple(key for former, key in pairs if former is None),
        changed=tuple(key for former, key in pairs if former is not None and key != former),
        same=tuple(key for former, key in pairs if key == former),
    )
