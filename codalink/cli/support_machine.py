"""This computer, as far as a bug report needs it, in words that name nobody: no host, no account, no path, no variable's value."""

import codecs
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from codalink import __version__
from codalink.errors import CodalinkError

if TYPE_CHECKING:
    from codalink.office.support.pack import Machine
    from codalink.render.console import Streams

KEYRING_PATIENCE_S = 5.0
"""Finding the back end asks the system's services, which may hang; nobody is asked to unlock anything, so this is long."""

_VARIABLES = (
    *("CODALINK_STATE", "CODALINK_KEYRING_TIMEOUT", "CODALINK_NO_BROWSER", "CODALINK_DEMO_KEYRING", "PYTHON_KEYRING_BACKEND"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"),
    *("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "COLORTERM", "WT_SESSION", "LANG", "LC_ALL", "TZ", "PYTHONUTF8", "PYTHONIOENCODING"),
    *("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"),
    *("BROWSER", "SSH_CONNECTION", "WSL_DISTRO_NAME", "container", "CI", "TMPDIR", "TEMP"),
)
"""Variables that change what codalink does, beside those of its options. Others aren't told: a name may name somebody too."""
_OF_KEYRING = ("keyring.backends.", "codalink.sandbox.")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)*")
_SYSTEMS = ("Linux", "Darwin", "Windows", "FreeBSD")
_DISTRIBUTIONS = ("debian", "ubuntu", "fedora", "arch", "alpine", "opensuse-leap", "opensuse-tumbleweed", "linuxmint", "rhel", "centos")


def machine(streams: "Streams", option_variables: Iterable[str]) -> "Machine":
    """What there is to tell. Takes a moment, and at most the keyring's patience."""
    from codalink.office.support.pack import Machine

    facts = (*_software(), *_terminal(streams), ("keyring", _keyring()))
    return Machine(facts, tuple(_libraries()), tuple(name for name in sorted({*_VARIABLES, *option_variables}) if _is_set(name)))


def _is_set(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(name.lower()))


def _software() -> Iterator[tuple[str, str]]:
    yield "codalink", __version__
    yield "Python", f"{platform.python_implementation()} {platform.python_version()}"
    yield "system", " ".join((_known(platform.system(), _SYSTEMS), _digits(platform.release())))
    if sys.platform == "linux":
        yield "distribution", _distribution()
    yield "processor", _known(platform.machine(), ("x86_64", "AMD64", "aarch64", "arm64", "i686"))
    yield "environment of its own", "yes" if sys.prefix != sys.base_prefix else "no"


def _distribution() -> str:
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return "unknown"
    return " ".join((_known(told.get("ID", ""), _DISTRIBUTIONS), _digits(told.get("VERSION_ID", "")))).strip()


def _known(text: str, known: tuple[str, ...]) -> str:
    """The text where it is one of those; computers may be given names anywhere."""
    return text if text in known else "another one"


def _digits(text: str) -> str:
    found = _PLAIN.match(text)
    return found[0] if found else ""


def _libraries() -> Iterator[tuple[str, str]]:
    """What codalink stands on, as its own package says."""
    try:
        required = metadata.requires("codalink") or []
    except metadata.PackageNotFoundError:
        return
    for name in sorted({re.split(r"[^A-Za-z0-9._-]", one)[0] for one in required if "extra ==" not in one}):
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "missing"


def _terminal(streams: "Streams") -> Iterator[tuple[str, str]]:
    for name, console in (("standard output", streams.out), ("standard error", streams.err)):
        kind = f"terminal, {console.width} columns" if console.is_terminal else "no terminal"
        yield name, f"{kind}, {_encoding(console.encoding)}, colours: {console.color_system or 'none'}"
    yield "standard input", "terminal" if sys.stdin is not None and sys.stdin.isatty() else "no terminal"


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "unknown"


def _keyring() -> str:
    """The back end, without reading anything in it."""
    from codalink.secrets.store import SystemKeyring

    try:
        names = SystemKeyring(KEYRING_PATIENCE_S).back_ends()
    except CodalinkError as error:
        return f"not usable: {error.code}"
    return ", ".join(name if name.startswith(_OF_KEYRING) else "another one" for name in names)
