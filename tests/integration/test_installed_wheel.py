"""What people install is the wheel, not this checkout: it is built, installed and started as theirs would be."""

import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

import codalink
from codalink import shipped

CHECKOUT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# These two are made before `clean_environment`, as all that outlives a test: pip keeps its settings and the proxy.
@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, CHECKOUT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `python` and `codalink` of an environment where only the wheel is installed."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=True)
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    return programs


def python(programs: Path, code: str, elsewhere: Path) -> str:
    """Run code isolated from this checkout: neither the current folder nor PYTHONPATH leads to it."""
    return run(programs / "python", "-I", "-c", code, cwd=elsewhere)


def test_wheel_carries_code_and_every_template_and_nothing_else(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    source = CHECKOUT / "templates"
    templates = {f"codalink/templates/{file.relative_to(source).as_posix()}" for file in source.rglob("*.*")}

    assert templates <= set(names)
    assert {name.partition("/")[0] for name in names} == {"codalink", f"codalink-{codalink.__version__}.dist-info"}


def test_installed_program_tells_its_version(programs: Path, tmp_path: Path) -> None:
    assert codalink.__version__ in run(programs / "codalink", "--version", cwd=tmp_path)


def test_installed_program_helps(programs: Path, tmp_path: Path) -> None:
    assert "connect-all" in run(programs / "codalink", "--help", cwd=tmp_path)


def test_module_is_the_installed_one(programs: Path, tmp_path: Path) -> None:
    found = python(programs, "import codalink; print(codalink.__file__)", tmp_path)
    assert Path(found.strip()).is_relative_to(programs.parent)


def test_template_is_the_same_in_checkout_and_wheel(programs: Path, tmp_path: Path) -> None:
    code = "from codalink import shipped; print(ascii(shipped.template('configuration.toml')))"
    assert python(programs, code, tmp_path).strip() == ascii(shipped.template("configuration.toml"))
