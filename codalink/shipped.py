"""What ships beside the code: the templates, found the same way in a checkout and in an installed wheel."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def template(name: str) -> str:
    """Text of the template `name`, such as `configuration.toml`. Raises FileNotFoundError for a name that doesn't ship."""
    return _templates().joinpath(name).read_text(encoding="utf-8")


def _templates() -> Traversable:
    """The wheel has them inside the package, a checkout beside it."""
    packed = files("codalink").joinpath("templates")
    return packed if packed.is_dir() else Path(__file__).resolve().parent.parent / "templates"
