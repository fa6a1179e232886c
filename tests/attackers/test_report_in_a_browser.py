"""The report, opened in a real browser, with names that try to be HTML: no script of theirs runs, and nothing is asked for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from codalink.sandbox import Company, Journal
from codalink.sandbox.belgium import vat_number
from codalink.sandbox.offices import small_office
from tests import browser as browsers
from tests.attackers.hostile import HostileServer, hostile_server, saying
from tests.integration.terminal import ready_office

MARK = "window.hacked=1;document.title='hacked'"
NAMES = (
    "</script><img src=x onerror={mark}>",
    "<script>{mark}</script>",
    '"><svg onload="{mark}">',
    "'><img src={url}/pixel.png>",
    "<link rel=stylesheet href={url}/x.css>",
    "<meta http-equiv=refresh content='0;url={url}/away'>",
    "<iframe src='javascript:{mark}'></iframe>",
    "<a href='javascript:{mark}' id=klik>klik</a>",
    "<form action={url}/form><input autofocus onfocus={mark}>",
    "--><!-- <style>@import '{url}/y.css';</style>",
    "{{{{7*7}}}}${{7*7}}<%= 7*7 %>",
    "</title></style></textarea><base href={url}/>",
)


@pytest.fixture(scope="module")
def stranger() -> Iterator[HostileServer]:
    with hostile_server(saying(b"")) as server:
        yield server


@pytest.fixture(scope="module")
def page(stranger: HostileServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    if missing := browsers.missing_packages():
        message = f"a browser is missing; on Debian or Ubuntu: apt-get install {' '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    world = small_office(1)
    for number, pattern in enumerate(NAMES):
        name = pattern.format(mark=MARK, url=stranger.url)
        journal = Journal(f"BE68{number:012d}", name=name)
        world.database("klant-001").add_company(
            Company(name, f"BE{vat_number(9_000_000 + number)}", f"BE{world.office_vat}", journals=(journal,))
        )
    folder = tmp_path_factory.mktemp("report")
    with ready_office(world, folder) as office:
        done = office.run("status", "html", "--output", "report.html")
        assert done.exit_code == 0, done
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        patch.setenv("no_proxy", "127.0.0.1,localhost")
        with browsers.browsing(folder / "browser") as browser:
            browser.get(Path(office.folder / "report.html").as_uri())
            yield browser


def test_every_name_is_shown_as_it_is(page: Chrome, stranger: HostileServer) -> None:
    shown = page.find_element(By.TAG_NAME, "body").text

    for pattern in NAMES:
        assert pattern.format(mark=MARK, url=stranger.url)[:40] in shown


def test_no_script_of_theirs_runs(page: Chrome) -> None:
    assert page.execute_script("return window.hacked === undefined")
    assert page.title.startswith("Kantoor")


def test_nothing_of_theirs_is_an_element(page: Chrome) -> None:
    assert page.find_elements(By.CSS_SELECTOR, "img, svg[onload], iframe, base, link, form[action], #klik, meta[http-equiv=refresh]") == []


def test_nothing_is_asked_for(page: Chrome, stranger: HostileServer) -> None:
    assert stranger.requests == []
    assert page.get_log("browser") == []  # type: ignore[no-untyped-call]  # Selenium has left it without
