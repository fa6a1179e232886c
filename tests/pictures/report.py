"""The README's picture of the report: an office of every kind of trouble, as a real browser shows it."""

import tempfile
from pathlib import Path

from codalink.render.report import page
from tests.browser import browsing
from tests.unit.render.reports import FRESHNESS, large_office

_COMPANIES = 40
_WIDTH, _HEIGHT = 1400, 1200


def draw(path: Path) -> None:
    """Write the picture, a PNG, to `path`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shown = folder / "report.html"
        shown.write_text(page(large_office(_COMPANIES), FRESHNESS), encoding="utf-8")
        with browsing(folder, width=_WIDTH, height=_HEIGHT) as browser:
            browser.get(shown.as_uri())
            browser.save_screenshot(str(path))
