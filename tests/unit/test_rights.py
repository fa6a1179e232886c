"""Who else on this computer could change a file."""

import os
from pathlib import Path

import pytest

from codalink.rights import Exposure, exposure

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX")
needs_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
SOMEBODY, SOMEBODY_ELSE, STRANGE_GROUP = 4242, 4243, 4244


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own" / "file"
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o400])
def test_file_that_others_can_read_at_most_is_safe(mode: int, file: Path) -> None:
    file.chmod(mode)

    assert exposure(file) is None


@pytest.mark.parametrize("mode", [0o602, 0o646, 0o666])
def test_file_that_everybody_can_change_is_exposed(mode: int, file: Path) -> None:
    file.chmod(mode)

    assert exposure(file) == Exposure(file, is_foreign=False)


@needs_root
def test_file_that_a_group_can_change_is_exposed(file: Path) -> None:
    os.chown(file, 0, STRANGE_GROUP)
    file.chmod(0o660)

    assert exposure(file) == Exposure(file, is_foreign=False)


@needs_root
def test_group_of_one_user_alone_is_no_others(file: Path) -> None:
    """As with umask 002 on Debian and its like. root's own group is such a one."""
    file.chmod(0o664)
    file.parent.chmod(0o775)

    assert exposure(file) is None


def test_folder_in_which_everybody_can_replace_files_exposes_them(file: Path) -> None:
    file.parent.chmod(0o777)

    assert exposure(file) == Exposure(file.parent, is_foreign=False)


def test_folder_in_which_everybody_can_only_add_files_does_not(file: Path) -> None:
    file.parent.chmod(0o1777)

    assert exposure(file) is None


def test_link_is_as_safe_as_what_it_leads_to(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(file)
    assert exposure(link) is None

    file.parent.chmod(0o777)
    assert exposure(link) == Exposure(file.parent, is_foreign=False)


@needs_root
@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_belongs_to_somebody_else_is_foreign(place: str, file: Path) -> None:
    for path in (file, file.parent):
        os.chown(path, SOMEBODY, SOMEBODY)
    foreign = file if place == "file" else file.parent
    os.chown(foreign, SOMEBODY_ELSE, SOMEBODY)

    assert exposure(file, SOMEBODY) == Exposure(foreign, is_foreign=True)


@needs_root
def test_root_s_files_are_not_foreign(file: Path) -> None:
    assert exposure(file, SOMEBODY) is None


@needs_root
def test_root_may_use_whatever_belongs_to_whomever(file: Path) -> None:
    os.chown(file, SOMEBODY, SOMEBODY)

    assert exposure(file, 0) is None


def test_missing_file_and_pipe_are_not_judged(file: Path) -> None:
    pipe = file.with_name("pipe")
    os.mkfifo(pipe, 0o600)
    pipe.chmod(0o666)

    assert exposure(file.with_name("missing")) is None
    assert exposure(pipe) is None
