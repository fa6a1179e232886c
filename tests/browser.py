"""A real browser for tests and pictures: headless Chromium, steered through its own driver, with nothing downloaded and no network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# Program, and the Debian package it comes from; .ci/prepare installs them.
NEEDED = {"chromium": "chromium", "chromedriver": "chromium-driver"}

_SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # which containers don't let it have; it opens our own page only
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def missing_packages() -> list[str]:
    """Return the Debian packages without which no browser can run here; empty when all is there."""
    return [package for program, package in NEEDED.items() if shutil.which(program) is None]


@contextmanager
def browsing(folder: Path, *, width: int = 1400, height: int = 1000) -> Iterator[webdriver.Chrome]:
    """Run a browser with its profile in `folder`; its console is kept for `get_log("browser")`."""
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium")
    for switch in (*_SWITCHES, f"--window-size={width},{height}", f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    environment = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
    service = Service(_program("chromedriver"), env=environment)  # named, so that Selenium looks for none
    browser = webdriver.Chrome(options, service)
    try:
        yield browser
    finally:
        browser.quit()


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None, f"{name} is missing"
    return found
