"""Who else on this computer could change a file: for files that decide what codalink does. POSIX only; Windows keeps user folders apart."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

_ROOT = 0


@dataclass(frozen=True)
class Exposure:
    """The file or folder through which others can change a file; or `is_foreign`, which belongs to somebody else."""

    path: Path
    is_foreign: bool


def exposure(path: Path, me: int | None = None) -> Exposure | None:
    """How others could change the file at `path`, or put another one in its place; None where they can't, or where there is none.

    Looked at are the file and its folder, and where it is a link, what that leads to as well. Root may do anything anyway, and may use what
    belongs to whomever. `me` is the user's number, this process's where it is None.
    """
    if os.name != "posix" or not path.exists():
        return None
    user = os.geteuid() if me is None else me
    real = Path(os.path.realpath(path))
    places = dict.fromkeys((path.absolute().parent, real.parent, real))
    return next((found for place in places if (found := _of_one(place, user))), None)


def _of_one(place: Path, me: int) -> Exposure | None:
    try:
        status = place.stat()
    except OSError:  # whoever reads it tells better what is wrong
        return None
    is_folder = stat.S_ISDIR(status.st_mode)
    if not is_folder and not stat.S_ISREG(status.st_mode):  # a pipe that the user's shell made
        return None
    if status.st_uid not in {me, _ROOT} and me != _ROOT:
        return Exposure(place, is_foreign=True)
    if is_folder and status.st_mode & stat.S_ISVTX:  # as in /tmp, where everybody may add files, and nobody replace another's
        return None
    if status.st_mode & stat.S_IWOTH or (status.st_mode & stat.S_IWGRP and not _is_private(status.st_gid, me)):
        return Exposure(place, is_foreign=False)
    return None


def _is_private(group: int, me: int) -> bool:
    """Whether nobody else is in the group: many Linux systems give each user one of his own, and let him share files with it."""
    import grp
    import pwd

    try:
        name, members = pwd.getpwuid(me).pw_name, grp.getgrgid(group)
    except KeyError:
        return False
    return members.gr_name == name and set(members.gr_mem) <= {name}
