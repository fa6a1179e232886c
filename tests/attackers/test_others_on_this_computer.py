"""Others who have a login on this computer: what they can change, plant or read."""

import os
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from codalink.sandbox.offices import small_office
from tests.integration.office import CommandLine
from tests.integration.terminal import ready_office, unwrapped

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows keeps users apart by other means")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandLine]:
    with ready_office(small_office(1), tmp_path / "office") as office:
        (tmp_path / "office").chmod(0o700)
        yield office


# --- what they can change --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("databases",), ("connect-all", "--yes"), ("status", "json")], ids=" ".join)
def test_configuration_that_others_can_change_is_refused_before_anything_is_asked(command: tuple[str, ...], office: CommandLine) -> None:
    office.config.chmod(0o666)
    done = office.run(*command)

    assert done.exit_code == 2, done
    assert f"Other users of this computer can change {office.config}" in unwrapped(done.stderr)
    assert f"chmod go-w '{office.config}'" in unwrapped(done.stderr)
    assert list(office.sandbox.calls) == []


def test_remedy_that_is_told_helps(office: CommandLine) -> None:
    office.config.chmod(0o666)
    command = re.search(r"chmod go-w '[^']+'", unwrapped(office.run("databases").stderr))
    assert command is not None
    assert os.system(command[0]) == 0  # noqa: S605  # as the user would

    assert office.run("databases").exit_code == 0


def test_folder_in_which_others_can_put_another_configuration_is_refused(office: CommandLine) -> None:
    office.folder.chmod(0o777)
    done = office.run("databases")

    assert done.exit_code == 2, done
    assert f"chmod go-w '{office.folder}'" in unwrapped(done.stderr)


@pytest.mark.parametrize("mode", [0o1777, 0o755, 0o700])
def test_folder_in_which_others_can_replace_nothing_is_fine(mode: int, office: CommandLine) -> None:
    office.folder.chmod(mode)

    assert office.run("databases").exit_code == 0


# --- what they can plant ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["state/office-{vat}.lock", "files/.codalink.lock", "state/keys.codalink.lock", "files/index.csv"])
def test_link_in_the_place_of_a_file_of_ours_harms_nothing_of_the_user_s(place: str, office: CommandLine) -> None:
    mine = office.folder / "mine.txt"
    mine.write_text("mine")
    link = office.folder / place.format(vat=office.sandbox.world.office_vat)
    link.parent.mkdir(mode=0o700)
    link.symlink_to(mine)
    key = "url,database,login,key\n" + f"{office.sandbox.url_of('klant-001')},klant-001,me,{'a' * 40}\n"
    (office.folder / "keys.csv").write_text(key)
    for command in (["connect-all", "--yes"], ["keys", "import", "keys.csv", "--yes"], ["retrieve", "--all", "--download", "files"]):
        assert "Traceback" not in office.run(*command).stderr

    assert mine.read_text() == "mine"


def test_pipe_in_the_download_folder_holds_nobody_up(office: CommandLine) -> None:
    (office.folder / "files").mkdir()
    os.mkfifo(office.folder / "files" / "index.csv")
    done = office.run("retrieve", "--all", "--download", "files")

    assert done.exit_code != 0
    assert "is no file" in unwrapped(done.stderr)


PLANTED = ("codalink", "keyring", "httpx", "typer", "sitecustomize", "usercustomize", "json", "codalink_plugin")


@pytest.mark.parametrize("start", ["program", "module"])
def test_modules_in_the_folder_where_somebody_works_are_not_run(start: str, office: CommandLine) -> None:
    """The installed program doesn't look there, and neither does `python -P -m codalink`; plain `python -m` does."""
    for name in PLANTED:
        (office.folder / f"{name}.py").write_text("open('planted', 'w').close(); raise SystemExit(66)\n")
    (office.folder / "evil.pth").write_text("import os; open('planted', 'w').close()\n")
    program = [str(Path(sysconfig.get_path("scripts")) / "codalink")] if start == "program" else ["-P", "-m", "codalink"]
    done = office.run("databases", program=program)

    assert done.exit_code == 0, done
    assert not (office.folder / "planted").exists()


# --- what they can read ----------------------------------------------------------------------------------------------------------------


def test_files_that_codalink_leaves_are_its_user_s_alone(office: CommandLine) -> None:
    """Whatever the umask. Who connected whom, and which customers there are, is nobody else's business."""
    former = os.umask(0)
    try:
        assert office.run("connect-all", "--yes").exit_code == 0
        assert office.run("retrieve", "--all", "--download", "files").exit_code == 0
        assert office.run("status", "csv", "--output", "status.csv").exit_code == 0
    finally:
        os.umask(former)
    made = [
        path for path in [*office.state.rglob("*"), *(office.folder / "files").rglob("*"), office.folder / "status.csv"] if path.is_file()
    ]

    open_to_others = [str(path) for path in made if path.stat().st_mode & 0o077 and path.stat().st_size]
    assert made
    assert open_to_others == []
    assert office.state.stat().st_mode & 0o077 == 0
