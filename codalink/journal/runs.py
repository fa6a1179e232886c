"""Whose run it is."""

import os
import sys
from secrets import token_hex

from codalink import __version__
from codalink.office.trail import Run


def begin_run(command: str, office_vat: str) -> Run:
    """A run of this command, by whoever is logged in to this computer. `office_vat` are ten digits, or empty."""
    return Run(token_hex(5), command, __version__, _account(), office_vat)


def _account() -> str:
    """As the system knows it; environment variables could say anything."""
    if sys.platform == "win32":
        return os.getlogin()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container
        return str(os.getuid())
